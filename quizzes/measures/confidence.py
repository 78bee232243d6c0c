"""Confidence: whether "certain" means right.

Section 4.2 of the measurement design. A confidence is the probability, 0 to 1, that the person's
own answer is right. Sources: Brier 1950; Murphy 1973; Lichtenstein, Fischhoff & Phillips 1982;
Naeini et al. 2015.
"""

import math
from collections.abc import Sequence
from typing import TypedDict

from quizzes.measures import checks, limits
from quizzes.measures.moments import concordance


class Level(TypedDict):
    """One confidence that was given, how often, and how often it was right."""

    level: float
    n: int
    accuracy: float


class Calibration(TypedDict):
    """Everything that is None without answers; `over_under` above 0 is overconfidence."""

    n: int
    mean_confidence: float | None
    accuracy: float | None
    over_under: float | None
    brier: float | None
    reliability: float | None
    resolution: float | None
    uncertainty: float | None
    ece_levels: float | None
    resolution_auc: float | None
    levels: list[Level]


class BinnedError(TypedDict):
    """Calibration error over bins: weighted mean gap, largest gap, root mean square gap."""

    ece: float | None
    mce: float | None
    rmsce: float | None


def _pairs(confidence: Sequence[float], correct: Sequence[float]) -> tuple[list[float], list[int]]:
    checks.same_length(confidence, correct, "confidence and correct")
    given = [checks.share(value, "confidence") for value in confidence]
    return given, checks.zeros_and_ones(correct, "correct")


def _levels(given: list[float], right: list[int]) -> list[Level]:
    tally: dict[float, list[int]] = {}
    for value, outcome in zip(given, right, strict=True):
        tally.setdefault(value, []).append(outcome)
    return [
        Level(level=value, n=len(outcomes), accuracy=sum(outcomes) / len(outcomes))
        for value, outcomes in sorted(tally.items())
    ]


def confidence_calibration(*, confidence: Sequence[float], correct: Sequence[int]) -> Calibration:
    """Over- and underconfidence, Brier score and its parts, and resolution (4.2).

    Brier = reliability - resolution + uncertainty. `resolution_auc` is None when all answers are
    right or all wrong. ValueError for lists of different length, a confidence outside 0 to 1, or a
    `correct` that is not 0 or 1.
    """
    given, right = _pairs(confidence, correct)
    n = len(given)
    levels = _levels(given, right)
    if not n:
        return Calibration(
            n=0,
            mean_confidence=None,
            accuracy=None,
            over_under=None,
            brier=None,
            reliability=None,
            resolution=None,
            uncertainty=None,
            ece_levels=None,
            resolution_auc=None,
            levels=levels,
        )
    sure, accuracy = math.fsum(given) / n, sum(right) / n
    sure_right = [p for p, y in zip(given, right, strict=True) if y]
    sure_wrong = [p for p, y in zip(given, right, strict=True) if not y]
    return Calibration(
        n=n,
        mean_confidence=sure,
        accuracy=accuracy,
        over_under=sure - accuracy,
        brier=math.fsum((p - y) ** 2 for p, y in zip(given, right, strict=True)) / n,
        reliability=math.fsum(v["n"] * (v["level"] - v["accuracy"]) ** 2 for v in levels) / n,
        resolution=math.fsum(v["n"] * (v["accuracy"] - accuracy) ** 2 for v in levels) / n,
        uncertainty=accuracy * (1 - accuracy),
        ece_levels=math.fsum(v["n"] * abs(v["accuracy"] - v["level"]) for v in levels) / n,
        resolution_auc=concordance(sure_right, sure_wrong),
        levels=levels,
    )


def ece_equal_width(
    *, confidence: Sequence[float], correct: Sequence[int], bins: int = limits.ECE_BINS
) -> BinnedError:
    """Calibration error in `bins` bins of equal width, p = 1 in the last one (4.2).

    A bin's gap is |accuracy - mean confidence|. None without answers; errors as in
    `confidence_calibration`, and for fewer than one bin.
    """
    given, right = _pairs(confidence, correct)
    if checks.count(bins, "bins") < 1:
        raise ValueError("bins must be at least 1")
    if not given:
        return BinnedError(ece=None, mce=None, rmsce=None)
    excess: dict[int, list[float]] = {}
    for p, y in zip(given, right, strict=True):
        excess.setdefault(min(math.floor(p * bins), bins - 1), []).append(y - p)
    gaps = [(len(parts), abs(math.fsum(parts)) / len(parts)) for parts in excess.values()]
    return BinnedError(
        ece=math.fsum(n * gap for n, gap in gaps) / len(given),
        mce=max(gap for _, gap in gaps),
        rmsce=math.sqrt(math.fsum(n * gap * gap for n, gap in gaps) / len(given)),
    )
