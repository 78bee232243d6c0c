"""Pictures of numbers as SVG text: small, always the same, without a style of their own. Pure.

Every builder takes a `Frame` (what the picture is called and says in words), shares from 0 to 1,
and words that the caller has put into the reader's language; None for a share that may not be
shown. On a page a picture wears classes that `reports.css` colours for light, dark and paper;
`Look.PAPER` writes the colours into attributes, for files that no style sheet reaches.
"""

from modules.reports.charts.bars import Bar, HeatCell, HeatGroup, bar_chart, heat_map
from modules.reports.charts.drawing import Frame, Look
from modules.reports.charts.lines import (
    CurvePoint,
    Series,
    Step,
    item_curve,
    line_chart,
    retention_curve,
)
from modules.reports.charts.plane import Move, PlaneWords, xy_plot

__all__ = [
    "Bar",
    "CurvePoint",
    "Frame",
    "HeatCell",
    "HeatGroup",
    "Look",
    "Move",
    "PlaneWords",
    "Series",
    "Step",
    "bar_chart",
    "heat_map",
    "item_curve",
    "line_chart",
    "retention_curve",
    "xy_plot",
]
