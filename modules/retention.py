"""What stayed some time after the course: for one person, and for a cohort. Pure.

Measurement design 7 and U8. Only short cases are counted, as check-ups hold nothing else. Three
cases say little about one person, so the range is always shown; a cohort is compared with itself,
the same people at the end of the course and later, and nothing is shown below the gate.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from modules.coming_back import CHECK_UP_DAYS
from modules.gain import METRIC, PERCENT, Says, says_of, sum_of
from quizzes import measures
from quizzes.measures.gain import CohortMean, GroupGain
from quizzes.summary import Counts

BEFORE, AFTER = "before", "after"
PLACES: Final = (BEFORE, AFTER, *map(str, CHECK_UP_DAYS))


def right_share(counts: Counts) -> float:
    """Right answers: signs spotted and look-alikes left alone. There must be a trial."""
    return (counts.hits + counts.n_noise - counts.false_alarms) / counts.trials


@dataclass(frozen=True, slots=True)
class Point:
    """One sitting of one person: where it stands, its counts, and the likely range of its share."""

    place: str
    counts: Counts
    right: int
    share: float
    low: float
    high: float

    @property
    def days(self) -> int:
        """Days after the course; 0 for the tests around it."""
        return int(self.place) if self.place.isdigit() else 0


def own_curve(sittings: Mapping[str, Counts]) -> list[Point]:
    """The points of one person in order of time; what was not taken or not answered is absent."""
    return [_point(place, sittings[place]) for place in PLACES if _answered(sittings.get(place))]


def _answered(counts: Counts | None) -> bool:
    return counts is not None and counts.trials > 0


def _point(place: str, counts: Counts) -> Point:
    right = counts.hits + counts.n_noise - counts.false_alarms
    interval = measures.wilson_interval(successes=right, n=counts.trials, confidence=0.95)
    return Point(
        place, counts, right, right_share(counts), interval["low"] or 0.0, interval["high"] or 0.0
    )


@dataclass(frozen=True, slots=True)
class Person:
    """One person of a cohort: the end of the course, later sittings, and whose time has come."""

    after: Counts | None
    later: Mapping[int, Counts]
    due: frozenset[int]


@dataclass(frozen=True, slots=True)
class Later:
    """One check-up of a cohort. Everything from `then` on is None while `says` is `TOO_FEW`.

    `came`: for how many its time has come; `taken` of them took it. `then` and `now` are the counts
    of the same people at the end and later; `percent` compares them, `mean` is that of later.
    """

    days: int
    came: int
    taken: int
    gate: str
    says: Says
    then: Counts | None = None
    now: Counts | None = None
    percent: GroupGain | None = None
    mean: CohortMean | None = None

    @property
    def missing(self) -> int:
        """How many did not take it, though its time has come."""
        return self.came - self.taken


@dataclass(frozen=True, slots=True)
class CohortCurve:
    """A cohort over time. `end`: mean of all who took the final, None below the gate."""

    people: int
    finished: int
    end: CohortMean | None
    later: tuple[Later, ...]


def cohort_curve(people: Iterable[Person]) -> CohortCurve:
    """One entry for each person of the cohort, also for those who are not through."""
    group = list(people)
    ends = [one.after for one in group if one.after is not None and one.after.trials]
    return CohortCurve(
        people=len(group),
        finished=len(ends),
        end=_mean(ends) if _gate(len(ends)) != "hide" else None,
        later=tuple(_later(days, group) for days in CHECK_UP_DAYS),
    )


def _gate(n: int) -> str:
    return measures.display_gate(metric=METRIC, n_pairs=n)["state"]


def _mean(counts: Sequence[Counts]) -> CohortMean:
    return measures.cohort_mean(values=[PERCENT * right_share(one) for one in counts])


def _later(days: int, group: Sequence[Person]) -> Later:
    took = [one for one in group if _answered(one.later.get(days))]
    came = sum(days in one.due or one in took for one in group)
    pairs = [(one.after, one.later[days]) for one in took if one.after and one.after.trials]
    gate = _gate(len(pairs))
    if gate == "hide":
        return Later(days, came, len(took), gate, Says.TOO_FEW)
    then, now = [first for first, _ in pairs], [last for _, last in pairs]
    percent = measures.group_gain(
        pre=[PERCENT * right_share(one) for one in then],
        post=[PERCENT * right_share(one) for one in now],
    )
    return Later(
        days=days,
        came=came,
        taken=len(took),
        gate=gate,
        says=says_of(percent["gain_ci95"]),
        then=sum_of(then),
        now=sum_of(now),
        percent=percent,
        mean=_mean(now),
    )
