"""The same measures again, by other means: NumPy and SciPy, matrices and brute force.

Written from the design and not from the code. Nothing here is shared with `quizzes.measures`, so
that agreement over random input says something.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import stats

Answer = dict[str, Any]
ORACLES: dict[str, Callable[..., Answer]] = {}


def oracle(function: Callable[..., Answer]) -> Callable[..., Answer]:
    ORACLES[function.__name__] = function
    return function


def plain(value: Any) -> Any:
    """NumPy's numbers as Python's; NaN, which NumPy gives for "nothing", as None."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | np.ndarray):
        return [plain(inner) for inner in value]
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and math.isnan(value) else value


@oracle
def sdt_from_counts(hits: int, n_signal: int, false_alarms: int, n_noise: int) -> Answer:
    rates = np.array([(hits + 0.5) / (n_signal + 1), (false_alarms + 0.5) / (n_noise + 1)])
    z = stats.norm.ppf(rates)
    parts = rates * (1 - rates) / (np.array([n_signal, n_noise]) * stats.norm.pdf(z) ** 2)
    se = np.sqrt(parts.sum())
    # ln β is the logarithm of the ratio of the two densities at the criterion.
    ln_beta = stats.norm.logpdf(z[0]) - stats.norm.logpdf(z[1])
    interval = stats.norm.interval(0.95, loc=z[0] - z[1], scale=se)
    return {
        "hit_rate": hits / n_signal,
        "fa_rate": false_alarms / n_noise,
        "dprime": z[0] - z[1],
        "c": -z.mean(),
        "ln_beta": ln_beta,
        "se_dprime": se,
        "se_c": se / 2,
        "dprime_ci95": list(interval),
    }


@oracle
def sdt_from_rates(hit_rate: float, fa_rate: float) -> Answer:
    z = stats.norm.ppf([hit_rate, fa_rate])
    dprime = z[0] - z[1]
    return {
        "dprime": dprime,
        "c": -z.mean(),
        "beta": stats.norm.pdf(z[0]) / stats.norm.pdf(z[1]),
        # A pair of independent draws: P(signal > noise) for N(d', 1) against N(0, 1).
        "auc_equal_variance": stats.norm.cdf(0, loc=-dprime, scale=math.sqrt(2)),
        "pc_max": stats.norm.cdf(dprime, loc=dprime / 2),
    }


@oracle
def sdt_change(pre: dict[str, int], post: dict[str, int]) -> Answer:
    one, two = sdt_from_counts(**pre), sdt_from_counts(**post)
    se = math.sqrt(one["se_dprime"] ** 2 + two["se_dprime"] ** 2)
    change = two["dprime"] - one["dprime"]
    return {
        "change": change,
        "se": se,
        "z": change / se,
        "ci95": list(stats.norm.interval(0.95, loc=change, scale=se)),
        "c_change": two["c"] - one["c"],
    }


@oracle
def auc_from_confidence(trials: list[dict[str, Any]]) -> Answer:
    groups = [
        [t["confidence"] * (1 if t["flagged"] else -1) for t in trials if t["signal"] is kind]
        for kind in (True, False)
    ]
    u = stats.mannwhitneyu(groups[0], groups[1]).statistic
    return {"auc": u / (len(groups[0]) * len(groups[1]))}


@oracle
def wilson_interval(successes: int, n: int, confidence: float) -> Answer:
    found = stats.binomtest(successes, n).proportion_ci(confidence, method="wilson")
    return {"p": successes / n, "low": found.low, "high": found.high}


@oracle
def wilson_difference(x1: int, n1: int, x2: int, n2: int, confidence: float) -> Answer:
    one, two = wilson_interval(x1, n1, confidence), wilson_interval(x2, n2, confidence)
    diff = one["p"] - two["p"]
    return {
        "diff": diff,
        "low": diff - math.sqrt((one["p"] - one["low"]) ** 2 + (two["high"] - two["p"]) ** 2),
        "high": diff + math.sqrt((one["high"] - one["p"]) ** 2 + (two["p"] - two["low"]) ** 2),
    }


