"""One item in two languages: is a version harder than its twin, or only its readers weaker? Pure.

Small groups: the plain difference with Newcombe's interval, held against how the same two groups
differ on the other items. From 200 people in each: Mantel and Haenszel's comparison of people with
equal totals (1959), with the letters of the Educational Testing Service (Zwick 2012).
Measurement design, sections 2 and 17.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

from quizzes import measures
from quizzes.item_statistics import Share, share_of

DIF_MIN_GROUP: Final = 200  # 17: people in each group
CONFIDENCE: Final = 0.95
HIDE: Final = "hide"
# ETS: |delta| from 1 is worth a look (B), from 1.5 it is not small any more (C).
DELTA_LOOK: Final = 1.0
DELTA_LARGE: Final = 1.5
_DELTA: Final = -2.35  # log odds ratio -> the ETS delta scale
RIGHT_FROM: Final = 0.5  # an item with parts of a point counts as right from here


@dataclass(frozen=True, slots=True)
class Comparison:
    """An item in the first language and in the second. `difference` is first minus second.

    `others` is the same difference on the other items; `low` and `high` are Newcombe's 95 %.
    """

    first: Share
    second: Share
    difference: float | None
    low: float | None
    high: float | None
    others: float | None

    @property
    def is_shown(self) -> bool:
        """Whether both groups have enough people."""
        return HIDE not in {self.first.gate, self.second.gate}

    @property
    def harder(self) -> str:
        """`first`, `second` or "": which version is harder than its readers explain.

        The interval must leave out 0, and also what the groups differ by elsewhere: a group that is
        weaker everywhere has no bad translation here.
        """
        if not self.is_shown or self.low is None or self.high is None:
            return ""
        usual = self.others or 0.0
        if self.low > max(0.0, usual):
            return "second"
        return "first" if self.high < min(0.0, usual) else ""


@dataclass(frozen=True, slots=True)
class Matched:
    """Mantel and Haenszel: `odds` above 1 when the first group does better at equal totals."""

    odds: float | None
    delta: float | None
    chi2: float | None
    p: float | None
    se: float | None  # of delta

    @property
    def letter(self) -> str:
        """A: negligible, B: look at it, C: large; "" without a number.

        B is significant and at least 1; C is at least 1.5 and significantly more than 1.
        """
        if self.delta is None or self.p is None or self.se is None:
            return ""
        size = abs(self.delta)
        if self.p >= 1 - CONFIDENCE or size < DELTA_LOOK:
            return "A"
        beyond = (size - DELTA_LOOK) / self.se if self.se else math.inf
        one_sided = NormalDist().inv_cdf(CONFIDENCE)
        return "C" if size >= DELTA_LARGE and beyond > one_sided else "B"

    @property
    def harder(self) -> str:
        """`first`, `second` or "": which version is harder, when that is worth a look."""
        if self.letter not in {"B", "C"} or self.delta is None:
            return ""
        return "second" if self.delta < 0 else "first"


def compare(
    first: Sequence[float],
    second: Sequence[float],
    *,
    others_first: Sequence[float],
    others_second: Sequence[float],
) -> Comparison:
    """Credits of the two groups on the item, and their mean credits on the other items."""
    one = share_of(math.fsum(first), len(first))
    two = share_of(math.fsum(second), len(second))
    found = measures.wilson_difference(
        x1=min(one.n, one.right), n1=one.n, x2=min(two.n, two.right), n2=two.n
    )
    return Comparison(
        first=one,
        second=two,
        difference=found["diff"],
        low=found["low"],
        high=found["high"],
        others=_gap(others_first, others_second),
    )


def _gap(first: Sequence[float], second: Sequence[float]) -> float | None:
    if not first or not second:
        return None
    return math.fsum(first) / len(first) - math.fsum(second) / len(second)


def may_match(first: int, second: int) -> bool:
    """Whether both groups are large enough for a comparison at equal totals."""
    return min(first, second) >= DIF_MIN_GROUP


Stratum = tuple[int, int, int, int]  # first: right, wrong; second: right, wrong


def strata_of(
    credits_: Sequence[float], totals: Sequence[float], is_first: Sequence[bool]
) -> Mapping[int, Stratum]:
    """Whole total (the item included) -> the four counts of the people who have it."""
    counts: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for credit, total, first in zip(credits_, totals, is_first, strict=True):
        place = (0 if first else 2) + (0 if credit >= RIGHT_FROM else 1)
        counts[math.floor(total + 0.5)][place] += 1
    return {total: (one[0], one[1], one[2], one[3]) for total, one in counts.items()}


def mantel_haenszel(strata: Mapping[int, Stratum]) -> Matched:
    """The common odds ratio, delta, and the test with continuity correction.

    Totals that only one group has, or at which all are right or all wrong, say nothing and drop
    out. All None when nothing is left. The error of delta is Phillips and Holland's (1987).
    """
    better = worse = seen = expected = variance = error = 0.0
    for a, b, c, d in strata.values():
        n = a + b + c + d
        if not (a + b) or not (c + d) or not (a + c) or not (b + d):
            continue
        better += a * d / n
        worse += b * c / n
        seen += a
        expected += (a + b) * (a + c) / n
        variance += (a + b) * (c + d) * (a + c) * (b + d) / (n * n * (n - 1))
    if not better or not worse or not variance:
        return Matched(None, None, None, None, None)
    odds = better / worse
    for a, b, c, d in strata.values():
        n = a + b + c + d
        if (a + b) and (c + d) and (a + c) and (b + d):
            error += (a * d + odds * b * c) * (a + d + odds * (b + c)) / (n * n)
    chi2 = max(0.0, abs(seen - expected) - 0.5) ** 2 / variance
    return Matched(
        odds=odds,
        delta=_DELTA * math.log(odds),
        chi2=chi2,
        p=math.erfc(math.sqrt(chi2 / 2)),
        se=abs(_DELTA) * math.sqrt(error / (2 * better * better)),
    )
