"""A sheet to draw on: shapes in, SVG text out. Everything that is written is escaped here. Pure."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from html import escape
from typing import Final

WIDTH: Final = 320  # of every picture: a small phone shows it one to one
SIZE: Final = 14  # of the text, in the same units
SHAPES: Final = ("circle", "square", "triangle", "diamond")

# XML has no place for these, not even escaped.
_IMPOSSIBLE: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_KEY: Final = re.compile(r"[a-z][a-z0-9-]*")
_GREEN, _INK, _GREY, _EDGE, _PALE = "#17614f", "#22302c", "#56605a", "#857a6a", "#d8d2c6"

# What the classes of reports.css mean where there is no style sheet.
_PAPER: Final[Mapping[str, str]] = {
    "axis": f'stroke="{_PALE}" stroke-width="1"',
    "mark": f'stroke="{_EDGE}" stroke-width="1" stroke-dasharray="4 4"',
    "line": f'fill="none" stroke="{_GREEN}" stroke-width="2.5" stroke-linejoin="round"',
    "second": f'fill="none" stroke="{_INK}" stroke-width="2" stroke-dasharray="6 4"',
    "band": f'fill="{_GREEN}" fill-opacity="0.15"',
    "range": f'stroke="{_GREEN}" stroke-width="2" stroke-linecap="round"',
    "track": f'fill="#ffffff" stroke="{_PALE}"',
    "bar": f'fill="{_GREEN}"',
    "whisker": f'stroke="{_INK}" stroke-width="2"',
    "hidden": f'fill="none" stroke="{_EDGE}" stroke-dasharray="4 4"',
    "frame": f'fill="#ffffff" stroke="{_EDGE}"',
    "good": f'fill="{_GREEN}" fill-opacity="0.12"',
    "dot": f'fill="{_GREEN}" stroke="#ffffff" stroke-width="1.5"',
    "hollow": f'fill="#ffffff" stroke="{_GREEN}" stroke-width="2"',
    "way": f'fill="none" stroke="{_GREEN}" stroke-width="2"',
    "head": f'fill="{_GREEN}"',
    "heat-0": f'fill="{_GREEN}" fill-opacity="0.06" stroke="{_EDGE}"',
    "heat-1": f'fill="{_GREEN}" fill-opacity="0.18" stroke="{_EDGE}"',
    "heat-2": f'fill="{_GREEN}" fill-opacity="0.28" stroke="{_EDGE}"',
    "heat-3": f'fill="{_GREEN}" fill-opacity="0.38" stroke="{_EDGE}"',
    "heat-4": f'fill="{_GREEN}" stroke="{_EDGE}"',
    "name": f'fill="{_INK}"',
    "number": f'fill="{_INK}" font-weight="600"',
    "inverse": 'fill="#ffffff" font-weight="600"',
    "soft": f'fill="{_GREY}"',
    "title": f'fill="{_INK}" font-weight="600"',
}


class Look(StrEnum):
    """Where the picture goes: on a page with its style sheet, or into a file without one."""

    SCREEN = "screen"
    PAPER = "paper"


@dataclass(frozen=True, slots=True)
class Frame:
    """What a picture says of itself. `key`: unique on the page, as it begins the ids.

    `desc` says in words what there is to see; the numbers stand in the table behind the picture.
    """

    key: str
    title: str
    desc: str
    look: Look = Look.SCREEN


class Drawing:
    """Collects shapes. Styles are names of classes; see `_PAPER` for what they mean."""

    def __init__(self, frame: Frame, height: float) -> None:
        if not _KEY.fullmatch(frame.key):
            raise ValueError(f"{frame.key!r} cannot begin an id")
        self._frame, self._height, self._parts = frame, height, list[str]()

    def line(self, style: str, x1: float, y1: float, x2: float, y2: float) -> None:
        """A straight line."""
        ends = f'x1="{number(x1)}" y1="{number(y1)}" x2="{number(x2)}" y2="{number(y2)}"'
        self._parts.append(f"<line {self._styled(style)} {ends}/>")

    def rect(self, style: str, x: float, y: float, width: float, height: float) -> None:
        """A box."""
        size = f'width="{number(width)}" height="{number(height)}"'
        self._parts.append(f'<rect {self._styled(style)} x="{number(x)}" y="{number(y)}" {size}/>')

    def path(self, style: str, points: Sequence[tuple[float, float]]) -> None:
        """A line through points."""
        self._parts.append(f'<polyline {self._styled(style)} points="{_joined(points)}"/>')

    def area(self, style: str, points: Sequence[tuple[float, float]]) -> None:
        """A filled shape."""
        self._parts.append(f'<polygon {self._styled(style)} points="{_joined(points)}"/>')

    def dot(self, style: str, shape: str, x: float, y: float, size: float = 6) -> None:
        """A marker; the shape tells apart what colour alone would not."""
        if shape == "circle":
            place = f'cx="{number(x)}" cy="{number(y)}" r="{number(size)}"'
            self._parts.append(f"<circle {self._styled(style)} {place}/>")
        elif shape == "square":
            self.rect(style, x - size, y - size, 2 * size, 2 * size)
        elif shape == "triangle":
            self.area(style, [(x, y - size), (x + size, y + size), (x - size, y + size)])
        elif shape == "diamond":
            reach = size * 1.3
            self.area(style, [(x, y - reach), (x + reach, y), (x, y + reach), (x - reach, y)])
        else:
            raise ValueError(f"{shape!r} is not one of {SHAPES}")

    def text(
        self, style: str, x: float, y: float, words: str | Sequence[str], anchor: str = ""
    ) -> None:
        """Words, or lines of them, the first at `y`. `anchor`: middle or end."""
        lines = [words] if isinstance(words, str) else list(words)
        held = f' text-anchor="{anchor}"' if anchor else ""
        first, *more = [clean(line) for line in lines]
        rest = "".join(f'<tspan x="{number(x)}" dy="16">{line}</tspan>' for line in more)
        place = f'x="{number(x)}" y="{number(y)}"'
        self._parts.append(f"<text {self._styled(style)} {place}{held}>{first}{rest}</text>")

    def svg(self) -> str:
        """The whole picture."""
        key = self._frame.key
        root = (
            'class="chart"'
            if self._frame.look == Look.SCREEN
            else f'font-family="Libertinus Serif, Noto Sans, sans-serif" font-size="{SIZE}"'
        )
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" {root}'
            f' viewBox="0 0 {WIDTH} {number(self._height)}" role="img"'
            f' aria-labelledby="{key}-title {key}-desc">'
            f'<title id="{key}-title">{clean(self._frame.title)}</title>'
            f'<desc id="{key}-desc">{clean(self._frame.desc)}</desc>'
            f"{''.join(self._parts)}</svg>"
        )

    def _styled(self, style: str) -> str:
        told = _PAPER[style]  # also on the screen: a style without a meaning on paper is a mistake
        return told if self._frame.look == Look.PAPER else f'class="chart-{style}"'


def number(value: float) -> str:
    """A coordinate: one decimal at most, and never "-0"."""
    return f"{round(value, 1) + 0.0:.1f}".removesuffix(".0")


def clean(words: str) -> str:
    """Words as XML text: escaped, and without what XML cannot hold."""
    return escape(_IMPOSSIBLE.sub("", str(words)), quote=True)


def wrapped(words: str, *, letters: int, lines: int = 2) -> list[str]:
    """Words in at most so many lines of so many letters; what is cut ends with an ellipsis."""
    found = textwrap.wrap(words, letters, max_lines=lines, placeholder="…")
    return found or [""]


def spread(count: int, most: int) -> set[int]:
    """Which of so many places are named: the first, the last, and few enough between."""
    if count <= 0:
        return set()
    gap = max(1, -(-(count - 1) // max(1, most - 1)))
    named = {place for place in range(0, count, gap) if count - 1 - place >= gap}
    return named | {0, count - 1}


def bounded(share: float) -> float:
    """A share held within the picture."""
    return min(1.0, max(0.0, share))


def _joined(points: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{number(x)},{number(y)}" for x, y in points)
