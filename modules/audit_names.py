"""What the things of the upper floors are called in the record of changes.

A certificate by the beginning of the number that is printed on it and whose it is; what was asked
by its title and the day on which it was asked; an attempt by whose it is.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import get_language

from course.audit_names import Named, day_words, register_names, shown_or_erased
from course.models.base import Viewer
from modules.models import ApiToken, Certificate, ReportSchedule
from modules.published import current_outline
from modules.targets import Titles
from quizzes.models import Assignment, Attempt, Comment

NAME = (
    "membership__user__display_name",
    "membership__user__username",
    "membership__user__is_active",
)


def short_number(uuid: UUID) -> str:
    """The beginning of a certificate's printed number: enough to find the paper."""
    return str(uuid).partition("-")[0]


def _name(person: Sequence[Any]) -> str:
    alias, username, is_active = person
    return shown_or_erased(alias or username, username, is_active=is_active)


def _certificates(viewer: Viewer, ids: Collection[UUID]) -> Mapping[UUID, Named]:
    rows = Certificate.objects.visible_to(viewer).filter(id__in=ids)
    return {
        key: Named(
            f"{short_number(uuid)} ({_name(person)})",
            reverse("modules:one_certificate", args=[uuid]),
        )
        for key, uuid, *person in rows.values_list("id", "uuid", *NAME)
    }


def _assignments(viewer: Viewer, ids: Collection[UUID]) -> Mapping[UUID, Named]:
    rows = Assignment.objects.visible_to(viewer).filter(id__in=ids)
    found = list(rows.values_list("id", "target_kind", "target_key", "assigned_at"))
    titles = Titles(current_outline(), get_language() or "en")
    return {
        key: Named(f"{titles.of(kind, target)}, {day_words(at)}") for key, kind, target, at in found
    }


def _attempts(viewer: Viewer, ids: Collection[UUID]) -> Mapping[UUID, Named]:
    rows = Attempt.objects.visible_to(viewer).filter(id__in=ids)
    return {key: Named(_name(person)) for key, *person in rows.values_list("id", *NAME)}


def _comments(viewer: Viewer, ids: Collection[UUID]) -> Mapping[UUID, Named]:
    """Their day. What they say is between a learner and a trainer."""
    rows = Comment.objects.visible_to(viewer).filter(id__in=ids)
    return {key: Named(day_words(at)) for key, at in rows.values_list("id", "made_at")}


def _named(table: Any) -> Any:
    """For things that somebody gave a name."""

    def read(viewer: Viewer, ids: Collection[UUID]) -> Mapping[UUID, Named]:
        rows = table.objects.visible_to(viewer).filter(id__in=ids)
        return {key: Named(name) for key, name in rows.values_list("id", "name")}

    return read


def register() -> None:
    """Called once, when the floor starts."""
    register_names("certificate", _certificates, fields=("certificates", "replacement"))
    register_names("assignment", _assignments, fields=("assignment",))
    register_names("attempt", _attempts)
    register_names("comment", _comments, fields=("note",))
    register_names("schedule", _named(ReportSchedule))
    register_names("token", _named(ApiToken))


__all__ = ["register", "short_number"]
