"""The map and the summary: skill is told from willingness to flag. Pure."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.mastery_map import NEEDED, Cell, draw_map
from quizzes.summary import TrialFact, count, summarise

MODEL = [("movement", ["moved-often", "route"]), ("control", ["debt"])]


def trials(
    kind: str, number: int, flagged: int, *, stage: str = "control", tactic: str = "debt"
) -> list[TrialFact]:
    return [
        TrialFact(kind, stage, tactic, n < flagged, None, critical_error=False)
        for n in range(number)
    ]


def control(facts: list[TrialFact]) -> tuple[Cell, Cell]:
    row = draw_map(facts, MODEL)[1]
    return row.cell, row.tactics[0].cell


@given(
    signals=st.integers(0, 60),
    noise=st.integers(0, 60),
    flag=st.booleans(),
)
def test_flagging_everything_or_nothing_never_earns_mastery(
    signals: int, noise: int, flag: bool
) -> None:
    facts = trials("signal", signals, signals if flag else 0)
    facts += trials("noise", noise, noise if flag else 0)
    row = draw_map(facts, MODEL)[1]
    assert row.cell != Cell.SOLID
    assert row.tactics[0].cell != Cell.SOLID


def test_nothing_seen_too_few_and_solid() -> None:
    assert control([]) == (Cell.NOT_SEEN, Cell.NOT_SEEN)
    few = trials("signal", NEEDED - 1, NEEDED - 1) + trials("noise", 30, 0)
    assert control(few) == (Cell.TOO_FEW, Cell.TOO_FEW)
    enough = trials("signal", NEEDED, NEEDED) + trials("noise", 30, 0)
    assert control(enough) == (Cell.SOLID, Cell.SOLID)
    weak = trials("signal", 20, 10) + trials("noise", 30, 0)
    assert control(weak) == (Cell.KEEP_PRACTISING, Cell.KEEP_PRACTISING)


def test_signs_without_look_alikes_say_nothing_yet() -> None:
    assert control(trials("signal", 30, 30)) == (Cell.TOO_FEW, Cell.TOO_FEW)


def test_finding_signs_while_flagging_look_alikes_is_said_in_so_many_words() -> None:
    facts = trials("signal", 20, 20) + trials("noise", 20, 12)
    assert control(facts) == (Cell.KEEP_PRACTISING, Cell.FLAGS_LOOKALIKES)


def test_only_the_newest_trials_judge() -> None:
    newest_first = trials("signal", 15, 15) + trials("signal", 40, 0) + trials("noise", 30, 0)
    row = draw_map(newest_first, MODEL)[1]
    assert row.tactics[0].cell == Cell.SOLID
    assert (row.counts.n_signal, row.counts.hits) == (30, 15)


def test_a_cell_counts_its_own_tactic_only() -> None:
    facts = trials("signal", 15, 15, stage="movement", tactic="route")
    row = draw_map(facts, MODEL)[0]
    assert [cell.cell for cell in row.tactics] == [Cell.NOT_SEEN, Cell.TOO_FEW]


def test_equal_per_cent_correct_with_opposite_bias_is_told_apart() -> None:
    eager = summarise(trials("signal", 20, 20) + trials("noise", 20, 12), ["control"])
    cautious = summarise(trials("signal", 20, 8) + trials("noise", 20, 0), ["control"])

    def right(summary: object) -> int:
        one = summary.overall  # type: ignore[attr-defined]
        return one.hits + one.n_noise - one.false_alarms  # type: ignore[no-any-return]

    assert right(eager) == right(cautious) == 28
    assert eager.overall.balance == "flags_too_readily"
    assert cautious.overall.balance == "too_cautious"
    assert eager.telling_apart["c"] == pytest.approx(-cautious.telling_apart["c"])


@given(st.randoms(use_true_random=False))
def test_the_order_of_items_changes_no_number(rng: random.Random) -> None:
    facts = trials("signal", 21, 15) + trials("noise", 24, 5)
    shuffled = list(facts)
    rng.shuffle(shuffled)
    assert summarise(facts, ["control"]) == summarise(shuffled, ["control"])


def test_numbers_stay_behind_their_gates() -> None:
    few = summarise(trials("signal", 11, 9) + trials("noise", 40, 2), ["control"])
    assert few.gate == "hide"
    some = summarise(trials("signal", 12, 9) + trials("noise", 12, 2), ["control"])
    assert some.gate == "provisional"
    many = summarise(trials("signal", 20, 15) + trials("noise", 20, 2), ["control"])
    assert many.gate == "show"
    assert many.calibration_gate == "hide"


def test_unanswered_trials_and_decisions_are_kept_out_of_the_counts() -> None:
    facts = [
        TrialFact("signal", "control", "debt", None, None, critical_error=False),
        TrialFact("decision", "control", "", None, None, critical_error=True),
        TrialFact("noise", "control", "debt", False, 0.8, critical_error=False),
    ]
    counts = count(facts)
    assert (counts.n_signal, counts.n_noise, counts.unanswered) == (0, 1, 1)
    assert summarise(facts, ["control"]).critical_errors == 1


def test_what_is_said_is_a_sentence_with_counts_below_ten() -> None:
    counts = count(trials("signal", 8, 6) + trials("noise", 20, 2))
    assert counts.spots["kind"] == "counts"
    assert counts.alarms == {"kind": "per10", "num": 1, "den": None, "qualifier": "exact"}
