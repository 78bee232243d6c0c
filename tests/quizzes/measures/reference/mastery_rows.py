"""Reference: mastery, the certificate, and cuts."""

from __future__ import annotations

import math
from typing import Any

from tests.quizzes.measures.reference.rows import Row
from tests.quizzes.measures.reference.signal_rows import counts

MASTERY_TABLE = (
    # n, mastered from, not yet up to (DESIGN 8.1)
    (12, 11, 8),
    (15, 13, 10),
    (20, 17, 13),
    (24, 20, 16),
    (30, 25, 21),
    (40, 32, 28),
)
# DESIGN 8.1: P(mastered) at true skill .60 .70 .80 .90 .95 for each line above.
MASTERY_CHANCES = (
    (0.02, 0.09, 0.27, 0.66, 0.88),
    (0.03, 0.13, 0.40, 0.82, 0.96),
    (0.02, 0.11, 0.41, 0.87, 0.98),
    (0.01, 0.11, 0.46, 0.91, 0.99),
    (0.01, 0.08, 0.43, 0.93, 1.0),
    (0.01, 0.11, 0.59, 0.98, 1.0),
)


def stages(
    *hits: int, alarms: tuple[int, ...] = (2, 2, 2), n: tuple[int, int] = (20, 25)
) -> dict[str, dict[str, int]]:
    names = ("acquisition", "movement", "control")
    return {
        name: counts(found, n[0], raised, n[1])
        for name, found, raised in zip(names, hits, alarms, strict=True)
    }


def certificate(given: dict[str, Any], errors: int, result: str, *reasons: str, why: str) -> Row:
    return Row(
        "certificate_decision",
        {"stages": given, "critical_errors": errors},
        {"result": result, "reasons": list(reasons)},
        f"DESIGN 8.2: {why}",
    )


