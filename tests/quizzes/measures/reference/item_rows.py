"""Reference: item analysis, Moodle's statistics, groups, item response theory."""

from __future__ import annotations

import math
from typing import Any

from tests.quizzes.measures.reference.published import (
    MOODLE_FIELDS,
    MOODLE_MARKS,
    MOODLE_QUESTIONS,
    THREE_ITEMS,
    TWO_ITEMS,
    lsat6,
    old_moodle_row,
    people,
)
from tests.quizzes.measures.reference.rows import Row

# Three items, four people, a perfect scale: everything can be worked out on paper.
LADDER = [[1, 1, 1], [1, 1, 0], [1, 0, 0], [0, 0, 0]]

# Totals 3 2 2 2 1 0 0: seven people, groups of two, a tie of three for one place.
SEVEN = [[1, 1, 1], [1, 1, 0], [1, 0, 1], [0, 1, 1], [1, 0, 0], [0, 0, 0], [0, 0, 0]]


def constant_item(facility: float) -> dict[str, Any]:
    return {"facility": facility, "sd": 0.0, "item_total_r": None, "item_rest_r": None}


ROWS = [
    Row(
        "ctt_item_analysis",
        {"matrix": LADDER},
        {
            "n_persons": 4,
            "n_items": 3,
            "mean_total": 1.5,
            "sd_total": math.sqrt(5 / 3),
            "alpha": 0.75,  # 3/2·(1 - (1/4 + 1/3 + 1/4)/(5/3))
            "sem": math.sqrt(5 / 3) * 0.5,
            "items": [
                {
                    "facility": 0.75,
                    "sd": 0.5,
                    "item_total_r": math.sqrt(0.6),
                    "item_rest_r": math.sqrt(3 / 11),
                    "alpha_if_dropped": 2 * (1 - 7 / 11),
                },
                {
                    "facility": 0.5,
                    "sd": math.sqrt(1 / 3),
                    "item_total_r": 2 / math.sqrt(5),
                    "item_rest_r": math.sqrt(0.5),
                    "alpha_if_dropped": 0.5,
                },
                {"facility": 0.25, "alpha_if_dropped": 2 * (1 - 7 / 11)},
            ],
        },
        "HAND: four people, three items",
    ),
    Row(
        "ctt_item_analysis",
        {"matrix": LADDER},
        {"alpha_ci95_feldt": [1 - 0.25 * 6.599, 1 - 0.25 / 14.73]},
        "HAND: F table, F.975(3, 6) = 6.599 and F.975(6, 3) = 14.73",
        tolerance=2e-4,
    ),
    Row(
        "ctt_item_analysis",
        {"matrix": [[2, 1], [4, 0], [3, 1]], "max_marks": [4, 1]},
        {
            "mean_total": 11 / 3,
            "alpha": 2 * (1 - (1 + 1 / 3) / (1 / 3)),
            "items": [
                {"facility": 0.75, "sd": 1.0, "item_rest_r": -math.sqrt(3) / 2},
                {"facility": 2 / 3, "alpha_if_dropped": None},
            ],
        },
        "HAND: totals 3 4 4, so alpha is 2·(1 - 4) = -6",
    ),
    Row(
        "ctt_item_analysis",
        {"matrix": [[1, 1], [1, 0], [1, 1]]},
        {"items": [constant_item(1.0), {"facility": 2 / 3, "item_rest_r": None}], "alpha": 0.0},
        "HAND: an item without spread; Σs² = s² of the totals",
    ),
    Row(
        "ctt_item_analysis",
        {"matrix": [[1, 0], [0, 1]]},
        {"alpha": None, "sem": None, "alpha_ci95_feldt": None, "sd_total": 0.0},
        "DESIGN 3.3: equal totals",
    ),
    Row(
        "ctt_item_analysis",
        {"matrix": [[0.1, 0.2, 0.3], [0.3, 0.2, 0.1], [0.2, 0.3, 0.1]]},
        {"alpha": None, "sd_total": 0.0},
        "DESIGN 3.3: totals equal but for rounding",
    ),
    Row(
        "ctt_item_analysis",
        {"matrix": [[1, 0, 1]]},
        {
            "n_persons": 1,
            "mean_total": 2.0,
            "sd_total": None,
            "alpha": None,
            "sem": None,
            "items": [
                {"facility": 1.0, "sd": None, "item_rest_r": None, "alpha_if_dropped": None},
                {"facility": 0.0},
                {"facility": 1.0},
            ],
        },
        "DESIGN 3.3: one person",
    ),
    Row(
        "ctt_item_analysis",
        {"matrix": [], "max_marks": [1, 2]},
        {"n_persons": 0, "n_items": 2, "mean_total": None, "items": [{"facility": None}] * 2},
        "DESIGN 0: nobody",
    ),
    Row(
        "ctt_item_analysis",
        {},
        {"n_persons": 0, "n_items": 0, "alpha": None, "mean_total": None, "items": []},
        "DESIGN 0: nothing",
    ),
    Row(
        "ctt_item_analysis",
        {"matrix": [[1], [0]]},
        {"alpha": None, "sd_total": math.sqrt(0.5), "sem": None},
        "DESIGN 3.3: one item",
    ),
    Row(
        "kr20",
        {"matrix": LADDER},
        {"kr20": 0.75, "kr21": 0.6},
        "HAND: 3/2·(1 - .625/1.25), 3/2·(1 - 1.5·1.5/(3·1.25))",
    ),
    Row(
        "kr20",
        {"matrix": [[1, 1], [1, 0], [0, 0]]},
        {"kr20": 2 / 3, "kr21": 0.5},
        "HAND: 2·(1 - (4/9)/(2/3)), 2·(1 - 1·1/(2·2/3))",
    ),
    Row(
        "kr20",
        {"matrix": [[1, 0], [0, 1]]},
        {"kr20": None, "kr21": None},
        "DESIGN 3.3: equal totals",
    ),
    Row("kr20", {"matrix": []}, {"kr20": None, "kr21": None}, "DESIGN 0: nobody"),
    Row("kr20", {"matrix": [[1], [0]]}, {"kr20": None, "kr21": None}, "DESIGN 3.3: one item"),
    Row(
        "spearman_brown",
        {"reliability": 0.6, "factor": 2},
        {"reliability": 0.75},
        "HAND: 1.2/1.6",
    ),
    Row(
        "spearman_brown",
        {"reliability": 0.62, "factor": 3},
        {"reliability": 0.83},
        "DESIGN 1.6: from 20 to 60 trials",
        tolerance=0.005,
    ),
    Row(
        "spearman_brown",
        {"reliability": -0.5, "factor": 3},
        {"reliability": None},
        "HAND: the denominator is 0",
    ),
    Row(
        "spearman_brown_factor",
        {"reliability": 0.5, "target": 0.8},
        {"factor": 4.0},
        "HAND: .8·.5/(.5·.2)",
    ),
    *[
        Row(
            "spearman_brown_factor",
            {"reliability": reliability, "target": target},
            {"factor": None},
            "HAND: no length reaches it",
        )
        for reliability, target in ((0.0, 0.8), (-0.2, 0.8), (0.5, 1.0))
    ],
    Row(
        "moodle_statistics",
        {"marks": MOODLE_MARKS, "max_marks": [1] * 7},
        {
            "median": 4.5,
            "mean": 4.617333332,
            "sd": 0.8117265554,
            "skewness": -0.092502502,
            "kurtosis": -0.7073968557,
            "cic": -87.2230935542,
            "error_ratio": 136.8294900795,
            "standard_error": 1.1106813066,
            "items": [dict(zip(MOODLE_FIELDS, q, strict=True)) for q in MOODLE_QUESTIONS],
        },
        "Moodle, stats_from_steps_walkthrough_test.php and qstats00.csv",
        tolerance=1e-5,
    ),
    old_moodle_row(),
    Row(
        "moodle_statistics",
        {"marks": [[1, 0], [0, 1], [1, 1]]},
        {"skewness": 3**0.5, "kurtosis": None, "median": 1.0, "mean": 4 / 3},
        "HAND: totals 1 1 2: k₂ = 1/3, k₃ = 1/3, so k₃/k₂^1.5 = √3; kurtosis needs four",
    ),
    Row(
        "moodle_statistics",
        {"marks": [[0, 0], [1, 0], [0, 1], [1, 1]]},
        {"skewness": 0.0, "kurtosis": 1.5},
        "HAND: totals 0 1 1 2: k₂ = 2/3, k₄ = 16·(2.5 - 2.25)/6 = 2/3",
    ),
    Row(
        "moodle_statistics",
        {"marks": [[1, 0], [0, 1], [1, 0], [0, 1]]},
        {"skewness": None, "kurtosis": None, "cic": None, "error_ratio": None, "sd": 0.0}
        | {"standard_error": None},
        "DESIGN 0: equal totals",
    ),
    Row(
        "moodle_statistics",
        {"marks": [[1, 0], [0, 1]]},
        {
            "skewness": None,
            "items": [
                {"covariance_with_total": 0.0, "effective_weight": None, "covariance": -0.5},
                {"discrimination_index": -100.0, "discriminative_efficiency": -100.0},
            ],
        },
        "HAND: two opposite people",
    ),
    Row(
        "moodle_statistics",
        {"marks": [], "max_marks": [1]},
        {
            **dict.fromkeys(("median", "mean", "sd", "skewness", "kurtosis", "cic")),
            "items": [{"facility": None, "sd": None, "effective_weight": None}],
        },
        "DESIGN 0: nobody",
    ),
    Row(
        "moodle_statistics",
        {"marks": [[3, 0], [0, 1], [3, 0], [1, 1]], "max_marks": [3, 1]},
        {"items": [{"effective_weight": 100.0}, {"effective_weight": None}]},
        "DESIGN 3.6: a negative covariance with the total has no weight and leaves the sum",
    ),
    Row(
        "upper_lower_discrimination",
        {"matrix": SEVEN, "fraction": 0.27},
        {"group_size": 2, "upper": [5 / 6] * 3, "lower": [0.0] * 3, "D": [5 / 6] * 3},
        "HAND: floor(1.89 + .5) = 2; three people share the second place",
    ),
    Row(
        "upper_lower_discrimination",
        {"matrix": [[1, 1], [1, 0], [0, 1], [0, 0], [0, 0]]},
        {"group_size": 1, "upper": [1.0, 1.0], "lower": [0.0, 0.0], "D": [1.0, 1.0]},
        "HAND: floor(1.35 + .5) = 1",
    ),
    Row(
        "upper_lower_discrimination",
        {"matrix": [[0, 1], [1, 0], [1, 0], [1, 1]], "fraction": 0.5},
        {"group_size": 2, "upper": [5 / 6, 2 / 3], "lower": [2 / 3, 1 / 3], "D": [1 / 6, 1 / 3]},
        "HAND: totals 1 1 1 2: above it 1 and a third each of the next; below two thirds each",
    ),
    Row(
        "upper_lower_discrimination",
        {"matrix": [[1, 0], [0, 1], [1, 0]], "fraction": 0.27},
        {"group_size": 1, "upper": [2 / 3, 1 / 3], "lower": [2 / 3, 1 / 3], "D": [0.0, 0.0]},
        "DESIGN 3.4: all tied",
    ),
    Row(
        "upper_lower_discrimination",
        {"matrix": [[1]] * 25 + [[0]] * 25, "fraction": 0.27},
        {"group_size": 14, "D": [1.0]},
        "HAND: floor(.27·50 + .5) = floor(14.0)",
    ),
    Row(
        "upper_lower_discrimination",
        {},
        {"group_size": 0, "upper": [], "lower": [], "D": []},
        "DESIGN 0: nobody",
    ),
    Row(
        "distractor_analysis",
        {"key": "AB", "responses": ["AB", "AB", "BA", "A-"], "fraction": 0.27},
        {
            "items": [
                {
                    "item": 1,
                    "key": "A",
                    "flag_key_problem": False,
                    "options": {
                        "A": {
                            "count": 3,
                            "proportion": 0.75,
                            "upper": 1.0,
                            "lower": 0.0,
                            "choice_rest_r": 1 / math.sqrt(3),
                            "non_functional": False,
                        },
                        "B": {
                            "count": 1,
                            "proportion": 0.25,
                            "upper": 0.0,
                            "lower": 1.0,
                            "choice_rest_r": -1 / math.sqrt(3),
                        },
                    },
                },
                {
                    "item": 2,
                    "key": "B",
                    "options": {
                        "A": {"count": 1, "upper": 0.0, "lower": 1.0, "choice_rest_r": -1.0},
                        "B": {"count": 2, "proportion": 0.5, "upper": 1.0, "lower": 0.0},
                    },
                },
            ]
        },
        "HAND: scores 2 2 0 1; no answer is wrong and no option",
    ),
    Row(
        "distractor_analysis",
        {"key": "AAA", "responses": ["BAA", "BAA", "ABB", "ABB"], "options": ["ABC", "AB", "AB"]},
        {
            "items": [
                {
                    "flag_key_problem": True,
                    "options": {
                        "B": {"upper": 1.0, "non_functional": False},
                        "C": {"count": 0, "non_functional": True, "choice_rest_r": None},
                    },
                },
                {"flag_key_problem": False},
                {"flag_key_problem": False},
            ]
        },
        "HAND: the strong prefer B; nobody picks C",
    ),
    Row(
        "distractor_analysis",
        # Item 1: two of the best three chose the key, so no distractor beats it there; but those
        # who chose it have 1.25 right elsewhere, the others 2.5.
        {
            "key": "AAAA",
            "responses": ["BAAA", "AAAB", "AAAB", "AABB", "ABBB", "BABA"],
            "fraction": 0.5,
        },
        {"items": [{"flag_key_problem": True}, {}, {}, {}]},
        "HAND: rests 3 2 2 1 0 2, so choosing the key goes with doing badly",
    ),
    Row(
        "distractor_analysis",
        {"key": "AA", "responses": ["AA", "AB", "BA", "BB"]},
        {"items": [{"flag_key_problem": False, "options": {"A": {"choice_rest_r": 0.0}}}, {}]},
        "HAND: a correlation of 0 is no problem",
    ),
    Row(
        "distractor_analysis",
        {"key": "A", "responses": ["A"] * 20 + ["B"]},
        {"items": [{"options": {"B": {"proportion": 1 / 21, "non_functional": True}}}]},
        "HAND: 1 of 21 is less than 5 %",
    ),
    Row(
        "distractor_analysis",
        {"key": "A", "responses": ["A"] * 19 + ["B"]},
        {"items": [{"options": {"B": {"proportion": 0.05, "non_functional": False}}}]},
        "HAND: 1 of 20 is not less than 5 %",
    ),
    Row(
        "distractor_analysis",
        {"key": "AB", "responses": []},
        {
            "items": [
                {
                    "flag_key_problem": False,
                    "options": {"A": {"count": 0, "proportion": None, "upper": None}},
                },
                {"options": {"B": {"lower": None, "choice_rest_r": None}}},
            ]
        },
        "DESIGN 0: nobody",
    ),
    Row(
        "irt_rasch_mml",
        {"matrix": lsat6()},
        {
            "loglik": -2466.938,
            "discrimination": 0.7551,
            "difficulty": [-3.6153, -1.3224, -0.3176, -1.7301, -2.7802],
        },
        "Rizopoulos 2006 (ltm), LSAT, constrained to one slope",
        tolerance=1e-4,
    ),
    Row(
        "irt_2pl_mml",
        {"matrix": lsat6()},
        {
            "loglik": -2466.653,
            "discrimination": [0.8254, 0.7229, 0.8905, 0.6886, 0.6575],
            "difficulty": [-3.3597, -1.3696, -0.2799, -1.8659, -3.1236],
        },
        "Rizopoulos 2006 (ltm), LSAT, two-parameter model (21 quadrature points)",
        tolerance=1.5e-3,
    ),
    Row(
        "irt_rasch_mml",
        {"matrix": people(TWO_ITEMS)},
        {"discrimination": 1.2, "difficulty": [-0.5, 0.5]},
        "HAND: people as the model expects them; two items are the least",
        tolerance=2e-3,
    ),
    Row(
        "irt_2pl_mml",
        {"matrix": people(THREE_ITEMS)},
        {"discrimination": [1.0, 1.5, 2.0], "difficulty": [-0.5, 0.0, 0.25]},
        "HAND: people as the model expects them; three items are the least",
        tolerance=1e-2,
    ),
    *[
        Row(name, {"matrix": lsat6()}, {"loglik": loglik}, "Rizopoulos 2006", tolerance=5e-7)
        for name, loglik in (("irt_rasch_mml", -2466.938), ("irt_2pl_mml", -2466.653))
    ],
    *[
        Row(name, {"matrix": matrix}, {"loglik": None, "difficulty": None}, f"DESIGN 0: {why}")
        for name in ("irt_rasch_mml", "irt_2pl_mml")
        for matrix, why in (
            ([], "nobody"),
            ([[1], [0]], "one item"),
            ([[1, 1, 0], [1, 0, 1]], "an item everybody got right"),
        )
    ],
]
