"""Organisations, who belongs to them in which role, their cohorts and their invitations."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar, Self
from uuid import UUID, uuid4

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from course.models.base import (
    TenantForeignKey,
    TenantModel,
    TenantQuerySet,
    Viewer,
    belongs_to,
    uuid7,
)
from course.models.people import User
from course.roles import Role, sees_every_cohort

NAME_LENGTH = 80

ROLE_CHOICES = [
    (Role.LEARNER.value, _("Learner")),
    (Role.TRAINER.value, _("Trainer")),
    (Role.ADMINISTRATOR.value, _("Administrator")),
]


class Organization(models.Model):
    """A body whose staff take the course. Catalogue table. No personal data.

    `key` is for commands and files, `uuid` for exports, `id` for joins.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    key = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=NAME_LENGTH)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(TenantQuerySet["Membership"]):
    """Reads of memberships."""

    def active(self) -> Self:
        """Those that may act."""
        return self.filter(is_active=True)

    def of_user(self, user: User | UUID) -> Self:
        """All memberships of one person, the oldest first: the one read that crosses tenants."""
        key = user.pk if isinstance(user, User) else user
        mine = self.unscoped("a person's own memberships name their organisations")
        return mine.filter(user_id=key).select_related("organization").order_by("joined_at", "id")

    def people_in_several(self, user_ids: Sequence[UUID]) -> set[UUID]:
        """Which of these people have a place in more than one organisation. One query."""
        rows = self.unscoped("whether somebody also belongs elsewhere").filter(user_id__in=user_ids)
        counted = rows.values("user_id").annotate(places=models.Count("id")).order_by()
        return set(counted.filter(places__gt=1).values_list("user_id", flat=True))

    def with_leads(self) -> Self:
        """Each row with `leads`: whether an active person reports to it."""
        below = Membership.objects.filter(
            organization_id=models.OuterRef("organization_id"),
            manager_id=models.OuterRef("id"),
            is_active=True,
        )
        return self.annotate(leads=models.Exists(below))

    def reporting_to(self, membership: "Membership") -> Self:
        """The active people who report to somebody directly, in the order of a page."""
        mine = self.filter(organization_id=membership.organization_id, manager_id=membership.id)
        return mine.active().select_related("user").order_by("user__username")

    def visible_to(self, viewer: Viewer) -> Self:
        """People of the own organisation: administrators see all of them.

        Trainers see themselves and the people of their cohorts, learners see themselves.
        """
        rows = super().visible_to(viewer)
        if viewer.role is None or viewer.membership_id is None:
            return rows.none()
        if sees_every_cohort(viewer.role):
            return rows
        mine = Q(id=viewer.membership_id)
        if viewer.role == Role.TRAINER:
            in_my_cohorts = CohortMember.objects.visible_to(viewer).filter(
                cohort_id__in=_cohorts_of(viewer)
            )
            mine |= Q(id__in=in_my_cohorts.values("membership_id"))
        return rows.filter(mine)

    def for_people_page(self) -> Self:
        """With person and cohorts, in the order of the page: two queries."""
        return (
            self.select_related("user")
            .prefetch_related("cohort_places__cohort")
            .order_by("-is_active", "user__username")
        )


class Membership(TenantModel):
    """A person in an organisation, in one role. Every fact of a learner points here.

    Personal data: the link itself. `user` has no database constraint: the users table stays on one
    node when tenant tables are distributed, so people are deactivated and erased, never deleted.
    """

    user = models.ForeignKey(
        User, on_delete=models.PROTECT, db_constraint=False, related_name="memberships"
    )
    role = models.CharField(max_length=20, choices=ROLE_CHOICES)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField()
    # Whom this person reports to; who may see a team is decided by this link, not by a role.
    manager_id = models.UUIDField(null=True, blank=True)
    manager = belongs_to("self", "manager_id", "reports", null=True)
    office_id = models.UUIDField(null=True, blank=True)  # null: no office said
    office = belongs_to("course.Office", "office_id", "members", null=True)

    # Whether somebody reports to this person, where it was asked for. Not a column.
    leads: bool = False

    objects: ClassVar[Any] = MembershipQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # One place per person and organisation: the role is changed, never doubled.
            models.UniqueConstraint(
                fields=["organization", "user"], name="course_membership_person_once"
            ),
            models.CheckConstraint(
                condition=Q(role__in=[role.value for role in Role]), name="course_membership_role"
            ),
            # Longer circles are refused by services.managing, which sees the whole chain.
            models.CheckConstraint(
                condition=Q(manager_id__isnull=True) | ~Q(manager_id=F("id")),
                name="course_membership_not_own_manager",
            ),
            TenantForeignKey(
                column="manager_id",
                table="course_membership",
                name="course_membership_manager_fk",
            ),
            TenantForeignKey(
                column="office_id", table="course_office", name="course_membership_office_fk"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            # "Does somebody report to this person" is asked on every page.
            models.Index(fields=["organization", "manager_id"], name="course_membership_manager"),
        ]

    def __str__(self) -> str:
        return self.user.shown_name


