"""Every lesson rule finds its fault, on its line, and nothing else; without it, it is not found."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest

from course.framework.problems import Problem
from course.framework.schema import LANGUAGES, read_framework
from course.framework.wording import LIMITS, Limits
from modules import lint
from modules.lint import lint_modules, words
from modules.lint.base import Rule, Teaching, blocks_of, shown_by
from modules.lint.coverage import COVERED_KINDS, coverage_of
from modules.reading import FRAMEWORK_FOLDER, MODULES_FOLDER, Course, read_course
from modules.schema import ModuleContent, parse_lesson, read_module
from tests.course.framework.planting import FRAMEWORK, ROOT, TODAY, Fault, Planter, copy_of
from tests.modules.faults import CONTENT, FOUND_BY_READING, FOUND_IN_SHAPE
from tests.modules.faults_in_words import FOUND_IN_WORDS

FOUND_BY_RULES = [*FOUND_IN_SHAPE, *FOUND_IN_WORDS]
ALL_RULES = lint.RULES
FAULTS = [*FOUND_BY_READING, *FOUND_BY_RULES]


@pytest.fixture(scope="module", autouse=True)
def measured_once() -> Iterator[None]:
    """The same thousands of texts are judged in every case; judging is pure."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("readability", "forbidden_in"):
            patch.setattr(words, name, lru_cache(None)(getattr(words, name)))
        yield


@pytest.fixture(scope="module")
def shipped() -> Course:
    return read_course(ROOT, TODAY)


@pytest.fixture(scope="module")
def planter(tmp_path_factory: pytest.TempPathFactory) -> Planter:
    return Planter(copy_of(tmp_path_factory.mktemp("content"), FRAMEWORK, CONTENT))


def read_again(planter: Planter, shipped: Course, file: str) -> tuple[Course, list[Problem]]:
    """The shipped course with the part that holds `file` read from the copy; what reading found."""
    copy = planter.copy
    if file.startswith(FRAMEWORK):
        framework, problems = read_framework(copy / FRAMEWORK_FOLDER, root=copy)
        return dataclasses.replace(shipped, framework=framework), problems
    folder = (copy / file).relative_to(copy / MODULES_FOLDER).parts[0]
    changed, problems = read_module(copy / MODULES_FOLDER / folder, copy)
    modules: list[ModuleContent] = []
    for content in shipped.modules:
        if f"/{folder}/" not in content.file:
            modules.append(content)
        elif changed is not None:
            modules.append(changed)
    return dataclasses.replace(shipped, modules=tuple(modules)), problems


def test_what_is_shipped_is_clean(shipped: Course) -> None:
    assert shipped.problems == ()


