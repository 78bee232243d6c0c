"""What is refused: input that no learner and no trainer can have produced.

Empty and degenerate input is answered with None by the measures themselves. What these functions
refuse is a mistake of the caller (more hits than signals, a negative count, NaN), and hiding a
mistake behind None would put a wrong page in front of somebody. All of them raise ValueError.
"""

import operator
from collections.abc import Sequence, Sized
from itertools import chain
from typing import SupportsIndex

# No real count or mark comes near. Below it every count is exact as a float and nothing overflows.
LARGEST = 10**9


def count(value: SupportsIndex, name: str) -> int:
    """`value` as an int from 0 to 10**9."""
    try:
        number = operator.index(value)
    except TypeError:
        raise ValueError(f"{name} must be a whole number, not {value!r}") from None
    if not 0 <= number <= LARGEST:
        raise ValueError(f"{name} must be from 0 to {LARGEST}, not {number}")
    return number


def part(value: SupportsIndex, whole: SupportsIndex, names: tuple[str, str]) -> tuple[int, int]:
    """Both as counts, the first at most the second: hits and signals, successes and trials."""
    some, total = count(value, names[0]), count(whole, names[1])
    if some > total:
        raise ValueError(f"{names[0]} ({some}) cannot be more than {names[1]} ({total})")
    return some, total


def finite(value: float, name: str) -> float:
    """`value` as a float from -10**9 to 10**9; NaN and infinity are refused."""
    if not abs(value) <= LARGEST:  # "not <=" catches NaN, "<" would not
        raise ValueError(f"{name} must be from -{LARGEST} to {LARGEST}, not {value!r}")
    return float(value)


def between(value: float, low: float, high: float, name: str) -> float:
    """`value` as a float from `low` to `high`, both allowed."""
    number = finite(value, name)
    if not low <= number <= high:
        raise ValueError(f"{name} must be from {low:g} to {high:g}, not {number!r}")
    return number


def share(value: float, name: str) -> float:
    """`value` as a proportion or probability from 0 to 1."""
    return between(value, 0.0, 1.0, name)


def inside(value: float, low: float, high: float, name: str) -> float:
    """`value` as a float strictly between `low` and `high`."""
    number = finite(value, name)
    if not low < number < high:
        raise ValueError(f"{name} must lie between {low:g} and {high:g}, not {number!r}")
    return number


def same_length(left: Sized, right: Sized, names: str) -> None:
    """Two lists that belong together, entry by entry."""
    if len(left) != len(right):
        raise ValueError(f"{names} must be equally long, not {len(left)} and {len(right)}")


def table(rows: Sequence[Sequence[float]], name: str) -> list[list[float]]:
    """`rows` as a rectangle of finite floats: one row per person (or judge, or subject)."""
    if len({len(row) for row in rows}) > 1:
        raise ValueError(f"every row of {name} must have the same length")
    return [[finite(cell, name) for cell in row] for row in rows]


def zeros_and_ones(values: Sequence[float], name: str) -> list[int]:
    """`values` as ints that are 0 or 1; True and False count as such."""
    if any(value not in (0, 1) for value in values):
        raise ValueError(f"{name} must hold 0 and 1 only")
    return [int(value) for value in values]


def binary_table(rows: Sequence[Sequence[float]], name: str) -> list[list[float]]:
    """A rectangle of 0 and 1."""
    checked = table(rows, name)
    zeros_and_ones(list(chain.from_iterable(checked)), name)
    return checked
