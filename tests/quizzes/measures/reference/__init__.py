"""The reference table: what every public measure must answer, with the source of each answer."""

from tests.quizzes.measures.reference import (
    answer_rows,
    gain_rows,
    item_rows,
    mastery_rows,
    schedule_rows,
    signal_rows,
    word_rows,
)
from tests.quizzes.measures.reference.rows import Row, differs, failure

TABLES = (
    signal_rows,
    item_rows,
    answer_rows,
    gain_rows,
    mastery_rows,
    word_rows,
    schedule_rows,
)
ROWS = [row for table in TABLES for row in table.ROWS]

__all__ = ["ROWS", "Row", "differs", "failure"]
