"""The numbers of the measurement design, written down a second time from its text."""

from __future__ import annotations

from typing import Any

import pytest

from quizzes.measures import limits

DESIGN: dict[str, Any] = {
    "Z95": 1.959964,
    "Z90": 1.644854,
    "CORRECTION": 0.5,
    "CORRECTION_TRIALS": 1,
    "BIAS_MIN_TRIALS": 20,
    "MAX_SEGMENTS_PER_TEXT": 8,
    "COHORT_TACTIC_MIN_TRIALS": 50,
    "COHORT_TACTIC_MIN_PEOPLE": 10,
    "LAY_MIN_TRIALS": 10,
    "DPRIME_WORDS": ((0.5, "guessing"), (1.0, "beginning"), (1.7, "developing")),
    "DPRIME_RELIABLE_TO": 2.5,
    "FACILITY_BAR_CONFIDENCE": 0.8,
    "FACILITY_HARD_BELOW": 0.3,
    "FACILITY_EASY_ABOVE": 0.95,
    "FACILITY_AIM_MODULE": (0.4, 0.9),
    "FACILITY_AIM_FORM": (0.5, 0.85),
    "EBEL_BANDS": ((0.4, "very_good"), (0.3, "good"), (0.2, "marginal")),
    "RELIABILITY_PASS_FAIL": 0.8,
    "RELIABILITY_PROFILE": 0.6,
    "UPPER_LOWER_FRACTION": 0.27,
    "DISTRACTOR_MIN_SHARE": 0.05,
    "MOODLE_CIC_SATISFACTORY_ABOVE": 75,
    "MOODLE_CIC_UNSATISFACTORY_BELOW": 64,
    "CONFIDENCE_LEVELS": {"guessing": 0.5, "leaning": 0.65, "fairly_sure": 0.8, "certain": 0.95},
    "CONFIDENCE_LEVEL_MIN": 10,
    "OVERCONFIDENT_FROM": 0.1,
    "UNDERCONFIDENT_FROM": -0.1,
    "CERTAIN_WRONG_ALERT": 2,
    "ECE_BINS": 10,
    "CBM_MARKS": {1: (1, 0), 2: (2, -2), 3: (3, -6)},
    "CBM_LEVEL_2_ABOVE": 2 / 3,
    "CBM_LEVEL_3_ABOVE": 0.8,
    "CBM_BONUS_FACTOR": 0.1,
    "MARKED_FROM_SHARE": 0.5,
    "PANEL_MIN_JUDGES": 7,
    "PANEL_TOP_OPTION_MIN": 0.6,
    "TRIAGE_TOP": 3,
    "TRIAGE_UNDER_WEIGHT": 2,
    "HAKE_MEDIUM_FROM": 0.3,
    "HAKE_HIGH_ABOVE": 0.7,
    "RELIABLE_CHANGE_Z": 1.96,
    "RELIABLE_CHANGE_MIN_ALPHA": 0.7,
    "MASTERY_CUT": 0.8,
    "MASTERY_FLOOR": 0.7,
    "MASTERY_CONFIDENCE": 0.9,
    "MASTERY_MIN_N": 12,
    "STAGE_RECENT_TRIALS": 30,
    "TACTIC_RECENT_SIGNALS": 15,
    "CERTIFICATE_MAX_CRITICAL_ERRORS": 1,
    "KEYING_MIN_EXPERTS": 5,
    "KEY_FROM": 0.8,
    "NONKEY_TO": 0.2,
    "KAPPA_TARGET": 0.6,
    "I_CVI_TARGET": 0.78,
    "FSRS_RETENTION": 0.9,
    "FSRS_MAX_INTERVAL_DAYS": 120,
    "RATING_AGAIN_BELOW": 0.5,
    "RATING_HARD_BELOW": 0.8,
    "RATING_SURE_FROM": 0.65,
    "REFRESHER_MAX_ITEMS": 6,
    "GATES": {
        "person_stage_dprime": (("n_signal", "n_noise"), (12, 12), (20, 20)),
        "person_tactic_dprime": ((), None, None),
        "person_calibration": (("n",), (20,), (40,)),
        "item_facility": (("n",), (10,), (30,)),
        "item_discrimination": (("n",), (30,), (100,)),
        "test_alpha": (("n_persons", "n_items"), (30, 8), (100, 8)),
        "group_gain": (("n_pairs",), (10,), (20,)),
        "completion_rate": (("n",), (5,), (20,)),
        "rasch": (("n",), (100,), (200,)),
        "two_pl": (("n",), None, (500,)),
    },
    "SMALL_GROUP_BELOW": 5,
    "IRT_RASCH_MIN": 200,
    "IRT_2PL_MIN": 500,
}


@pytest.mark.parametrize("name", DESIGN)
def test_a_limit_is_the_designs(name: str) -> None:
    assert getattr(limits, name) == DESIGN[name]


def test_no_limit_is_missing_here() -> None:
    assert {name for name in vars(limits) if name.isupper()} == DESIGN.keys()
