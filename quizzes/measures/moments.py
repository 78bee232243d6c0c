"""Means, variances and correlations that answer None where there is nothing to compute.

Sums are exact (`math.fsum`), so the order of the rows never changes a result. "Sample" divides by
n - 1, "population" by n. Values that differ by less than 1e-9 of their size count as equal: marks
such as 0.1 + 0.2 and 0.3 must not look like a spread.
"""

import math
from collections.abc import Sequence
from typing import Final

_NOISE: Final = 1e-9
_ROUNDING: Final = 1e-14


def ratio(part: float, whole: float) -> float | None:
    """Part / whole; None when that is not a finite number."""
    if not whole:
        return None
    quotient = part / whole
    return quotient if math.isfinite(quotient) else None


def mean(values: Sequence[float]) -> float | None:
    """Arithmetic mean; None for no values."""
    return math.fsum(values) / len(values) if values else None


def is_constant(values: Sequence[float]) -> bool:
    """True when there is no spread worth the name; `values` is not empty."""
    low, high = min(values), max(values)
    return high - low <= _NOISE * max(1.0, abs(low), abs(high))


def _deviations(values: Sequence[float]) -> list[float]:
    centre = math.fsum(values) / len(values)
    return [value - centre for value in values]


def sample_variance(values: Sequence[float]) -> float | None:
    """Variance with n - 1; exactly 0 for equal values, None for fewer than two."""
    if len(values) < 2:
        return None
    if is_constant(values):
        return 0.0
    return math.fsum(d * d for d in _deviations(values)) / (len(values) - 1)


def sample_sd(values: Sequence[float]) -> float | None:
    """Standard deviation with n - 1; None for fewer than two values."""
    variance = sample_variance(values)
    return None if variance is None else math.sqrt(variance)


def population_variance(values: Sequence[float]) -> float | None:
    """Variance with n; None for no values."""
    if not values:
        return None
    if is_constant(values):
        return 0.0
    return math.fsum(d * d for d in _deviations(values)) / len(values)


def covariance(x: Sequence[float], y: Sequence[float]) -> float | None:
    """Covariance with n - 1; exactly 0 when either side is constant or the rest is rounding."""
    if len(x) < 2:
        return None
    if is_constant(x) or is_constant(y):
        return 0.0
    dx, dy = _deviations(x), _deviations(y)
    total = math.fsum(a * b for a, b in zip(dx, dy, strict=True))
    size = math.fsum(abs(a * b) for a, b in zip(dx, dy, strict=True))
    return 0.0 if abs(total) <= _ROUNDING * size else total / (len(x) - 1)


def correlation(x: Sequence[float], y: Sequence[float]) -> float | None:
    """Pearson's r; None for fewer than two pairs or no variance on either side."""
    together, spread_x, spread_y = covariance(x, y), sample_sd(x), sample_sd(y)
    if together is None or not spread_x or not spread_y:
        return None
    return max(-1.0, min(1.0, together / (spread_x * spread_y)))


def central_moment(values: Sequence[float], order: int) -> float:
    """Mean of the deviations' power; `values` is not empty."""
    return math.fsum(d**order for d in _deviations(values)) / len(values)


def concordance(higher: Sequence[float], lower: Sequence[float]) -> float | None:
    """Share of pairs in which the first sample's value is larger, ties one half; None if empty.

    The area under an ROC curve, and Mann and Whitney's U divided by the number of pairs.
    """
    if not higher or not lower:
        return None
    # One pass over both samples in order: every value of `higher` beats the lower ones before it.
    tally: dict[float, list[int]] = {}
    for side, values in enumerate((higher, lower)):
        for value in values:
            tally.setdefault(value, [0, 0])[side] += 1
    below = doubled = 0
    for value in sorted(tally):
        ups, downs = tally[value]
        doubled += ups * (2 * below + downs)
        below += downs
    return doubled / (2 * len(higher) * len(lower))
