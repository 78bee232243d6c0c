"""Simulated learners: d' finds their true skill at the rate its interval promises.

The design's own tables (1.6, 8.2) are simulated again with our functions. Seeded, so that a figure
that moves is a change of the code.
"""

from __future__ import annotations

import sys
from functools import cache

import numpy as np
import pytest
from scipy.stats import norm

from quizzes import measures

pytestmark = pytest.mark.benchmark

RNG_SEED = 20261124
LEARNERS = 10_000
SKILLS = (0.0, 0.5, 1.0, 1.5, 2.0, 2.5)
BIASES = (-0.4, 0.0, 0.4)
# A 95 % interval from counts cannot hit 95 % exactly; these are the promise.
PROMISED_MEAN = (0.94, 0.98)
PROMISED_CELL = 0.93
FINALS_TRIED = 4_000


def say(text: str) -> None:
    sys.stdout.write(text + "\n")


@cache
def estimate(hits: int, n_signal: int, alarms: int, n_noise: int) -> tuple[float, float, float]:
    """D' and the ends of its interval; cached, for the counts repeat."""
    sdt = measures.sdt_from_counts(
        hits=hits, n_signal=n_signal, false_alarms=alarms, n_noise=n_noise
    )
    assert sdt["dprime"] is not None
    assert sdt["dprime_ci95"] is not None
    return sdt["dprime"], *sdt["dprime_ci95"]


def answers(
    rng: np.random.Generator, skill: np.ndarray, bias: float, n: int
) -> tuple[np.ndarray, np.ndarray]:
    """Hits and false alarms of learners with this true skill and bias, n trials of each kind."""
    return (
        rng.binomial(n, norm.cdf(skill / 2 - bias)),
        rng.binomial(n, norm.cdf(-skill / 2 - bias)),
    )


def estimates(hits: np.ndarray, alarms: np.ndarray, n: int) -> np.ndarray:
    pairs = zip(hits.tolist(), alarms.tolist(), strict=True)
    return np.array([estimate(h, n, a, n) for h, a in pairs])


@pytest.mark.parametrize("n", [12, 20, 60])
def test_the_interval_holds_the_true_skill(n: int) -> None:
    rng = np.random.default_rng(RNG_SEED)
    say(f"\n{n} trials of each kind: share of 95 % intervals that hold the true d'")
    cells = []
    for skill in SKILLS:
        line = []
        for bias in BIASES:
            hits, alarms = answers(rng, np.full(LEARNERS, skill), bias, n)
            found = estimates(hits, alarms, n)
            line.append(float(((found[:, 1] <= skill) & (skill <= found[:, 2])).mean()))
        say(f"  d' {skill:.1f}: " + "  ".join(f"{share:.3f}" for share in line))
        cells += line
    mean = float(np.mean(cells))
    say(f"  mean {mean:.3f}, lowest {min(cells):.3f}")
    assert PROMISED_MEAN[0] <= mean <= PROMISED_MEAN[1]
    assert min(cells) >= PROMISED_CELL


# DESIGN 1.6: trials of each kind, SD of one person's d', reliability, off by more than 0.5
PRECISION = [
    (5, 0.73, 0.31, 0.67),
    (8, 0.65, 0.41, 0.45),
    (10, 0.60, 0.46, 0.44),
    (12, 0.56, 0.50, 0.34),
    (15, 0.51, 0.56, 0.35),
    (20, 0.44, 0.62, 0.22),
    (30, 0.36, 0.71, 0.15),
    (40, 0.31, 0.76, 0.11),
    (60, 0.25, 0.83, 0.05),
]


def test_the_designs_table_of_precision() -> None:
    rng = np.random.default_rng(RNG_SEED)
    say("\ntrials of each kind, SD, reliability of parallel forms, off by more than 0.5")
    for n, sd, reliability, off in PRECISION:
        fixed = estimates(*answers(rng, np.full(LEARNERS, 1.5), 0.0, n), n)[:, 0]
        people = rng.normal(1.5, 0.6, LEARNERS)
        one, two = (estimates(*answers(rng, people, 0.0, n), n)[:, 0] for _ in range(2))
        found = (
            float(fixed.std()),
            float(np.corrcoef(one, two)[0, 1]),
            float((abs(fixed - 1.5) > 0.5).mean()),
        )
        say(f"  {n:3d}: " + "  ".join(f"{value:.3f}" for value in found))
        assert found == pytest.approx((sd, reliability, off), abs=0.02)


# DESIGN 8.2: hit rates per stage, correct-rejection rate, share of finals that pass
FINALS = [
    ((0.70, 0.70, 0.70), 0.70, 0.002, 0.003),
    ((0.70, 0.70, 0.70), 0.90, 0.05, 0.01),
    ((0.80, 0.80, 0.80), 0.80, 0.28, 0.015),
    ((0.85, 0.85, 0.85), 0.85, 0.76, 0.015),
    ((0.90, 0.90, 0.90), 0.90, 0.98, 0.01),
    ((0.95, 0.95, 0.95), 0.95, 1.00, 0.005),
    ((1.00, 1.00, 1.00), 0.50, 0.00, 0.001),
    ((0.95, 0.95, 0.55), 0.92, 0.13, 0.015),
]


def test_the_designs_table_of_certificates() -> None:
    rng = np.random.default_rng(RNG_SEED)
    say("\ntrue hit rates / correct rejections: share of finals that pass (design)")
    for hit_rates, rejection_rate, wanted, tolerance in FINALS:
        hits = rng.binomial(20, hit_rates, (FINALS_TRIED, 3))
        alarms = rng.binomial(25, 1 - rejection_rate, (FINALS_TRIED, 3))
        passed = sum(
            measures.certificate_decision(
                stages={
                    f"stage {i}": {
                        "hits": int(h[i]),
                        "n_signal": 20,
                        "false_alarms": int(a[i]),
                        "n_noise": 25,
                    }
                    for i in range(3)
                },
                critical_errors=0,
            )["result"]
            == "pass"
            for h, a in zip(hits, alarms, strict=True)
        )
        say(f"  {hit_rates} / {rejection_rate}: {passed / FINALS_TRIED:.3f} ({wanted})")
        assert passed / FINALS_TRIED == pytest.approx(wanted, abs=tolerance)


def test_a_cohort_is_averaged_and_not_pooled() -> None:
    """Between people who differ, pooled counts make a smaller d' than the people have."""
    rng = np.random.default_rng(RNG_SEED)
    people, n = rng.normal(1.5, 0.6, 400), 40
    bias = rng.normal(0.0, 0.6, 400)
    hits = rng.binomial(n, norm.cdf(people / 2 - bias))
    alarms = rng.binomial(n, norm.cdf(-people / 2 - bias))
    cohort = measures.cohort_mean(values=estimates(hits, alarms, n)[:, 0].tolist())
    pooled = estimate(int(hits.sum()), n * 400, int(alarms.sum()), n * 400)[0]
    assert cohort["ci95"] is not None
    say(
        f"\ntrue mean {people.mean():.2f}; mean of people {cohort['mean']:.2f}, pooled {pooled:.2f}"
    )
    assert cohort["ci95"][0] <= people.mean() <= cohort["ci95"][1]
    assert pooled < cohort["ci95"][0]
