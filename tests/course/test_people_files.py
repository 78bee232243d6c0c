"""Reading a list: encodings, separators, workbooks, and every kind of fault with its place."""

import io
import zipfile
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course.people_files import MOST_BYTES, MOST_ROWS, Table, decode, letter, read_table
from course.people_rows import PersonLine, read_people
from course.services.import_words import WORDS
from course.services.people_template import csv_template, xlsx_template
from tests.course.people_lists import HEAD, workbook

SAMPLE = "sign_in_name,alias\nquiet-pandan,Zoé Müller\n"


def codes(data: bytes) -> list[tuple[int, str, str]]:
    _lines, problems = read_people(read_table(data))
    return [(one.row, one.column, one.code) for one in problems]


def names(data: bytes) -> list[PersonLine]:
    lines, problems = read_people(read_table(data))
    assert problems == []
    return lines


@pytest.mark.parametrize(
    ("encoding", "told"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("cp1252", "cp1252"),
    ],
)
@pytest.mark.parametrize("sign", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_list_is_read_however_it_was_saved(encoding: str, told: str, sign: str, end: str) -> None:
    if end == "\r" and encoding != "utf-8":
        pytest.skip("once is enough")
    data = SAMPLE.replace(",", sign).replace("\n", end).encode(encoding)
    assert read_table(data).encoding == told
    (line,) = names(data)
    assert (line.sign_in_name, line.alias, line.row) == ("quiet-pandan", "Zoé Müller", 2)


@settings(max_examples=200, deadline=None)
@given(st.text(min_size=1, max_size=40).filter(lambda text: "\x00" not in text))
def test_utf_8_is_never_taken_for_something_else(text: str) -> None:
    whole = HEAD + "\n" + text.encode("utf-8", "ignore").decode()
    assert decode(whole.encode()) == ("utf-8", whole)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_at_all_make_the_reader_fall_over(data: bytes) -> None:
    for start in (b"", HEAD.encode() + b"\n", b"PK\x03\x04", b"\xff\xfe"):
        _lines, problems = read_people(read_table(start + data))
        assert all(one.code in WORDS for one in problems)


def test_a_row_with_a_fault_is_still_somebody_s_manager() -> None:
    lines, problems = read_people(read_table(b"sign_in_name,email,manager\na,x,\nb,,a\n,,\n@,,a"))
    assert [(one.row, one.code) for one in problems] == [
        (2, "email_wrong"),
        (5, "cell_like_formula"),
    ]
    assert [line.sign_in_name for line in lines] == ["a", "b", ""]


def test_headings_may_be_written_as_people_write_them() -> None:
    data = b"Sign-in name;Name to show;Groups;E-mail\nmel;Mel;A|B ;mel@example.org\n"
    (line,) = names(data)
    assert line.cohorts == ("A", "B")
    assert line.email == "mel@example.org"
    assert names(b"sep=;\nUsername;Alias\nmel;x\n")[0].row == 3


def test_empty_rows_count_but_say_nothing() -> None:
    assert [line.row for line in names(b"sign_in_name\n\n,\nmel\n\n")] == [4]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_empty"),
        (b"\xef\xbb\xbf \n", "file_empty"),
        (b"a" * (MOST_BYTES + 1), "file_too_large"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1xls", "file_old_or_locked"),
        (b"sign_in_name\nme\x00l", "file_not_text"),
        (b"sign_in_name\n\x81\x8d", "file_letters_unknown"),
        (b'sign_in_name,alias\nmel,"open', "csv_quotes"),
        (b"sign_in_name\n" + b"x\n" * (MOST_ROWS + 1), "rows_too_many"),
        (b"sign_in_name,alias\n", "rows_none"),
        (b",".join([b"x"] * 30) + b"\n", "columns_too_many"),
        (b"alias\nMel\n", "heading_missing"),
        (b"sign_in_name,shoe\nmel,4\n", "heading_unknown"),
        (b"sign_in_name,alias,alias\nmel,a,b\n", "heading_twice"),
        (b"PK\x03\x04 not a zip", "workbook_broken"),
    ],
)
def test_a_file_that_will_not_do_says_why(data: bytes, code: str) -> None:
    assert code in {found for _row, _column, found in codes(data)}


