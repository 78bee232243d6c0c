"""Keys with which another program of an organisation may read its reports."""

from datetime import datetime
from typing import Any, ClassVar, Final, Self

from django.db import models
from django.db.models import F, Q

from course.models import Membership, TenantForeignKey, TenantModel, belongs_to
from course.models.base import TenantQuerySet
from modules.scopes import Scope

TOKEN_NAME_LENGTH: Final = 80
KEY_PURPOSE: Final = "api"  # what a key is hashed for
SCOPES_LENGTH: Final = 200


class ApiTokenQuerySet(TenantQuerySet["ApiToken"]):
    """Reads of keys."""

    def with_hash(self, token_hash: str) -> Self:
        """The one whose secret has this hash: a program sends nothing else."""
        rows = self.unscoped("the key names the organisation").filter(token_hash=token_hash)
        return rows.select_related("organization")

    def open_at(self, at: datetime) -> Self:
        """Those that still open something."""
        return self.filter(revoked_at__isnull=True, expires_at__gt=at)

    def for_list_page(self) -> Self:
        """With its maker, the newest first: one query."""
        return self.select_related("made_by__user").order_by("-made_at", "-id")


class ApiToken(TenantModel):
    """A key of an organisation for another program. Personal data: who made it.

    It belongs to the organisation, not to its maker, whose leaving does not end it. Only a keyed
    hash is kept. `last_used_on` is a day and not a moment, and is written once a day: enough to
    find a key that nobody uses, without a diary of what the other program does.
    """

    name = models.CharField(max_length=TOKEN_NAME_LENGTH)
    token_hash = models.CharField(max_length=64)
    scopes = models.CharField(max_length=SCOPES_LENGTH)  # words between blanks
    made_by_id = models.UUIDField()
    made_by = belongs_to(Membership, "made_by_id")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_on = models.DateField(null=True, blank=True)

    objects: ClassVar[Any] = ApiTokenQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["organization", "token_hash"], name="modules_token_once"
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("made_at")), name="modules_token_ends"
            ),
            models.CheckConstraint(condition=~Q(scopes=""), name="modules_token_scopes"),
            TenantForeignKey(
                column="made_by_id", table="course_membership", name="modules_token_maker_fk"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            # A program knows the key only, not the organisation.
            models.Index(fields=["token_hash"], name="modules_token_hash"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def allowed(self) -> frozenset[Scope]:
        """What it may read."""
        return frozenset(Scope(one) for one in self.scopes.split())

    def is_open(self, at: datetime) -> bool:
        """Whether it still opens something."""
        return self.revoked_at is None and self.expires_at > at
