"""Reference: credit for answers, and confidence."""

from __future__ import annotations

import math
from typing import Any

from tests.quizzes.measures.reference.rows import Row


def sure(correct: bool, certainty: int) -> dict[str, Any]:
    return {"correct": correct, "certainty": certainty}


def segment(name: str, start: int, end: int, kind: str) -> dict[str, Any]:
    return {"id": name, "start": start, "end": end, "kind": kind}


#       0123456789012345678901234567
TEXT = "one two. 🙂three. four. five!"
SEGMENTS = [
    segment("b", 8, 16, "noise"),
    segment("a", 0, 8, "signal"),
    segment("c", 16, 22, "neutral"),
    segment("d", 22, 28, "key"),
]


def spans(*selections: tuple[int, int]) -> dict[str, Any]:
    return {"text": TEXT, "segments": SEGMENTS, "selections": [list(s) for s in selections]}


def highlight(n_key: int, n_nonkey: int, hits: int, false_alarms: int) -> dict[str, int]:
    return {"n_key": n_key, "n_nonkey": n_nonkey, "hits": hits, "false_alarms": false_alarms}


def triage(response: list[int], truth: tuple[int, ...] = (0, 1, 2, 3, 3)) -> dict[str, Any]:
    return {"truth": list(truth), "response": response, "top": 3}