# --- workbooks ----------------------------------------------------------------------------------


def test_a_workbook_is_read_like_a_text_file() -> None:
    data = workbook(["Sign-in name", "Alias"], [], ["mel", "Zoé"])
    assert names(data) == [PersonLine(row=3, sign_in_name="mel", alias="Zoé")]


def test_cells_that_are_no_text_are_named_one_by_one() -> None:
    data = workbook(
        ["sign_in_name", "alias"],
        ["a1", "=1+1"],
        ["a2", date(2026, 1, 1)],
        [42, "x"],
        ["a4", True],
    )
    assert codes(data) == [
        (2, "B (alias)", "cell_formula"),
        (3, "B (alias)", "cell_date"),
        (4, "A (sign_in_name)", "cell_number"),
        (5, "B (alias)", "cell_yes_no"),
    ]


def test_the_templates_hold_the_headings_and_nobody() -> None:
    for data in (csv_template(), xlsx_template()):
        table = read_table(data)
        assert list(table.places) == HEAD.split(",")
        assert [one.code for one in table.problems] == ["rows_none"]


def test_two_sheets_that_hold_something_are_one_too_many() -> None:
    assert codes(workbook(["sign_in_name"], ["mel"], sheets=2)) == [(0, "", "workbook_sheets")]


def changed(data: bytes, name: str, text: bytes, *, add: bool = False) -> bytes:
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.infolist():
            new.writestr(part.filename, text if part.filename == name else old.read(part))
        if add:
            new.writestr(name, text)
    return buffer.getvalue()


GOOD = workbook(["sign_in_name"], ["mel"])
SHEET = "xl/worksheets/sheet1.xml"
# Not packed tightly, and still more than any list: one byte in sixty-four tells something.
LARGE = b"".join(bytes([number * 37 % 251]) + b" " * 63 for number in range(270_000))
with zipfile.ZipFile(io.BytesIO(GOOD)) as _good:
    # Reads well, were it allowed.
    WITH_ENTITY = _good.read(SHEET).replace(b"?>", b'?><!DOCTYPE a [<!ENTITY b "c">]>', 1)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        # One megabyte of zeroes in a thousand bytes; and more than any list needs.
        (changed(GOOD, "xl/bomb.xml", b"0" * 1_000_000, add=True), "workbook_packed"),
        (changed(GOOD, "xl/large.xml", LARGE, add=True), "workbook_packed"),
        (changed(GOOD, SHEET, WITH_ENTITY), "workbook_broken"),
        (changed(GOOD, SHEET, b"<broken"), "workbook_broken"),
        (changed(GOOD, "xl/vbaProject.bin", b"x", add=True), "workbook_macros"),
        (GOOD[:-40], "workbook_broken"),
    ],
)
def test_a_dangerous_workbook_is_refused(data: bytes, code: str) -> None:
    assert codes(data) == [(0, "", code)]


def test_a_workbook_of_very_many_parts_is_refused() -> None:
    data = GOOD
    for number in range(100):
        data = changed(data, f"xl/part{number}.xml", b"<a/>", add=True)
    assert codes(data) == [(0, "", "workbook_packed")]


def test_a_sheet_that_lies_about_its_size_costs_nothing() -> None:
    with zipfile.ZipFile(io.BytesIO(GOOD)) as archive:
        text = archive.read(SHEET)
    assert b'<dimension ref="A1:A2"/>' in text
    lie = text.replace(b'ref="A1:A2"', b'ref="A1:XFD1048576"')
    assert [line.sign_in_name for line in names(changed(GOOD, SHEET, lie))] == ["mel"]


def test_letters_of_columns() -> None:
    assert [letter(index) for index in (0, 25, 26, 51, 52)] == ["A", "Z", "AA", "AZ", "BA"]


def test_a_line_survives_being_kept() -> None:
    line = PersonLine(row=7, sign_in_name="mel", cohorts=("A", "B"))
    assert PersonLine.from_document(line.as_document()) == line
    assert Table().place("alias") == "alias"
