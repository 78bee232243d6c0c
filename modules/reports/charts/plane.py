"""Signs spotted against false alarms, before and after. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from modules.reports.charts.drawing import Drawing, Frame, bounded

Ticks = Sequence[tuple[float, str]]

_SIDE: Final = 236
_LEFT: Final = 56
_TOP: Final = 26
_HEAD: Final = 8
_SHORTEST: Final = 14  # below, an arrow would be all head


@dataclass(frozen=True, slots=True)
class Move:
    """Where a group stood and stands, as (false alarms, hits). An arrow only where it is clear."""

    name: str
    shape: str
    before: tuple[float, float]
    after: tuple[float, float]
    is_clear: bool


@dataclass(frozen=True, slots=True)
class PlaneWords:
    """What is written on the plane."""

    up: str
    across: str
    guessing: str
    legend: str  # which marker is before, which after


def xy_plot(frame: Frame, moves: Sequence[Move], words: PlaneWords, *, ticks: Ticks) -> str:
    """A square: best is the upper left, and on the broken line one is guessing.

    Hollow markers are before, full ones after. Where the change is not clear a plain line joins
    them, without a head: no picture may suggest a gain that the numbers do not bear out.
    """
    drawing = Drawing(frame, _TOP + _SIDE + 74 + 22 * len(moves))
    _plane(drawing, words, ticks)
    for move in moves:
        _move(drawing, move)
    y = _TOP + _SIDE + 62
    drawing.text("soft", 1, y, words.legend)
    for row, move in enumerate(moves, 1):
        drawing.dot("dot", move.shape, 9, y + 22 * row - 5)
        drawing.text("name", 24, y + 22 * row, move.name)
    return drawing.svg()


def _plane(drawing: Drawing, words: PlaneWords, ticks: Ticks) -> None:
    floor = _TOP + _SIDE
    drawing.rect("frame", _LEFT, _TOP, _SIDE, _SIDE)
    drawing.rect("good", _LEFT, _TOP, _SIDE / 4, _SIDE / 4)
    drawing.line("mark", _LEFT, floor, _LEFT + _SIDE, _TOP)
    drawing.text("soft", 1, 14, words.up)
    drawing.text("soft", _LEFT + _SIDE, floor + 38, words.across, "end")
    drawing.text("soft", _LEFT + _SIDE * 0.66, _TOP + _SIDE * 0.52, words.guessing)
    for share, name in ticks:
        x, y = _at((share, share))
        drawing.text("soft", _LEFT - 6, y + 5, name, "end")
        drawing.text("soft", x, floor + 18, name, "middle")


def _at(point: tuple[float, float]) -> tuple[float, float]:
    across, up = point
    return _LEFT + _SIDE * bounded(across), _TOP + _SIDE * (1 - bounded(up))


def _move(drawing: Drawing, move: Move) -> None:
    begin, end = _at(move.before), _at(move.after)
    length = math.dist(begin, end)
    drawing.line("way", *begin, *end)
    if move.is_clear and length >= _SHORTEST:
        drawing.area("head", _head(begin, end, length))
    drawing.dot("hollow", move.shape, *begin)
    drawing.dot("dot", move.shape, *end)


def _head(
    begin: tuple[float, float], end: tuple[float, float], length: float
) -> list[tuple[float, float]]:
    """A triangle halfway, where no marker covers it."""
    dx, dy = (end[0] - begin[0]) / length, (end[1] - begin[1]) / length
    x, y = (begin[0] + end[0]) / 2, (begin[1] + end[1]) / 2
    return [
        (x + _HEAD * dx, y + _HEAD * dy),
        (x - _HEAD * dy * 0.7, y + _HEAD * dx * 0.7),
        (x + _HEAD * dy * 0.7, y - _HEAD * dx * 0.7),
    ]
