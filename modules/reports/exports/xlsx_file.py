"""XLSX: typed cells, a head that stays in sight, and a second sheet that says what the table is.

No cell is ever a formula or a link: text is written as text, whatever it begins with.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from datetime import date, datetime, tzinfo
from pathlib import Path
from typing import IO, Any, Final

from django.utils.translation import gettext as _

from modules.reports.exports.values import Stamp, Value, about_of, titles_of, typed_rows
from modules.reports.exports.words import stamp_words
from modules.reports.tables import Kind, Table

MOST_ROWS: Final = 1_048_575  # of a sheet, without the head
MOST_SIGNS: Final = 32_767  # of a cell, counted as Excel counts
IN_MEMORY: Final = 2 * 1024 * 1024  # bytes; what is larger waits in a file without a name
_WIDTHS: Final = {
    Kind.TEXT: 26,
    Kind.NUMBER: 12,
    Kind.SHARE: 12,
    Kind.DATE: 13,
    Kind.INSTANT: 18,
}
_FORMATS: Final = {
    Kind.NUMBER: "0",
    Kind.SHARE: "0.0%",
    Kind.DATE: "yyyy-mm-dd",
    Kind.INSTANT: "yyyy-mm-dd hh:mm",
}
_NEVER: Final = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


class TooManyRows(Exception):
    """The kind of file holds at most that many rows."""

    def __init__(self, most: int) -> None:
        super().__init__(f"more than {most} rows")
        self.most = most


def write_xlsx(
    table: Table, *, zone: tzinfo, stamp: Stamp | None = None, folder: Path | None = None
) -> IO[bytes]:
    """The whole file, open at its beginning. Rows go through files in `folder`, not memory.

    Raises TooManyRows.
    """
    where = str(folder) if folder else None
    out: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY, dir=where)  # noqa: SIM115 -- handed over
    try:
        _write_book(out, table, stamp, zone, folder)
    except BaseException:
        out.close()
        raise
    out.seek(0)
    return out


def _write_book(
    out: IO[bytes], table: Table, stamp: Stamp | None, zone: tzinfo, folder: Path | None
) -> None:
    import xlsxwriter  # noqa: PLC0415 -- only this file needs it

    options: dict[str, Any] = {
        "constant_memory": True,
        "tmpdir": str(folder) if folder else None,
        **_NEVER,
    }
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties(
            {
                "title": str(table.title),
                "author": stamp.organization if stamp else "Kenali",
                **({"created": stamp.at.replace(tzinfo=None)} if stamp else {}),
            }
        )
        cut = _write_rows(book, table, zone)
        _write_about(book, table, stamp, zone, cut=cut)


def _write_rows(book: Any, table: Table, zone: tzinfo) -> int:
    """The first sheet; returns how many cells had to be shortened."""
    sheet = book.add_worksheet(_("Table"))
    formats = _prepare(book, sheet, table)
    number = cut = 0
    for number, row in enumerate(typed_rows(table, zone), start=1):
        if number > MOST_ROWS:
            raise TooManyRows(MOST_ROWS)
        for place, (value, style) in enumerate(zip(row, formats, strict=True)):
            cut += _write(sheet, number, place, value, style)
    sheet.autofilter(0, 0, max(number, 1), len(table.columns) - 1)
    return cut


def _prepare(book: Any, sheet: Any, table: Table) -> list[Any]:
    """Widths, head and paper; returns the format of each column."""
    head = book.add_format(
        {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#E8F0EC"}
    )
    formats = []
    titles = titles_of(table)
    for place, (column, title) in enumerate(zip(table.columns, titles, strict=True)):
        # Wide enough for the values, and for a head of at most two lines and its filter button.
        width = max(_WIDTHS[column.kind], min(40, len(title) // 2 + 6))
        style: dict[str, Any] = {"valign": "top"}
        if column.kind in _FORMATS:
            style["num_format"] = _FORMATS[column.kind]
        formats.append(book.add_format(style))
        sheet.set_column(place, place, width)
    sheet.freeze_panes(1, 1)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C&P / &N")
    for place, title in enumerate(titles):
        sheet.write_string(0, place, _fitting(title), head)
    return formats


def _write(sheet: Any, number: int, place: int, value: Value, style: Any) -> int:
    if value is None:
        return 0
    if isinstance(value, datetime):
        plain = value.replace(tzinfo=None, second=0, microsecond=0)
        sheet.write_datetime(number, place, plain, style)
    elif isinstance(value, date):
        sheet.write_datetime(number, place, value, style)
    elif isinstance(value, str):
        fitting = _fitting(value)
        sheet.write_string(number, place, fitting, style)
        return int(fitting != value)
    else:
        sheet.write_number(number, place, value, style)
    return 0


def _fitting(text: str) -> str:
    """The text, shortened to what a cell holds; the sign at the end shows it."""
    if len(text) * 2 <= MOST_SIGNS or _length(text) <= MOST_SIGNS:
        return text
    kept, used = [], 1
    for sign in text:
        used += _length(sign)
        if used > MOST_SIGNS:
            break
        kept.append(sign)
    return "".join(kept) + "…"


def _length(text: str) -> int:
    """Signs outside the first plane count twice."""
    return len(text.encode("utf-16-le")) // 2


def _write_about(book: Any, table: Table, stamp: Stamp | None, zone: tzinfo, *, cut: int) -> None:
    sheet = book.add_worksheet(_("About"))
    sheet.set_column(0, 0, 100)
    strong = book.add_format({"bold": True, "text_wrap": True, "font_size": 14})
    plain = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.write_string(0, 0, _fitting(str(table.title)), strong)
    for number, line in enumerate(_sentences(table, stamp, zone, cut), start=1):
        sheet.write_string(number, 0, _fitting(line), plain)


def _sentences(table: Table, stamp: Stamp | None, zone: tzinfo, cut: int) -> Iterable[str]:
    yield from about_of(table)
    yield _("Times are in the zone %(zone)s.") % {"zone": zone}
    if cut:
        yield _(
            "Cells that were shortened, because a spreadsheet holds no longer ones: %(number)s"
        ) % {"number": cut}
    if stamp:
        yield stamp_words(stamp, zone)
