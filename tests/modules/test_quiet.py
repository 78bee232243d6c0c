"""Nights are kept on every clock, and reminders come on the right day."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.quiet import (
    DEFAULT_ZONE,
    ZONES,
    QuietHours,
    is_quiet,
    local_date,
    next_allowed,
    zone_of,
)
from modules.reminders import (
    LONGEST_WAIT,
    MOST_TRIES,
    When,
    expiry_step,
    nearness,
    next_try,
)

NIGHT = QuietHours(start=time(21), end=time(8))
# With clocks that move, also by half an hour.
ALL_ZONES = (*ZONES, "Europe/London", "America/St_Johns", "Australia/Lord_Howe")
INSTANTS = st.datetimes(datetime(2010, 1, 1), datetime(2035, 1, 1)).map(  # noqa: DTZ001 -- next line
    lambda naive: naive.replace(tzinfo=UTC)
)
TIMES = st.times().map(lambda one: one.replace(microsecond=0))
HOURS = st.builds(QuietHours, start=TIMES, end=TIMES, zone=st.sampled_from(ALL_ZONES))
FIXED = st.builds(QuietHours, start=TIMES, end=TIMES, zone=st.just(DEFAULT_ZONE))
# Clocks put back make 25 hours; an end that is skipped can fall into the next quiet hours.
A_WHILE = timedelta(hours=50)


def local(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    """A time on a clock in Malaysia."""
    return datetime(year, month, day, hour, minute, tzinfo=ZoneInfo(DEFAULT_ZONE))


def test_a_night_in_malaysia() -> None:
    assert not is_quiet(local(2026, 11, 24, 20, 59), NIGHT)
    assert is_quiet(local(2026, 11, 24, 21, 0), NIGHT)
    assert is_quiet(local(2026, 11, 25, 7, 59), NIGHT)
    assert not is_quiet(local(2026, 11, 25, 8, 0), NIGHT)
    morning = local(2026, 11, 25, 8, 0)
    assert next_allowed(local(2026, 11, 24, 23), NIGHT) == morning
    assert next_allowed(local(2026, 11, 25, 1), NIGHT) == morning
    assert next_allowed(local(2026, 11, 24, 12), NIGHT) == local(2026, 11, 24, 12)


def test_no_quiet_hours_when_both_times_are_the_same() -> None:
    none = QuietHours(start=time(8), end=time(8))
    assert not any(is_quiet(local(2026, 11, 24, hour), none) for hour in range(24))


@given(INSTANTS, HOURS)
def test_the_next_time_is_allowed_soon_and_never_in_the_past(
    at: datetime, hours: QuietHours
) -> None:
    found = next_allowed(at, hours)
    assert at <= found <= at + A_WHILE
    assert not is_quiet(found, hours)
    assert next_allowed(found, hours) == found
    assert found.tzinfo is UTC


@given(INSTANTS, FIXED, st.floats(0, 1, exclude_max=True))
def test_no_allowed_time_is_passed_over(at: datetime, hours: QuietHours, share: float) -> None:
    """On clocks that do not move: everything before the next allowed time is quiet."""
    found = next_allowed(at, hours)
    assert found < at + timedelta(days=1)
    if found > at:
        between = at + (found - at) * share
        assert found == between or is_quiet(between, hours)


@given(INSTANTS, FIXED)
def test_every_instant_is_quiet_or_in_the_opposite_hours(at: datetime, hours: QuietHours) -> None:
    opposite = QuietHours(start=hours.end, end=hours.start, zone=hours.zone)
    if hours.start != hours.end:
        assert is_quiet(at, hours) != is_quiet(at, opposite)


def test_a_skipped_end_is_later_and_still_allowed() -> None:
    """London, 29 March 2026: 01:00 to 02:00 did not happen."""
    hours = QuietHours(start=time(2, 15), end=time(1, 30), zone="Europe/London")
    at = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
    found = next_allowed(at, hours)
    assert not is_quiet(found, hours)
    assert at < found < at + A_WHILE


def test_an_unknown_zone_keeps_the_nights_of_malaysia() -> None:
    for name in ("Asia/Nowhere", "../etc", ""):
        lost = QuietHours(start=NIGHT.start, end=NIGHT.end, zone=name)
        assert is_quiet(local(2026, 11, 24, 23), lost)
        assert not is_quiet(local(2026, 11, 24, 12), lost)


@pytest.mark.parametrize("name", ZONES)
def test_every_zone_on_offer_is_known(name: str) -> None:
    assert str(zone_of(name)) == name


# --- which day ----------------------------------------------------------------------------------


def near(at: datetime, due_at: datetime | None, opens_at: datetime | None = None) -> When | None:
    return nearness(opens_at=opens_at, due_at=due_at, at=at, zone=DEFAULT_ZONE)


def test_three_days_before_and_on_the_day() -> None:
    due = local(2026, 11, 27, 18)
    assert near(local(2026, 11, 24, 17, 59), due) is None
    assert near(local(2026, 11, 24, 18), due) is When.SOON
    assert near(local(2026, 11, 26, 23, 59), due) is When.SOON
    assert near(local(2026, 11, 27, 0), due) is When.TODAY
    assert near(local(2026, 11, 27, 17, 59), due) is When.TODAY
    assert near(due, due) is None


def test_midnight_belongs_to_the_day_before() -> None:
    due = local(2026, 11, 28, 0)
    assert near(local(2026, 11, 27, 9), due) is When.TODAY
    assert near(local(2026, 11, 26, 9), due) is When.SOON


def test_nothing_without_a_date_or_before_it_opens() -> None:
    assert near(local(2026, 11, 24, 9), None) is None
    due, opens = local(2026, 11, 25, 9), local(2026, 11, 24, 12)
    assert near(local(2026, 11, 24, 11), due, opens) is None
    assert near(local(2026, 11, 24, 12), due, opens) is When.SOON


def test_the_day_is_that_of_the_person() -> None:
    at = datetime(2026, 11, 26, 17, tzinfo=UTC)  # already the 27th in Malaysia
    assert local_date(at, DEFAULT_ZONE).day == 27
    due = local(2026, 11, 27, 18)
    assert near(at, due) is When.TODAY
    assert nearness(opens_at=None, due_at=due, at=at, zone="UTC") is When.SOON


@pytest.mark.parametrize(
    ("days", "step"),
    [(91, None), (90, 90), (61, 90), (60, 60), (31, 60), (30, 30), (1, 30), (0, None), (-1, None)],
)
def test_what_expires_is_told_in_three_steps(days: int, step: int | None) -> None:
    at = local(2026, 11, 24, 9)
    assert expiry_step(expires_at=at + timedelta(days=days), at=at) == step


def test_waits_grow_are_bounded_and_end() -> None:
    at = local(2026, 11, 24, 9)
    waits = [next_try(tries=tries, at=at) for tries in range(1, MOST_TRIES)]
    spans = [one - at for one in waits if one is not None]
    assert len(spans) == MOST_TRIES - 1
    assert spans == sorted(spans)
    assert (spans[0], spans[-1]) == (timedelta(minutes=5), LONGEST_WAIT)
    assert next_try(tries=MOST_TRIES, at=at) is None
