"""How far each person got: one place per lesson, and the dated fact that a lesson was finished."""

from typing import Any, ClassVar, Self
from uuid import UUID

from django.db import models
from django.db.models import Q

from course.models import AppendOnlyModel, Membership, TenantForeignKey, TenantModel, belongs_to
from course.models.base import TenantQuerySet
from modules.models.content import Lesson, LessonVersion


class _OfPerson(TenantModel):
    """What both tables share: whose it is, and in which lesson and version."""

    membership_id = models.UUIDField()
    membership = belongs_to(Membership, "membership_id")
    lesson = models.ForeignKey(Lesson, on_delete=models.PROTECT, related_name="+")
    lesson_version = models.ForeignKey(LessonVersion, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class PlaceQuerySet(TenantQuerySet["LessonPlace"]):
    """Reads of places."""

    def of_person(self, membership: Membership) -> Self:
        """The places of one person, the newest first."""
        return super().of_person(membership).order_by("-moved_at", "-id")

    def for_lesson(self, membership: Membership, lesson_id: UUID) -> "LessonPlace | None":
        """The person's place in one lesson: one query."""
        return self.of_person(membership).filter(lesson_id=lesson_id).first()


class LessonPlace(_OfPerson):
    """The step at which a person stands in a lesson; kept so that any device can go on there.

    Personal data: how far somebody is. `step` counts from 1. The row is moved, not added to; that a
    lesson was finished is a `LessonCompletion`.
    """

    step = models.PositiveSmallIntegerField()
    started_at = models.DateTimeField()
    moved_at = models.DateTimeField()

    objects: ClassVar[Any] = PlaceQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # Two devices at once move one row, they do not make two.
            models.UniqueConstraint(
                fields=["organization", "membership_id", "lesson"], name="modules_place_once"
            ),
            models.CheckConstraint(condition=Q(step__gte=1), name="modules_place_step"),
            TenantForeignKey(
                column="membership_id", table="course_membership", name="modules_place_person_fk"
            ),
        ]

    def __str__(self) -> str:
        return f"step {self.step}"


class LessonCompletion(AppendOnlyModel, _OfPerson):
    """That a person finished a lesson, on a date, in the version they saw.

    Personal data: what somebody has done. Added once per cycle and never changed; `cycle` is 1
    until renewals open further ones.
    """

    cycle = models.PositiveSmallIntegerField(default=1)
    completed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # Finishing twice, or on two devices at once, is one fact: the first date counts.
            models.UniqueConstraint(
                fields=["organization", "membership_id", "lesson", "cycle"],
                name="modules_completion_once",
            ),
            models.CheckConstraint(condition=Q(cycle__gte=1), name="modules_completion_cycle"),
            TenantForeignKey(
                column="membership_id",
                table="course_membership",
                name="modules_completion_person_fk",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.completed_at:%Y-%m-%d}"
