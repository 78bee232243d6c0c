"""A list of people that an administrator has sent in and not yet, or just now, put to work."""

from datetime import datetime
from typing import Any, ClassVar, Self

from django.db import models

from course.models.base import TenantForeignKey, TenantModel, TenantQuerySet, belongs_to
from course.models.fields import DocumentField
from course.models.organizations import Membership


class PeopleImportQuerySet(TenantQuerySet["PeopleImport"]):
    """Reads of lists."""

    def open_at(self, at: datetime) -> Self:
        """Those that may still be looked at and applied."""
        return self.filter(applied_at__isnull=True, expires_at__gt=at)

    def left_over(self, at: datetime) -> Self:
        """Those that nobody applied in time, of every organisation: for the hourly tidying."""
        old = self.unscoped("what has expired goes, whosever it was")
        return old.filter(applied_at__isnull=True, expires_at__lte=at)


class PeopleImport(TenantModel):
    """One uploaded list between the look at what it would do and the doing.

    Personal data: `rows` holds what the file said, for an hour at most; applying empties it. Kept
    here and not in the browser, so that what is applied is what was looked at. `outcome` keeps
    numbers and ids of memberships, so that the record of changes can say who came by which list.
    """

    created_by_id = models.UUIDField()
    created_by = belongs_to(Membership, "created_by_id")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    file_digest = models.CharField(max_length=64)
    rows = DocumentField(default=list)
    applied_at = models.DateTimeField(null=True, blank=True)
    outcome = DocumentField(default=dict)

    objects: ClassVar[Any] = PeopleImportQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            TenantForeignKey(
                column="created_by_id",
                table="course_membership",
                name="course_people_import_maker_fk",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d %H:%M}"
