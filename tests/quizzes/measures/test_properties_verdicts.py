"""What must hold for every answer, verdict, gate and schedule; see test_properties."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from quizzes import measures as m
from quizzes.measures import limits
from tests.quizzes.measures.strategies import (
    counts,
    lifetimes,
    marks,
    parts,
    percents,
    plain,
    same_every_time,
    segmented,
    selections,
    shares,
    shuffled,
)

STATES = ["not_yet", "keep_practising", "mastered"]


@same_every_time
@given(shares)
def test_the_advised_certainty_earns_most(p: float) -> None:
    level = m.cbm_best_level(probability=p)["level"]
    best = {c: p * r + (1 - p) * w for c, (r, w) in limits.CBM_MARKS.items()}
    assert best[level] == pytest.approx(max(best.values()), abs=1e-9)
    assert m.cbm_bonus(average=best[level], accuracy=p)["bonus"] == pytest.approx(0, abs=1e-9)


@same_every_time
@given(counts(60))
def test_highlight_credit(c: dict[str, int]) -> None:
    given_counts = {
        "n_key": c["n_signal"],
        "n_nonkey": c["n_noise"],
        "hits": c["hits"],
        "false_alarms": c["false_alarms"],
    }
    one = m.highlight_score(**given_counts)
    plain(one)
    assert 0 <= one["plus_minus"] <= 1
    assert one["plus_minus"] == one["raw_points"] / one["max_points"]
    assert (one["all_or_nothing"] == 1) == (one["plus_minus"] == 1)
    if c["hits"] < c["n_signal"]:
        more = m.highlight_score(**{**given_counts, "hits": c["hits"] + 1})
        assert more["plus_minus"] >= one["plus_minus"]
    if c["false_alarms"] < c["n_noise"]:
        alarm = m.highlight_score(**{**given_counts, "false_alarms": c["false_alarms"] + 1})
        assert alarm["plus_minus"] <= one["plus_minus"]
    if c["n_noise"] >= max(1, c["n_signal"]):
        everything = m.highlight_score(
            n_key=c["n_signal"],
            n_nonkey=c["n_noise"],
            hits=c["n_signal"],
            false_alarms=c["n_noise"],
        )
        assert everything["plus_minus"] == 0


@same_every_time
@given(segmented, selections)
def test_how_a_selection_was_made_does_not_matter(pieces: list[Any], drags: list[Any]) -> None:
    text = "x" * pieces[-1]["end"]
    one = m.highlight_spans(text=text, segments=pieces, selections=drags)
    letter_by_letter = [[i, i + 1] for a, b in drags for i in range(min(a, b), max(a, b))]
    for other in (shuffled(drags), drags + drags, [d[::-1] for d in drags], letter_by_letter):
        assert m.highlight_spans(text=text, segments=pieces, selections=other) == one
    mixed = m.highlight_spans(text=text, segments=shuffled(pieces), selections=drags)
    assert mixed == one
    assert one["hits"] + one["misses"] == sum(p["kind"] == "signal" for p in pieces)


@same_every_time
@given(st.permutations("abcde"), st.lists(st.integers(1, 3), min_size=5, max_size=5))
def test_order_backwards_is_the_opposite(order: list[str], ranks: list[int]) -> None:
    key = dict(zip("abcde", ranks, strict=True))
    one = m.sequence_score(key_rank=key, answer=order)
    two = m.sequence_score(key_rank=key, answer=order[::-1])
    assert one["concordant"] == two["discordant"]
    assert one["concordant"] + one["discordant"] == one["pairs"] == two["pairs"]
    right = sorted("abcde", key=lambda event: key[event])
    assert m.sequence_score(key_rank=key, answer=right)["credit"] in {1.0, None}


@same_every_time
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=9))
def test_triage_scores(reports: list[tuple[int, int]]) -> None:
    truth, response = [t for t, _ in reports], [r for _, r in reports]
    one = m.triage_score(truth=truth, response=response, top=3)
    plain(one)
    mixed = shuffled(reports)
    assert m.triage_score(truth=[t for t, _ in mixed], response=[r for _, r in mixed]) == one
    assume(reports)
    assert 0 <= one["score"] <= 1
    assert m.triage_score(truth=truth, response=truth)["score"] == 1
    assert one["missed_urgent"] <= one["under"]


@same_every_time
@given(parts(300))
def test_mastery_never_falls_with_one_more_success(part: tuple[int, int]) -> None:
    x, n = part
    assume(n >= limits.MASTERY_MIN_N and x < n)
    one, two = (m.mastery_decision(successes=s, n=n) for s in (x, x + 1))
    assert STATES.index(two["state"]) >= STATES.index(one["state"])
    assert two["p_above_floor"] >= one["p_above_floor"] >= one["p_above_cut"]


@same_every_time
@given(st.integers(0, 10_000), st.integers(0, 10_000), st.booleans())
def test_flagging_everything_or_nothing_never_masters(s: int, n: int, everything: bool) -> None:
    given_counts = {
        "hits": s * everything,
        "n_signal": s,
        "false_alarms": n * everything,
        "n_noise": n,
    }
    assert m.mastery_stage(**given_counts)["state"] in {"insufficient", "not_yet"}
    three = dict.fromkeys(("acquisition", "movement", "control"), given_counts)
    assert m.certificate_decision(stages=three, critical_errors=0)["result"] != "pass"


@same_every_time
@given(st.lists(counts(60), max_size=4), st.integers(0, 3))
def test_a_certificate_has_reasons_exactly_when_it_is_refused(
    stages: list[dict[str, int]], errors: int
) -> None:
    named = {f"s{i}": stage for i, stage in enumerate(stages)}
    found = m.certificate_decision(stages=named, critical_errors=errors)
    assert (found["result"] == "not_yet") == bool(found["reasons"])
    assert (found["result"] == "insufficient") == (found["pooled_hits_state"] is None)
    if found["result"] == "pass":
        assert errors <= 1
        assert found["pooled_hits_state"] == found["pooled_rejections_state"] == "mastered"


@same_every_time
@given(parts(2_000), st.lists(shares, max_size=5))
def test_a_stricter_rule_passes_fewer(part: tuple[int, int], skills: list[float]) -> None:
    need, n = part
    chances = [m.pass_probability(n=n, need=k, true=sorted(skills))["p"] for k in (need, need + 1)]
    for easy, hard in zip(*chances, strict=True):
        assert -1e-9 <= hard <= easy + 1e-9 <= 1 + 2e-9
    assert all(a <= b + 1e-9 for a, b in itertools.pairwise(chances[0]))


@same_every_time
@given(st.lists(st.tuples(percents, percents), max_size=12))
def test_gain_turns_with_time(people: list[tuple[float, float]]) -> None:
    pre, post = [a for a, _ in people], [b for _, b in people]
    there, back = m.group_gain(pre=pre, post=post), m.group_gain(pre=post, post=pre)
    plain(there)
    if people:
        assert there["mean_gain"] == pytest.approx(-back["mean_gain"], abs=1e-9)
    for a, b in people:
        change = m.normalised_change(pre=a, post=b)["c"]
        assert change is None or -1 <= change <= 1
        plain(m.hake_gain(pre=a, post=b))


@same_every_time
@given(marks, marks, st.floats(0, 1e9))
def test_reliable_change_turns_with_time(pre: float, post: float, sem: float) -> None:
    there = m.reliable_change(pre=pre, post=post, sem=sem)
    back = m.reliable_change(pre=post, post=pre, sem=sem)
    plain(there)
    turned = {"gain": "loss", "loss": "gain"}
    assert back["label"] == turned.get(there["label"] or "", there["label"])


@same_every_time
@given(st.lists(marks, max_size=8), st.lists(marks, max_size=8))
@example([376252550.0, 0.0, 0.0], [376252553.0, 0.0, 0.0])  # reliability of 1 and a rounding
def test_any_marks_give_finite_numbers(one: list[float], two: list[float]) -> None:
    n = min(len(one), len(two))
    plain(m.cohort_mean(values=one))
    plain(m.group_gain(pre=one[:n], post=two[:n]))
    plain(m.ctt_item_analysis(matrix=[list(p) for p in zip(one, two, strict=False)]))
    plain(m.moodle_statistics(marks=[list(p) for p in zip(one, two, strict=False)]))


@same_every_time
@given(shares, shares, shares, st.floats(-1, 1))
def test_any_shares_give_finite_numbers(a: float, b: float, c: float, r: float) -> None:
    plain(m.sdt_from_rates(hit_rate=a, fa_rate=b))
    plain(m.predictive_values(sensitivity=a, specificity=b, prevalence=c))
    plain(m.spearman_brown(reliability=r, factor=1 + 9 * a))
    plain(m.spearman_brown_factor(reliability=r, target=b))
    plain(m.refresher_rating(credit=a, confidence=b))
    plain(m.design_effect(per_text=1 + a, icc=r, n=40))


@same_every_time
@given(shares, shares, shares, shares)
def test_alarms_are_worth_more_where_signs_are_common(
    se: float, sp: float, one: float, two: float
) -> None:
    rare, common = (
        m.predictive_values(sensitivity=se, specificity=sp, prevalence=p)["ppv"]
        for p in sorted((one, two))
    )
    assert rare is None or common is None or rare <= common + 1e-12


@same_every_time
@given(lifetimes)
def test_fewer_and_fewer_have_not_finished(people: list[tuple[int, int]]) -> None:
    def curve(rows: list[tuple[int, int]]) -> Any:
        return m.time_to_completion(time=[t for t, _ in rows], completed=[c for _, c in rows])

    one = curve(people)
    assert curve(shuffled(people)) == one
    assert one["times"] == sorted({t for t, done in people if done})
    assert all(a >= b >= 0 for a, b in itertools.pairwise([1.0, *one["not_yet"]]))
    if all(done for _, done in people):
        left = [sum(t > day for t, _ in people) / len(people) for day in one["times"]]
        assert one["not_yet"] == pytest.approx(left)


@same_every_time
@given(parts(1_000))
def test_words_fit_the_numbers(part: tuple[int, int]) -> None:
    k, n = part
    said = m.lay_rate(k=k, n=n)
    if said["kind"] == "per10":
        assert 1 <= said["num"] <= 9
        exact = 10 * k == said["num"] * n
        assert exact == (said["qualifier"] == "exact")
        if said["qualifier"] == "about":
            assert abs(10 * k / n - said["num"]) <= 0.5
    else:
        assert said["qualifier"] is None


@same_every_time
@given(st.sampled_from(sorted(limits.GATES)), st.integers(0, 600), st.integers(0, 600))
def test_more_data_never_hides(metric: str, few: int, more: int) -> None:
    order = ["hide", "provisional", "show"]
    names = limits.GATES[metric].counts
    states = [
        m.display_gate(metric=metric, **dict.fromkeys(names, n))["state"]
        for n in sorted((few, more))
    ]
    assert order.index(states[0]) <= order.index(states[1])


@same_every_time
@given(
    st.lists(st.sampled_from(["again", "hard", "good"]), min_size=1, max_size=8),
    st.lists(st.integers(0, 200), min_size=8, max_size=8),
)
def test_refreshers_come_within_four_months(ratings: list[str], late: list[int]) -> None:
    start = "2026-03-02T09:00:00+08:00"
    path = m.fsrs_schedule(start=start, ratings=ratings, days_late=late[: len(ratings)])["reviews"]
    assert all(1 <= review["interval_days"] <= 120 for review in path)
    assert all(review["state"] == "review" for review in path)
    log = [{"rating": review["rating"], "reviewed": review["reviewed"]} for review in path]
    assert m.fsrs_replay(reviews=log)["reviews"] == path
    # A worse answer never earns a longer rest.
    rests = [
        m.fsrs_schedule(start=start, ratings=[*ratings, last])["reviews"][-1]["interval_days"]
        for last in ("again", "hard", "good")
    ]
    assert rests == sorted(rests)


@same_every_time
@given(st.lists(st.sampled_from(["again", "hard", "good"]), max_size=5), st.integers(0, 400))
def test_what_is_not_practised_fades(ratings: list[str], days: int) -> None:
    start = "2026-03-02T09:00:00Z"
    now, later = (
        m.fsrs_retrievability(start=start, ratings=ratings, days_after_last_review=d)
        for d in (days, days + 1)
    )
    if ratings:
        assert 0 < later["retrievability"] < now["retrievability"] <= 1
    else:
        assert now == {"retrievability": None}


@same_every_time
@given(st.integers(2, 9), st.lists(st.integers(0, 9), max_size=9))
def test_agreement_is_at_most_one_in_any_order(raters: int, votes: list[int]) -> None:
    table = [[min(v, raters), raters - min(v, raters)] for v in votes]
    kappa = m.fleiss_kappa(table=table)["kappa"]
    assert kappa is None or kappa <= 1
    turned = m.fleiss_kappa(table=[row[::-1] for row in shuffled(table)])["kappa"]
    assert kappa == pytest.approx(turned)
    keyed = m.segment_keying(signal=raters, not_signal=0)["label"]
    assert keyed == ("key" if raters >= 5 else "insufficient_panel")
