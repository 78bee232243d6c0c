"""Lying bars, and a map of shades. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from modules.reports.charts.drawing import WIDTH, Drawing, Frame, bounded, wrapped

_BAR_ROW: Final = 54
_LINE: Final = 16
_BAR_LETTERS: Final = 29  # beside "1,000 / 1,000"
_TILE: Final = 88  # wide enough for "1,000 / 1,000"
_LETTERS: Final = 29  # of a name beside a tile
_CELL_ROW: Final = 40
_BANDS: Final = 5


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its name, its share (None: not shown), and the number in words: "12 of 40".

    `low` and `high`: the likely range of the share, where there is one.
    """

    name: str
    share: float | None
    words: str
    low: float | None = None
    high: float | None = None


def bar_chart(frame: Frame, bars: Sequence[Bar]) -> str:
    """Bars from the left, of one length for the whole: a funnel when each is part of the last."""
    named = [(bar, wrapped(bar.name, letters=_BAR_LETTERS)) for bar in bars]
    extra = sum(len(lines) - 1 for _bar, lines in named)
    drawing = Drawing(frame, _BAR_ROW * len(bars) + _LINE * extra + 4)
    top = 0
    for bar, lines in named:
        drawing.text("name", 1, top + 15, lines)
        drawing.text("number", WIDTH - 1, top + 15, bar.words, "end")
        top += _LINE * (len(lines) - 1)
        _bar(drawing, bar, top)
        top += _BAR_ROW
    return drawing.svg()


def _bar(drawing: Drawing, bar: Bar, top: float) -> None:
    inner = WIDTH - 2
    if bar.share is None:
        drawing.rect("hidden", 1, top + 22, inner, 16)
        return
    drawing.rect("track", 1, top + 22, inner, 16)
    drawing.rect("bar", 1, top + 22, inner * bounded(bar.share), 16)
    if bar.low is not None and bar.high is not None:
        low, high = (1 + inner * bounded(end) for end in (bar.low, bar.high))
        drawing.line("whisker", low, top + 42, high, top + 42)
        drawing.line("whisker", low, top + 39, low, top + 45)
        drawing.line("whisker", high, top + 39, high, top + 45)


@dataclass(frozen=True, slots=True)
class HeatCell:
    """One field of the map: its name, its share (None: not shown), and what stands in it."""

    name: str
    share: float | None
    words: str


@dataclass(frozen=True, slots=True)
class HeatGroup:
    """Fields that belong together, under a name."""

    name: str
    cells: Sequence[HeatCell]


def heat_map(frame: Frame, groups: Sequence[HeatGroup]) -> str:
    """Darker is more. Every field also says its number, so that no colour means anything alone."""
    rows = sum(len(group.cells) for group in groups)
    drawing = Drawing(frame, _CELL_ROW * rows + 34 * len(groups))
    top = 0.0
    for group in groups:
        drawing.text("title", 1, top + 22, group.name)
        top += 34
        for cell in group.cells:
            _cell(drawing, cell, top)
            top += _CELL_ROW
    return drawing.svg()


def _cell(drawing: Drawing, cell: HeatCell, top: float) -> None:
    lines = wrapped(cell.name, letters=_LETTERS)
    drawing.text("name", 1, top + (14 if len(lines) > 1 else 22), lines)
    left, middle = WIDTH - 1 - _TILE, WIDTH - 1 - _TILE / 2
    if cell.share is None:
        drawing.rect("hidden", left, top + 1, _TILE, _CELL_ROW - 4)
        drawing.text("soft", middle, top + 23, cell.words, "middle")
        return
    band = min(_BANDS - 1, int(bounded(cell.share) * _BANDS))
    drawing.rect(f"heat-{band}", left, top + 1, _TILE, _CELL_ROW - 4)
    style = "inverse" if band == _BANDS - 1 else "number"
    drawing.text(style, middle, top + 23, cell.words, "middle")
