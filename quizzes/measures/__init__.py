"""Pure: what answers say about recognition, and when a number may be shown.

Every public function of the measurement design (section 19), importable from here, with keyword
arguments and a mapping as result, whose keys are the design's field names and whose values are
plain numbers, words, lists and mappings: a result can be printed, compared and stored as JSON. No
Django, no database, no clock; no chance either, but for due dates when fuzzing is asked for.

Three rules hold everywhere. Empty or degenerate input answers None in the fields that cannot be
computed, never NaN, infinity or an exception. Impossible input (more hits than signals, a negative
count, an unknown rating, lists of different length) raises ValueError with a text that says what is
wrong: None would hide a mistake of the caller from the person who reads the number. Order of rows
never changes a result.

Special functions. The normal distribution is the standard library's `NormalDist`; the incomplete
beta function and the quantiles of F and t are our own, in `special`, with their accuracy stated.
SciPy would answer too, but costs 160 MB and half a second of import in every process of the site
for one interval of alpha and one of a mean; it judges these functions in the tests instead. FSRS is
the library `fsrs`: a model with 21 fitted numbers is not ours to write again.

Where to look: `signal` d', c and the log; `intervals` Wilson and Newcombe; `items`, `moodle` and
`groups` item analysis; `confidence` and `certainty`; `highlight` and `credit` item credit; `gain`;
`mastery`; `keys` the experts; `schedule` refreshers; `gates` what may be shown; `wording` numbers
as words; `irt`; `limits` every number that the design fixes.
"""

from quizzes.measures.certainty import cbm_best_level, cbm_bonus, cbm_score
from quizzes.measures.confidence import confidence_calibration, ece_equal_width
from quizzes.measures.credit import (
    match_score,
    sequence_score,
    sjt_choose_best,
    sjt_rate_actions,
    triage_score,
)
from quizzes.measures.gain import (
    cohort_mean,
    group_gain,
    hake_gain,
    normalised_change,
    reliable_change,
)
from quizzes.measures.gates import completion_stat, display_gate, time_to_completion
from quizzes.measures.groups import distractor_analysis, upper_lower_discrimination
from quizzes.measures.highlight import highlight_score, highlight_spans
from quizzes.measures.intervals import wilson_difference, wilson_interval
from quizzes.measures.irt import irt_2pl_mml, irt_rasch_mml
from quizzes.measures.items import ctt_item_analysis, kr20, spearman_brown, spearman_brown_factor
from quizzes.measures.keys import content_validity, fleiss_kappa, predictive_values, segment_keying
from quizzes.measures.mastery import (
    angoff_cut,
    certificate_decision,
    mastery_decision,
    mastery_stage,
    pass_probability,
)
from quizzes.measures.moodle import moodle_statistics
from quizzes.measures.schedule import (
    fsrs_memory_state,
    fsrs_replay,
    fsrs_retrievability,
    fsrs_schedule,
    refresher_rating,
)
from quizzes.measures.signal import (
    auc_from_confidence,
    design_effect,
    sdt_bias_label,
    sdt_change,
    sdt_from_counts,
    sdt_from_log,
    sdt_from_rates,
)
from quizzes.measures.wording import (
    dprime_word,
    ebel_word,
    facility_word,
    hake_word,
    lay_rate,
    over_under_word,
)

__all__ = [
    "angoff_cut",
    "auc_from_confidence",
    "cbm_best_level",
    "cbm_bonus",
    "cbm_score",
    "certificate_decision",
    "cohort_mean",
    "completion_stat",
    "confidence_calibration",
    "content_validity",
    "ctt_item_analysis",
    "design_effect",
    "display_gate",
    "distractor_analysis",
    "dprime_word",
    "ebel_word",
    "ece_equal_width",
    "facility_word",
    "fleiss_kappa",
    "fsrs_memory_state",
    "fsrs_replay",
    "fsrs_retrievability",
    "fsrs_schedule",
    "group_gain",
    "hake_gain",
    "hake_word",
    "highlight_score",
    "highlight_spans",
    "irt_2pl_mml",
    "irt_rasch_mml",
    "kr20",
    "lay_rate",
    "mastery_decision",
    "mastery_stage",
    "match_score",
    "moodle_statistics",
    "normalised_change",
    "over_under_word",
    "pass_probability",
    "predictive_values",
    "refresher_rating",
    "reliable_change",
    "sdt_bias_label",
    "sdt_change",
    "sdt_from_counts",
    "sdt_from_log",
    "sdt_from_rates",
    "segment_keying",
    "sequence_score",
    "sjt_choose_best",
    "sjt_rate_actions",
    "spearman_brown",
    "spearman_brown_factor",
    "time_to_completion",
    "triage_score",
    "upper_lower_discrimination",
    "wilson_difference",
    "wilson_interval",
]
