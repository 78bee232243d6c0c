"""May an attempt start, go on, be late; which form, which items. Pure."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.policy import (
    MOST_SENSITIVE_IN_A_ROW,
    Candidate,
    Needs,
    Reason,
    closes_at,
    draw_items,
    ends_at,
    first_form,
    form_for,
    may_answer,
    may_see_results,
    may_start,
    spread,
)
from quizzes.schema import Draw
from tests.quizzes.making import quiz

AT = datetime(2026, 11, 24, 9, tzinfo=UTC)
OPEN = {"submitted_at": None, "closes": None, "withdrawn": False, "is_final": False, "at": AT}


def test_a_first_attempt_may_begin() -> None:
    assert may_start(quiz(attempts=1, wait_hours=24), [], own_form=None, at=AT)


def test_the_other_form_may_not() -> None:
    answer = may_start(quiz(form="a"), [], own_form="b", at=AT)
    assert not answer
    assert answer.reason == Reason.OTHER_FORM
    assert may_start(quiz(form="a"), [], own_form="a", at=AT)


def test_waiting_counts_from_the_newest_hand_in_and_ends_exactly_then() -> None:
    rules = quiz(wait_hours=12)
    handed_in = [AT, AT - timedelta(days=3)]
    early = may_start(rules, handed_in, own_form=None, at=AT + timedelta(hours=12, seconds=-1))
    assert (early.reason, early.when) == (Reason.WAIT, AT + timedelta(hours=12))
    assert may_start(rules, handed_in, own_form=None, at=AT + timedelta(hours=12))


@pytest.mark.parametrize(
    ("needs", "minutes"),
    [(Needs(), 10), (Needs(extra_time=25), 13), (Needs(extra_time=100), 20)],
)
def test_extra_time_is_rounded_up_for_the_person(needs: Needs, minutes: int) -> None:
    rules = quiz(time_limit=10, grace=3)
    assert ends_at(rules, needs, AT) == AT + timedelta(minutes=minutes)
    assert closes_at(rules, needs, AT) == AT + timedelta(minutes=minutes + 3)


def test_without_limit_nothing_closes() -> None:
    assert closes_at(quiz(), Needs(), AT) is None
    assert closes_at(quiz(time_limit=10), Needs(no_time_limit=True), AT) is None


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"submitted_at": AT}, Reason.HANDED_IN),
        ({"closes": AT - timedelta(seconds=1)}, Reason.TIME_OVER),
        ({"withdrawn": True}, Reason.WITHDRAWN),
        ({"is_final": True}, Reason.ANSWERED),
    ],
)
def test_each_reason_alone_stops_an_answer(change: dict[str, object], reason: Reason) -> None:
    told = quiz(feedback="after-item")
    assert may_answer(told, **OPEN)  # type: ignore[arg-type]
    assert may_answer(told, **OPEN | change).reason == reason  # type: ignore[arg-type]


def test_the_last_instant_still_counts_and_tests_may_be_changed() -> None:
    assert may_answer(quiz(), **OPEN | {"closes": AT})  # type: ignore[arg-type]
    assert may_answer(quiz(feedback="after-form"), **OPEN | {"is_final": True})  # type: ignore[arg-type]


def test_results_come_after_handing_in() -> None:
    assert may_see_results(quiz(), submitted_at=None).reason == Reason.NOT_YET_HANDED_IN
    assert may_see_results(quiz(), submitted_at=AT)


def test_half_of_the_people_begin_with_each_form_and_finish_on_the_other() -> None:
    people = [uuid4() for _ in range(600)]
    shares = Counter(first_form(person) for person in people)
    assert 240 < shares["a"] < 360
    for person in people[:50]:
        pre = form_for("pre-test", person, finals_taken=0)
        finals = [form_for("final", person, finals_taken=n) for n in range(4)]
        assert pre == first_form(person)
        assert finals[0] != pre
        assert finals == [finals[0], "c", pre, finals[0]]
    assert form_for("module", people[0], finals_taken=0) is None


CANDIDATES = [
    Candidate(f"{stage}-{n}", "verdict", pool, stage)
    for stage in ("movement", "control")
    for pool in ("one", "two")
    for n in range(1 if pool == "one" else 6, 6 if pool == "one" else 11)
]
DRAWS = [
    Draw.model_validate({"kind": "verdict", "pools": ["one", "two"], "stage": stage, "take": 4})
    for stage in ("movement", "control")
]


@given(seed=st.text(min_size=1, max_size=8))
def test_a_draw_takes_what_it_asks_for_and_nothing_twice(seed: str) -> None:
    keys = draw_items(DRAWS, CANDIDATES, {}, seed=seed, shuffle=True)
    assert len(keys) == len(set(keys)) == 8
    assert sum(key.startswith("control") for key in keys) == 4
    assert keys == draw_items(DRAWS, CANDIDATES, {}, seed=seed, shuffle=True)


@given(seed=st.text(min_size=1, max_size=8), met=st.sets(st.sampled_from(range(1, 11)), max_size=6))
def test_what_was_met_comes_again_only_when_nothing_new_is_left(seed: str, met: set[int]) -> None:
    seen = {f"control-{n}": 1 for n in met}
    keys = draw_items(DRAWS[1:], CANDIDATES, seen, seed=seed, shuffle=False)
    again = [key for key in keys if key in seen]
    assert len(again) == max(0, 4 - (10 - len(met)))


def test_a_small_pool_gives_what_it_has() -> None:
    few = CANDIDATES[:2]
    assert len(draw_items(DRAWS, few, {}, seed="s", shuffle=False)) == 2


@given(
    heavy=st.lists(st.booleans(), min_size=1, max_size=30),
)
def test_heavy_cases_never_pile_up_while_light_ones_are_left(heavy: list[bool]) -> None:
    keys = [f"k{n}" for n in range(len(heavy))]
    sensitive = {key for key, is_heavy in zip(keys, heavy, strict=True) if is_heavy}
    ordered = spread(keys, sensitive)
    assert sorted(ordered) == sorted(keys)
    light = len(keys) - len(sensitive)
    if light:
        assert ordered[-1] not in sensitive
    if len(sensitive) <= MOST_SENSITIVE_IN_A_ROW * light:
        runs = "".join("h" if key in sensitive else "l" for key in ordered).split("l")
        assert max(len(run) for run in runs) <= MOST_SENSITIVE_IN_A_ROW


def test_the_wait_runs_from_the_newest_form() -> None:
    """A final that went badly is not taken again at once by way of the next form."""
    rules = quiz("final-c", kind="final", module=None, form="c", wait_hours=24)
    other = [AT - timedelta(hours=3)]
    early = may_start(rules, [], own_form="c", at=AT, all_forms=other)
    assert (early.reason, early.when) == (Reason.WAIT, AT + timedelta(hours=21))
    assert may_start(rules, [], own_form="c", at=AT + timedelta(hours=21), all_forms=other)
    assert may_start(rules, [], own_form="c", at=AT)


def test_a_case_and_its_twin_are_never_drawn_together() -> None:
    pair = [
        Candidate("left", "verdict", "pool", "control", "right"),
        Candidate("right", "verdict", "pool", "control", "left"),
        Candidate("other", "verdict", "pool", "control"),
    ]
    wanted = [Draw.model_validate({"kind": "verdict", "pools": ["pool"], "take": 3})]
    for seed in "abcdefgh":
        drawn = draw_items(wanted, pair, {}, seed=seed, shuffle=True)
        assert len(drawn) == 2
        assert "other" in drawn
