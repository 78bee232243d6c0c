"""What must hold for every input: order, symmetry, monotonicity, and no number that is none."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from quizzes import measures as m
from tests.quizzes.measures.reference import differs
from tests.quizzes.measures.strategies import (
    binary,
    counts,
    grids,
    judged,
    parts,
    plain,
    rated,
    same_every_time,
    shuffled,
    trials,
)

STATES = ["not_yet", "keep_practising", "mastered"]


@same_every_time
@given(counts())
def test_any_counts_give_finite_numbers(given_counts: dict[str, int]) -> None:
    plain(m.sdt_from_counts(**given_counts))
    plain(m.sdt_bias_label(**given_counts))
    plain(m.mastery_stage(**given_counts))
    plain(m.sdt_change(pre=given_counts, post=given_counts))


@same_every_time
@given(counts())
def test_the_opposite_answers_turn_skill_and_bias_round(c: dict[str, int]) -> None:
    one = m.sdt_from_counts(**c)
    two = m.sdt_from_counts(
        hits=c["n_signal"] - c["hits"],
        n_signal=c["n_signal"],
        false_alarms=c["n_noise"] - c["false_alarms"],
        n_noise=c["n_noise"],
    )
    for name in ("dprime", "c"):
        assert two[name] == (None if one[name] is None else -one[name])
    assert two["se_dprime"] == one["se_dprime"]
    turned = {"too_cautious": "flags_too_readily", "flags_too_readily": "too_cautious"}
    label = m.sdt_bias_label(**c)["label"]
    opposite = m.sdt_bias_label(**{k: two[k] for k in c})["label"]
    assert opposite == turned.get(label or "", label)


@same_every_time
@given(counts(500))
def test_calling_noise_the_signal_turns_skill_but_not_bias(c: dict[str, int]) -> None:
    one = m.sdt_from_counts(**c)
    two = m.sdt_from_counts(
        hits=c["false_alarms"],
        n_signal=c["n_noise"],
        false_alarms=c["hits"],
        n_noise=c["n_signal"],
    )
    assume(one["dprime"] is not None)
    assert two["dprime"] == -one["dprime"]
    assert two["c"] == one["c"]


@same_every_time
@given(counts(500))
def test_one_more_hit_is_more_skill_and_less_caution(c: dict[str, int]) -> None:
    assume(c["hits"] < c["n_signal"] and c["n_noise"] > 0)
    one, two = m.sdt_from_counts(**c), m.sdt_from_counts(**{**c, "hits": c["hits"] + 1})
    assert two["dprime"] > one["dprime"]
    assert two["c"] < one["c"]


@same_every_time
@given(parts(400), st.integers(1, 400))
def test_flagging_at_random_is_no_skill(signals: tuple[int, int], times: int) -> None:
    hits, n = signals
    assume(n > 0)
    same = m.sdt_from_counts(hits=hits, n_signal=n, false_alarms=hits, n_noise=n)
    assert same["dprime"] == 0
    low, high = m.sdt_from_counts(
        hits=hits * times, n_signal=n * times, false_alarms=hits * times, n_noise=n * times
    )["dprime_ci95"]
    assert low < 0 < high


@same_every_time
@given(rated)
def test_auc_is_a_share_and_turns_with_the_key(answers: list[Any]) -> None:
    auc = m.auc_from_confidence(trials=answers)["auc"]
    turned = [{**a, "signal": not a["signal"]} for a in answers]
    other = m.auc_from_confidence(trials=turned)["auc"]
    assert m.auc_from_confidence(trials=shuffled(answers))["auc"] == auc
    if auc is None:
        assert other is None
    else:
        assert 0 <= auc <= 1
        assert other == pytest.approx(1 - auc)


@same_every_time
@given(trials)
def test_a_log_adds_up_in_any_order(log: list[Any]) -> None:
    whole, again = m.sdt_from_log(trials=log), m.sdt_from_log(trials=shuffled(log))
    assert whole == again
    assert whole["n_used"] + whole["n_excluded"] == len(log)
    for field in ("hits", "n_signal", "false_alarms", "n_noise"):
        total = whole["overall"][field]
        assert sum(stage[field] for stage in whole["by_stage"].values()) == total
        assert sum(tactic[field] for tactic in whole["by_tactic"].values()) == total
    assert all("dprime" not in tactic for tactic in whole["by_tactic"].values())
    plain(whole)


@same_every_time
@given(parts(), st.floats(0.01, 0.9999))
def test_wilson_holds_the_proportion_and_mirrors(part: tuple[int, int], level: float) -> None:
    x, n = part
    assume(n > 0)
    one = m.wilson_interval(successes=x, n=n, confidence=level)
    two = m.wilson_interval(successes=n - x, n=n, confidence=level)
    assert 0 <= one["low"] <= one["p"] <= one["high"] <= 1
    assert two["low"] == pytest.approx(1 - one["high"], abs=1e-12)
    wider = m.wilson_interval(successes=x, n=n, confidence=(1 + level) / 2)
    assert wider["low"] <= one["low"]
    assert wider["high"] >= one["high"]


@same_every_time
@given(parts(5_000), parts(5_000))
def test_a_difference_turns_with_its_groups(one: tuple[int, int], two: tuple[int, int]) -> None:
    there = m.wilson_difference(x1=one[0], n1=one[1], x2=two[0], n2=two[1])
    back = m.wilson_difference(x1=two[0], n1=two[1], x2=one[0], n2=one[1])
    assume(there["diff"] is not None)
    assert there["low"] == pytest.approx(-back["high"], abs=1e-12)
    assert -1 - 1e-12 <= there["low"] <= there["diff"] <= there["high"] <= 1 + 1e-12


@same_every_time
@given(grids(st.integers(-8, 8).map(lambda mark: mark / 4)))
def test_item_analysis_of_any_marks_in_any_order(matrix: list[list[float]]) -> None:
    analysis = m.ctt_item_analysis(matrix=matrix)
    plain(analysis)
    plain(m.moodle_statistics(marks=matrix))
    plain(m.upper_lower_discrimination(matrix=matrix))
    again = m.ctt_item_analysis(matrix=shuffled(matrix))
    assert differs(again, analysis, 1e-9) == ""
    turned = m.ctt_item_analysis(matrix=[row[::-1] for row in matrix])
    assert differs(turned["items"][::-1], analysis["items"], 1e-9) == ""
    assert m.moodle_statistics(marks=shuffled(matrix)) == m.moodle_statistics(marks=matrix)


@same_every_time
@given(binary)
def test_right_and_wrong_items(matrix: list[list[int]]) -> None:
    analysis, kr = m.ctt_item_analysis(matrix=matrix), m.kr20(matrix=matrix)
    assert kr["kr20"] == pytest.approx(analysis["alpha"], abs=1e-9)
    # KR-21 supposes equal difficulty, and is never the larger of the two.
    assert kr["kr20"] is None or kr["kr21"] <= kr["kr20"] + 1e-9
    groups = m.upper_lower_discrimination(matrix=matrix)
    assert all(-1 <= d <= 1 for d in groups["D"])
    assert sum(groups["D"]) >= -1e-9  # the upper group has the higher total
    again = m.upper_lower_discrimination(matrix=shuffled(matrix))
    assert differs(again, groups, 1e-9) == ""


@same_every_time
@given(st.lists(st.text("ABC-", min_size=3, max_size=3), max_size=25))
def test_options_of_any_answers_in_any_order(responses: list[str]) -> None:
    found = m.distractor_analysis(key="ABC", responses=responses)
    plain(found)
    again = m.distractor_analysis(key="ABC", responses=shuffled(responses))
    assert differs(again, found, 1e-9) == ""
    for question in found["items"]:
        assert question["key"] in question["options"]
        total = sum(option["proportion"] or 0 for option in question["options"].values())
        assert total <= 1 + 1e-9


@same_every_time
@given(judged)
def test_brier_is_the_sum_of_its_parts(answers: list[tuple[float, int]]) -> None:
    given_p, right = [p for p, _ in answers], [y for _, y in answers]
    found = m.confidence_calibration(confidence=given_p, correct=right)
    plain(found)
    plain(m.ece_equal_width(confidence=given_p, correct=right))
    assume(answers)
    parts_of_it = found["reliability"] - found["resolution"] + found["uncertainty"]
    assert found["brier"] == pytest.approx(parts_of_it, abs=1e-9)
    mixed = shuffled(answers)
    again = m.confidence_calibration(
        confidence=[p for p, _ in mixed], correct=[y for _, y in mixed]
    )
    assert differs(again, found, 1e-9) == ""
    # One bin can only hide what several show.
    coarse = m.ece_equal_width(confidence=given_p, correct=right, bins=1)
    fine = m.ece_equal_width(confidence=given_p, correct=right, bins=10)
    assert coarse["ece"] <= fine["ece"] + 1e-9
    assert fine["ece"] <= fine["rmsce"] + 1e-9
    assert fine["rmsce"] <= fine["mce"] + 1e-9
