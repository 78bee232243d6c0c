"""When something comes again: weeks, month ends, quarters, clocks that are put forward and back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.rhythm import LAST_DAY, Often, Rhythm, day_before, latest_due, next_due

MALAYSIA = "Asia/Kuala_Lumpur"
BERLIN = "Europe/Berlin"


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rhythm", "at", "latest", "following"),
    [
        pytest.param(
            Rhythm(often=Often.WEEKLY, weekday=0, hour=8, zone=MALAYSIA),
            utc(2026, 11, 25, 4),
            utc(2026, 11, 23, 0),
            utc(2026, 11, 30, 0),
            id="Monday at 8 in Malaysia is midnight in UTC",
        ),
        pytest.param(
            Rhythm(often=Often.WEEKLY, weekday=0, hour=7, zone=MALAYSIA),
            utc(2026, 11, 22, 23),
            utc(2026, 11, 22, 23),
            utc(2026, 11, 29, 23),
            id="the very moment counts, and Monday morning is still Sunday in UTC",
        ),
        pytest.param(
            Rhythm(often=Often.MONTHLY, day=1, hour=8, zone=MALAYSIA),
            utc(2026, 12, 31, 23, 59),
            utc(2026, 12, 1, 0),
            utc(2027, 1, 1, 0),
            id="the first of January, just before",
        ),
        pytest.param(
            Rhythm(often=Often.MONTHLY, day=LAST_DAY, hour=20, zone=MALAYSIA),
            utc(2028, 3, 1, 0),
            utc(2028, 2, 29, 12),
            utc(2028, 3, 31, 12),
            id="the last day of a February in a leap year",
        ),
        pytest.param(
            Rhythm(often=Often.MONTHLY, day=28, hour=8, zone=MALAYSIA),
            utc(2027, 3, 1, 0),
            utc(2027, 2, 28, 0),
            utc(2027, 3, 28, 0),
            id="day 28 is in every month",
        ),
        pytest.param(
            Rhythm(often=Often.QUARTERLY, day=1, hour=8, zone=MALAYSIA),
            utc(2026, 12, 31, 0),
            utc(2026, 10, 1, 0),
            utc(2027, 1, 1, 0),
            id="quarters begin in January, April, July, October",
        ),
        pytest.param(
            Rhythm(often=Often.QUARTERLY, day=LAST_DAY, hour=8, zone=MALAYSIA),
            utc(2026, 11, 25, 0),
            utc(2026, 9, 30, 0),
            utc(2026, 12, 31, 0),
            id="the last day of a quarter",
        ),
        pytest.param(
            Rhythm(often=Often.WEEKLY, weekday=6, hour=2, zone=BERLIN),
            utc(2026, 3, 29, 12),
            utc(2026, 3, 29, 1),
            utc(2026, 4, 5, 0),
            id="two o'clock is skipped: it comes at three",
        ),
        pytest.param(
            Rhythm(often=Often.WEEKLY, weekday=6, hour=2, zone=BERLIN),
            utc(2026, 10, 25, 12),
            utc(2026, 10, 25, 0),
            utc(2026, 11, 1, 1),
            id="two o'clock comes twice: the first counts",
        ),
        pytest.param(
            Rhythm(often=Often.MONTHLY, day=1, hour=8, zone=BERLIN),
            utc(2026, 7, 15),
            utc(2026, 7, 1, 6),
            utc(2026, 8, 1, 6),
            id="eight o'clock in summer",
        ),
        pytest.param(
            Rhythm(often=Often.MONTHLY, day=1, hour=8, zone=BERLIN),
            utc(2026, 12, 15),
            utc(2026, 12, 1, 7),
            utc(2027, 1, 1, 7),
            id="and in winter",
        ),
    ],
)
def test_times(rhythm: Rhythm, at: datetime, latest: datetime, following: datetime) -> None:
    assert latest_due(rhythm, at) == latest
    assert next_due(rhythm, at) == following


RHYTHMS = st.builds(
    Rhythm,
    often=st.sampled_from(Often),
    weekday=st.integers(0, 6),
    day=st.integers(0, 28),
    hour=st.integers(0, 23),
    zone=st.sampled_from([MALAYSIA, BERLIN, "America/St_Johns", "Australia/Lord_Howe", "UTC"]),
)
SECONDS = st.integers(1_577_836_800, 2_208_988_800)  # 2020 to 2040
INSTANTS = SECONDS.map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
LONGEST = {
    Often.WEEKLY: timedelta(days=7, hours=2),
    Often.MONTHLY: timedelta(days=31, hours=2),
    Often.QUARTERLY: timedelta(days=92, hours=2),
}


@given(RHYTHMS, INSTANTS)
def test_at_any_time_of_any_rhythm(rhythm: Rhythm, at: datetime) -> None:
    """Its neighbours stand on either side, nothing lies between, the clock shows the hour."""
    before, after = latest_due(rhythm, at), next_due(rhythm, at)
    assert before <= at < after
    assert after - before <= LONGEST[rhythm.often]
    assert latest_due(rhythm, after) == after
    assert latest_due(rhythm, after - timedelta(microseconds=1)) == before
    local = after.astimezone(ZoneInfo(rhythm.zone))
    # An hour that was skipped is shown one (or, on Lord Howe, half an) hour later.
    assert local.hour == rhythm.hour or local.hour == rhythm.hour + 1
    if rhythm.often is Often.WEEKLY:
        assert local.weekday() == rhythm.weekday
    elif rhythm.day == LAST_DAY:
        assert (local + timedelta(days=1)).day == 1
    else:
        assert local.day == rhythm.day
    if rhythm.often is Often.QUARTERLY:
        assert local.month % 3 == (0 if rhythm.day == LAST_DAY else 1)


def test_the_day_before_is_that_of_the_place() -> None:
    assert day_before(utc(2026, 11, 30, 0), MALAYSIA) == date(2026, 11, 29)
    assert day_before(utc(2026, 11, 29, 23), MALAYSIA) == date(2026, 11, 29)
    assert day_before(utc(2026, 11, 30, 0), "America/St_Johns") == date(2026, 11, 28)


@pytest.mark.parametrize("wrong", [{"weekday": 7}, {"day": 29}, {"day": -1}, {"hour": 24}])
def test_what_no_calendar_has_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="No such"):
        Rhythm(often=Often.MONTHLY, zone=MALAYSIA, **wrong)
