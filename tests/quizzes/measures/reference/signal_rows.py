"""Reference: signal detection and intervals.

HAND: worked out on paper from the formula, in the comment. DESIGN: a figure of the measurement
design. A name and year: a published figure.
"""

from __future__ import annotations

import math
from typing import Any

from tests.quizzes.measures.reference.rows import Row

# z of a corrected rate of one half is 0 and its density 1/√(2π), so var = (π/2)(1/S + 1/N).
HALVES = math.sqrt(math.pi / 20)  # S = N = 20
# 20 of 20 and 0 of 20: z(20.5/21), by SciPy, on either side; twice the same variance.
EDGE_Z = 1.9807523966472789
EDGE_DENSITY = math.exp(-EDGE_Z * EDGE_Z / 2) / math.sqrt(2 * math.pi)
EDGE_SE = math.sqrt(2 * (20.5 / 21) * (0.5 / 21) / (20 * EDGE_DENSITY**2))
UNEVEN = math.sqrt(math.pi / 2 * (1 / 10 + 1 / 40))  # S = 10, N = 40


def counts(hits: int, n_signal: int, false_alarms: int, n_noise: int) -> dict[str, int]:
    return {
        "hits": hits,
        "n_signal": n_signal,
        "false_alarms": false_alarms,
        "n_noise": n_noise,
    }


def trial(kind: str, flagged: bool | None, **more: Any) -> dict[str, Any]:
    ordinary = {
        "trial": 1,
        "item": "i1",
        "stage": "control",
        "tactic": "debt",
        "exposure": 1,
        "hint_used": False,
    }
    return {**ordinary, "kind": kind, "flagged": flagged, **more}


def rated(signal: bool, flagged: bool, confidence: float | None) -> dict[str, Any]:
    return {"signal": signal, "flagged": flagged, "confidence": confidence}


LOG = [
    trial("signal", True),
    trial("signal", False, stage="movement", tactic="isolation"),
    trial("noise", True),
    trial("noise", False, stage="movement", tactic="isolation"),
    trial("key", True, stage="movement"),
    trial("nonkey", False, tactic=None, stage=None),
    # None of these counts: unscored kinds, a second exposure, a hint, no answer.
    trial("neutral", True),
    trial("context", True),
    trial("insufficient_panel", True),
    trial("signal", True, exposure=2),
    trial("signal", True, hint_used=True),
    trial("noise", None),
    trial("signal", True, exposure=0, stage="acquisition", tactic="false promise"),
]

