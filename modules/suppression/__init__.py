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

from modules.suppression.grid import ALL, Cell, Grid, Window, grid_of
from modules.suppression.hiding import LOWEST_MINIMUM, MINIMUM, hidden_cells
from modules.suppression.steps import Shown, near, signed_near, stepped, told

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
