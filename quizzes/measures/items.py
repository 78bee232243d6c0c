"""Classical item analysis: facility, discrimination, reliability.

Sections 3.1 to 3.3 of the measurement design. A matrix has one row per learner (first attempts of
one fixed form) and one column per item; an unanswered item of a submitted attempt is 0.

Sources: Crocker & Algina 1986; Kuder & Richardson 1937; Cronbach 1951; Feldt 1965; Spearman 1910
and Brown 1910; Haladyna & Downing 1993.
"""

import math
from collections.abc import Sequence
from typing import TypedDict

from quizzes.measures import checks, special
from quizzes.measures.moments import (
    correlation,
    mean,
    population_variance,
    ratio,
    sample_sd,
    sample_variance,
)


class ItemRow(TypedDict):
    """One item. `facility` is mean/max, `sd` is in marks, `item_rest_r` is the main figure."""

    facility: float | None
    sd: float | None
    item_total_r: float | None
    item_rest_r: float | None
    alpha_if_dropped: float | None


class ItemAnalysis(TypedDict):
    """One form. Totals, `sd_total` and `sem` are in marks; alpha may be negative."""

    n_persons: int
    n_items: int
    mean_total: float | None
    sd_total: float | None
    alpha: float | None
    sem: float | None
    alpha_ci95_feldt: list[float] | None
    items: list[ItemRow]


class Kr(TypedDict):
    """Kuder and Richardson's formulas 20 and 21."""

    kr20: float | None
    kr21: float | None


class Reliability(TypedDict):
    """Reliability of the lengthened test."""

    reliability: float | None


class Factor(TypedDict):
    """How many times as long a test must become."""

    factor: float | None


def checked_marks(
    rows: Sequence[Sequence[float]], max_marks: Sequence[float] | None, name: str
) -> tuple[list[list[float]], list[float]]:
    """The columns of the matrix and the maximum of each; without `max_marks` every item has 1.

    A maximum of 0 is a page without a question (Moodle counts those too) and has no facility.
    ValueError for rows of different length, a negative maximum, a wrong number of maxima, or a mark
    beyond its stated maximum (penalties may go down to minus the maximum).
    """
    checked = checks.table(rows, name)
    width = len(checked[0]) if checked else len(max_marks or ())
    columns = [[row[i] for row in checked] for i in range(width)]
    if max_marks is None:
        return columns, [1.0] * width
    maxima = [checks.between(value, 0, checks.LARGEST, "max_marks") for value in max_marks]
    checks.same_length(columns, maxima, f"the rows of {name} and max_marks")
    for column, maximum in zip(columns, maxima, strict=True):
        if any(abs(mark) > maximum for mark in column):
            raise ValueError(f"{name} holds a mark beyond its maximum of {maximum:g}")
    return columns, maxima


def facility_of(column: Sequence[float], maximum: float) -> float | None:
    """Mean mark as a share of the maximum."""
    average = mean(column)
    return None if average is None else ratio(average, maximum)


def totals_of(columns: Sequence[Sequence[float]], *, without: int | None = None) -> list[float]:
    """Each person's sum over the columns, all of them or all but one."""
    kept = [column for i, column in enumerate(columns) if i != without]
    people = len(columns[0]) if columns else 0
    return [math.fsum(column[person] for column in kept) for person in range(people)]


def cronbach_alpha(variances: Sequence[float | None], total_variance: float | None) -> float | None:
    """k/(k-1)·(1 - Σs²/s²_T); None for fewer than two items or no variance of the totals."""
    k = len(variances)
    if k < 2 or not total_variance:
        return None
    alpha = k / (k - 1) * (1 - math.fsum(v or 0.0 for v in variances) / total_variance)
    return min(alpha, 1.0)  # it never is more; rounding of large marks would make it so


