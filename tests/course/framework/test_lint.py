"""Every framework rule finds its fault, on its line, and nothing else; without it, nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest

from course.framework import lint, schema
from course.framework.lint import entries, lint_framework, texts
from course.framework.problems import Problem
from course.framework.schema import FILES, read_framework
from course.framework.strict_yaml import Document, read_yaml
from tests.course.framework.faults import FOUND_BY_READING, FOUND_BY_RULES
from tests.course.framework.planting import FRAMEWORK, ROOT, TODAY, Fault, Planter, copy_of

FAULTS = [*FOUND_BY_READING, *FOUND_BY_RULES]


@pytest.fixture(scope="module", autouse=True)
def measured_once() -> Iterator[None]:
    """Eight of nine files are the same in every case; reading and judging are pure."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("readability", "forbidden_in"):
            patch.setattr(texts, name, lru_cache(None)(getattr(texts, name)))
        parsed = lru_cache(None)(read_yaml)

        def parsed_once(text: str, *, file: str) -> Document:
            document = parsed(text, file=file)
            return Document(file, document.data, document.lines, list(document.problems))

        patch.setattr(schema, "read_yaml", parsed_once)
        yield


@pytest.fixture(scope="module")
def planter(tmp_path_factory: pytest.TempPathFactory) -> Planter:
    return Planter(copy_of(tmp_path_factory.mktemp("framework"), FRAMEWORK))


def judged(copy: Path, today: dt.date = TODAY) -> list[Problem]:
    framework, problems = read_framework(copy / FRAMEWORK, root=copy)
    return [*problems, *lint_framework(framework, today=today)]


def test_what_is_shipped_is_clean(planter: Planter) -> None:
    assert judged(planter.copy) == []


@pytest.mark.parametrize("fault", FAULTS, ids=[fault.name for fault in FAULTS])
def test_a_fault_is_found_on_its_line_and_only_by_its_rule(
    planter: Planter, fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = planter.plant(fault)
    try:
        framework, unread = read_framework(planter.copy / FRAMEWORK, root=planter.copy)
    finally:
        planter.mend(fault.file)
    found = [*unread, *lint_framework(framework, today=TODAY)]
    assert [(one.file, one.line, one.rule) for one in found] == [(fault.file, line, fault.rule)]
    assert found[0].message
    assert found[0].fix
    if fault.by:
        others = tuple(rule for rule in lint.RULES if rule.__name__ != fault.by)
        monkeypatch.setattr(lint, "RULES", others)
        assert lint_framework(framework, today=TODAY) == []


def test_every_rule_has_a_planted_fault() -> None:
    assert {rule.__name__ for rule in lint.RULES} == {fault.by for fault in FOUND_BY_RULES}


def test_a_missing_file_is_one_fault(planter: Planter) -> None:
    path = planter.copy / FRAMEWORK / "stages.yaml"
    path.unlink()
    try:
        assert [one.rule for one in judged(planter.copy)] == ["missing-file"]
    finally:
        planter.mend(f"{FRAMEWORK}/stages.yaml")


def test_a_file_in_another_encoding_is_one_fault(planter: Planter) -> None:
    path = planter.copy / FRAMEWORK / "stages.yaml"
    path.write_bytes(path.read_text(encoding="utf-8").encode("utf-16"))
    try:
        assert [one.rule for one in judged(planter.copy)] == ["not-utf8"]
    finally:
        planter.mend(f"{FRAMEWORK}/stages.yaml")


def test_a_stage_that_is_taken_away_is_missed() -> None:
    framework, _ = read_framework(ROOT / FRAMEWORK, root=ROOT)
    del framework.stages["movement"]
    found = {one.rule for one in entries.whole(framework, TODAY)}
    assert found == {"stage-missing"}


def test_records_are_due_after_one_and_two_years(planter: Planter) -> None:
    year, two_years = TODAY + dt.timedelta(days=366), TODAY + dt.timedelta(days=731)
    framework, _ = read_framework(planter.copy / FRAMEWORK, root=planter.copy)
    after_one = {one.rule for one in lint_framework(framework, today=year)}
    after_two = [one.rule for one in lint_framework(framework, today=two_years)]
    assert after_one == {"over-age-contact"}
    assert after_two.count("over-age-contact") == len(framework.contacts)
    assert after_two.count("over-age-source") == len(framework.sources)


def test_places_are_known_for_every_entry(planter: Planter) -> None:
    framework, _ = read_framework(planter.copy / FRAMEWORK, root=planter.copy)
    for kind, key, _entry in framework.entries():
        file, line = framework.place(kind, key)
        written = (planter.copy / file).read_text(encoding="utf-8").split("\n")[line - 1]
        assert written.lstrip().startswith("- ")
        assert Path(file).stem == kind
    assert framework.place("tactics", "no-such")[1] == 1
    assert set(framework.documents) == set(FILES)


def test_how_much_is_shipped(planter: Planter) -> None:
    framework, _ = read_framework(planter.copy / FRAMEWORK, root=planter.copy)
    assert len(framework.tactics) >= 18
    assert len(framework.indicators) >= 60
    assert len(framework.confounders) >= 20
    assert len(framework.sources) >= 60
