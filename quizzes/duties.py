"""What is asked of a person now, with every exception and need worked in: the one reading of it.

Who comes after may rely on this and need not know the tables: home, reminders, the trainer's room
and the start of an attempt all ask here. The number of queries is the same for one person and for
five thousand.

A cohort's assignment reaches the learners of the cohort: trainers look after it and get no homework
from it. By name anybody can be reached.

A test with forms is assigned under one name, because each person takes another form of it: the key
is then the kind of the test (`assigned_as` in quizzes/policy.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from course.models import CohortMember, Membership
from course.roles import Role
from quizzes.models import Assignment, AssignmentException, ExtraDays, Late, Target
from quizzes.policy import NO_TERMS, Terms, assigned_as
from quizzes.schema import Quiz

# Up to here people are named one by one; above, whole organisations are read and sorted out here,
# as a database takes only so many parameters.
MOST_NAMED = 1000


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing asked of one person. Dates and attempts hold for this person already."""

    assignment_id: UUID
    target: Target
    key: str  # blank for the course
    opens_at: datetime | None  # None: at once
    due_at: datetime | None  # None: no date
    attempts: int | None  # None: as the quiz says
    late: Late
    message: str
    excused: bool
    assigned_at: datetime
    cohort_id: UUID | None

    @property
    def order(self) -> tuple[bool, bool, float, float]:
        """For sorting: what is soonest due first, the undated after it, the excused last."""
        due = self.due_at.timestamp() if self.due_at else 0.0
        return self.excused, self.due_at is None, due, self.assigned_at.timestamp()

    @property
    def terms(self) -> Terms:
        """What it adds to the rules of the quiz."""
        closes = self.due_at if self.late == Late.CLOSE else None
        return Terms(opens_at=self.opens_at, closes_at=closes, attempts=self.attempts)


def governing(
    duties: Iterable[Duty], target: Target, key: str, *, usual: int | None = None
) -> Duty | None:
    """The rule that counts when the same thing was assigned more than once: the mildest of each.

    The earliest opening, the latest due date (none is later than any), the most attempts; late work
    is refused only when every rule refuses it. So nobody is bound by a stricter rule by accident,
    and a trainer who wants it stricter takes the milder one back. `usual` is how many attempts the
    quiz allows by itself, which is what a rule without a number means. Excused ones do not bind.
    """
    same = [one for one in duties if (one.target, one.key) == (target, key) and not one.excused]
    if not same:
        return None
    opens = [one.opens_at for one in same if one.opens_at is not None]
    dues = [one.due_at for one in same if one.due_at is not None]
    numbers = [one.attempts if one.attempts is not None else usual for one in same]
    counted = [number for number in numbers if number is not None]
    latest = min(same, key=lambda one: (one.due_at is not None, -_moment(one.due_at)))
    return replace(
        latest,
        opens_at=min(opens) if len(opens) == len(same) else None,
        due_at=max(dues) if len(dues) == len(same) else None,
        attempts=max(counted) if len(counted) == len(same) else None,
        late=Late.CLOSE if all(one.late == Late.CLOSE for one in same) else Late.ACCEPT,
    )


def terms_of(duties: Iterable[Duty], quiz: Quiz) -> Terms:
    """What assignments add to the rules of a quiz; nothing for one that was not assigned."""
    rule = governing(duties, Target.QUIZ, assigned_as(quiz), usual=quiz.attempts)
    return rule.terms if rule else NO_TERMS


def _moment(at: datetime | None) -> float:
    return at.timestamp() if at is not None else 0.0


def duties_of(membership: Membership, *, at: datetime) -> list[Duty]:
    """What stands for one person at `at`, the soonest due first: one query when there is nothing.

    Included are things that open later. Left out are those taken back and those not yet given.
    """
    return duties_of_many([membership], at=at)[membership.id]


def duties_of_many(memberships: Sequence[Membership], *, at: datetime) -> dict[UUID, list[Duty]]:
    """Membership id -> what stands for them at `at`: four queries at most, whatever the number."""
    found: dict[UUID, list[Duty]] = {person.id: [] for person in memberships}
    if not memberships:
        return found
    organizations = {person.organization_id for person in memberships}
    assignments = _assignments(memberships, organizations, at)
    if not assignments:
        return found
    reached = _reached(memberships, organizations, assignments)
    own_rules = _own_rules(memberships, organizations, at)
    extra_days = _extra_days(memberships, organizations, at)
    for assignment in assignments:
        for person_id in reached[assignment.id]:
            if person_id in found:
                own = own_rules.get((assignment.id, person_id))
                duty = duty_from(assignment, own, extra_days.get(person_id, 0))
                found[person_id].append(duty)
    return {
        person_id: sorted(duties, key=lambda one: one.order) for person_id, duties in found.items()
    }


