"""Sums of closed days, so that a look at all organisations need not count everybody again."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from course.models import AppendOnlyModel, AppendOnlyQuerySet


class DayQuerySet(AppendOnlyQuerySet["DayCount"]):
    """Reads of days."""

    def everywhere(self, why: str) -> Any:
        """The days of all organisations: for operators and for the checker."""
        return self.unscoped(why).filter(module="")


class DayCount(AppendOnlyModel):
    """How many learners of an organisation stood where at the end of one day. No personal data.

    A roll-up of the completion report: `manage.py roll_up` writes it once the day is over, and
    `roll_up --check` counts again from the facts and must find no difference. `module` is blank for
    the course. `expiring` is part of what counts as completed, as in the report.
    """

    day = models.DateField()
    module = models.CharField(max_length=80, blank=True)
    population = models.PositiveIntegerField()
    not_started = models.PositiveIntegerField()
    started = models.PositiveIntegerField()
    completed = models.PositiveIntegerField()
    expiring = models.PositiveIntegerField()
    expired = models.PositiveIntegerField()
    overdue = models.PositiveIntegerField()

    APPEND_ONLY = "The sums of a closed day are never changed."

    objects: ClassVar[Any] = DayQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # Two runs at once write a day once.
            models.UniqueConstraint(
                fields=["organization", "day", "module"], name="modules_day_once"
            ),
            models.CheckConstraint(
                condition=Q(
                    population=models.F("not_started")
                    + models.F("started")
                    + models.F("completed")
                    + models.F("expiring")
                    + models.F("expired")
                ),
                name="modules_day_adds_up",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            # The look at all organisations asks for one day.
            models.Index(fields=["day", "module"], name="modules_day_everywhere"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.module}".strip()
