"""What a cohort gained between the first test and the last, and whether that is clear. Pure.

Measurement design 7 and U7. The same people twice, on forms of which half take A first and half B.
Below the gate nothing is said; where the interval of the mean gain covers zero there is no clear
gain, and no picture may suggest one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from quizzes import measures
from quizzes.measures.gain import CohortMean, GroupGain
from quizzes.summary import Counts

PERCENT: Final = 100.0
METRIC: Final = "group_gain"


class Says(StrEnum):
    """What may be said about the group."""

    TOO_FEW = "too_few"
    NO_CLEAR_GAIN = "no_clear_gain"
    CLEAR_GAIN = "clear_gain"
    CLEAR_LOSS = "clear_loss"


@dataclass(frozen=True, slots=True)
class Sitting:
    """One test of one person: its form, and its trials that count."""

    form: str
    counts: Counts

    @property
    def is_enough(self) -> bool:
        """Whether enough was answered, of both kinds, to stand for a person."""
        gate = measures.display_gate(
            metric="person_stage_dprime",
            n_signal=self.counts.n_signal,
            n_noise=self.counts.n_noise,
        )
        return gate["state"] != "hide"

    @property
    def percent(self) -> float:
        """Right answers of 100: signs spotted and look-alikes left alone, each case alike."""
        left_alone = self.counts.n_noise - self.counts.false_alarms
        return PERCENT * (self.counts.hits + left_alone) / self.counts.trials

    @property
    def telling_apart(self) -> float | None:
        """D'."""
        return measures.sdt_from_counts(**self.counts.as_measure())["dprime"]


@dataclass(frozen=True, slots=True)
class Pair:
    """The two tests of one person; None for one that was not taken."""

    before: Sitting | None = None
    after: Sitting | None = None

    @property
    def is_whole(self) -> bool:
        """Whether both were taken, with enough answers."""
        return bool(self.before and self.after and self.before.is_enough and self.after.is_enough)


@dataclass(frozen=True, slots=True)
class Takers:
    """Of all people of the group: who took what. `short`: took both and answered too little."""

    people: int
    before: int
    after: int
    pairs: int
    short: int
    only_before: int
    only_after: int
    neither: int


@dataclass(frozen=True, slots=True)
class Gain:
    """What the page shows. Everything from `before` on is None while `says` is `TOO_FEW`.

    `percent` has mean before and after, the gain and its interval, of 100. `apart` is the mean
    change of d' with its interval. `first_forms`: form -> how many of the pairs began with it.
    """

    taken: Takers
    gate: str
    says: Says
    before: Counts | None = None
    after: Counts | None = None
    percent: GroupGain | None = None
    apart: CohortMean | None = None
    first_forms: Mapping[str, int] | None = None

    @property
    def is_lopsided(self) -> bool:
        """Whether nearly all began with the same form, so that the forms may explain the gain."""
        forms = self.first_forms or {}
        return bool(forms) and max(forms.values()) > 0.8 * sum(forms.values())


def measure_gain(people: Iterable[Pair]) -> Gain:
    """The gain of a group. One entry for each person of it, also for those without any test."""
    group = list(people)
    pairs = [(one.before, one.after) for one in group if one.is_whole]
    whole = [(first, last) for first, last in pairs if first and last]
    taken = _taken(group, len(whole))
    gate = measures.display_gate(metric=METRIC, n_pairs=len(whole))["state"]
    if gate == "hide":
        return Gain(taken, gate, Says.TOO_FEW)
    percent = measures.group_gain(
        pre=[first.percent for first, _ in whole], post=[last.percent for _, last in whole]
    )
    changes = [
        last.telling_apart - first.telling_apart
        for first, last in whole
        if first.telling_apart is not None and last.telling_apart is not None
    ]
    return Gain(
        taken=taken,
        gate=gate,
        says=says_of(percent["gain_ci95"]),
        before=sum_of([first.counts for first, _ in whole]),
        after=sum_of([last.counts for _, last in whole]),
        percent=percent,
        apart=measures.cohort_mean(values=changes),
        # A plain one: a template that asks a Counter for its items gets the count of "items".
        first_forms=dict(Counter(first.form for first, _ in whole)),
    )


def _taken(group: Sequence[Pair], pairs: int) -> Takers:
    both = [one for one in group if one.before and one.after]
    return Takers(
        people=len(group),
        before=sum(one.before is not None for one in group),
        after=sum(one.after is not None for one in group),
        pairs=pairs,
        short=len(both) - pairs,
        only_before=sum(one.before is not None and one.after is None for one in group),
        only_after=sum(one.before is None and one.after is not None for one in group),
        neither=sum(one.before is None and one.after is None for one in group),
    )


def says_of(interval: Sequence[float] | None) -> Says:
    """What the interval of a mean change allows to say."""
    if interval is None:
        return Says.NO_CLEAR_GAIN
    low, high = interval
    if low > 0:
        return Says.CLEAR_GAIN
    return Says.CLEAR_LOSS if high < 0 else Says.NO_CLEAR_GAIN


def sum_of(counts: Iterable[Counts]) -> Counts:
    """The answers of several people together."""
    every = list(counts)
    return Counts(
        n_signal=sum(one.n_signal for one in every),
        hits=sum(one.hits for one in every),
        n_noise=sum(one.n_noise for one in every),
        false_alarms=sum(one.false_alarms for one in every),
    )
