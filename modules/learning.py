"""Whether a group learned: its map of tactics, and hits against false alarms by stage. Pure.

Measurement design 1.2, 1.6, 8 and 12. Every person counts alike: rates and d' are worked out for
each person and then averaged; answers of different people are never thrown together. What stands
behind too few people or too few answers has no number at all.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from modules.gain import METRIC, Says, says_of
from quizzes import measures
from quizzes.mastery_map import Cell, tactic_state
from quizzes.measures import limits
from quizzes.measures.gain import CohortMean
from quizzes.summary import Counts

FEWEST_PEOPLE: Final = limits.SMALL_GROUP_BELOW
UNJUDGED: Final = frozenset({Cell.NOT_SEEN, Cell.TOO_FEW})
Place = tuple[str, str]  # stage, tactic
Model = Iterable[tuple[str, Sequence[str]]]


def hides_rest(remainder: int) -> bool:
    """Whether a filter leaves out so few that they could be told by subtraction (11)."""
    return 0 < remainder < FEWEST_PEOPLE


def tellable(
    everybody: AbstractSet[UUID], groups: Mapping[UUID, AbstractSet[UUID]]
) -> frozenset[UUID]:
    """Which groups may be told beside the whole: no subtraction may leave one to four people (11).

    Larger groups come first. A group is left out when it is too small, when the whole without it
    is, or when it differs from a group that is told by so few. Nor may so few be left of a group,
    or of the whole, that are in none of its parts that are told: the smallest part then goes.
    """
    told: dict[UUID, AbstractSet[UUID]] = {}
    for key in sorted(groups, key=lambda one: (-len(groups[one] & everybody), str(one))):
        mine = groups[key] & everybody
        apart = (len(mine ^ other) for other in (everybody, *told.values()))
        if len(mine) >= FEWEST_PEOPLE and not any(map(hides_rest, apart)):
            told[key] = mine
    while (smallest := _part_to_hide(everybody, told)) is not None:
        del told[smallest]
    return frozenset(told)


def _part_to_hide(
    everybody: AbstractSet[UUID], told: Mapping[UUID, AbstractSet[UUID]]
) -> UUID | None:
    """The smallest part of a whole whose told parts leave so few of it; None when all is well."""
    for whole in (everybody, *told.values()):
        parts = [key for key, mine in told.items() if mine < whole]
        if parts and hides_rest(len(set(whole).difference(*(told[key] for key in parts)))):
            return parts[-1]  # they are in the order of their size
    return None


# --- the map --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TacticFold:
    """One tactic of a group. `solid` of `judged` people; both None below five who can be judged.

    `growing`: judged and not solid yet. `lookalikes`: those of them who find the signs and flag
    look-alikes too. `enough`: how many have enough cases, also when the rest is hidden.
    """

    tactic: str
    enough: int
    solid: int | None = None
    growing: int | None = None
    lookalikes: int | None = None

    @property
    def share(self) -> float | None:
        """The part of those who can be judged that is solid."""
        return None if self.solid is None else self.solid / self.enough


@dataclass(frozen=True, slots=True)
class StageFold:
    """One stage of the model with its tactics, in their order."""

    stage: str
    tactics: tuple[TacticFold, ...]


def fold_map(people: Iterable[Mapping[Place, Counts]], model: Model) -> list[StageFold]:
    """How many people are solid in which tactic. One entry for each person who answered anything.

    The rule is that of a person's own map (`quizzes.mastery_map`) with one difference: every case
    they met for the first time counts, not only the last fifteen. What comes in is walked once.
    """
    order = [(stage, tuple(tactics)) for stage, tactics in model]
    cells: dict[Place, Counter[Cell]] = defaultdict(Counter)
    # Ten thousand people share a few hundred pairs of numbers, and judging one takes a while.
    known: dict[tuple[int, int, str], Cell] = {}
    left_alone: dict[tuple[int, int], str] = {}
    for sums in people:
        for stage, tactics in order:
            here = [one for (where, _tactic), one in sums.items() if where == stage]
            if not here:
                continue
            noise = (sum(one.false_alarms for one in here), sum(one.n_noise for one in here))
            if noise not in left_alone:
                left_alone[noise] = _rejections(*noise)
            state = left_alone[noise]
            for tactic in tactics:
                found = sums.get((stage, tactic))
                if found is None or not found.n_signal:
                    continue
                key = (found.hits, found.n_signal, state)
                if key not in known:
                    known[key] = tactic_state(*key)
                cells[stage, tactic][known[key]] += 1
    return [
        StageFold(stage, tuple(_folded(one, cells[stage, one]) for one in tactics))
        for stage, tactics in order
    ]


def _rejections(false_alarms: int, n_noise: int) -> str:
    """How the look-alikes of a whole stage are judged, as a person's own map does it."""
    stage = measures.mastery_stage(hits=0, n_signal=0, false_alarms=false_alarms, n_noise=n_noise)
    return stage["rejections_state"]


