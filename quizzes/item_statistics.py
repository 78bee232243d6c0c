"""The numbers of one form: how hard each case is, what it separates, how far to trust them. Pure.

The same figures as `measures.ctt_item_analysis`, from sums that are made once, so that a form of 60
cases and 10,000 people takes a second instead of a minute (a test holds the two equal). A cell is
the credit of one person on one item, 0 to 1, or None where the person stepped over the item by its
content note. Facility is told from all who answered; what needs whole rows (the total, reliability,
what an item separates) from the people without a gap. Measurement design, section 3.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import NormalDist
from typing import Final

from quizzes import measures
from quizzes.measures import limits
from quizzes.measures.groups import Groups, groups_of
from quizzes.measures.items import feldt_interval
from quizzes.measures.moments import correlation, is_constant, sample_variance

HIDE, PROVISIONAL, SHOW = "hide", "provisional", "show"
Column = Sequence[float | None]
_SPREADLESS: Final = 1e-12


class Flag(StrEnum):
    """What a trainer should look at."""

    VERY_HARD = "very_hard"
    ALREADY_KNOWN = "already_known"
    CHECK_KEY = "check_key"
    WEAK = "weak"  # it hardly separates who knows from who does not


@dataclass(frozen=True, slots=True)
class Share:
    """Points of so many people, as a share with its interval. None without people."""

    points: float
    n: int
    p: float | None
    low: float | None
    high: float | None

    @property
    def right(self) -> int:
        """Whole points, for "31 of 40"."""
        return math.floor(self.points + 0.5)

    @property
    def gate(self) -> str:
        """Whether there are enough people to show it."""
        return measures.display_gate(metric="item_facility", n=self.n)["state"]


@dataclass(frozen=True, slots=True)
class Correlation:
    """A correlation with Fisher's 95 % interval. None without spread."""

    r: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class ItemNumbers:
    """One item of the form. `separates` is the correlation with the rest; `n` its people."""

    facility: Share
    is_partial: bool  # whether anybody has a part of its points
    n: int
    sd: float | None
    separates: Correlation
    item_total_r: float | None
    index: float | None  # D: best 27 % minus weakest 27 %
    alpha_if_dropped: float | None

    @property
    def gate(self) -> str:
        """Whether there are enough people to show what it separates."""
        return measures.display_gate(metric="item_discrimination", n=self.n)["state"]

    @property
    def word(self) -> str | None:
        """Ebel's word for it."""
        return measures.ebel_word(discrimination=self.separates.r)["word"]

    def flags(self, *, pre_test: bool) -> list[Flag]:
        """What to look at; nothing below the gate of the number it rests on."""
        found: list[Flag] = []
        if self.facility.gate != HIDE:
            word = measures.facility_word(facility=self.facility.p, pre_test=pre_test)["word"]
            found += {"very_hard": [Flag.VERY_HARD], "already_known": [Flag.ALREADY_KNOWN]}.get(
                word or "", []
            )
        if self.gate != HIDE and self.separates.r is not None:
            if self.goes_backwards:
                found.append(Flag.CHECK_KEY)
            elif self.gate == SHOW and self.separates.r < limits.EBEL_BANDS[-1][0]:
                found.append(Flag.WEAK)
        return found

    @property
    def goes_backwards(self) -> bool:
        """Who is good at the rest does worse here, by more than chance: 9 times in 10 it holds."""
        if self.separates.r is None:
            return False
        _low, high = fisher_interval(self.separates.r, self.n, BACKWARDS_CONFIDENCE)
        return high is not None and high < 0


# A sound but weak item (r = .15) of 30 people falls below 0 in one class of five; below this bound
# in one of fifty. A key that is turned round lies far below it.
BACKWARDS_CONFIDENCE: Final = 0.80


@dataclass(frozen=True, slots=True)
class FormNumbers:
    """A whole form. `people` handed it in, `n` of them without a gap; totals are in points."""

    people: int
    n: int
    k: int
    mean_total: float | None
    sd_total: float | None
    alpha: float | None
    alpha_low: float | None
    alpha_high: float | None
    sem: float | None
    items: tuple[ItemNumbers, ...]

    @property
    def gate(self) -> str:
        """Whether there are enough people and items to say how reliable it is."""
        return measures.display_gate(metric="test_alpha", n_persons=self.n, n_items=self.k)["state"]

    @property
    def trust(self) -> str:
        """`none` (no number), `unusable`, `persons_never`, `profile` or `decisions`."""
        if self.alpha is None:
            return "none"
        if self.alpha < 0:
            return "unusable"
        if self.alpha < limits.RELIABILITY_PROFILE:
            return "persons_never"
        return "decisions" if self.alpha >= limits.RELIABILITY_PASS_FAIL else "profile"