def _cohorts_of(viewer: Viewer) -> Any:
    """The ids of the cohorts the viewer belongs to, for use inside another query."""
    if viewer.membership_id is None:
        return CohortMember.objects.none().values("cohort_id")
    places = CohortMember.objects.visible_to(viewer)
    return places.filter(membership_id=viewer.membership_id).values("cohort_id")


class CohortQuerySet(TenantQuerySet["Cohort"]):
    """Reads of cohorts."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Administrators see all cohorts; trainers see those they are members of; learners none."""
        rows = super().visible_to(viewer)
        if viewer.role is None or viewer.role == Role.LEARNER:
            return rows.none()
        if sees_every_cohort(viewer.role):
            return rows
        return rows.filter(id__in=_cohorts_of(viewer))

    def with_member_count(self) -> Self:
        """Each row with `member_count`: active people of any role."""
        return self.annotate(
            member_count=models.Count("members", filter=Q(members__membership__is_active=True))
        )


class Cohort(TenantModel):
    """A named group of people who learn together. No personal data, if named with care."""

    name = models.CharField(max_length=NAME_LENGTH)
    created_at = models.DateTimeField()

    objects: ClassVar[Any] = CohortQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # Two cohorts of one name cannot be told apart in a report.
            models.UniqueConstraint(fields=["organization", "name"], name="course_cohort_name"),
            models.CheckConstraint(condition=~Q(name=""), name="course_cohort_name_not_empty"),
        ]

    def __str__(self) -> str:
        return self.name


class CohortMember(TenantModel):
    """That a person belongs to a cohort: learners learn in it, trainers look after it.

    Personal data: the link.
    """

    cohort_id = models.UUIDField()
    cohort = belongs_to(Cohort, "cohort_id", "members")
    membership_id = models.UUIDField()
    membership = belongs_to(Membership, "membership_id", "cohort_places")
    joined_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["organization", "cohort_id", "membership_id"],
                name="course_cohort_member_once",
            ),
            TenantForeignKey(
                column="cohort_id", table="course_cohort", name="course_cohort_member_cohort_fk"
            ),
            TenantForeignKey(
                column="membership_id",
                table="course_membership",
                name="course_cohort_member_person_fk",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            # "Which cohorts does this person belong to" is asked on every trainer page.
            models.Index(fields=["organization", "membership_id"], name="course_cohort_member_who"),
        ]

    def __str__(self) -> str:
        return f"{self.cohort_id}/{self.membership_id}"


class InvitationQuerySet(TenantQuerySet["Invitation"]):
    """Reads of invitations."""

    def open_at(self, at: datetime) -> Self:
        """Those that still let somebody in."""
        return self.filter(revoked_at__isnull=True, expires_at__gt=at, used_count__lt=F("max_uses"))

    def with_code_hash(self, code_hash: str) -> Self:
        """Those whose secret has this hash: a visitor's code is the only thing known of them."""
        return self.unscoped("the code names the organisation").filter(code_hash=code_hash)

    def for_list_page(self) -> Self:
        """With cohort, the newest first: one query."""
        return self.select_related("cohort").order_by("-created_at", "-id")


class Invitation(TenantModel):
    """A way into an organisation: a link or a printed code, for one person or a counted number.

    Only the hash of the code is stored. No personal data: it does not say for whom it is.
    """

    role = models.CharField(max_length=20, choices=ROLE_CHOICES)
    cohort_id = models.UUIDField(null=True, blank=True)
    cohort = belongs_to(Cohort, "cohort_id", "invitations", null=True)
    code_hash = models.CharField(max_length=64)
    max_uses = models.PositiveSmallIntegerField()
    used_count = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    created_by_id = models.UUIDField()
    created_by = belongs_to(Membership, "created_by_id")

    objects: ClassVar[Any] = InvitationQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["organization", "code_hash"], name="course_invitation_code_once"
            ),
            # The last line against a card used more often than printed for.
            models.CheckConstraint(
                condition=Q(used_count__lte=F("max_uses")), name="course_invitation_uses"
            ),
            models.CheckConstraint(
                condition=Q(role__in=[role.value for role in Role]), name="course_invitation_role"
            ),
            TenantForeignKey(
                column="cohort_id", table="course_cohort", name="course_invitation_cohort_fk"
            ),
            TenantForeignKey(
                column="created_by_id", table="course_membership", name="course_invitation_maker_fk"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            # Codes arrive without their organisation.
            models.Index(fields=["code_hash"], name="course_invitation_code"),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.used_count}/{self.max_uses}"

    @property
    def uses_left(self) -> int:
        """How many people may still come in with it, expiry aside."""
        return max(0, self.max_uses - self.used_count)


__all__ = [
    "ROLE_CHOICES",
    "Cohort",
    "CohortMember",
    "Invitation",
    "Membership",
    "Organization",
]
