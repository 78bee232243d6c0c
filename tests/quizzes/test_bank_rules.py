"""Planted faults: every rule of the bank is seen to speak, and the real bank keeps them all."""

from __future__ import annotations

import datetime as dt
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from quizzes.lint import RULES, cues, forms, harm, lint_bank, parts, references, texts
from quizzes.schema import read_bank
from tests.quizzes.samples import ROOT, framework, raw
from tests.quizzes.test_bank_reading import DROP, LANGUAGES, change, write_bank

TODAY = dt.date(2027, 1, 15)
Change = Callable[[dict[str, Any]], None]


def test_the_samples_and_all_items_keep_every_rule() -> None:
    found, unread = read_bank(ROOT, framework())

    assert [
        str(problem) for problem in (*unread, *lint_bank(found, framework(), today=TODAY))
    ] == []


def both(en: str, ms: str | None = None) -> dict[str, str]:
    return {"en": en, "ms": ms or f"{en} pula"}


LONG = " ".join(["word"] * 23)
PANEL = {"judges": 9, "held_on": "2027-01-02", "votes": {}}
OTHER_SCENE = both(
    "Quite another woman sells cakes near a bridge. Every night her sons count all the money with "
    "her. They laugh, and the youngest one falls asleep on the sacks of flour before his soup is "
    "ready to eat."
)
# (sample, way, value, rule that must speak). DROP removes.
FAULTS: list[tuple[str, str, object, str]] = [
    ("guesthouse-cook", "sources", ["nobody-2020"], "unknown-source"),
    ("guesthouse-cook", "segments.1.sources", ["nobody-2020"], "unknown-source"),
    ("guesthouse-cook", "segments.7.confounder", "no-such-myth", "unknown-key-used"),
    ("never-left-the-country", "about", {"confounders": ["no-myth"]}, "unknown-key-used"),
    ("cough-and-cousin", "about", {"responses": ["no-response"]}, "unknown-key-used"),
    ("guesthouse-cook", "stage", "later", "unknown-key-used"),
    ("guesthouse-cook", "stage", "movement", "stage-mismatch"),
    ("guesthouse-cook", "segments.1.imitates", "moved-often", "stage-mismatch"),
    ("guesthouse-cook", "pool", "final-z", "unknown-pool"),
    ("guesthouse-cook", "pool", "refresher", "unknown-pool"),
    ("card-in-his-bag", "pool", "practice", "unknown-pool"),
    ("guesthouse-cook", "key", "signal-of-debt", "telling-key"),
    ("guesthouse-cook", "person", DROP, "no-person"),
    ("guesthouse-cook", "person.age", "unclear", "unclear-age"),
    ("what-holds-people", "signs.0.target", "t2", "wrong-tactic"),
    ("what-holds-people", "targets.4", DROP, "no-spare-target"),
    ("guesthouse-cook", "segments.2.feedback.miss", DROP, "missing-feedback"),
    ("guesthouse-cook", "segments.1.feedback", {}, "missing-feedback"),
    (
        "guesthouse-cook",
        "segments.0.feedback",
        {"hit": both("Found it here.")},
        "feedback-for-nothing",
    ),
    (
        "upstairs-at-the-spa",
        "vignette.feedback.hit",
        both("Found it here."),
        "feedback-for-nothing",
    ),
    ("guesthouse-cook", "segments.8", DROP, "ok"),
    ("guesthouse-cook", "segments.1", DROP, "ok"),
    ("vaccination-day", "segments.1", DROP, "part-count"),
    ("never-left-the-country", "options.2", DROP, "part-count"),
    ("when-a-debt-holds", "options.3", DROP, "part-count"),
    ("cough-and-cousin", "options.3", DROP, "part-count"),
    ("cough-and-cousin", "options.1.grade", "poor", "part-count"),
    ("not-the-police-today", "actions.4", DROP, "ok"),
    ("six-notes-on-monday", "reports.5", DROP, "part-count"),
    ("six-notes-on-monday", "reports.1.level", "urgent", "part-count"),
    ("what-holds-people", "signs.5", DROP, "part-count"),
    ("six-quiet-minutes", "nodes.0.replies.1", DROP, "part-count"),
    ("cough-and-cousin", "panel", {**PANEL, "judges": 4}, "panel"),
    ("guesthouse-cook", "panel", PANEL, "panel"),
    ("training-bill", "panel", {**PANEL, "votes": {"case": 5}}, "panel"),
    ("training-bill", "panel", {**PANEL, "votes": {"case": 8}}, "ok"),
    ("training-bill", "panel", {**PANEL, "held_on": "2027-05-01", "votes": {"case": 8}}, "panel"),
    ("upstairs-at-the-spa", "panel", {**PANEL, "votes": {"case": 8}}, "panel"),
    ("upstairs-at-the-spa", "panel", {**PANEL, "votes": {"case": 1}}, "ok"),
    ("cough-and-cousin", "panel", {**PANEL, "votes": {"a": 2, "b": 0, "c": 6, "d": 1}}, "panel"),
    ("cough-and-cousin", "panel", {**PANEL, "votes": {"a": 5, "b": 0, "c": 3, "d": 1}}, "panel"),
    ("cough-and-cousin", "panel", {**PANEL, "votes": {"a": 7, "b": 0, "c": 1, "d": 1}}, "ok"),
    ("not-the-police-today", "panel", {**PANEL, "votes": {"a": [5, 5]}}, "panel"),
    ("guesthouse-cook", "segments.3.text", both("Too short."), "word-limit"),
    ("guesthouse-cook", "segments.3.feedback.false_alarm", both(f"{LONG}. {LONG}."), "word-limit"),
    ("cough-and-cousin", "options.0.text", both(" ".join(["tea"] * 16)), "word-limit"),
    ("training-bill", "vignette.text", both("She wants to stop."), "word-limit"),
    ("guesthouse-cook", "segments.3.text", both(f"He has {LONG}."), "long-sentence"),
    (
        "cough-and-cousin",
        "options.0.why",
        both("Her bogel body was seen by all."),
        "forbidden-wording",
    ),
    (
        "guesthouse-cook",
        "segments.3.text",
        both("He gave us the number 012-345 6789 to call."),
        "contact-in-text",
    ),
    (
        "guesthouse-cook",
        "segments.3.text",
        both("He found the job on cooks.com in the month of May."),
        "contact-in-text",
    ),
    (
        "guesthouse-cook",
        "segments.3.text",
        both("He writes to us from azlan@mail.example every single day."),
        "contact-in-text",
    ),
    ("cough-and-cousin", "options.0.why", both("Call 999 or 15999 and ask for a nurse."), "ok"),
    (
        "guesthouse-cook",
        "segments.3.text.ms",
        "Dia berkongsi bilik kecil dengan 2 sepupu, dan mereka bayar sewa.",
        "numbers-differ",
    ),
    (
        "guesthouse-cook",
        "segments.3.text.ms",
        "He shares a small room with two cousins, and they split the rent.",
        "not-translated",
    ),
    (
        "guesthouse-cook",
        "segments.2.feedback.miss.ms",
        "Kadnya disimpan pengurus.",
        "uneven-languages",
    ),
    ("cousin-hotel-chat", "segments.1.speaker", DROP, "speaker"),
    ("guesthouse-cook", "segments.1.speaker", "Dan", "speaker"),
    ("cough-and-cousin", "options.0.text", both("Offer tea."), "option-length"),
    (
        "six-quiet-minutes",
        "nodes.0.replies.0.text",
        both('"Yes." Then say nothing and look at his hand for a long time.'),
        "option-length",
    ),
    (
        "never-left-the-country",
        "options.2.text",
        both("Both of these are right, and it is hard to say."),
        "catch-all-option",
    ),
    (
        "never-left-the-country",
        "options.2.text",
        both("It is always smuggling when somebody arranged a journey for him."),
        "absolute-word",
    ),
    (
        "never-left-the-country",
        "question",
        both("Which of these is not right about the journey of Rosli?"),
        "negative-question",
    ),
    (
        "never-left-the-country",
        "question",
        both("Which of these is NOT right about Rosli?", "Manakah TIDAK betul tentang Rosli?"),
        "ok",
    ),
    ("locked-cupboard", "vignettes.0.text", OTHER_SCENE, "pair-differs"),
    ("factory-or-farm-1", "twin", "nobody", "twin"),
    ("factory-or-farm-1", "twin", "upstairs-at-the-spa", "twin"),
]


