"""`manage.py check_content`: both formats, the exit status, and no database."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import connections
from pytest_django import Settings

from quizzes.schema import BANK_FOLDER
from tests.course.framework.planting import FRAMEWORK, ROOT, TODAY, Fault, Planter, copy_of
from tests.modules.faults import CONTENT, JOURNEY

KINDS = (
    "highlight",
    "verdict",
    "choice",
    "next_step",
    "sequence",
    "match",
    "triage",
    "dialogue",
    "contrast_pair",
    "refresher",
)
EMPTY_BANK = {
    "bank.yaml": "format: kenali-bank/1\ncomplete: false\n",
    "quizzes.yaml": "format: kenali-quizzes/1\nquizzes: []\n",
}
UNCITED = Fault(
    "uncited-statement", f"{CONTENT}/{JOURNEY}", "## Moving", "Both come", "Many.\n\nBoth come"
)
UNSOURCED = Fault(
    "unknown-source", f"{FRAMEWORK}/indicators.yaml", "key: kind-then", "ray-2016", "ray-2061"
)


@pytest.fixture(autouse=True)
def on_the_day() -> Iterator[None]:
    """The content is fresh on this day, whatever the clock says."""
    with time_machine.travel(TODAY.isoformat(), tick=False):
        yield


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = copy_of(tmp_path_factory.mktemp("content"), FRAMEWORK, CONTENT)
    (target / BANK_FOLDER).mkdir(parents=True)
    for name, text in EMPTY_BANK.items():
        (target / BANK_FOLDER / name).write_text(text, encoding="utf-8")
    return target


@pytest.fixture
def planted(copy: Path, settings: Settings) -> Iterator[list[tuple[Fault, int]]]:
    """Two faults in a copy of the content without items, and the command looking at that copy."""
    planter = Planter(copy)
    settings.BASE_DIR = copy
    yield [(fault, planter.plant(fault)) for fault in (UNSOURCED, UNCITED)]
    for fault in (UNCITED, UNSOURCED):
        planter.mend(fault.file)


def check(*arguments: str) -> tuple[int, str]:
    """Exit status and what was printed. Without the database mark any query would fail the test."""
    out = StringIO()
    try:
        call_command("check_content", *arguments, stdout=out)
    except SystemExit as stopped:
        return int(str(stopped.code)), out.getvalue()
    return 0, out.getvalue()


def test_what_is_right_passes_and_is_summed_up(copy: Path, settings: Settings) -> None:
    settings.BASE_DIR = copy
    status, said = check()
    assert status == 0
    lines = said.rstrip().split("\n")
    assert lines[0].startswith("Lessons: ")
    assert lines[-2].startswith("Items: 0 (0 highlight, ")
    assert lines[-1] == "Nothing to mend."
    assert "20 of 20 tactics" in said


def test_json_has_the_agreed_shape_and_the_shipped_lessons_are_right() -> None:
    status, said = check("--format", "json")
    report: dict[str, Any] = json.loads(said)
    assert set(report) == {"errors", "counts", "coverage"}
    assert status == (1 if report["errors"] else 0)
    # The bank has tests of its own; here its faults are told with the others'.
    assert [one for one in report["errors"] if not one["file"].startswith("quizzes/")] == []
    counts = report["counts"]
    assert set(counts) == {
        "lessons",
        "sources",
        "tactics",
        "indicators",
        "confounders",
        "items_by_kind",
    }
    assert set(counts["items_by_kind"]) >= set(KINDS)
    assert all(type(count) is int for count in counts["items_by_kind"].values())
    assert sum(counts["items_by_kind"].values()) > 0
    assert counts["tactics"] >= 18
    assert counts["indicators"] >= 60
    assert counts["confounders"] >= 20
    assert counts["sources"] >= 60
    assert set(counts["lessons"]) == {"en", "ms"}
    assert min(counts["lessons"].values()) >= 25
    for kind, covered in report["coverage"].items():
        assert covered["taught"] == covered["total"] > 0, kind
        assert covered["missing"] == []


def test_counts_are_those_of_the_files() -> None:
    counts = json.loads(check("--format", "json")[1])["counts"]
    for kind in ("sources", "tactics", "indicators", "confounders"):
        text = (ROOT / FRAMEWORK / f"{kind}.yaml").read_text(encoding="utf-8")
        assert counts[kind] == sum(line.startswith("  - key: ") for line in text.split("\n"))
    for language, number in counts["lessons"].items():
        assert number == len(list((ROOT / CONTENT).glob(f"*/lessons/*.{language}.md")))


def test_faults_are_printed_with_file_line_rule_and_how_to_mend(
    planted: list[tuple[Fault, int]],
) -> None:
    status, said = check()
    assert status == 1
    for fault, line in planted:
        assert f"{fault.file}:{line}: [{fault.rule}] " in said
    assert said.count("\n    mend: ") == len(planted)
    assert said.rstrip().endswith("2 to mend.")


def test_faults_in_json_name_file_line_rule_message_and_fix(
    planted: list[tuple[Fault, int]],
) -> None:
    status, said = check("--format", "json")
    assert status == 1
    errors = json.loads(said)["errors"]
    assert [(one["file"], one["line"], one["rule"]) for one in errors] == [
        (fault.file, line, fault.rule) for fault, line in planted
    ]
    for error in errors:
        assert set(error) == {"file", "line", "rule", "message", "fix"}
        assert error["message"]
        assert error["fix"]


def test_old_records_make_the_check_fail() -> None:
    with time_machine.travel("2029-01-01", tick=False):
        status, said = check()
    assert status == 1
    assert "[over-age-contact]" in said
    assert "[over-age-source]" in said


def test_one_unreadable_file_brings_no_followers(copy: Path, settings: Settings) -> None:
    settings.BASE_DIR = copy
    fault = Fault("yaml-syntax", f"{FRAMEWORK}/tactics.yaml", "tactics:", "stage: ", "stage: [")
    Planter(copy).plant(fault)
    try:
        errors = json.loads(check("--format", "json")[1])["errors"]
    finally:
        Planter(copy).mend(fault.file)
    assert [error["rule"] for error in errors] == ["yaml-syntax"]


def test_faults_of_the_bank_are_told_too(copy: Path, settings: Settings) -> None:
    settings.BASE_DIR = copy
    head = copy / BANK_FOLDER / "bank.yaml"
    right = head.read_text(encoding="utf-8")
    head.write_text(right + "colour: red\n", encoding="utf-8")
    status, said = check("--format", "json")
    head.write_text(right, encoding="utf-8")
    assert status == 1
    assert [(one["file"], one["rule"]) for one in json.loads(said)["errors"]] == [
        ("quizzes/bank/bank.yaml", "unknown-key")
    ]


def test_no_connection_is_opened(
    copy: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object) -> None:
        raise AssertionError("check_content asked for a database")

    for alias in connections:
        monkeypatch.setattr(type(connections[alias]), "connect", refuse)
    settings.BASE_DIR = copy
    assert check()[0] == 0


@pytest.mark.slow
def test_it_runs_on_a_machine_that_never_had_a_database(tmp_path: Path) -> None:
    """As an author runs it; the day is the real one, so only old records may be complained of."""
    done = subprocess.run(
        [sys.executable, "manage.py", "check_content", "--format", "json"],
        cwd=ROOT,
        env={**os.environ, "KENALI_DATA_DIR": str(tmp_path), "KENALI_NO_BOOTSTRAP": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.stderr == ""
    errors = json.loads(done.stdout)["errors"]
    rules = {one["rule"] for one in errors if not one["file"].startswith("quizzes/")}
    assert rules <= {"over-age-contact", "over-age-source", "date-in-future"}
    assert done.returncode == (1 if errors else 0)
    made = [path for path in tmp_path.iterdir() if path.suffix == ".sqlite3"]
    assert all(path.stat().st_size == 0 for path in made)
