"""The private address of a person's calendar."""

from typing import Any, ClassVar, Final, Self

from django.db import models

from course.models import Membership, TenantForeignKey, TenantModel, belongs_to
from course.models.base import TenantQuerySet

FEED_PURPOSE: Final = "calendar"  # what the code of an address is hashed for


class CalendarFeedQuerySet(TenantQuerySet["CalendarFeed"]):
    """Reads of calendar addresses."""

    def with_code_hash(self, code_hash: str) -> Self:
        """The one whose secret has this hash: a calendar program sends nothing but the code."""
        rows = self.unscoped("the code names the organisation").filter(code_hash=code_hash)
        return rows.filter(membership__is_active=True).select_related("membership__user")


class CalendarFeed(TenantModel):
    """That a person has a private calendar address. Personal data: the link to the person.

    Only the hash of the code is stored; another code takes its place, and without the row there is
    no address. What the calendar shows is read from the assignments each time.
    """

    membership_id = models.UUIDField()
    membership = belongs_to(Membership, "membership_id")
    code_hash = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    objects: ClassVar[Any] = CalendarFeedQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["organization", "membership_id"], name="modules_feed_once"
            ),
            TenantForeignKey(
                column="membership_id", table="course_membership", name="modules_feed_person_fk"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            # A calendar program knows the code only, not the organisation.
            models.Index(fields=["code_hash"], name="modules_feed_code"),
        ]

    def __str__(self) -> str:
        return f"calendar since {self.made_at:%Y-%m-%d}"
