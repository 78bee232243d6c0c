"""Lists of people for tests: good ones of any length, and one file with every kind of bad row."""

import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter

from course.people_files import COLUMNS

HEAD = ",".join(COLUMNS)

# (row as in the file, column letter or "", code). Columns: A sign_in_name, B alias, C language,
# D role, E cohorts, F email, G manager, H office.
BAD_ROWS: list[tuple[str, str, str]] = [
    (",Somebody,en,learner,,,", "A", "name_missing"),
    ("két,,,,,,", "A", "name_signs"),
    ("-quiet,,,,,,", "A", "cell_like_formula"),
    (f"{'a' * 41},,,,,,", "A", "name_too_long"),
    ("mel@example.org,,,,,,", "A", "name_is_email"),
    ("900101-14-5678,,,,,,", "A", "name_is_identity"),
    ("0123456789,,,,,,", "A", "name_is_number"),
    ("erased-one,,,,,,", "A", "name_reserved"),
    ("twice,,,,,,", "", ""),
    ("Twice,,,,,,", "A", "name_twice"),
    ("lighthouse-learner,,,,,,", "A", "name_taken"),
    ("paused-person,,,,,,", "A", "person_paused"),
    ("harbour-trainer,,,learner,,,", "D", "role_differs"),
    ("two words,,,,,,", "A", "name_signs"),
    ("b1,=1+1,,,,,", "B", "cell_like_formula"),
    ("b2,@SUM(A1),,,,,", "B", "cell_like_formula"),
    (f"b3,{'x' * 61},,,,,", "B", "alias_too_long"),
    ("b4,a\u202eb,,,,,", "B", "cell_invisible"),
    ("b5,a\u200bb,,,,,", "B", "cell_invisible"),
    ('b6,"one\ntwo",,,,,', "B", "cell_lines"),
    ("b7,Fran\ufffdois,,,,,", "B", "cell_broken_letter"),
    (f"b8,{'y' * 501},,,,,", "B", "cell_too_long"),
    ("b9,\x07bell,,,,,", "B", "cell_invisible"),
    ("c1,,klingon,,,,", "C", "language_unknown"),
    ("c2,,+en,,,,", "C", "cell_like_formula"),
    ("d1,,,boss,,,", "D", "role_unknown"),
    ("d2,,,administrator,,,", "D", "role_administrator"),
    ("e1,,,,No such group,,", "E", "cohort_unknown"),
    ("e2,,,,canaryharbour first|Canaryharbour  First,,", "E", "cohort_twice"),
    ("e3,,,,a|b|c|d|e|f,,", "E", "cohorts_too_many"),
    (f"e4,,,,{'z' * 81},,", "E", "cohort_too_long"),
    ("e5,,,,canarylighthouse first,,", "E", "cohort_unknown"),
    ("f1,,,,,nonsense,", "F", "email_wrong"),
    (f"f2,,,,,{'a' * 250}@example.org,", "F", "email_too_long"),
    ("f3,,,,,a b@example.org,", "F", "email_wrong"),
    ("g1,,,,,,nobody-here", "G", "manager_unknown"),
    ("g2,,,,,,g2", "G", "manager_self"),
    ("g3,,,,,,paused-person", "G", "manager_paused"),
    ("g4,,,,,,g5", "G", "manager_circle"),
    ("g5,,,,,,g4", "G", "manager_circle"),
    ("g6,,,,,,lighthouse-trainer", "G", "manager_unknown"),
    ("h1,,,,,,,No such office", "H", "office_unknown"),
    ("h2,,,,,,,canarylighthouse office", "H", "office_unknown"),
    ("h3,,,,,,,canaryharbour closed", "H", "office_closed"),
    # Everything wrong at once: one fault does not hide the next.
    ("i1,=1+1,klingon,boss,No such group,nonsense,nobody-here", "B", "cell_like_formula"),
    ("k1,,,,,,,,too much", "I", "cell_without_heading"),
]


def bad_file() -> bytes:
    """All of BAD_ROWS under the headings."""
    return "\n".join([HEAD, *(row for row, _column, _code in BAD_ROWS)]).encode()


def people_csv(number: int, *, cohort: str = "", manager: str = "", prefix: str = "p") -> bytes:
    """So many newcomers without a fault."""
    rows = [f"{prefix}{index:05},,ms,,{cohort},,{manager}" for index in range(number)]
    return "\n".join([HEAD, *rows]).encode()


def workbook(*rows: Sequence[Any], sheets: int = 1) -> bytes:
    """An XLSX file; values as they are, so that numbers, dates and formulas stay what they are."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "remove_timezone": True}) as book:
        date = book.add_format({"num_format": "yyyy-mm-dd"})
        for _ in range(sheets):
            sheet = book.add_worksheet()
            for row, cells in enumerate(rows):
                for column, value in enumerate(cells):
                    style = date if hasattr(value, "year") else None
                    sheet.write(row, column, value, style)
    return buffer.getvalue()
