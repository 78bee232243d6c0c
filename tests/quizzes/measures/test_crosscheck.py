"""Against NumPy and SciPy over random input; each function a few dozen times, always the same."""

from __future__ import annotations

import pytest

from quizzes import measures
from tests.quizzes.measures.generated import DRAWS, irt_row, rows
from tests.quizzes.measures.oracle import ORACLES
from tests.quizzes.measures.reference import failure

TIMES = 60


@pytest.mark.parametrize("function", DRAWS)
def test_a_measure_agrees_with_its_oracle(function: str) -> None:
    failures = [found for row in rows(function, TIMES) if (found := failure(measures, row))]
    assert failures == []


def test_every_oracle_is_asked() -> None:
    assert DRAWS.keys() == ORACLES.keys()


@pytest.mark.parametrize(("name", "common"), [("irt_rasch_mml", True), ("irt_2pl_mml", False)])
def test_item_response_models_reach_the_maximum_of_the_likelihood(name: str, common: bool) -> None:
    assert failure(measures, irt_row(name, common=common)) == ""
