"""Reading the bank: every fault of a file is named with its line; nothing passes in silence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from course.framework.problems import Problem
from quizzes import kinds
from quizzes.__main__ import main
from quizzes.schema import Bank, items_by_kind, read_bank
from tests.quizzes.samples import ROOT, bank, framework, raw

HEAD = {"format": "kenali-bank/1", "complete": False, "note": "test"}
LANGUAGES = {
    "en": {"status": "original"},
    "ms": {"status": "draft", "note": "draft, awaiting review by a native speaker"},
}


def write_bank(
    root: Path,
    *items: dict[str, Any],
    quizzes: list[dict[str, Any]] | None = None,
    head: dict[str, Any] | None = None,
    languages: dict[str, Any] | None = None,
) -> tuple[Bank, list[Problem]]:
    """Write a bank with these items into `root`, and read it."""
    folder = root / "quizzes/bank"
    (folder / "items").mkdir(parents=True, exist_ok=True)
    if quizzes is None:
        text = (ROOT / "quizzes/bank/quizzes.yaml").read_text(encoding="utf-8")
        (folder / "quizzes.yaml").write_text(text, encoding="utf-8")
    else:
        save(folder / "quizzes.yaml", {"format": "kenali-quizzes/1", "quizzes": quizzes})
    save(folder / "bank.yaml", head or HEAD)
    entry = {"format": "kenali-items/1", "languages": languages or LANGUAGES, "items": list(items)}
    save(folder / "items/test.yaml", entry)
    return read_bank(root, framework())


def save(path: Path, value: object) -> None:
    path.write_text(yaml.safe_dump(value, allow_unicode=True, sort_keys=False), encoding="utf-8")


def test_the_real_bank_is_read_whole() -> None:
    real, problems = read_bank(ROOT)

    assert problems == []
    assert real.readable
    assert len(real.quizzes) >= 14
    assert min(items_by_kind(real).values()) >= 2
    assert list(items_by_kind(real)) == list(kinds.KINDS)
    assert sum(items_by_kind(real).values()) == len(real.items)


def test_signs_are_placed_when_they_are_read() -> None:
    item = bank().items["guesthouse-cook"]

    assert item.places["debt-keeps-growing"].tactic == "debt-control"
    assert item.places["no-rest-excessive-hours"].stage == "control"


def test_the_kinds_that_other_programs_count_are_there() -> None:
    named = "highlight verdict choice next_step sequence match triage dialogue contrast_pair"

    assert {*named.split(), "refresher", "evidence", "rate_actions"} == set(kinds.KINDS)


DROP = "<drop>"


def change(item: dict[str, Any], way: str, value: object) -> dict[str, Any]:
    """Set (or, for the value DROP, remove) what stands at a dotted way."""
    target: Any = item
    *steps, last = (int(step) if step.isdigit() else step for step in way.split("."))
    for step in steps:
        target = target[step]
    if value == DROP:
        del target[last]
    else:
        target[last] = value
    return item


@pytest.mark.parametrize(
    ("key", "way", "value", "rule", "line_holds"),
    [
        ("guesthouse-cook", "kind", "quiz", "unknown-kind", "- key: guesthouse-cook"),
        ("guesthouse-cook", "colour", "red", "unknown-key", "colour: red"),
        ("guesthouse-cook", "places", {}, "unknown-key", "places"),
        ("guesthouse-cook", "pool", DROP, "missing-key", "- key: guesthouse-cook"),
        ("guesthouse-cook", "key", "Guest House", "wrong-value", "Guest House"),
        ("guesthouse-cook", "sources", [], "wrong-value", "sources: []"),
        ("guesthouse-cook", "person.gender", "unknown", "wrong-value", "gender: unknown"),
        ("guesthouse-cook", "person.job", "spy", "wrong-value", "job: spy"),
        ("guesthouse-cook", "segments.2.indicator", "spying", "unknown-sign", "indicator: spying"),
        # A tactic is not a sign; a look-alike may imitate one.
        ("guesthouse-cook", "segments.2.indicator", "debt-control", "unknown-sign", "indicator:"),
        ("guesthouse-cook", "segments.1.imitates", "spying", "unknown-sign", "imitates: spying"),
        ("guesthouse-cook", "segments.1.lure", "magic", "wrong-value", "lure: magic"),
        ("guesthouse-cook", "segments.2.text.ms", DROP, "wrong-value", "text:"),
        ("guesthouse-cook", "segments.2.feedback.won", "x", "wrong-value", "won: x"),
        ("what-holds-people", "targets.0.tactic", "spying", "unknown-sign", "tactic: spying"),
        ("what-holds-people", "about", {"indicators": ["spying"]}, "unknown-sign", "spying"),
        ("training-bill", "vignette.also", ["spying"], "unknown-sign", "spying"),
        ("six-quiet-minutes", "nodes.0.replies.0.next", "n9", "wrong-value", ""),
        ("cough-and-cousin", "options.0.grade", "great", "wrong-value", "grade: great"),
    ],
)
def test_a_fault_is_named_at_its_line(
    tmp_path: Path, key: str, way: str, value: object, rule: str, line_holds: str
) -> None:
    _, found = write_bank(tmp_path, change(raw(key), way, value))

    assert rule in {problem.rule for problem in found}
    problem = next(problem for problem in found if problem.rule == rule)
    lines = (tmp_path / problem.file).read_text(encoding="utf-8").splitlines()
    assert line_holds in lines[problem.line - 1]
    assert problem.fix


def test_a_fault_of_one_item_leaves_the_others_readable(tmp_path: Path) -> None:
    broken = change(raw("guesthouse-cook"), "pool", DROP)
    found, problems = write_bank(tmp_path, broken, raw("cough-and-cousin"))

    assert list(found.items) == ["cough-and-cousin"]
    assert not found.readable
    assert {problem.rule for problem in problems} == {"missing-key"}


def test_a_key_is_used_once(tmp_path: Path) -> None:
    found, problems = write_bank(tmp_path, raw("guesthouse-cook"), raw("guesthouse-cook"))

    assert [problem.rule for problem in problems] == ["duplicate-entry"]
    assert len(found.items) == 1


def test_heads_are_checked(tmp_path: Path) -> None:
    _, problems = write_bank(tmp_path, raw("guesthouse-cook"), head={"format": "kenali-bank/1"})
    assert [problem.rule for problem in problems] == ["missing-key"]

    (tmp_path / "quizzes/bank/items/test.yaml").write_text("items: []\n", encoding="utf-8")
    (tmp_path / "quizzes/bank/quizzes.yaml").write_text("- a\n", encoding="utf-8")
    _, problems = read_bank(tmp_path, framework())
    assert [problem.rule for problem in problems].count("file-head") == 2


def test_files_that_cannot_be_read_are_problems(tmp_path: Path) -> None:
    found, problems = read_bank(tmp_path, framework())
    assert [problem.rule for problem in problems] == ["missing-file", "missing-file"]
    assert not found.readable

    folder = tmp_path / "quizzes/bank/items"
    folder.mkdir(parents=True)
    (folder / "bad.yaml").write_bytes(b"\xff\xfe\x00")
    (folder / "torn.yaml").write_text("items: [", encoding="utf-8")
    (folder / "no.yaml").write_text("items: &a []\n", encoding="utf-8")
    _, problems = read_bank(tmp_path, framework())
    assert {"not-utf8", "yaml-syntax", "yaml-anchor"} <= {problem.rule for problem in problems}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("kind", "exam"),
        ("attempts", 0),
        ("feedback", "sometimes"),
        ("draws", []),
        ("draws", [{"kind": "riddle", "pools": ["practice"], "take": 1}]),
        ("draws", [{"kind": "verdict", "pools": [], "take": 1}]),
        ("draws", [{"kind": "verdict", "pools": ["practice"], "take": 0}]),
        ("minutes", "ten"),
        ("time_limit", 0),
    ],
)
def test_faults_of_quizzes(tmp_path: Path, name: str, value: object) -> None:
    text = (ROOT / "quizzes/bank/quizzes.yaml").read_text(encoding="utf-8")
    quizzes = yaml.safe_load(text)["quizzes"]
    quizzes[0][name] = value
    found, problems = write_bank(tmp_path, quizzes=quizzes)

    assert {problem.rule for problem in problems} == {"wrong-value"}
    assert {problem.file for problem in problems} == {"quizzes/bank/quizzes.yaml"}
    assert len(found.quizzes) == len(quizzes) - 1


def test_forms_are_what_the_design_says() -> None:
    quizzes = bank().quizzes
    for key in ("final-a", "final-b", "final-c"):
        for stage in ("acquisition", "movement", "control"):
            drawn = {draw.kind: draw.take for draw in quizzes[key].draws if draw.stage == stage}
            assert drawn == {"highlight": 5, "verdict": 10, "next_step": 2}
            balance = quizzes[key].balance[stage]
            assert (balance.signal, balance.noise) == (20, 25)
        assert quizzes[key].feedback == "after-form"
        assert quizzes[key].wait_hours == 24
        assert quizzes[key].attempts is None
    # The pre-test of a form is its first part, and forms share nothing.
    assert quizzes["pre-a"].pools < quizzes["final-a"].pools
    assert quizzes["pre-b"].pools < quizzes["final-b"].pools
    assert not quizzes["final-a"].pools & quizzes["final-b"].pools
    assert not (quizzes["final-a"].pools | quizzes["final-b"].pools) & quizzes["final-c"].pools
    assert quizzes["pre-a"].feedback == "never"
    assert sum(quiz.kind == "module" for quiz in quizzes.values()) == 7
    assert "taster" in quizzes
    assert all(quiz.time_limit is None for quiz in quizzes.values())


def test_eligible_items_have_the_kind_the_pool_and_the_stage() -> None:
    draw = bank().quizzes["practice"].draws[0]
    found = bank().eligible(draw)

    assert found
    assert all(item.kind == draw.kind and item.pool in draw.pools for item in found)
    staged = draw.model_copy(update={"stage": "movement"})
    assert all(item.stage == "movement" for item in bank().eligible(staged))
    assert len(bank().eligible(staged)) < len(found)


def test_authors_can_check_the_bank_without_django(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--only", "no-such-file"]) == 0
    told = capsys.readouterr().out
    assert f"{len(read_bank(ROOT, framework())[0].items)} items (highlight " in told
    assert "0 problem(s)" in told

    assert main(["--balance", "--only", "no-such-file"]) == 0
    assert "  control: " in capsys.readouterr().out


def test_authors_see_faults_and_a_failing_exit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write_bank(tmp_path, change(raw("guesthouse-cook"), "pool", DROP))
    monkeypatch.setattr("quizzes.__main__.ROOT", tmp_path)

    assert main([]) == 1
    assert "[missing-key]" in capsys.readouterr().out
