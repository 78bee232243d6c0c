"""Our distribution functions against SciPy, to the accuracy that their module states."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from quizzes.measures import items, special

SMALL = 1e-11  # parameters up to 1 000
LARGE = 1e-8  # up to 1 000 000


def relative(ours: float, theirs: float) -> float:
    return abs(ours - theirs) / abs(theirs)


def shapes(largest: float, times: int) -> list[tuple[float, float]]:
    rng = np.random.default_rng(5)
    return [(float(a), float(b)) for a, b in 10 ** rng.uniform(-0.3, largest, (times, 2))]


@pytest.mark.parametrize(("largest", "accuracy"), [(3, SMALL), (6, LARGE)])
def test_the_incomplete_beta_function(largest: float, accuracy: float) -> None:
    worst = 0.0
    for a, b in shapes(largest, 150):
        for x in stats.beta.ppf([0.001, 0.2, 0.5, 0.9, 0.999], a, b):
            if 0 < x < 1:
                worst = max(worst, relative(special.beta_cdf(x, a, b), stats.beta.cdf(x, a, b)))
    assert worst < accuracy


def test_the_upper_tail_keeps_its_digits() -> None:
    for a, b, x in ((1, 13, 0.8), (2, 60, 0.7), (5, 200, 0.5)):
        assert relative(special.beta_sf(x, a, b), stats.beta.sf(x, a, b)) < 1e-10


def test_the_ends_of_the_beta_distribution() -> None:
    assert (special.beta_cdf(0.0, 2, 3), special.beta_cdf(1.0, 2, 3)) == (0.0, 1.0)
    assert (special.beta_sf(0.0, 2, 3), special.beta_sf(1.0, 2, 3)) == (1.0, 0.0)


def test_a_binomial_sum_by_whole_numbers() -> None:
    # P(Beta(a, b) <= 1/2) = P(Bin(a + b - 1, 1/2) >= a), a ratio of whole numbers.
    for a, b in ((1, 1), (3, 4), (17, 9), (30, 31), (200, 180)):
        n = a + b - 1
        exact = sum(math.comb(n, k) for k in range(a, n + 1)) / 2**n
        assert relative(special.beta_cdf(0.5, a, b), exact) < SMALL


@pytest.mark.parametrize("d1", [1, 2, 3, 11, 59, 999])
@pytest.mark.parametrize("d2", [1, 2, 10, 220, 9_990, 1_000_000])
@pytest.mark.parametrize("p", [0.025, 0.05, 0.5, 0.95, 0.975])
def test_quantiles_of_f(d1: int, d2: int, p: float) -> None:
    assert relative(special.f_quantile(p, d1, d2), stats.f.ppf(p, d1, d2)) < LARGE


@pytest.mark.parametrize("df", [1, 2, 5, 30, 400, 100_000])
@pytest.mark.parametrize("p", [0.8, 0.95, 0.975, 0.9995])
def test_quantiles_of_student(df: int, p: float) -> None:
    assert relative(special.t_quantile(p, df), stats.t.ppf(p, df)) < LARGE


def test_the_normal_distribution() -> None:
    for p in (1e-300, 1e-9, 0.025, 0.5, 0.9, 1 - 1e-12):
        assert special.normal_quantile(p) == pytest.approx(stats.norm.ppf(p), rel=1e-14)
    for z in (-8.0, -1.0, 0.0, 2.5):
        assert special.normal_cdf(z) == pytest.approx(stats.norm.cdf(z), abs=1e-15)
        assert special.normal_density(z) == pytest.approx(stats.norm.pdf(z), rel=1e-14)


@pytest.mark.parametrize("confidence", [1e-9, 0.5, 0.8, 0.9, 0.95, 0.999999])
def test_two_sided_critical_values(confidence: float) -> None:
    wanted = stats.norm.ppf(1 - (1 - confidence) / 2)
    assert special.critical_z(confidence) == pytest.approx(wanted, rel=1e-7)


@pytest.mark.parametrize(
    ("alpha", "persons", "k", "low", "high"),
    # Chris Evans' R code for Feldt's interval, example printed with it.
    [(0.913, 873, 20, 0.9044024, 0.9211588)],
)
def test_feldts_interval_as_published(
    alpha: float, persons: int, k: int, low: float, high: float
) -> None:
    assert items.feldt_interval(alpha, persons, k) == pytest.approx([low, high], abs=5e-8)
