"""Every row of the reference table, and the shape of every answer."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from quizzes import measures
from tests.quizzes.measures.reference import ROWS, Row, differs, failure


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_a_measure_answers_as_published(row: Row) -> None:
    assert failure(measures, row) == ""


def test_every_public_function_has_reference_rows() -> None:
    assert {row.function for row in ROWS} == set(measures.__all__)


def test_answers_are_plain_json_without_nan_or_infinity() -> None:
    for row in ROWS:
        answer = getattr(measures, row.function)(**row.given)
        assert isinstance(answer, dict), row
        assert json.loads(json.dumps(answer, allow_nan=False)) == answer, row


@pytest.mark.parametrize(
    ("actual", "wanted"),
    [
        (1.1, 1.0),
        (None, 1.0),
        (1.0, None),
        (True, 1),
        (1, True),
        ("a", "b"),
        ([1], [1, 2]),
        ([1, 3], [1, 2]),
        ({"a": 1}, {"b": 1}),
        ({"a": 1}, {"a": 2}),
        (3, {"a": 1}),
        (math.nan, 1.0),
    ],
)
def test_the_comparison_can_fail(actual: Any, wanted: Any) -> None:
    assert differs(actual, wanted, 1e-9)


def test_the_comparison_allows_more_fields_and_rounding() -> None:
    assert differs({"a": [1.0 + 1e-12], "b": 2}, {"a": [1]}, 1e-9) == ""


def test_a_crash_is_a_failure() -> None:
    assert "ValueError" in failure(measures, Row("lay_rate", {"k": 2, "n": 1}, {}, "wrong"))
