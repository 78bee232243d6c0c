"""CSV: one line of heads, then the rows, and nothing else.

The sentences about the table stay out, also as a comment at the end: a program would take them for
a person, and a spreadsheet for a row. They are in the other files. UTF-8 with the mark that Excel
needs, commas, RFC 4180. Dates are written 2026-12-31 and times 2026-12-31 17:05, in the zone of the
site; shares are numbers from 0 to 1. Text that a spreadsheet would run has an apostrophe before it
(`course.spreadsheets`), and `true_text` takes it away again.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, tzinfo

from course.spreadsheets import Cell, stream_csv
from modules.reports.exports.values import Value, minute, titles_of, typed_rows
from modules.reports.tables import Table


def write_csv(table: Table, *, zone: tzinfo) -> Iterator[bytes]:
    """The file bit by bit; memory does not grow with the rows."""
    rows = ([_cell(value) for value in row] for row in typed_rows(table, zone))
    return stream_csv(titles_of(table), rows)


def _cell(value: Value) -> Cell:
    if isinstance(value, datetime):
        return minute(value)
    return value.isoformat() if isinstance(value, date) else value
