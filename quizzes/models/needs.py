"""Since when somebody had how many extra days: what "late on that day" is told from."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from course.models import Membership, Stretch, TenantForeignKey, belongs_to


class ExtraDays(Stretch):
    """That somebody's due dates moved by so many days for a while. Personal data: the link.

    `Accommodation` says how it is today and goes when a person is erased; this stays, nameless, as
    a report about an earlier day would otherwise call somebody late who was not.
    """

    membership_id = models.UUIDField()
    membership = belongs_to(Membership, "membership_id")
    days = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["organization", "membership_id"],
                condition=Q(until__isnull=True),
                name="quizzes_extra_days_one_lasting",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="quizzes_extra_days_order",
            ),
            models.CheckConstraint(condition=Q(days__gt=0), name="quizzes_extra_days_some"),
            TenantForeignKey(
                column="membership_id",
                table="course_membership",
                name="quizzes_extra_days_person_fk",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["organization", "membership_id"], name="quizzes_extra_days_of"),
        ]

    def __str__(self) -> str:
        return f"+{self.days} {self.since:%Y-%m-%d}"


__all__ = ["ExtraDays"]
