"""Pure: the cells of an XLSX workbook as texts. Nothing is calculated, unpacked to disk or fetched.

A workbook is a zip of XML, so it is judged before it is opened: how many parts, how large unpacked,
how tightly packed, and no document type, which is what XML bombs are made of.
"""

import io
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any, Final

import openpyxl

MOST_PARTS: Final = 100
MOST_UNPACKED: Final = 16 * 1024 * 1024  # bytes; a list of 10,000 people needs about four million
TIGHTEST: Final = 150  # unpacked bytes per packed byte; lists of people reach about 20
SMALL: Final = 64 * 1024  # below this a part may be packed as tightly as it likes


class WorkbookFault(Exception):
    """The workbook as a whole cannot be read."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class CellFault:
    """A cell that holds something other than a text."""

    code: str


Cells = list[str | CellFault]


def read_workbook(data: bytes, *, most_columns: int) -> Iterator[tuple[int, Cells]]:
    """(row number, cells) of the one sheet that holds something. Raises WorkbookFault."""
    _judge_parts(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and validations, which do not matter
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
            sheets = [rows for sheet in book.worksheets if (rows := _sheet(sheet, most_columns))]
            book.close()
    except Exception:  # noqa: BLE001 -- openpyxl raises whatever its XML led it to
        raise WorkbookFault("workbook_broken") from None
    if len(sheets) > 1:
        raise WorkbookFault("workbook_sheets", str(len(sheets)))
    return iter(sheets[0] if sheets else [])


def _judge_parts(data: bytes) -> None:
    """Read every part once, within bounds: the sizes that a zip declares are held by `zipfile`."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            _judge_list(parts)
            for part in parts:
                _judge_part(archive, part)
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError, RuntimeError):
        raise WorkbookFault("workbook_broken") from None


def _judge_list(parts: list[zipfile.ZipInfo]) -> None:
    names = {part.filename for part in parts}
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise WorkbookFault("workbook_packed")
    if len(names) < len(parts) or "xl/workbook.xml" not in names:
        raise WorkbookFault("workbook_broken")
    if any(name.endswith("vbaProject.bin") for name in names):
        raise WorkbookFault("workbook_macros")


def _judge_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    if part.flag_bits & 1:
        raise WorkbookFault("file_old_or_locked")
    if part.file_size > SMALL and part.file_size > TIGHTEST * max(part.compress_size, 1):
        raise WorkbookFault("workbook_packed")
    text = archive.read(part)
    if not part.filename.endswith((".xml", ".rels")):
        return
    if text.startswith((b"\xff\xfe", b"\xfe\xff")) or b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise WorkbookFault("workbook_broken")


def _sheet(sheet: Any, most_columns: int) -> list[tuple[int, Cells]]:
    """The rows that hold something; what the sheet says about its own size is not believed."""
    sheet.reset_dimensions()
    found = []
    for number, row in enumerate(sheet.iter_rows(max_col=most_columns), start=1):
        cells = [_text(cell) for cell in row]
        while cells and cells[-1] == "":
            cells.pop()
        if cells:
            found.append((number, cells))
    return found


_KINDS: Final = {"f": "cell_formula", "e": "cell_error"}


def _text(cell: Any) -> str | CellFault:
    value = cell.value
    if value is None:
        return ""
    if code := _KINDS.get(cell.data_type, ""):
        return CellFault(code)
    if isinstance(value, bool):
        return CellFault("cell_yes_no")
    if isinstance(value, date | time | timedelta):
        return CellFault("cell_date")
    return CellFault("cell_number") if isinstance(value, int | float) else str(value)