def _learners(memberships: Sequence[Membership]) -> list[Membership]:
    return [person for person in memberships if person.role == Role.LEARNER]


def _named(memberships: Sequence[Membership], column: str = "membership_id") -> Q:
    """The condition that names these people, or none when they are too many to be named."""
    if len(memberships) > MOST_NAMED:
        return Q()
    return Q(**{f"{column}__in": [person.id for person in memberships]})


def _assignments(
    memberships: Sequence[Membership], organizations: set[UUID], at: datetime
) -> list[Assignment]:
    rows = Assignment.objects.filter(organization_id__in=organizations).standing(at)
    if len(memberships) <= MOST_NAMED:
        places = CohortMember.objects.filter(organization_id__in=organizations)
        cohorts = places.filter(_named(_learners(memberships))).values("cohort_id")
        rows = rows.filter(_named(memberships) | Q(cohort_id__in=cohorts))
    return list(rows)


def _reached(
    memberships: Sequence[Membership], organizations: set[UUID], assignments: Sequence[Assignment]
) -> Mapping[UUID, Iterable[UUID]]:
    """Assignment id -> ids of the people it reaches, by name or through their cohort of today."""
    if len(memberships) == 1:
        only = [memberships[0].id]
        return {one.id: only for one in assignments}
    learners = {person.id for person in _learners(memberships)}
    cohorts: dict[UUID, list[UUID]] = defaultdict(list)
    if any(one.cohort_id for one in assignments):
        places = CohortMember.objects.filter(organization_id__in=organizations)
        named = places.filter(_named(memberships))
        for cohort_id, person_id in named.values_list("cohort_id", "membership_id"):
            if person_id in learners:
                cohorts[cohort_id].append(person_id)
    return {
        one.id: cohorts[one.cohort_id] if one.cohort_id else _named_in(one) for one in assignments
    }


def _named_in(assignment: Assignment) -> list[UUID]:
    return [] if assignment.membership_id is None else [assignment.membership_id]


def _own_rules(
    memberships: Sequence[Membership], organizations: set[UUID], at: datetime
) -> dict[tuple[UUID, UUID], AssignmentException]:
    """(assignment, person) -> the newest exception by then."""
    rows = AssignmentException.objects.filter(organization_id__in=organizations)
    rows = rows.filter(_named(memberships), set_at__lte=at).order_by("set_at", "id")
    return {(row.assignment_id, row.membership_id): row for row in rows}


def _extra_days(
    memberships: Sequence[Membership], organizations: set[UUID], at: datetime
) -> dict[UUID, int]:
    rows = ExtraDays.objects.filter(organization_id__in=organizations).on(at)
    return dict(rows.filter(_named(memberships)).values_list("membership_id", "days"))


def extra_days_on(
    organization_id: UUID, instant: datetime, ids: Collection[UUID] | None = None
) -> dict[UUID, int]:
    """Membership id -> the extra days of that instant; who had none is left out. One query.

    Without `ids`: everybody's, for a report that reads a whole organisation in slices.
    """
    rows = ExtraDays.objects.in_organization(organization_id).on(instant)
    if ids is not None:
        rows = rows.filter(membership_id__in=ids)
    return dict(rows.values_list("membership_id", "days"))


def duty_from(
    assignment: Assignment, own: AssignmentException | None = None, extra_days: int = 0
) -> Duty:
    """An assignment as it is for one person; for nobody in particular without the other two.

    The later of the own date and the usual date with the extra days counts: what was given once is
    never taken away by what was given before.
    """
    due = assignment.due_at
    if due is not None:
        due += timedelta(days=extra_days)
        if own is not None and own.due_at is not None:
            due = max(due, own.due_at)
    attempts = assignment.attempts
    if own is not None and own.attempts is not None:
        attempts = max(own.attempts, attempts or 0)
    return Duty(
        assignment_id=assignment.id,
        target=Target(assignment.target_kind),
        key=assignment.target_key,
        opens_at=assignment.opens_at,
        due_at=due,
        attempts=attempts,
        late=Late(assignment.late),
        message=assignment.message,
        excused=own is not None and own.excused,
        assigned_at=assignment.assigned_at,
        cohort_id=assignment.cohort_id,
    )
