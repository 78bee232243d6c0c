"""Certificates: issued once and never changed, and the dated facts that one was withdrawn."""

from datetime import datetime
from typing import Any, ClassVar, NoReturn, Self
from uuid import UUID, uuid4

from django.db import models
from django.db.models import F, Q

from course.models import (
    AppendOnlyError,
    AppendOnlyQuerySet,
    Membership,
    TenantForeignKey,
    TenantModel,
    belongs_to,
)
from course.models.base import TenantQuerySet, Viewer
from course.models.fields import DocumentField
from course.roles import Role
from modules.models.programme import Completion, FactModel

NAME_LENGTH = 60
REASON_LENGTH = 200


class CertificateQuerySet(AppendOnlyQuerySet["Certificate"]):
    """Reads of certificates. Nothing here changes or removes a row."""

    def of_person(self, membership: Membership) -> Self:
        """One person's certificates, the newest first."""
        return super().of_person(membership).order_by("-issued_at", "-number")

    def visible_to(self, viewer: Viewer) -> Self:
        """Administrators see those of their organisation, everybody else their own."""
        rows = super().visible_to(viewer)
        if viewer.role == Role.ADMINISTRATOR:
            return rows
        return rows.filter(membership_id=viewer.membership_id)

    def ending(self, *, after: datetime, until: datetime) -> Self:
        """Those that run out in this time, the first to end first."""
        return self.filter(expires_at__gt=after, expires_at__lte=until).order_by("expires_at", "id")

    def with_uuid(self, uuid: UUID) -> Self:
        """The one with this public number: all that a visitor knows of it."""
        return self.unscoped("the public number names the organisation").filter(uuid=uuid)

    def with_standing(self) -> Self:
        """With the name on it, and its withdrawal if there is one: two queries more."""
        return self.prefetch_related("names", "revocations")

    def standing(self) -> Self:
        """Those that were not withdrawn."""
        return self.filter(revocations__isnull=True)


class Certificate(FactModel):
    """That a person may show that they completed the course in one round. Personal data.

    `uuid` is the number on paper and in the public address. `document` is everything the paper
    says, in both languages, as it was on that day, and what the holder lets the public page show.
    The name stands beside it (`HolderName`), because a name must be forgettable and a fact not.
    """

    uuid = models.UUIDField(default=uuid4, editable=False)
    completion_id = models.UUIDField()
    completion = belongs_to(Completion, "completion_id", "certificates")
    cycle = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()  # counts the papers of one person and round
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    document = DocumentField()

    APPEND_ONLY = "A certificate is never changed and never removed."

    objects: ClassVar[Any] = CertificateQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # Two devices that ask at once get one paper.
            models.UniqueConstraint(
                fields=["organization", "membership_id", "cycle", "number"],
                name="modules_certificate_number",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("issued_at")), name="modules_certificate_dates"
            ),
            TenantForeignKey(
                column="membership_id",
                table="course_membership",
                name="modules_certificate_person_fk",
            ),
            TenantForeignKey(
                column="completion_id",
                table="modules_completion",
                name="modules_certificate_fact_fk",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            # The public page knows nothing but the number.
            models.Index(fields=["uuid"], name="modules_certificate_uuid"),
            # "Which run out soon" is what administrators ask.
            models.Index(fields=["organization", "expires_at"], name="modules_certificate_ends"),
        ]

    def __str__(self) -> str:
        return f"certificate {self.uuid}"

    @property
    def withdrawn(self) -> "Revocation | None":
        """Why and when it stopped to count, if it did."""
        return next(iter(self.revocations.all()), None)

    @property
    def name(self) -> str:
        """The name on it: "" when there is none, or when the person was erased."""
        held = next(iter(self.names.all()), None)
        return held.name if held else ""


class HolderNameQuerySet(TenantQuerySet["HolderName"]):
    """Reads of names, and the one way they end."""

    def of_person(self, membership: Membership) -> Self:
        """Every name this person ever chose."""
        return self.filter(
            organization_id=membership.organization_id,
            certificate__membership_id=membership.id,
        )

    def update(self, **_kwargs: Any) -> NoReturn:
        """Refused."""
        raise AppendOnlyError("The name on a certificate is never changed.")


class HolderName(TenantModel):
    """The name a holder chose for one certificate. Personal data: it goes when they are erased."""

    certificate_id = models.UUIDField()
    certificate = belongs_to(Certificate, "certificate_id", "names")
    name = models.CharField(max_length=NAME_LENGTH)

    objects: ClassVar[Any] = HolderNameQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["organization", "certificate_id"], name="modules_holder_name_once"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="modules_holder_name_filled"),
            TenantForeignKey(
                column="certificate_id",
                table="modules_certificate",
                name="modules_holder_name_fk",
            ),
        ]

    def __str__(self) -> str:
        return "name"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the name once."""
        if not self._state.adding:
            raise AppendOnlyError("The name on a certificate is never changed.")
        super().save(*args, **kwargs)


class Revocation(FactModel):
    """That a certificate no longer counts, since when, why, and which one took its place.

    Personal data: about the holder. The public page shows that and when, never the reason.
    """

    certificate_id = models.UUIDField()
    certificate = belongs_to(Certificate, "certificate_id", "revocations")
    revoked_at = models.DateTimeField()
    reason = models.CharField(max_length=REASON_LENGTH)
    replacement_id = models.UUIDField(null=True, blank=True)
    replacement = belongs_to(Certificate, "replacement_id", "replaces", null=True)
    by_id = models.UUIDField(null=True, blank=True)  # who did it; the holder or an administrator

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["organization", "certificate_id"], name="modules_revoked_once"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="modules_revoked_reason"),
            TenantForeignKey(
                column="membership_id",
                table="course_membership",
                name="modules_revoked_person_fk",
            ),
            TenantForeignKey(
                column="certificate_id",
                table="modules_certificate",
                name="modules_revoked_which_fk",
            ),
            TenantForeignKey(
                column="replacement_id",
                table="modules_certificate",
                name="modules_revoked_by_fk",
            ),
        ]

    def __str__(self) -> str:
        return f"withdrawn {self.revoked_at:%Y-%m-%d}"
