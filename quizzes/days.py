"""Days as people in Malaysia count them: a due date is the end of a day there. Pure.

Malaysia has had one offset, without summer time, since 1982; so no zone data are needed.
"""

from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Final

ZONE: Final = timezone(timedelta(hours=8), "MYT")


def first_instant(day: date) -> datetime:
    """When a day begins, in UTC."""
    return datetime.combine(day, time.min, ZONE).astimezone(UTC)


def last_instant(day: date) -> datetime:
    """The last whole minute of a day, in UTC: what "until Friday" means."""
    return datetime.combine(day, time(23, 59), ZONE).astimezone(UTC)


def day_of(at: datetime) -> date:
    """The day it is there."""
    return at.astimezone(ZONE).date()
