"""PURE: how far a hidden cell could move while all that is visible stays as it is.

A table whose sums are known is a network: each cell is a pipe, each sum a joint where what flows in
flows out. How far a cell can move is then a largest flow through the hidden pipes.
"""

from __future__ import annotations

import heapq
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from modules.suppression.grid import ALL, Cell, Grid, Window

ENDLESS: Final = 1 << 60

Joint = tuple[str, int]


@dataclass(frozen=True, slots=True)
class _Pipe:
    cell: Cell
    begin: Joint
    end: Joint


def _pipes(grid: Grid) -> Iterator[_Pipe]:
    """One pipe for each cell: categories flow down the tree, totals back up."""
    holding = set(grid.parents.values()) | ({ALL} if grid.parents else set())
    source: Joint = (ALL, -2)

    def joint(group: str, column: int) -> Joint:
        # In a leaf all columns meet: there the categories add up to the total.
        return (group, column) if group in holding else (group, -1)

    for group in grid.groups:
        for column in range(grid.columns + 1):
            outer = source if group == ALL else joint(grid.parents[group], column)
            ends = (outer, joint(group, column))
            begin, end = ends if column < grid.columns else ends[::-1]
            yield _Pipe((group, column), begin, end)


@dataclass(frozen=True, slots=True)
class Movement:
    """How far a cell can move, and the other cells that have to move with it."""

    far: int
    along: frozenset[Cell]


class Network:
    """How far cells can move, when a reader knows of each cell its window."""

    def __init__(self, grid: Grid) -> None:
        self.values = grid.values
        self.pipes = {pipe.cell: pipe for pipe in _pipes(grid)}
        self.at: dict[Joint, list[tuple[Cell, Joint, bool]]] = defaultdict(list)
        for pipe in self.pipes.values():
            self.at[pipe.begin].append((pipe.cell, pipe.end, True))
            self.at[pipe.end].append((pipe.cell, pipe.begin, False))

    def movement(self, windows: Mapping[Cell, Window], cell: Cell, enough: int) -> Movement:
        """How far a cell can be from what it is, down and up together, up to `enough`."""
        pipe, value = self.pipes[cell], self.values[cell]
        less = min(_room(value, windows[cell], up=False), enough)
        less, used = self._flow(windows, pipe.begin, pipe.end, cell, less)
        more = min(_room(value, windows[cell], up=True), enough - less)
        more, also = self._flow(windows, pipe.end, pipe.begin, cell, more)
        return Movement(less + more, frozenset(used | also))

    def _flow(
        self, windows: Mapping[Cell, Window], begin: Joint, end: Joint, without: Cell, enough: int
    ) -> tuple[int, set[Cell]]:
        """The largest flow between two joints around one pipe, up to `enough`, and its pipes."""
        used: dict[Cell, int] = defaultdict(int)
        found = 0
        while found < enough:
            way = self._way(windows, used, begin, end, without)
            if way is None:
                break
            part = min([enough - found, *(room for _, _, room in way)])
            for cell, forward, _ in way:
                used[cell] += part if forward else -part
            found += part
        return found, {cell for cell, flow in used.items() if flow}

    def _way(
        self,
        windows: Mapping[Cell, Window],
        used: Mapping[Cell, int],
        begin: Joint,
        end: Joint,
        without: Cell,
    ) -> list[tuple[Cell, bool, int]] | None:
        """Any way with room, the one over the fewest pipes first."""
        came: dict[Joint, tuple[Joint, Cell, bool, int]] = {}
        waiting = deque([begin])
        while waiting:
            joint = waiting.popleft()
            if joint == end:
                return _back(came, begin, end)
            for cell, other, forward in self.at[joint]:
                if cell == without or other in came or other == begin:
                    continue
                room = _room(self.values[cell] + used.get(cell, 0), windows[cell], up=forward)
                if room > 0:
                    came[other] = (joint, cell, forward, room)
                    waiting.append(other)
        return None

    def cheapest(
        self, cell: Cell, *, more: bool, room: int, price: Callable[[Cell], int]
    ) -> list[Cell] | None:
        """The cells of the cheapest ring through a cell, along which it can move by `room`."""
        pipe = self.pipes[cell]
        begin, end = (pipe.end, pipe.begin) if more else (pipe.begin, pipe.end)
        came: dict[Joint, tuple[Joint, Cell, bool, int]] = {}
        known = {begin: 0}
        heap: list[tuple[int, Joint]] = [(0, begin)]
        while heap:
            paid, joint = heapq.heappop(heap)
            if joint == end:
                return [step[0] for step in _back(came, begin, end)]
            if paid > known[joint]:
                continue
            for other_cell, other, forward in self.at[joint]:
                if other_cell == cell or (not forward and self.values[other_cell] < room):
                    continue
                costs = paid + price(other_cell)
                if costs < known.get(other, ENDLESS):
                    known[other] = costs
                    came[other] = (joint, other_cell, forward, 0)
                    heapq.heappush(heap, (costs, other))
        return None


def _room(value: int, window: Window, *, up: bool) -> int:
    low, high = window
    if not up:
        return value - low
    return ENDLESS if high is None else high - value


def _back(
    came: Mapping[Joint, tuple[Joint, Cell, bool, int]], begin: Joint, end: Joint
) -> list[tuple[Cell, bool, int]]:
    way = []
    joint = end
    while joint != begin:
        joint, cell, forward, room = came[joint]
        way.append((cell, forward, room))
    return way
