"""The oracle's item analysis; see `oracle`."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from scipy import optimize, stats

from tests.quizzes.measures.oracle import Answer, oracle


def alpha_of(matrix: np.ndarray) -> float:
    """From the covariance matrix: k/(k-1)·(1 - trace/sum)."""
    covariance = np.atleast_2d(np.cov(matrix, rowvar=False))
    k = len(covariance)
    return k / (k - 1) * (1 - np.trace(covariance) / covariance.sum())


@oracle
def ctt_item_analysis(matrix: list[list[float]], max_marks: list[float]) -> Answer:
    marks = np.array(matrix, dtype=float)
    n, k = marks.shape
    alpha, totals = alpha_of(marks), marks.sum(axis=1)
    ends = stats.f.ppf([0.975, 0.025], n - 1, (n - 1) * (k - 1))
    items = [
        {
            "facility": marks[:, i].mean() / max_marks[i],
            "sd": marks[:, i].std(ddof=1),
            "item_total_r": np.corrcoef(marks[:, i], totals)[0, 1],
            "item_rest_r": np.corrcoef(marks[:, i], np.delete(marks, i, 1).sum(axis=1))[0, 1],
            "alpha_if_dropped": alpha_of(np.delete(marks, i, 1)),
        }
        for i in range(k)
    ]
    return {
        "mean_total": totals.mean(),
        "sd_total": totals.std(ddof=1),
        "alpha": alpha,
        "sem": totals.std(ddof=1) * math.sqrt(1 - alpha),
        "alpha_ci95_feldt": list(1 - (1 - alpha) * ends),
        "items": items,
    }


@oracle
def kr20(matrix: list[list[int]]) -> Answer:
    marks = np.array(matrix)
    k, totals = marks.shape[1], marks.sum(axis=1)
    mean, spread = totals.mean(), totals.var(ddof=0)
    # KR-20 is alpha; KR-21 is KR-20 as if every item had the mean facility.
    return {
        "kr20": alpha_of(marks),
        "kr21": k / (k - 1) * (1 - k * (mean / k) * (1 - mean / k) / spread),
    }


@oracle
def moodle_statistics(marks: list[list[float]], max_marks: list[float]) -> Answer:
    grid = np.array(marks, dtype=float)
    totals = grid.sum(axis=1)
    items, roots = [], []
    for i in range(grid.shape[1]):
        x, rest = grid[:, i], np.delete(grid, i, 1).sum(axis=1)
        matrix, top = np.cov(x, rest), np.cov(np.sort(x), np.sort(rest))
        shared = np.cov(x, totals)[0, 1]
        roots.append(math.sqrt(shared) if shared >= 0 else math.nan)
        items.append(
            {
                "facility": x.mean() / max_marks[i],
                "sd": math.sqrt(matrix[0, 0]),
                "covariance": matrix[0, 1],
                "mark_variance": matrix[0, 0],
                "other_mark_variance": matrix[1, 1],
                "discrimination_index": 100 * np.corrcoef(x, rest)[0, 1],
                "covariance_max": top[0, 1],
                "discriminative_efficiency": 100 * matrix[0, 1] / top[0, 1],
                "covariance_with_total": shared,
            }
        )
    for item, root in zip(items, roots, strict=True):
        item["effective_weight"] = 100 * root / np.nansum(roots)
    k2, k3, k4 = (
        stats.kstat(totals, order) if order < 4 else kstat4(totals) for order in (2, 3, 4)
    )
    ratio = 100 * math.sqrt(1 - alpha_of(grid))
    return {
        "median": np.median(totals),
        "mean": totals.mean(),
        "sd": math.sqrt(k2),
        "skewness": k3 / k2**1.5,
        "kurtosis": k4 / k2**2,
        "cic": 100 * alpha_of(grid),
        "error_ratio": ratio,
        "standard_error": ratio * math.sqrt(k2) / 100,
        "items": items,
    }


def kstat4(values: np.ndarray) -> float:
    """SciPy's excess kurtosis (bias-corrected) is exactly k₄/k₂²."""
    return float(stats.kurtosis(values, bias=False) * values.var(ddof=1) ** 2)


