"""PURE: hours in which nobody is disturbed, on a person's own clock.

All instants are aware; results are in UTC. Quiet hours include their start and exclude their end,
may cross midnight, and are none at all when both are the same time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from quizzes.days import ZONE as MALAYSIA

DEFAULT_ZONE: Final = "Asia/Kuala_Lumpur"
# Where frontline staff in Malaysia and their colleagues work. A list of 400 names is no choice on a
# phone; more can be added here without a migration.
ZONES: Final = (
    DEFAULT_ZONE,
    "Asia/Bangkok",
    "Asia/Dhaka",
    "Asia/Jakarta",
    "Asia/Kathmandu",
    "Asia/Kolkata",
    "Asia/Manila",
    "Asia/Singapore",
    "Asia/Yangon",
    "UTC",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """From `start` to `end` on the clocks of `zone`."""

    start: time
    end: time
    zone: str = DEFAULT_ZONE


@cache
def zone_of(name: str) -> tzinfo:
    """The zone with this name; Malaysia's where the machine does not know the name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return MALAYSIA  # a machine without zone data still keeps its nights


def local_date(at: datetime, zone: str) -> date:
    """The day it is for somebody in `zone`."""
    return at.astimezone(zone_of(zone)).date()


def is_quiet(at: datetime, hours: QuietHours) -> bool:
    """True when the clock of the person stands inside the quiet hours."""
    now = at.astimezone(zone_of(hours.zone)).time()
    if hours.start <= hours.end:
        return hours.start <= now < hours.end
    return now >= hours.start or now < hours.end


def next_allowed(at: datetime, hours: QuietHours) -> datetime:
    """`at` itself when it is not quiet, otherwise the next time the quiet hours end.

    Where clocks are put forward over the end of the quiet hours, that night's end is as much later
    as the clocks were moved; it is never earlier.
    """
    if not is_quiet(at, hours):
        return at.astimezone(UTC)
    local = at.astimezone(zone_of(hours.zone))
    end = local.replace(
        hour=hours.end.hour, minute=hours.end.minute, second=hours.end.second, microsecond=0
    )
    if local.time() >= hours.end:
        end = (end + timedelta(days=1)).replace(fold=0)
    found = end.astimezone(UTC)
    # An end that the clocks skipped can land in the next quiet hours.
    return next_allowed(found, hours)
