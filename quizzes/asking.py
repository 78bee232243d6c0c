"""Before and after asking: exactly whom it reaches, and what was asked of them already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, OuterRef, Subquery
from django.db.models.functions import Coalesce

from course.models import Cohort, CohortMember, Membership
from course.models.base import Viewer
from course.roles import Role
from quizzes.duties import Duty
from quizzes.models import Assignment, AssignmentException, Target

MOST_NAMES = 100


@dataclass(frozen=True, slots=True)
class Overlap:
    """An earlier assignment of the same thing, and how many of the people it reaches too.

    `row` is None when it was given to somebody the viewer may not see: then only the count is told.
    """

    row: Assignment | None
    people: int
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Preview:
    """Exactly who gets it: how many, the first names in order, and what overlaps."""

    people: int
    names: Sequence[str]
    overlaps: Sequence[Overlap]

    @property
    def unnamed(self) -> int:
        """How many are not named, because the list would be too long."""
        return self.people - len(self.names)


def recipients(to: Cohort | Membership) -> Any:
    """The memberships an assignment reaches today: the active learners, or the one person."""
    rows = Membership.objects.in_organization(to.organization_id)
    if isinstance(to, Membership):
        return rows.filter(id=to.id)
    places = CohortMember.objects.in_organization(to.organization_id).filter(cohort_id=to.id)
    learners = rows.active().filter(role=Role.LEARNER.value)
    return learners.filter(id__in=places.values("membership_id"))


def preview(
    to: Cohort | Membership, *, target: Target, key: str, viewer: Viewer, at: datetime
) -> Preview:
    """Whom it would reach and what they have of the same thing already: six queries at most."""
    rows = recipients(to)
    people = rows.select_related("user").order_by("user__username")
    names = [person.user.shown_name for person in people[:MOST_NAMES]]
    return Preview(
        people=rows.count() if len(names) == MOST_NAMES else len(names),
        names=names,
        overlaps=_overlaps(to, target, key, viewer, at),
    )


def _overlaps(
    to: Cohort | Membership, target: Target, key: str, viewer: Viewer, at: datetime
) -> list[Overlap]:
    people = recipients(to).values("id")
    shared = _cohorts_shared(to, people)
    same = Assignment.objects.in_organization(to.organization_id).standing(at)
    same = same.filter(target_kind=target.value, target_key=key).with_whom()
    # Two plain questions: one with OR between them took PostgreSQL minutes for 5,000 people.
    found = [*same.filter(cohort_id__in=list(shared)), *same.filter(membership_id__in=people)]
    if not found:
        return []
    found.sort(key=lambda one: (one.cohort_id != to.id, one.assigned_at, one.id))
    visible = Assignment.objects.visible_to(viewer).filter(id__in=[one.id for one in found])
    seen = set(visible.values_list("id", flat=True))
    return [
        Overlap(
            row=one if one.id in seen else None,
            people=shared[one.cohort_id] if one.cohort_id else 1,
            due_at=one.due_at,
        )
        for one in found
    ]


def _cohorts_shared(to: Cohort | Membership, people: Any) -> dict[UUID, int]:
    """Cohort -> how many of these people are in it: one query. Cohorts reach learners only."""
    if isinstance(to, Membership) and to.role != Role.LEARNER:
        return {}
    places = CohortMember.objects.in_organization(to.organization_id)
    theirs = places.filter(membership_id__in=people).order_by().values_list("cohort_id")
    return dict(theirs.annotate(people=Count("membership_id")))


@dataclass(frozen=True, slots=True)
class Listed:
    """Something asked of a cohort, and how many people have an own rule in it."""

    row: Assignment
    exceptions: int


def rows_of(cohort: Cohort, *, at: datetime) -> list[Listed]:
    """What is asked of a cohort, the soonest due first: one query."""
    exceptions = AssignmentException.objects.filter(
        organization_id=OuterRef("organization_id"), assignment_id=OuterRef("id")
    )
    people = exceptions.order_by().values("assignment_id")
    counted = people.annotate(number=Count("membership_id", distinct=True)).values("number")
    standing: Any = Assignment.objects.of_cohort(cohort).standing(at).with_whom()
    rows = standing.annotate(exception_count=Coalesce(Subquery(counted), 0))
    ordered = rows.order_by(F("due_at").asc(nulls_last=True), "assigned_at")
    return [Listed(row, row.exception_count) for row in ordered]


def visible_ids(viewer: Viewer, duties: Sequence[Duty]) -> set[UUID]:
    """Which of these assignments the viewer may change: one query."""
    rows = Assignment.objects.visible_to(viewer)
    found = rows.filter(id__in=[one.assignment_id for one in duties])
    return set(found.values_list("id", flat=True))
