"""Shares over time, what stayed, and how an item separates groups. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from modules.reports.charts.drawing import WIDTH, Drawing, Frame, bounded, spread

Ticks = Sequence[tuple[float, str]]  # share, and how it is written

_LEFT: Final = 50
_RIGHT: Final = WIDTH - 16
_TOP: Final = 30
_FLOOR: Final = 190
_NAMED: Final = 4  # of the points below: more would run into each other on a phone


def _up(share: float) -> float:
    return _FLOOR - (_FLOOR - _TOP) * bounded(share)


def _grid(drawing: Drawing, ticks: Ticks) -> None:
    for share, words in ticks:
        drawing.line("axis", _LEFT, _up(share), _RIGHT, _up(share))
        drawing.text("soft", _LEFT - 6, _up(share) + 5, words, "end")


def _anchor(x: float) -> str:
    """Where a word below a point is held, so that none leaves the picture."""
    return "end" if x > WIDTH - 40 else "middle"


# --- over time ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Step:
    """The end of a period: its name ("Nov"), its share or None, and that in words."""

    name: str
    share: float | None
    words: str


def line_chart(frame: Frame, steps: Sequence[Step], *, ticks: Ticks, as_of: str) -> str:
    """A stair from period to period. `as_of` stands at the mark of the last one.

    A period that may not be shown is a gap: no line is drawn over what is not known.
    """
    drawing = Drawing(frame, _FLOOR + 26)
    _grid(drawing, ticks)
    wide = (_RIGHT - _LEFT) / max(1, len(steps) - 1)
    places = [_LEFT + wide * place if len(steps) > 1 else _RIGHT for place in range(len(steps))]
    for stair in _stairs(steps, places):
        drawing.path("line", stair)
    if steps:
        drawing.line("mark", _RIGHT, _TOP - 8, _RIGHT, _FLOOR)
        drawing.text("soft", _RIGHT, _TOP - 14, as_of, "end")
    named = spread(len(steps), _NAMED)
    for place, (step, x) in enumerate(zip(steps, places, strict=True)):
        is_last = place == len(steps) - 1
        if step.share is not None:
            drawing.dot("dot", "circle", x, _up(step.share), 5 if is_last else 3)
        if is_last and step.share is not None:
            over = _up(step.share) - 12
            drawing.text("number", x - 8, over if over > _TOP else over + 34, step.words, "end")
        if place in named:
            drawing.text("soft", x, _FLOOR + 18, step.name, _anchor(x))
    return drawing.svg()


def _stairs(steps: Sequence[Step], places: Sequence[float]) -> list[list[tuple[float, float]]]:
    """The unbroken parts of the line."""
    stairs: list[list[tuple[float, float]]] = [[]]
    for step, x in zip(steps, places, strict=True):
        if step.share is None:
            stairs.append([])
            continue
        here = stairs[-1]
        if here:
            here.append((x, here[-1][1]))
        here.append((x, _up(step.share)))
    return [stair for stair in stairs if len(stair) > 1]


# --- what stayed ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """A mean with its likely range. `at`: its place from 0 (left) to 1; `count`: "n = 24"."""

    name: str
    at: float
    share: float
    low: float
    high: float
    words: str
    count: str


def retention_curve(frame: Frame, points: Sequence[CurvePoint], *, ticks: Ticks) -> str:
    """Means joined by a line within the band of their ranges, with how many stand behind each."""
    drawing = Drawing(frame, _FLOOR + 44)
    _grid(drawing, ticks)
    places = [_LEFT + 26 + (_RIGHT - _LEFT - 42) * bounded(point.at) for point in points]
    if len(points) > 1:
        tops = [(x, _up(point.high)) for x, point in zip(places, points, strict=True)]
        bottoms = [(x, _up(point.low)) for x, point in zip(places, points, strict=True)]
        drawing.area("band", [*tops, *reversed(bottoms)])
        drawing.path("line", [(x, _up(one.share)) for x, one in zip(places, points, strict=True)])
    for x, point in zip(places, points, strict=True):
        drawing.line("range", x, _up(point.high), x, _up(point.low))
        drawing.dot("dot", "circle", x, _up(point.share))
        drawing.text("number", x, _up(point.high) - 8, point.words, "middle")
        drawing.text("soft", x, _FLOOR + 18, point.name, _anchor(x))
        drawing.text("soft", x, _FLOOR + 36, point.count, _anchor(x))
    return drawing.svg()


# --- one item -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Series:
    """One line of an item: its name, its marker, and (share, low, high) of each group or None."""

    name: str
    shape: str
    points: Sequence[tuple[float, float, float] | None]


def item_curve(
    frame: Frame,
    groups: Sequence[str],
    series: Sequence[Series],
    *,
    ticks: Ticks,
    chance: float | None = None,
) -> str:
    """Share right by group, from the weakest to the strongest; `chance`: what guessing gives.

    The first line is whole and the others broken, each with a marker of its own.
    """
    drawing = Drawing(frame, _FLOOR + 30 + 22 * len(series))
    _grid(drawing, ticks)
    if chance is not None:
        drawing.line("mark", _LEFT, _up(chance), _RIGHT, _up(chance))
    wide = (_RIGHT - _LEFT - 28) / max(1, len(groups) - 1)
    places = [_LEFT + 14 + wide * place for place in range(len(groups))]
    for x, name in zip(places, groups, strict=True):
        drawing.text("soft", x, _FLOOR + 18, name, "middle")
    for row, one in enumerate(series):
        style = "second" if row else "line"
        known = [(x, p) for x, p in zip(places, one.points, strict=True) if p is not None]
        if len(known) > 1:
            drawing.path(style, [(x, _up(point[0])) for x, point in known])
        for x, (share, low, high) in known:
            drawing.line("range", x, _up(high), x, _up(low))
            drawing.dot("hollow" if row else "dot", one.shape, x, _up(share), 5)
        y = _FLOOR + 42 + 22 * row
        drawing.dot("hollow" if row else "dot", one.shape, _LEFT, y - 5, 5)
        drawing.text("name", _LEFT + 14, y, one.name)
    return drawing.svg()
