"""What is published: releases, things with a lasting key, and their immutable versions.

A thing (a framework entry, a module, a lesson, later an item) is one row for ever; what it says is
in version rows that are never changed. `current` names the version shown now. One load of the
content files makes at most one release. Decision 0007. No personal data anywhere in this file.
"""

from typing import Any, ClassVar, NoReturn, Self

from django.db import models

from course.models.base import uuid7
from course.models.fields import DocumentField

KEY_LENGTH = 140
DIGEST_LENGTH = 64


class ImmutableError(RuntimeError):
    """Somebody tried to change or remove what was published."""


class ImmutableQuerySet(models.QuerySet["ImmutableModel"]):
    """Rows that are added and read, never changed or removed."""

    def update(self, **_kwargs: Any) -> NoReturn:
        """Refused."""
        raise ImmutableError(f"{self.model.__name__}: published rows are never changed.")

    def delete(self) -> NoReturn:
        """Refused."""
        raise ImmutableError(f"{self.model.__name__}: published rows are never removed.")

    def bulk_update(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        """Refused."""
        raise ImmutableError(f"{self.model.__name__}: published rows are never changed.")


class ImmutableModel(models.Model):
    """Base of rows that stay as they were written. Holds no personal data."""

    objects: ClassVar[Any] = ImmutableQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the row once."""
        if not self._state.adding:
            raise ImmutableError(f"{type(self).__name__}: published rows are never changed.")
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        """Refused."""
        raise ImmutableError(f"{type(self).__name__}: published rows are never removed.")


class ContentRelease(ImmutableModel):
    """One load of the content files that changed something. No personal data.

    `digest` is of everything that is current after it; `summary` counts the changes by shelf.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.PositiveIntegerField(unique=True)
    applied_at = models.DateTimeField()
    digest = models.CharField(max_length=DIGEST_LENGTH)
    summary = DocumentField(default=dict)

    def __str__(self) -> str:
        return f"release {self.number}"


class ThingQuerySet(models.QuerySet["PublishedThing"]):
    """Reads of things."""

    def in_place(self) -> Self:
        """Those that are shown, in order, with what they say now: one query."""
        rows = self.filter(position__isnull=False).select_related("current")
        return rows.order_by("position", "key")

    def ever_published(self) -> Self:
        """The same and those withdrawn since, with what they said last: one query."""
        rows = self.filter(current__isnull=False).select_related("current")
        return rows.order_by("position", "key")


class PublishedThing(models.Model):
    """Base of what has a lasting key. Holds no personal data.

    `position` is its place in its list, or null after it was withdrawn: withdrawn things stay,
    because facts of learners point to them.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.CharField(max_length=KEY_LENGTH, unique=True)
    position = models.PositiveIntegerField(null=True)

    objects: ClassVar[Any] = ThingQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.key


class ThingVersion(ImmutableModel):
    """Base of what a thing said from one release on. Holds no personal data.

    `number` counts from 1 within the thing; `digest` is the SHA-256 of the document's canonical
    JSON, so that going back to an older text finds the older version and makes no new one.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=DIGEST_LENGTH)
    document = DocumentField()
    release = models.ForeignKey(ContentRelease, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"version {self.number}"
