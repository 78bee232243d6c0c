"""Upper and lower groups: the index D, and how each option of a question works.

Sections 3.4 and 3.5 of the measurement design. People tied at the boundary of a group share its
remaining places, so the order of the rows never matters. Sources: Kelley 1939; Ebel & Frisbie 1991;
Haladyna & Downing 1993.
"""

import math
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, NamedTuple, TypedDict

from quizzes.measures import checks, limits
from quizzes.measures.moments import correlation

# Weighted shares are sums of fractions: a difference below this is rounding, not a preference.
_ROUNDING: Final = 1e-12


class UpperLower(TypedDict):
    """Weighted facility per item of the best and the weakest group, and D = upper - lower."""

    group_size: int
    upper: list[float]
    lower: list[float]
    D: list[float]


class OptionRow(TypedDict):
    """One option of one question. All shares are proportions; None without people."""

    count: int
    proportion: float | None
    upper: float | None
    lower: float | None
    choice_rest_r: float | None
    non_functional: bool


class QuestionOptions(TypedDict):
    """One question; `item` counts from 1, as on paper."""

    item: int
    key: str
    options: dict[str, OptionRow]
    flag_key_problem: bool


class Distractors(TypedDict):
    """All questions of a form."""

    items: list[QuestionOptions]


class Groups(NamedTuple):
    """Group size and every person's weight in the upper and in the lower group, 0 to 1."""

    size: int
    upper: list[float]
    lower: list[float]


def _weights(totals: Sequence[float], size: int, *, sign: int) -> list[float]:
    """1 above the boundary, an equal share of the places left at it, 0 below."""
    ranked = [round(sign * total, 9) for total in totals]
    boundary = sorted(ranked, reverse=True)[size - 1]
    above = sum(total > boundary for total in ranked)
    at_boundary = (size - above) / ranked.count(boundary)
    return [1.0 if t > boundary else at_boundary if t == boundary else 0.0 for t in ranked]


def groups_of(totals: Sequence[float], fraction: float) -> Groups:
    """The two groups of max(1, floor(fraction·n + 0.5)) people each; empty for nobody.

    ValueError for a fraction that is not above 0 and at most one half.
    """
    if not 0 < fraction <= 0.5:
        raise ValueError(f"fraction must be above 0 and at most 0.5, not {fraction!r}")
    if not totals:
        return Groups(0, [], [])
    places = (Decimal(str(fraction)) * len(totals)).quantize(Decimal(1), ROUND_HALF_UP)
    size = max(1, int(places))
    return Groups(size, _weights(totals, size, sign=1), _weights(totals, size, sign=-1))


def _weighted(values: Sequence[float], weights: Sequence[float], size: int) -> float:
    return math.fsum(v * w for v, w in zip(values, weights, strict=True)) / size


def upper_lower_discrimination(
    *, matrix: Sequence[Sequence[float]] = (), fraction: float = limits.UPPER_LOWER_FRACTION
) -> UpperLower:
    """D of every item: facility among the best 27 % minus facility among the weakest (3.4).

    Items are worth 1. Empty lists for nobody. ValueError for ragged rows or a wrong fraction.
    """
    rows = checks.table(matrix, "matrix")
    groups = groups_of([math.fsum(row) for row in rows], fraction)
    columns = [[row[i] for row in rows] for i in range(len(rows[0]) if rows else 0)]
    upper = [_weighted(column, groups.upper, groups.size) for column in columns]
    lower = [_weighted(column, groups.lower, groups.size) for column in columns]
    gaps = [high - low for high, low in zip(upper, lower, strict=True)]
    return UpperLower(group_size=groups.size, upper=upper, lower=lower, D=gaps)


def _option_row(
    chosen: list[int], groups: Groups, rest: Sequence[float], *, is_key: bool
) -> OptionRow:
    count, people = sum(chosen), len(chosen)
    share = count / people if people else None
    idle = share is not None and share < limits.DISTRACTOR_MIN_SHARE and not is_key
    return OptionRow(
        count=count,
        proportion=share,
        upper=_weighted(chosen, groups.upper, groups.size) if people else None,
        lower=_weighted(chosen, groups.lower, groups.size) if people else None,
        choice_rest_r=correlation(chosen, rest),
        non_functional=idle,
    )


def _key_problem(rows: dict[str, OptionRow], right: str) -> bool:
    """Strong learners prefer another option, or choosing the key goes with doing badly."""
    key = rows[right]
    if key["choice_rest_r"] is not None and key["choice_rest_r"] < 0:
        return True
    bar = (key["upper"] or 0.0) + _ROUNDING
    return any((row["upper"] or 0.0) > bar for row in rows.values())


def distractor_analysis(
    *,
    key: Sequence[str],
    responses: Sequence[Sequence[str]],
    fraction: float = limits.UPPER_LOWER_FRACTION,
    options: Sequence[str] | None = None,
) -> Distractors:
    """How each option of each question works (3.5).

    `key` is one letter per item, a response the letters of one person in the same order; any
    character that is no letter or digit stands for "no answer". Which options a question has is
    `options` (one string of letters per item) or, without it, every letter that occurs in the form:
    an option nobody picks must show up. ValueError for a response of another length than the key.
    """
    for response in responses:
        checks.same_length(response, key, "a response and the key")
    if options is not None:
        checks.same_length(options, key, "options and the key")
    letters = {c for answers in (key, *responses) for c in answers if c.isalnum()}
    marks = [[int(a == k) for a, k in zip(r, key, strict=True)] for r in responses]
    totals = [sum(row) for row in marks]
    groups = groups_of(totals, fraction)
    items = []
    for i, right in enumerate(key):
        rest = [total - row[i] for total, row in zip(totals, marks, strict=True)]
        offered = sorted({*(letters if options is None else options[i]), right})
        rows = {
            letter: _option_row(
                [int(r[i] == letter) for r in responses], groups, rest, is_key=letter == right
            )
            for letter in offered
        }
        flag = _key_problem(rows, right)
        items.append(QuestionOptions(item=i + 1, key=right, options=rows, flag_key_problem=flag))
    return Distractors(items=items)
