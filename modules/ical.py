"""PURE: a calendar file by RFC 5545: whole days, lines of at most 75 bytes, CRLF at their ends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

LINE_BYTES: Final = 75
PRODUCT: Final = "-//Kenali//Kenali 1//EN"


@dataclass(frozen=True, slots=True)
class Day:
    """A day on which something is due. `uid` stays the same when the day moves."""

    uid: str
    day: date
    title: str
    changed_at: datetime


def calendar(days: Sequence[Day], *, name: str, at: datetime) -> bytes:
    """The whole file. A day is an all-day entry that does not make anybody look busy."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{PRODUCT}",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT12H",
        *(line for one in days for line in _event(one, at)),
        "END:VCALENDAR",
    ]
    return "".join(f"{line}\r\n" for line in _folded(lines)).encode()


def _event(one: Day, at: datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{escaped(one.uid)}"
    yield f"DTSTAMP:{_utc(at)}"
    yield f"LAST-MODIFIED:{_utc(one.changed_at)}"
    yield f"DTSTART;VALUE=DATE:{one.day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{one.day + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{escaped(one.title)}"
    yield "CLASS:PRIVATE"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def escaped(text: str) -> str:
    """A text value (3.3.11): backslash, semicolon, comma and line ends are written otherwise."""
    text = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return "\\n".join(text.splitlines())


def _folded(lines: Iterable[str]) -> Iterator[str]:
    """Long lines in pieces; a sign of several bytes is never cut (3.1)."""
    for line in lines:
        piece, room = "", LINE_BYTES
        for sign in line:
            if len((piece + sign).encode()) > room:
                yield piece
                piece = " "
            piece += sign
        yield piece
