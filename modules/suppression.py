"""Which cells of a table of counts are hidden, so that no small one can be computed. Pure.

A table has groups (flat or a tree, "" is all of them) and categories that add up to the total of
each group. Whoever reads it knows that: a hidden cell beside visible ones is one subtraction away.
So other cells are hidden with it ("complementary suppression") until every hidden cell could still
have `minimum` different values more or less, judged by somebody who knows all sums.

That judgement is exact, not an estimate. Such a table is a network: each cell is a pipe, each sum
is a joint where what flows in flows out. How far a cell can move while all visible cells stay as
they are is then a largest flow through the hidden pipes, which can be computed exactly in whole
numbers. With two categories each cell is also the rest of the other, so "4 of 20 have not" is
hidden as surely as "4 of 20 have". With more than two, what is protected is each category, not the
sum of two of them; use two.

`stepped` is the second lock. A table of today and one of yesterday differ by the few people who
did something in between, whatever each of them hides. So the visible numbers move in steps.
"""

from __future__ import annotations

import heapq
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

MINIMUM: Final = 5
LOWEST_MINIMUM: Final = 3  # below, "fewer than" would nearly name the number
PERCENT_STEP: Final = 5
ALL: Final = ""  # the group of all groups
ENDLESS: Final = 1 << 60

Cell = tuple[str, int]  # group, column; the last column is the total of the group
Window = tuple[int, int | None]  # what a reader knows of a cell: at least, at most (None: no end)
Joint = tuple[str, int]

UNKNOWN: Final[Window] = (0, None)


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of counts. `parents` names the group around each group; ALL for those at the top.

    Build it with `grid_of`, which adds up the groups that hold others.
    """

    columns: int
    parents: Mapping[str, str]
    values: Mapping[Cell, int]

    @property
    def total(self) -> int:
        """The column of totals."""
        return self.columns

    @property
    def groups(self) -> tuple[str, ...]:
        """All groups, those that hold others before what they hold."""
        return (ALL, *self.parents)

    def below(self, group: str) -> list[str]:
        """The groups directly in a group."""
        return [one for one, parent in self.parents.items() if parent == group]


def grid_of(
    leaves: Mapping[str, Sequence[int]],
    parents: Mapping[str, str] | None = None,
    *,
    columns: int = 2,
) -> Grid:
    """The table over these leaves, each with a count for every category.

    `columns` is the number of categories, for when there is no leaf at all.

    Groups that hold others are named by `parents` only. People directly in such a group must be
    given as a leaf of their own, as whoever reads the table can compute that rest.
    """
    around = dict(parents or {})
    names = _from_the_top(leaves, around)
    widths = {len(counts) for counts in leaves.values()}
    if widths - {columns} or any(count < 0 for counts in leaves.values() for count in counts):
        raise ValueError("Every leaf needs a count, not below 0, for each category.")
    values: dict[Cell, int] = dict.fromkeys(
        ((group, column) for group in (ALL, *names) for column in range(columns + 1)), 0
    )
    for leaf, counts in leaves.items():
        group: str | None = leaf
        while group is not None:
            for column, count in enumerate((*counts, sum(counts))):
                values[group, column] += count
            group = None if group == ALL else names[group]
    return Grid(columns, names, values)


def _from_the_top(leaves: Iterable[str], around: Mapping[str, str]) -> dict[str, str]:
    """Group -> the group around it, outer groups first; a leaf that holds others is refused."""
    pending = {leaf: around.get(leaf, ALL) for leaf in leaves if leaf != ALL}
    inner = set(around.values()) - {ALL}
    if inner & pending.keys():
        raise ValueError(f"Leaves that hold others: {sorted(inner & pending.keys())}")
    depths: dict[str, int] = {}
    chain: list[str]
    for leaf in list(pending):
        chain = [leaf]
        while (parent := around.get(chain[-1], ALL)) != ALL:
            if parent in chain:
                raise ValueError(f"A group around itself: {parent}")
            chain.append(parent)
        for depth, group in enumerate(reversed(chain)):
            depths[group] = depth
            pending[group] = around.get(group, ALL)
    return {group: pending[group] for group in sorted(depths, key=lambda one: (depths[one], one))}


# --- the network ----------------------------------------------------------------------------------


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


class _Network:
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


# --- the first lock: what is hidden ---------------------------------------------------------------


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
    network = _Network(grid)
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


def _ring(network: _Network, grid: Grid, hidden: set[Cell], weak: Cell, width: int) -> set[Cell]:
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
    network: _Network,
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


# --- the second lock: numbers that move in steps --------------------------------------------------


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
    network = _Network(grid)
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


__all__ = [
    "ALL",
    "LOWEST_MINIMUM",
    "MINIMUM",
    "Cell",
    "Grid",
    "Shown",
    "Window",
    "grid_of",
    "hidden_cells",
    "near",
    "signed_near",
    "stepped",
    "told",
]
