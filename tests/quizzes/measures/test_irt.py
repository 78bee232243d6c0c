"""Item response models where the likelihood has no maximum, and in groups of people."""

from __future__ import annotations

import random

import pytest

from quizzes import measures
from quizzes.measures import irt

NOTHING = {"loglik": None, "discrimination": None, "difficulty": None}
# Perfect scale: the slope grows without end.
LADDER = [[1, 1, 1], [1, 1, 0], [1, 0, 0], [0, 0, 0]]
# Right on one item goes with wrong on the others: the slope shrinks to nothing.
OPPOSED = [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0]] * 5


@pytest.mark.parametrize("model", [measures.irt_rasch_mml, measures.irt_2pl_mml])
def test_a_perfect_scale_has_no_maximum(
    model: type[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(irt, "MAX_ROUNDS", 60)
    assert model(matrix=LADDER) == NOTHING


def test_items_without_anything_in_common_have_no_difficulty() -> None:
    assert measures.irt_rasch_mml(matrix=OPPOSED) == NOTHING


def test_an_estimate_that_runs_away_is_no_estimate() -> None:
    assert measures.irt_2pl_mml(matrix=OPPOSED) == NOTHING


def test_the_order_of_people_does_not_matter() -> None:
    matrix = [[1, 1, 0, 1], [1, 0, 0, 1], [0, 1, 1, 0], [1, 1, 1, 1], [0, 0, 0, 1]] * 6
    shuffled = random.Random(3).sample(matrix, len(matrix))  # noqa: S311 -- no secret
    one, two = (measures.irt_rasch_mml(matrix=rows) for rows in (matrix, shuffled))
    assert one["difficulty"] == pytest.approx(two["difficulty"], rel=1e-5)


def test_an_item_that_fewer_get_right_is_harder() -> None:
    matrix = [[1, 1, 0], [1, 0, 0], [1, 1, 1], [0, 0, 0], [1, 0, 1], [1, 1, 0]] * 5
    difficulty = measures.irt_rasch_mml(matrix=matrix)["difficulty"]
    assert difficulty is not None
    assert difficulty[0] < difficulty[1] < difficulty[2]