def share_of(points: float, n: int, confidence: float = limits.FACILITY_BAR_CONFIDENCE) -> Share:
    """Points of n people with Wilson's interval.

    Where an item gives parts of a point, its spread is smaller than that of right and wrong with
    the same mean, so the interval is rather too wide than too narrow.
    """
    whole = min(n, math.floor(points + 0.5))
    found = measures.wilson_interval(successes=whole, n=n, confidence=confidence)
    return Share(points, n, points / n if n else None, found["low"], found["high"])


def fisher_interval(
    r: float, n: int, confidence: float = 0.95
) -> tuple[float | None, float | None]:
    """Fisher's interval of a correlation; None for fewer than four people or a perfect one."""
    if n < 4 or abs(r) >= 1:
        return None, None
    half = NormalDist().inv_cdf((1 + confidence) / 2) / math.sqrt(n - 3)
    middle = math.atanh(r)
    return math.tanh(middle - half), math.tanh(middle + half)


def complete_rows(columns: Sequence[Column], people: int) -> list[int]:
    """The people without a gap, by their place."""
    gaps = {i for column in columns for i, cell in enumerate(column) if cell is None}
    return [i for i in range(people) if i not in gaps]


def totals_of(columns: Sequence[Column], rows: Sequence[int]) -> list[float]:
    """The total of each of these people, who have no gap."""
    sums = [0.0] * len(rows)
    for column in columns:
        for place, i in enumerate(rows):
            sums[place] += column[i] or 0.0
    return [round(total, 9) for total in sums]


def rests_of(columns: Sequence[Column], place: int, rows: Sequence[int]) -> list[float]:
    """The total without one item, of people without a gap."""
    column = columns[place]
    totals = totals_of(columns, rows)
    return [round(total - (column[i] or 0.0), 9) for total, i in zip(totals, rows, strict=True)]


@dataclass(frozen=True, slots=True)
class _Whole:
    """What all items share: made once."""

    rows: list[int]
    totals: list[float]
    centred: list[float]
    variance: float
    variances: float
    groups: Groups


def analyse(columns: Sequence[Column], people: int) -> FormNumbers:
    """Everything about one form; empty columns are answered with None throughout."""
    rows = complete_rows(columns, people)
    totals = totals_of(columns, rows)
    n, k = len(rows), len(columns)
    mean = math.fsum(totals) / n if n else None
    whole = _Whole(
        rows=rows,
        totals=totals,
        centred=[total - (mean or 0.0) for total in totals],
        variance=sample_variance(totals) or 0.0,
        variances=math.fsum(_variance(column, rows) for column in columns),
        groups=groups_of(totals, limits.UPPER_LOWER_FRACTION),
    )
    alpha = _alpha(k, whole.variances, whole.variance)
    spread = math.sqrt(whole.variance) if n > 1 else None
    interval = feldt_interval(alpha, n, k) if alpha is not None else [None, None]
    return FormNumbers(
        people=people,
        n=n,
        k=k,
        mean_total=mean,
        sd_total=spread,
        alpha=alpha,
        alpha_low=interval[0],
        alpha_high=interval[1],
        sem=None if alpha is None else (spread or 0.0) * math.sqrt(max(0.0, 1 - alpha)),
        items=tuple(_item(column, whole, k) for column in columns),
    )


def _alpha(k: int, variances: float, total: float) -> float | None:
    if k < 2 or total <= _SPREADLESS:
        return None
    return k / (k - 1) * (1 - variances / total)


def _variance(column: Column, rows: Sequence[int]) -> float:
    return sample_variance([column[i] or 0.0 for i in rows]) or 0.0


