"""The quiz statistics that Moodle prints, for organisations that compare with it.

Section 3.6 of the measurement design; all variances and covariances with n - 1, indices in percent
where Moodle prints percent. Source: Moodle developer documentation, "Quiz statistics calculations".
"""

import math
import statistics
from collections.abc import Sequence
from typing import TypedDict

from quizzes.measures.items import checked_marks, cronbach_alpha, facility_of, totals_of
from quizzes.measures.moments import (
    central_moment,
    covariance,
    is_constant,
    mean,
    sample_sd,
    sample_variance,
)


class MoodleItem(TypedDict):
    """One question. `facility` is a proportion, the indices are percent, the rest is in marks."""

    facility: float | None
    sd: float | None
    covariance: float | None
    mark_variance: float | None
    other_mark_variance: float | None
    discrimination_index: float | None
    covariance_max: float | None
    discriminative_efficiency: float | None
    covariance_with_total: float | None
    effective_weight: float | None


class MoodleStatistics(TypedDict):
    """One quiz. `cic` and `error_ratio` are percent, the rest is in marks or has no unit."""

    median: float | None
    mean: float | None
    sd: float | None
    skewness: float | None
    kurtosis: float | None
    cic: float | None
    error_ratio: float | None
    standard_error: float | None
    items: list[MoodleItem]


def _k_statistics(values: Sequence[float]) -> tuple[float | None, float | None]:
    """Skewness k₃/k₂^1.5 (from three values) and kurtosis k₄/k₂² (from four)."""
    n = len(values)
    if n < 3 or is_constant(values):
        return None, None
    m2, m3, m4 = (central_moment(values, order) for order in (2, 3, 4))
    k2 = n * m2 / (n - 1)
    k3 = n * n * m3 / ((n - 1) * (n - 2))
    skewness = k3 / k2**1.5
    if n < 4:
        return skewness, None
    k4 = n * n * ((n + 1) * m4 - 3 * (n - 1) * m2 * m2) / ((n - 1) * (n - 2) * (n - 3))
    return skewness, k4 / (k2 * k2)


def _percent(part: float | None, whole: float | None) -> float | None:
    return None if part is None or not whole else 100 * part / whole


def _effective_weights(with_total: Sequence[float | None]) -> list[float | None]:
    """Each item's part of the spread, percent; a negative covariance has none."""
    roots = [None if c is None or c < 0 else math.sqrt(c) for c in with_total]
    whole = math.fsum(root for root in roots if root is not None)
    return [_percent(root, whole) for root in roots]


def _item(
    column: list[float], rest: list[float], maximum: float, with_total: float | None
) -> MoodleItem:
    together, most = covariance(column, rest), covariance(sorted(column), sorted(rest))
    variance, other_variance = sample_variance(column), sample_variance(rest)
    spread = math.sqrt((variance or 0.0) * (other_variance or 0.0))
    return MoodleItem(
        facility=facility_of(column, maximum),
        sd=sample_sd(column),
        covariance=together,
        mark_variance=variance,
        other_mark_variance=other_variance,
        discrimination_index=_percent(together, spread),
        covariance_max=most,
        discriminative_efficiency=_percent(together, most),
        covariance_with_total=with_total,
        effective_weight=None,
    )


def moodle_statistics(
    *, marks: Sequence[Sequence[float]], max_marks: Sequence[float] | None = None
) -> MoodleStatistics:
    """Moodle's statistics of a quiz from everybody's marks per question.

    None: what needs a spread, or more people, than there is. Errors as in `items.checked_marks`.
    """
    columns, maxima = checked_marks(marks, max_marks, "marks")
    totals = totals_of(columns) if marks else []
    with_total = [covariance(column, totals) for column in columns]
    rows = [
        _item(column, totals_of(columns, without=i), maximum, shared)
        for i, (column, maximum, shared) in enumerate(zip(columns, maxima, with_total, strict=True))
    ]
    for row, weight in zip(rows, _effective_weights(with_total), strict=True):
        row["effective_weight"] = weight
    skewness, kurtosis = _k_statistics(totals)
    spread = sample_sd(totals)
    alpha = cronbach_alpha([sample_variance(c) for c in columns], sample_variance(totals))
    ratio = None if alpha is None else 100 * math.sqrt(1 - alpha)
    return MoodleStatistics(
        median=statistics.median(totals) if totals else None,
        mean=mean(totals),
        sd=spread,
        skewness=skewness,
        kurtosis=kurtosis,
        cic=None if alpha is None else 100 * alpha,
        error_ratio=ratio,
        standard_error=None if ratio is None or spread is None else ratio * spread / 100,
        items=rows,
    )
