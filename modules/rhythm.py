"""PURE: on which days and at which hour something comes again, on the clocks of one place.

All instants are aware; results are in UTC. An hour that the clocks skip comes one hour later on
that day; an hour that comes twice counts the first time.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

LAST_DAY: Final = 0  # of the month, or of the quarter
LATEST_DAY: Final = 28  # the last number that every month has
QUARTER: Final = 3


class Often(StrEnum):
    """How often."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """When something comes again.

    `weekday` (0 is Monday) counts for weekly, `day` for the others: a day of the month or of the
    first month of the quarter, or LAST_DAY of either.
    """

    often: Often
    weekday: int = 0
    day: int = 1
    hour: int = 8
    zone: str

    def __post_init__(self) -> None:
        """Refuse what no calendar has."""
        if not (0 <= self.weekday <= 6 and LAST_DAY <= self.day <= LATEST_DAY):
            raise ValueError("No such day.")
        if not 0 <= self.hour <= 23:
            raise ValueError("No such hour.")


def latest_due(rhythm: Rhythm, at: datetime) -> datetime:
    """The last time at or before `at`: what was missed before it is not caught up with."""
    return max(due for due in _around(rhythm, at) if due <= at)


def next_due(rhythm: Rhythm, at: datetime) -> datetime:
    """The first time after `at`."""
    return min(due for due in _around(rhythm, at) if due > at)


def day_before(due: datetime, zone: str) -> date:
    """The last whole day before this instant: what a report of that time can tell for good."""
    return due.astimezone(ZoneInfo(zone)).date() - timedelta(days=1)


def _around(rhythm: Rhythm, at: datetime) -> list[datetime]:
    """The times of the period in which `at` lies, of the one before and of the one after."""
    today = at.astimezone(ZoneInfo(rhythm.zone)).date()
    if rhythm.often is Often.WEEKLY:
        chosen = today + timedelta(days=rhythm.weekday - today.weekday())
        days = [chosen + timedelta(weeks=number) for number in (-1, 0, 1)]
    else:
        months = QUARTER if rhythm.often is Often.QUARTERLY else 1
        first = _first_of_period(today, months)
        days = [
            _day_in(_moved(first, months * number), months, rhythm.day) for number in (-1, 0, 1)
        ]
    return [_instant(day, rhythm) for day in days]


def _first_of_period(day: date, months: int) -> date:
    return day.replace(month=(day.month - 1) // months * months + 1, day=1)


def _moved(first: date, months: int) -> date:
    number = first.year * 12 + first.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def _day_in(first: date, months: int, day: int) -> date:
    """The chosen day of the period that begins with `first`."""
    if day != LAST_DAY:
        return first.replace(day=day)
    last = _moved(first, months - 1)
    return last.replace(day=monthrange(last.year, last.month)[1])


def _instant(day: date, rhythm: Rhythm) -> datetime:
    # fold 0: the first of two equal hours, and an hour that is skipped moves on.
    local = datetime.combine(day, time(rhythm.hour), tzinfo=ZoneInfo(rhythm.zone))
    return local.astimezone(UTC)
