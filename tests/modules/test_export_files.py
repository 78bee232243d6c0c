"""Tables as files: typed, equal, harmless and flat in memory, whatever their cells hold."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import tracemalloc
import unicodedata
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from django.utils import translation
from openpyxl.utils.escape import unescape

from course.spreadsheets import is_risky, plain_text, safe_cell, true_text
from modules.reports.exports import pdf_file, xlsx_file
from modules.reports.exports.csv_file import write_csv
from modules.reports.exports.json_file import write_json
from modules.reports.exports.pdf_file import Picture, write_pdf
from modules.reports.exports.values import Stamp
from modules.reports.exports.xlsx_file import MOST_SIGNS, TooManyRows, write_xlsx
from modules.reports.tables import Column, Kind, Table
from tests.modules.hostile import HONEST, hostile_cells
from tests.modules.reading_pdf import PdfReader, squeezed

ZONE = ZoneInfo("Asia/Kuala_Lumpur")
AT = datetime(2026, 11, 24, 17, 30, 59, tzinfo=UTC)  # the 25th at half past one in Malaysia
STAMP = Stamp(organization="Harbour House", by="amina (7)", at=AT)
CELLS = 10_000 if os.environ.get("KENALI_TEST_LONG") else 600


def text_table(cells: list[str], width: int = 4) -> Table:
    """The cells as text, so many to a row."""
    rows = [cells[at : at + width] for at in range(0, len(cells) - width + 1, width)]
    columns = tuple(
        Column(f"c{number}", f"Column {number}", Kind.TEXT, lambda row, at=number: row[at])
        for number in range(width)
    )
    return Table("hostile", "Cells", ("One sentence.", "=2+2"), columns, rows)


def typed_table(rows: list[tuple[Any, ...]]) -> Table:
    kinds = (Kind.TEXT, Kind.NUMBER, Kind.SHARE, Kind.DATE, Kind.INSTANT)
    columns = tuple(
        Column(kind.value, kind.value.title(), kind, lambda row, at=number: row[at])
        for number, kind in enumerate(kinds)
    )
    return Table("typed", "Typed", ("One of two.",), columns, rows)


TYPED = [
    ("Ali", 3, 0.415, date(2026, 1, 2), AT),
    ("", -4, 1.0, None, None),
    (None, None, None, AT, datetime(2026, 1, 1, tzinfo=UTC)),
]


def read_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def xlsx(table: Table, **options: Any) -> io.BytesIO:
    with write_xlsx(table, zone=ZONE, **options) as content:
        return io.BytesIO(content.read())


def read_xlsx(table: Table, **options: Any) -> list[Any]:
    return list(openpyxl.load_workbook(xlsx(table, **options)).worksheets)


def parsed(text: str) -> datetime:
    """Without a zone, as a spreadsheet keeps it."""
    return datetime.fromisoformat(text)


# --- hostile values -------------------------------------------------------------------------------


def test_no_cell_of_a_csv_begins_like_a_formula_and_no_text_is_lost() -> None:
    cells = hostile_cells(CELLS)
    table = text_table(cells)
    header, *rows = read_csv(b"".join(write_csv(table, zone=ZONE)))
    assert header == ["Column 0", "Column 1", "Column 2", "Column 3"]
    assert len(rows) == len(cells) // 4
    for row, given in zip(rows, table.rows, strict=True):
        for cell, text in zip(row, given, strict=True):
            assert true_text(cell) == plain_text(text), ascii(text)
            seen = cell.lstrip(' \u00a0\u200b\u2060\ufeff\u3000\ufffd"“')
            start = unicodedata.normalize("NFKC", seen[:1])
            assert start not in {*"=+-@\t\n\r", "−"} or cell[:1] == "'", ascii(cell)
            assert not is_risky(cell) or cell[:1] == "'", ascii(cell)


def test_a_spreadsheet_finds_text_and_no_formula_or_link() -> None:
    cells = hostile_cells(CELLS)
    table = text_table(cells)
    content = xlsx(table, stamp=STAMP)
    sheet, about = openpyxl.load_workbook(content).worksheets
    found = list(sheet.iter_rows(min_row=2))
    assert len(found) == len(cells) // 4
    for row, given in zip(found, table.rows, strict=True):
        for cell, text in zip(row, given, strict=True):
            assert cell.data_type in {"s", "inlineStr"}, ascii(text)
            assert cell.hyperlink is None
            assert unescape(cell.value) == plain_text(text), ascii(text)
    assert [cell.data_type for (cell,) in about.iter_rows()].count("f") == 0
    with zipfile.ZipFile(content) as parts:
        for name in parts.namelist():
            if name.startswith("xl/worksheets"):
                assert b"<f>" not in parts.read(name)
                assert b"hyperlink" not in parts.read(name)


def test_a_program_reads_every_text_from_json() -> None:
    table = text_table(hostile_cells(CELLS))
    read = json.loads(b"".join(write_json(table, zone=ZONE)))
    assert [list(row.values()) for row in read["rows"]] == [
        [plain_text(text) or None for text in row] for row in table.rows
    ]


def test_paper_takes_every_text_as_text() -> None:
    table = text_table(hostile_cells(600))
    content = write_pdf(table, zone=ZONE, stamp=STAMP)
    rows = PdfReader(content).rows()[1:]
    assert len(rows) == 150
    latin = 0
    for row, given in zip(rows, table.rows, strict=True):
        for cell, text in zip(row, given, strict=True):
            if text.isascii() and text.isprintable():
                assert cell == squeezed(text)
                latin += 1
    assert latin > 80
    for word in (b"/URI", b"/JavaScript", b"/Launch", b"/EmbeddedFile", b"/AA"):
        assert word not in content


@pytest.mark.parametrize("text", HONEST)
def test_honest_values_are_the_same_everywhere(text: str) -> None:
    table = text_table([text] * 4)
    assert read_csv(b"".join(write_csv(table, zone=ZONE)))[1] == [text] * 4
    sheet = read_xlsx(table)[0]
    assert [cell.value for cell in next(sheet.iter_rows(min_row=2))] == [text] * 4
    read = json.loads(b"".join(write_json(table, zone=ZONE)))
    assert list(read["rows"][0].values()) == [text] * 4
    assert PdfReader(write_pdf(table, zone=ZONE)).rows()[1] == [squeezed(text)] * 4


@pytest.mark.parametrize("text", ["'=1", "''=1", "'", "''", "'x", '"=1"', "=1"])
def test_the_apostrophe_can_be_taken_away_again(text: str) -> None:
    assert true_text(str(safe_cell(text))) == text


def test_what_no_file_may_hold_leaves_a_mark() -> None:
    assert plain_text("a\x00b\ud800c\uffff") == "a\ufffdb\ufffdc\ufffd"
    assert plain_text("a\r\nb\rc\td") == "a\nb\nc\td"
    assert plain_text("Zoë \u200b\u202e") == "Zoë \u200b\u202e"  # odd, but somebody's text


def test_a_text_longer_than_a_cell_is_shortened_in_excel_only_and_told() -> None:
    long = "x" * 40_000
    smiles = "😀" * 20_000  # two signs each, as Excel counts
    table = text_table([long, smiles, "é" * MOST_SIGNS, "short"])
    sheet, about = read_xlsx(table)
    first, second, third, fourth = (cell.value for cell in next(sheet.iter_rows(min_row=2)))
    assert first == "x" * (MOST_SIGNS - 1) + "…"
    assert len(second.encode("utf-16-le")) // 2 <= MOST_SIGNS
    assert (third, fourth) == ("é" * MOST_SIGNS, "short")
    told = [cell.value for (cell,) in about.iter_rows()]
    assert any("shortened" in line and line.endswith("2") for line in told)
    assert read_csv(b"".join(write_csv(table, zone=ZONE)))[1][0] == long
    read = json.loads(b"".join(write_json(table, zone=ZONE)))
    assert read["rows"][0]["c1"] == smiles


# --- types ----------------------------------------------------------------------------------------


def test_csv_opens_in_excel_and_reads_with_a_dict_reader() -> None:
    content = b"".join(write_csv(typed_table(TYPED), zone=ZONE))
    assert content.startswith(b"\xef\xbb\xbfText,Number,Share,Date,Instant\r\n")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert rows == [
        {
            "Text": "Ali",
            "Number": "3",
            "Share": "0.415",
            "Date": "2026-01-02",
            "Instant": "2026-11-25 01:30",
        },
        {"Text": "", "Number": "-4", "Share": "1.0", "Date": "", "Instant": ""},
        {
            "Text": "",
            "Number": "",
            "Share": "",
            "Date": "2026-11-25",
            "Instant": "2026-01-01 08:00",
        },
    ]


def test_excel_gets_numbers_and_dates_a_frozen_head_and_a_sheet_about_it() -> None:
    sheet, about = read_xlsx(typed_table(TYPED), stamp=STAMP)
    first = [cell.value for cell in next(sheet.iter_rows(min_row=2))]
    assert first == ["Ali", 3, 0.415, parsed("2026-01-02 00:00"), parsed("2026-11-25 01:30")]
    formats = [cell.number_format for cell in next(sheet.iter_rows(min_row=2))]
    assert formats == ["General", "0", "0.0%", "yyyy-mm-dd", "yyyy-mm-dd hh:mm"]
    assert [cell.value for cell in next(sheet.iter_rows(min_row=3))] == [None, -4, 1, None, None]
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == "A1:E4"
    assert sheet.column_dimensions["A"].width > sheet.column_dimensions["B"].width
    told = [cell.value for (cell,) in about.iter_rows()]
    assert told[:2] == ["Typed", "One of two."]
    assert "Asia/Kuala_Lumpur" in told[2]
    assert told[-1].startswith("Taken out of Harbour House by amina (7) on 25 November 2026 at")
    assert (sheet.title, about.title) == ("Table", "About")


def test_json_says_types_offsets_and_who_took_it() -> None:
    read = json.loads(b"".join(write_json(typed_table(TYPED), zone=ZONE, stamp=STAMP)))
    assert read["rows"][0] == {
        "text": "Ali",
        "number": 3,
        "share": 0.415,
        "date": "2026-01-02",
        "instant": "2026-11-25T01:30:59+08:00",
    }
    assert read["rows"][1]["text"] is None
    assert [one["kind"] for one in read["columns"]] == [
        "text",
        "number",
        "share",
        "date",
        "instant",
    ]
    assert read["about"] == ["One of two."]
    assert read["taken_out"] == {"by": "amina (7)", "at": "2026-11-25T01:30:59+08:00"}


def test_an_empty_table_is_a_whole_file_of_each_kind() -> None:
    table = typed_table([])
    assert len(read_csv(b"".join(write_csv(table, zone=ZONE)))) == 1
    assert json.loads(b"".join(write_json(table, zone=ZONE)))["rows"] == []
    assert read_xlsx(table)[0].max_row == 1
    texts = [one.whole() for one in PdfReader(write_pdf(table, zone=ZONE)).tree.find("P")]
    assert "Nobody and nothing matches." in texts


def test_an_instant_without_a_zone_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="zone"):
        list(write_csv(typed_table([("x", 1, 0.5, None, parsed("2026-01-01 00:00"))]), zone=ZONE))


# --- paper ----------------------------------------------------------------------------------------


def test_paper_is_tagged_has_heads_on_every_page_and_says_where_it_comes_from() -> None:
    rows = [(f"Person {number}", number, 0.5, None, AT) for number in range(120)]
    content = write_pdf(typed_table(rows), zone=ZONE, stamp=STAMP)
    assert b"pdfuaid:part>1<" in content.replace(b" ", b"") or b"pdfuaid" in _metadata(content)
    reader = PdfReader(content)
    pages = len(re.findall(rb"/Type/Page/", content))
    assert pages > 1
    found = reader.rows()
    assert found[0] == ["Text", "Number", "Share", "Date", "Instant"]
    assert len(found) == 121  # repeated heads are for the eye, a screen reader hears them once
    assert found[120] == ["Person119", "119", "50.0%", "", "2026-11-2501:30"]
    assert [one.whole() for one in reader.tree.find("Title")] == ["Typed"]
    assert write_pdf(typed_table(rows), zone=ZONE, stamp=STAMP) == content  # byte for byte


def _metadata(content: bytes) -> bytes:
    return content[content.index(b"<x:xmpmeta") :]


def test_paper_speaks_malay() -> None:
    with translation.override("ms"):
        content = write_pdf(typed_table(TYPED), zone=ZONE, stamp=STAMP)
    assert b"/Lang(ms)" in content.replace(b" ", b"")


def test_paper_has_pictures_with_words_for_those_who_cannot_see_them() -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'
    picture = Picture(svg=svg, alt="A triangle", caption="Completion over time")
    content = write_pdf(typed_table(TYPED), zone=ZONE, pictures=[picture])
    assert b"A triangle" in content
    assert "Completion over time" in PdfReader(content).tree.whole()


def test_letters_without_a_font_leave_boxes_and_a_sentence() -> None:
    content = write_pdf(text_table(["a\U0003ff00b"] * 4), zone=ZONE)
    told = " ".join(one.whole() for one in PdfReader(content).tree.find("P"))
    assert "Some letters could not be drawn" in told


def test_paper_gives_text_the_room_it_needs() -> None:
    """Long text is wide, an empty column narrow; a table full of text lies on its side."""

    def lies(texts: list[tuple[str, ...]]) -> bool:
        columns = tuple(
            Column(f"c{at}", "Head", Kind.TEXT, lambda row, at=at: row[at])
            for at in range(len(texts[0]))
        )
        content = write_pdf(Table("texts", "Texts", (), columns, texts), zone=ZONE)
        found = re.search(rb"/MediaBox\s*\[\s*0 0 ([0-9.]+) ([0-9.]+)", content)
        assert found
        return float(found[1]) > float(found[2])

    sentence = "She says that the shop keeps her papers. " * 3
    assert not lies([("short", "", sentence, "", "", "", "", "")] * 3)
    assert lies([("short", sentence, sentence, sentence, sentence, "", "", "")] * 3)


def widths(*columns: list[str], kind: Kind = Kind.TEXT, head: str = "Head") -> list[float]:
    rows = list(zip(*columns, strict=True))
    found: list[float] = pdf_file._layout([kind] * len(columns), [head] * len(columns), rows)[
        "widths"
    ]
    return found


def test_a_column_of_paper_is_as_wide_as_what_stands_in_it() -> None:
    sentence = "She says that the shop keeps her papers. "
    name, wide, wider = widths(["A name"], [sentence], [sentence * 9])
    assert name < wide == wider, "it may not take it all"
    # One name of twenty in a column that is else empty.
    empty, rare = widths([""] * 20, [*[""] * 19, "siti.nurhaliza"])
    assert empty < rare == len("siti.nurhaliza") + 2
    assert widths([""], head="Responsibilities")[0] > widths([""])[0]
    # Where there is too little for all, sentences give way and no word does.
    crowded = widths(*[["siti.nurhaliza " * 9]] * 13)
    assert min(crowded) >= len("siti.nurhaliza") + 2
    assert round(sum(crowded)) == 215 > 13 * (len("siti.nurhaliza") + 2)


def test_paper_and_excel_say_how_much_they_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_file, "MOST_ROWS", 2)
    monkeypatch.setattr(xlsx_file, "MOST_ROWS", 2)
    writers: tuple[Any, ...] = (partial(write_pdf, zone=ZONE), xlsx)
    for write in writers:
        assert write(typed_table(TYPED[:2]))
        with pytest.raises(TooManyRows) as caught:
            write(typed_table(TYPED))
        assert caught.value.most == 2


# --- size -----------------------------------------------------------------------------------------


def many_rows(number: int, drawn: list[int]) -> Table:
    """So many rows that come one by one; `drawn` holds how many have been asked for."""

    def rows() -> Iterator[tuple[Any, ...]]:
        for at in range(number):
            drawn[0] = at + 1
            yield (f"Person {at}", at, 0.5, None, AT)

    table = typed_table([])
    return Table(table.key, table.title, table.about, table.columns, rows())


@pytest.mark.parametrize("write", [write_csv, write_json])
def test_a_hundred_thousand_rows_are_never_held_together(write: Any) -> None:
    """At every bit that leaves, only the rows of that bit have been drawn."""
    drawn, longest = [0], 0
    for number, bit in enumerate(write(many_rows(100_000, drawn), zone=ZONE), start=1):
        assert drawn[0] <= number * 200
        longest = max(longest, len(bit))
    assert drawn == [100_000]
    assert longest < 64_000


@pytest.mark.parametrize("write", [write_csv, write_json])
def test_memory_does_not_grow_with_the_rows(write: Any) -> None:
    def peak(number: int) -> int:
        tracemalloc.start()
        for _bit in write(many_rows(number, [0]), zone=ZONE):
            pass
        _now, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(10)  # whatever is read once
    small, large = peak(1_000), peak(6_000)
    assert large < small * 1.2 + 20_000, (small, large)
