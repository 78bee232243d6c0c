"""Learning gain: groups and persons, before and after.

Section 7 of the measurement design. Scores are percent, 0 to 100. Sources: Hake 1998; Marx &
Cummings 2007; Lakens 2013 (d_av and d_z); Jacobson & Truax 1991.
"""

import math
from collections.abc import Sequence
from typing import Final, TypedDict

from quizzes.measures import checks, limits, special
from quizzes.measures.moments import mean, ratio, sample_sd

PERCENT: Final = 100.0


class GroupGain(TypedDict):
    """One group, the same people twice. Means and the interval are in percent points."""

    n: int
    mean_pre: float | None
    mean_post: float | None
    mean_gain: float | None
    gain_ci95: list[float] | None
    hake_g: float | None
    cohen_dav: float | None
    cohen_dz: float | None


class Hake(TypedDict):
    """Hake's g: the share of what could be gained that was gained."""

    g: float | None


class NormalisedChange(TypedDict):
    """Marx and Cummings' c for one person, -1 to 1."""

    c: float | None


class ReliableChange(TypedDict):
    """`gain`, `loss` or `no_reliable_change`; None when it cannot be said."""

    rci: float | None
    label: str | None


class CohortMean(TypedDict):
    """Mean of the people of a cohort with its 95 % t interval; None below two people."""

    n: int
    mean: float | None
    ci95: list[float] | None


def cohort_mean(*, values: Sequence[float]) -> CohortMean:
    """Mean and t interval of one value per person: how a cohort's d' is reported (1.2, section 7).

    Give it the d' of those who are above their gate; pooling everybody's trials understates d'.
    ValueError for a value that is not finite.
    """
    return _mean_with_interval([checks.finite(value, "a value") for value in values])


def _mean_with_interval(values: Sequence[float]) -> CohortMean:
    centre, spread, n = mean(values), sample_sd(values), len(values)
    if centre is None or spread is None:
        return CohortMean(n=n, mean=centre, ci95=None)
    half = special.t_quantile(0.975, n - 1) * spread / math.sqrt(n)
    return CohortMean(n=n, mean=centre, ci95=[centre - half, centre + half])


def _hake(pre: float, post: float) -> float | None:
    """G of two percents; None at a full pre-test, or where the scores cannot be percent."""
    if not (0 <= pre < PERCENT and 0 <= post <= PERCENT):
        return None
    return ratio(post - pre, PERCENT - pre)


def group_gain(*, pre: Sequence[float], post: Sequence[float]) -> GroupGain:
    """Gain of matched people with interval and effect sizes (7, point 3 and 4).

    `hake_g` is that of the GROUP MEANS. None: everything for nobody, what needs a spread where
    there is none, and `hake_g` at a mean of 100 before. ValueError for lists of different length.
    """
    checks.same_length(pre, post, "pre and post")
    before = [checks.finite(value, "pre") for value in pre]
    after = [checks.finite(value, "post") for value in post]
    mean_pre, mean_post = mean(before), mean(after)
    if mean_pre is None or mean_post is None:
        return GroupGain(
            n=0,
            mean_pre=None,
            mean_post=None,
            mean_gain=None,
            gain_ci95=None,
            hake_g=None,
            cohen_dav=None,
            cohen_dz=None,
        )
    gains = [second - first for first, second in zip(before, after, strict=True)]
    gained = math.fsum(gains) / len(gains)
    average_sd = math.sqrt(((sample_sd(before) or 0.0) ** 2 + (sample_sd(after) or 0.0) ** 2) / 2)
    return GroupGain(
        n=len(before),
        mean_pre=mean_pre,
        mean_post=mean_post,
        mean_gain=gained,
        gain_ci95=_mean_with_interval(gains)["ci95"],
        hake_g=_hake(mean_pre, mean_post),
        cohen_dav=ratio(gained, average_sd),
        cohen_dz=ratio(gained, sample_sd(gains) or 0.0),
    )


def hake_gain(*, pre: float, post: float) -> Hake:
    """Hake's g of two percent scores; None for 100 before. ValueError outside 0 to 100."""
    return Hake(
        g=_hake(checks.between(pre, 0, PERCENT, "pre"), checks.between(post, 0, PERCENT, "post"))
    )


def normalised_change(*, pre: float, post: float) -> NormalisedChange:
    """Change of one person relative to what was possible in that direction.

    0 when equal, None when equal at 0 or 100. ValueError outside 0 to 100.
    """
    first = checks.between(pre, 0, PERCENT, "pre")
    second = checks.between(post, 0, PERCENT, "post")
    if second == first:
        return NormalisedChange(c=None if first in {0, PERCENT} else 0.0)
    possible = PERCENT - first if second > first else first
    return NormalisedChange(c=(second - first) / possible)


def reliable_change(
    *, pre: float, post: float, sem: float | None, alpha: float | None = None
) -> ReliableChange:
    """Whether one person's change is larger than measurement error (7).

    `sem` is the standard error of measurement in the same unit. Give `alpha` to have the rule
    "needs .70" applied. None without a SEM above 0, or with an alpha below .70. ValueError for a
    negative SEM.
    """
    change = checks.finite(post, "post") - checks.finite(pre, "pre")
    error = 0.0 if sem is None else checks.between(sem, 0, checks.LARGEST, "sem")
    too_rough = alpha is not None and alpha < limits.RELIABLE_CHANGE_MIN_ALPHA
    rci = None if too_rough else ratio(change, error * math.sqrt(2.0))
    if rci is None:
        return ReliableChange(rci=None, label=None)
    if rci > limits.RELIABLE_CHANGE_Z:
        return ReliableChange(rci=rci, label="gain")
    lost = rci < -limits.RELIABLE_CHANGE_Z
    return ReliableChange(rci=rci, label="loss" if lost else "no_reliable_change")
