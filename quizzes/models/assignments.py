"""What trainers ask people to do, until when, and who was let off or given longer.

The target may belong to a higher floor (a module, the whole course): it is named by kind and key,
and only the floor that knows it looks it up.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q

from course.models import (
    AppendOnlyModel,
    Cohort,
    CohortMember,
    Membership,
    TenantForeignKey,
    belongs_to,
)
from course.models.base import TenantModel, TenantQuerySet, Viewer
from course.roles import Role, sees_every_cohort
from quizzes.models.content import WORD_LENGTH

MESSAGE_LENGTH = 300


class Target(StrEnum):
    """What can be assigned."""

    COURSE = "course"
    MODULE = "module"
    QUIZ = "quiz"


class Late(StrEnum):
    """What happens after the due date."""

    ACCEPT = "accept"  # still possible, and shown as late
    CLOSE = "close"  # no new attempt after it


class AssignmentQuerySet(TenantQuerySet["Assignment"]):
    """Reads of assignments."""

    def standing(self, at: datetime) -> Self:
        """Those that were given by `at` and not taken back by then."""
        given = self.filter(assigned_at__lte=at)
        return given.filter(Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gt=at))

    def visible_to(self, viewer: Viewer) -> Self:
        """Those given to a cohort or a person the viewer may see; learners see none here."""
        rows = super().visible_to(viewer)
        if viewer.role is None or viewer.role == Role.LEARNER:
            return rows.none()
        if sees_every_cohort(viewer.role):
            return rows
        cohorts = Cohort.objects.visible_to(viewer).values("id")
        people = Membership.objects.visible_to(viewer).values("id")
        return rows.filter(Q(cohort_id__in=cohorts) | Q(membership_id__in=people))

    def with_whom(self) -> Self:
        """With cohort, person and who gave it: one query."""
        return self.select_related("cohort", "membership__user", "assigned_by__user")

    def of_person(self, membership: Membership) -> Self:
        """Those that reach one person: by name, or as a learner through a cohort of today."""
        if membership.role != Role.LEARNER:
            return self.filter(
                organization_id=membership.organization_id, membership_id=membership.id
            )
        cohorts = CohortMember.objects.in_organization(membership.organization_id).filter(
            membership_id=membership.id
        )
        mine = Q(membership_id=membership.id) | Q(cohort_id__in=cohorts.values("cohort_id"))
        return self.filter(organization_id=membership.organization_id).filter(mine)

    def of_cohort(self, cohort: Cohort) -> Self:
        """Those given to a cohort as a whole."""
        return self.filter(organization_id=cohort.organization_id, cohort_id=cohort.id)


class Assignment(TenantModel):
    """One thing asked of a cohort or of one person. No personal data but the link to a person.

    A cohort's assignment reaches whoever is in the cohort: newcomers get it, who leaves loses it,
    and nothing is written per person. What was asked is never rewritten: another date is a new row
    that `replaces_id` the old one, which is withdrawn at the same instant, so that the state of any
    past day can be told.
    """

    target_kind = models.CharField(max_length=8)
    target_key = models.CharField(max_length=WORD_LENGTH, blank=True)  # blank for the course
    cohort_id = models.UUIDField(null=True, blank=True)
    cohort = belongs_to(Cohort, "cohort_id", "assignments", null=True)
    membership_id = models.UUIDField(null=True, blank=True)
    membership = belongs_to(Membership, "membership_id", "assignments", null=True)
    opens_at = models.DateTimeField(null=True, blank=True)  # null: at once
    due_at = models.DateTimeField(null=True, blank=True)  # null: no date
    attempts = models.PositiveSmallIntegerField(null=True, blank=True)  # null: as the quiz says
    late = models.CharField(max_length=8, default=Late.ACCEPT.value)
    message = models.CharField(max_length=MESSAGE_LENGTH, blank=True)
    assigned_by_id = models.UUIDField()
    assigned_by = belongs_to(Membership, "assigned_by_id")
    assigned_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    replaces_id = models.UUIDField(null=True, blank=True)

    objects: ClassVar[Any] = AssignmentQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(cohort_id__isnull=False, membership_id__isnull=True)
                | Q(cohort_id__isnull=True, membership_id__isnull=False),
                name="quizzes_assignment_whom",
            ),
            models.CheckConstraint(
                condition=Q(target_kind=Target.COURSE.value, target_key="")
                | (Q(target_kind__in=[Target.MODULE.value, Target.QUIZ.value]) & ~Q(target_key="")),
                name="quizzes_assignment_target",
            ),
            models.CheckConstraint(
                condition=Q(late__in=[one.value for one in Late]), name="quizzes_assignment_late"
            ),
            models.CheckConstraint(
                condition=Q(opens_at__isnull=True)
                | Q(due_at__isnull=True)
                | Q(due_at__gt=models.F("opens_at")),
                name="quizzes_assignment_order",
            ),
            TenantForeignKey(
                column="cohort_id", table="course_cohort", name="quizzes_assignment_cohort_fk"
            ),
            TenantForeignKey(
                column="membership_id",
                table="course_membership",
                name="quizzes_assignment_person_fk",
            ),
            TenantForeignKey(
                column="assigned_by_id",
                table="course_membership",
                name="quizzes_assignment_maker_fk",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["organization", "cohort_id"], name="quizzes_assignment_cohort"),
            models.Index(fields=["organization", "membership_id"], name="quizzes_assignment_who"),
        ]

    def __str__(self) -> str:
        return f"{self.target_kind} {self.target_key}".strip()


class AssignmentException(AppendOnlyModel):
    """One person's own rule within an assignment. Append-only: the newest row of a person counts.

    Personal data: that somebody was given longer. It says what, never why.
    """

    APPEND_ONLY = "An exception is replaced by a newer one, never changed and never removed."

    assignment_id = models.UUIDField()
    assignment = belongs_to(Assignment, "assignment_id", "exceptions")
    membership_id = models.UUIDField()
    membership = belongs_to(Membership, "membership_id")
    due_at = models.DateTimeField(null=True, blank=True)  # null: as the assignment says
    attempts = models.PositiveSmallIntegerField(null=True, blank=True)
    excused = models.BooleanField(default=False)
    set_by_id = models.UUIDField()
    set_by = belongs_to(Membership, "set_by_id")
    set_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            TenantForeignKey(
                column="assignment_id",
                table="quizzes_assignment",
                name="quizzes_exception_assignment_fk",
            ),
            TenantForeignKey(
                column="membership_id",
                table="course_membership",
                name="quizzes_exception_person_fk",
            ),
            TenantForeignKey(
                column="set_by_id", table="course_membership", name="quizzes_exception_maker_fk"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["organization", "membership_id", "assignment_id", "-set_at"],
                name="quizzes_exception_newest",
            ),
        ]

    def __str__(self) -> str:
        return "excused" if self.excused else f"until {self.due_at}"
