"""Before and after: what may be said of a cohort, and what the page shows."""

from __future__ import annotations

import re
from typing import Any

import pytest

from course.access import Context
from modules.gain import Pair, Says, Sitting, measure_gain
from modules.pictures import curve_picture, interval_picture
from modules.reports.gain import cohort_gain
from modules.retention import PLACES
from quizzes.policy import first_form
from quizzes.summary import Counts
from tests.modules.keeping import DAY, badly, publish_keeping, take, well
from tests.personas import ADMINISTRATOR, AT, TRAINER, World, make_membership, make_user, put_into

# --- pure -----------------------------------------------------------------------------------------


def sitting(hits: int, alarms: int, *, of: int = 20, form: str = "a") -> Sitting:
    """A test with so many trials of each kind."""
    return Sitting(form, Counts(of, hits, of, alarms))


def pairs(*gains: int, before: int = 10) -> list[Pair]:
    """People who spot ten signs, and so many more afterwards."""
    return [Pair(sitting(before, 5), sitting(before + more, 5)) for more in gains]


def test_below_the_gate_there_is_no_number_at_all() -> None:
    gain = measure_gain(pairs(*[8] * 9))
    assert (gain.says, gain.gate) == (Says.TOO_FEW, "hide")
    assert (gain.before, gain.after, gain.percent, gain.apart) == (None, None, None, None)
    assert gain.taken.pairs == 9
    assert measure_gain(pairs(*[8] * 10)).says == Says.CLEAR_GAIN


@pytest.mark.parametrize(
    ("gains", "says"),
    [
        ([4, 5, 6, 4, 5, 6, 4, 5, 6, 5], Says.CLEAR_GAIN),
        ([-4, -5, -6, -4, -5, -6, -4, -5, -6, -5], Says.CLEAR_LOSS),
        ([4, -4, 5, -5, 6, -5, 3, -3, 2, -2], Says.NO_CLEAR_GAIN),
        ([9, -4, 8, -5, 9, -6, 8, -5, 9, -4], Says.NO_CLEAR_GAIN),  # a mean gain, but unsure
    ],
)
def test_a_gain_is_clear_only_when_its_interval_says_so(gains: list[int], says: Says) -> None:
    found = measure_gain(pairs(*gains))
    assert found.says == says
    assert found.percent is not None
    low, high = found.percent["gain_ci95"] or (0, 0)
    assert (low <= 0 <= high) == (says == Says.NO_CLEAR_GAIN)


def test_flagging_everything_is_no_gain() -> None:
    group = [Pair(sitting(10, 10), sitting(20, 20)) for _ in range(12)]
    found = measure_gain(group)
    assert found.says == Says.NO_CLEAR_GAIN
    assert found.percent is not None
    assert found.percent["mean_gain"] == 0


def test_only_whole_pairs_are_compared_and_everybody_is_counted() -> None:
    group = [
        *pairs(*[5] * 10),
        Pair(before=sitting(10, 5)),
        Pair(after=sitting(18, 5)),
        Pair(),
        Pair(sitting(10, 5), sitting(3, 1, of=4)),
    ]
    taken = measure_gain(group).taken
    assert (taken.people, taken.before, taken.after) == (14, 12, 12)
    assert (taken.pairs, taken.short) == (10, 1)
    assert (taken.only_before, taken.only_after, taken.neither) == (1, 1, 1)


def test_forms_that_are_not_balanced_are_said() -> None:
    forms = [Pair(sitting(9, 5, form=form), sitting(12, 5)) for form in "ab" * 6]
    assert not measure_gain(forms).is_lopsided
    assert measure_gain(pairs(*[3] * 12)).is_lopsided


def test_zero_stands_in_the_middle_of_the_picture() -> None:
    drawn = interval_picture(8.0, -3.0, 19.0)
    assert drawn.zero == (drawn.left + drawn.right) / 2
    assert drawn.left < drawn.low < drawn.zero < drawn.mean < drawn.high < drawn.right
    assert drawn.reach == 20


def test_a_curve_stays_in_its_picture() -> None:
    drawn = curve_picture([("after", 0.0, 0.0, 0.4), ("90", 1.0, 0.6, 1.2)], PLACES)
    assert [name for _x, name in drawn.names] == ["after", "90"]
    assert [dot.x for dot in drawn.dots] == sorted(dot.x for dot in drawn.dots)
    assert all(0 < dot.top <= dot.y <= dot.bottom < drawn.height for dot in drawn.dots)
    assert drawn.path.count(",") == 2


