"""Simulated cohorts: no true gain is called clear about as seldom as a 95 % interval promises.

The real function of the page decides; the people are simulated. Seeded, so that a figure that moves
is a change of the code. `KENALI_TEST_LONG=yes` takes ten times as many cohorts.
"""

from __future__ import annotations

import os
import sys
from collections import Counter

import numpy as np
import pytest
from scipy.stats import norm

from modules.gain import Pair, Says, Sitting, measure_gain
from quizzes.summary import Counts

pytestmark = pytest.mark.benchmark

RNG_SEED = 20261124
COHORTS = 20_000 if os.environ.get("KENALI_TEST_LONG") else 2_000
PEOPLE = 12
# Trials of the real forms: a pre-test, and a final.
BEFORE = (36, 45)
AFTER = (60, 75)
PROMISED = (0.93, 0.97)


def say(text: str) -> None:
    sys.stdout.write(text + "\n")


def sittings_of(
    rng: np.random.Generator, skill: np.ndarray, trials: tuple[int, int]
) -> list[Sitting]:
    """A test of people with this true skill, each with a bias of their own."""
    signals, noise = trials
    bias = rng.normal(0, 0.3, len(skill))
    hits = rng.binomial(signals, norm.cdf(skill / 2 - bias))
    alarms = rng.binomial(noise, norm.cdf(-skill / 2 - bias))
    counts = zip(hits.tolist(), alarms.tolist(), strict=True)
    return [Sitting("a", Counts(signals, h, noise, a)) for h, a in counts]


def said(rng: np.random.Generator, gain: float) -> Counter[Says]:
    """What is said about cohorts whose people truly gained so much d'."""
    found: Counter[Says] = Counter()
    for _ in range(COHORTS):
        skill = rng.normal(1.2, 0.6, PEOPLE)
        before, after = sittings_of(rng, skill, BEFORE), sittings_of(rng, skill + gain, AFTER)
        pairs = [Pair(first, last) for first, last in zip(before, after, strict=True)]
        found[measure_gain(pairs).says] += 1
    return found


def test_without_a_true_gain_no_gain_is_claimed() -> None:
    found = said(np.random.default_rng(RNG_SEED), 0.0)
    share = found[Says.NO_CLEAR_GAIN] / COHORTS
    say(f"\n{COHORTS} cohorts of {PEOPLE} without a true gain: no clear gain in {share:.1%}")
    say(f"  clear gain {found[Says.CLEAR_GAIN]}, clear loss {found[Says.CLEAR_LOSS]}")
    assert PROMISED[0] <= share <= PROMISED[1]
    assert found[Says.TOO_FEW] == 0
    # Neither direction is favoured.
    assert abs(found[Says.CLEAR_GAIN] - found[Says.CLEAR_LOSS]) < 0.02 * COHORTS


def test_a_true_gain_of_one_is_seen() -> None:
    found = said(np.random.default_rng(RNG_SEED), 1.0)
    share = found[Says.CLEAR_GAIN] / COHORTS
    say(f"\n{COHORTS} cohorts of {PEOPLE} with d' + 1: clear gain in {share:.1%}")
    assert share > 0.95