@oracle
def confidence_calibration(confidence: list[float], correct: list[int]) -> Answer:
    p, y = np.array(confidence), np.array(correct)
    levels, where, n = np.unique(p, return_inverse=True, return_counts=True)
    accuracy = np.bincount(where, weights=y) / n
    gaps = p[y == 1][:, None] - p[y == 0][None, :]
    return {
        "mean_confidence": p.mean(),
        "accuracy": y.mean(),
        "over_under": (p - y).mean(),
        "brier": ((p - y) ** 2).mean(),
        "reliability": (n * (levels - accuracy) ** 2).sum() / len(p),
        "resolution": (n * (accuracy - y.mean()) ** 2).sum() / len(p),
        "uncertainty": y.var(ddof=0),
        "ece_levels": (n * abs(levels - accuracy)).sum() / len(p),
        "resolution_auc": ((gaps > 0).mean() + (gaps == 0).mean() / 2) if gaps.size else math.nan,
        "levels": [
            {"level": v, "n": m, "accuracy": a} for v, m, a in zip(levels, n, accuracy, strict=True)
        ],
    }


@oracle
def ece_equal_width(confidence: list[float], correct: list[int], bins: int) -> Answer:
    p, y = np.array(confidence), np.array(correct)
    where = np.minimum(np.floor(p * bins).astype(int), bins - 1)
    n = np.bincount(where, minlength=bins)
    gaps = abs(np.bincount(where, weights=y - p, minlength=bins)) / np.maximum(n, 1)
    return {
        "ece": (n * gaps).sum() / len(p),
        "mce": gaps.max(),
        "rmsce": math.sqrt((n * gaps**2).sum() / len(p)),
    }


@oracle
def highlight_spans(text: str, segments: list[Any], selections: list[list[int]]) -> Answer:
    covered = {i for start, end in selections for i in range(start, end) if 0 <= i < len(text)}
    marked = {
        s["id"]: sum(i in covered for i in range(s["start"], s["end"])) * 2 >= s["end"] - s["start"]
        for s in segments
    }
    signs = [marked[s["id"]] for s in segments if s["kind"] == "signal"]
    lures = [marked[s["id"]] for s in segments if s["kind"] == "noise"]
    hits, alarms = sum(signs), sum(lures)
    credit = max(0, hits - alarms) / len(signs) if signs else float(alarms == 0)
    return {
        "marked": [s["id"] for s in sorted(segments, key=lambda s: s["start"]) if marked[s["id"]]],
        "hits": hits,
        "misses": len(signs) - hits,
        "false_alarms": alarms,
        "correct_rejections": len(lures) - alarms,
        "plus_minus": credit,
        "every_decision": np.mean([*signs, *(not lure for lure in lures)]),
        "all_or_nothing": float(all(signs) and not any(lures)),
    }


@oracle
def sequence_score(key_rank: dict[str, int], answer: list[str]) -> Answer:
    ranks, places = list(key_rank.values()), [answer.index(event) for event in key_rank]
    # Somers' D of the places given the ranks leaves out pairs tied on the ranks.
    tau = stats.somersd(ranks, places).statistic
    pairs = sum(a != b for a, b in itertools.combinations(ranks, 2))
    return {"pairs": pairs, "tau": tau, "credit": max(0.0, tau)}


@oracle
def triage_score(truth: list[int], response: list[int], top: int) -> Answer:
    t, r = np.array(truth), np.array(response)
    price = np.array(
        [
            [2 * (i - j) ** 2 if j < i else (j - i) ** 2 for j in range(top + 1)]
            for i in range(top + 1)
        ]
    )
    observed = np.zeros((top + 1, top + 1))
    np.add.at(observed, (t, r), 1 / len(t))
    squares = np.subtract.outer(range(top + 1), range(top + 1)) ** 2
    chance = (squares * np.outer(observed.sum(axis=1), observed.sum(axis=0))).sum()
    base = price[t].sum(axis=0).min()
    cost = price[t, r].sum()
    return {
        "cost": cost,
        "baseline_cost": base,
        "score": max(0.0, 1 - cost / base) if base else float(cost == 0),
        "under": (r < t).sum(),
        "over": (r > t).sum(),
        "missed_urgent": ((t == top) & (r < top - 1)).sum(),
        "qwk": 1 - (squares * observed).sum() / chance if chance else math.nan,
    }


