"""Rounds of the course, and the dated facts that a module or the course was completed in one."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from course.models import (
    AppendOnlyModel,
    ContentRelease,
    Membership,
    TenantForeignKey,
    belongs_to,
)
from course.models.fields import DocumentField

KEY_LENGTH = 80


class FactModel(AppendOnlyModel):
    """Base of what is written once about one person, and never again."""

    membership_id = models.UUIDField()
    membership = belongs_to(Membership, "membership_id")

    class Meta:
        abstract = True


class Cycle(FactModel):
    """That a person began another round of the course. Personal data: what somebody does.

    Everybody's first round begins when they join and has no row: rows begin with number 2. A round
    ends when the next begins. `shortened`: those who are still solid have less to do.
    """

    number = models.PositiveSmallIntegerField()
    opened_at = models.DateTimeField()
    shortened = models.BooleanField(default=False)
    facts = DocumentField(default=dict)  # what the decision to shorten rested on

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # Two devices that renew at once begin one round.
            models.UniqueConstraint(
                fields=["organization", "membership_id", "number"], name="modules_cycle_once"
            ),
            models.CheckConstraint(condition=Q(number__gte=2), name="modules_cycle_number"),
            TenantForeignKey(
                column="membership_id", table="course_membership", name="modules_cycle_person_fk"
            ),
        ]

    def __str__(self) -> str:
        return f"round {self.number}"


class Completion(FactModel):
    """That a person completed a module, or the course, in one round: granted once, kept for ever.

    Personal data: what somebody has done. `rule` is the rule as it was then, word for word; `facts`
    names what it rested on (ids and dates, never answers); `release` is the content of that day.
    """

    SCOPES = ("module", "course")

    scope = models.CharField(max_length=8)
    key = models.CharField(max_length=KEY_LENGTH, blank=True)  # blank for the course
    cycle = models.PositiveSmallIntegerField(default=1)
    completed_at = models.DateTimeField()
    rule = DocumentField()
    facts = DocumentField()
    release = models.ForeignKey(ContentRelease, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["organization", "membership_id", "scope", "key", "cycle"],
                name="modules_completed_once",
            ),
            models.CheckConstraint(
                condition=Q(scope="course", key="") | (Q(scope="module") & ~Q(key="")),
                name="modules_completed_scope",
            ),
            models.CheckConstraint(condition=Q(cycle__gte=1), name="modules_completed_cycle"),
            TenantForeignKey(
                column="membership_id",
                table="course_membership",
                name="modules_completed_person_fk",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            # "Who completed until that day" is what reports ask.
            models.Index(
                fields=["organization", "scope", "key", "completed_at"],
                name="modules_completed_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scope} {self.key} {self.completed_at:%Y-%m-%d}"
