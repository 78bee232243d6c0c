"""The taught framework in the database: one table for all kinds of entries.

One table and not one per kind, because all kinds are published, versioned and read alike, and their
shapes are already written down once, in course.framework.schema. Decision 0007.
"""

from typing import ClassVar

from django.db import models

from course.models.publishing import PublishedThing, ThingVersion

KIND_LENGTH = 20


class FrameworkEntry(PublishedThing):
    """A stage, tactic, indicator, confounder, source, contact, response, claim or term.

    No personal data. `key` is "kind/key of the file", for example "indicators/debt-keeps-growing".
    """

    kind = models.CharField(max_length=KIND_LENGTH)
    current = models.ForeignKey(
        "course.FrameworkVersion", on_delete=models.PROTECT, related_name="+", null=True
    )

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            # Reference pages read one kind in order.
            models.Index(fields=["kind", "position"], name="course_framework_kind"),
        ]


class FrameworkVersion(ThingVersion):
    """What an entry said from one release on, in the shapes of schema.py. No personal data."""

    thing = models.ForeignKey(FrameworkEntry, on_delete=models.PROTECT, related_name="versions")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["thing", "number"], name="course_framework_number"),
            # The same words are the same version, however often they come back.
            models.UniqueConstraint(fields=["thing", "digest"], name="course_framework_digest"),
        ]
