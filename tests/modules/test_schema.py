"""Module and lesson files become typed documents, or say on which line they cannot."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from modules.schema import LessonText, parse_lesson, read_modules

HEAD = """---
key: rest-days
title: Days off
minutes: 5
summary: One plain sentence.
content_note: none
tactics: []
indicators:
  - no-rest
  - no-pay
confounders: []
responses: [talk]
translation: original
---
"""
MODULE = """format: kenali-module/1
key: control
order: 4
stage: null
title: {en: Control, ms: Kawalan}
summary: {en: One., ms: Satu.}
outcomes: {en: [One], ms: [Satu]}
lessons: [rest-days]
"""


def read(text: str) -> LessonText:
    lesson, problems = parse_lesson(text, file="f.md", language="en")
    assert problems == []
    assert lesson is not None
    return lesson


def test_a_lesson_knows_the_lines_of_its_front_matter_and_body() -> None:
    lesson = read(HEAD + "\n## First\n\nText. [@a-1]\n")
    assert lesson.front.indicators == ("no-rest", "no-pay")
    assert lesson.line_of("key") == 2
    assert lesson.line_of("indicators", 1) == 10
    assert lesson.line_of("responses", 0) == 12
    (step,) = lesson.steps
    assert (step.title, step.line) == ("First", 16)


def test_what_was_read_cannot_be_changed() -> None:
    lesson = read(HEAD)
    with pytest.raises(ValidationError):
        lesson.front.minutes = 9  # type: ignore[misc]


@pytest.mark.parametrize(
    ("old", "new", "line", "rule"),
    [
        ("---\nkey", "key", 1, "front-matter"),
        ("translation: original\n---\n", "translation: original\n", 1, "front-matter"),
        ("minutes: 5", "minutes: 4", 4, "wrong-value"),
        ("minutes: 5", 'minutes: "5"', 4, "wrong-value"),
        ("minutes: 5", "minutes: five", 4, "wrong-value"),
        ("key: rest-days", "key: Rest Days", 2, "wrong-value"),
        ("summary: One plain sentence.", "summary:", 5, "wrong-value"),
        ("tactics: []", "tactics: none", 7, "wrong-value"),
        ("  - no-pay", "  - No pay", 10, "wrong-value"),
        ("translation: original", "translation: reviewed", 13, "wrong-value"),
        ("responses:", "respones:", 12, "unknown-key"),
        ("title: Days off", "title: Days: off", 3, "yaml-syntax"),
        ("title: Days off", "title: Days\ntitle: off", 4, "yaml-duplicate-key"),
    ],
)
def test_front_matter_that_cannot_be_used(old: str, new: str, line: int, rule: str) -> None:
    assert old in HEAD
    lesson, problems = parse_lesson(HEAD.replace(old, new, 1), file="f.md", language="en")
    assert lesson is None
    assert (line, rule) in [(problem.line, problem.rule) for problem in problems]


def test_a_wrong_body_is_told_with_a_wrong_head() -> None:
    text = HEAD.replace("minutes: 5", "minutes: 50") + "Text.\n"
    lesson, problems = parse_lesson(text, file="f.md", language="en")
    assert lesson is None
    assert [problem.rule for problem in problems] == ["wrong-value", "before-first-step"]


@settings(derandomize=True, max_examples=200, deadline=None)
@given(st.text(max_size=80), st.text(alphabet="-:\n #a[]{}&*", max_size=60))
def test_no_text_makes_it_raise(head: str, body: str) -> None:
    for text in (head + body, f"---\n{head}\n---\n{body}", HEAD + body):
        lesson, problems = parse_lesson(text, file="f.md", language="en")
        assert lesson is not None or problems


@pytest.fixture
def content(tmp_path: Path) -> Path:
    folder = tmp_path / "content" / "04-control" / "lessons"
    folder.mkdir(parents=True)
    (folder.parent / "module.yaml").write_text(MODULE)
    (folder / "01-rest-days.en.md").write_text(HEAD)
    (folder / "01-rest-days.ms.md").write_text(HEAD)
    return tmp_path / "content"


def test_modules_come_in_their_declared_order_with_their_lessons(content: Path) -> None:
    first = content / "09-first"
    first.mkdir()
    (first / "module.yaml").write_text(
        MODULE.replace("key: control", "key: first").replace("order: 4", "order: 1")
    )
    modules, problems = read_modules(content, root=content.parent)
    assert problems == []
    assert [one.module.key for one in modules] == ["first", "control"]
    assert set(modules[1].lessons["rest-days"]) == {"en", "ms"}
    assert modules[1].file == "content/04-control/module.yaml"
    assert modules[1].line_of("lessons") == 8
    assert [text.language for text in modules[1].reachable()] == ["en", "ms"]


def test_a_lesson_that_is_not_listed_is_read_but_not_reachable(content: Path) -> None:
    path = content / "04-control" / "module.yaml"
    path.write_text(MODULE.replace("[rest-days]", "[other]"))
    modules, problems = read_modules(content, root=content.parent)
    assert problems == []
    assert list(modules[0].reachable()) == []
    assert len(list(modules[0].versions())) == 2


def test_a_missing_folder_is_a_problem_and_no_error(tmp_path: Path) -> None:
    modules, problems = read_modules(tmp_path / "content", root=tmp_path)
    assert modules == []
    assert [(one.file, one.rule) for one in problems] == [("content", "missing-file")]


@pytest.mark.parametrize(
    ("old", "new", "line", "rule"),
    [
        ("module/1", "module/9", 1, "wrong-value"),
        ("order: 4", "order: 0", 3, "wrong-value"),
        ("order: 4", "order: 4.5", 3, "wrong-value"),
        ("stage: null\n", "", 1, "missing-key"),
        ("lessons: [rest-days]", "lessons: []", 8, "wrong-value"),
        ("ms: Kawalan", "fr: Contrôle", 5, "wrong-value"),
        ("lessons:", "more: 1\nlessons:", 8, "unknown-key"),
    ],
)
def test_a_module_file_that_cannot_be_used(
    content: Path, old: str, new: str, line: int, rule: str
) -> None:
    assert old in MODULE
    path = content / "04-control" / "module.yaml"
    path.write_text(MODULE.replace(old, new, 1), encoding="utf-8")
    modules, problems = read_modules(content, root=content.parent)
    assert modules == []
    assert [(one.line, one.rule) for one in problems] == [(line, rule)]
