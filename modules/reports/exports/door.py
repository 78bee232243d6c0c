"""The one way from a table to a file in somebody's hands.

1. A proof that is minutes old (`course.views.proof`, asked by the view).
2. The file is written into a spool: memory stays flat, a file that fails half-way never leaves, and
   the number of its rows is known before anything is sent.
3. The rows are taken from the budget of the account; what is over is refused and noted.
4. The entry in the record is written.
5. Only then does the first byte go out.

The ids of people are read once and their rows in slices, never inside a transaction, so a long
file holds up no answer.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import IO, Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import FileResponse
from django.utils.translation import gettext_lazy as _

from course.models import Membership
from course.services.exporting import (
    TooManyRowsTaken,
    most_rows,
    possible_again,
    record_export,
    record_refusal,
    reserve_rows,
    rows_left,
)
from modules.reports.exports.csv_file import write_csv
from modules.reports.exports.json_file import write_json
from modules.reports.exports.pdf_file import Picture, write_pdf
from modules.reports.exports.values import Stamp
from modules.reports.exports.xlsx_file import IN_MEMORY, write_xlsx
from modules.reports.tables import Table


class Format(StrEnum):
    """The kinds of file."""

    CSV = "csv"
    XLSX = "xlsx"
    PDF = "pdf"
    JSON = "json"


CONTENT_TYPES: Final = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.PDF: "application/pdf",
    Format.JSON: "application/json",
}
FORMAT_WORDS: Final = {
    Format.XLSX: _("Excel (XLSX)"),
    Format.CSV: _("CSV"),
    Format.PDF: _("PDF"),
    Format.JSON: _("JSON"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which file somebody wants. `filter` says in words which rows; it names nobody."""

    table: Table
    format: Format
    filter: str
    actor: Membership
    at: datetime
    pictures: tuple[Picture, ...] = ()
    nameless: bool = False  # for others than colleagues: the file does not say who took it out


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A file that is ready, open at its beginning."""

    content: IO[bytes]
    rows: int


def export_response(asked: Asked) -> FileResponse:
    """The file as a download, noted in the record.

    Raises TooManyRowsTaken (and has noted it), and TooManyRows of the writer.
    """
    written = write_file(asked, most=rows_left(actor=asked.actor, at=asked.at))
    try:
        reserve_rows(actor=asked.actor, rows=written.rows, at=asked.at)
    except TooManyRowsTaken as refused:
        written.content.close()  # another request was quicker
        _note_refusal(asked, refused)
        raise
    record_export(
        actor=asked.actor,
        what="report",
        subject=f"table:{asked.table.key}",
        rows=written.rows,
        details=_details(asked),
        at=asked.at,
    )
    return FileResponse(
        written.content,
        as_attachment=True,
        filename=file_name(asked.table, asked.format, asked.at),
        content_type=CONTENT_TYPES[asked.format],
    )


def file_name(table: Table, kind: Format, at: datetime) -> str:
    """Neutral: the file lies about in the downloads of a shared computer.

    A CSV holds nothing but rows, so that only its name can say that it is of a past day.
    """
    if table.as_of is not None:
        return f"{table.key}-as-of-{table.as_of.isoformat()}.{kind.value}"
    return f"{table.key}-{at.astimezone(_zone()):%Y-%m-%d}.{kind.value}"


def write_file(asked: Asked, *, most: int) -> Written:
    """The file in a spool. Raises TooManyRowsTaken at the first row beyond `most`."""
    counted = _Counted(asked, most)
    table = replace(asked.table, rows=counted)
    stamp = stamp_of(asked.actor, asked.at, nameless=asked.nameless)
    content = write_table(table, asked.format, stamp=stamp, pictures=asked.pictures)
    return Written(content=content, rows=counted.number)


def write_table(
    table: Table, kind: Format, *, stamp: Stamp | None = None, pictures: Sequence[Picture] = ()
) -> IO[bytes]:
    """Any table as any kind of file, open at its beginning; for the door and the console."""
    zone, folder = _zone(), str(settings.DATA_DIR)
    if kind is Format.XLSX:
        return write_xlsx(table, zone=zone, stamp=stamp, folder=Path(folder))
    bits: dict[Format, Callable[[], Iterator[bytes]]] = {
        Format.CSV: lambda: write_csv(table, zone=zone),
        Format.JSON: lambda: write_json(table, zone=zone, stamp=stamp),
        Format.PDF: lambda: iter([write_pdf(table, zone=zone, stamp=stamp, pictures=pictures)]),
    }
    # The folder of the data is closed to others; the file has no name in it.
    out: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY, dir=folder)  # noqa: SIM115 -- handed over
    try:
        for bit in bits[kind]():
            out.write(bit)
    except BaseException:
        out.close()
        raise
    out.seek(0)
    return out


def stamp_of(actor: Membership, at: datetime, *, nameless: bool = False) -> Stamp:
    """Sign-in name and number of the place: one account, also after the name was changed."""
    by = "" if nameless else f"{actor.user.username} ({actor.id})"
    return Stamp(organization=actor.organization.name, by=by, at=at)


class _Counted:
    """Rows that count themselves, and stop at the end of the budget."""

    def __init__(self, asked: Asked, most: int) -> None:
        self.asked, self.most, self.number = asked, most, 0

    def __iter__(self) -> Iterator[Any]:
        rows = iter(self.asked.table.rows)
        for row in rows:
            self.number += 1
            if self.number > self.most:
                # Counted on, as far as it matters: the answer says when all of them will do.
                self.number += sum(1 for _row in islice(rows, most_rows()))
                raise _refusal(self.asked, self.number)
            yield row


def _refusal(asked: Asked, rows: int) -> TooManyRowsTaken:
    again_at = possible_again(actor=asked.actor, rows=rows, at=asked.at)
    refused = TooManyRowsTaken(rows=rows, again_at=again_at)
    _note_refusal(asked, refused)
    return refused


def _note_refusal(asked: Asked, refused: TooManyRowsTaken) -> None:
    record_refusal(
        actor=asked.actor,
        subject=f"table:{asked.table.key}",
        details={**_details(asked), "rows": refused.rows},
        at=asked.at,
    )


def _details(asked: Asked) -> dict[str, str]:
    return {"format": asked.format.value, "filter": asked.filter}


def _zone() -> ZoneInfo:
    return ZoneInfo(settings.KENALI_TIME_ZONE)
