"""Questions of the reports that somebody wants to ask again."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q

from course.models import Membership, TenantForeignKey, TenantModel, belongs_to
from course.models.base import TenantQuerySet, Viewer

VIEW_NAME_LENGTH = 60
QUERY_LENGTH = 400
MOST_VIEWS = 20  # of one person: a list that is still read


class ReportViewQuerySet(TenantQuerySet["ReportView"]):
    """Reads of kept questions."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Everybody sees their own."""
        return super().visible_to(viewer).filter(membership_id=viewer.membership_id)


class ReportView(TenantModel):
    """A question under a name of its owner's choice. Personal data: whose it is.

    `query` is the part of an address after the question mark, as `Question.query` writes it: ids
    and words only. Whoever opens it is asked anew what they may see.
    """

    membership_id = models.UUIDField()
    membership = belongs_to(Membership, "membership_id")
    name = models.CharField(max_length=VIEW_NAME_LENGTH)
    query = models.CharField(max_length=QUERY_LENGTH, blank=True)
    saved_at = models.DateTimeField()

    objects: ClassVar[Any] = ReportViewQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["organization", "membership_id", "name"], name="modules_report_view_name"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="modules_report_view_named"),
            TenantForeignKey(
                column="membership_id",
                table="course_membership",
                name="modules_report_view_owner_fk",
            ),
        ]

    def __str__(self) -> str:
        return self.name
