"""The completion report against a plain oracle, and against itself a year later."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from course.models import CohortMember, Membership, Office
from course.roles import Role
from course.services.members import create_membership
from course.services.privacy import erase_person
from modules.certificates import add_months
from modules.models import Certificate, Completion, Cycle, LessonPlace
from modules.outline import Outline
from modules.reports.asking import Question, instant
from modules.reports.completion import (
    BY,
    Line,
    Reason,
    Staff,
    State,
    Summary,
    lines,
    read_people,
    read_summary,
)
from modules.reports.states import Held, decide
from modules.services.finished import finished_by
from quizzes.duties import duties_of_many, governing
from quizzes.models import Attempt
from tests.modules.finishing import publish_course
from tests.modules.keeping import complete
from tests.modules.living import Life
from tests.modules.reminded import assign
from tests.personas import AT, Place, World, make_membership, make_user, put_into

Queries = Callable[[], AbstractContextManager[list[int]]]
pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def staff_of(place: Place) -> Staff:
    return Staff(place.organization.pk)


# --- the rule, pure -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("held", "number", "state"),
    [
        ({}, 1, State.STARTED),
        ({1: 400}, 1, State.COMPLETED),
        ({1: 91}, 1, State.COMPLETED),
        ({1: 90}, 1, State.EXPIRING),
        ({1: 0}, 1, State.EXPIRED),  # it ends at this very instant
        ({1: -5}, 2, State.EXPIRED),
        ({1: 30}, 2, State.EXPIRING),  # the next round is open and the last still counts
        ({1: -5, 2: 400}, 2, State.COMPLETED),
        ({1: 50, 2: -5}, 2, State.EXPIRING),  # the newer paper was withdrawn, the older holds
    ],
)
def test_states(held: dict[int, int], number: int, state: State) -> None:
    """`held`: round -> days until the end."""
    given = {one: Held(AT - 300 * DAY, AT + days * DAY) for one, days in held.items()}
    assert decide(given, number=number, at=AT, begun=True).state == state


def test_who_has_begun_nothing_has_not_started() -> None:
    assert decide({}, number=1, at=AT, begun=False).state == State.NOT_STARTED


def test_a_day_ends_in_the_zone_of_the_site_and_never_after_now() -> None:
    day = Question(as_of=AT.date() - DAY)
    end = instant(day, AT)
    assert end.isoformat() == "2026-11-23T15:59:59.999999+00:00"  # midnight in Kuala Lumpur
    assert instant(Question(as_of=AT.date()), AT) == AT
    assert instant(Question(), AT) == AT


# --- the oracle: today, in plain Python -----------------------------------------------------------


def told_plainly(place: Place, at: datetime) -> dict[Any, tuple[State, int]]:
    """Learner -> (state, how much is overdue), from the tables of today, one person at a time."""
    rows = Membership.objects.in_organization(place.organization)
    people = list(rows.filter(role=Role.LEARNER.value, is_active=True))
    duties, finished = duties_of_many(people, at=at), finished_by(people)
    return {
        person.id: (_state(person, at), _late(person, duties[person.id], finished, at))
        for person in people
    }


def _late(person: Membership, duties: Any, finished: Any, at: datetime) -> int:
    rules = [governing(duties, *name) for name in {(one.target, one.key) for one in duties}]
    return sum(
        rule is not None
        and rule.due_at is not None
        and rule.due_at < at
        and not finished.since(person, rule)
        for rule in rules
    )


def _state(person: Membership, at: datetime) -> State:
    ends = []
    for fact in Completion.objects.of_person(person).filter(scope="course"):
        end = add_months(fact.completed_at, 12)
        papers = list(Certificate.objects.of_person(person).filter(cycle=fact.cycle))
        if papers:
            end = max(
                min(one.expires_at, one.withdrawn.revoked_at) if one.withdrawn else one.expires_at
                for one in papers
            )
        ends.append((fact.cycle, end))
    if ends:
        newest = max([cycle for cycle, _end in ends])
        now = Cycle.objects.of_person(person).count() + 1
        mine = dict(ends).get(now) if newest == now else None
        best = mine if mine is not None and mine > at else max(end for _cycle, end in ends)
        if best <= at:
            return State.EXPIRED
        return State.EXPIRING if best <= at + 90 * DAY else State.COMPLETED
    begun = LessonPlace.objects.of_person(person).exists()
    begun = begun or Attempt.objects.of_person(person).exists()
    return State.STARTED if begun else State.NOT_STARTED


def check_groups(place: Place, told: dict[Any, tuple[State, int]], summary: Summary) -> None:
    """Each office with all below it, each cohort, as counted by walking up for each person."""
    valid = {State.COMPLETED, State.EXPIRING}
    offices = {one.id: one for one in Office.objects.in_organization(place.organization)}
    expected: dict[str | None, Counter[str]] = {}
    for person in Membership.objects.in_organization(place.organization).filter(id__in=told):
        keys: list[str | None] = []
        if summary.by == "office":
            office = person.office_id
            while office is not None:
                keys.append(str(office))
                office = offices[office].parent_id
        else:
            mine = CohortMember.objects.in_organization(place.organization)
            mine = mine.filter(membership_id=person.id)
            keys = [str(one) for one in mine.values_list("cohort_id", flat=True)]
        state, late = told[person.id]
        for key in keys or [None]:
            tally = expected.setdefault(key, Counter())
            tally.update(people=1, completed=state in valid, overdue=late > 0)
    found = {
        one.key: Counter(people=one.population, completed=one.completed, overdue=one.overdue)
        for one in summary.groups
        if one.population
    }
    assert found == expected


# --- as of: what was said then is said again ------------------------------------------------------

QUESTIONS = (
    Question(),
    Question(role=Role.TRAINER),
    Question(module="m1"),
    Question(round="1"),
    Question(round="2"),
)


def facts_of(line: Line) -> Line:
    """A line without names, which are those of today."""
    return replace(line, name="", office="", cohorts=(), manager="")


def say(outline: Outline, place: Place, question: Question, at: datetime) -> Any:
    """Everything a report says: the numbers in three groupings, and everybody's line.

    By role and by round are put together from these (test_report_parts.py).
    """
    viewer = staff_of(place)
    summaries = []
    for by in ("office", "cohort", "module"):
        summary = read_summary(outline, viewer, question, at, by=by)
        summaries.append(replace(summary, groups=tuple(sorted(summary.groups, key=str))))
    told = {one.membership_id: facts_of(one) for one in lines(outline, viewer, question, at)}
    return summaries, told


@pytest.mark.parametrize("seed", [1, 2])
def test_a_past_day_is_told_as_it_was_told_then(world: World, seed: int) -> None:
    outline, short, _final = publish_course()
    place = world.harbour
    life = Life(seed, place, outline, short, AT + DAY)
    said: list[tuple[Question, datetime, Any]] = []
    seen: Counter[State] = Counter()
    late = 0
    for _step in range(60):
        life.live()
        told = told_plainly(place, life.at)
        now = say(outline, place, Question(), life.at)
        said.append((Question(), life.at, now))
        assert {one: (line.state, line.overdue) for one, line in now[1].items()} == told
        counts = Counter(state for state, _late in told.values())
        assert now[0][0].counts == {state: counts[state] for state in State}
        assert now[0][0].overdue == sum(number > 0 for _state, number in told.values())
        check_groups(place, told, now[0][0])
        check_groups(place, told, now[0][1])
        seen.update(counts)
        late += now[0][0].overdue
    said.extend((one, life.at, say(outline, place, one, life.at)) for one in QUESTIONS[1:])
    for _step in range(30):
        life.live()
    for question, at, answer in said:
        assert say(outline, place, question, at) == answer
    assert late
    assert seen[State.EXPIRED] + seen[State.EXPIRING]


# --- reach, erasure, slices -----------------------------------------------------------------------


def test_erasing_somebody_changes_no_total_silently(world: World, small_course: Outline) -> None:
    place = world.harbour
    complete(place.learner, at=AT)
    before = read_summary(small_course, staff_of(place), Question(), AT + DAY)
    erase_person(user=place.learner.user, at=AT + 2 * DAY)
    then = Question(as_of=(AT + DAY).date())
    assert read_summary(small_course, staff_of(place), then, AT + DAY) == before
    names = [one.name for one in lines(small_course, staff_of(place), then, AT + DAY)]
    assert "Erased person" in names
    assert not [one for one in names if one.startswith("erased-")]
    now = read_summary(small_course, staff_of(place), Question(), AT + 3 * DAY)
    assert (now.population, now.completed) == (before.population - 1, 0)
    assert now.left_out[Reason.ERASED] == 1


def test_who_came_later_is_said_but_does_not_move_the_answer(
    world: World, small_course: Outline
) -> None:
    place = world.harbour
    then = Question(as_of=(AT + DAY).date())
    before = read_summary(small_course, staff_of(place), then, AT + DAY)
    create_membership(
        organization=place.organization,
        user=make_user("came-later"),
        role=Role.LEARNER,
        at=AT + 5 * DAY,
    )
    after = read_summary(small_course, staff_of(place), then, AT + DAY)
    assert after == before
    assert (before.later, after.later) == (0, 1)


def test_a_trainer_counts_those_who_were_in_their_cohorts_on_that_day(
    world: World, small_course: Outline
) -> None:
    place = world.harbour
    trainer = Staff(place.organization.pk, place.trainer.id, Role.TRAINER)
    found = [one.membership_id for one in lines(small_course, trainer, Question(), AT + DAY)]
    assert found == [place.learner.id]
    summary = read_summary(small_course, trainer, Question(), AT + DAY, by="cohort")
    assert [one.name for one in summary.groups] == [place.first_cohort.name]
    assert summary.left_out == {Reason.OTHER_ROLE: 1}  # the trainer; nobody of elsewhere


def test_slices_tell_everybody_once_and_cost_the_same(
    world: World, small_course: Outline, queries: Queries, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, viewer = world.harbour, staff_of(world.harbour)
    monkeypatch.setattr("modules.reports.lines.SLICE", 4)
    assign(world, due_at=AT + timedelta(hours=1))  # or nobody would be late with anything
    list(lines(small_course, viewer, Question(), AT + DAY))  # what a process keeps is read now
    costs = []
    for size in (4, 8):  # with the three there are: slices of 4 + 3 and 4 + 4 + 4 + 3
        for number in range(size):
            person = make_membership(place.organization, make_user(f"same-{size}-{number}"))
            put_into(place.first_cohort, person)
        with queries() as counted:
            told = list(lines(small_course, viewer, Question(), AT + DAY))
        everybody = Membership.objects.in_organization(place.organization).active()
        assert len({one.membership_id for one in told}) == len(told)
        assert len(told) == everybody.filter(role="learner").count()
        assert [one.name.lower() for one in told] == sorted(one.name.lower() for one in told)
        costs.append(counted[0])
    shared, each = 2 * costs[0] - costs[1], (costs[1] - costs[0]) / 2
    assert (costs[1] - costs[0]) % 2 == 0
    assert each <= 12  # the names of all are sorted once and not for each slice
    assert shared <= 5


@pytest.mark.parametrize("by", BY)
def test_the_numbers_cost_the_same_for_any_number_of_people(
    world: World, small_course: Outline, queries: Queries, by: str
) -> None:
    place, costs = world.harbour, []
    read_summary(small_course, staff_of(place), Question(), AT + DAY)  # the same here
    for size in (3, 30):
        for number in range(size):
            person = make_membership(place.organization, make_user(f"more-{size}-{number}"))
            put_into(place.first_cohort, person)
            complete(person, at=AT)
        with queries() as counted:
            read_summary(small_course, staff_of(place), Question(), AT + DAY, by=by)
        costs.append(counted[0])
    assert costs[0] == costs[1] <= (20 if by != "role" else 28)  # three reports in one


def test_the_list_behind_a_number_is_as_long_as_the_number(
    world: World, small_course: Outline
) -> None:
    place, viewer = world.harbour, staff_of(world.harbour)
    for number in range(7):
        person = make_membership(place.organization, make_user(f"someone-{number}"))
        if number % 2:
            complete(person, at=AT - number * 60 * DAY)
    summary = read_summary(small_course, viewer, Question(), AT + DAY)
    assert summary.counts[State.EXPIRING] >= 1
    for state in State:
        _teller, ids = read_people(small_course, viewer, Question(state=state), AT + DAY)
        number = summary.completed if state == State.COMPLETED else summary.counts[state]
        assert len(ids) == number
        told = lines(small_course, viewer, Question(state=state), AT + DAY)
        assert [one.membership_id for one in told] == ids