def _folded(tactic: str, cells: Counter[Cell]) -> TacticFold:
    enough = sum(number for cell, number in cells.items() if cell not in UNJUDGED)
    if enough < FEWEST_PEOPLE:
        return TacticFold(tactic, enough)
    solid = cells[Cell.SOLID]
    return TacticFold(tactic, enough, solid, enough - solid, cells[Cell.FLAGS_LOOKALIKES])


# --- before and after, by stage -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Rates:
    """Means over people: signs spotted and false alarms, as shares, and d'."""

    hits: float
    alarms: float
    apart: float


@dataclass(frozen=True, slots=True)
class StageMove:
    """One stage before and after. Everything from `before` on is None while `says` is `TOO_FEW`.

    `pairs`: people with enough answers of both kinds in this stage, both times. `change` is the
    mean change of d' of these people with its interval; `says` rests on it.
    """

    stage: str
    pairs: int
    gate: str
    says: Says
    before: Rates | None = None
    after: Rates | None = None
    change: CohortMean | None = None


Sides = tuple[Counts, Counts]  # one person in one stage: before, after


class Moves:
    """Adds up people one at a time, so that ten thousand need no more room than their d'."""

    def __init__(self) -> None:
        self._sides: dict[str, list[tuple[Rates, Rates]]] = defaultdict(list)

    def add(self, stages: Mapping[str, Sides]) -> None:
        """One person: stage -> counts before and after."""
        for stage, (before, after) in stages.items():
            first, last = rates_of(before), rates_of(after)
            if first is not None and last is not None:
                self._sides[stage].append((first, last))

    def of(self, stage: str) -> StageMove:
        """What may be said of one stage."""
        pairs = self._sides.get(stage, [])
        gate = measures.display_gate(metric=METRIC, n_pairs=len(pairs))["state"]
        if gate == "hide":
            return StageMove(stage, len(pairs), gate, Says.TOO_FEW)
        change = measures.cohort_mean(values=[last.apart - first.apart for first, last in pairs])
        return StageMove(
            stage=stage,
            pairs=len(pairs),
            gate=gate,
            says=says_of(change["ci95"]),
            before=_mean([first for first, _last in pairs]),
            after=_mean([last for _first, last in pairs]),
            change=change,
        )


def rates_of(counts: Counts) -> Rates | None:
    """The rates of one person; None below the gate of a person's d' (12)."""
    gate = measures.display_gate(
        metric="person_stage_dprime", n_signal=counts.n_signal, n_noise=counts.n_noise
    )
    apart = measures.sdt_from_counts(**counts.as_measure())["dprime"]
    if gate["state"] == "hide" or apart is None:
        return None
    return Rates(counts.hits / counts.n_signal, counts.false_alarms / counts.n_noise, apart)


def _mean(rates: Sequence[Rates]) -> Rates:
    number = len(rates)
    return Rates(
        sum(one.hits for one in rates) / number,
        sum(one.alarms for one in rates) / number,
        sum(one.apart for one in rates) / number,
    )
