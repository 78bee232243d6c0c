"""PURE: what a person is reminded of on which day, and how long a mail that failed waits."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from modules.quiet import local_date

BEFORE: Final = timedelta(days=3)
EXPIRY_DAYS: Final = (30, 60, 90)
REFRESHER_PAUSE: Final = timedelta(days=7)
# A trainer who has had no message yet is told of what passed its date within this time.
FIRST_LOOK_BACK: Final = timedelta(days=7)

MOST_TRIES: Final = 8
FIRST_WAIT: Final = timedelta(minutes=5)
LONGEST_WAIT: Final = timedelta(hours=12)


class When(StrEnum):
    """How near a date is."""

    SOON = "due_soon"
    TODAY = "due_today"


def nearness(
    *, opens_at: datetime | None, due_at: datetime | None, at: datetime, zone: str
) -> When | None:
    """What a person with this to do should be reminded of now, if anything.

    The day itself is the last day on the person's clock with time left: what is due at midnight is
    due the evening before. What has not opened or is past its date needs no reminder any more.
    """
    if due_at is None or at >= due_at or (opens_at is not None and at < opens_at):
        return None
    if local_date(at, zone) == local_date(due_at - timedelta(microseconds=1), zone):
        return When.TODAY
    return When.SOON if due_at - at <= BEFORE else None


def expiry_step(*, expires_at: datetime, at: datetime) -> int | None:
    """30, 60 or 90: the nearest number of days that what expires has come within; None outside."""
    if at >= expires_at:
        return None
    return next((days for days in EXPIRY_DAYS if expires_at - at <= timedelta(days=days)), None)


def next_try(*, tries: int, at: datetime) -> datetime | None:
    """When a mail that has failed `tries` times is tried again; None when it is given up."""
    if tries >= MOST_TRIES:
        return None
    wait: timedelta = FIRST_WAIT * (4 ** max(0, tries - 1))
    return at + min(wait, LONGEST_WAIT)
