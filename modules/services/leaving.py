"""Forgetting people who left, when the period that the operator set is over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from course.models import AuditEntry, Membership, Placement
from course.models.people import ERASED
from course.services.privacy import Decided, erase_place
from modules.certificates import add_months
from modules.services.forgetting import forget_person

IN_ONE_GO = 50  # the hourly chores run after somebody's request, so they stay short


def people_who_left(*, at: datetime) -> Iterator[Membership]:
    """Places that ended longer ago than the period and still have a name, in all organisations.

    A place ended when it was paused; whoever was let in again in between does not count. While a
    place is paused nobody can do anything in it, so the pause is also the last activity. None when
    the period is 0.
    """
    if not settings.KENALI_FORGET_LEFT_MONTHS:
        return
    before = add_months(at, -settings.KENALI_FORGET_LEFT_MONTHS)
    paused_lately: dict[Any, set[str]] = {}
    for place in _candidates(before):
        house = place.organization_id
        if house not in paused_lately:
            paused_lately[house] = _paused_since(house, before)
        if f"membership:{place.id}" not in paused_lately[house]:
            yield place


def _candidates(before: datetime) -> Iterable[Membership]:
    named = Placement.objects.paused_until_now(before).exclude(
        user__username__startswith=ERASED, user__is_active=False
    )
    found: Iterable[Membership] = named
    return found


def _paused_since(organization_id: Any, before: datetime) -> set[str]:
    """Whom the record knows to have been paused later.

    The history of places began with how things were on the day of an upgrade, and for people who
    were paused by then it only knows when they came. The record knows better. One query.
    """
    rows = AuditEntry.objects.in_organization(organization_id)
    late = rows.filter(action="membership.deactivate", at__gt=before)
    return set(late.values_list("subject", flat=True))


def forget_people_who_left(*, at: datetime, most: int = IN_ONE_GO) -> int:
    """Erase up to `most` of them, each in its own transaction; returns how many.

    Repeat until it returns 0.
    """
    some = [place for place, _ in zip(people_who_left(at=at), range(most), strict=False)]
    for place in some:
        with transaction.atomic():
            erase_place(membership=place, actor=None, decided=Decided.TIME, at=at)
            forget_person(place, at=at)
    return len(some)
