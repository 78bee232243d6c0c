"""The figures of a form against the slow measures, numpy and scipy; and what they must find."""

import math
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from quizzes import measures
from quizzes.item_languages import compare, mantel_haenszel, may_match, strata_of
from quizzes.item_statistics import (
    Flag,
    analyse,
    fisher_interval,
    part_numbers,
    rests_of,
    share_of,
    totals_of,
)


def class_of(
    people: int, items: int, seed: int, *, backwards: int | None = None
) -> list[list[float]]:
    """Columns of 0 and 1: people differ in skill, items in hardness; one may be keyed wrongly."""
    dice = np.random.default_rng(seed)
    skill = dice.normal(0, 1, people)
    hardness = dice.normal(-0.5, 0.8, items)
    chance = 1 / (1 + np.exp(-1.2 * (skill[:, None] - hardness[None, :])))
    marks = (dice.random((people, items)) < chance).astype(float)
    if backwards is not None:
        marks[:, backwards] = 1 - marks[:, backwards]
    return [list(map(float, column)) for column in marks.T]


def matrix_of(columns: list[list[float]]) -> list[list[float]]:
    return [list(row) for row in zip(*columns, strict=True)]


@pytest.mark.parametrize("seed", range(4))
def test_fast_figures_are_the_slow_ones(seed: int) -> None:
    columns = class_of(57, 9, seed)
    columns[3] = [cell / 3 if i % 2 else cell for i, cell in enumerate(columns[3])]
    slow = measures.ctt_item_analysis(matrix=matrix_of(columns))
    found = analyse(columns, 57)
    assert found.alpha == pytest.approx(slow["alpha"])
    assert [found.alpha_low, found.alpha_high] == pytest.approx(slow["alpha_ci95_feldt"])
    assert found.sem == pytest.approx(slow["sem"])
    assert found.mean_total == pytest.approx(slow["mean_total"])
    d = measures.upper_lower_discrimination(matrix=matrix_of(columns))["D"]
    for item, row, index in zip(found.items, slow["items"], d, strict=True):
        assert item.facility.p == pytest.approx(row["facility"])
        assert item.sd == pytest.approx(row["sd"])
        assert item.separates.r == pytest.approx(row["item_rest_r"])
        assert item.item_total_r == pytest.approx(row["item_total_r"])
        assert item.alpha_if_dropped == pytest.approx(row["alpha_if_dropped"])
        assert item.index == pytest.approx(index)


def test_numpy_and_scipy_say_the_same() -> None:
    columns = class_of(80, 12, 5)
    found, marks = analyse(columns, 80), np.array(columns).T
    total = marks.sum(axis=1)
    k, variances = 12, marks.var(axis=0, ddof=1)
    alpha = k / (k - 1) * (1 - variances.sum() / total.var(ddof=1))
    assert found.alpha == pytest.approx(alpha)
    low = 1 - (1 - alpha) * stats.f.ppf(0.975, 79, 79 * 11)
    assert found.alpha_low == pytest.approx(low)
    for place, item in enumerate(found.items):
        r = stats.pearsonr(marks[:, place], total - marks[:, place])
        assert item.separates.r == pytest.approx(r.statistic)
        interval = r.confidence_interval(0.95)
        assert item.separates.low == pytest.approx(interval.low)
        assert item.separates.high == pytest.approx(interval.high)


cells = st.lists(st.lists(st.sampled_from([0.0, 0.5, 1.0]), min_size=4, max_size=4), max_size=25)


