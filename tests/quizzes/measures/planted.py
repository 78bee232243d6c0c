"""Wrong implementations that somebody could really write: one changed place in one module each."""

from __future__ import annotations

from typing import NamedTuple


class Planted(NamedTuple):
    """`old` occurs once in the module and is replaced by `new`."""

    fault: str
    module: str
    old: str
    new: str


NUMBERS = [
    # --- signal detection
    Planted(
        "n + 1.5 in place of n + 1 (the R packages' trap)",
        "limits",
        "CORRECTION_TRIALS: Final = 1.0",
        "CORRECTION_TRIALS: Final = 1.5",
    ),
    Planted(
        "correction at the extremes only",
        "signal",
        "    return (part + limits.CORRECTION) / (whole + limits.CORRECTION_TRIALS)",
        "    if 0 < part < whole:\n        return part / whole\n"
        "    return (part + limits.CORRECTION) / (whole + limits.CORRECTION_TRIALS)",
    ),
    Planted(
        "no correction of the rates that are shown in the variance",
        "signal",
        "return rate * rest / (whole * special.normal_density(z) ** 2)",
        "return (part / whole) * (1 - part / whole) / (whole * special.normal_density(z) ** 2)",
    ),
    Planted(
        "the variance divides by n + 1",
        "signal",
        "return rate * rest / (whole * special.normal_density(z) ** 2)",
        "return rate * rest / ((whole + 1) * special.normal_density(z) ** 2)",
    ),
    Planted(
        "d' is never negative",
        "signal",
        "    error = math.sqrt(variance)\n",
        "    error = math.sqrt(variance)\n    dprime = max(0.0, dprime)\n",
    ),
    Planted(
        "c with the wrong sign",
        "signal",
        "dprime, c = z_hit - z_fa, -(z_hit + z_fa) / 2\n    variance",
        "dprime, c = z_hit - z_fa, (z_hit + z_fa) / 2\n    variance",
    ),
    Planted(
        "SE(c) as large as SE(d')",
        "signal",
        'result["se_dprime"], result["se_c"] = error, error / 2',
        'result["se_dprime"], result["se_c"] = error, error',
    ),
    Planted(
        "errors of two measurements added without squares",
        "signal",
        'math.hypot(first["se_dprime"] or 0.0, second["se_dprime"] or 0.0)',
        '(first["se_dprime"] or 0.0) + (second["se_dprime"] or 0.0)',
    ),
    Planted(
        "one-sided z in the 95 % interval",
        "limits",
        "Z95: Final = 1.959964",
        "Z95: Final = 1.644854",
    ),
    Planted(
        "95 % where the bias label wants 90 %",
        "limits",
        "Z90: Final = 1.644854",
        "Z90: Final = 1.959964",
    ),
    Planted(
        "repeated exposures are counted",
        "signal",
        'first = checks.count(trial["exposure"], "exposure") == 1',
        'first = checks.count(trial["exposure"], "exposure") >= 1',
    ),
    Planted(
        "answers with a hint are counted",
        "signal",
        'trial["flagged"] is not None and not trial["hint_used"]',
        'trial["flagged"] is not None',
    ),
    Planted(
        "no answer counts as a miss",
        "signal",
        'trial["flagged"] is not None and not trial["hint_used"]',
        'not trial["hint_used"]',
    ),
    Planted(
        "an unflagged trial is rated as if flagged",
        "signal",
        'confidence if trial["flagged"] else -confidence',
        "confidence",
    ),
    Planted(
        "ties lose in the ROC area",
        "moments",
        "doubled += ups * (2 * below + downs)",
        "doubled += ups * (2 * below)",
    ),
    # --- intervals
    Planted(
        "Wilson's centre without its shift",
        "intervals",
        "centre = (p + z * z / (2 * n)) / scale",
        "centre = p",
    ),
    Planted(
        "Wilson with a continuity correction",
        "intervals",
        "half = z / scale * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))",
        "half = z / scale * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) + 1 / (2 * n)",
    ),
    Planted(
        "one-sided critical value",
        "special",
        "return -normal_quantile((1.0 - confidence) / 2.0)",
        "return -normal_quantile(1.0 - confidence)",
    ),
    Planted(
        "Newcombe's ends paired the wrong way",
        "intervals",
        "low=p1 - p2 - math.hypot(p1 - low1, high2 - p2)",
        "low=p1 - p2 - math.hypot(high1 - p1, p2 - low2)",
    ),
    # --- items
    Planted(
        "KR-20 with mixed variances (n under pq, n - 1 under the total)",
        "items",
        "variance, average = population_variance(totals), mean(totals)",
        "variance, average = sample_variance(totals), mean(totals)",
    ),
    Planted(
        "population in place of sample standard deviation",
        "moments",
        "return math.fsum(d * d for d in _deviations(values)) / (len(values) - 1)",
        "return math.fsum(d * d for d in _deviations(values)) / len(values)",
    ),
    Planted(
        "Feldt's degrees of freedom swapped",
        "items",
        "[1 - (1 - alpha) * special.f_quantile(p, d1, d2) for p in (0.975, 0.025)]",
        "[1 - (1 - alpha) * special.f_quantile(p, d2, d1) for p in (0.975, 0.025)]",
    ),
    Planted(
        "discrimination with the item inside the total",
        "items",
        "item_rest_r=correlation(column, rest)",
        "item_rest_r=correlation(column, totals_of(columns))",
    ),
    Planted(
        "a negative alpha is cut off at 0",
        "items",
        "return min(alpha, 1.0)",
        "return min(max(0.0, alpha), 1.0)",
    ),
    Planted(
        "excess kurtosis by moments and not by k statistics",
        "moodle",
        "return skewness, k4 / (k2 * k2)",
        "return skewness, m4 / (m2 * m2) - 3",
    ),
    Planted(
        "ties at the boundary of a group all count in full",
        "groups",
        "1.0 if t > boundary else at_boundary if t == boundary else 0.0",
        "1.0 if t >= boundary else 0.0",
    ),
    Planted(
        "whoever stands first among the tied gets the place",
        "groups",
        "    at_boundary = (size - above) / ranked.count(boundary)\n",
        "    chosen = sorted(range(len(ranked)), key=lambda i: -ranked[i])[:size]\n"
        "    return [float(i in chosen) for i in range(len(ranked))]\n",
    ),
    # --- confidence
    Planted(
        "calibration gap between whole sample and level",
        "confidence",
        'resolution=math.fsum(v["n"] * (v["accuracy"] - accuracy) ** 2',
        'resolution=math.fsum(v["n"] * (v["level"] - accuracy) ** 2',
    ),
    Planted(
        "bins are not weighted by their size",
        "confidence",
        "ece=math.fsum(n * gap for n, gap in gaps) / len(given)",
        "ece=math.fsum(gap for n, gap in gaps) / len(gaps)",
    ),
    Planted(
        "the tie of certainty goes up",
        "certainty",
        "(p > limits.CBM_LEVEL_3_ABOVE)",
        "(p + 1e-9 >= limits.CBM_LEVEL_3_ABOVE)",
    ),
]
