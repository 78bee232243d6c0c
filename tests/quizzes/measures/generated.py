"""Rows with random input (fixed seed) and the oracle's answer."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from tests.quizzes.measures import oracle, oracle_items
from tests.quizzes.measures.reference import Row

Draw = Callable[[np.random.Generator], dict[str, Any]]


def part(rng: np.random.Generator, largest: int = 80) -> tuple[int, int]:
    n = int(rng.integers(1, largest))
    return int(rng.integers(0, n + 1)), n


def some_counts(rng: np.random.Generator) -> dict[str, int]:
    (hits, n_signal), (alarms, n_noise) = part(rng), part(rng)
    return {"hits": hits, "n_signal": n_signal, "false_alarms": alarms, "n_noise": n_noise}


def shares(rng: np.random.Generator, *names: str) -> dict[str, float]:
    return {name: float(rng.uniform(0.001, 0.999)) for name in names}


def answers(rng: np.random.Generator) -> list[list[int]]:
    """Right and wrong of people who differ on items that differ; every item has a spread."""
    while True:
        people, items = int(rng.integers(4, 40)), int(rng.integers(3, 9))
        logit = rng.normal(size=(people, 1)) - rng.normal(size=(1, items))
        grid = (rng.uniform(size=(people, items)) < 1 / (1 + np.exp(-logit))).astype(int)
        spread = [grid.std(axis=0).min(), grid.sum(axis=1).std()]
        rests = [np.delete(grid, i, 1).sum(axis=1).std() for i in range(items)]
        if min(*spread, *rests) > 0:
            return [[int(mark) for mark in row] for row in grid]


def marks(rng: np.random.Generator) -> tuple[list[list[float]], list[float]]:
    maxima = [float(m) for m in rng.integers(1, 6, size=int(rng.integers(3, 7)))]
    grid = rng.integers(0, 5, size=(int(rng.integers(5, 30)), len(maxima))) / 4 * maxima
    return grid.tolist(), maxima


def letters(rng: np.random.Generator) -> dict[str, Any]:
    key = "".join(rng.choice(list("ABCD"), size=int(rng.integers(2, 6))))
    people = int(rng.integers(3, 60))
    responses = [
        "".join(k if rng.uniform() < 0.5 else rng.choice(list("ABCD")) for k in key)
        for _ in range(people)
    ]
    return {"key": key, "responses": responses, "fraction": float(rng.choice([0.27, 0.33, 0.5]))}


def judged(rng: np.random.Generator) -> dict[str, Any]:
    n = int(rng.integers(1, 60))
    levels = rng.choice([0.5, 0.65, 0.8, 0.95, 1.0, 0.0], size=n)
    return {"confidence": levels.tolist(), "correct": rng.integers(0, 2, size=n).tolist()}


def highlighting(rng: np.random.Generator) -> dict[str, Any]:
    edges = np.cumsum(rng.integers(1, 15, size=int(rng.integers(2, 9)))).tolist()
    starts = [0, *edges[:-1]]
    segments = [
        {"id": f"s{i}", "start": start, "end": end, "kind": str(rng.choice(["signal", "noise"]))}
        for i, (start, end) in enumerate(zip(starts, edges, strict=True))
    ]
    drags = np.sort(rng.integers(-3, edges[-1] + 4, size=(int(rng.integers(0, 6)), 2)), axis=1)
    order = rng.permutation(len(segments))
    return {
        "text": "x" * edges[-1],
        "segments": [segments[i] for i in order],
        "selections": drags.tolist(),
    }


def trials(rng: np.random.Generator) -> dict[str, Any]:
    kinds = [True, False, *(bool(b) for b in rng.integers(0, 2, size=20))]
    return {
        "trials": [
            {
                "signal": kind,
                "flagged": bool(rng.integers(0, 2)),
                "confidence": float(rng.choice([0.5, 0.65, 0.8, 0.95])),
            }
            for kind in kinds
        ]
    }


def events(rng: np.random.Generator) -> dict[str, Any]:
    names = list("abcdefg")[: int(rng.integers(2, 8))]
    ranks = [1, 2, *rng.integers(1, 4, size=len(names) - 2).tolist()]
    order = [names[i] for i in rng.permutation(len(names))]
    return {"key_rank": dict(zip(names, ranks, strict=True)), "answer": order}


def reports(rng: np.random.Generator) -> dict[str, Any]:
    n, top = int(rng.integers(1, 10)), int(rng.integers(1, 5))
    truth, response = (rng.integers(0, top + 1, size=n).tolist() for _ in range(2))
    return {"truth": truth, "response": response, "top": top}


def scores(rng: np.random.Generator) -> dict[str, Any]:
    n = int(rng.integers(2, 60))
    return {"pre": rng.uniform(0, 70, n).tolist(), "post": rng.uniform(20, 100, n).tolist()}


def verdict(rng: np.random.Generator) -> dict[str, Any]:
    successes, n = part(rng, 100)
    return {
        "successes": successes,
        "n": n,
        "cut": float(rng.choice([0.7, 0.8, 0.9])),
        "floor": float(rng.choice([0.5, 0.7])),
        "confidence": float(rng.choice([0.8, 0.9, 0.95])),
        "min_n": int(rng.choice([1, 12, 20])),
    }


def passing(rng: np.random.Generator) -> dict[str, Any]:
    need, n = part(rng, 200)
    return {"n": n, "need": need, "true": [0.0, *rng.uniform(0, 1, 3).tolist(), 1.0]}


def agreement(rng: np.random.Generator) -> dict[str, Any]:
    raters, categories = int(rng.integers(2, 10)), int(rng.integers(2, 5))
    table = rng.multinomial(raters, np.ones(categories) / categories, size=int(rng.integers(2, 12)))
    return {"table": [*table.tolist(), [raters - 1, 1] + [0] * (categories - 2)]}


def durations(rng: np.random.Generator) -> dict[str, Any]:
    n = int(rng.integers(1, 40))
    return {
        "time": rng.integers(0, 30, n).tolist(),
        "completed": [1, *rng.integers(0, 2, n - 1).tolist()],
    }


def difference(rng: np.random.Generator) -> dict[str, Any]:
    (x1, n1), (x2, n2) = part(rng), part(rng)
    return {"x1": x1, "n1": n1, "x2": x2, "n2": n2, "confidence": float(rng.uniform(0.5, 0.999))}


def interval(rng: np.random.Generator) -> dict[str, Any]:
    successes, n = part(rng, 2_000)
    return {"successes": successes, "n": n, "confidence": float(rng.uniform(0.5, 0.999))}


def with_maxima(rng: np.random.Generator, name: str) -> dict[str, Any]:
    grid, maxima = marks(rng)
    return {name: grid, "max_marks": maxima}


DRAWS: dict[str, Draw] = {
    "sdt_from_counts": some_counts,
    "sdt_from_rates": lambda rng: shares(rng, "hit_rate", "fa_rate"),
    "sdt_change": lambda rng: {"pre": some_counts(rng), "post": some_counts(rng)},
    "auc_from_confidence": trials,
    "wilson_interval": interval,
    "wilson_difference": difference,
    "ctt_item_analysis": lambda rng: with_maxima(rng, "matrix"),
    "kr20": lambda rng: {"matrix": answers(rng)},
    "moodle_statistics": lambda rng: with_maxima(rng, "marks"),
    "upper_lower_discrimination": lambda rng: {
        "matrix": answers(rng),
        "fraction": float(rng.choice([0.27, 0.25, 0.5])),
    },
    "distractor_analysis": letters,
    "confidence_calibration": judged,
    "ece_equal_width": lambda rng: {**judged(rng), "bins": int(rng.integers(1, 12))},
    "highlight_spans": highlighting,
    "sequence_score": events,
    "triage_score": reports,
    "group_gain": scores,
    "cohort_mean": lambda rng: {"values": rng.normal(1.5, 0.6, int(rng.integers(2, 40))).tolist()},
    "mastery_decision": verdict,
    "pass_probability": passing,
    "angoff_cut": lambda rng: {"ratings": rng.uniform(size=(7, 5)).tolist()},
    "fleiss_kappa": agreement,
    "predictive_values": lambda rng: shares(rng, "sensitivity", "specificity", "prevalence"),
    "time_to_completion": durations,
}
# The 95 % of the design is 1.959964, SciPy's has more digits; a beta function loses some.
TOLERANCE = 1e-7


def rows(function: str, times: int) -> Iterator[Row]:
    """`times` random calls of `function` with what the oracle answers to them."""
    rng = np.random.default_rng([20261124, *function.encode()])
    for number in range(times):
        given = DRAWS[function](rng)
        wanted = oracle.plain(oracle.ORACLES[function](**given))
        yield Row(function, given, wanted, f"oracle {number}", TOLERANCE)


def irt_row(name: str, *, common: bool) -> Row:
    """A few hundred simulated people; the oracle maximises the likelihood directly."""
    rng = np.random.default_rng(7)
    logit = 1.2 * rng.normal(size=(300, 1)) - np.linspace(-1.2, 1.2, 5)
    matrix = (rng.uniform(size=logit.shape) < 1 / (1 + np.exp(-logit))).astype(int).tolist()
    wanted = oracle.plain(oracle_items.irt(matrix, common=common))
    return Row(name, {"matrix": matrix}, wanted, "oracle: BFGS, Gauss-Hermite", 2e-3)


def is_finite(value: Any) -> bool:
    """No NaN and no infinity anywhere inside."""
    if isinstance(value, dict):
        return all(map(is_finite, value.values()))
    if isinstance(value, list):
        return all(map(is_finite, value))
    return not isinstance(value, float) or math.isfinite(value)
