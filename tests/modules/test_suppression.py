"""An attacker works on tables with hidden cells, by other means than those that hid them.

Three ways, none of which knows the network of modules/suppression.py: exact elimination over
fractions, bounds that are drawn tighter sum by sum, and, for small tables, every possible table.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import product

import pytest

from modules.suppression import (
    ALL,
    MINIMUM,
    Cell,
    Grid,
    Window,
    grid_of,
    hidden_cells,
    stepped,
)

TABLES = 400
SUM = tuple[Cell, tuple[Cell, ...]]


def sums_of(grid: Grid) -> Iterator[SUM]:
    """What everybody knows: this cell is the sum of those."""
    for group in grid.groups:
        columns = range(grid.columns)
        yield (group, grid.total), tuple((group, column) for column in columns)
        if parts := grid.below(group):
            for column in range(grid.columns + 1):
                yield (group, column), tuple((part, column) for part in parts)


def made_up(seed: int, *, groups: int = 8) -> Grid:
    """A table of any shape: flat or a tree, with large and small counts and noughts."""
    dice = random.Random(seed)  # noqa: S311 -- repeatable tables, no secret
    parents: dict[str, str] = {}
    outer = [f"region {number}" for number in range(dice.randint(0, 3))]
    for number, name in enumerate(outer):
        if number and dice.random() < 0.4:
            parents[name] = outer[number - 1]
    leaves = {}
    for number in range(dice.randint(1, groups)):
        most = dice.choice([3, 10, 40])
        leaves[f"office {number}"] = [dice.randint(0, most), dice.randint(0, most)]
        if outer and dice.random() < 0.7:
            parents[f"office {number}"] = dice.choice(outer)
    return grid_of(leaves, parents)


# --- the attacker ---------------------------------------------------------------------------------


def solved(grid: Grid, hidden: Iterable[Cell]) -> set[Cell]:
    """The hidden cells that elimination gives exactly."""
    names = sorted(hidden)
    place = {cell: number for number, cell in enumerate(names)}
    rows: list[list[Fraction]] = []
    for whole, parts in sums_of(grid):
        row = [Fraction(0)] * len(names)
        for cell, sign in ((whole, -1), *((part, 1) for part in parts)):
            if cell in place:
                row[place[cell]] += sign
        if any(row):
            rows.append(row)
    done = 0
    for column in range(len(names)):
        found = next((at for at in range(done, len(rows)) if rows[at][column]), None)
        if found is None:
            continue
        rows[done], rows[found] = rows[found], rows[done]
        head = [one / rows[done][column] for one in rows[done]]
        rows[done] = head
        for at, row in enumerate(rows):
            if at != done and row[column]:
                times = row[column]
                rows[at] = [one - times * other for one, other in zip(row, head, strict=True)]
        done += 1
    lone = [row for row in rows[:done] if sum(map(bool, row)) == 1]
    return {names[next(at for at, one in enumerate(row) if one)] for row in lone}


def drawn_tighter(grid: Grid, known: Mapping[Cell, Window]) -> dict[Cell, Window]:
    """What follows for every cell when each sum is held against the bounds of its parts."""
    most = sum(grid.values.values())
    low = {cell: window[0] for cell, window in known.items()}
    high = {cell: most if window[1] is None else window[1] for cell, window in known.items()}
    moved = True
    while moved:
        before = dict(low), dict(high)
        for whole, parts in sums_of(grid):
            low[whole] = max(low[whole], sum(low[part] for part in parts))
            high[whole] = min(high[whole], sum(high[part] for part in parts))
            for part in parts:
                others = [one for one in parts if one != part]
                low[part] = max(low[part], low[whole] - sum(high[one] for one in others))
                high[part] = min(high[part], high[whole] - sum(low[one] for one in others))
        moved = before != (low, high)
    return {cell: (low[cell], high[cell]) for cell in low}


def exact(grid: Grid, hidden: Iterable[Cell]) -> dict[Cell, Window]:
    """The windows of somebody who sees all cells but the hidden ones."""
    known: dict[Cell, Window] = {cell: (value, value) for cell, value in grid.values.items()}
    known.update(dict.fromkeys(hidden, (0, None)))
    return known


def wide(window: Window) -> int:
    assert window[1] is not None
    return window[1] - window[0]


# --- one table ------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("minimum", [3, 5, 10])
def test_no_hidden_cell_of_a_thousand_tables_is_computed_or_nearly(minimum: int) -> None:
    seen = 0
    for seed in range(TABLES):
        grid = made_up(seed * 10 + minimum)
        hidden = hidden_cells(grid, minimum=minimum)
        assert hidden >= {cell for cell, value in grid.values.items() if value < minimum}
        assert solved(grid, hidden) == set(), seed
        if (ALL, grid.total) in hidden and grid.values[ALL, grid.total] < minimum:
            continue  # nothing at all is shown
        bounds = drawn_tighter(grid, exact(grid, hidden))
        for cell in hidden:
            assert wide(bounds[cell]) >= minimum, (seed, cell)
            seen += 1
    assert seen > TABLES


@pytest.mark.slow
def test_the_attacker_finds_what_is_only_hidden_for_being_small() -> None:
    """The guard of this file: without the cells that are hidden with them, hundreds are found."""
    found = 0
    for seed in range(TABLES):
        grid = made_up(seed)
        small = {cell for cell, value in grid.values.items() if value < 5}
        found += len(solved(grid, small))
        if hidden := hidden_cells(grid) - small:
            assert any(
                solved(grid, small) or wide(drawn_tighter(grid, exact(grid, small))[cell]) < 5
                for cell in small
            ), (seed, hidden)
    assert found > 500


def test_the_bounds_are_those_of_all_possible_tables() -> None:
    """Whoever writes down every table that fits finds as many values for each hidden cell."""
    looked_at = 0
    for seed in range(60):
        dice = random.Random(seed)  # noqa: S311 -- repeatable tables, no secret
        leaves = {f"o{one}": [dice.randint(0, 6), dice.randint(0, 6)] for one in range(2)}
        grid = grid_of(leaves)
        hidden = hidden_cells(grid, minimum=3)
        if (ALL, grid.total) in hidden:
            continue
        most = grid.values[ALL, grid.total]
        possible: dict[Cell, set[int]] = {cell: set() for cell in hidden}
        for counts in product(range(most + 1), repeat=4):
            if sum(counts) != most:
                continue
            other = grid_of({"o0": counts[:2], "o1": counts[2:]})
            if all(other.values[one] == grid.values[one] for one in grid.values.keys() - hidden):
                for cell in hidden:
                    possible[cell].add(other.values[cell])
        for cell in hidden:
            assert max(possible[cell]) - min(possible[cell]) >= 3, (seed, cell)
            looked_at += 1
    assert looked_at > 100


def test_one_small_office_takes_another_with_it_and_no_more() -> None:
    grid = grid_of({"north": [20, 12], "south": [3, 9], "east": [30, 14], "west": [8, 15]})
    hidden = hidden_cells(grid)
    assert ("south", 0) in hidden
    assert len(hidden) == 4  # a ring: two offices, both categories
    assert all(cell not in hidden for cell in [(ALL, 0), (ALL, 1), (ALL, 2)])


def test_the_rest_is_as_safe_as_the_part() -> None:
    """Of 24, 20 have: that four have not is hidden, so that the 20 cannot be shown beside 24."""
    grid = grid_of({"north": [20, 4], "south": [40, 40], "east": [40, 40]})
    hidden = hidden_cells(grid)
    assert {("north", 1), ("north", 0)} <= hidden or {("north", 1), ("north", 2)} <= hidden


def test_a_table_without_small_cells_hides_nothing_and_a_tiny_one_everything() -> None:
    assert hidden_cells(grid_of({"north": [5, 5], "south": [9, 7]})) == frozenset()
    tiny = grid_of({"north": [1, 1], "south": [1, 1]})
    assert hidden_cells(tiny) == frozenset(tiny.values)
    assert hidden_cells(grid_of({})) == frozenset({(ALL, 0), (ALL, 1), (ALL, 2)})
    assert set(stepped(grid_of({})).numbers.values()) == {None}


def test_a_group_with_one_part_does_not_tell_the_part() -> None:
    grid = grid_of({"hut": [2, 8], "town": [30, 30]}, {"hut": "island"})
    hidden = hidden_cells(grid)
    assert {("hut", 0), ("island", 0)} <= hidden
    assert solved(grid, hidden) == set()


@pytest.mark.slow
def test_three_categories_are_held_each() -> None:
    for seed in range(150):
        dice = random.Random(seed)  # noqa: S311 -- repeatable tables, no secret
        leaves = {f"o{one}": [dice.randint(0, 15) for _ in range(3)] for one in range(5)}
        grid = grid_of(leaves, columns=3)
        hidden = hidden_cells(grid)
        assert solved(grid, hidden) == set()
        bounds = drawn_tighter(grid, exact(grid, hidden))
        assert all(wide(bounds[cell]) >= MINIMUM for cell in hidden)


def test_wrong_tables_are_refused() -> None:
    with pytest.raises(ValueError, match="smallest cell"):
        hidden_cells(grid_of({"a": [9, 9]}), minimum=2)
    with pytest.raises(ValueError, match="Leaves that hold others"):
        grid_of({"a": [1, 1], "b": [1, 1]}, {"b": "a"})
    with pytest.raises(ValueError, match="around itself"):
        grid_of({"a": [1, 1]}, {"a": "b", "b": "c", "c": "b"})
    with pytest.raises(ValueError, match="for each category"):
        grid_of({"a": [1, 1], "b": [1]})
    with pytest.raises(ValueError, match="for each category"):
        grid_of({"a": [-1, 1]})


# --- two tables -----------------------------------------------------------------------------------


def next_day(grid: Grid, seed: int) -> Grid:
    """The same offices after one or two people did something, came or left."""
    dice = random.Random(f"later {seed}")  # noqa: S311 -- repeatable tables, no secret
    holding = set(grid.parents.values())
    leaves = {
        one: [grid.values[one, column] for column in range(grid.columns)]
        for one in grid.parents
        if one not in holding
    }
    for _ in range(dice.randint(1, 2)):
        name, column = dice.choice(sorted(leaves)), dice.randint(0, 1)
        if dice.random() < 0.6 and leaves[name][1]:
            leaves[name][1] -= 1
            leaves[name][0] += 1
        else:
            leaves[name][column] = max(0, leaves[name][column] + dice.choice([-1, 1]))
    return grid_of(leaves, {one: parent for one, parent in grid.parents.items() if parent})


def test_exact_tables_of_two_days_would_give_single_people_away() -> None:
    """Why there is a second lock: what one attacker computes from two tables that hide well."""
    told = 0
    for seed in range(200):
        first = made_up(seed)
        second = next_day(first, seed)
        both = first.values.keys() - hidden_cells(first) - hidden_cells(second)
        told += sum(0 < abs(first.values[one] - second.values[one]) < 5 for one in both)
    assert told > 100


@pytest.mark.slow
@pytest.mark.parametrize("minimum", [3, 5])
def test_two_days_in_steps_tell_no_hidden_cell_and_no_single_change(minimum: int) -> None:
    looked_at = 0
    for seed in range(TABLES // 2):
        first = made_up(seed)
        second = next_day(first, seed)
        tables = [(grid, stepped(grid, minimum=minimum)) for grid in (first, second)]
        bounds = [drawn_tighter(grid, shown.windows) for grid, shown in tables]
        if any(grid.values[ALL, grid.total] < minimum for grid, _ in tables):
            continue
        for cell in first.values:
            # The change between the days lies between the largest and the smallest difference.
            widths = [wide(one[cell]) for one in bounds]
            assert min(widths) >= minimum - 1, (seed, cell)
            assert sum(widths) >= 2 * (minimum - 1), (seed, cell)
            for (_grid, shown), width in zip(tables, widths, strict=True):
                if shown[cell] is None:
                    assert width >= minimum - 1
            looked_at += 1
    assert looked_at > TABLES


def test_numbers_in_steps_are_at_least_true_and_near() -> None:
    for seed in range(TABLES // 2):
        grid = made_up(seed)
        shown = stepped(grid)
        for cell, number in shown.numbers.items():
            low, high = shown.windows[cell]
            assert low <= grid.values[cell]
            assert high is None or grid.values[cell] <= high
            if number is not None:
                assert number % 5 == 0
                assert 0 <= grid.values[cell] - number <= 2 * 5 * grid.columns
                assert number >= 5


def test_five_groups_of_nine_do_not_add_up_to_their_last_digit() -> None:
    grid = grid_of({f"office {one}": [9, 9] for one in range(5)})
    shown = stepped(grid)
    assert shown["office 0", 0] == 5
    assert shown[ALL, 0] == 40  # 45 would say that all of them are 9
    assert shown[ALL, grid.total] == 80


def test_a_row_is_the_sum_of_what_it_shows() -> None:
    for seed in range(200):
        grid = made_up(seed)
        shown = stepped(grid)
        for group in grid.groups:
            row = [shown[group, column] for column in range(grid.columns + 1)]
            if None not in row:
                assert row[-1] == sum(one for one in row[:-1] if one is not None)


def test_many_offices_are_done_in_a_moment() -> None:
    """Every pipe is looked at a bounded number of times: rings are found once, not from anew."""
    dice = random.Random(5)  # noqa: S311 -- repeatable tables, no secret
    sizes = [0, 2, 4, 8, 20, 60]
    leaves = {f"o{one}": [dice.choice(sizes), dice.choice(sizes)] for one in range(120)}
    grid = grid_of(leaves, {one: f"r{number % 7}" for number, one in enumerate(leaves)})
    small = {cell for cell, value in grid.values.items() if value < 5}
    hidden = hidden_cells(grid)
    assert solved(grid, hidden) == set()
    assert len(hidden) < 2 * len(small)
