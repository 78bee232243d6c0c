"""Reference: the schedule of refreshers."""

from __future__ import annotations

from typing import Any

from tests.quizzes.measures.reference.rows import Row

START = "2022-11-29T12:30:00+00:00"
# The library's own scheduler as its test suite uses it, fuzzing off.
LIBRARY: dict[str, Any] = {
    "desired_retention": 0.9,
    "learning_steps_seconds": [60, 600],
    "relearning_steps_seconds": [600],
    "maximum_interval": 36500,
    "enable_fuzzing": False,
    "parameters": "fsrs 6.3.2 defaults",
}
OURS: dict[str, Any] = {
    **LIBRARY,
    "learning_steps_seconds": [],
    "relearning_steps_seconds": [],
    "maximum_interval": 120,
}


def path(days: list[int], *ratings: str) -> dict[str, Any]:
    return {
        "reviews": [{"interval_days": d, "rating": r} for d, r in zip(days, ratings, strict=True)]
    }


ROWS = [
    Row(
        "fsrs_schedule",
        {
            "config": LIBRARY,
            "start": START,
            "ratings": ["good"] * 6 + ["again"] * 2 + ["good"] * 5,
            "days_late": [0] * 13,
        },
        path(
            [0, 2, 11, 46, 163, 498, 0, 0, 2, 4, 7, 12, 21],
            *["good"] * 6,
            *["again"] * 2,
            *["good"] * 5,
        ),
        "libraries.md 2.6: fsrs 6.3.2 and ts-fsrs 5.4.2 agree on this list",
    ),
    Row(
        "fsrs_schedule",
        {"start": START, "ratings": ["good"] * 5},
        path([2, 11, 46, 120, 120], *["good"] * 5),
        "DESIGN 10.2: the typical path",
    ),
    Row(
        "fsrs_schedule",
        {"config": OURS, "start": "2026-03-02T09:00:00+08:00", "ratings": ["good", "again"]}
        | {"days_late": [0, 3]},
        {
            "reviews": [
                {
                    "reviewed": "2026-03-02T01:00:00+00:00",
                    "due": "2026-03-04T01:00:00+00:00",
                    "interval_days": 2,
                    "state": "review",
                    "stability": 2.3065,
                },
                {
                    "reviewed": "2026-03-07T01:00:00+00:00",
                    "state": "review",
                },
            ]
        },
        "HAND: first stability of 'good' is parameter 2 of FSRS-6; three days late",
    ),
    Row(
        "fsrs_schedule",
        {"config": LIBRARY, "start": START, "ratings": ["again", "hard", "easy", "again"]},
        {
            "reviews": [
                {"state": "learning", "stability": 0.212, "interval_days": 0},
                {"state": "learning"},
                {"state": "review"},
                {"state": "relearning", "interval_days": 0},
            ]
        },
        "HAND: states of the library's steps; first stability of 'again' is parameter 0",
    ),
    Row(
        "fsrs_schedule",
        {"config": {**OURS, "maximum_interval": 1}, "start": START, "ratings": ["good", "good"]},
        path([1, 1], "good", "good"),
        "HAND: never longer than the longest interval",
    ),
    Row(
        "fsrs_schedule",
        {
            "config": {**OURS, "learning_steps_seconds": [1, 86_400]},
            "start": START,
            "ratings": ["again", "good"],
        },
        path([0, 1], "again", "good"),
        "HAND: steps of a second and of a day",
    ),
    Row("fsrs_schedule", {"start": START, "ratings": []}, {"reviews": []}, "DESIGN 0: no review"),
    Row(
        "fsrs_memory_state",
        {
            "ratings": ["again", "good", "good", "good", "good", "good"],
            "gap_days_before": [0, 0, 1, 3, 8, 21],
            "start": START,
        },
        {"stability": 53.626902917, "difficulty": 6.357487084},
        "libraries.md 2.6: fsrs 6.3.2 (ts-fsrs 5.4.2 to 1e-7)",
    ),
    Row(
        "fsrs_memory_state",
        {"ratings": [], "gap_days_before": [], "start": START},
        {"stability": None, "difficulty": None},
        "DESIGN 0: no review",
    ),
    Row(
        "fsrs_retrievability",
        {"config": OURS, "start": START, "ratings": ["good"], "days_after_last_review": 5},
        {
            # R(t) = (1 + F·t/S)^-w20, F = .9^(-1/w20) - 1, S = 2.3065, w20 = .1542
            "retrievability": (1 + (0.9 ** (-1 / 0.1542) - 1) * 5 / 2.3065) ** -0.1542
        },
        "HAND: the forgetting curve of FSRS-6",
    ),
    Row(
        "fsrs_retrievability",
        {"start": START, "ratings": ["good", "good"], "days_after_last_review": 0},
        {"retrievability": 1.0},
        "HAND: just reviewed",
    ),
    Row(
        "fsrs_retrievability",
        {"start": START, "ratings": [], "days_after_last_review": 3},
        {"retrievability": None},
        "DESIGN 0: never reviewed",
    ),
    Row(
        "fsrs_replay",
        {
            "reviews": [
                {"rating": "good", "reviewed": "2026-03-02T09:00:00+08:00"},
                {"rating": "good", "reviewed": "2026-03-04T01:00:00Z"},
            ]
        },
        path([2, 11], "good", "good"),
        "DESIGN 10.2: the typical path, from a log",
    ),
    Row("fsrs_replay", {"reviews": []}, {"reviews": []}, "DESIGN 0: no review"),
    *[
        Row("refresher_rating", given, {"rating": rating}, "DESIGN 10.2")
        for given, rating in (
            ({"credit": 0.0, "confidence": 0.95}, "again"),
            ({"credit": 0.49, "confidence": None}, "again"),
            ({"credit": 0.5, "confidence": 0.95}, "hard"),
            ({"credit": 0.79, "confidence": None}, "hard"),
            ({"credit": 0.8, "confidence": 0.64}, "hard"),
            ({"credit": 0.8, "confidence": 0.65}, "good"),
            ({"credit": 1.0, "confidence": 1.0}, "good"),
            ({"credit": 0.8}, "good"),
            ({"credit": 1.0, "confidence": 0.5}, "hard"),
        )
    ],
]
