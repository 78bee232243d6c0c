"""Reference: gain of groups and persons, and the experts' key."""

from __future__ import annotations

import math

from tests.quizzes.measures.reference.rows import Row

# t.975 of two degrees of freedom has a closed form.
T2 = 0.95 * math.sqrt(2 / (1 - 0.95**2))

FLEISS_1971 = [
    [0, 0, 0, 0, 14],
    [0, 2, 6, 4, 2],
    [0, 0, 3, 5, 6],
    [0, 3, 9, 2, 0],
    [2, 2, 8, 1, 1],
    [7, 7, 0, 0, 0],
    [3, 2, 6, 3, 0],
    [2, 5, 3, 2, 2],
    [6, 5, 2, 1, 0],
    [0, 2, 2, 3, 7],
]

GAIN_ROWS = [
    Row(
        "group_gain",
        {"pre": [40, 50, 60], "post": [60, 70, 95]},
        {
            "n": 3,
            "mean_pre": 50.0,
            "mean_post": 75.0,
            "mean_gain": 25.0,
            "gain_ci95": [25 - 5 * T2, 25 + 5 * T2],
            "hake_g": 0.5,
            "cohen_dav": 25 / math.sqrt(212.5),
            "cohen_dz": 25 / math.sqrt(75),
        },
        "HAND: gains 20 20 35, t.975 of 2 degrees of freedom = 4.302653",
        tolerance=1e-8,
    ),
    Row(
        "group_gain",
        {"pre": [40], "post": [60]},
        {"n": 1, "mean_gain": 20.0, "gain_ci95": None, "cohen_dav": None, "cohen_dz": None}
        | {"hake_g": 1 / 3},
        "DESIGN 0: one person has no spread",
    ),
    Row(
        "group_gain",
        {"pre": [100, 100], "post": [100, 90]},
        {"hake_g": None, "mean_gain": -5.0},
        "DESIGN 7: a full pre-test",
    ),
    Row(
        "group_gain",
        {"pre": [50, 50], "post": [60, 60]},
        {"gain_ci95": [10.0, 10.0], "cohen_dz": None, "cohen_dav": None},
        "DESIGN 0: no spread",
    ),
    Row(
        "group_gain",
        {"pre": [100, 140], "post": [130, 160]},
        {"hake_g": None, "mean_gain": 25.0},
        "HAND: points that cannot be percent have no g",
    ),
    Row(
        "group_gain",
        {"pre": [0, 1], "post": [0, 1]},
        {"hake_g": 0.0, "mean_gain": 0.0, "cohen_dav": 0.0, "cohen_dz": None},
        "HAND: nothing gained; the smallest percents",
    ),
    Row(
        "group_gain",
        {"pre": [50, 60], "post": [130, 140]},
        {"hake_g": None, "cohen_dav": 80 / 50**0.5},
        "HAND: a post-test above 100 cannot be percent",
    ),
    Row(
        "group_gain",
        {"pre": [50, 50], "post": [60.001, 60.003]},
        {"cohen_dz": 10.002 / (0.001 * 2**0.5)},
        "HAND: a small spread is a spread",
        tolerance=1e-6,
    ),
    Row(
        "group_gain",
        {"pre": [], "post": []},
        {
            "n": 0,
            **dict.fromkeys(
                [
                    "mean_pre",
                    "mean_post",
                    "mean_gain",
                    "gain_ci95",
                    "hake_g",
                    "cohen_dav",
                    "cohen_dz",
                ]
            ),
        },
        "DESIGN 0: nobody",
    ),
    Row(
        "cohort_mean",
        {"values": [1.0, 2.0, 3.0]},
        {"n": 3, "mean": 2.0, "ci95": [2 - T2 / 3**0.5, 2 + T2 / 3**0.5]},
        "HAND: sd 1, t.975 of 2 degrees of freedom",
        tolerance=1e-8,
    ),
    Row("cohort_mean", {"values": [1.5]}, {"n": 1, "mean": 1.5, "ci95": None}, "HAND: one person"),
    Row("cohort_mean", {"values": []}, {"n": 0, "mean": None, "ci95": None}, "DESIGN 0: nobody"),
    Row(
        "hake_gain",
        {"pre": 54.7, "post": 84.5},
        {"g": 0.66},
        "DESIGN 14.2: LIFT",
        tolerance=0.005,
    ),
    Row("hake_gain", {"pre": 45, "post": 67}, {"g": 0.4}, "HAND: 22/55"),
    Row("hake_gain", {"pre": 0, "post": 0}, {"g": 0.0}, "HAND: 0/100"),
    Row("hake_gain", {"pre": 0, "post": 100}, {"g": 1.0}, "HAND: 100/100"),
    Row("hake_gain", {"pre": 50, "post": 40}, {"g": -0.2}, "HAND: -10/50"),
    Row("hake_gain", {"pre": 100, "post": 100}, {"g": None}, "DESIGN 7: pre = 100"),
    *[
        Row("normalised_change", {"pre": pre, "post": post}, {"c": c}, "DESIGN 7, HAND")
        for pre, post, c in (
            (40, 70, 0.5),
            (80, 60, -0.25),
            (50, 50, 0.0),
            (0, 0, None),
            (100, 100, None),
            (100, 50, -0.5),
            (0, 50, 0.5),
            (60, 0, -1.0),
        )
    ],
    Row(
        "reliable_change",
        {"pre": 32.5, "post": 47.5, "sem": 3.35},
        {"rci": 3.16, "label": "gain"},
        "Jacobson & Truax 1991: their worked example, 15/4.74",
        tolerance=0.0025,
    ),
    *[
        Row(
            "reliable_change",
            {"pre": pre, "post": post, "sem": sem, **more},
            {"rci": rci, "label": label},
            "DESIGN 7, HAND",
        )
        for pre, post, sem, more, rci, label in (
            (60, 40, 5, {}, -20 / (5 * 2**0.5), "loss"),
            (50, 60, 5, {}, 2**0.5, "no_reliable_change"),
            (50, 40, 5, {}, -(2**0.5), "no_reliable_change"),
            (0, 1.965, 0.5**0.5, {}, 1.965, "gain"),
            (0, 1.955, 0.5**0.5, {}, 1.955, "no_reliable_change"),
            (1.965, 0, 0.5**0.5, {}, -1.965, "loss"),
            (40, 60, 5, {"alpha": 0.7}, 20 / (5 * 2**0.5), "gain"),
            (40, 60, 5, {"alpha": 0.69}, None, None),
            (40, 60, 0, {}, None, None),
            (40, 60, None, {}, None, None),
        )
    ],
]

