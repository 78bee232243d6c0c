"""A table as every way out draws it: screen, CSV, XLSX, PDF and JSON have the same rows. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What a column holds, so that each file can say it in its own way.

    TEXT: str. NUMBER: int. SHARE: a float from 0 to 1. DATE: `date`. INSTANT: aware `datetime`, as
    a date with the time in the zone of the site. Each may be None, which is an empty cell.
    """

    TEXT = "text"
    NUMBER = "number"
    SHARE = "share"
    DATE = "date"
    INSTANT = "instant"


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `key` is its name in JSON and never changes; `title` may be a lazy text."""

    key: str
    title: object
    kind: Kind
    value: Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Table:
    """Columns and rows, and the sentences above them: who is in it, as of when, who is left out.

    `rows` is walked once; it may be a generator over more rows than fit into memory. `about` may be
    made when it is read: not every file holds it, and it may need a look at everybody.
    `as_of`: the past day at whose end it looks; None: the moment at which it is made.
    """

    key: str
    title: object
    about: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: Iterable[Any]
    as_of: date | None = None

    def cells(self) -> Iterator[tuple[Any, ...]]:
        """The values of each row in the order of the columns."""
        for row in self.rows:
            yield tuple(column.value(row) for column in self.columns)


__all__ = ["Column", "Kind", "Table"]
