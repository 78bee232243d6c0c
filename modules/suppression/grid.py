"""PURE: a table of counts over groups, flat or a tree, in which all sums are known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

ALL: Final = ""  # the group of all groups

Cell = tuple[str, int]  # group, column; the last column is the total of the group
Window = tuple[int, int | None]  # what a reader knows of a cell: at least, at most (None: no end)

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
