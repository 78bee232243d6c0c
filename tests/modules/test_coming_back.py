"""What comes back and when: cards, sessions, items, check-ups. No database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from modules.coming_back import (
    CHECK_UP_DAYS,
    MOST_ITEMS,
    Card,
    Case,
    check_up_due,
    choose_cards,
    choose_cases,
    choose_item,
    due_after,
    due_tactics,
    living_cards,
    minutes_for,
    next_check_up,
    rate,
    slot_at,
)
from quizzes.measures.schedule import PastReview

AT = datetime(2027, 3, 1, 9, tzinfo=UTC)
DAY = timedelta(days=1)
MODEL = [("acquisition", ["lure"]), ("control", ["debt", "papers"])]


def cards(*wanted: tuple[str, str, float]) -> list[Card]:
    """Cards that are due so many days from now."""
    return [Card(tactic, kind, AT + days * DAY) for tactic, kind, days in wanted]


def test_a_stage_comes_alive_two_days_after_its_module() -> None:
    found = living_cards(MODEL, {"control": AT}, {})
    assert [(card.tactic, card.kind) for card in found] == [
        ("debt", "signal"),
        ("debt", "noise"),
        ("papers", "signal"),
        ("papers", "noise"),
    ]
    assert {card.due_at for card in found} == {AT + 2 * DAY}


def test_a_reviewed_card_is_due_when_the_schedule_says_even_without_a_completion() -> None:
    found = living_cards(MODEL, {}, {("debt", "noise"): AT + 11 * DAY})
    assert found == [Card("debt", "noise", AT + 11 * DAY)]


def test_a_tactic_is_due_once_though_both_its_cards_are() -> None:
    both = cards(("debt", "signal", -1), ("debt", "noise", 0), ("papers", "signal", 1))
    assert due_tactics(both, AT) == {"debt"}


def test_a_session_is_short_mixed_and_takes_the_longest_due_first() -> None:
    many = cards(*((f"t{n}", kind, -n) for n in range(1, 9) for kind in ("signal", "noise")))
    chosen = choose_cards(many, AT)
    assert len(chosen) == MOST_ITEMS
    assert [card.kind for card in chosen].count("signal") == 3
    assert {card.tactic for card in chosen} == {"t8", "t7", "t6"}
    assert minutes_for(len(chosen)) <= 5


def test_when_only_signs_are_due_a_look_alike_comes_along_early() -> None:
    waiting = cards(("a", "signal", -3), ("b", "signal", -1), ("a", "noise", 9), ("b", "noise", 5))
    chosen = choose_cards(waiting, AT)
    assert [(card.tactic, card.kind) for card in chosen] == [
        ("a", "signal"),
        ("b", "noise"),
        ("b", "signal"),
    ]


def test_even_six_signs_leave_room_for_one_look_alike() -> None:
    waiting = cards(*((f"t{n}", "signal", -n) for n in range(1, 9)), ("t1", "noise", 30))
    kinds = [card.kind for card in choose_cards(waiting, AT)]
    assert len(kinds) == MOST_ITEMS
    assert kinds.count("noise") == 1


def test_nothing_due_is_no_session() -> None:
    assert choose_cards(cards(("a", "signal", 1), ("a", "noise", 2)), AT) == []
    assert choose_cards([], AT) == []


def test_an_item_that_was_never_met_comes_first_then_the_one_met_longest_ago() -> None:
    met = {"one": AT - DAY, "two": AT - 9 * DAY}
    assert choose_item(["one", "two", "three"], met, [], seed="s") == "three"
    assert choose_item(["one", "two"], met, [], seed="s") == "two"
    assert choose_item(["one", "two"], met, ["two"], seed="s") == "one"
    assert choose_item([], met, [], seed="s") is None


def test_chance_decides_among_items_never_met() -> None:
    keys = ["one", "two", "three", "four"]
    assert len({choose_item(keys, {}, [], seed=str(seed)) for seed in range(40)}) == 4


@pytest.mark.parametrize(
    ("right", "confidence", "rating"),
    [
        (True, 0.8, "good"),
        (True, None, "good"),
        (True, 0.5, "hard"),
        (False, 0.95, "again"),
        (False, None, "again"),
    ],
)
def test_no_answer_is_ever_called_easy(right: bool, confidence: float | None, rating: str) -> None:
    assert rate(right=right, confidence=confidence) == rating


def test_the_path_of_good_answers_is_that_of_the_design() -> None:
    history: list[PastReview] = []
    when, days = AT, []
    for _ in range(5):
        history.append(PastReview(rating="good", reviewed=when))
        due = due_after(history, spread=False)
        days.append((due - when).days)
        when = due
    assert days == [2, 11, 46, 120, 120]


def test_a_review_long_overdue_is_taken_as_it_comes() -> None:
    first = PastReview(rating="good", reviewed=AT)
    late = PastReview(rating="good", reviewed=AT + 90 * DAY)
    on_time = PastReview(rating="good", reviewed=AT + 2 * DAY)
    gained = due_after([first, late], spread=False) - (AT + 90 * DAY)
    assert gained > due_after([first, on_time], spread=False) - (AT + 2 * DAY)


def test_chance_spreads_due_dates_only_when_asked() -> None:
    history = [
        PastReview(rating="good", reviewed=AT),
        PastReview(rating="good", reviewed=AT + 2 * DAY),
        PastReview(rating="good", reviewed=AT + 13 * DAY),
    ]
    assert len({due_after(history, spread=False) for _ in range(20)}) == 1
    assert len({due_after(history, spread=True) for _ in range(60)}) > 1


# --- check-ups ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "slot"),
    [(0, None), (29.9, None), (30, 30), (89, 30), (90, 90), (179, 90), (180, 180), (359, 180)],
)
def test_a_check_up_has_its_time(days: float, slot: int | None) -> None:
    assert slot_at(AT, AT + days * DAY) == slot
    assert check_up_due(AT, [], AT + days * DAY) == slot


def test_after_a_year_nothing_is_asked() -> None:
    assert check_up_due(AT, [], AT + 360 * DAY) is None


def test_a_check_up_is_taken_once_and_a_missed_one_is_let_go() -> None:
    assert check_up_due(AT, [30], AT + 40 * DAY) is None
    assert check_up_due(AT, [], AT + 95 * DAY) == 90
    assert check_up_due(AT, [30], AT + 95 * DAY) == 90


def test_the_next_check_up_is_known() -> None:
    assert next_check_up(AT, AT) == AT + CHECK_UP_DAYS[0] * DAY
    assert next_check_up(AT, AT + 40 * DAY) == AT + 90 * DAY
    assert next_check_up(AT, AT + 200 * DAY) is None


STAGES = ("acquisition", "movement", "control")


def some_cases(*kinds: str, rank: int = 0) -> list[Case]:
    """For each stage one case of each kind."""
    return [Case(f"{stage}-{kind}-{rank}", stage, kind, rank) for stage in STAGES for kind in kinds]


def test_three_cases_one_of_each_stage_and_of_both_kinds() -> None:
    for seed in range(30):
        chosen = choose_cases(some_cases("signal", "noise"), STAGES, seed=str(seed))
        assert {key.split("-")[0] for key in chosen} == set(STAGES)
        assert {key.split("-")[1] for key in chosen} == {"signal", "noise"}


def test_the_pool_that_is_least_needed_is_used_first() -> None:
    cases = some_cases("signal", "noise", rank=2) + some_cases("signal", "noise", rank=1)
    for seed in range(20):
        chosen = choose_cases(cases, STAGES, seed=str(seed))
        assert {key.rsplit("-", 1)[1] for key in chosen} == {"1"}


def test_another_stage_lends_a_case() -> None:
    cases = [case for case in some_cases("signal", "noise") if case.stage != "movement"]
    assert len(choose_cases(cases, STAGES, seed="s")) == 3
    assert choose_cases([], STAGES, seed="s") == []


def test_cases_of_one_kind_are_better_than_none() -> None:
    assert len(choose_cases(some_cases("signal"), STAGES, seed="s")) == 3
