"""Distribution functions: normal from the standard library, beta, F and t our own.

SciPy would cost 160 MB and half a second of import for three functions, so it only judges these in
tests. The incomplete beta function is a continued fraction (Press et al., Numerical Recipes 6.4),
its inverse a bisection down to neighbouring floats. Largest relative error against SciPy: 1e-11
for parameters up to 1 000, 1e-8 up to 1 000 000 (the logarithm of the gamma function loses digits).
"""

import math
from statistics import NormalDist
from typing import Final

_NORMAL: Final = NormalDist()
# Numerical Recipes: guards a division where a partial denominator is exactly zero.
_TINY: Final = 1e-300
_CONVERGED: Final = 1e-15


def normal_quantile(p: float) -> float:
    """z: the value that a standard normal variable stays below with probability p, 0 < p < 1."""
    return _NORMAL.inv_cdf(p)


def normal_density(z: float) -> float:
    """Density of the standard normal distribution at z."""
    return _NORMAL.pdf(z)


def normal_cdf(z: float) -> float:
    """P(a standard normal variable is at most z)."""
    return _NORMAL.cdf(z)


def _beta_fraction(x: float, a: float, b: float) -> float:
    """The continued fraction of the incomplete beta function, by Lentz's method."""
    c, d = 1.0, 1.0 / _away_from_zero(1.0 - (a + b) * x / (a + 1.0))
    value = d
    m = 0
    while True:
        m += 1
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        d = 1.0 / _away_from_zero(1.0 + even * d)
        c = _away_from_zero(1.0 + even / c)
        value *= d * c
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        d = 1.0 / _away_from_zero(1.0 + odd * d)
        c = _away_from_zero(1.0 + odd / c)
        value *= d * c
        if abs(d * c - 1.0) < _CONVERGED:
            return value


def _away_from_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY


def beta_cdf(x: float, a: float, b: float) -> float:
    """P(X <= x) for X ~ Beta(a, b), a and b above 0: the regularised incomplete beta function."""
    if x <= 0.0:
        return 0.0
    if x >= 1.0:
        return 1.0
    logarithm = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    front = math.exp(logarithm + a * math.log(x) + b * math.log1p(-x))
    if x < (a + 1.0) / (a + b + 2.0):  # where the fraction converges fast; else the mirror image
        return min(1.0, front * _beta_fraction(x, a, b) / a)
    return max(0.0, 1.0 - front * _beta_fraction(1.0 - x, b, a) / b)


def beta_sf(x: float, a: float, b: float) -> float:
    """P(X >= x) for X ~ Beta(a, b), without the cancellation of 1 - beta_cdf."""
    return beta_cdf(1.0 - x, b, a)


def beta_quantile(p: float, a: float, b: float) -> float:
    """The x with P(X <= x) = p for X ~ Beta(a, b)."""
    low, high = 0.0, 1.0
    while True:
        middle = (low + high) / 2.0
        if middle in {low, high}:
            return middle
        if beta_cdf(middle, a, b) < p:
            low = middle
        else:
            high = middle


def f_quantile(p: float, d1: float, d2: float) -> float:
    """The p quantile of F with d1 (numerator) and d2 (denominator) degrees of freedom."""
    # The half that lies nearer to zero keeps its digits: F(p; d1, d2) = 1 / F(1-p; d2, d1).
    if p > 0.5:
        return 1.0 / f_quantile(1.0 - p, d2, d1)
    x = beta_quantile(p, d1 / 2.0, d2 / 2.0)
    return d2 * x / (d1 * (1.0 - x))


def t_quantile(p: float, df: float) -> float:
    """The p quantile of Student's t with df degrees of freedom, for p above one half."""
    return math.sqrt(f_quantile(2.0 * p - 1.0, 1.0, df))


def critical_z(confidence: float) -> float:
    """The two-sided critical value: 1.959964 for .95, 1.644854 for .90."""
    return -normal_quantile((1.0 - confidence) / 2.0)
