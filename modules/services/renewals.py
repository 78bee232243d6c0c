"""What an administrator does about completions that end: remind people, begin their next round.

Nothing that was done or issued before is touched: a notice is added, or a round.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from course.models import Membership
from course.services import Refused, require_one_organization
from course.services.audit import record_event
from modules.models import Notice, NoticeKind
from modules.quiet import local_date
from modules.services.noticing import BY_HAND, preferences_of
from modules.services.planning import Wanted, is_paused, notice_from
from modules.services.renewing import renew_course

PAUSE: Final = timedelta(days=14)  # nobody is told again before


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """One person to be reminded: until when it counts, and whether the next round is open."""

    person: Membership
    ends_at: datetime
    has_begun: bool


@dataclass(slots=True)
class Reminded:
    """Who was reminded, and who was not and why."""

    told: list[Membership] = field(default_factory=list)
    told_before: list[Membership] = field(default_factory=list)  # within the last 14 days
    begun: list[Membership] = field(default_factory=list)  # no need: the round is open
    resting: list[Membership] = field(default_factory=list)  # want to hear of nothing now


def remind_people(*, due: Sequence[Due], actor: Membership, at: datetime) -> Reminded:
    """A notice for each, by mail too for those who want mail. Twice is once. Four queries."""
    require_one_organization(actor.organization_id, *(one.person.organization_id for one in due))
    done, people = Reminded(), [one.person for one in due]
    wishes = preferences_of(people)
    rows = Notice.objects.in_organization(actor.organization_id)
    recent = rows.filter(
        kind=NoticeKind.CERTIFICATE.value,
        membership_id__in=[one.id for one in people],
        made_at__gt=at - PAUSE,
        closed_at__isnull=True,
    )
    told = set(recent.values_list("membership_id", flat=True))
    fresh = []
    for one in due:
        if one.has_begun:
            done.begun.append(one.person)
        elif one.person.id in told:
            done.told_before.append(one.person)
        elif is_paused(wishes[one.person.id], at):
            done.resting.append(one.person)
        else:
            done.told.append(one.person)
            fresh.append(notice_from(_wanted(one, at), wishes[one.person.id], at=at))
    with transaction.atomic():
        Notice.objects.bulk_create(fresh, ignore_conflicts=True)
        if fresh:
            _record(actor, "renewal.remind", [one.id for one in done.told], at)
    return done


def _wanted(one: Due, at: datetime) -> Wanted:
    """The day is in the key, so that two clicks at once make one notice."""
    return Wanted(
        person=one.person,
        kind=NoticeKind.CERTIFICATE,
        key=f"{BY_HAND.strip(':')}:{one.ends_at:%Y%m%d}:{local_date(at, 'UTC'):%Y%m%d}",
        facts={"expires_at": one.ends_at.isoformat(), "by_hand": True},
    )


@dataclass(slots=True)
class Opened:
    """Whose next round was begun, and whose was not, by the reason."""

    begun: list[Membership] = field(default_factory=list)
    refused: Mapping[str, list[Membership]] = field(default_factory=dict)


def open_rounds(*, people: Sequence[Membership], actor: Membership, at: datetime) -> Opened:
    """Begin the next round of each who may; the others stay as they are, with the reason.

    What they completed and every certificate stays and counts until its own end.
    """
    require_one_organization(actor.organization_id, *(one.organization_id for one in people))
    done, refused = Opened(), defaultdict(list)
    with transaction.atomic():
        for person in sorted(people, key=lambda one: one.id):  # locks in one order for everybody
            try:
                renew_course(membership=person, at=at)
            except Refused as refusal:
                refused[str(refusal.reason)].append(person)
            else:
                done.begun.append(person)
        if done.begun:
            _record(actor, "renewal.open", [one.id for one in done.begun], at)
    done.refused = dict(refused)
    return done


def _record(actor: Membership, action: str, ids: list[UUID], at: datetime) -> None:
    record_event(
        organization=actor.organization,
        actor=actor,
        action=action,
        subject=f"organization:{actor.organization_id}",
        after={"people": [str(one) for one in ids]},
        at=at,
    )


__all__ = ["Due", "Opened", "Reminded", "open_rounds", "remind_people"]
