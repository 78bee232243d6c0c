"""Reference: when a number may be shown, and which words it gets."""

from __future__ import annotations

from tests.quizzes.measures.reference.rows import Row


def gate(state: str, metric: str, **given: int) -> Row:
    return Row("display_gate", {"metric": metric, **given}, {"state": state}, "DESIGN 12")


GATE_ROWS = [
    gate("hide", "person_stage_dprime", n_signal=11, n_noise=40),
    gate("hide", "person_stage_dprime", n_signal=40, n_noise=11),
    gate("provisional", "person_stage_dprime", n_signal=12, n_noise=12),
    gate("provisional", "person_stage_dprime", n_signal=19, n_noise=40),
    gate("provisional", "person_stage_dprime", n_signal=40, n_noise=19),
    gate("show", "person_stage_dprime", n_signal=20, n_noise=20),
    gate("hide", "person_tactic_dprime", n_signal=500, n_noise=500),
    gate("hide", "person_tactic_dprime"),
    *[
        gate(state, metric, **{name: n})
        for metric, name, provisional, show in (
            ("person_calibration", "n", 20, 40),
            ("item_facility", "n", 10, 30),
            ("item_discrimination", "n", 30, 100),
            ("group_gain", "n_pairs", 10, 20),
            ("completion_rate", "n", 5, 20),
            ("rasch", "n", 100, 200),
        )
        for n, state in (
            (0, "hide"),
            (provisional - 1, "hide"),
            (provisional, "provisional"),
            (show - 1, "provisional"),
            (show, "show"),
        )
    ],
    gate("hide", "test_alpha", n_persons=29, n_items=20),
    gate("hide", "test_alpha", n_persons=500, n_items=7),
    gate("provisional", "test_alpha", n_persons=30, n_items=8),
    gate("provisional", "test_alpha", n_persons=99, n_items=8),
    gate("show", "test_alpha", n_persons=100, n_items=8),
    gate("hide", "two_pl", n=499),
    gate("show", "two_pl", n=500),
    Row(
        "completion_stat",
        {"completed": 42, "enrolled": 60},
        {"state": "show", "rate": 0.7, "low": 0.57, "high": 0.80},
        "DESIGN 2 and 11",
        tolerance=0.005,
    ),
    Row(
        "completion_stat",
        {"completed": 4, "enrolled": 4},
        {"state": "hide", "rate": None, "low": None, "high": None},
        "DESIGN 11: fewer than five",
    ),
    Row(
        "completion_stat",
        {"completed": 5, "enrolled": 5},
        {"state": "provisional", "rate": 1.0, "high": 1.0},
        "DESIGN 11: five",
    ),
    *[
        Row(
            "completion_stat",
            {"completed": 10, "enrolled": 20, "remainder": left},
            {"state": state, "rate": rate},
            "DESIGN 11: the remainder must not betray one person",
        )
        for left, state, rate in (
            (0, "show", 0.5),
            (1, "hide", None),
            (4, "hide", None),
            (5, "show", 0.5),
        )
    ],
    Row(
        "time_to_completion",
        {
            "time": [6, 6, 6, 7, 10, 13, 16, 22, 23, 6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35],
            "completed": [1] * 9 + [0] * 12,
        },
        {
            "times": [6, 7, 10, 13, 16, 22, 23],
            "not_yet": [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448],
            "median": 23,
        },
        "Freireich et al. 1963, 6-mercaptopurine, as in every survival textbook",
        tolerance=0.0005,
    ),
    Row(
        "time_to_completion",
        {"time": [3, 1, 2, 2], "completed": [1, 1, 0, 1]},
        {"times": [1, 2, 3], "not_yet": [0.75, 0.5, 0.0], "median": 2},
        "HAND: seen on day 2 is still there on day 2; exactly half is half",
    ),
    Row(
        "time_to_completion",
        {"time": [5, 9, 9], "completed": [1, 0, 0]},
        {"times": [5], "not_yet": [2 / 3], "median": None},
        "HAND: half never finished",
    ),
    Row(
        "time_to_completion",
        {"time": [1] * 50 + [2] * 51, "completed": [1] * 101},
        {"times": [1, 2], "not_yet": [51 / 101, 0.0], "median": 2},
        "HAND: 50 of 101 are not half",
    ),
    Row(
        "time_to_completion",
        {"time": [], "completed": []},
        {"times": [], "not_yet": [], "median": None},
        "DESIGN 0: nobody",
    ),
]

WORD_ROWS = [
    *[
        Row(
            "lay_rate",
            {"k": k, "n": n},
            {"kind": kind, "num": num, "den": den, "qualifier": qualifier},
            "DESIGN 1.7",
        )
        for k, n, kind, num, den, qualifier in (
            (0, 0, "none", None, None, None),
            (7, 9, "counts", 7, 9, None),
            (0, 9, "counts", 0, 9, None),
            (12, 12, "all", None, 12, None),
            (0, 12, "none_of", None, 12, None),
            (8, 10, "per10", 8, None, "exact"),
            (16, 20, "per10", 8, None, "exact"),
            (15, 20, "per10", 8, None, "about"),
            (13, 20, "per10", 7, None, "about"),
            (39, 40, "per10", 9, None, "more_than"),
            (19, 20, "per10", 9, None, "more_than"),
            (37, 40, "per10", 9, None, "about"),
            (1, 40, "per10", 1, None, "fewer_than"),
            (1, 20, "per10", 1, None, "about"),
            (2, 40, "per10", 1, None, "about"),
        )
    ],
    *[
        Row("dprime_word", {"dprime": dprime}, {"word": word}, "DESIGN 1.7")
        for dprime, word in (
            (None, None),
            (-1.0, "guessing"),
            (0.49, "guessing"),
            (0.5, "beginning"),
            (0.999, "beginning"),
            (1.0, "developing"),
            (1.699, "developing"),
            (1.7, "reliable"),
            (2.5, "reliable"),
            (2.51, "strong"),
        )
    ],
    *[
        Row("over_under_word", {"over_under": value}, {"word": word}, "DESIGN 4.3")
        for value, word in (
            (None, None),
            (0.10, "surer_than_right"),
            (0.099, "fits"),
            (0.0, "fits"),
            (-0.099, "fits"),
            (-0.10, "knows_more_than_thinks"),
        )
    ],
    *[
        Row("ebel_word", {"discrimination": value}, {"word": word}, "DESIGN 3.2")
        for value, word in (
            (None, None),
            (0.40, "very_good"),
            (0.39, "good"),
            (0.30, "good"),
            (0.29, "marginal"),
            (0.20, "marginal"),
            (0.19, "poor"),
            (0.0, "poor"),
            (-0.01, "negative"),
        )
    ],
    *[
        Row("facility_word", given, {"word": word}, "DESIGN 3.1")
        for given, word in (
            ({"facility": None}, None),
            ({"facility": 0.29}, "very_hard"),
            ({"facility": 0.30}, "fits"),
            ({"facility": 0.96}, "fits"),
            ({"facility": 0.96, "pre_test": True}, "already_known"),
            ({"facility": 0.95, "pre_test": True}, "fits"),
        )
    ],
    *[
        Row("hake_word", {"g": g}, {"word": word}, "DESIGN 7")
        for g, word in (
            (None, None),
            (-0.1, "low"),
            (0.29, "low"),
            (0.3, "medium"),
            (0.7, "medium"),
            (0.71, "high"),
        )
    ],
]

ROWS = [*GATE_ROWS, *WORD_ROWS]