@pytest.mark.parametrize(
    ("key", "way", "value", "rule"),
    FAULTS,
    ids=[f"{number}-{rule}-{way}" for number, (_, way, _, rule) in enumerate(FAULTS)],
)
def test_a_planted_fault_is_found(
    tmp_path: Path, key: str, way: str, value: object, rule: str
) -> None:
    companions = {"factory-or-farm-1": "factory-or-farm-2"}
    clean = [raw(name) for name in (key, companions.get(key)) if name]
    bank, unread = write_bank(tmp_path, *clean)
    assert unread == []
    assert lint_bank(bank, framework(), today=TODAY) == []

    clean[0] = change(clean[0], way, value)
    bank, unread = write_bank(tmp_path, *clean)
    assert unread == []
    found = lint_bank(bank, framework(), today=TODAY)

    assert rule in ({problem.rule for problem in found} or {"ok"})
    for problem in found:
        assert problem.file == "quizzes/bank/items/test.yaml"
        assert problem.line > 1
        assert problem.fix


def test_a_weak_sign_needs_company(tmp_path: Path) -> None:
    alone = raw("training-bill")
    alone["vignette"]["indicator"] = "lives-where-works"
    alone["vignette"]["also"] = []
    assert rules_of(tmp_path, alone) == {"weak-alone"}

    alone["vignette"]["also"] = ["cannot-leave-until-paid"]
    assert rules_of(tmp_path, alone) == set()

    chat = raw("cousin-hotel-chat")
    assert rules_of(tmp_path, chat) == set()  # two weak signs beside a medium one
    chat["segments"][7]["indicator"] = "offer-vague-high-pay"
    assert rules_of(tmp_path, chat) == {"weak-alone"}


