"""Evidence and the marking of the kinds must agree, or item analysis tells another story."""

import random

import pytest

from quizzes import kinds
from quizzes.item_credit import BY_CHOICE, Row, Sums, credit_of, credit_of_sums, sums_of
from quizzes.kinds import KINDS, Item
from quizzes.services.grading import numbered
from quizzes.simulating import SimulatedLearner
from tests.quizzes.sampled import answer_to, items_of_kind
from tests.quizzes.samples import bank


def rows_of(item: Item, answer: object) -> list[Row]:
    outcome = kinds.score(item, answer)
    return [
        Row(part, one.kind, one.flagged, one.chosen or "", one.credit)
        for part, one in numbered(outcome.trials)
    ]


def answers(item: Item, dice: random.Random) -> list[object]:
    """None, perfect, all wrong, and a few by chance."""
    someone = SimulatedLearner(dice.random(), dice.random(), dice.random(), dice)
    given = [someone.answer(item) for _ in range(6)]
    checked = [kinds.validate(item, one) for one in given]
    return [None, answer_to(item, right=True), answer_to(item, right=False), *checked]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_evidence_is_worth_what_the_answer_was(kind: str) -> None:
    dice = random.Random(7)  # noqa: S311
    items = [one for one in bank().items.values() if one.kind == kind][:25] + items_of_kind(kind)
    assert items
    worth = set()
    for item in items:
        for answer in answers(item, dice):
            expected = kinds.score(item, answer).credit
            assert credit_of(item, rows_of(item, answer)) == pytest.approx(expected), item.key
            worth.add(round(expected, 3))
    assert {0.0, 1.0} <= worth


def test_half_answered_items_are_worth_the_same_too() -> None:
    pair = items_of_kind("contrast_pair")[0]
    triage, match = items_of_kind("triage")[0], items_of_kind("match")[0]
    acting = items_of_kind("rate_actions")[0]
    half = [
        (
            pair,
            {"answers": {pair.vignettes[0].id: {"concern": pair.vignettes[0].kind == "signal"}}},
        ),
        (triage, {"levels": {triage.reports[0].id: triage.reports[0].level}}),
        (match, {"matches": {match.signs[0].id: match.signs[0].target}}),
        (acting, {"ratings": {acting.actions[0].id: acting.actions[0].rating}}),
    ]
    for item, given in half:
        answer = kinds.validate(item, given)
        expected = kinds.score(item, answer).credit
        assert credit_of(item, rows_of(item, answer)) == pytest.approx(expected)


def test_a_conversation_that_was_left_or_went_wrong_first_is_worth_the_same() -> None:
    for item in items_of_kind("dialogue"):
        path = answer_to(item, right=False)["path"]
        for end in range(len(path) + 1):
            answer = kinds.validate(item, {"path": path[:end]})
            expected = kinds.score(item, answer).credit
            assert credit_of(item, rows_of(item, answer)) == pytest.approx(expected)


def test_an_item_of_which_nothing_counts_has_no_credit() -> None:
    assert credit_of_sums("verdict", Sums()) is None
    assert credit_of(items_of_kind("triage")[0], []) is None


def test_counts_hold_every_row() -> None:
    rows = [
        Row("a", "signal", True, "", None),
        Row("b", "noise", True, "", None),
        Row("c", "noise", None, "", None),
        Row("d", "decision", True, "", 1.0),
        Row("e", "decision", False, "", 0.0),
        Row("f", "decision", None, "x", None),  # counts for nobody
    ]
    expected = Sums(1, 1, 2, 1, 1, 2, 1.0, ticked_right=1, missed=1)
    assert sums_of(rows) == expected


def test_kinds_marked_by_what_was_chosen_are_the_known_ones() -> None:
    assert set(KINDS) >= BY_CHOICE
