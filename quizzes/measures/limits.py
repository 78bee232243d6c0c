"""Every number that the measurement design fixes, under a name, with its section.

Formulas read these; so do pages, exports and tests. A change here is a change of the design.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

# --- Conventions (section 0) and signal detection (section 1) -------------------------------------

Z95: Final = 1.959964  # conventions: two-sided 95 %
Z90: Final = 1.644854  # conventions: two-sided 90 %
CORRECTION: Final = 0.5  # 1.2: log-linear, added to hits and to false alarms, always
CORRECTION_TRIALS: Final = 1.0  # 1.2: and this to the trials; n + 1, never n + 1.5
BIAS_MIN_TRIALS: Final = 20  # 1.4: of each kind, for a bias label
MAX_SEGMENTS_PER_TEXT: Final = 8  # 1.6: scored segments; more of them are worth little
COHORT_TACTIC_MIN_TRIALS: Final = 50  # 1.6: signals, and noise, for a tactic's d' of a cohort
COHORT_TACTIC_MIN_PEOPLE: Final = 10  # 1.6

# --- Words for numbers (section 1.7) --------------------------------------------------------------

LAY_MIN_TRIALS: Final = 10  # below: counts ("7 of 9"), from here: "of 10"
# (d' below this value, word); the last word is for everything above DPRIME_STRONG.
DPRIME_WORDS: Final = ((0.5, "guessing"), (1.0, "beginning"), (1.7, "developing"))
DPRIME_RELIABLE_TO: Final = 2.5  # up to and with this value "reliable", above "strong"
FACILITY_BAR_CONFIDENCE: Final = 0.80  # 3.1: the Wilson bar beside "31 of 40 got it right"

# --- Items and tests (section 3) ------------------------------------------------------------------

FACILITY_HARD_BELOW: Final = 0.30  # 3.1: "very hard or miskeyed"
FACILITY_EASY_ABOVE: Final = 0.95  # 3.1: on the pre-test, "everybody already knows"
FACILITY_AIM_MODULE: Final = (0.40, 0.90)  # 3.1
FACILITY_AIM_FORM: Final = (0.50, 0.85)  # 3.1: pre- and post-forms
# 3.2, Ebel: (from this value, word); below the last one "poor", below 0 "negative".
EBEL_BANDS: Final = ((0.40, "very_good"), (0.30, "good"), (0.20, "marginal"))
RELIABILITY_PASS_FAIL: Final = 0.80  # 3.3: decisions on the whole course
RELIABILITY_PROFILE: Final = 0.60  # 3.3: a stage profile, with its warning; below, no persons
UPPER_LOWER_FRACTION: Final = 0.27  # 3.4
DISTRACTOR_MIN_SHARE: Final = 0.05  # 3.5: chosen by fewer is "non-functional"
MOODLE_CIC_SATISFACTORY_ABOVE: Final = 75.0  # 3.6, percent
MOODLE_CIC_UNSATISFACTORY_BELOW: Final = 64.0  # 3.6, percent

# --- Confidence (section 4) -----------------------------------------------------------------------

# 4.1: the four buttons, as probability that the answer is right.
CONFIDENCE_LEVELS: Final[Mapping[str, float]] = MappingProxyType(
    {"guessing": 0.50, "leaning": 0.65, "fairly_sure": 0.80, "certain": 0.95}
)
CONFIDENCE_LEVEL_MIN: Final = 10  # 4.3: answers in a level before its bar is drawn
OVERCONFIDENT_FROM: Final = 0.10  # 4.3: over_under at or above
UNDERCONFIDENT_FROM: Final = -0.10  # 4.3: over_under at or below
CERTAIN_WRONG_ALERT: Final = 2  # 4.3: "certain" and wrong on control-stage signals: refresher
ECE_BINS: Final = 10  # customary number of bins; the design leaves it to the caller
# 4.4: marks for (right, wrong) at certainty 1, 2, 3.
CBM_MARKS: Final[Mapping[int, tuple[int, int]]] = MappingProxyType(
    {1: (1, 0), 2: (2, -2), 3: (3, -6)}
)
CBM_LEVEL_2_ABOVE: Final = 2 / 3  # 4.4: at the tie the lower level
CBM_LEVEL_3_ABOVE: Final = 0.8  # 4.4
CBM_BONUS_FACTOR: Final = 0.1  # 4.4

# --- Other item types (sections 5 and 6) ----------------------------------------------------------

MARKED_FROM_SHARE: Final = 0.5  # 5.2: of a segment's characters
PANEL_MIN_JUDGES: Final = 7  # 6.1, 8.3
PANEL_TOP_OPTION_MIN: Final = 0.60  # 6.1: share of votes for the best option
TRIAGE_TOP: Final = 3  # 6.5: 0 no concern, 1 note, 2 refer, 3 urgent
TRIAGE_UNDER_WEIGHT: Final = 2  # 6.5: too low costs twice

# --- Gain (section 7) -----------------------------------------------------------------------------

HAKE_MEDIUM_FROM: Final = 0.3  # 7
HAKE_HIGH_ABOVE: Final = 0.7  # 7
RELIABLE_CHANGE_Z: Final = 1.96  # 7
RELIABLE_CHANGE_MIN_ALPHA: Final = 0.70  # 7

# --- Mastery and certificate (section 8) ----------------------------------------------------------

MASTERY_CUT: Final = 0.80  # 8.1
MASTERY_FLOOR: Final = 0.70  # 8.1
MASTERY_CONFIDENCE: Final = 0.90  # 8.1: wanted P(skill >= floor)
MASTERY_MIN_N: Final = 12  # 8.1
STAGE_RECENT_TRIALS: Final = 30  # 8.2: newest first-exposure trials of each kind
TACTIC_RECENT_SIGNALS: Final = 15  # 8.2
CERTIFICATE_MAX_CRITICAL_ERRORS: Final = 1  # 8.2

# --- Expert key (section 9) -----------------------------------------------------------------------

KEYING_MIN_EXPERTS: Final = 5  # 9.1
KEY_FROM: Final = 0.80  # 9.1: share of experts who say "concern"
NONKEY_TO: Final = 0.20  # 9.1
KAPPA_TARGET: Final = 0.60  # 9.2
I_CVI_TARGET: Final = 0.78  # 9.2

# --- Refreshers (section 10.2) --------------------------------------------------------------------

FSRS_RETENTION: Final = 0.90
FSRS_MAX_INTERVAL_DAYS: Final = 120
RATING_AGAIN_BELOW: Final = 0.5  # credit
RATING_HARD_BELOW: Final = 0.8  # credit
RATING_SURE_FROM: Final = 0.65  # confidence; below it a good answer is "hard"
REFRESHER_MAX_ITEMS: Final = 6

# --- Gates (sections 11 and 12) -------------------------------------------------------------------


class Gate(NamedTuple):
    """One line of the table in section 12. A count of None at a level: that level is never reached.

    `counts` are the names of the counts that must all reach a level; `provisional` and `show` hold
    one bound for each of them.
    """

    counts: tuple[str, ...]
    provisional: tuple[int, ...] | None
    show: tuple[int, ...] | None


GATES: Final[Mapping[str, Gate]] = MappingProxyType(
    {
        "person_stage_dprime": Gate(("n_signal", "n_noise"), (12, 12), (20, 20)),
        "person_tactic_dprime": Gate((), None, None),
        "person_calibration": Gate(("n",), (20,), (40,)),
        "item_facility": Gate(("n",), (10,), (30,)),
        "item_discrimination": Gate(("n",), (30,), (100,)),
        "test_alpha": Gate(("n_persons", "n_items"), (30, 8), (100, 8)),
        "group_gain": Gate(("n_pairs",), (10,), (20,)),
        "completion_rate": Gate(("n",), (5,), (20,)),
        "rasch": Gate(("n",), (100,), (200,)),
        "two_pl": Gate(("n",), None, (500,)),
    }
)
SMALL_GROUP_BELOW: Final = 5  # 11: fewer people, or a remainder of fewer: nothing is shown
IRT_RASCH_MIN: Final = 200  # 13: first answers on an item
IRT_2PL_MIN: Final = 500  # 13
