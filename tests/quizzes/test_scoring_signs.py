"""Kinds that find signs: highlight, verdict, refresher, contrast pair, evidence (design 1, 5)."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from quizzes import kinds
from quizzes.kinds.common import InvalidResponse
from quizzes.kinds.refresher import RefresherItem
from tests.quizzes.samples import item, noise, signal, text, without_id

CONTEXT = {"id": "c1", "kind": "context", "text": text("Context.")}
NEUTRAL = {
    "id": "n1",
    "kind": "neutral",
    "text": text("Neutral."),
    "feedback": {"discuss": text("Talk about it.")},
}


def note(signals: int, noises: int) -> kinds.Item:
    return item(
        "highlight",
        material="note",
        segments=[
            CONTEXT,
            *(signal(f"s{n}") for n in range(1, signals + 1)),
            NEUTRAL,
            *(noise(f"l{n}") for n in range(1, noises + 1)),
        ],
    )


def credit_of(thing: kinds.Item, response: Any) -> float:
    valid = kinds.validate(thing, response)
    assert not isinstance(valid, InvalidResponse)
    return kinds.score(thing, valid).credit


@pytest.mark.parametrize(
    ("signals", "noises", "marked", "credit"),
    [
        (3, 4, [], 0),
        (3, 4, ["s1"], 1 / 3),
        (3, 4, ["s1", "s2", "s3"], 1),
        (3, 4, ["s1", "s2", "s3", "l1"], 2 / 3),  # a false alarm costs what a hit earns
        (3, 4, ["s1", "l1"], 0),
        (3, 4, ["s1", "l1", "l2"], 0),  # never below nothing
        (3, 4, ["s1", "s2", "s3", "l1", "l2", "l3", "l4"], 0),  # marking everything earns nothing
        (4, 3, ["s1", "s2", "s3", "s4", "l1", "l2", "l3"], 1 / 4),
        (0, 6, [], 1),  # no sign: leaving everything is right
        (0, 6, ["l1"], 0),
        (3, 4, ["s1", "c1", "n1"], 1 / 3),  # context and neutral parts are not counted
        (0, 6, ["c1", "n1"], 1),
        (3, 4, ["s3", "s1", "s1", "s2", "s3"], 1),  # order and repetition are no matter
    ],
)
def test_a_highlight_earns_found_minus_false_alarms(
    signals: int, noises: int, marked: list[str], credit: float
) -> None:
    assert credit_of(note(signals, noises), {"marked": marked}) == pytest.approx(credit)


def test_every_scored_segment_is_one_trial_with_its_place() -> None:
    thing = note(2, 2)
    outcome = kinds.score(thing, {"marked": ["s1", "l2"]})

    assert [(trial.part, trial.kind, trial.flagged) for trial in outcome.trials] == [
        ("s1", "signal", True),
        ("s2", "signal", False),
        ("l1", "noise", False),
        ("l2", "noise", True),
    ]
    assert (outcome.trials[0].indicator, outcome.trials[0].tactic, outcome.trials[0].stage) == (
        "debt-keeps-growing",
        "debt-control",
        "control",
    )
    # A look-alike stands where the sign stands that it imitates: that gives false-alarm rates.
    assert (outcome.trials[2].indicator, outcome.trials[2].tactic, outcome.trials[2].stage) == (
        "papers-kept-by-other",
        "document-confiscation",
        "control",
    )
    assert outcome.trials[2].lure == "poverty"
    assert outcome.details["hits"] == 1
    assert outcome.details["false_alarms"] == 1
    assert outcome.details["all_or_nothing"] == 0
    assert outcome.answered


def test_a_highlight_that_was_never_answered_has_trials_without_answers() -> None:
    outcome = kinds.score(note(2, 2), None)

    assert not outcome.answered
    assert outcome.credit == 0
    assert {trial.flagged for trial in outcome.trials} == {None}


def test_an_empty_highlight_answer_is_an_answer() -> None:
    outcome = kinds.score(note(2, 2), {"marked": []})

    assert outcome.answered
    assert {trial.flagged for trial in outcome.trials} == {False}


def test_highlight_feedback_names_found_missed_false_alarm_and_neutral() -> None:
    told = kinds.feedback(note(2, 2), {"marked": ["s1", "l1"]})

    assert [(part.part, part.result) for part in told.parts] == [
        ("s1", "found"),
        ("s2", "missed"),
        ("n1", "discuss"),
        ("l1", "false_alarm"),
        ("l2", "left_alone"),
    ]
    assert (told.signs, told.found, told.missed, told.false_alarms) == (2, 1, 1, 1)
    why = {part.part: part.why for part in told.parts}
    assert why["s1"] == text("hit s1")
    assert why["s2"] == text("miss s2")
    assert why["l1"] == text("ordinary l1")
    assert why["l2"] == text("ordinary l2")
    assert why["n1"] == text("Talk about it.")
    assert {part.sources for part in told.parts} == {("who-2003",)}
    assert [part.indicator for part in told.parts] == ["debt-keeps-growing"] * 2 + [None] * 3


def test_a_part_can_carry_its_own_sources_and_words_for_a_right_no() -> None:
    own = noise("l1", sources=["tip-2018"])
    own["feedback"]["left"] = text("right to leave")
    thing = item("highlight", material="note", segments=[signal("s1"), own])

    left = kinds.feedback(thing, {"marked": []}).parts[1]

    assert left.sources == ("tip-2018",)
    assert left.why == text("right to leave")


def test_unknown_segments_are_refused() -> None:
    assert kinds.validate(note(1, 1), {"marked": ["s9"]}) == InvalidResponse("unknown-part")


def verdict(part: dict[str, Any], kind: str = "verdict") -> kinds.Item:
    return item(kind, vignette=without_id(part))


@pytest.mark.parametrize("kind", ["verdict", "refresher"])
@pytest.mark.parametrize(
    ("part", "concern", "credit", "result"),
    [
        (signal("x"), True, 1, "found"),
        (signal("x"), False, 0, "missed"),
        (noise("x"), True, 0, "false_alarm"),
        (noise("x"), False, 1, "left_alone"),
        (signal("x"), None, 0, "unanswered"),
        (noise("x"), None, 0, "unanswered"),  # a skip is never a right "no"
    ],
)
def test_verdicts(
    kind: str, part: dict[str, Any], concern: bool | None, credit: float, result: str
) -> None:
    thing = verdict(part, kind)
    response = kinds.validate(thing, {"concern": concern, "confidence": 80})
    assert isinstance(response, dict)
    outcome = kinds.score(thing, response)

    assert outcome.credit == credit
    assert [trial.flagged for trial in outcome.trials] == [concern]
    assert outcome.answered is (concern is not None)
    assert outcome.trials[0].confidence == (None if concern is None else 0.8)
    assert kinds.feedback(thing, response).parts[0].result == result


@pytest.mark.parametrize(
    "response",
    [
        {"concern": "yes"},
        {"concern": 1},
        {"concern": True, "confidence": 70},
        {"concern": True, "confidence": 0.8},
        {"concern": True, "confidence": True},
        {"confidence": 80},
        {},
    ],
)
def test_verdicts_know_four_levels_of_confidence(response: object) -> None:
    assert kinds.validate(verdict(signal("x")), response) == InvalidResponse("shape")


def test_a_refresher_belongs_to_the_card_of_its_tactic_and_kind() -> None:
    sign, lure = verdict(signal("x"), "refresher"), verdict(noise("x"), "refresher")
    assert isinstance(sign, RefresherItem)
    assert isinstance(lure, RefresherItem)

    assert sign.card == ("debt-control", "signal")
    assert lure.card == ("document-confiscation", "noise")


PAIR = item("contrast_pair", vignettes=[signal("a"), noise("b")], rule=text("The rule."))


@pytest.mark.parametrize(
    ("a", "b", "credit", "answered"),
    [
        (True, False, 1, True),
        (True, True, 0, True),  # yes to all
        (False, False, 0, True),  # no to all
        (False, True, 0, True),
        (True, None, 0, True),  # half an answer tells nothing apart
        (None, False, 0, True),
        (None, None, 0, False),
    ],
)
def test_a_pair_earns_only_for_telling_the_two_apart(
    a: bool | None, b: bool | None, credit: float, answered: bool
) -> None:
    answers = {"a": {"concern": a}, "b": {"concern": b, "confidence": 95}}
    response = kinds.validate(PAIR, {"answers": answers})
    assert isinstance(response, dict)
    outcome = kinds.score(PAIR, response)

    assert outcome.credit == credit
    assert outcome.answered is answered
    assert [(trial.kind, trial.flagged) for trial in outcome.trials] == [
        ("signal", a),
        ("noise", b),
    ]
    assert outcome.trials[1].confidence == (None if b is None else 0.95)


def test_the_rule_of_a_pair_comes_with_the_feedback() -> None:
    told = kinds.feedback(PAIR, None)

    assert told.rule == text("The rule.")
    assert [part.result for part in told.parts] == ["unanswered", "unanswered"]
    assert (told.signs, told.missed) == (1, 1)


def test_a_half_that_is_left_out_was_not_answered() -> None:
    response = kinds.validate(PAIR, {"answers": {"a": {"concern": True}}})

    assert response == {
        "answers": {
            "a": {"concern": True, "confidence": None},
            "b": {"concern": None, "confidence": None},
        }
    }
    assert kinds.validate(PAIR, {"answers": {"z": {"concern": True}}}) == InvalidResponse(
        "unknown-part"
    )


def evidence(*, is_signal: bool) -> kinds.Item:
    segments = [CONTEXT, noise("l1"), noise("l2"), NEUTRAL]
    if is_signal:
        key = {"kind": "signal", "indicator": "debt-keeps-growing", "why": text("because")}
        segments = [*segments, signal("s1"), signal("s2", "calls-checked")]
    else:
        key = {
            "kind": "noise",
            "imitates": "papers-kept-by-other",
            "lure": "own-choice",
            "why": text("because"),
        }
    return item("evidence", material="note", verdict=key, segments=segments)


@pytest.mark.parametrize(
    ("is_signal", "concern", "cited", "credit"),
    [
        (True, True, ["s1", "s2"], 1),
        (True, True, ["s1"], 1 / 2),
        (True, True, ["s1", "s2", "l1"], 1 / 2),
        (True, True, ["s1", "l1"], 0),
        (True, True, ["l1"], 0),  # a right verdict for a wrong reason is a guess
        (True, True, ["c1"], 0),
        (True, True, ["s1", "s2", "l1", "l2", "n1", "c1"], 0),
        (True, False, [], 0),
        (True, None, [], 0),
        (False, False, [], 1),
        (False, True, ["l1"], 0),
        (False, True, ["c1"], 0),
        (False, None, [], 0),
    ],
)
def test_evidence_earns_for_the_right_verdict_on_the_right_lines(
    is_signal: bool, concern: bool | None, cited: list[str], credit: float
) -> None:
    thing = evidence(is_signal=is_signal)

    assert credit_of(thing, {"concern": concern, "cited": cited}) == pytest.approx(credit)


def test_only_the_verdict_of_evidence_is_a_trial() -> None:
    thing = evidence(is_signal=True)
    response = {"concern": True, "cited": ["s1", "l2"], "confidence": 65}
    trials = kinds.score(thing, response).trials

    assert [(trial.part, trial.kind) for trial in trials] == [
        ("case", "signal"),
        ("l1", "decision"),
        ("l2", "decision"),
        ("s1", "decision"),
        ("s2", "decision"),
    ]
    assert (trials[0].flagged, trials[0].confidence) == (True, 0.65)
    assert (trials[0].indicator, trials[0].tactic) == ("debt-keeps-growing", "debt-control")
    assert [trial.credit for trial in trials[1:]] == [1, 0, 1, 0]
    assert len(kinds.score(thing, {"concern": False, "cited": [], "confidence": None}).trials) == 1


def test_evidence_answers_are_kept_in_one_form() -> None:
    thing = evidence(is_signal=True)

    assert kinds.validate(thing, {"concern": True, "cited": []}) == InvalidResponse("incomplete")
    assert kinds.validate(thing, {"concern": True, "cited": ["q"]}) == InvalidResponse(
        "unknown-part"
    )
    # After "no" there is nothing to cite, and without an answer nothing to be sure of.
    assert kinds.validate(thing, {"concern": False, "cited": ["s1"]}) == {
        "concern": False,
        "cited": [],
        "confidence": None,
    }
    assert kinds.validate(thing, {"concern": None, "cited": ["s1"], "confidence": 80}) == {
        "concern": None,
        "cited": [],
        "confidence": None,
    }


def test_evidence_feedback_begins_with_the_verdict() -> None:
    thing = evidence(is_signal=True)
    told = kinds.feedback(thing, {"concern": True, "cited": ["s1", "l1"], "confidence": None})

    assert [(part.part, part.result) for part in told.parts] == [
        ("case", "right"),
        ("l1", "false_alarm"),
        ("l2", "left_alone"),
        ("n1", "discuss"),
        ("s1", "found"),
        ("s2", "missed"),
    ]
    wrong = kinds.feedback(thing, {"concern": False, "cited": [], "confidence": None})
    assert wrong.parts[0].result == "wrong"
    assert kinds.feedback(thing, None).parts[0].result == "unanswered"


@pytest.mark.parametrize(
    ("kind", "parts"),
    [
        ("highlight", {"material": "note", "segments": [CONTEXT, NEUTRAL]}),  # nothing to judge
        ("highlight", {"material": "note", "segments": [signal("s1"), noise("s1")]}),  # id twice
        ("highlight", {"material": "note", "segments": [signal("s1", lure="love"), noise("l1")]}),
        ("highlight", {"material": "note", "segments": [signal("s1", imitates="x"), noise("l1")]}),
        ("highlight", {"material": "note", "segments": [signal("s1"), noise("l1", lure=None)]}),
        ("highlight", {"material": "note", "segments": [signal("s1"), {**CONTEXT, "also": ["x"]}]}),
        ("highlight", {"material": "novel", "segments": [signal("s1"), noise("l1")]}),
        ("contrast_pair", {"vignettes": [signal("a"), signal("b")], "rule": text("r")}),
        ("contrast_pair", {"vignettes": [signal("a")], "rule": text("r")}),
        ("verdict", {"vignette": without_id(CONTEXT)}),
        (
            "evidence",
            {
                "material": "note",
                "segments": [noise("l1"), noise("l2")],
                "verdict": {"kind": "signal", "indicator": "calls-checked", "why": text("w")},
            },
        ),
        (
            "evidence",
            {
                "material": "note",
                "segments": [noise("l1"), noise("l2")],
                "verdict": {"kind": "noise", "imitates": "calls-checked", "why": text("w")},
            },
        ),
    ],
)
def test_an_item_that_could_not_be_scored_is_not_an_item(kind: str, parts: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        item(kind, **parts)