ROWS = [
    Row(
        "confidence_calibration",
        {"confidence": [0.95, 0.95, 0.95, 0.5, 0.5, 0.8], "correct": [1, 1, 0, 1, 0, 1]},
        {
            "n": 6,
            "mean_confidence": 0.775,
            "accuracy": 2 / 3,
            "over_under": 0.775 - 2 / 3,
            "brier": 0.24125,
            "reliability": (0.04 + 3 * (17 / 60) ** 2) / 6,
            "resolution": 1 / 36,
            "uncertainty": 2 / 9,
            "ece_levels": 0.175,
            "resolution_auc": 4.5 / 8,
            "levels": [
                {"level": 0.5, "n": 2, "accuracy": 0.5},
                {"level": 0.8, "n": 1, "accuracy": 1.0},
                {"level": 0.95, "n": 3, "accuracy": 2 / 3},
            ],
        },
        "HAND: six answers on three levels",
    ),
    Row(
        "confidence_calibration",
        {"confidence": [0.9, 0.8], "correct": [1, 1]},
        {"resolution_auc": None, "uncertainty": 0.0, "over_under": -0.15, "brier": 0.025},
        "HAND: everything right",
    ),
    Row(
        "confidence_calibration",
        {"confidence": [], "correct": []},
        {
            "n": 0,
            "levels": [],
            **dict.fromkeys(
                [
                    "mean_confidence",
                    "accuracy",
                    "over_under",
                    "brier",
                    "reliability",
                    "resolution",
                    "uncertainty",
                    "ece_levels",
                    "resolution_auc",
                ]
            ),
        },
        "DESIGN 4.2: empty input",
    ),
    Row(
        "ece_equal_width",
        {"confidence": [0.1, 0.2, 0.9, 1.0], "correct": [0, 1, 1, 1], "bins": 5},
        {"ece": 0.25, "mce": 0.8, "rmsce": math.sqrt(0.655 / 4)},
        "HAND: gaps .1, .8 and twice .05; p = 1 joins the last bin",
    ),
    Row(
        "ece_equal_width",
        {"confidence": [0.6, 0.9], "correct": [0, 1], "bins": 1},
        {"ece": 0.25, "mce": 0.25, "rmsce": 0.25},
        "HAND: one bin, |.5 - .75|",
    ),
    Row(
        "ece_equal_width",
        {"confidence": [], "correct": [], "bins": 10},
        {"ece": None, "mce": None, "rmsce": None},
        "DESIGN 4.2: empty input",
    ),
    Row(
        "cbm_score",
        {"answers": [sure(True, 3), sure(True, 2), sure(False, 1), sure(False, 3)]},
        {
            "total": -1,
            "average": -0.25,
            "accuracy": 0.5,
            "bonus": -0.075,
            "accuracy_plus_bonus": 0.425,
        },
        "HAND: 3 + 2 + 0 - 6; the best fixed level at .5 earns .5",
    ),
    Row(
        "cbm_score",
        {"answers": [sure(True, 1), sure(False, 2)]},
        {"total": -1, "average": -0.5, "bonus": -0.1},
        "HAND: 1 - 2",
    ),
    Row(
        "cbm_score",
        {"answers": []},
        {"total": 0, **dict.fromkeys(("average", "accuracy", "bonus", "accuracy_plus_bonus"))},
        "DESIGN 4.4: no answers",
    ),
    *[
        Row(
            "cbm_bonus",
            {"average": mean, "accuracy": accuracy},
            {"bonus": bonus},
            f"HAND: {why}",
        )
        for mean, accuracy, bonus, why in (
            (3, 1.0, 0.0, "level 3 earns 3"),
            (2, 0.9, -0.01, "level 3 earns 2.1"),
            (1, 0.75, 0.0, "level 2 earns 1"),
            (1, 0.6, 0.04, "level 1 earns .6"),
            (0, 0.0, 0.0, "level 1 earns nothing, the others lose"),
        )
    ],
    *[
        Row("cbm_best_level", {"probability": p}, {"level": level}, "DESIGN 4.4: ties go down")
        for p, level in (
            (0.0, 1),
            (0.66, 1),
            (2 / 3, 1),
            (1 - 1 / 3, 1),
            (0.67, 2),
            (0.8, 2),
            (0.1 * 8, 2),
            (0.81, 3),
            (1.0, 3),
        )
    ],
    *[
        Row(
            "highlight_score",
            highlight(*given),
            dict(
                zip(
                    [
                        "plus_minus",
                        "every_decision",
                        "all_or_nothing",
                        "f1",
                        "raw_points",
                        "max_points",
                    ],
                    wanted,
                    strict=True,
                )
            ),
            f"HAND: {why}",
        )
        for given, wanted, why in (
            ((4, 5, 3, 1), [0.5, 7 / 9, 0.0, 0.75, 2, 4], "three found, one false alarm"),
            ((3, 4, 3, 0), [1.0, 1.0, 1.0, 1.0, 3, 3], "all right"),
            ((3, 4, 3, 4), [0.0, 3 / 7, 0.0, 0.6, 0, 3], "everything marked earns nothing"),
            ((3, 4, 3, 3), [0.0, 4 / 7, 0.0, 2 / 3, 0, 3], "as many false alarms as hits"),
            ((3, 4, 0, 0), [0.0, 4 / 7, 0.0, 0.0, 0, 3], "nothing marked"),
            ((3, 4, 2, 0), [2 / 3, 6 / 7, 0.0, 0.8, 2, 3], "one missed"),
            ((0, 6, 0, 0), [1.0, 1.0, 1.0, None, 1, 1], "a text without signs, left alone"),
            ((0, 6, 0, 1), [0.0, 5 / 6, 0.0, 0.0, 0, 1], "a text without signs, one alarm"),
            ((0, 0, 0, 0), [1.0, None, 1.0, None, 1, 1], "nothing scored"),
        )
    ],
    *[
        Row(
            "highlight_spans",
            spans(*selections),
            {"marked": marked, "hits": hits, "misses": 2 - hits, "false_alarms": alarms}
            | {"correct_rejections": 1 - alarms, "plus_minus": max(0, hits - alarms) / 2},
            f"HAND: {why}",
        )
        for selections, marked, hits, alarms, why in (
            ([], [], 0, 0, "nothing selected"),
            ([(0, 4)], ["a"], 1, 0, "exactly half of a segment"),
            ([(0, 3)], [], 0, 0, "one word is less than half"),
            ([(0, 2), (6, 8)], ["a"], 1, 0, "two short drags together reach half"),
            ([(6, 8), (0, 2)], ["a"], 1, 0, "in any order"),
            ([(0, 3), (1, 3), (2, 3)], [], 0, 0, "overlap is not counted twice"),
            ([(0, 3), (0, 1), (3, 4)], ["a"], 1, 0, "a shorter drag inside does not undo"),
            ([(3, 7), (0, 4)], ["a"], 1, 0, "overlapping drags"),
            ([(4, 0)], ["a"], 1, 0, "dragged backwards"),
            ([(8, 12)], ["b"], 0, 1, "code points: the emoji is one"),
            ([(8, 11)], [], 0, 0, "code points: three of eight"),
            ([(0, 28)], ["a", "b", "c", "d"], 2, 1, "everything, in document order"),
            ([(-5, 99)], ["a", "b", "c", "d"], 2, 1, "beyond the text"),
            ([(16, 22)], ["c"], 0, 0, "a neutral segment is marked but not scored"),
            ([(0, 8), (24, 28)], ["a", "d"], 2, 0, "both signs"),
            ([(5, 11)], [], 0, 0, "three characters of each neighbour"),
        )
    ],
    Row(
        "highlight_spans",
        spans((0, 8), (22, 28)),
        {"every_decision": 1.0, "all_or_nothing": 1.0, "f1": 1.0, "raw_points": 2},
        "HAND: both signs, nothing else",
    ),
    *[
        Row(
            "sjt_choose_best",
            {"panel_votes": {"a": 6, "b": 2, "c": 1}, "choice": choice, "harmful": ["c", "d"]},
            {"credit": credit, "critical_error": critical},
            f"HAND: {why}",
        )
        for choice, credit, critical, why in (
            ("a", 1.0, False, "the favourite"),
            ("b", 1 / 3, False, "2 of 6"),
            ("c", 0.0, True, "harmful, in spite of a vote"),
            ("d", 0.0, True, "harmful, without a vote"),
            ("e", 0.0, False, "no vote"),
            (None, 0.0, False, "no choice"),
        )
    ],
    Row(
        "sjt_choose_best",
        {"panel_votes": {}, "choice": "a"},
        {"credit": None, "critical_error": False},
        "DESIGN 0: no panel",
    ),
    Row(
        "sjt_rate_actions",
        {
            "ratings": {"a": 4, "b": 3, "c": 1},
            "panel": {"a": [5, 5, 4, 2], "b": [4, 4, 5], "c": [1, 2, 2]},
            "scale": [1, 5],
        },
        {"dichotomous_consensus": 2 / 3, "distance": 0.8},
        "HAND: 1, .6, .8; the midpoint is its own side",
    ),
    Row(
        "sjt_rate_actions",
        {
            "ratings": {"a": 3, "b": 4, "c": None},
            "panel": {"a": [3, 3, 1], "b": [2, 2, 4, 4], "c": [5], "d": [1], "e": []},
            "scale": [1, 2, 3, 4, 5],
        },
        # a agrees; b is split and leaves the consensus; c and d have no answer; e has no panel.
        {
            "dichotomous_consensus": 1 / 3,
            "distance": (1 - (2 / 3) / (8 / 3) + 1 - 1 / 2 + 0 + 0) / 4,
        },
        "HAND: midpoint, split panel, missing answers",
    ),
    Row(
        "sjt_rate_actions",
        {"ratings": {"a": 5}, "panel": {"a": [4, 4, 5, 5, 1]}, "scale": [1, 5]},
        {"dichotomous_consensus": 1.0, "distance": 1 - 1.2 / 2.8},
        "HAND: two modes on one side; mean 3.8",
    ),
    Row(
        "sjt_rate_actions",
        {"ratings": {"a": 3}, "panel": {"a": [4]}, "scale": [1, 5]},
        {"dichotomous_consensus": 0.0, "distance": 2 / 3},
        "HAND: on the midpoint is not above it",
    ),
    Row(
        "sjt_rate_actions",
        {"ratings": {"a": 3}, "panel": {"a": [1, 2]}},
        {"dichotomous_consensus": 0.0, "distance": 1 - 1.5 / 3.5},
        "HAND: 1 to 5 unless said otherwise",
    ),
    Row(
        "sjt_rate_actions",
        {"ratings": {}, "panel": {}},
        {"dichotomous_consensus": None, "distance": None},
        "DESIGN 0: nothing rated",
    ),
    *[
        Row(
            "sequence_score",
            {"key_rank": {"a": 1, "b": 1, "c": 2, "d": 3}, "answer": list(answer)},
            {
                "concordant": right,
                "discordant": 5 - right,
                "pairs": 5,
                "tau": (2 * right - 5) / 5,
                "credit": max(0.0, (2 * right - 5) / 5),
            },
            f"HAND: {why}",
        )
        for answer, right, why in (
            ("abcd", 5, "in order"),
            ("bacd", 5, "a tie may go either way"),
            ("acbd", 4, "b after c"),
            ("dcba", 0, "backwards: no credit below 0"),
            ("cdab", 1, "only c before d"),
            ("ab", 0, "what is left out is wrong"),
            ("", 0, "no answer"),
        )
    ],
    Row(
        "sequence_score",
        {"key_rank": {"a": 1, "b": 1}, "answer": ["b", "a"]},
        {"concordant": 0, "discordant": 0, "pairs": 0, "tau": None, "credit": None},
        "DESIGN 6.3: no ordered pair",
    ),
    Row(
        "match_score",
        {
            "key": {"s1": "debt", "s2": "isolation", "s3": "debt", "s4": "papers"},
            "answer": {"s1": "debt", "s2": "debt", "s3": None, "s4": "isolation"},
        },
        {
            "correct": 1,
            "n": 4,
            "proportion": 0.25,
            "confusions": [["isolation", "debt"], ["papers", "isolation"]],
        },
        "HAND: one right, two mixed up, one without answer",
    ),
    Row(
        "match_score",
        {"key": {}, "answer": {}},
        {"correct": 0, "n": 0, "proportion": None, "confusions": []},
        "DESIGN 0: nothing to match",
    ),
    Row(
        "triage_score",
        triage([0, 2, 1, 1, 3]),
        {
            "cost": 11,
            "baseline_cost": 9,
            "score": 0.0,
            "under": 2,
            "over": 1,
            "missed_urgent": 1,
            "qwk": 1 - 5 * 6 / 64,
        },
        "HAND: 0 + 1 + 2 + 8 + 0; answering 2 throughout costs 4 + 1 + 0 + 2 + 2",
    ),
    Row(
        "triage_score",
        triage([0, 1, 2, 2, 3]),
        {"cost": 2, "score": 7 / 9, "under": 1, "over": 0, "missed_urgent": 0},
        "HAND: one urgent report one level too low",
    ),
    Row(
        "triage_score",
        triage([1, 1, 2, 3, 0]),
        {"cost": 19, "score": 0.0, "missed_urgent": 1, "under": 1, "over": 1},
        "HAND: 1 + 2·9",
    ),
    Row(
        "triage_score",
        triage([0, 1, 2, 3, 3]),
        {"cost": 0, "score": 1.0, "qwk": 1.0, "under": 0, "over": 0},
        "HAND: all right",
    ),
    Row(
        "triage_score",
        triage([2, 2], truth=(2, 2)),
        {"cost": 0, "baseline_cost": 0, "score": 1.0, "qwk": None},
        "DESIGN 6.5: one level only, right",
    ),
    Row(
        "triage_score",
        triage([2, 1], truth=(2, 2)),
        {"cost": 2, "baseline_cost": 0, "score": 0.0, "qwk": 0.0},
        "DESIGN 6.5: one level only, wrong once",
    ),
    Row(
        "triage_score",
        triage([1, 1], truth=(2, 2)),
        {"qwk": 0.0},
        "HAND: agreement equals chance",
    ),
    Row(
        "triage_score",
        triage([], truth=()),
        {"cost": 0, "score": None, "qwk": None, "missed_urgent": 0},
        "DESIGN 0: no report",
    ),
    Row(
        "triage_score",
        {"truth": [2, 2, 1], "response": [0, 1, 2], "top": 2},
        {"missed_urgent": 1, "under": 2, "over": 1, "cost": 8 + 2 + 1},
        "HAND: another scale; urgent is its top",
    ),
]
