"""Kinds that sort: sequence, match, triage (measurement design 6.3, 6.4, 6.5)."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from quizzes import kinds
from quizzes.kinds.common import InvalidResponse
from tests.quizzes.samples import item, text


def sequence(**ranks: int) -> kinds.Item:
    return item(
        "sequence",
        situation=text("s"),
        why=text("because"),
        events=[{"id": name, "text": text(name), "rank": rank} for name, rank in ranks.items()],
    )


ORDER = sequence(a=1, b=2, c=3, d=4)
TIED = sequence(a=1, b=1, c=2)


@pytest.mark.parametrize(
    ("thing", "order", "credit"),
    [
        (ORDER, "abcd", 1),
        (ORDER, "dcba", 0),  # tau is -1: never below nothing
        (ORDER, "bacd", (5 - 1) / 6),
        (ORDER, "badc", (4 - 2) / 6),
        (ORDER, "bcda", (3 - 3) / 6),
        (TIED, "abc", 1),
        (TIED, "bac", 1),  # ties may stand in any order
        (TIED, "acb", (1 - 1) / 2),
        (TIED, "cab", 0),
    ],
)
def test_orders_earn_pairs_in_order_minus_pairs_out_of_order(
    thing: kinds.Item, order: str, credit: float
) -> None:
    outcome = kinds.score(thing, kinds.validate(thing, {"order": list(order)}))  # type: ignore[arg-type]

    assert outcome.credit == pytest.approx(credit)
    assert [trial.kind for trial in outcome.trials] == ["decision"]


@pytest.mark.parametrize(
    ("order", "reason"),
    [
        ("abc", "incomplete"),
        ("abcda", "too-many"),
        ("aabc", "incomplete"),
        ("abcz", "unknown-part"),
        ("", "incomplete"),
    ],
)
def test_every_card_is_placed_once(order: str, reason: Any) -> None:
    assert kinds.validate(ORDER, {"order": list(order)}) == InvalidResponse(reason)


def test_sequence_feedback_says_which_places_are_right() -> None:
    told = kinds.feedback(ORDER, {"order": ["a", "c", "b", "d"]})

    assert [(part.part, part.result) for part in told.parts] == [
        ("a", "right"),
        ("b", "wrong"),
        ("c", "wrong"),
        ("d", "right"),
    ]
    assert told.rule == text("because")
    tied = kinds.feedback(TIED, {"order": ["b", "a", "c"]})
    assert {part.result for part in tied.parts} == {"right"}


def test_cards_are_not_shown_in_the_order_of_the_file() -> None:
    orders = {
        "".join(event["id"] for event in kinds.shown(ORDER, "en", seed=str(seed))["events"])
        for seed in range(40)
    }
    assert len(orders) > 10


def sign(part: str, target: str, indicator: str) -> dict[str, Any]:
    return {
        "id": part,
        "text": text(part),
        "target": target,
        "indicator": indicator,
        "why": text(f"why {part}"),
    }


TARGETS = [
    {"id": "t1", "tactic": "debt-control", "text": text("debt")},
    {"id": "t2", "tactic": "document-confiscation", "text": text("papers")},
    {"id": "t3", "tactic": "earnings-control", "text": text("pay")},
]
SIGNS = [
    sign("a", "t1", "debt-keeps-growing"),
    sign("b", "t1", "debt-keeps-growing"),
    sign("c", "t2", "papers-kept-by-other"),
    sign("d", "t3", "wages-withheld"),
]
MATCH = item("match", targets=TARGETS, signs=SIGNS)


@pytest.mark.parametrize(
    ("matches", "credit", "confusions"),
    [
        ({"a": "t1", "b": "t1", "c": "t2", "d": "t3"}, 1, []),
        (
            {"a": "t1", "b": "t1", "c": "t1", "d": "t1"},
            0.5,
            [["document-confiscation", "debt-control"], ["earnings-control", "debt-control"]],
        ),
        ({"a": "t1", "b": None}, 0.25, []),  # what is not answered is wrong, but mixes nothing up
        ({}, 0, []),
    ],
)
def test_matches_earn_the_share_right_and_say_what_is_mixed_up(
    matches: dict[str, str | None], credit: float, confusions: list[list[str]]
) -> None:
    response = kinds.validate(MATCH, {"matches": matches})
    assert isinstance(response, dict)
    outcome = kinds.score(MATCH, response)

    assert outcome.credit == credit
    assert outcome.details["confusions"] == confusions
    assert outcome.answered is bool(matches)
    assert [trial.indicator for trial in outcome.trials][2:] == [
        "papers-kept-by-other",
        "wages-withheld",
    ]


def test_match_evidence_keeps_the_chosen_tactic() -> None:
    response = kinds.validate(MATCH, {"matches": {"a": "t2", "c": "t2"}})
    assert isinstance(response, dict)
    trials = kinds.score(MATCH, response).trials

    assert [(trial.tactic, trial.chosen, trial.credit) for trial in trials] == [
        ("debt-control", "document-confiscation", 0),
        ("debt-control", None, 0),
        ("document-confiscation", "document-confiscation", 1),
        ("earnings-control", None, 0),
    ]
    told = kinds.feedback(MATCH, response)
    assert [part.result for part in told.parts] == ["wrong", "unanswered", "right", "unanswered"]


@pytest.mark.parametrize("matches", [{"z": "t1"}, {"a": "t9"}, {"a": "b"}])
def test_only_signs_lead_to_targets(matches: dict[str, str]) -> None:
    assert kinds.validate(MATCH, {"matches": matches}) == InvalidResponse("unknown-part")


def triage(*levels: str) -> kinds.Item:
    return item(
        "triage",
        reports=[
            {"id": f"r{n}", "text": text(f"r{n}"), "level": level, "why": text(f"why {n}")}
            for n, level in enumerate(levels)
        ],
    )


# Truth 0, 1, 2, 3, 3. Costs of one answer for all: 0: 2(1 + 4 + 9 + 9) = 46; 1: 1 + 2(1 + 4 + 4)
# = 19; 2: 4 + 1 + 2(1 + 1) = 9; 3: 9 + 4 + 1 = 14. The baseline is 9.
REPORTS = triage("none", "note", "refer", "urgent", "urgent")
NAMES = ("none", "note", "refer", "urgent")


@pytest.mark.parametrize(
    ("answers", "credit", "missed"),
    [
        ([0, 1, 2, 3, 3], 1, 0),
        ([1, 1, 2, 3, 3], 1 - 1 / 9, 0),  # one too high costs 1
        ([0, 0, 2, 3, 3], 1 - 2 / 9, 0),  # one too low costs 2
        ([0, 1, 2, 3, 2], 1 - 2 / 9, 0),  # urgent as refer is low, and not yet missed
        ([0, 1, 2, 3, 1], 1 - 8 / 9, 1),
        ([0, 1, 2, 0, 0], 0, 2),
        ([2, 2, 2, 2, 2], 0, 0),  # the best single answer for all earns nothing
        ([3, 3, 3, 3, 3], 0, 0),  # everything is urgent: nothing
        ([0, 0, 0, 0, 0], 0, 2),
        ([None, 1, 2, 3, 3], 1 - 9 / 9, 0),  # no level costs the worst: 0 as 3
        ([0, 1, 2, 3, None], 0, 1),  # 3 as 0 costs 18, and it is a missed urgent report
        ([None] * 5, 0, 2),
    ],
)
def test_triage_costs_double_when_too_low(
    answers: list[int | None], credit: float, missed: int
) -> None:
    levels = {f"r{n}": None if a is None else NAMES[a] for n, a in enumerate(answers)}
    response = kinds.validate(REPORTS, {"levels": levels})
    assert isinstance(response, dict)
    outcome = kinds.score(REPORTS, response)

    assert outcome.credit == pytest.approx(credit)
    assert outcome.details["missed_urgent"] == missed
    assert outcome.details["urgent"] == 2
    assert outcome.answered is any(answer is not None for answer in answers)


def test_triage_feedback_begins_with_the_urgent_reports() -> None:
    levels = {"r0": "note", "r1": "note", "r2": "note", "r3": "refer", "r4": None}
    told = kinds.feedback(REPORTS, {"levels": levels})

    assert [(part.part, part.result) for part in told.parts] == [
        ("r3", "missed"),
        ("r4", "unanswered"),
        ("r2", "missed"),
        ("r1", "right"),
        ("r0", "false_alarm"),
    ]


@pytest.mark.parametrize("level", [2, "high", "", True])
def test_levels_are_the_four_words(level: object) -> None:
    assert kinds.validate(REPORTS, {"levels": {"r0": level}}) == InvalidResponse("shape")


@pytest.mark.parametrize("kind", ["sequence", "match", "triage"])
def test_what_was_never_answered_earns_nothing(kind: str) -> None:
    thing = {"sequence": ORDER, "match": MATCH, "triage": REPORTS}[kind]
    outcome = kinds.score(thing, None)

    assert (outcome.credit, outcome.answered) == (0, False)
    assert {part.result for part in kinds.feedback(thing, None).parts} == {"unanswered"}


def test_items_without_an_order_or_a_target_are_refused() -> None:
    with pytest.raises(ValidationError, match="at least two ranks"):
        sequence(a=1, b=1, c=1)
    with pytest.raises(ValidationError, match="at least two levels"):
        triage("note", "note", "note")
    with pytest.raises(ValidationError, match="does not exist"):
        item("match", targets=TARGETS, signs=[*SIGNS, sign("e", "t7", "calls-checked")])