ROWS = [
    *[
        Row("mastery_decision", {"successes": x, "n": n}, {"state": state}, "DESIGN 8.1, table")
        for n, mastered, not_yet in MASTERY_TABLE
        for x, state in (
            (mastered, "mastered"),
            (mastered - 1, "keep_practising"),
            (not_yet + 1, "keep_practising"),
            (not_yet, "not_yet"),
            (0, "not_yet"),
            (n, "mastered"),
        )
    ],
    Row(
        "mastery_decision",
        {"successes": 12, "n": 12} | {"cut": 0.8, "floor": 0.7, "confidence": 0.9, "min_n": 12},
        {"state": "mastered", "p_above_floor": 1 - 0.7**13, "p_above_cut": 1 - 0.8**13},
        "HAND: Beta(13, 1) has the distribution function x^13",
    ),
    Row(
        "mastery_decision",
        {"successes": 0, "n": 12},
        {"p_above_floor": 0.3**13, "p_above_cut": 0.2**13},
        "HAND: Beta(1, 13) leaves (1 - x)^13 above x",
        tolerance=1e-15,
    ),
    Row(
        "mastery_decision",
        {"successes": 11, "n": 11},
        {"state": "insufficient", "p_above_floor": None, "p_above_cut": None},
        "DESIGN 8.1: 11 trials",
    ),
    Row(
        "mastery_decision",
        {"successes": 0, "n": 0, "min_n": 0},
        {"state": "insufficient", "p_above_floor": None, "p_above_cut": None},
        "DESIGN 0: no trial, even when none is demanded",
    ),
    Row(
        "mastery_decision",
        {"successes": 1, "n": 1, "min_n": 1},
        {"state": "keep_practising", "p_above_floor": 1 - 0.7**2, "p_above_cut": 1 - 0.8**2},
        "HAND: Beta(2, 1) has the distribution function x²",
    ),
    Row(
        "mastery_decision",
        # x/n below the cut although the floor is surely reached.
        {"successes": 79, "n": 100},
        {"state": "keep_practising"},
        "HAND: .79 is below .80 whatever the posterior",
    ),
    Row(
        "mastery_decision",
        {"successes": 5, "n": 6, "min_n": 6, "cut": 0.8, "floor": 0.5, "confidence": 0.9},
        {"state": "mastered", "p_above_floor": 120 / 128},
        "HAND: P(Bin(7, ½) <= 5) = 120/128",
    ),
    *[
        Row(
            "mastery_stage",
            counts(*given),
            {"hits_state": hits, "rejections_state": rejections, "state": state},
            f"DESIGN 8.2: {why}",
        )
        for given, hits, rejections, state, why in (
            ((20, 20, 25, 25), "mastered", "not_yet", "not_yet", "flags everything"),
            ((0, 20, 0, 25), "not_yet", "mastered", "not_yet", "flags nothing"),
            ((20, 20, 0, 25), "mastered", "mastered", "mastered", "perfect"),
            ((15, 20, 0, 25), "keep_practising", "mastered", "keep_practising", "nearly"),
            ((20, 20, 0, 11), "mastered", "insufficient", "insufficient", "too few lures"),
            ((0, 20, 0, 11), "not_yet", "insufficient", "insufficient", "too few comes first"),
            ((15, 20, 25, 25), "keep_practising", "not_yet", "not_yet", "the weaker decides"),
            ((17, 20, 4, 25), "mastered", "mastered", "mastered", "21 of 25 lures left alone"),
        )
    ],
    Row(
        "certificate_decision",
        {"stages": stages(18, 18, 18), "critical_errors": 1},
        {
            "result": "pass",
            "reasons": [],
            "pooled_hits_state": "mastered",
            "pooled_rejections_state": "mastered",
        },
        "DESIGN 8.2: a good worker",
    ),
    certificate(stages(16, 16, 16), 0, "pass", why="48 of 60 hits, no stage of its own mastered"),
    certificate(stages(16, 16, 15), 0, "not_yet", "hits", why="47 of 60 hits"),
    certificate(stages(18, 18, 18), 2, "not_yet", "critical_errors", why="two critical errors"),
    certificate(stages(20, 20, 13), 0, "not_yet", "stage:control", why="one stage not yet"),
    certificate(
        stages(20, 20, 20, alarms=(25, 25, 25)),
        3,
        "not_yet",
        "false_alarms",
        "stage:acquisition",
        "stage:movement",
        "stage:control",
        "critical_errors",
        why="flags everything; the order of the reasons",
    ),
    certificate(
        stages(0, 0, 0, alarms=(0, 0, 0)),
        0,
        "not_yet",
        "hits",
        "stage:acquisition",
        "stage:movement",
        "stage:control",
        why="flags nothing",
    ),
    Row(
        "certificate_decision",
        {"stages": stages(11, 11, 11, n=(11, 25)), "critical_errors": 0},
        {
            "result": "insufficient",
            "reasons": [],
            "pooled_hits_state": None,
            "pooled_rejections_state": None,
        },
        "DESIGN 8.2: too few signals in each stage, though 33 in all",
    ),
    certificate({}, 0, "insufficient", why="no stage"),
    *[
        Row(
            "pass_probability",
            {"n": n, "need": mastered, "true": [0.6, 0.7, 0.8, 0.9, 0.95]},
            {"p": list(chances)},
            "DESIGN 8.1, table",
            tolerance=0.0051,
        )
        for (n, mastered, _), chances in zip(MASTERY_TABLE, MASTERY_CHANCES, strict=True)
    ],
    Row(
        "pass_probability",
        {"n": 10, "need": 8, "true": [0.6, 0.7]},
        {"p": [0.1672897536, 0.3827827864]},
        "HAND: 45·.6^8·.4² + 10·.6^9·.4 + .6^10, the same with .7",
    ),
    Row(
        "pass_probability",
        {"n": 5, "need": 4, "true": [0.6, 0.7, 0.0, 1.0]},
        {"p": [0.33696, 0.52822, 0.0, 1.0]},
        "HAND: 5·.6^4·.4 + .6^5, the same with .7",
    ),
    Row("pass_probability", {"n": 3, "need": 4, "true": [0.9]}, {"p": [0.0]}, "HAND: impossible"),
    Row("pass_probability", {"n": 3, "need": 0, "true": [0.1]}, {"p": [1.0]}, "HAND: certain"),
    Row(
        "angoff_cut",
        {"ratings": [[0.5, 0.7, 0.9], [0.6, 0.8, 1.0], [0.4, 0.6, 0.8]]},
        {
            "judge_totals": [2.1, 2.4, 1.8],
            "cut": 2.1,
            "cut_percent": 70.0,
            "se": 0.3 / math.sqrt(3),
            "item_means": [0.5, 0.7, 0.9],
        },
        "HAND: three judges",
    ),
    Row("angoff_cut", {"ratings": [[0.5, 1.0]]}, {"cut": 1.5, "se": None}, "HAND: one judge"),
    Row(
        "angoff_cut",
        {"ratings": []},
        {"judge_totals": [], "cut": None, "cut_percent": None, "se": None, "item_means": []},
        "DESIGN 0: no judge",
    ),
    Row(
        "angoff_cut",
        {"ratings": [[], []]},
        {"cut": None, "cut_percent": None, "se": None},
        "DESIGN 0: no item",
    ),
]
