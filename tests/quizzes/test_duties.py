"""What is asked of a person: cohorts and names, exceptions and needs, and doubles."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from course.models import Cohort, CohortMember, Membership
from quizzes import duties as reading
from quizzes.duties import Duty, duties_of, duties_of_many, governing
from quizzes.models import Assignment, AssignmentException, ExtraDays, Late, Target
from tests.personas import AT, Place, World, make_membership, make_user

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
FRIDAY = AT + 3 * DAY
NUMBERS = count(1)


@pytest.fixture
def place(world: World) -> Place:
    return world.harbour


def asked(place: Place, to: Cohort | Membership, **changes: Any) -> Assignment:
    whom = {"cohort_id": to.id} if isinstance(to, Cohort) else {"membership_id": to.id}
    fields: dict[str, Any] = {
        "target_kind": Target.QUIZ.value,
        "target_key": "short",
        "due_at": FRIDAY,
        "assigned_at": AT,
        **whom,
        **changes,
    }
    row: Assignment = Assignment.objects.create(
        organization=place.organization, assigned_by_id=place.trainer.id, **fields
    )
    return row


def exception(row: Assignment, person: Membership, set_at: datetime = AT, **rule: Any) -> None:
    AssignmentException.objects.create(
        organization_id=row.organization_id,
        assignment_id=row.id,
        membership_id=person.id,
        set_by_id=row.assigned_by_id,
        set_at=set_at,
        **rule,
    )


def days_more(person: Membership, days: int) -> None:
    ExtraDays.objects.create(
        organization_id=person.organization_id, membership_id=person.id, days=days, since=AT
    )


def newcomer(place: Place) -> Membership:
    person = make_membership(place.organization, make_user(f"newcomer-{next(NUMBERS)}"))
    CohortMember.objects.create(
        organization=place.organization,
        cohort_id=place.first_cohort.id,
        membership_id=person.id,
        joined_at=AT,
    )
    return person


def test_a_cohort_and_a_name_reach_whom_they_say(place: Place) -> None:
    by_cohort, by_name = asked(place, place.first_cohort), asked(place, place.stranger)
    found = duties_of_many([place.learner, place.stranger], at=AT)
    assert [one.assignment_id for one in found[place.learner.id]] == [by_cohort.id]
    assert [one.assignment_id for one in found[place.stranger.id]] == [by_name.id]
    assert found[place.learner.id] == duties_of(place.learner, at=AT)
    assert found[place.learner.id][0].cohort_id == place.first_cohort.id
    assert found[place.stranger.id][0].cohort_id is None


def test_who_joins_gets_what_the_cohort_has_and_who_leaves_loses_it(place: Place) -> None:
    asked(place, place.first_cohort)
    person = newcomer(place)
    assert len(duties_of(person, at=AT)) == 1
    CohortMember.objects.in_organization(place.organization).filter(
        membership_id=person.id
    ).delete()
    assert duties_of(person, at=AT) == []


def test_taken_back_and_not_yet_given_are_left_out(place: Place) -> None:
    asked(place, place.learner, withdrawn_at=AT + DAY)
    asked(place, place.learner, assigned_at=AT + 2 * DAY)
    assert [len(duties_of(place.learner, at=AT + n * DAY)) for n in range(3)] == [1, 0, 1]


def test_the_other_house_is_not_read(world: World) -> None:
    asked(world.lighthouse, world.lighthouse.first_cohort)
    both = [world.harbour.learner, world.lighthouse.learner]
    found = duties_of_many(both, at=AT)
    assert [len(found[one.id]) for one in both] == [0, 1]


def test_the_newest_exception_counts(place: Place) -> None:
    row = asked(place, place.first_cohort, attempts=1)
    exception(row, place.learner, AT, excused=True)
    exception(row, place.learner, AT + DAY, due_at=FRIDAY + 5 * DAY, attempts=3)
    exception(row, place.trainer, AT + DAY, excused=True)
    (before,) = duties_of(place.learner, at=AT)
    assert (before.excused, before.due_at, before.attempts) == (True, FRIDAY, 1)
    (after,) = duties_of(place.learner, at=AT + DAY)
    assert (after.excused, after.due_at, after.attempts) == (False, FRIDAY + 5 * DAY, 3)


@pytest.mark.parametrize(("own", "expected"), [(None, 7), (2, 7), (9, 9)])
def test_extra_days_move_the_date_and_the_later_date_counts(
    place: Place, own: int | None, expected: int
) -> None:
    row = asked(place, place.first_cohort)
    days_more(place.learner, 7)
    if own is not None:
        exception(row, place.learner, due_at=FRIDAY + own * DAY)
    (mine,) = duties_of(place.learner, at=AT)
    assert mine.due_at == FRIDAY + expected * DAY
    assert duties_of(newcomer(place), at=AT)[0].due_at == FRIDAY


def test_no_date_stays_no_date_whatever_is_added(place: Place) -> None:
    row = asked(place, place.learner, due_at=None)
    days_more(place.learner, 7)
    exception(row, place.learner, due_at=FRIDAY)
    assert duties_of(place.learner, at=AT)[0].due_at is None


def test_the_soonest_comes_first_then_the_undated_then_the_excused(place: Place) -> None:
    excused = asked(place, place.learner, target_key="one", due_at=AT + DAY)
    exception(excused, place.learner, excused=True)
    for key, due in (("two", None), ("three", FRIDAY), ("four", FRIDAY - DAY)):
        asked(place, place.learner, target_key=key, due_at=due)
    assert [one.key for one in duties_of(place.learner, at=AT)] == ["four", "three", "two", "one"]


def counted(work: Callable[[], object]) -> int:
    context: AbstractContextManager[CaptureQueriesContext] = CaptureQueriesContext(connection)
    with context as captured:
        work()
    return len(captured)


def test_the_number_of_queries_does_not_depend_on_the_number_of_people(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert counted(lambda: duties_of(place.learner, at=AT)) == 1
    exception(asked(place, place.first_cohort), place.learner, excused=True)
    asked(place, place.second_cohort)
    assert counted(lambda: duties_of(place.learner, at=AT)) == 3
    people = [place.learner, *(newcomer(place) for _ in range(4))]
    assert counted(lambda: duties_of_many(people[:2], at=AT)) == 4
    assert counted(lambda: duties_of_many(people, at=AT)) == 4
    named = duties_of_many(people, at=AT)
    monkeypatch.setattr(reading, "MOST_NAMED", 2)  # now whole organisations are read
    assert counted(lambda: duties_of_many(people, at=AT)) == 4
    assert duties_of_many(people, at=AT) == named
    assert [len(one) for one in named.values()] == [1] * 5


def test_nobody_is_nothing() -> None:
    assert duties_of_many([], at=AT) == {}


# --- the same thing twice -------------------------------------------------------------------------


def two_rules(place: Place, one: dict[str, Any], other: dict[str, Any]) -> Duty:
    asked(place, place.learner, **one)
    asked(place, place.first_cohort, **other)
    rule = governing(duties_of(place.learner, at=AT), Target.QUIZ, "short", usual=2)
    assert rule is not None
    return rule


@pytest.mark.parametrize("swapped", [False, True])
@pytest.mark.parametrize(
    ("field", "one", "other", "expected"),
    [
        ("due_at", FRIDAY, FRIDAY + DAY, FRIDAY + DAY),
        ("due_at", FRIDAY, None, None),
        ("opens_at", AT, AT + DAY, AT),
        ("opens_at", AT, None, None),
        ("attempts", 1, 3, 3),
        ("attempts", 1, None, 2),
        ("attempts", 5, None, 5),
        ("late", Late.CLOSE, Late.ACCEPT, Late.ACCEPT),
        ("late", Late.CLOSE, Late.CLOSE, Late.CLOSE),
    ],
)
def test_of_two_rules_the_milder_one_counts(
    place: Place, field: str, one: Any, other: Any, expected: Any, swapped: bool
) -> None:
    rules = ({field: one}, {field: other})
    first, second = reversed(rules) if swapped else rules
    assert getattr(two_rules(place, first, second), field) == expected


def test_only_the_same_thing_governs_and_the_excused_do_not(place: Place) -> None:
    row = asked(place, place.learner)
    mine = duties_of(place.learner, at=AT)
    assert governing(mine, Target.QUIZ, "other") is None
    assert governing(mine, Target.MODULE, "short") is None
    assert governing(mine, Target.QUIZ, "short") == mine[0]
    exception(row, place.learner, excused=True)
    assert governing(duties_of(place.learner, at=AT), Target.QUIZ, "short") is None
