"""Offices, and the dated history of who had which place: what "as of" a past day is told from.

The tables of today (Membership, CohortMember, Office) say how things are. Those here say how they
were: one row for each stretch of time in which nothing changed, from `since` up to, not including,
`until`. `services.placing` writes them in the transaction of the change; reports read only them,
for today as well as for any other day, so that there is one way to count.
"""

from datetime import datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q

from course.models.base import (
    AppendOnlyModel,
    AppendOnlyQuerySet,
    TenantForeignKey,
    TenantModel,
    belongs_to,
)
from course.models.organizations import NAME_LENGTH, ROLE_CHOICES, Cohort, Membership


class Office(TenantModel):
    """A place of work in the tree of an organisation: a branch, a shelter, a field team.

    No personal data, if named with care. A closed office takes nobody new.
    """

    name = models.CharField(max_length=NAME_LENGTH)
    parent_id = models.UUIDField(null=True, blank=True)
    parent = belongs_to("self", "parent_id", "parts", null=True)
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # Two offices of one name cannot be told apart in a report.
            models.UniqueConstraint(fields=["organization", "name"], name="course_office_name"),
            models.CheckConstraint(condition=~Q(name=""), name="course_office_name_not_empty"),
            models.CheckConstraint(
                condition=Q(parent_id__isnull=True) | ~Q(parent_id=F("id")),
                name="course_office_not_in_itself",
            ),
            TenantForeignKey(
                column="parent_id", table="course_office", name="course_office_parent_fk"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class StretchQuerySet(AppendOnlyQuerySet[Any]):
    """Reads of stretches, and the one change that they know: their end."""

    def on(self, at: datetime) -> Self:
        """Those that held at this instant."""
        begun = self.filter(since__lte=at)
        return begun.filter(Q(until__isnull=True) | Q(until__gt=at))

    def lasting(self) -> Self:
        """Those that hold until further notice."""
        return self.filter(until__isnull=True)

    def end(self, at: datetime) -> int:
        """Say that those which lasted ended. The only change, and only once."""
        self._require_scope()
        # A clock that was set back must not make a stretch that ends before it began.
        end = models.Case(
            models.When(since__gt=at, then=F("since")),
            default=models.Value(at, output_field=models.DateTimeField()),
        )
        return int(models.QuerySet.update(self.lasting(), until=end))


class Stretch(AppendOnlyModel):
    """Base of what held for a while. Only `until` is ever written later, once."""

    APPEND_ONLY: ClassVar[str] = "A stretch of time is ended, never changed and never removed."

    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)  # null: until further notice

    objects: ClassVar[Any] = StretchQuerySet.as_manager()

    class Meta:
        abstract = True


class PlacementQuerySet(StretchQuerySet):
    """Reads of placements."""

    def paused_until_now(self, before: datetime) -> Any:
        """Memberships of all organisations that were paused by `before` and never let in again."""
        over = self.unscoped("joined to the place itself").lasting()
        over = over.filter(
            organization_id=models.OuterRef("organization_id"),
            membership_id=models.OuterRef("id"),
            is_active=False,
            since__lte=before,
        )
        rows = Membership.objects.unscoped("how long things are kept holds in every organisation")
        return rows.filter(models.Exists(over), is_active=False).select_related("organization")


class Placement(Stretch):
    """How somebody's place in the organisation was. Personal data: the link to a person."""

    membership_id = models.UUIDField()
    membership = belongs_to(Membership, "membership_id", "placements")
    role = models.CharField(max_length=20, choices=ROLE_CHOICES)
    is_active = models.BooleanField()
    office_id = models.UUIDField(null=True, blank=True)
    office = belongs_to(Office, "office_id", null=True)
    manager_id = models.UUIDField(null=True, blank=True)
    manager = belongs_to(Membership, "manager_id", null=True)

    objects: ClassVar[Any] = PlacementQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # Nobody has two places at once, whatever runs at the same time.
            models.UniqueConstraint(
                fields=["organization", "membership_id"],
                condition=Q(until__isnull=True),
                name="course_placement_one_lasting",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="course_placement_order",
            ),
            TenantForeignKey(
                column="membership_id", table="course_membership", name="course_placement_person_fk"
            ),
            TenantForeignKey(
                column="office_id", table="course_office", name="course_placement_office_fk"
            ),
            TenantForeignKey(
                column="manager_id", table="course_membership", name="course_placement_manager_fk"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            # "Who was a learner on that day" is the first question of every report.
            models.Index(
                fields=["organization", "role", "is_active", "since"], name="course_placement_who"
            ),
            models.Index(fields=["organization", "membership_id"], name="course_placement_of"),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.since:%Y-%m-%d}"


class CohortStay(Stretch):
    """That somebody belonged to a cohort for a while. Personal data: the link."""

    cohort_id = models.UUIDField()
    cohort = belongs_to(Cohort, "cohort_id", "stays")
    membership_id = models.UUIDField()
    membership = belongs_to(Membership, "membership_id", "cohort_stays")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["organization", "cohort_id", "membership_id"],
                condition=Q(until__isnull=True),
                name="course_stay_one_lasting",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="course_stay_order"
            ),
            TenantForeignKey(
                column="cohort_id", table="course_cohort", name="course_stay_cohort_fk"
            ),
            TenantForeignKey(
                column="membership_id", table="course_membership", name="course_stay_person_fk"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["organization", "membership_id"], name="course_stay_of"),
        ]

    def __str__(self) -> str:
        return f"{self.cohort_id}/{self.membership_id}"


class OfficeStay(Stretch):
    """Below which office an office was for a while; null: at the top. No personal data."""

    office_id = models.UUIDField()
    office = belongs_to(Office, "office_id", "stays")
    parent_id = models.UUIDField(null=True, blank=True)
    parent = belongs_to(Office, "parent_id", null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["organization", "office_id"],
                condition=Q(until__isnull=True),
                name="course_office_stay_one_lasting",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="course_office_stay_order",
            ),
            TenantForeignKey(
                column="office_id", table="course_office", name="course_office_stay_office_fk"
            ),
            TenantForeignKey(
                column="parent_id", table="course_office", name="course_office_stay_parent_fk"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.office_id} in {self.parent_id}"


__all__ = ["CohortStay", "Office", "OfficeStay", "Placement", "Stretch"]
