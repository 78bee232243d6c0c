"""Empty lists to fill in: headings only, because an example row would be sent in with the rest."""

import io
from collections.abc import Callable, Mapping
from typing import Final

import xlsxwriter

from course.people_files import COLUMNS


def csv_template() -> bytes:
    """The mark at the start tells spreadsheets that the letters are UTF-8."""
    return ("\ufeff" + ",".join(COLUMNS) + "\r\n").encode()


def xlsx_template() -> bytes:
    """All columns are text, so that no spreadsheet turns a name into a number or a date."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet("people")
        sheet.set_column(0, len(COLUMNS) - 1, 22, book.add_format({"num_format": "@"}))
        sheet.write_row(0, 0, COLUMNS, book.add_format({"bold": True, "num_format": "@"}))
        sheet.freeze_panes(1, 0)
    return buffer.getvalue()


FILES: Final[Mapping[str, tuple[str, Callable[[], bytes]]]] = {
    "csv": ("text/csv; charset=utf-8", csv_template),
    "xlsx": (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        xlsx_template,
    ),
}
