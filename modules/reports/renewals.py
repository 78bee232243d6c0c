"""Whose completion ends soon or has ended, and whether they have begun another round.

By the same facts as the completion report: a certificate's own end, or, without one, the end that
it would have; of several rounds the one that counts longest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db.models import Max, Q

from course.models import Membership
from course.models.base import Viewer
from modules.certificates import LIST_DAYS, add_months
from modules.models import Completion, Notice, NoticeKind
from modules.outline import Outline
from modules.reports.asking import Question
from modules.reports.facts import read_course, read_rounds
from modules.reports.population import Scene

SLACK: Final = timedelta(days=3)  # months have 28 to 31 days


class Group(StrEnum):
    """How near the end is. Everybody is in exactly one."""

    OVER = "over"
    DAYS_30 = "30"
    DAYS_60 = "60"
    DAYS_90 = "90"

    @property
    def days(self) -> int:
        """The number of days; 0 for what is over."""
        return 0 if self is Group.OVER else int(self.value)


@dataclass(frozen=True, slots=True)
class Ending:
    """One completion that ends: whose, when, of which round, and whether a later one is open."""

    person: UUID
    ends_at: datetime
    round: int
    has_begun: bool

    def group(self, at: datetime) -> Group:
        """Where it is listed at this instant."""
        if self.ends_at <= at:
            return Group.OVER
        days = next(days for days in LIST_DAYS if self.ends_at <= at + timedelta(days=days))
        return Group(str(days))


@dataclass(frozen=True, slots=True)
class Row:
    """One person of a page."""

    ending: Ending
    person: Membership
    told_at: datetime | None  # the newest notice about it


def read_endings(outline: Outline, viewer: Viewer, at: datetime) -> list[Ending]:
    """Everybody active whose completion has ended or ends within 90 days, the first to end first.

    Five queries, whatever the number of people.
    """
    scene = Scene(outline, viewer, Question(), at)
    who = _candidates(scene.organization, at)
    people = Membership.objects.visible_to(viewer).active()
    active = set(people.filter(id__in=who).values_list("id", flat=True))
    held, rounds = read_course(scene, who), read_rounds(scene, who)
    found = []
    for person in active:
        if mine := held.get(person):
            number, best = max(mine.items(), key=lambda pair: (pair[1].ends_at, pair[0]))
            if best.ends_at <= at + timedelta(days=LIST_DAYS[-1]):
                has_begun = rounds.number(person) > number
                found.append(Ending(person, best.ends_at, number, has_begun))
    return sorted(found, key=lambda one: (one.ends_at, one.person))


def _candidates(organization_id: UUID, at: datetime) -> Any:
    """Ids of people who completed long enough ago, or of whom a certificate was withdrawn."""
    last = at + timedelta(days=LIST_DAYS[-1]) + SLACK
    edge = add_months(last, -settings.KENALI_CERTIFICATE_MONTHS)
    rows = Completion.objects.in_organization(organization_id).filter(scope="course")
    long_ago = Q(completed_at__lte=edge)
    return rows.filter(long_ago | Q(certificates__revocations__isnull=False)).values(
        "membership_id"
    )


def counted(endings: list[Ending], at: datetime) -> Mapping[Group, int]:
    """How many are in each group; every group is there."""
    numbers = Counter(one.group(at) for one in endings)
    return {group: numbers[group] for group in Group}


def rows_of(endings: list[Ending], viewer: Viewer) -> list[Row]:
    """The endings of one page with names, offices and the newest notice: two queries."""
    ids = [one.person for one in endings]
    people = Membership.objects.visible_to(viewer).filter(id__in=ids)
    by_id = {one.id: one for one in people.select_related("user", "office")}
    told = newest_notices(viewer, ids)
    return [
        Row(one, by_id[one.person], told.get(one.person)) for one in endings if one.person in by_id
    ]


def newest_notices(viewer: Viewer, ids: list[UUID]) -> dict[UUID, datetime]:
    """Person -> when they were last told that something ends. One query."""
    rows = Notice.objects.visible_to(viewer)
    notices = rows.filter(membership_id__in=ids, kind=NoticeKind.CERTIFICATE.value)
    pairs = notices.order_by().values_list("membership_id").annotate(Max("made_at"))
    return dict(pairs)


__all__ = ["Ending", "Group", "Row", "counted", "newest_notices", "read_endings", "rows_of"]
