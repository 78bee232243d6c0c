"""What a cohort mixes up: which pairs to talk about, and which wrong answer pulls. Pure.

Counts of groups only, never of a person. What stands behind too few answers or too few people is
not ranked at all (measurement design 12).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from quizzes import measures

MOST_PAIRS = 3
FEWEST_SURE = 10  # people behind a figure on how sure a group was


@dataclass(frozen=True, slots=True)
class PairCount:
    """A sign and a look-alike of it: how often the look-alike was flagged, the sign missed."""

    sign: str
    lookalike: str  # key of a confounder, else of a family of lures
    is_confounder: bool
    n_noise: int
    false_alarms: int
    n_signal: int
    misses: int
    people: int

    @property
    def errors(self) -> int:
        """How often the two were taken for each other, in either direction."""
        return self.false_alarms + self.misses

    @property
    def is_over_flagged(self) -> bool:
        """Whether the look-alike alarms more often than the sign is missed."""
        missed = self.misses / self.n_signal if self.n_signal else 0.0
        return self.false_alarms / max(1, self.n_noise) >= missed

    @property
    def trials(self) -> int:
        """How often they could have been."""
        return self.n_noise + self.n_signal


@dataclass(frozen=True, slots=True)
class OptionCount:
    """A wrong option of a question: how many chose it, of how many who answered."""

    version_id: object
    option: str
    chosen: int
    n: int


@dataclass(frozen=True, slots=True)
class SureCount:
    """A case with a question of how sure: `sure` is the mean of those who were wrong, 0 to 1."""

    version_id: object
    people: int
    wrong: int
    sure: float

    @property
    def sure_per_cent(self) -> int:
        """For the page."""
        return round(100 * self.sure)


T = TypeVar("T")


def is_enough(people: int) -> bool:
    """Whether a group figure about a question may be shown: ten answers of one are still one."""
    return measures.display_gate(metric="item_facility", n=people)["state"] != "hide"


def surely(part: int, whole: int) -> float:
    """The lower end of the interval: three of three is less than thirty of thirty-one."""
    return float(measures.wilson_interval(successes=part, n=whole)["low"] or 0.0)


def confused(pairs: Iterable[PairCount]) -> list[PairCount]:
    """The pairs mixed up most, at most three; only a look-alike that somebody flagged is one."""
    enough = [one for one in pairs if one.false_alarms and is_enough(one.people)]
    enough.sort(key=lambda one: (-surely(one.errors, one.trials), one.sign, one.lookalike))
    chosen: list[PairCount] = []
    for one in enough:
        # The same sign twice would be the same talk twice.
        if one.sign not in {other.sign for other in chosen}:
            chosen.append(one)
    return chosen[:MOST_PAIRS]


def pulling(options: Iterable[OptionCount]) -> OptionCount | None:
    """The wrong option that draws most; None while there are too few answers."""
    enough = [one for one in options if one.chosen and is_enough(one.n)]
    enough.sort(key=lambda one: (-surely(one.chosen, one.n), str(one.version_id), one.option))
    return enough[0] if enough else None


def surest_wrong(cases: Iterable[SureCount]) -> SureCount | None:
    """The case that most people got wrong while sure; only from ten who were wrong upwards."""
    enough = [one for one in cases if one.wrong >= FEWEST_SURE]
    enough.sort(key=lambda one: (-one.wrong * one.sure, str(one.version_id)))
    return enough[0] if enough else None
