"""What a value is in a file: typed, in the zone of the site, with only signs that files can hold.

Every writer takes its cells from here, so that no two files can say different things. Pure.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any, Final

from course.spreadsheets import plain_text
from modules.reports.tables import Column, Kind, Table

SHARE_PLACES: Final = 4  # 0.4123 is 41.23 %: more would not be the same in every file

# None is an empty cell. A `datetime` is aware, in the zone of the site.
Value = str | int | float | date | datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """Who took a file out, where and when: it is written into the file. `by` names one account."""

    organization: str
    by: str
    at: datetime


def typed(kind: Kind, value: Any, zone: tzinfo) -> Value:
    """The value as its column promises it."""
    if value is None or value == "":
        return None
    if kind is Kind.TEXT or isinstance(value, str):
        return plain_text(str(value))  # a word may stand for a number that is not told
    if kind is Kind.INSTANT:
        return _local(value, zone)
    if kind is Kind.DATE:
        day: date = _local(value, zone).date() if isinstance(value, datetime) else value
        return day
    if isinstance(value, float) and not math.isfinite(value):
        return None
    number: int | float = round(value, SHARE_PLACES) if kind is Kind.SHARE else value
    return int(number) if kind is Kind.NUMBER and number == int(number) else number


def typed_rows(table: Table, zone: tzinfo) -> Iterator[tuple[Value, ...]]:
    """The rows, one by one."""
    kinds = [column.kind for column in table.columns]
    for cells in table.cells():
        yield tuple(typed(kind, cell, zone) for kind, cell in zip(kinds, cells, strict=True))


def titles_of(table: Table) -> list[str]:
    """The heads of the columns in the reader's language of this moment."""
    return [title_of(column) for column in table.columns]


def title_of(column: Column) -> str:
    """The head of one column."""
    return plain_text(str(column.title))


def about_of(table: Table) -> list[str]:
    """The sentences above the table."""
    return [plain_text(str(sentence)) for sentence in table.about]


def minute(value: datetime) -> str:
    """An instant as spreadsheets read it, to the minute."""
    return f"{value:%Y-%m-%d %H:%M}"


def _local(value: datetime, zone: tzinfo) -> datetime:
    if value.tzinfo is None:
        raise ValueError("An instant without a zone means something else on every machine.")
    return value.astimezone(zone)