@pytest.mark.parametrize("fault", FAULTS, ids=[fault.name for fault in FAULTS])
def test_a_fault_is_found_on_its_line_and_only_by_its_rule(
    planter: Planter, shipped: Course, fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = planter.plant(fault)
    try:
        course, unread = read_again(planter, shipped, fault.file)
    finally:
        planter.mend(fault.file)

    def judged_by(*rules: Rule) -> list[Problem]:
        monkeypatch.setattr(lint, "RULES", rules)
        return lint_modules(course.framework, course.modules, complete=not unread)

    without = judged_by(*(rule for rule in ALL_RULES if rule.__name__ != fault.by))
    only = judged_by(*(rule for rule in ALL_RULES if rule.__name__ == fault.by))
    found = [*unread, *without, *only]
    expected = (fault.file, line, fault.rule)
    assert expected in [(one.file, one.line, one.rule) for one in (only if fault.by else unread)]
    assert expected not in [(one.file, one.line, one.rule) for one in without]
    assert Counter(one.rule for one in found) == Counter([fault.rule, *fault.also])
    assert all(one.message and one.fix for one in found)


def test_every_rule_has_a_planted_fault() -> None:
    """reachable_lessons needs a new file; its fault is planted below."""
    tested = {fault.by for fault in FOUND_BY_RULES} | {"reachable_lessons"}
    assert {rule.__name__ for rule in lint.RULES} == tested


# --- faults of whole files ----------------------------------------------------------------------

LESSONS = f"{CONTENT}/07-care/lessons"


@pytest.fixture
def care(planter: Planter) -> Iterator[Path]:
    """The lessons folder of the last module, put right again afterwards."""
    folder = planter.copy / LESSONS
    yield folder
    for path in folder.iterdir():
        path.unlink()
    for path in (ROOT / LESSONS).iterdir():
        planter.mend(f"{LESSONS}/{path.name}")
    planter.mend(f"{CONTENT}/07-care/module.yaml")


def judged(planter: Planter, shipped: Course) -> list[tuple[str, int, str]]:
    course, unread = read_again(planter, shipped, f"{CONTENT}/07-care/module.yaml")
    found = lint_modules(course.framework, course.modules, complete=not unread)
    return [(Path(one.file).name, one.line, one.rule) for one in [*unread, *found]]


def test_a_lesson_that_is_not_listed_is_told_in_each_language(
    planter: Planter, shipped: Course, care: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for language in ("en", "ms"):
        text = (care / f"03-your-team.{language}.md").read_text(encoding="utf-8")
        text = text.replace("key: your-team", "key: extra", 1)
        (care / f"04-extra.{language}.md").write_text(text, encoding="utf-8")
    assert judged(planter, shipped) == [
        ("04-extra.en.md", 2, "lesson-not-listed"),
        ("04-extra.ms.md", 2, "lesson-not-listed"),
    ]
    others = tuple(rule for rule in lint.RULES if rule.__name__ != "reachable_lessons")
    monkeypatch.setattr(lint, "RULES", others)
    assert judged(planter, shipped) == []


def test_a_file_named_after_another_lesson_is_told(
    planter: Planter, shipped: Course, care: Path
) -> None:
    (care / "03-your-team.en.md").rename(care / "03-our-team.en.md")
    assert judged(planter, shipped) == [("03-our-team.en.md", 2, "file-name")]


def test_a_file_without_a_language_is_told_and_nothing_about_its_absence(
    planter: Planter, shipped: Course, care: Path
) -> None:
    (care / "03-your-team.ms.md").rename(care / "03-your-team.md")
    assert judged(planter, shipped) == [("03-your-team.md", 1, "lesson-name")]


def test_two_files_of_one_lesson_and_language_are_told(
    planter: Planter, shipped: Course, care: Path
) -> None:
    (care / "04-your-team.en.md").write_bytes((care / "03-your-team.en.md").read_bytes())
    assert judged(planter, shipped) == [("04-your-team.en.md", 1, "duplicate-entry")]


def test_a_lesson_in_another_encoding_is_told(
    planter: Planter, shipped: Course, care: Path
) -> None:
    path = care / "03-your-team.en.md"
    path.write_bytes(path.read_text(encoding="utf-8").encode("utf-16"))
    assert judged(planter, shipped) == [("03-your-team.en.md", 1, "not-utf8")]


def test_a_language_may_be_missing_only_when_the_module_says_so(
    planter: Planter, shipped: Course, care: Path
) -> None:
    (care / "03-your-team.ms.md").unlink()
    assert judged(planter, shipped) == [("03-your-team.en.md", 1, "missing-language")]
    module = care.parent / "module.yaml"
    module.write_text(module.read_text(encoding="utf-8") + "missing: [ms]\n", encoding="utf-8")
    assert judged(planter, shipped) == []


def test_a_module_without_its_file_is_told(planter: Planter, shipped: Course, care: Path) -> None:
    (care.parent / "module.yaml").unlink()
    assert judged(planter, shipped) == [("module.yaml", 1, "missing-file")]


# --- limits -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "limits"),
    [("en", Limits(3.0, 99, None)), ("en", Limits(99.0, 99, 10.0)), ("ms", Limits(3.0, 99, None))],
)
def test_a_lesson_that_is_hard_on_the_whole_is_told(
    shipped: Course, monkeypatch: pytest.MonkeyPatch, language: str, limits: Limits
) -> None:
    monkeypatch.setattr(words, "LIMITS", {**LIMITS, language: limits})
    teaching = Teaching(shipped.framework, shipped.modules, complete=True)
    found = {(one.file, one.line, one.rule) for one in words.readable(teaching)}
    hard = [lesson.file for lesson in shipped.lessons() if lesson.language == language]
    assert found == {(file, 1, "hard-to-read") for file in hard}


def test_malay_has_no_lix(shipped: Course) -> None:
    assert LIMITS["ms"].lix is None
    assert LIMITS["en"].lix == 42.0


# --- what is shipped ----------------------------------------------------------------------------

# What the article says that the course grew from; each is taught with how sure we are.
ARTICLE = {
    "three-stages",
    "lure-trust-force",
    "sabah-poverty-promises",
    "vulnerable-groups",
    "online-deception",
    "origin-transit-destination",
    "transit-three-countries",
    "journey-tactics",
    "ninety-six-percent",
    "control-tactics",
    "friends-who-disappear",
    "control-without-restraint",
    "consent-withdrawn-or-never-real",
    "treated-as-immigration-offenders",
    "complicity-and-weak-protection",
    "limited-progress",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_statement_of_the_article_is_shown_with_its_certainty(
    shipped: Course, language: str
) -> None:
    shown = {
        key
        for lesson in shipped.lessons()
        if lesson.language == language
        for block in blocks_of(lesson)
        for kind, key in shown_by(shipped.framework, block)
        if kind == "claims"
    }
    assert set(shipped.framework.claims) >= ARTICLE
    assert shown >= ARTICLE


@pytest.mark.parametrize("language", LANGUAGES)
def test_how_many_lessons_are_shipped(shipped: Course, language: str) -> None:
    assert sum(lesson.language == language for lesson in shipped.lessons()) >= 25


def test_all_of_the_framework_is_taught(shipped: Course) -> None:
    covered = coverage_of(shipped.framework, shipped.modules)
    assert {kind: one.missing for kind, one in covered.items()} == dict.fromkeys(COVERED_KINDS, ())
    assert covered["indicators"].total == covered["indicators"].taught >= 60


def test_nothing_is_covered_by_a_lesson_nobody_can_reach(shipped: Course) -> None:
    none = [dataclasses.replace(one, lessons={}) for one in shipped.modules]
    covered = coverage_of(shipped.framework, none)
    assert all(one.taught == 0 for one in covered.values())


def test_only_what_depends_on_the_day_leaves_a_course_usable() -> None:
    later = read_course(ROOT, TODAY + dt.timedelta(days=800))
    earlier = read_course(ROOT, TODAY - dt.timedelta(days=1))
    assert {one.rule for one in later.problems} == {"over-age-source", "over-age-contact"}
    assert {one.rule for one in earlier.problems} == {"date-in-future"}
    assert later.faults == ()
    assert earlier.faults == ()


def test_the_example_of_the_handbook_is_a_right_lesson(shipped: Course) -> None:
    page = (ROOT / "docs/how-to/write-content.md").read_text(encoding="utf-8")
    text = page.split("```markdown\n", 1)[1].split("\n```\n", 1)[0] + "\n"
    lesson, problems = parse_lesson(text, file="09-new/lessons/01-rest-days.en.md", language="en")
    assert problems == []
    assert lesson is not None
    last = shipped.modules[-1]
    module = last.module.model_copy(
        update={"key": "new", "order": 9, "lessons": ("rest-days",), "missing": ("ms",)}
    )
    new = ModuleContent("09-new/module.yaml", module, last.document, {"rest-days": {"en": lesson}})
    assert lint_modules(shipped.framework, [*shipped.modules, new]) == []
