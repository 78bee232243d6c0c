"""Pure: from the bytes of a list of people to a table of texts, with every fault of the file.

No Django here, and no trust: the file may be cut off, packed to explode, or typed in a hurry. What
cannot be read safely is refused by a code and a place; services/import_words.py has the sentences.

Row numbers are those of a spreadsheet: the headings are row 1, and empty rows count.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from course.people_workbooks import CellFault, WorkbookFault, read_workbook

MOST_BYTES: Final = 2 * 1024 * 1024
MOST_ROWS: Final = 10_000
MOST_COLUMNS: Final = 20
LONGEST_CELL: Final = 500

COLUMNS: Final = (
    "sign_in_name",
    "alias",
    "language",
    "role",
    "cohorts",
    "email",
    "manager",
    "office",
)

# Headings as people write them; the first of each kind is the one of the template.
_HEADINGS: Final = {
    "sign_in_name": ("sign_in_name", "signin_name", "username", "user_name", "nama_log_masuk"),
    "alias": ("alias", "name_to_show", "display_name", "nama_samaran"),
    "language": ("language", "bahasa"),
    "role": ("role", "peranan"),
    "cohorts": ("cohorts", "cohort", "group", "groups", "kumpulan"),
    "email": ("email", "e_mail", "emel"),
    "manager": ("manager", "line_manager", "pengurus"),
    "office": ("office", "branch", "pejabat", "cawangan"),
}
_COLUMN_OF: Final = {word: column for column, words in _HEADINGS.items() for word in words}
_OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP: Final = b"PK"


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault. `row` 0: the file as a whole. `column`: letter and heading, or "".

    `code` names the kind, `detail` the word or number that its sentence needs.
    """

    row: int
    column: str
    code: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row that is not empty: column -> text, trimmed.

    Empty cells are left out; a cell with a fault is there without its text.
    """

    number: int
    cells: dict[str, str]


@dataclass
class Table:
    """What a file holds. `encoding` is what the letters were taken for; "" for a workbook."""

    rows: list[RawRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)  # column -> "B (alias)"
    encoding: str = ""

    def place(self, column: str) -> str:
        """Where a column stands in this file; its own name when the file does not have it."""
        return self.places.get(column, column)


class _Unreadable(Exception):
    """The file as a whole cannot be read."""

    def __init__(self, code: str, detail: str = "", row: int = 0) -> None:
        super().__init__(code)
        self.problem = Problem(row, "", code, detail)


def read_table(data: bytes) -> Table:
    """The table of a CSV file or a workbook. Never raises; faults stand in `problems`."""
    table = Table()
    try:
        records = _records(data, table)
        _fill(table, records)
    except _Unreadable as fault:
        table.problems.append(fault.problem)
    except WorkbookFault as fault:
        table.problems.append(Problem(0, "", fault.code, fault.detail))
    return table


Record = tuple[int, list[str | CellFault]]


def _records(data: bytes, table: Table) -> Iterator[Record]:
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise _Unreadable("file_empty")
    if len(data) > MOST_BYTES:
        raise _Unreadable("file_too_large", str(MOST_BYTES // 1024 // 1024))
    if data.startswith(_OLD_OFFICE):
        raise _Unreadable("file_old_or_locked")
    if data.startswith(_ZIP):
        return read_workbook(data, most_columns=MOST_COLUMNS + 1)
    table.encoding, text = decode(data)
    return _csv_records(text)


def decode(data: bytes) -> tuple[str, str]:
    """(encoding, text). UTF-16 by its mark or its zero bytes, UTF-8 if it is, else Windows-1252.

    UTF-8 is strict, and other bytes above 127 hardly ever look like it, so the order is safe.
    """
    encoding = _utf16(data)
    for name in [encoding] if encoding else ["utf-8-sig", "cp1252"]:
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            raise _Unreadable("file_not_text")
        return name.removesuffix("-sig"), text.removeprefix("\ufeff")
    raise _Unreadable("file_letters_unknown")


def _utf16(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    start = data[:200]
    if len(start) < 4 or b"\x00" not in start:
        return ""
    if not any(start[0::2]) or not any(start[1::2]):  # headings are plain letters
        return "utf-16-be" if start[0] == 0 else "utf-16-le"
    return ""


def _csv_records(text: str) -> Iterator[Record]:
    lines = text.splitlines(keepends=True)
    skipped = 0
    if lines and lines[0].lower().startswith("sep=") and len(lines[0].strip()) == 5:
        skipped, text = 1, "".join(lines[1:])  # what Excel writes for itself
    delimiter = _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = skipped
    try:
        for number, cells in enumerate(reader, start=skipped + 1):
            yield number, list(cells)
    except csv.Error:
        raise _Unreadable("csv_quotes", row=number + 1) from None


def _delimiter(text: str) -> str:
    """The sign that cuts the first line into the most headings we know."""
    first = text.lstrip("\r\n").split("\n", 1)[0]

    def known(sign: str) -> int:
        return sum(_heading(word.strip().strip('"')) in _COLUMN_OF for word in first.split(sign))

    return max(",;\t", key=lambda sign: (known(sign), first.count(sign)))


def _heading(text: str) -> str:
    return "_".join(text.strip().lower().replace("-", " ").replace("_", " ").split())


def _fill(table: Table, records: Iterator[Record]) -> None:
    """Headings, then rows; stops only where going on would make no sense."""
    columns: list[str] | None = None
    for number, cells in records:
        if not any(isinstance(cell, CellFault) or cell.strip() for cell in cells):
            continue
        if columns is None:
            columns = _read_headings(table, number, cells)
            continue
        if len(table.rows) >= MOST_ROWS:
            raise _Unreadable("rows_too_many", str(MOST_ROWS))
        table.rows.append(RawRow(number, _read_cells(table, number, cells, columns)))
    if not table.rows and not table.problems:
        raise _Unreadable("rows_none")


def _read_headings(table: Table, number: int, cells: list[str | CellFault]) -> list[str]:
    """The column of each place, "" where there is none that we know."""
    if len(cells) > MOST_COLUMNS and any(cells[MOST_COLUMNS:]):
        raise _Unreadable("columns_too_many", str(MOST_COLUMNS))
    columns: list[str] = []
    for index, cell in enumerate(cells):
        word = "" if isinstance(cell, CellFault) else cell
        column = _COLUMN_OF.get(_heading(word), "")
        where = f"{letter(index)} ({word.strip()[:40]})" if word.strip() else letter(index)
        if isinstance(cell, CellFault):
            table.problems.append(Problem(number, where, cell.code))
        elif not column and word.strip():
            table.problems.append(Problem(number, where, "heading_unknown", word.strip()[:40]))
        elif column in table.places:
            table.problems.append(Problem(number, where, "heading_twice", word.strip()))
            column = ""
        elif column:
            table.places[column] = where
        columns.append(column)
    if "sign_in_name" not in table.places:
        table.problems.append(Problem(number, "", "heading_missing", "sign_in_name"))
    return columns


def _read_cells(
    table: Table, number: int, cells: list[str | CellFault], columns: list[str]
) -> dict[str, str]:
    found: dict[str, str] = {}
    for index, cell in enumerate(cells):
        column = columns[index] if index < len(columns) else ""
        if isinstance(cell, CellFault):
            where = table.place(column) if column else letter(index)
            table.problems.append(Problem(number, where, cell.code))
            found |= {column: ""} if column else {}  # so that it is not also called missing
        elif not column and cell.strip() and index >= len(columns):
            table.problems.append(Problem(number, letter(index), "cell_without_heading"))
        elif column and (text := cell.strip()):
            if len(text) > LONGEST_CELL:
                where, limit = table.place(column), str(LONGEST_CELL)
                table.problems.append(Problem(number, where, "cell_too_long", limit))
                text = ""
            found[column] = text
    return found


def letter(index: int) -> str:
    """The letter of a column as spreadsheets count: 0 -> A, 26 -> AA."""
    word, number = "", index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        word = chr(ord("A") + rest) + word
    return word
