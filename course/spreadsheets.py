"""Pure: files that a spreadsheet program opens without doing anything by itself."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

# How programs begin a formula, also in their full-width forms; tab and return hide one.
_STARTERS: Final = frozenset("=+-@\t\r\n＝＋－＠")
_BOM: Final = "\ufeff"  # without it, Excel reads UTF-8 as something else

Cell = str | int | float | None


def safe_cell(value: Cell) -> str | int | float:
    """The value as it may stand in a cell: text that would be run gets an apostrophe before it.

    Numbers stay numbers. Blank signs before the formula do not hide it.
    """
    if value is None:
        return ""
    if not isinstance(value, str):
        return value
    seen = value.lstrip(" \u00a0\u200b\ufeff")
    return f"'{value}" if value[:1] in _STARTERS or seen[:1] in _STARTERS else value


def write_csv(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A whole file: UTF-8 with a mark, commas, every text quoted where it has to be."""
    out = io.StringIO(newline="")
    out.write(_BOM)
    writer = csv.writer(out)
    writer.writerow([safe_cell(one) for one in header])
    writer.writerows([safe_cell(one) for one in row] for row in rows)
    return out.getvalue().encode()