@given(cells, st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_neither_the_order_of_people_nor_that_of_items_matters(
    rows: list[list[float]], dice: random.Random
) -> None:
    columns = [[row[i] for row in rows] for i in range(4)]
    mixed = rows[:]
    dice.shuffle(mixed)
    found = analyse(columns, len(rows))
    again = analyse([[row[i] for row in mixed] for i in (2, 0, 3, 1)], len(rows))
    assert found.alpha == pytest.approx(again.alpha) if found.alpha else not again.alpha
    for item, other in zip((found.items[i] for i in (2, 0, 3, 1)), again.items, strict=True):
        assert item.facility == other.facility
        assert (item.separates.r is None) == (other.separates.r is None)
        if item.separates.r is not None:
            assert item.separates.r == pytest.approx(other.separates.r)
        assert item.index == pytest.approx(other.index) if rows else other.index is None


@given(cells)
@settings(max_examples=60, deadline=None)
def test_nothing_is_ever_not_a_number(rows: list[list[float]]) -> None:
    found = analyse([[row[i] for row in rows] for i in range(4)], len(rows))
    numbers = [found.alpha, found.sem, found.sd_total, found.mean_total]
    for item in found.items:
        numbers += [item.separates.r, item.item_total_r, item.index, item.alpha_if_dropped, item.sd]
    assert all(one is None or math.isfinite(one) for one in numbers)


def test_a_skip_is_in_nothing_that_needs_whole_rows_and_costs_nothing() -> None:
    columns: list[list[float | None]] = [list(one) for one in class_of(40, 6, 8)]
    before = analyse([[c for i, c in enumerate(one) if i != 5] for one in columns], 39)
    columns[2][5] = None
    found = analyse(columns, 40)
    assert (found.people, found.n) == (40, 39)
    assert found.alpha == pytest.approx(before.alpha)
    assert (found.items[2].facility.n, found.items[3].facility.n) == (39, 40)


GATES = [(9, "hide"), (10, "provisional"), (29, "provisional"), (30, "show"), (99, "show")]


@pytest.mark.parametrize(("n", "state"), GATES)
def test_the_gate_of_facility(n: int, state: str) -> None:
    assert share_of(n / 2, n).gate == state


@pytest.mark.parametrize(
    ("n", "state"), [(29, "hide"), (30, "provisional"), (99, "provisional"), (100, "show")]
)
def test_the_gates_of_what_separates_and_of_reliability(n: int, state: str) -> None:
    found = analyse(class_of(n, 8, 2), n)
    assert (found.gate, found.items[0].gate) == (state, state)
    assert analyse(class_of(n, 7, 2), n).gate == "hide"  # eight items at least


def test_no_flag_below_its_gate() -> None:
    columns = class_of(29, 9, 3, backwards=4)
    item = analyse(columns, 29).items[4]
    assert Flag.CHECK_KEY not in item.flags(pre_test=False)
    hard = analyse([[0.0] * 9, [1.0] * 9], 9)
    assert [one.flags(pre_test=True) for one in hard.items] == [[], []]
    enough = analyse([[0.0] * 10, [1.0] * 10], 10)
    assert enough.items[0].flags(pre_test=True) == [Flag.VERY_HARD]
    assert enough.items[1].flags(pre_test=True) == [Flag.ALREADY_KNOWN]
    assert enough.items[1].flags(pre_test=False) == []


def rate_of(people: int, place: int, *, backwards: int | None, rounds: int = 40) -> float:
    found = 0
    for seed in range(rounds):
        columns = class_of(people, 20, 100 + seed, backwards=backwards)
        found += Flag.CHECK_KEY in analyse(columns, people).items[place].flags(pre_test=False)
    return found / rounds


def test_a_wrong_key_is_found_and_a_sound_one_left_alone() -> None:
    """In 200 classes: 98 % of wrong keys with 100 people, 93 % with 40, 81 % with 30; no alarm."""
    assert rate_of(100, 7, backwards=7) >= 0.95
    assert rate_of(40, 7, backwards=7) >= 0.85
    assert rate_of(40, 3, backwards=7) <= 0.025
    assert rate_of(100, 7, backwards=None) == 0.0


def test_a_test_that_contradicts_itself_is_not_usable() -> None:
    columns = [[1.0, 0.0] * 20, [0.0, 1.0] * 20, [1.0, 1.0, 0.0, 0.0] * 10]
    found = analyse(columns, 40)
    assert found.alpha is not None
    assert found.alpha < 0
    assert found.trust == "unusable"


def test_fisher_has_no_interval_for_three_people_or_a_perfect_line() -> None:
    assert fisher_interval(0.5, 3) == (None, None)
    assert fisher_interval(1.0, 30) == (None, None)


# --- options --------------------------------------------------------------------------------------


def test_options_are_the_measures_own_and_their_names_do_not_matter() -> None:
    dice = np.random.default_rng(4)
    key = "abcabcabc"
    responses = ["".join(dice.choice(list("abc-"), 9)) for _ in range(44)]
    slow = measures.distractor_analysis(key=key, responses=responses, options=["abcd"] * 9)
    columns = [[float(r[i] == key[i]) for r in responses] for i in range(9)]
    rows = list(range(44))
    totals = totals_of(columns, rows)
    for i, question in enumerate(slow["items"]):
        found = part_numbers(
            "answer",
            [r[i].replace("-", "") for r in responses],
            rests_of(columns, i, rows),
            offered="abcd",
            keys=frozenset(key[i]),
            totals=totals,
        )
        for one in found.options:
            row = question["options"][one.option]
            assert (one.count, one.upper, one.lower) == (row["count"], row["upper"], row["lower"])
            assert one.r == pytest.approx(row["choice_rest_r"])
            assert one.is_idle == row["non_functional"]
        renamed = part_numbers(
            "answer",
            [r[i].replace("-", "").translate(str.maketrans("abcd", "wxyz")) for r in responses],
            rests_of(columns, i, rows),
            offered="wxyz",
            keys=frozenset(key[i].translate(str.maketrans("abcd", "wxyz"))),
            totals=totals,
        )
        assert [one.upper for one in renamed.options] == [one.upper for one in found.options]


def test_strong_learners_who_prefer_another_answer_are_told_from_thirty_people() -> None:
    chosen = ["b"] * 10 + ["a"] * 20
    totals = [float(30 - i) for i in range(30)]
    asked = {"offered": "abc", "keys": frozenset("a"), "totals": totals}
    found = part_numbers("answer", chosen, totals, **asked)
    assert found.preferred is not None
    assert found.preferred.option == "b"
    assert [one.option for one in found.idle] == ["c"]
    few = part_numbers("answer", chosen[1:], totals[1:], **asked | {"totals": totals[1:]})
    assert (few.preferred, few.idle) == (None, [])


# --- languages ------------------------------------------------------------------------------------


def two_languages(seed: int, each: int, *, loss: float, gap: float = 0.0) -> tuple[object, object]:
    """An item whose second version is `loss` harder on the logit scale; groups `gap` apart."""
    dice = np.random.default_rng(seed)
    skill = dice.normal(0, 1, 2 * each)
    skill[each:] -= gap
    hardness = dice.normal(-0.4, 0.7, 20)
    chance = 1 / (1 + np.exp(-1.2 * (skill[:, None] - hardness[None, :])))
    shifted = 1 / (1 + np.exp(-1.2 * (skill[each:] - hardness[0]) + loss))
    chance[each:, 0] = shifted
    marks = (dice.random((2 * each, 20)) < chance).astype(float)
    others = marks[:, 1:].mean(axis=1)
    plain = compare(
        marks[:each, 0].tolist(),
        marks[each:, 0].tolist(),
        others_first=others[:each].tolist(),
        others_second=others[each:].tolist(),
    )
    strata = strata_of(
        marks[:, 0].tolist(), marks.sum(axis=1).tolist(), [True] * each + [False] * each
    )
    return plain, mantel_haenszel(strata)


def flagged(each: int, *, loss: float, gap: float = 0.0) -> tuple[float, float]:
    """How often of 40 the plain comparison, and the one at equal totals, speak of the second."""
    found = [two_languages(seed, each, loss=loss, gap=gap) for seed in range(40)]
    return tuple(sum(one[i].harder == "second" for one in found) / 40 for i in (0, 1))


def test_a_bad_translation_is_found_and_a_fair_one_is_not() -> None:
    """In 80 classes: 94 % of the bad with 60 people a language, all with 250; 1 to 4 % alarms."""
    assert flagged(60, loss=2.0)[0] >= 0.85
    assert flagged(60, loss=0.0)[0] <= 0.05
    bad, fair = flagged(250, loss=1.5), flagged(250, loss=0.0)
    assert bad[1] >= 0.95
    assert max(fair) <= 0.075


def test_weaker_readers_do_not_make_a_bad_translation() -> None:
    plain, matched = flagged(250, loss=0.0, gap=0.8)
    assert plain <= 0.1
    assert matched <= 0.05
    dice = [two_languages(seed, 250, loss=0.0, gap=0.8)[0] for seed in range(20)]
    assert any(one.low > 0 for one in dice)  # without the others it would have been blamed


def test_ten_people_a_language_at_least() -> None:
    few = compare([1.0] * 40, [0.0] * 9, others_first=[0.5] * 40, others_second=[0.5] * 9)
    assert not few.is_shown
    assert few.harder == ""
    enough = compare([1.0] * 40, [0.0] * 10, others_first=[0.5] * 40, others_second=[0.5] * 10)
    assert enough.harder == "second"
    other = compare([0.0] * 10, [1.0] * 40, others_first=[0.5] * 10, others_second=[0.5] * 40)
    assert other.harder == "first"
    assert not may_match(200, 199)
    assert may_match(200, 200)


def test_equal_totals_against_scipy() -> None:
    dice = np.random.default_rng(3)
    tables = dice.integers(1, 40, (6, 4))
    found = mantel_haenszel({i: tuple(map(int, row)) for i, row in enumerate(tables)})
    n = tables.sum(axis=1)
    a, b, c, d = tables.T
    odds = (a * d / n).sum() / (b * c / n).sum()
    expected = ((a + b) * (a + c) / n).sum()
    variance = ((a + b) * (c + d) * (a + c) * (b + d) / (n**2 * (n - 1))).sum()
    chi2 = (abs(a.sum() - expected) - 0.5) ** 2 / variance
    assert found.odds == pytest.approx(odds)
    assert found.chi2 == pytest.approx(chi2)
    assert found.p == pytest.approx(stats.chi2.sf(chi2, 1))
    assert found.delta == pytest.approx(-2.35 * np.log(odds))


def test_equal_totals_without_anything_to_compare_have_no_number() -> None:
    assert mantel_haenszel({}).letter == ""
    assert mantel_haenszel({3: (5, 0, 4, 0)}).odds is None