def _item(column: Column, whole: _Whole, k: int) -> ItemNumbers:
    answered = [cell for cell in column if cell is not None]
    cells = [column[i] or 0.0 for i in whole.rows]
    n = len(cells)
    own = sample_variance(cells)
    cross = _cross(cells, whole, n)
    rest = whole.variance - 2 * cross + (own or 0.0)  # variance of the total without the item
    r = _ratio(cross - (own or 0.0), own, rest)
    low, high = (None, None) if r is None else fisher_interval(r, n)
    dropped = _alpha(k - 1, whole.variances - (own or 0.0), rest) if k > 2 else None
    return ItemNumbers(
        facility=share_of(math.fsum(answered), len(answered)),
        is_partial=any(0 < cell < 1 for cell in answered),
        n=n,
        sd=None if own is None else math.sqrt(own),
        separates=Correlation(r, low, high),
        item_total_r=_ratio(cross, own, whole.variance),
        index=upper_minus_lower(cells, whole.groups),
        alpha_if_dropped=dropped,
    )


def _cross(cells: Sequence[float], whole: _Whole, n: int) -> float:
    """Covariance of an item with the total; exactly 0 without spread."""
    if n < 2 or is_constant(cells) or whole.variance <= _SPREADLESS:
        return 0.0
    return math.fsum(c * t for c, t in zip(cells, whole.centred, strict=True)) / (n - 1)


def _ratio(together: float, first: float | None, second: float) -> float | None:
    if not first or second <= _SPREADLESS:
        return None
    return max(-1.0, min(1.0, together / math.sqrt(first * second)))


def upper_minus_lower(cells: Sequence[float], groups: Groups) -> float | None:
    """The index D of one item; None for nobody."""
    if not groups.size:
        return None
    return weighted(cells, groups.upper, groups.size) - weighted(cells, groups.lower, groups.size)


def weighted(cells: Sequence[float], weights: Sequence[float], size: int) -> float:
    """Mean of a group in which people tied at its edge count in part."""
    return math.fsum(c * w for c, w in zip(cells, weights, strict=True)) / size


# --- the options of one item ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OptionNumbers:
    """One answer that could be given: who gave it, among all, the best and the weakest 27 %."""

    option: str
    is_key: bool
    count: int
    n: int
    upper: float | None
    lower: float | None
    r: float | None

    @property
    def share(self) -> float:
        """Of all who had the choice."""
        return self.count / self.n if self.n else 0.0

    @property
    def is_idle(self) -> bool:
        """A wrong answer that draws nearly nobody."""
        return not self.is_key and self.share < limits.DISTRACTOR_MIN_SHARE


@dataclass(frozen=True, slots=True)
class PartNumbers:
    """One question within an item, with its answers; `n` people answered it or left it open."""

    part: str
    n: int
    options: tuple[OptionNumbers, ...]

    @property
    def gate(self) -> str:
        """Whether there are enough people to compare groups."""
        return measures.display_gate(metric="item_discrimination", n=self.n)["state"]

    @property
    def preferred(self) -> OptionNumbers | None:
        """The wrong answer that the strong prefer to the right one; None below the gate."""
        keys = [one for one in self.options if one.is_key]
        if not keys or self.gate == HIDE:
            return None
        bar = max(one.upper or 0.0 for one in keys) + _SPREADLESS
        wrong = [one for one in self.options if not one.is_key and (one.upper or 0.0) > bar]
        return max(wrong, key=lambda one: (one.upper or 0.0, one.option)) if wrong else None

    @property
    def idle(self) -> list[OptionNumbers]:
        """Wrong answers that nearly nobody gives; none below the gate."""
        return [] if self.gate == HIDE else [one for one in self.options if one.is_idle]


def part_numbers(
    part: str,
    chosen: Sequence[str],
    rest: Sequence[float],
    *,
    offered: Sequence[str],
    keys: frozenset[str],
    totals: Sequence[float],
) -> PartNumbers:
    """How each answer to one question works (3.5). `chosen` "" is left open.

    `rest` and `totals` are of the same people, in the same order.
    """
    groups = groups_of(totals, limits.UPPER_LOWER_FRACTION)
    known = list(dict.fromkeys([*offered, *sorted({one for one in chosen if one})]))
    return PartNumbers(
        part,
        len(chosen),
        tuple(_option(one, chosen, rest, groups, is_key=one in keys) for one in known),
    )


def _option(
    option: str, chosen: Sequence[str], rest: Sequence[float], groups: Groups, *, is_key: bool
) -> OptionNumbers:
    picked = [float(one == option) for one in chosen]
    return OptionNumbers(
        option,
        is_key,
        sum(one == option for one in chosen),
        len(chosen),
        upper=weighted(picked, groups.upper, groups.size) if groups.size else None,
        lower=weighted(picked, groups.lower, groups.size) if groups.size else None,
        r=correlation(picked, rest),
    )