def test_an_unreachable_moment_is_found(tmp_path: Path) -> None:
    talk = raw("six-quiet-minutes")
    for reply in talk["nodes"][1]["replies"]:
        if "next" in reply:
            reply["next"] = "n4"

    assert rules_of(tmp_path, talk) == {"unreachable"}


def test_a_text_is_told_once(tmp_path: Path) -> None:
    first, second = raw("guesthouse-cook"), raw("guesthouse-cook")
    second["key"] = "other-house"

    assert rules_of(tmp_path, first, second) == {"told-twice"}


def test_long_sentences_on_average_are_found(tmp_path: Path) -> None:
    item = raw("never-left-the-country")
    for option in item["options"]:
        option["why"] = both(" ".join(["word"] * 18) + ".", " ".join(["kata"] * 18) + ".")

    assert rules_of(tmp_path, item) == {"long-sentences"}


def test_a_translation_is_honest_about_its_state(tmp_path: Path) -> None:
    for status, right in (
        ({"status": "draft", "note": "draft, awaiting review by a native speaker"}, True),
        ({"status": "draft", "note": ""}, False),
        ({"status": "reviewed"}, False),
        ({"status": "reviewed", "reviewed_by": "N. N.", "reviewed_on": "2027-01-02"}, True),
        ({"status": "reviewed", "reviewed_by": "N. N.", "reviewed_on": "2028-01-02"}, False),
    ):
        bank, _ = write_bank(
            tmp_path, raw("guesthouse-cook"), languages={**LANGUAGES, "ms": status}
        )
        found = {problem.rule for problem in lint_bank(bank, framework(), today=TODAY)}
        assert found == (set() if right else {"language-status"})


def test_the_right_option_is_not_the_longest_too_often(tmp_path: Path) -> None:
    questions = []
    for number in range(8):
        question = raw("never-left-the-country")
        question["key"] = f"question-{number}"
        question["situation"] = both(f"Case {number}.")
        del question["situation"]
        for option in question["options"]:
            words = f"one two three four number {number} {option['id']}"
            option["text"] = both(words + (" longer" if option["right"] else ""))
        question["question"] = both(f"Which one is it now, number {number}?")
        questions.append(question)
    assert "right-is-longest" in rules_of(tmp_path, *questions)
    assert "right-is-longest" not in rules_of(tmp_path, *questions[:7])  # too few to say

    for question in questions[:4]:
        question["options"][0]["text"] = both(question["options"][0]["text"]["en"][:-7])
    assert "right-is-longest" not in rules_of(tmp_path, *questions)


def test_stages_of_quizzes_exist(tmp_path: Path) -> None:
    bank, _ = write_bank(tmp_path)
    quiz = bank.quizzes["pre-a"]
    draws = (quiz.draws[0].model_copy(update={"stage": "later"}), *quiz.draws[1:])
    bank.quizzes["pre-a"] = quiz.model_copy(update={"draws": draws})

    found = lint_bank(bank, framework(), today=TODAY)
    assert {problem.rule for problem in found} == {"unknown-key-used"}
    assert {problem.file for problem in found} == {"quizzes/bank/quizzes.yaml"}


@pytest.mark.parametrize(
    ("key", "change"),
    [
        ("refresher", {"take": 7}),
        ("refresher", {"kind": "verdict", "pools": ("practice",)}),
        ("check-up", {"take": 2}),
        ("check-up", {"kind": "highlight"}),
    ],
)
def test_what_the_schedule_begins_is_short(
    tmp_path: Path, key: str, change: dict[str, Any]
) -> None:
    bank, _ = write_bank(tmp_path)
    quiz = bank.quizzes[key]
    draws = (quiz.draws[0].model_copy(update=change), *quiz.draws[1:])
    bank.quizzes[key] = quiz.model_copy(update={"draws": draws})

    found = lint_bank(bank, framework(), today=TODAY)
    assert {problem.rule for problem in found} == {"scheduled-draw"}


def test_problems_stand_at_the_very_line(tmp_path: Path) -> None:
    item = raw("guesthouse-cook")
    item["segments"][4]["sources"] = ["who-2003", "nobody-2020"]
    bank, _ = write_bank(tmp_path, item)
    (problem,) = lint_bank(bank, framework(), today=TODAY)

    lines = (tmp_path / problem.file).read_text(encoding="utf-8").splitlines()
    assert lines[problem.line - 1].strip() == "- nobody-2020"


def rules_of(tmp_path: Path, *items: dict[str, Any]) -> set[str]:
    bank, unread = write_bank(tmp_path, *items)
    assert unread == []
    return {problem.rule for problem in lint_bank(bank, framework(), today=TODAY)}


def test_every_rule_that_is_written_is_applied_once() -> None:
    written = {
        thing
        for module in (cues, forms, harm, parts, references, texts)
        for name, thing in inspect.getmembers(module, inspect.isfunction)
        if thing.__module__ == module.__name__
        and not name.startswith("_")
        and inspect.get_annotations(thing) == {"context": "Context", "return": "Found"}
    }

    assert len(written) > 30
    assert set(RULES) == written
    assert len(RULES) == len(written)
    assert all(rule.__doc__ for rule in RULES)
