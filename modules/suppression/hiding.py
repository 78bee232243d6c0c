"""PURE: the first lock, which cells of a table are hidden."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import Final

from modules.suppression.grid import ALL, UNKNOWN, Cell, Grid, Window
from modules.suppression.network import Network

MINIMUM: Final = 5
LOWEST_MINIMUM: Final = 3  # below, "fewer than" would nearly name the number


def hidden_cells(grid: Grid, *, minimum: int = MINIMUM) -> frozenset[Cell]:
    """The cells not to be shown: the small ones, and as few others as were found to be needed.

    Small is every count below `minimum`, nought as well: "nobody" also tells about everybody. If
    even the total of all is small, everything is hidden.
    """
    if minimum < LOWEST_MINIMUM:
        raise ValueError(f"The smallest cell may not be below {LOWEST_MINIMUM}.")
    small = {cell for cell, value in grid.values.items() if value < minimum}
    if (ALL, grid.total) in small:
        return frozenset(grid.values)
    network = Network(grid)
    hidden = set(small)
    windows = _windows(grid, hidden)
    proofs: dict[Cell, frozenset[Cell]] = {}
    waiting = deque(sorted(small))
    while waiting:
        cell = waiting[0]
        moves = network.movement(windows, cell, minimum)
        if moves.far >= minimum:
            # What can move does so all the more when more is hidden: never looked at again.
            proofs[waiting.popleft()] = moves.along
            continue
        ring = _ring(network, grid, hidden, cell, minimum) - hidden
        hidden |= ring
        windows.update(dict.fromkeys(ring, UNKNOWN))
        waiting.extend(sorted(ring))
    _show_again(network, grid, hidden, proofs, spare=hidden - small, width=minimum)
    return frozenset(hidden)


def _windows(grid: Grid, hidden: Iterable[Cell]) -> dict[Cell, Window]:
    windows: dict[Cell, Window] = {cell: (value, value) for cell, value in grid.values.items()}
    windows.update(dict.fromkeys(hidden, UNKNOWN))
    return windows


def _ring(network: Network, grid: Grid, hidden: set[Cell], weak: Cell, width: int) -> set[Cell]:
    """Cells to hide so that `weak` can move further."""

    def price(cell: Cell) -> int:
        if cell in hidden:
            return 0
        group, column = cell
        # Few cells first; then rather parts than totals, and rather small numbers than large.
        costs = 1000 + min(grid.values[cell], 400)
        if column == grid.total:
            costs += 300
        return costs * (20 if group == ALL else 1)

    for room in (width, 1):
        for more in (True, False):
            if not more and grid.values[weak] < room:
                continue
            ring = network.cheapest(weak, more=more, room=room, price=price)
            if ring is not None and not hidden.issuperset(ring):
                return set(ring)
    return set(grid.values)  # nothing less will do


def _show_again(
    network: Network,
    grid: Grid,
    hidden: set[Cell],
    proofs: dict[Cell, frozenset[Cell]],
    *,
    spare: Iterable[Cell],
    width: int,
) -> None:
    """Give back what later rings made superfluous, the largest numbers first."""
    windows = _windows(grid, hidden)
    for cell in sorted(spare, key=lambda one: (-grid.values[one], one)):
        hidden.discard(cell)
        windows[cell] = (grid.values[cell], grid.values[cell])
        # Only those whose movement went along this cell can be hurt.
        renewed = {}
        for other in [one for one in hidden if cell in proofs[one]]:
            moves = network.movement(windows, other, width)
            if moves.far < width:
                hidden.add(cell)
                windows[cell] = UNKNOWN
                break
            renewed[other] = moves.along
        else:
            proofs.update(renewed)