@oracle
def group_gain(pre: list[float], post: list[float]) -> Answer:
    a, b = np.array(pre), np.array(post)
    interval = stats.ttest_rel(b, a).confidence_interval(0.95)
    return {
        "mean_gain": (b - a).mean(),
        "gain_ci95": [interval.low, interval.high],
        "hake_g": (b.mean() - a.mean()) / (100 - a.mean()),
        "cohen_dav": (b - a).mean() / math.sqrt((a.var(ddof=1) + b.var(ddof=1)) / 2),
        "cohen_dz": stats.ttest_rel(b, a).statistic / math.sqrt(len(a)),
    }


@oracle
def cohort_mean(values: list[float]) -> Answer:
    ends = stats.t.interval(0.95, len(values) - 1, np.mean(values), stats.sem(values))
    return {"mean": np.mean(values), "ci95": list(ends)}


@oracle
def mastery_decision(
    successes: int, n: int, cut: float, floor: float, confidence: float, min_n: int
) -> Answer:
    posterior = stats.beta(1 + successes, 1 + n - successes)
    above_floor, above_cut = posterior.sf(floor), posterior.sf(cut)
    if n < min_n:
        return {"state": "insufficient", "p_above_floor": None, "p_above_cut": None}
    state = "not_yet" if above_cut < 1 - confidence else "keep_practising"
    if successes / n >= cut and above_floor >= confidence:
        state = "mastered"
    return {"state": state, "p_above_floor": above_floor, "p_above_cut": above_cut}


@oracle
def pass_probability(n: int, need: int, true: list[float]) -> Answer:
    return {"p": stats.binom.sf(need - 1, n, true)}


@oracle
def angoff_cut(ratings: list[list[float]]) -> Answer:
    grid = np.array(ratings)
    totals = grid.sum(axis=1)
    return {
        "judge_totals": totals,
        "cut": totals.mean(),
        "cut_percent": 100 * grid.mean(),
        "se": stats.sem(totals),
        "item_means": grid.mean(axis=0),
    }


@oracle
def fleiss_kappa(table: list[list[int]]) -> Answer:
    """By brute force: every pair of raters of every subject, and every pair of all ratings."""
    people = [[c for c, n in enumerate(row) for _ in range(n)] for row in table]
    pairs = [a == b for row in people for a, b in itertools.combinations(row, 2)]
    everything = np.array(list(itertools.chain.from_iterable(people)))
    chance = (everything[:, None] == everything[None, :]).mean()
    return {"kappa": (np.mean(pairs) - chance) / (1 - chance)}


@oracle
def predictive_values(sensitivity: float, specificity: float, prevalence: float) -> Answer:
    """From a population of people rather than the formula."""
    table = np.outer([prevalence, 1 - prevalence], [1, 1]) * np.array(
        [[sensitivity, 1 - sensitivity], [1 - specificity, specificity]]
    )
    alarm, quiet = table[:, 0], table[:, 1]
    return {
        "ppv": alarm[0] / alarm.sum(),
        "npv": quiet[1] / quiet.sum(),
        "lr_plus": sensitivity / (1 - specificity),
        "lr_minus": (1 - sensitivity) / specificity,
    }


@oracle
def time_to_completion(time: list[int], completed: list[int]) -> Answer:
    days, done = np.array(time), np.array(completed, dtype=bool)
    curve = stats.ecdf(stats.CensoredData(uncensored=days[done], right=days[~done])).sf
    events = sorted(set(days[done].tolist()))
    left = [float(curve.evaluate(day)) for day in events]
    reached = [day for day, share in zip(events, left, strict=True) if share <= 0.5 + 1e-12]
    return {"times": events, "not_yet": left, "median": reached[0] if reached else None}