ROWS = [
    Row(
        "sdt_from_counts",
        counts(82, 100, 46, 100),
        {
            "hit_rate": 0.82,
            "fa_rate": 0.46,
            "misses": 18,
            "correct_rejections": 54,
            "hit_rate_adj": 0.8168317,
            "fa_rate_adj": 0.460396,
            "dprime": 1.002793,
            "c": -0.4019603,
        },
        "Bonett, statpsych: example of signal() (log-linear, n + 1)",
        tolerance=1e-6,
    ),
    Row(
        "sdt_from_counts",
        counts(10, 10, 0, 10),
        {"dprime": 3.38, "c": 0.0, "hit_rate": 1.0, "fa_rate": 0.0},
        "DESIGN 1.2: ceiling at 10 trials of each kind",
        tolerance=0.005,
    ),
    Row(
        "sdt_from_counts",
        counts(20, 20, 0, 20),
        {"dprime": 3.96, "hit_rate_adj": 20.5 / 21, "fa_rate_adj": 0.5 / 21},
        "DESIGN 1.2: ceiling at 20 trials of each kind",
        tolerance=0.005,
    ),
    Row(
        "sdt_from_counts",
        counts(10, 20, 10, 20),
        {
            "dprime": 0.0,
            "c": 0.0,
            "ln_beta": 0.0,
            "se_dprime": HALVES,
            "se_c": HALVES / 2,
            "dprime_ci95": [-1.959964 * HALVES, 1.959964 * HALVES],
        },
        "HAND: rates of one half",
    ),
    Row(
        "sdt_from_counts",
        counts(5, 10, 20, 40),
        {"dprime": 0.0, "se_dprime": UNEVEN, "se_c": UNEVEN / 2},
        "HAND: rates of one half, unequal numbers",
    ),
    Row(
        "sdt_from_counts",
        counts(0, 5, 5, 5),
        {"dprime": -2 * 1.3829941271, "c": 0.0, "misses": 5, "correct_rejections": 0},
        "HAND: d' may be negative; z(5.5/6) from a normal table",
        tolerance=1e-8,
    ),
    Row(
        "sdt_from_counts",
        counts(18, 20, 3, 25),
        {
            "dprime": 2.284596861573972,
            "c": -0.0374626868248753,
            "ln_beta": -0.0374626868248753 * 2.284596861573972,
            "se_dprime": 0.48141339293004715,
            "se_c": 0.48141339293004715 / 2,
        },
        "SciPy: norm.ppf and norm.pdf in the design's formulas",
    ),
    Row(
        "sdt_from_counts",
        counts(0, 0, 2, 8),
        {
            "hit_rate": None,
            "hit_rate_adj": None,
            "fa_rate": 0.25,
            "fa_rate_adj": 2.5 / 9,
            "dprime": None,
            "c": None,
            "ln_beta": None,
            "se_dprime": None,
            "se_c": None,
            "dprime_ci95": None,
        },
        "DESIGN 1.2: no signal trials",
    ),
    Row(
        "sdt_from_counts",
        counts(1, 4, 0, 0),
        {"hit_rate": 0.25, "hit_rate_adj": 0.3, "fa_rate": None, "fa_rate_adj": None, "c": None},
        "DESIGN 1.2: no noise trials",
    ),
    Row(
        "sdt_from_rates",
        {"hit_rate": 0.8, "fa_rate": 0.2},
        {"dprime": 1.6832424671, "c": 0.0, "beta": 1.0, "pc_max": 0.8},
        "HAND: Φ(z(.8)) = .8, z(.8) = .8416212336",
    ),
    Row(
        "sdt_from_rates",
        {"hit_rate": 0.975, "fa_rate": 0.5},
        {"dprime": 1.9599639845, "c": -0.97998199227, "auc_equal_variance": 0.917110},
        "HAND: z(.975) = 1.959964, Φ(1.959964/√2) = Φ(1.385904) by table",
        tolerance=1e-5,
    ),
    *[
        Row(
            "sdt_from_rates",
            {"hit_rate": sensitivity, "fa_rate": 1 - specificity},
            {"dprime": dprime, "c": c},
            f"DESIGN 14.1: {study}",
            tolerance=0.0051,
        )
        for study, sensitivity, specificity, dprime, c in (
            ("QYIT", 0.867, 0.765, 1.83, -0.19),
            ("RAFT", 0.89, 0.74, 1.87, -0.29),
            ("Greenbaum 2018", 0.844, 0.575, 1.20, -0.41),
            ("Hurst 2021", 0.846, 0.532, 1.10, -0.47),
        )
    ],
    *[
        Row(
            "sdt_from_rates",
            {"hit_rate": hit, "fa_rate": fa},
            dict.fromkeys(("dprime", "c", "beta", "auc_equal_variance", "pc_max")),
            "DESIGN 1.2: no correction of rates of 0 or 1",
        )
        for hit, fa in ((1.0, 0.2), (0.8, 0.0), (0.0, 0.0), (None, 0.5), (0.5, None))
    ],
    Row(
        "sdt_from_rates",
        {"hit_rate": 0.5, "fa_rate": 5e-324},
        {"beta": None},
        "HAND: exp(c·d') is beyond the largest float",
    ),
    Row(
        "sdt_change",
        {"pre": counts(10, 20, 10, 20), "post": counts(20, 20, 0, 20)},
        {
            "pre_dprime": 0.0,
            "post_dprime": 2 * EDGE_Z,
            "change": 2 * EDGE_Z,
            "se": math.hypot(HALVES, EDGE_SE),
            "z": 2 * EDGE_Z / math.hypot(HALVES, EDGE_SE),
            "c_change": 0.0,
        },
        "HAND: from no skill to perfect; twice (20.5·.5/441)/(20·φ²) for the variance",
    ),
    Row(
        "sdt_change",
        {"pre": counts(10, 20, 10, 20), "post": counts(10, 20, 10, 20)},
        {
            "change": 0.0,
            "se": HALVES * math.sqrt(2),
            "z": 0.0,
            "c_change": 0.0,
            "ci95": [-1.959964 * HALVES * math.sqrt(2), 1.959964 * HALVES * math.sqrt(2)],
        },
        "HAND: errors of two equal measurements add as squares",
    ),
    Row(
        "sdt_change",
        {"pre": counts(20, 20, 20, 20), "post": counts(10, 20, 10, 20)},
        {"change": 0.0, "c_change": EDGE_Z},
        "HAND: from flagging everything to no bias, c rises by z(20.5/21)",
    ),
    Row(
        "sdt_change",
        {"pre": counts(0, 0, 1, 4), "post": counts(1, 4, 1, 4)},
        {
            "pre_dprime": None,
            "post_dprime": 0.0,
            **dict.fromkeys(("change", "se", "z", "ci95", "c_change")),
        },
        "DESIGN 0: what cannot be computed is null",
    ),
    *[
        Row("sdt_bias_label", given, {"label": label}, f"{why} (c/SE(c) by SciPy)")
        for given, label, why in (
            (counts(19, 19, 20, 20), None, "DESIGN 1.4: 19 signals are too few"),
            (counts(20, 20, 19, 19), None, "DESIGN 1.4: 19 noise trials are too few"),
            (counts(0, 0, 0, 0), None, "nothing"),
            (counts(20, 20, 20, 20), "flags_too_readily", "flags everything"),
            (counts(0, 20, 0, 20), "too_cautious", "flags nothing"),
            (counts(15, 20, 5, 20), "balanced", "as many misses as false alarms"),
            # Between 1.645 and 1.96 standard errors: 90 % decides, 95 % would not.
            (counts(8, 20, 6, 20), "too_cautious", "1.811 standard errors above 0"),
            (counts(12, 20, 14, 20), "flags_too_readily", "1.811 standard errors below 0"),
            # Between 1.282 and 1.645: two-sided 90 % does not decide, one-sided would.
            (counts(9, 20, 6, 20), "balanced", "1.519 standard errors above 0"),
            (counts(11, 20, 14, 20), "balanced", "1.519 standard errors below 0"),
        )
    ],
    Row(
        "auc_from_confidence",
        {
            "trials": [
                rated(True, True, 0.8),
                rated(True, True, 0.5),
                rated(True, False, 0.65),
                rated(False, False, 0.8),
                rated(False, True, 0.5),
                rated(True, False, None),
            ]
        },
        {"auc": 4.5 / 6},
        "HAND: ratings .8 .5 -.65 against -.8 .5: four pairs won, one tied, one lost",
    ),
    Row(
        "auc_from_confidence",
        {"trials": [rated(True, True, 0.8), rated(True, False, 0.8)]},
        {"auc": None},
        "DESIGN 1.5: one class missing",
    ),
    Row(
        "sdt_from_log",
        {"trials": LOG},
        {
            "n_used": 6,
            "n_excluded": 7,
            "overall": {**counts(2, 3, 1, 3), "hit_rate": 2 / 3, "fa_rate": 1 / 3},
            "by_stage": {
                "control": counts(1, 1, 1, 1),
                "movement": counts(1, 2, 0, 1),
            },
            "by_tactic": {
                "debt": {**counts(2, 2, 1, 1), "hit_rate": 1.0, "fa_rate": 1.0},
                "isolation": {**counts(0, 1, 0, 1), "hit_rate": 0.0, "fa_rate": 0.0},
            },
        },
        "HAND: counted off the list above",
    ),
    Row(
        "design_effect",
        {"per_text": 7, "icc": 0.05, "n": 42},
        {"deff": 1.3, "n_effective": 42 / 1.3},
        "DESIGN 1.6: 42 trials in texts of 7 are worth 32",
    ),
    Row(
        "design_effect",
        {"per_text": 3, "icc": -0.5, "n": 42},
        {"deff": None, "n_effective": None},
        "HAND: 1 + 2·(-.5) = 0",
    ),
    Row(
        "design_effect",
        {"per_text": 1, "icc": 0.4, "n": 9},
        {"deff": 1.0, "n_effective": 9.0},
        "HAND: one trial per text is independent",
    ),
    *[
        Row(
            "wilson_interval",
            {"successes": x, "n": n, "confidence": 0.95},
            {"p": x / n, "low": low, "high": high},
            "Newcombe 1998a, table I, method 3",
            tolerance=0.00005,
        )
        for x, n, low, high in (
            (81, 263, 0.2553, 0.3662),
            (15, 148, 0.0624, 0.1605),
            (0, 20, 0.0, 0.1611),
            (1, 29, 0.0061, 0.1718),
        )
    ],
    Row(
        "wilson_interval",
        {"successes": 42, "n": 60, "confidence": 0.95},
        {"low": 0.57, "high": 0.80},
        "DESIGN 2: likely between 57 % and 80 %",
        tolerance=0.005,
    ),
    Row(
        "wilson_interval",
        {"successes": 1, "n": 2, "confidence": 0.95},
        # p = ½: centre ½, half = z/(2√(n + z²))
        {
            "low": 0.5 - 1.9599639845 / (2 * math.sqrt(2 + 1.9599639845**2)),
            "high": 0.5 + 1.9599639845 / (2 * math.sqrt(2 + 1.9599639845**2)),
        },
        "HAND: at p = ½ the half-width is z/(2√(n + z²))",
    ),
    Row(
        "wilson_interval",
        {"successes": 10, "n": 10, "confidence": 0.80},
        {"low": 10 / (10 + 1.2815515655**2), "high": 1.0},
        "HAND: at p = 1 the lower end is n/(n + z²)",
    ),
    Row(
        "wilson_interval",
        {"successes": 0, "n": 0},
        {"p": None, "low": None, "high": None},
        "DESIGN 2: n = 0",
    ),
    *[
        Row(
            "wilson_difference",
            {"x1": x1, "n1": n1, "x2": x2, "n2": n2, "confidence": 0.95},
            {"diff": x1 / n1 - x2 / n2, "low": low, "high": high},
            "Newcombe 1998b, table II, method 10",
            tolerance=0.00005,
        )
        for x1, n1, x2, n2, low, high in (
            (56, 70, 48, 80, 0.0524, 0.3339),
            (9, 10, 3, 10, 0.1705, 0.8090),
            (6, 7, 2, 7, 0.0582, 0.8062),
            (5, 56, 0, 29, -0.0381, 0.1926),
            (0, 10, 0, 20, -0.1611, 0.2775),
            (0, 10, 0, 10, -0.2775, 0.2775),
            (10, 10, 0, 20, 0.6791, 1.0),
            (10, 10, 0, 10, 0.6075, 1.0),
        )
    ],
    *[
        Row(
            "wilson_difference",
            {"x1": 0, "n1": n1, "x2": 0, "n2": n2},
            {"diff": None, "low": None, "high": None},
            "DESIGN 2: an empty group",
        )
        for n1, n2 in ((0, 5), (5, 0))
    ],
]