KEY_ROWS = [
    Row(
        "fleiss_kappa",
        {"table": FLEISS_1971},
        {"kappa": 0.210},
        "Fleiss 1971 as worked in textbooks: 10 subjects, 14 raters, kappa .210",
        tolerance=0.0005,
    ),
    Row(
        "fleiss_kappa",
        {"table": [[2, 0], [0, 2], [1, 1]]},
        {"kappa": 1 / 3},
        "HAND: P = 2/3, P_e = 1/2",
    ),
    Row("fleiss_kappa", {"table": [[3, 0], [0, 3]]}, {"kappa": 1.0}, "HAND: full agreement"),
    Row("fleiss_kappa", {"table": [[3, 0], [3, 0]]}, {"kappa": None}, "HAND: chance is 1 too"),
    Row("fleiss_kappa", {"table": [[1, 0], [0, 1]]}, {"kappa": None}, "HAND: one rater"),
    Row("fleiss_kappa", {"table": []}, {"kappa": None}, "DESIGN 0: no subject"),
    Row("content_validity", {"essential": 9, "panel": 10}, {"cvr": 0.8, "i_cvi": 0.9}, "Lawshe"),
    Row("content_validity", {"essential": 5, "panel": 7}, {"cvr": 3 / 7, "i_cvi": 5 / 7}, "HAND"),
    Row("content_validity", {"essential": 0, "panel": 4}, {"cvr": -1.0, "i_cvi": 0.0}, "HAND"),
    Row("content_validity", {"essential": 0, "panel": 0}, {"cvr": None, "i_cvi": None}, "DESIGN 0"),
    *[
        Row("segment_keying", {"signal": yes, "not_signal": no}, {"label": label}, "DESIGN 9.1")
        for yes, no, label in (
            (4, 1, "key"),
            (5, 0, "key"),
            (7, 2, "neutral"),
            (8, 2, "key"),
            (3, 2, "neutral"),
            (2, 7, "neutral"),
            (1, 4, "nonkey"),
            (0, 9, "nonkey"),
            (4, 0, "insufficient_panel"),
            (0, 0, "insufficient_panel"),
        )
    ],
    *[
        Row(
            "predictive_values",
            {"sensitivity": se, "specificity": sp, "prevalence": base},
            {"ppv": ppv},
            "DESIGN 10.1, HAND",
        )
        for se, sp, base, ppv in (
            (0.8, 0.9, 0.3, 0.24 / 0.31),
            (0.8, 0.9, 0.01, 0.008 / 0.107),
            (0.867, 0.765, 0.088, 0.076296 / (0.076296 + 0.21432)),
        )
    ],
    Row(
        "predictive_values",
        {"sensitivity": 0.8, "specificity": 0.9, "prevalence": 0.3},
        {"npv": 0.63 / 0.69, "lr_plus": 8.0, "lr_minus": 2 / 9},
        "HAND",
    ),
    Row(
        "predictive_values",
        {"sensitivity": 0.5, "specificity": 1.0, "prevalence": 0.5},
        {"ppv": 1.0, "lr_plus": None, "lr_minus": 0.5},
        "DESIGN 10.1: a specificity of 1",
    ),
    Row(
        "predictive_values",
        {"sensitivity": 0.0, "specificity": 1.0, "prevalence": 0.5},
        {"ppv": None, "npv": 0.5},
        "HAND: never an alarm",
    ),
    Row(
        "predictive_values",
        {"sensitivity": 1.0, "specificity": 0.0, "prevalence": 0.5},
        {"ppv": 0.5, "npv": None, "lr_minus": None, "lr_plus": 1.0},
        "HAND: always an alarm",
    ),
]

ROWS = [*GAIN_ROWS, *KEY_ROWS]
