"""Intervals of proportions: pass rates, hit rates, completion, facility.

Section 2 of the measurement design. Sources: Wilson 1927; Newcombe 1998a and 1998b (method 10);
Brown, Cai & DasGupta 2001.
"""

import math
from typing import TypedDict

from quizzes.measures import checks, special


class Wilson(TypedDict):
    """A proportion with its interval, all from 0 to 1; None without trials."""

    p: float | None
    low: float | None
    high: float | None


class Difference(TypedDict):
    """First proportion minus second, with its interval, from -1 to 1; None without trials."""

    diff: float | None
    low: float | None
    high: float | None


def _wilson(successes: int, n: int, z: float) -> tuple[float, float, float]:
    """p, low, high for n above 0; the ends are exact when nobody or everybody succeeded."""
    p = successes / n
    scale = 1 + z * z / n
    centre = (p + z * z / (2 * n)) / scale
    half = z / scale * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    low = 0.0 if successes == 0 else max(0.0, centre - half)
    high = 1.0 if successes == n else min(1.0, centre + half)
    return p, low, high


def wilson_interval(*, successes: int, n: int, confidence: float = 0.95) -> Wilson:
    """Wilson's score interval without continuity correction; all None for n = 0.

    ValueError for more successes than trials or a confidence not between 0 and 1.
    """
    z = special.critical_z(checks.inside(confidence, 0, 1, "confidence"))
    successes, n = checks.part(successes, n, ("successes", "n"))
    if not n:
        return Wilson(p=None, low=None, high=None)
    p, low, high = _wilson(successes, n, z)
    return Wilson(p=p, low=low, high=high)


def wilson_difference(
    *, x1: int, n1: int, x2: int, n2: int, confidence: float = 0.95
) -> Difference:
    """x1/n1 - x2/n2 of independent groups with Newcombe's interval (his method 10).

    All None when a group is empty. Errors as in `wilson_interval`.
    """
    z = special.critical_z(checks.inside(confidence, 0, 1, "confidence"))
    x1, n1 = checks.part(x1, n1, ("x1", "n1"))
    x2, n2 = checks.part(x2, n2, ("x2", "n2"))
    if not n1 or not n2:
        return Difference(diff=None, low=None, high=None)
    p1, low1, high1 = _wilson(x1, n1, z)
    p2, low2, high2 = _wilson(x2, n2, z)
    return Difference(
        diff=p1 - p2,
        low=p1 - p2 - math.hypot(p1 - low1, high2 - p2),
        high=p1 - p2 + math.hypot(high1 - p1, p2 - low2),
    )
