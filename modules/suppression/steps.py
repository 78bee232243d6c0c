"""PURE: the second lock, numbers that move in steps; and single numbers in steps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from modules.suppression.grid import UNKNOWN, Cell, Grid, Window
from modules.suppression.hiding import MINIMUM, hidden_cells
from modules.suppression.network import Network

PERCENT_STEP: Final = 5


@dataclass(frozen=True, slots=True)
class Shown:
    """What may be told: for each cell a number "at least so many", or None: hidden."""

    numbers: Mapping[Cell, int | None]
    windows: Mapping[Cell, Window]  # what a reader can know at most from them

    def __getitem__(self, cell: Cell) -> int | None:
        return self.numbers[cell]


def stepped(grid: Grid, *, minimum: int = MINIMUM) -> Shown:
    """The table with its small cells hidden, and all others rounded down to steps of `minimum`.

    A number that is the sum of others could give their last digits away ("five groups of 5 to 9
    make 45": all are 9). It is then told a step lower. Rows stay sums of their categories.
    """
    hidden = hidden_cells(grid, minimum=minimum)
    numbers: dict[Cell, int | None] = {}
    windows: dict[Cell, Window] = {}
    for group in reversed(grid.groups):
        parts = grid.below(group)
        for column in range(grid.columns):
            inside = [windows[part, column] for part in parts]
            _tell(grid, (group, column), hidden, inside, minimum, numbers, windows)
        row = [windows[group, column] for column in range(grid.columns)]
        if any((group, column) in hidden for column in range(grid.columns)):
            row = [windows[part, grid.total] for part in parts]
            _tell(grid, (group, grid.total), hidden, row, minimum, numbers, windows)
        else:
            cell = (group, grid.total)
            number = sum(numbers[group, column] or 0 for column in range(grid.columns))
            numbers[cell] = None if cell in hidden else number
            windows[cell] = (number, _highest(row))
    _hide_what_narrows(grid, minimum, numbers, windows)
    return Shown(numbers, windows)


def _highest(windows: Iterable[Window]) -> int | None:
    highs = [high for _, high in windows]
    return None if None in highs else sum(high for high in highs if high is not None)


def _tell(
    grid: Grid,
    cell: Cell,
    hidden: frozenset[Cell],
    inside: Sequence[Window],
    step: int,
    numbers: dict[Cell, int | None],
    windows: dict[Cell, Window],
) -> None:
    """One number, rounded down, and further where the numbers it is the sum of would narrow."""
    if cell in hidden:
        numbers[cell], windows[cell] = None, UNKNOWN
        return
    number = grid.values[cell] // step * step
    high: int | None = number + step - 1
    highest = _highest(inside) if inside else None
    if highest is not None:
        widest = max(top - low for low, top in inside if top is not None)
        limit = (highest - widest) // step * step
        if number >= limit:
            number, high = limit, highest
    numbers[cell], windows[cell] = number, (number, high)


def _hide_what_narrows(
    grid: Grid,
    step: int,
    numbers: dict[Cell, int | None],
    windows: dict[Cell, Window],
) -> None:
    """The proof of the second lock. What all numbers together tell closer than a step is hidden."""
    network = Network(grid)
    again = True
    while again:
        again = False
        for cell in grid.values:
            if numbers[cell] is None:
                continue
            if network.movement(windows, cell, step).far < step - 1:
                numbers[cell], windows[cell], again = None, UNKNOWN, True


# --- single numbers -------------------------------------------------------------------------------


def told(part: int, whole: int, *, minimum: int = MINIMUM) -> int | None:
    """One part of a whole that is told too, in steps; None when it or the rest is small."""
    if part < minimum or whole - part < minimum:
        return None
    return part // minimum * minimum


def near(percent: float) -> int:
    """A mean of a group, of 100, to the nearest step of 5.

    One person more moves the mean of at least ten by less than ten points, so from two such
    means and their numbers nobody's own result follows: it could still be nearly anything.
    """
    return int(percent / PERCENT_STEP + 0.5) * PERCENT_STEP


def signed_near(points: float) -> int:
    """The same of a change, which may be below nought."""
    return near(points) if points >= 0 else -near(-points)
