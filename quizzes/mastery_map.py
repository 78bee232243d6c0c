"""Stage x tactic: what is solid, what has too few cases to say, by the rule in words. Pure.

Measurement design 8.1 and 8.2: a tactic is judged by its most recent 15 first-exposure signals, at
least 12; a stage by its most recent 30 signals and 30 look-alikes. Beyond the design, a tactic is
solid only while its stage's look-alikes are not failed, so that flagging everything earns nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from quizzes import measures
from quizzes.measures import limits
from quizzes.summary import Counts, TrialFact, count

NEEDED = limits.MASTERY_MIN_N


class Cell(StrEnum):
    """What a cell says."""

    NOT_SEEN = "not_seen"
    TOO_FEW = "too_few"
    KEEP_PRACTISING = "keep_practising"
    FLAGS_LOOKALIKES = "flags_lookalikes"  # finds the signs, and flags look-alikes as well
    SOLID = "solid"


@dataclass(frozen=True, slots=True)
class TacticCell:
    """One tactic: `found` of `seen` recent signs; `needed` before anything can be said."""

    tactic: str
    cell: Cell
    found: int
    seen: int
    needed: int = NEEDED


@dataclass(frozen=True, slots=True)
class StageRow:
    """One stage with its tactics. `counts` are of its most recent trials."""

    stage: str
    cell: Cell
    counts: Counts
    tactics: tuple[TacticCell, ...]
    needed: int = NEEDED


def draw_map(
    newest_first: Sequence[TrialFact], model: Iterable[tuple[str, Sequence[str]]]
) -> list[StageRow]:
    """A row for each stage of the model (key, tactics). `newest_first`: counted trials only."""
    return [_row(stage, tactics, newest_first) for stage, tactics in model]


def _row(stage: str, tactics: Sequence[str], trials: Sequence[TrialFact]) -> StageRow:
    here = [one for one in trials if one.stage == stage]
    signals = [one for one in here if one.kind == "signal"]
    noise = [one for one in here if one.kind == "noise"]
    recent = limits.STAGE_RECENT_TRIALS
    counts = count([*signals[:recent], *noise[:recent]])
    mastery = measures.mastery_stage(**counts.as_measure())
    cells = tuple(
        _tactic(tactic, signals, rejections=mastery["rejections_state"]) for tactic in tactics
    )
    return StageRow(stage, _stage_cell(counts, mastery["state"]), counts, cells)


def _stage_cell(counts: Counts, state: str) -> Cell:
    if not counts.trials:
        return Cell.NOT_SEEN
    if state == "insufficient":
        return Cell.TOO_FEW
    return Cell.SOLID if state == "mastered" else Cell.KEEP_PRACTISING


def _tactic(tactic: str, signals: Sequence[TrialFact], *, rejections: str) -> TacticCell:
    recent = [one for one in signals if one.tactic == tactic][: limits.TACTIC_RECENT_SIGNALS]
    found, seen = sum(bool(one.flagged) for one in recent), len(recent)
    return TacticCell(tactic, tactic_state(found, seen, rejections), found, seen)


def tactic_state(found: int, seen: int, rejections: str) -> Cell:
    """What is said of `found` of `seen` signs where look-alikes are judged as `rejections`."""
    if not seen:
        return Cell.NOT_SEEN
    state = measures.mastery_decision(
        successes=found,
        n=seen,
        cut=limits.MASTERY_CUT,
        floor=limits.MASTERY_FLOOR,
        confidence=limits.MASTERY_CONFIDENCE,
        min_n=NEEDED,
    )["state"]
    if state == "insufficient":
        return Cell.TOO_FEW
    if state != "mastered":
        return Cell.KEEP_PRACTISING
    if rejections == "insufficient":
        return Cell.TOO_FEW
    return Cell.FLAGS_LOOKALIKES if rejections == "not_yet" else Cell.SOLID
