"""Pictures of gain and retention as plain numbers for an SVG; the template draws. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

WIDTH: Final = 320
HEIGHT: Final = 200
SIDE: Final = 40  # for words at the edges
STEP: Final = 10  # points of 100: the axis ends at a multiple of it


@dataclass(frozen=True, slots=True)
class IntervalPicture:
    """A mean with its interval on an axis around zero, in SVG units. `reach` is the axis' end."""

    zero: float
    mean: float
    low: float
    high: float
    reach: int
    left: int = SIDE
    right: int = WIDTH - SIDE


def interval_picture(mean: float, low: float, high: float) -> IntervalPicture:
    """The interval, with zero in the middle so that neither direction looks longer."""
    reach = max(STEP, STEP * math.ceil(max(abs(low), abs(high)) / STEP))

    def across(value: float) -> float:
        return round(SIDE + (WIDTH - 2 * SIDE) * (value + reach) / (2 * reach), 1)

    return IntervalPicture(across(0), across(mean), across(low), across(high), reach)


@dataclass(frozen=True, slots=True)
class Dot:
    """One point of a curve with its interval, in SVG units, y from the top."""

    x: float
    y: float
    top: float
    bottom: float


@dataclass(frozen=True, slots=True)
class CurvePicture:
    """Points from left to right, and the path that joins them.

    `names`: (x, name) of each point; `marks`: (y, per cent).
    """

    dots: tuple[Dot, ...]
    names: tuple[tuple[float, str], ...]
    path: str
    marks: tuple[tuple[float, int], ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = SIDE
    right: int = WIDTH - SIDE // 2


def curve_picture(
    points: Sequence[tuple[str, float, float, float]], places: Sequence[str]
) -> CurvePicture:
    """`points`: (place, share, low, high), each at one of the `places`, which are evenly spaced."""
    inner = WIDTH - SIDE - SIDE // 2
    dots = tuple(
        Dot(
            x=round(SIDE + inner * (places.index(place) + 0.5) / len(places), 1),
            y=_up(share),
            top=_up(high),
            bottom=_up(low),
        )
        for place, share, low, high in points
    )
    return CurvePicture(
        dots=dots,
        names=tuple((dot.x, point[0]) for dot, point in zip(dots, points, strict=True)),
        path=" ".join(f"{dot.x},{dot.y}" for dot in dots),
        marks=tuple((_up(share / 4), 25 * share) for share in range(5)),
    )


def _up(share: float) -> float:
    return round(10 + (HEIGHT - 20) * (1 - min(1.0, max(0.0, share))), 1)
