"""Impossible input is refused with a text that names what is wrong."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest

from quizzes import measures
from quizzes.measures import checks

START = "2026-03-02T09:00:00+08:00"
COUNTS = {"hits": 1, "n_signal": 2, "false_alarms": 1, "n_noise": 2}
TRIAL = {
    "trial": 1,
    "item": "i",
    "stage": "control",
    "tactic": "debt",
    "kind": "signal",
    "flagged": True,
    "exposure": 1,
    "hint_used": False,
}
SEGMENT = {"id": "a", "start": 0, "end": 3, "kind": "signal"}
NUMBERS_OF_ITEMS = {"successes": 3, "n": 20}

REFUSALS: list[tuple[str, dict[str, Any], str]] = [
    ("sdt_from_counts", {**COUNTS, "hits": 3}, r"hits \(3\) cannot be more than n_signal \(2\)"),
    ("sdt_from_counts", {**COUNTS, "false_alarms": 3}, "false_alarms"),
    ("sdt_from_counts", {**COUNTS, "n_noise": -1}, "n_noise must be from 0"),
    ("sdt_from_counts", {**COUNTS, "hits": 0.5}, "hits must be a whole number, not 0.5"),
    ("sdt_from_counts", {**COUNTS, "n_signal": 10**9 + 1}, "n_signal must be from 0 to"),
    ("sdt_from_rates", {"hit_rate": 1.2, "fa_rate": 0.1}, "hit_rate must be from 0 to 1"),
    ("sdt_from_rates", {"hit_rate": 0.2, "fa_rate": math.nan}, "fa_rate must be from"),
    ("sdt_change", {"pre": {**COUNTS, "hits": 9}, "post": COUNTS}, "hits"),
    ("sdt_bias_label", {**COUNTS, "hits": -1}, "hits"),
    (
        "auc_from_confidence",
        {"trials": [{"signal": True, "flagged": True, "confidence": 50}]},
        "confidence must be from 0 to 1",
    ),
    ("sdt_from_log", {"trials": [{**TRIAL, "kind": "sgnal"}]}, "'sgnal' is no kind"),
    ("sdt_from_log", {"trials": [{**TRIAL, "exposure": -1}]}, "exposure"),
    ("design_effect", {"per_text": 0, "icc": 0.1, "n": 3}, "per_text must be at least 1"),
    ("design_effect", {"per_text": 3, "icc": 1.1, "n": 3}, "icc must be from -1 to 1"),
    ("design_effect", {"per_text": 3, "icc": -1.1, "n": 3}, "icc must be from -1 to 1"),
    ("design_effect", {"per_text": 3, "icc": 0.1, "n": -3}, "n must be from 0"),
    ("wilson_interval", {"successes": 3, "n": 2}, "successes"),
    ("wilson_interval", {"successes": 1, "n": 2, "confidence": 1.0}, "confidence must lie"),
    ("wilson_interval", {"successes": 1, "n": 2, "confidence": 0}, "confidence must lie"),
    ("wilson_difference", {"x1": 3, "n1": 2, "x2": 1, "n2": 2}, "x1"),
    ("wilson_difference", {"x1": 1, "n1": 2, "x2": 3, "n2": 2}, "x2"),
    (
        "wilson_difference",
        {"x1": 1, "n1": 2, "x2": 1, "n2": 2, "confidence": 95},
        "confidence must lie",
    ),
    ("ctt_item_analysis", {"matrix": [[1, 0], [1]]}, "every row of matrix"),
    ("ctt_item_analysis", {"matrix": [[1, 0]], "max_marks": [1]}, "max_marks must be equally"),
    ("ctt_item_analysis", {"matrix": [[2]], "max_marks": [1]}, "beyond its maximum of 1"),
    ("ctt_item_analysis", {"matrix": [[-2]], "max_marks": [1]}, "beyond its maximum of 1"),
    ("ctt_item_analysis", {"matrix": [[0]], "max_marks": [-1]}, "max_marks must be from 0"),
    ("ctt_item_analysis", {"matrix": [[math.inf]]}, "matrix must be from"),
    ("ctt_item_analysis", {"matrix": [[1e9 + 1]]}, "matrix must be from"),
    ("moodle_statistics", {"marks": [[1, 0], [1]]}, "every row of marks"),
    ("kr20", {"matrix": [[1, 2]]}, "matrix must hold 0 and 1 only"),
    ("spearman_brown", {"reliability": 1.1, "factor": 2}, "reliability"),
    ("spearman_brown", {"reliability": -1.1, "factor": 2}, "reliability"),
    ("spearman_brown", {"reliability": 0.5, "factor": -1}, "factor"),
    ("spearman_brown_factor", {"reliability": 0.5, "target": 1.1}, "target"),
    ("spearman_brown_factor", {"reliability": -1.5, "target": 0.8}, "reliability"),
    ("spearman_brown_factor", {"reliability": 1.5, "target": 0.8}, "reliability"),
    ("upper_lower_discrimination", {"matrix": [[1]], "fraction": 0}, "fraction must be above 0"),
    ("upper_lower_discrimination", {"matrix": [[1]], "fraction": 0.51}, "at most 0.5"),
    ("distractor_analysis", {"key": "AB", "responses": ["A"]}, "a response and the key"),
    (
        "distractor_analysis",
        {"key": "AB", "responses": [], "options": ["AB"]},
        "options and the key",
    ),
    ("confidence_calibration", {"confidence": [0.5], "correct": []}, "equally long, not 1 and 0"),
    ("confidence_calibration", {"confidence": [1.5], "correct": [1]}, "confidence"),
    ("confidence_calibration", {"confidence": [0.5], "correct": [2]}, "correct must hold 0 and 1"),
    ("ece_equal_width", {"confidence": [], "correct": [], "bins": 0}, "bins must be at least 1"),
    ("cbm_bonus", {"average": 1, "accuracy": 1.5}, "accuracy"),
    ("cbm_bonus", {"average": math.inf, "accuracy": 0.5}, "average"),
    (
        "cbm_score",
        {"answers": [{"correct": True, "certainty": 4}]},
        "certainty must be 1, 2 or 3, not 4",
    ),
    ("cbm_best_level", {"probability": -0.1}, "probability"),
    (
        "highlight_score",
        {"n_key": 1, "n_nonkey": 1, "hits": 2, "false_alarms": 0},
        "hits",
    ),
    (
        "highlight_score",
        {"n_key": 1, "n_nonkey": 1, "hits": 0, "false_alarms": 2},
        "false_alarms",
    ),
    (
        "highlight_spans",
        {"text": "ab", "segments": [SEGMENT], "selections": []},
        "segment 'a' does not lie inside the text",
    ),
    (
        "highlight_spans",
        {"text": "abc", "segments": [{**SEGMENT, "end": 0}], "selections": []},
        "does not lie inside",
    ),
    (
        "highlight_spans",
        {"text": "abc", "segments": [{**SEGMENT, "start": -1}], "selections": []},
        "does not lie inside",
    ),
    (
        "highlight_spans",
        {"text": "abc", "segments": [{**SEGMENT, "kind": "sign"}], "selections": []},
        "'sign' is no kind",
    ),
    (
        "highlight_spans",
        {"text": "abc", "segments": [SEGMENT], "selections": [[1]]},
        r"a selection is \[start, end\]",
    ),
    ("sjt_choose_best", {"panel_votes": {"a": -1}, "choice": "a"}, "a vote"),
    ("sjt_rate_actions", {"ratings": {"a": 6}, "panel": {"a": [3]}}, "a rating of a must be"),
    ("sjt_rate_actions", {"ratings": {"a": 3}, "panel": {"a": [0]}}, "a rating of a must be"),
    ("sjt_rate_actions", {"ratings": {"b": 3}, "panel": {"a": [3]}}, "the panel never rated b"),
    ("sjt_rate_actions", {"ratings": {}, "panel": {}, "scale": [3, 3]}, "two different values"),
    ("sequence_score", {"key_rank": {"a": 1}, "answer": ["a", "a"]}, "each once"),
    ("sequence_score", {"key_rank": {"a": 1}, "answer": ["b"]}, "known events"),
    ("match_score", {"key": {"a": "x"}, "answer": {"b": "x"}}, "no such sign: b"),
    ("triage_score", {"truth": [1], "response": []}, "truth and response"),
    ("triage_score", {"truth": [1], "response": [4]}, "a level"),
    ("triage_score", {"truth": [-1], "response": [1]}, "a level"),
    ("triage_score", {"truth": [1.5], "response": [1]}, "whole number"),
    ("group_gain", {"pre": [1], "post": []}, "pre and post"),
    ("group_gain", {"pre": [math.nan], "post": [1]}, "pre must be from"),
    ("group_gain", {"pre": [1], "post": [-math.inf]}, "post must be from"),
    ("cohort_mean", {"values": [math.nan]}, "a value must be from"),
    ("hake_gain", {"pre": 101, "post": 50}, "pre must be from 0 to 100"),
    ("hake_gain", {"pre": 50, "post": -1}, "post must be from 0 to 100"),
    ("normalised_change", {"pre": -1, "post": 50}, "pre"),
    ("normalised_change", {"pre": 1, "post": 101}, "post"),
    ("reliable_change", {"pre": 1, "post": 2, "sem": -1}, "sem"),
    ("reliable_change", {"pre": math.nan, "post": 2, "sem": 1}, "pre"),
    ("reliable_change", {"pre": 1, "post": math.inf, "sem": 1}, "post"),
    ("mastery_decision", {**NUMBERS_OF_ITEMS, "successes": 21}, "successes"),
    ("mastery_decision", {**NUMBERS_OF_ITEMS, "cut": 80}, "cut must be from 0 to 1"),
    ("mastery_decision", {**NUMBERS_OF_ITEMS, "floor": -0.1}, "floor"),
    ("mastery_decision", {**NUMBERS_OF_ITEMS, "confidence": 90}, "confidence"),
    ("mastery_decision", {**NUMBERS_OF_ITEMS, "min_n": -1}, "min_n"),
    ("mastery_stage", {**COUNTS, "false_alarms": 3}, "false_alarms"),
    ("mastery_stage", {**COUNTS, "hits": 3}, "successes"),
    ("certificate_decision", {"stages": {"a": COUNTS}, "critical_errors": -1}, "critical_errors"),
    (
        "certificate_decision",
        {"stages": {"a": {**COUNTS, "hits": 5}}, "critical_errors": 0},
        "successes",
    ),
    ("pass_probability", {"n": -1, "need": 0, "true": []}, "n must be"),
    ("pass_probability", {"n": 1, "need": -1, "true": []}, "need"),
    ("pass_probability", {"n": 1, "need": 1, "true": [1.1]}, "true"),
    ("angoff_cut", {"ratings": [[70]]}, "a rating must be from 0 to 1"),
    ("angoff_cut", {"ratings": [[0.5], [0.5, 0.5]]}, "every row of ratings"),
    ("fleiss_kappa", {"table": [[2, 0], [1, 0]]}, "same number of raters"),
    ("fleiss_kappa", {"table": [[2, 0], [2]]}, "every row of table"),
    ("fleiss_kappa", {"table": [[-1, 3]]}, "a cell"),
    ("content_validity", {"essential": 8, "panel": 7}, "essential"),
    ("segment_keying", {"signal": -1, "not_signal": 7}, "signal"),
    ("segment_keying", {"signal": 5, "not_signal": -1}, "not_signal"),
    *[
        (
            "predictive_values",
            {"sensitivity": 0.5, "specificity": 0.5, "prevalence": 0.5, name: 1.5},
            name,
        )
        for name in ("sensitivity", "specificity", "prevalence")
    ],
    ("display_gate", {"metric": "person_iq", "n": 3}, "'person_iq' has no gate"),
    ("display_gate", {"metric": "test_alpha", "n_persons": 40}, "test_alpha needs n_items"),
    ("display_gate", {"metric": "rasch", "n": -1}, "n must be from 0"),
    ("completion_stat", {"completed": 7, "enrolled": 6}, "completed"),
    ("completion_stat", {"completed": 5, "enrolled": 6, "remainder": -1}, "remainder"),
    ("time_to_completion", {"time": [1], "completed": []}, "time and completed"),
    ("time_to_completion", {"time": [-1], "completed": [1]}, "time must be from 0"),
    ("time_to_completion", {"time": [1], "completed": [2]}, "completed must hold"),
    ("lay_rate", {"k": 3, "n": 2}, "k"),
    ("fsrs_schedule", {"start": "2026-03-02T09:00:00", "ratings": []}, "must carry its offset"),
    ("fsrs_schedule", {"start": START, "ratings": ["great"]}, "'great' is no rating"),
    ("fsrs_schedule", {"start": START, "ratings": ["good"], "days_late": [0, 0]}, "days_late"),
    (
        "fsrs_schedule",
        {"start": START, "ratings": ["good", "good"], "days_late": [0, -9]},
        "before the one that preceded",
    ),
    ("fsrs_schedule", {"start": START, "ratings": ["good"], "days_late": [36_501]}, "days_late"),
    ("fsrs_schedule", {"start": START, "ratings": ["good"], "days_late": [-36_501]}, "days_late"),
    (
        "fsrs_memory_state",
        {"ratings": ["good"], "gap_days_before": [36_501], "start": START},
        "gap_days_before",
    ),
    (
        "fsrs_retrievability",
        {"start": START, "ratings": ["good"], "days_after_last_review": 36_501},
        "days_after_last_review",
    ),
    *[
        ("fsrs_schedule", {"start": START, "ratings": [], "config": {name: value}}, text)
        for name, value, text in (
            ("retention", 0.9, "no setting retention"),
            ("desired_retention", 1.0, "desired_retention"),
            ("desired_retention", 0.009, "desired_retention"),
            ("maximum_interval", 0, "maximum_interval"),
            ("maximum_interval", 36_501, "maximum_interval"),
            ("learning_steps_seconds", [0], "learning_steps_seconds"),
            ("relearning_steps_seconds", [86_401], "relearning_steps_seconds"),
            ("parameters", "FSRS-5 defaults", "only the FSRS-6 defaults"),
            ("parameters", [0.5] * 19, "21"),
        )
    ],
    (
        "fsrs_memory_state",
        {"ratings": ["good"], "gap_days_before": [], "start": START},
        "ratings and gap_days_before",
    ),
    (
        "fsrs_memory_state",
        {"ratings": ["good"], "gap_days_before": [-1], "start": START},
        "gap_days_before",
    ),
    (
        "fsrs_retrievability",
        {"start": START, "ratings": ["good"], "days_after_last_review": -1},
        "days_after_last_review",
    ),
    ("fsrs_replay", {"reviews": [{"rating": "good", "reviewed": "2026-03-02"}]}, "offset"),
    ("refresher_rating", {"credit": 1.1}, "credit"),
    ("refresher_rating", {"credit": 1, "confidence": 1.1}, "confidence"),
    ("irt_rasch_mml", {"matrix": [[1, 2]]}, "matrix must hold 0 and 1"),
    ("irt_2pl_mml", {"matrix": [[1, 0], [1]]}, "every row of matrix"),
]
CANNOT_BE_WRONG = {"dprime_word", "ebel_word", "facility_word", "hake_word", "over_under_word"}


@pytest.mark.parametrize(("function", "given", "text"), REFUSALS)
def test_impossible_input_is_refused(function: str, given: dict[str, Any], text: str) -> None:
    measure: Callable[..., Any] = getattr(measures, function)
    with pytest.raises(ValueError, match=text):
        measure(**given)


def test_every_measure_refuses_something() -> None:
    assert {name for name, _, _ in REFUSALS} | CANNOT_BE_WRONG == set(measures.__all__)


def test_arguments_are_given_by_name() -> None:
    for name in measures.__all__:
        with pytest.raises(TypeError):
            getattr(measures, name)(1)


def test_numbers_like_ints_are_counts() -> None:
    assert checks.count(True, "n") == 1
    assert checks.share(1, "p") == 1.0


def test_the_largest_numbers_are_accepted() -> None:
    assert checks.count(10**9, "n") == 10**9
    assert (checks.finite(1e9, "x"), checks.finite(-1e9, "x")) == (1e9, -1e9)
