"""Modules and lessons as published: lasting rows with immutable versions. Decision 0007."""

from typing import ClassVar

from django.db import models

from course.models import PublishedThing, ThingVersion


class Module(PublishedThing):
    """One of the course's modules. No personal data."""

    current = models.ForeignKey(
        "modules.ModuleVersion", on_delete=models.PROTECT, related_name="+", null=True
    )


class ModuleVersion(ThingVersion):
    """Title, summary, outcomes and the list of lessons from one release on. No personal data.

    `document` has the shape that modules.compiling.compile_module returns.
    """

    thing = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="versions")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["thing", "number"], name="modules_module_number"),
            # The same words are the same version, however often they come back.
            models.UniqueConstraint(fields=["thing", "digest"], name="modules_module_digest"),
        ]


class Lesson(PublishedThing):
    """One lesson; `key` is "module/lesson". No personal data."""

    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="lessons")
    current = models.ForeignKey(
        "modules.LessonVersion", on_delete=models.PROTECT, related_name="+", null=True
    )


class LessonVersion(ThingVersion):
    """What a lesson said from one release on, in every language. No personal data.

    `document` has the shape that modules.compiling.compile_lesson returns.
    """

    thing = models.ForeignKey(Lesson, on_delete=models.PROTECT, related_name="versions")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["thing", "number"], name="modules_lesson_number"),
            models.UniqueConstraint(fields=["thing", "digest"], name="modules_lesson_digest"),
        ]
