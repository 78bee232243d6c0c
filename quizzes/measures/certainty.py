"""Certainty-based marking, for the practice mode that may use it; never for the final.

Section 4.4 of the measurement design. Sources: Gardner-Medwin 1995 and 2006; Moodle's documentation
of certainty-based marking.
"""

from collections.abc import Sequence
from typing import Final, TypedDict

from quizzes.measures import checks, limits

# 2/3 computed in another way may lie a rounding step above 2/3; it is still the tie.
_ROUNDING: Final = 1e-12


class CertainAnswer(TypedDict):
    """One answer: right or wrong, and the certainty 1, 2 or 3 that was chosen."""

    correct: bool
    certainty: int


class CbmScore(TypedDict):
    """Marks; everything but the total is None without answers."""

    total: int
    average: float | None
    accuracy: float | None
    bonus: float | None
    accuracy_plus_bonus: float | None


class CbmBonus(TypedDict):
    """What knowing one's own certainty adds to the accuracy."""

    bonus: float


class CbmLevel(TypedDict):
    """The level that earns most."""

    level: int


def _expected(accuracy: float, level: int) -> float:
    """Mean mark of somebody with this accuracy who always chooses `level`."""
    right, wrong = limits.CBM_MARKS[level]
    return accuracy * right + (1 - accuracy) * wrong


def cbm_bonus(*, average: float, accuracy: float) -> CbmBonus:
    """0.1·(average - the best average of any one fixed level at that accuracy).

    ValueError for an accuracy outside 0 to 1.
    """
    accuracy = checks.share(accuracy, "accuracy")
    best = max(_expected(accuracy, level) for level in limits.CBM_MARKS)
    return CbmBonus(bonus=limits.CBM_BONUS_FACTOR * (checks.finite(average, "average") - best))


def cbm_score(*, answers: Sequence[CertainAnswer]) -> CbmScore:
    """Marks 1, 2, 3 when right and 0, -2, -6 when wrong at certainty 1, 2, 3.

    ValueError for another certainty.
    """
    total = right = 0
    for answer in answers:
        if answer["certainty"] not in limits.CBM_MARKS:
            raise ValueError(f"certainty must be 1, 2 or 3, not {answer['certainty']!r}")
        marks = limits.CBM_MARKS[answer["certainty"]]
        total += marks[0] if answer["correct"] else marks[1]
        right += bool(answer["correct"])
    if not answers:
        return CbmScore(total=0, average=None, accuracy=None, bonus=None, accuracy_plus_bonus=None)
    average, accuracy = total / len(answers), right / len(answers)
    bonus = cbm_bonus(average=average, accuracy=accuracy)["bonus"]
    return CbmScore(
        total=total,
        average=average,
        accuracy=accuracy,
        bonus=bonus,
        accuracy_plus_bonus=accuracy + bonus,
    )


def cbm_best_level(*, probability: float) -> CbmLevel:
    """The certainty to choose when the answer is right with this probability; ties go down.

    ValueError outside 0 to 1.
    """
    p = checks.share(probability, "probability") - _ROUNDING
    return CbmLevel(level=1 + (p > limits.CBM_LEVEL_2_ABOVE) + (p > limits.CBM_LEVEL_3_ABOVE))