# --- the report and its page ----------------------------------------------------------------------


def one_of(how_many: int) -> Any:
    """Answers every so-manieth case wrongly."""
    turn = {"number": 0}

    def answer(item: Any) -> Any:
        turn["number"] += 1
        return badly(item) if turn["number"] % how_many == 0 else well(item)

    return answer


def learn(person: Any, *, before: Any = None, after: Any = None) -> None:
    """Take pre-test and final on the forms that are this person's."""
    form = first_form(person.id)
    if before:
        take(person, f"pre-{form}", before, at=AT)
    if after:
        take(person, f"final-{'b' if form == 'a' else 'a'}", after, at=AT + DAY)


def cohort_of(world: World, number: int) -> list[Any]:
    """So many more learners in the first cohort of harbour."""
    place = world.harbour
    people = [
        make_membership(
            place.organization, make_user(f"row-{index:02}", display_name=f"Row{index}")
        )
        for index in range(number)
    ]
    for person in people:
        put_into(place.first_cohort, person)
    return people


@pytest.mark.django_db
def test_the_first_tests_are_compared_and_nothing_else(world: World, queries: Any) -> None:
    publish_keeping(tests=4)
    first, second, third, _fourth = cohort_of(world, 4)
    learn(first, before=badly, after=well)
    take(first, "final-c", badly, at=AT + 9 * DAY)  # a later try says nothing about the gain
    learn(second, before=well)
    learn(third, after=well)
    context = _context(world)
    with queries() as few:
        found = cohort_gain(context, world.harbour.first_cohort)
    taken = found.gain.taken
    assert (taken.people, taken.before, taken.after, taken.pairs) == (5, 2, 2, 1)
    assert (taken.only_before, taken.only_after, taken.neither) == (1, 1, 2)
    assert [one.user.shown_name for one in found.without_after][-2:] == ["Row1", "Row3"]
    for person in cohort_of_more(world, 4):
        learn(person, before=well, after=well)
    with queries() as many:
        cohort_gain(context, world.harbour.first_cohort)
    assert few == many


def cohort_of_more(world: World, number: int) -> list[Any]:
    """More learners of the first cohort, under other names."""
    place = world.harbour
    people = [
        make_membership(place.organization, make_user(f"more-{index}")) for index in range(number)
    ]
    for person in people:
        put_into(place.first_cohort, person)
    return people


def _context(world: World) -> Any:
    """What the trainer of harbour may see."""
    trainer = world.harbour.trainer
    return Context(
        user=trainer.user,
        membership=trainer,
        organization=world.harbour.organization,
        language="en",
        at=AT,
    )


def text_of(answer: Any) -> str:
    """The words of the page on one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


@pytest.mark.django_db
def test_the_page_shows_counts_first_and_nothing_below_the_gate(world: World) -> None:
    publish_keeping(tests=4)
    people = cohort_of(world, 3)
    learn(people[0], before=badly, after=well)
    learn(people[1], before=badly)
    answer = world.client(TRAINER).get(
        f"/organisation/cohorts/{world.harbour.first_cohort.id}/gain/"
    )
    words = text_of(answer)
    assert answer.status_code == 200
    assert "1 of 4 learners took the first test and the last." in words
    assert "No result is shown for fewer than 10 people" in words
    assert "Right answers" not in words
    assert '<svg class="keeping"' not in answer.content.decode()
    assert "Row1" in words  # has not taken the final
    assert "Row0" not in words


@pytest.mark.django_db
def test_the_page_says_no_clear_gain_without_an_arrow(world: World) -> None:
    publish_keeping(tests=4)
    for index, person in enumerate(cohort_of(world, 10)):
        better, worse = one_of(9), one_of(3)
        first, last = (better, worse) if index % 2 else (worse, better)
        learn(person, before=first, after=last)
    address = f"/organisation/cohorts/{world.harbour.first_cohort.id}/gain/"
    answer = world.client(ADMINISTRATOR).get(address)
    words = text_of(answer)
    assert "No clear gain" in words
    assert "That includes no change at all." in words
    assert "Provisional" in words
    assert not set("↑↗→▲⬆★") & set(words)
    assert "10 of 11 learners" in words


@pytest.mark.django_db
def test_a_trainer_sees_only_own_cohorts(world: World) -> None:
    address = f"/organisation/cohorts/{world.harbour.second_cohort.id}/gain/"
    assert world.client(TRAINER).get(address).status_code == 404
    assert world.client(ADMINISTRATOR).get(address).status_code == 200