def feldt_interval(alpha: float, persons: int, items: int) -> list[float]:
    """Feldt's 95 % interval: F with n - 1 and (n - 1)(k - 1) degrees of freedom."""
    d1, d2 = persons - 1, (persons - 1) * (items - 1)
    return [1 - (1 - alpha) * special.f_quantile(p, d1, d2) for p in (0.975, 0.025)]


def _item_row(columns: list[list[float]], i: int, maximum: float) -> ItemRow:
    column, rest = columns[i], totals_of(columns, without=i)
    others = [sample_variance(other) for j, other in enumerate(columns) if j != i]
    return ItemRow(
        facility=facility_of(column, maximum),
        sd=sample_sd(column),
        item_total_r=correlation(column, totals_of(columns)),
        item_rest_r=correlation(column, rest),
        alpha_if_dropped=cronbach_alpha(others, sample_variance(rest)),
    )


def ctt_item_analysis(
    *, matrix: Sequence[Sequence[float]] = (), max_marks: Sequence[float] | None = None
) -> ItemAnalysis:
    """Everything about one form's items and its reliability (3.1 to 3.3).

    None: what needs a spread that is not there (fewer than two persons or items, equal totals).
    Errors as in `checked_marks`.
    """
    columns, maxima = checked_marks(matrix, max_marks, "matrix")
    totals = totals_of(columns) if matrix else []
    spread = sample_sd(totals)
    alpha = cronbach_alpha([sample_variance(c) for c in columns], sample_variance(totals))
    usable = alpha is not None and spread is not None
    return ItemAnalysis(
        n_persons=len(matrix),
        n_items=len(columns),
        mean_total=mean(totals),
        sd_total=spread,
        alpha=alpha,
        sem=(spread or 0.0) * math.sqrt(1 - (alpha or 0.0)) if usable else None,
        alpha_ci95_feldt=feldt_interval(alpha or 0.0, len(matrix), len(columns))
        if usable
        else None,
        items=[_item_row(columns, i, maximum) for i, maximum in enumerate(maxima)],
    )


def kr20(*, matrix: Sequence[Sequence[int]]) -> Kr:
    """Reliability of right/wrong items, with POPULATION variances throughout (3.3).

    Both None for fewer than two items or equal totals. ValueError for marks other than 0 and 1.
    """
    rows = checks.binary_table(matrix, "matrix")
    k = len(rows[0]) if rows else 0
    totals = [math.fsum(row) for row in rows]
    variance, average = population_variance(totals), mean(totals)
    if k < 2 or not variance or average is None:
        return Kr(kr20=None, kr21=None)
    shares = [math.fsum(row[i] for row in rows) / len(rows) for i in range(k)]
    unreliable = math.fsum(p * (1 - p) for p in shares)
    return Kr(
        kr20=k / (k - 1) * (1 - unreliable / variance),
        kr21=k / (k - 1) * (1 - average * (k - average) / (k * variance)),
    )


def spearman_brown(*, reliability: float, factor: float) -> Reliability:
    """Reliability of a test `factor` times as long (3.3).

    None where the formula has no meaning (its denominator is not above 0). ValueError for a
    reliability above 1 or below -1, or a negative factor.
    """
    r = checks.between(reliability, -1, 1, "reliability")
    times = checks.between(factor, 0, checks.LARGEST, "factor")
    denominator = 1 + (times - 1) * r
    if denominator <= 0:
        return Reliability(reliability=None)
    return Reliability(reliability=times * r / denominator)


def spearman_brown_factor(*, reliability: float, target: float) -> Factor:
    """How many times as long a test must be to reach `target` (3.3).

    None when no length does (reliability not above 0, or a target of 1). ValueError for a
    reliability outside -1 to 1 or a target outside 0 to 1.
    """
    r = checks.between(reliability, -1, 1, "reliability")
    wanted = checks.share(target, "target")
    if r <= 0 or wanted == 1:
        return Factor(factor=None)
    return Factor(factor=ratio(wanted * (1 - r), r * (1 - wanted)))
