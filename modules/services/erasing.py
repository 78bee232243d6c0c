"""Erasing a person on every floor: what goes, what stays as a number, and the doing of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from course.models import Membership, User
from course.services.privacy import Decided, empty_logs, erase_person, erase_place
from modules.models import (
    CalendarFeed,
    Certificate,
    Completion,
    HolderName,
    LessonCompletion,
    Notice,
    NoticePreference,
    Review,
)
from modules.services.forgetting import forget_person
from quizzes.models import Accommodation, Attempt, Comment, Evidence, Response


@dataclass(frozen=True, slots=True)
class Counted:
    """One kind of thing and how many of it hang on a person."""

    title: str | Promise
    number: int


Count = Callable[[Membership], int]


def _of(table: Any) -> Count:
    return lambda place: table.objects.of_person(place).count()


def _names(place: Membership) -> int:
    rows = HolderName.objects.in_organization(place.organization_id)
    return int(rows.filter(certificate__membership_id=place.id).count())


def _answers(place: Membership) -> int:
    rows = Response.objects.in_organization(place.organization_id)
    return int(rows.filter(attempt__membership_id=place.id).count())


_GOES: tuple[tuple[str | Promise, Count], ...] = (
    (_("Names on certificates"), _names),
    (_("What the person needs in quizzes"), _of(Accommodation)),
    (_("Notes that trainers wrote to the person"), _of(Comment)),
    (_("Reminders"), _of(Notice)),
    (_("Wishes on reminders"), _of(NoticePreference)),
    (_("Calendar address"), _of(CalendarFeed)),
)
_STAYS: tuple[tuple[str | Promise, Count], ...] = (
    (_("Lessons finished"), _of(LessonCompletion)),
    (_("Modules and courses completed"), _of(Completion)),
    (_("Quizzes taken"), _of(Attempt)),
    (_("Answers"), _answers),
    (_("What the answers count for"), _of(Evidence)),
    (_("Refreshers"), _of(Review)),
    (_("Certificates, without a name"), _of(Certificate)),
)


def what_goes(place: Membership) -> list[Counted]:
    """What is deleted besides the account, by kind. One query each, however much there is."""
    return [Counted(title, count(place)) for title, count in _GOES]


def what_stays(place: Membership) -> list[Counted]:
    """What stays as a number of nobody, by kind. One query each."""
    return [Counted(title, count(place)) for title, count in _STAYS]


def erase_self(*, user: User, at: datetime) -> bool:
    """Somebody deletes their own account, in every organisation. Raises Refused.

    Returns whether the logs of the database are empty of it already.
    """
    with transaction.atomic():
        places = list(Membership.objects.of_user(user))
        erase_person(user=user, decided=Decided.SELF, at=at)
        for place in places:
            forget_person(place, at=at)
    return empty_logs()


def erase_somebody(
    *, membership: Membership, actor: Membership, reason: str = "", at: datetime
) -> bool:
    """An administrator erases somebody of their organisation, there only. Raises Refused."""
    with transaction.atomic():
        erase_place(
            membership=membership,
            actor=actor,
            decided=Decided.ADMINISTRATOR,
            reason=reason,
            at=at,
        )
        forget_person(membership, at=at)
    return empty_logs()


__all__ = ["Counted", "erase_self", "erase_somebody", "what_goes", "what_stays"]
