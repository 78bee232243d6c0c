"""JSON: what the table is about, its columns, and the rows with typed values.

Dates are "2026-12-31"; instants are ISO 8601 with the offset of the site's zone; an empty cell is
null. `as_of` is the past day at whose end the table looks, or null. Row keys are the keys of the
columns, which are the same in every language.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, tzinfo
from typing import Any, Final

from modules.reports.exports.values import Stamp, Value, about_of, title_of, typed_rows
from modules.reports.tables import Table

_ROWS_A_BIT: Final = 200


def write_json(table: Table, *, zone: tzinfo, stamp: Stamp | None = None) -> Iterator[bytes]:
    """The file bit by bit; memory does not grow with the rows."""
    head: dict[str, Any] = {
        "table": table.key,
        "title": str(table.title),
        "about": about_of(table),
        "as_of": table.as_of.isoformat() if table.as_of else None,
        "columns": [
            {"key": one.key, "title": title_of(one), "kind": one.kind.value}
            for one in table.columns
        ],
    }
    if stamp:
        head["organization"] = stamp.organization
        by = {"by": stamp.by} if stamp.by else {}
        head["taken_out"] = {**by, "at": stamp.at.astimezone(zone).isoformat()}
    return _bits(head, table, zone)


def _bits(head: dict[str, Any], table: Table, zone: tzinfo) -> Iterator[bytes]:
    keys = [column.key for column in table.columns]
    yield (_text(head)[:-1] + ', "rows": [\n').encode()
    waiting: list[str] = []
    between = ""
    for row in typed_rows(table, zone):
        waiting.append(_text(dict(zip(keys, map(_value, row), strict=True))))
        if len(waiting) == _ROWS_A_BIT:
            yield (between + ",\n".join(waiting)).encode()
            between = ",\n"
            waiting.clear()
    if waiting:
        yield (between + ",\n".join(waiting)).encode()
    yield b"\n]}\n"


def _value(value: Value) -> str | int | float | None:
    return value.isoformat() if isinstance(value, date | datetime) else value


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
