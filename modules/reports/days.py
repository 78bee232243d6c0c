"""The roll-ups of closed days: written once, checked against the facts, summed for operators.

A day that is not closed is always counted from the facts. What happened on a closed day does not
change any more: facts carry the instant at which the server took them, and places have a history.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Max, Sum

from course.models import Organization
from modules.models import DayCount
from modules.outline import Outline
from modules.reports.asking import Question, instant
from modules.reports.completion import read_summary
from modules.reports.past import count_days
from modules.reports.population import Staff
from modules.reports.states import State

# What was begun before midnight is dated so and may be stored after it, while the sums of the day
# are being counted; these are never counted again. Nothing takes an hour to be stored.
CLOSES_AFTER: Final = timedelta(hours=1)
MONTHS_BACK: Final = 24  # a first run also writes the last day of each of these months
NUMBERS: Final = (
    "population",
    "not_started",
    "started",
    "completed",
    "expiring",
    "expired",
    "overdue",
)


@dataclass(frozen=True, slots=True)
class Difference:
    """One row that says something else than the facts. `kept` is empty where the row is missing."""

    organization: str
    day: date
    module: str
    kept: tuple[int, ...]
    counted: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Everywhere:
    """All organisations at the end of one day. `organizations`: of how many the day is kept."""

    day: date
    organizations: int
    population: int
    not_started: int
    started: int
    completed: int  # counts still, with those that run out soon
    expiring: int
    expired: int
    overdue: int


def last_closed(at: datetime) -> date:
    """The newest day that is closed: it ended an hour ago or more, in the zone of the site."""
    local = (at - CLOSES_AFTER).astimezone(ZoneInfo(settings.KENALI_TIME_ZONE))
    return local.date() - timedelta(days=1)


def roll_up(outline: Outline, *, at: datetime) -> Iterator[tuple[str, int]]:
    """Write the days that are missing; yields (key of an organisation, days written).

    Each organisation is a transaction of its own: what is done stays when it is stopped.
    """
    for house in Organization.objects.order_by("key").iterator():
        rows = DayCount.objects.in_organization(house)
        kept = set(rows.filter(module="").values_list("day", flat=True))
        missing = [day for day in wanted_days(house, at) if day not in kept]
        if missing:
            with transaction.atomic():
                _write_days(outline, house, missing, at)
            yield house.key, len(missing)


def wanted_days(house: Organization, at: datetime) -> list[date]:
    """The newest closed day, and the ends of the last 24 months since the organisation exists."""
    last = last_closed(at)
    born = _born(house)
    days = [last]
    end = last.replace(day=1) - timedelta(days=1)
    while len(days) <= MONTHS_BACK and end >= born:
        days.append(end)
        end = end.replace(day=1) - timedelta(days=1)
    return sorted(day for day in days if day >= born)


def _write_days(outline: Outline, house: Organization, days: list[date], at: datetime) -> None:
    rows = [
        DayCount(
            organization=house, day=day, module=module, **dict(zip(NUMBERS, numbers, strict=True))
        )
        for day, module, numbers in count_days(outline, house.pk, days, at)
    ]
    # Another run may have been faster; its rows say the same.
    DayCount.objects.bulk_create(rows, ignore_conflicts=True)


def _count(
    outline: Outline, organization: UUID, day: date, module: str, at: datetime
) -> tuple[int, ...]:
    """One row by the report itself, which reads the facts in another way than `count_days`."""
    question = Question(as_of=day, module=module)
    found = read_summary(outline, Staff(organization), question, instant(question, at))
    states = (found.counts.get(state, 0) for state in State)
    return (found.population, *states, found.overdue)


def check_days(
    outline: Outline, *, points: int, at: datetime, seed: int = 0
) -> tuple[int, list[Difference]]:
    """Count `points` random rows again from the facts; returns how many, and what differs.

    An organisation without the newest day is a difference too.
    """
    found = list(_missing())
    ids = list(
        DayCount.objects.unscoped("the checker looks everywhere").values_list("id", flat=True)
    )
    chosen = random.Random(seed).sample(ids, min(points, len(ids)))  # noqa: S311 -- a sample
    rows = DayCount.objects.unscoped("the checker looks everywhere").filter(id__in=chosen)
    for row in rows.select_related("organization"):
        counted = _count(outline, row.organization_id, row.day, row.module, at)
        kept = tuple(getattr(row, name) for name in NUMBERS)
        if kept != counted:
            found.append(Difference(row.organization.key, row.day, row.module, kept, counted))
    return len(chosen), found


def _missing() -> Iterator[Difference]:
    """The newest day that is kept of anybody must be kept of everybody who was there."""
    rows = DayCount.objects.everywhere("the checker looks everywhere").order_by()
    latest = rows.aggregate(last=Max("day"))["last"]
    if latest is None:
        return
    kept = set(rows.filter(day=latest).values_list("organization_id", flat=True))
    for house in Organization.objects.order_by("key"):
        if _born(house) <= latest and house.pk not in kept:
            yield Difference(house.key, latest, "", (), ())


def _born(house: Organization) -> date:
    return house.created_at.astimezone(ZoneInfo(settings.KENALI_TIME_ZONE)).date()


def read_everywhere(day: date | None = None) -> Everywhere | None:
    """All organisations on the newest closed day, or on `day`; None when nothing is kept.

    One statement over a row for each organisation, whatever the number of people.
    """
    rows = DayCount.objects.everywhere("operators see the sums of all organisations")
    day = day or rows.aggregate(last=Max("day"))["last"]
    sums = rows.filter(day=day).aggregate(
        organizations=Count("id"), **{name: Sum(name) for name in NUMBERS}
    )
    if day is None or not sums["organizations"]:
        return None
    sums["completed"] += sums["expiring"]
    return Everywhere(day=day, **sums)


__all__ = [
    "Difference",
    "Everywhere",
    "check_days",
    "last_closed",
    "read_everywhere",
    "roll_up",
    "wanted_days",
]
