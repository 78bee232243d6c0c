"""One-time sign-in links and the counters of guesses."""

from datetime import datetime
from typing import Any, ClassVar, Self

from django.db import models

from course.models.base import uuid7
from course.models.people import User


class SignInLinkQuerySet(models.QuerySet["SignInLink"]):
    """Reads of sign-in links."""

    def open_at(self, at: datetime) -> Self:
        """Those that still work."""
        return self.filter(used_at__isnull=True, expires_at__gt=at)


class SignInLink(models.Model):
    """A secret that signs one person in once, within a day. Only its hash is stored.

    Not a tenant table: it belongs to the person, as the passphrase does. Personal data: the link.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_in_links")
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = SignInLinkQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.id)


class ThrottleCounter(models.Model):
    """How often something was tried in one slice of ten minutes.

    Lives in the "transient" database, so that a flood of guesses never holds the write lock of the
    answers. No personal data: `key` is a keyed hash, so no address and no sign-in name is stored.
    Rows die after a day.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.CharField(max_length=64)
    slice_start = models.DateTimeField()
    count = models.IntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # Two processes that count the same slice add up instead of counting twice.
            models.UniqueConstraint(fields=["key", "slice_start"], name="course_throttle_slice"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["slice_start"], name="course_throttle_age"),
        ]

    def __str__(self) -> str:
        return f"{self.slice_start:%H:%M} {self.count}"