def consume(order: list[tuple[float, list[int]]], places: int) -> dict[int, float]:
    """Give out places score by score; who ties for the last ones shares them."""
    weights = {}
    for _, people in order:
        share = min(1.0, places / len(people))
        weights |= dict.fromkeys(people, share)
        places -= round(share * len(people))
    return weights


def extreme_groups(totals: Sequence[float], fraction: float) -> tuple[int, np.ndarray, np.ndarray]:
    size = max(1, math.floor(fraction * len(totals) + 0.5))
    scores = [(t, [i for i, s in enumerate(totals) if s == t]) for t in sorted(set(totals))]
    pair = []
    for order in (scores[::-1], scores):
        weights = consume(order, size)
        pair.append(np.array([weights[i] for i in range(len(totals))]))
    return size, pair[0], pair[1]


@oracle
def upper_lower_discrimination(matrix: list[list[int]], fraction: float) -> Answer:
    grid = np.array(matrix)
    size, up, down = extreme_groups(grid.sum(axis=1).tolist(), fraction)
    upper, lower = up @ grid / size, down @ grid / size
    return {"group_size": size, "upper": upper, "lower": lower, "D": upper - lower}


@oracle
def distractor_analysis(key: str, responses: list[str], fraction: float) -> Answer:
    letters = np.array([list(r) for r in responses])
    marks = (letters == np.array(list(key))).astype(int)
    size, up, down = extreme_groups(marks.sum(axis=1).tolist(), fraction)
    items = []
    for i, right in enumerate(key):
        rest = np.delete(marks, i, 1).sum(axis=1)
        options = {}
        for option in sorted(set("".join(responses)) | set(key)):
            chosen = (letters[:, i] == option).astype(int)
            flat = chosen.std() == 0 or rest.std() == 0
            options[option] = {
                "count": chosen.sum(),
                "proportion": chosen.mean(),
                "upper": up @ chosen / size,
                "lower": down @ chosen / size,
                "choice_rest_r": math.nan if flat else np.corrcoef(chosen, rest)[0, 1],
                "non_functional": bool(option != right and chosen.mean() < 0.05),
            }
        best = max(options.values(), key=lambda o: round(o["upper"], 9))["upper"]
        flag = best > options[right]["upper"] + 1e-9 or options[right]["choice_rest_r"] < 0
        items.append(
            {"item": i + 1, "key": right, "options": options, "flag_key_problem": bool(flag)}
        )
    return {"items": items}


def _log_likelihood(matrix: np.ndarray, slopes: np.ndarray, intercepts: np.ndarray) -> float:
    nodes, weights = np.polynomial.hermite_e.hermegauss(41)
    logits = slopes[None, :] * nodes[:, None] + intercepts[None, :]
    right, wrong = -np.logaddexp(0, -logits), -np.logaddexp(0, logits)
    logs = matrix @ right.T + (1 - matrix) @ wrong.T + np.log(weights / weights.sum())
    highest = logs.max(axis=1, keepdims=True)
    return float((highest[:, 0] + np.log(np.exp(logs - highest).sum(axis=1))).sum())


def irt(matrix: list[list[int]], *, common: bool) -> Answer:
    """Direct maximisation of the marginal likelihood by a quasi-Newton method."""
    grid = np.array(matrix)
    k = grid.shape[1]

    def parts(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return (np.full(k, x[0]), x[1:]) if common else (x[:k], x[k:])

    start = np.concatenate([np.ones(1 if common else k), np.zeros(k)])
    found = optimize.minimize(
        lambda x: -_log_likelihood(grid, *parts(x)), start, method="BFGS", options={"gtol": 1e-4}
    )
    slopes, intercepts = parts(found.x)
    return {
        "loglik": -found.fun,
        "discrimination": slopes[0] if common else slopes,
        "difficulty": -intercepts / slopes,
    }
