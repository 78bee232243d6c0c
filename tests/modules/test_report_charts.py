"""Pictures: well-formed, small, the same every time, and showing the numbers they were given."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from modules.reports.charts import (
    Bar,
    CurvePoint,
    Frame,
    HeatCell,
    HeatGroup,
    Look,
    Move,
    PlaneWords,
    Series,
    Step,
    bar_chart,
    heat_map,
    item_curve,
    line_chart,
    retention_curve,
    xy_plot,
)
from modules.reports.charts.drawing import _PAPER, Drawing, number, spread, wrapped

HOSTILE = "<script>\"'&]]>\x00\x0b</text>"
TICKS = ((0.0, "0 %"), (0.5, "50 %"), (1.0, "100 %"))
WORDS = PlaneWords("signs spotted ↑", "false alarms →", "guessing", "hollow: before · full: after")
LARGEST = 6_000  # bytes, so that a page with five of them opens on a slow line
SVG = "{http://www.w3.org/2000/svg}"


def parsed(svg: str) -> ET.Element:
    """A picture as a tree; what is not well-formed fails here."""
    return ET.fromstring(svg)  # noqa: S314 -- our own text


def framed(key: str, look: Look, words: str) -> Frame:
    """A frame that says these words."""
    return Frame(key, words, words, look)


def a_line(look: Look, words: str) -> str:
    steps = [Step(f"{words[:12]}{n}", n / 12, f"{n} of 12 {words}") for n in range(12)]
    return line_chart(framed("line", look, words), steps, ticks=TICKS, as_of=words)


def some_bars(look: Look, words: str) -> str:
    bars = [Bar(f"{words} {n}", n / 8, f"{n} of 8", n / 10, n / 8) for n in range(7)]
    return bar_chart(framed("bars", look, words), [*bars, Bar(words, None, "…")])


def a_heat_map(look: Look, words: str) -> str:
    """As large as the real one: three stages, twenty tactics with long names."""
    name = f"{words} The one who recruits is a friend, relative or workmate"
    groups = [
        HeatGroup(f"{words} {stage}", [HeatCell(name, n / 7, "100 of 100") for n in range(cells)])
        for stage, cells in enumerate((6, 5, 9))
    ]
    return heat_map(framed("heat", look, words), groups)


def a_plane(look: Look, words: str) -> str:
    moves = [
        Move(f"{words} {shape}", shape, (0.4, 0.5 + n / 10), (0.2, 0.8), is_clear=True)
        for n, shape in enumerate(("circle", "square", "triangle"))
    ]
    return xy_plot(framed("plane", look, words), moves, WORDS, ticks=TICKS)


def a_curve(look: Look, words: str) -> str:
    points = [
        CurvePoint(f"{n} d", n / 4, 0.8 - n / 10, 0.7 - n / 10, 0.9 - n / 10, f"{n} {words}", "n")
        for n in range(4)
    ]
    return retention_curve(framed("curve", look, words), points, ticks=TICKS)


def an_item(look: Look, words: str) -> str:
    series = [
        Series(words, "circle", [(0.3, 0.2, 0.4), None, (0.8, 0.7, 0.9)]),
        Series(words, "square", [(0.2, 0.1, 0.4), (0.4, 0.3, 0.5), (0.6, 0.5, 0.7)]),
    ]
    frame = framed("item", look, words)
    return item_curve(frame, ["low", "middle", "high"], series, ticks=TICKS, chance=0.25)


EVERY: Sequence[Callable[[Look, str], str]] = (
    a_line,
    some_bars,
    a_heat_map,
    a_plane,
    a_curve,
    an_item,
)


@pytest.mark.parametrize("draw", EVERY)
@pytest.mark.parametrize("look", list(Look))
def test_a_picture_is_one_well_formed_titled_image(
    draw: Callable[[Look, str], str], look: Look
) -> None:
    svg = draw(look, "In words")
    root = parsed(svg)
    assert root.tag == f"{SVG}svg"
    assert root.get("role") == "img"
    ids = [one.get("id") for one in root.iter() if one.get("id")]
    assert root.get("aria-labelledby") == " ".join(str(one) for one in ids)
    assert [one.tag for one in root][:2] == [f"{SVG}title", f"{SVG}desc"]
    assert svg == draw(look, "In words")


@pytest.mark.parametrize("draw", EVERY)
def test_a_picture_is_light_and_holds_nothing_that_the_policy_stops(
    draw: Callable[[Look, str], str],
) -> None:
    svg = draw(Look.SCREEN, "In words")
    assert len(svg.encode()) < LARGEST
    attributes = {name for one in parsed(svg).iter() for name in one.keys()}  # noqa: SIM118 -- an element is no mapping
    assert not attributes & {"style", "href", "fill", "stroke", "onload"}
    assert {one.tag for one in parsed(svg).iter()} <= {
        f"{SVG}{tag}"
        for tag in (
            "svg title desc line rect polyline polygon circle text tspan".split()  # noqa: SIM905 -- shorter to read
        )
    }


@pytest.mark.parametrize("draw", EVERY)
def test_paper_has_colours_of_its_own_and_no_class(draw: Callable[[Look, str], str]) -> None:
    root = parsed(draw(Look.PAPER, "In words"))
    shapes = [
        one for one in root if one.tag.removeprefix(SVG) not in {"title", "desc", "text", "tspan"}
    ]
    assert shapes
    assert all(one.get("fill") or one.get("stroke") for one in shapes)
    assert not any(one.get("class") for one in root.iter())


@pytest.mark.parametrize("draw", EVERY)
@pytest.mark.parametrize("look", list(Look))
def test_hostile_words_stay_words(draw: Callable[[Look, str], str], look: Look) -> None:
    root = parsed(draw(look, HOSTILE))  # a NUL or an open tag would not parse
    assert root.find(f"{SVG}title") is not None
    assert root.findtext(f"{SVG}title") == "<script>\"'&]]></text>"
    assert not list(root.iter(f"{SVG}script"))


def test_a_key_that_could_break_out_of_an_id_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot begin an id"):
        Drawing(Frame('x" onload="', "t", "d"), 10)
    with pytest.raises(ValueError, match="not one of"):
        Drawing(Frame("x", "t", "d"), 10).dot("dot", "star", 0, 0)
    with pytest.raises(KeyError):
        Drawing(Frame("x", "t", "d"), 10).line("no-such-style", 0, 0, 1, 1)


def test_every_class_is_in_the_style_sheet() -> None:
    """A class that nothing colours would be drawn black, also in the dark."""
    sheet = Path("modules/static/modules/reports.css").read_text(encoding="utf-8")
    told = set(re.findall(r"\.(chart-[a-z0-9-]+)", sheet))
    assert {f"chart-{style}" for style in _PAPER} <= told


# --- what is drawn is what was given --------------------------------------------------------------


def numbers_of(svg: str, tag: str, *names: str) -> list[tuple[float, ...]]:
    """These attributes of every such shape."""
    return [
        tuple(float(one.get(name, "nan")) for name in names)
        for one in parsed(svg).iter(f"{SVG}{tag}")
    ]


def test_a_bar_is_as_long_as_its_share() -> None:
    svg = bar_chart(
        Frame("b", "t", "d"),
        [Bar("all", 1.0, "8 of 8"), Bar("half", 0.5, "4 of 8"), Bar("none", 0.0, "0 of 8")],
    )
    boxes = numbers_of(svg, "rect", "width")
    tracks, bars = boxes[0::2], boxes[1::2]
    assert [bar[0] / track[0] for track, bar in zip(tracks, bars, strict=True)] == [1.0, 0.5, 0.0]


def test_what_may_not_be_shown_has_no_length_and_no_shade() -> None:
    svg = bar_chart(Frame("b", "t", "d"), [Bar("few", None, "fewer than 5 people")])
    assert "chart-bar" not in svg
    assert "fewer than 5 people" in svg
    hidden = [HeatGroup("g", [HeatCell("few", None, "too few")])]
    assert "chart-heat" not in heat_map(Frame("h", "t", "d"), hidden)


@pytest.mark.parametrize(
    ("share", "band"), [(0.0, 0), (0.19, 0), (0.2, 1), (0.59, 2), (0.79, 3), (0.8, 4), (1.0, 4)]
)
def test_shades_are_fifths(share: float, band: int) -> None:
    svg = heat_map(Frame("h", "t", "d"), [HeatGroup("g", [HeatCell("c", share, "x of y")])])
    assert re.findall(r"chart-heat-(\d)", svg) == [str(band)]


def test_a_line_breaks_where_nothing_may_be_shown() -> None:
    shares = [0.1, 0.2, None, 0.4, 0.5, 0.9]
    steps = [Step(f"m{n}", share, f"{share}") for n, share in enumerate(shares)]
    svg = line_chart(Frame("l", "t", "d"), steps, ticks=TICKS, as_of="as of today")
    assert svg.count("<polyline") == 2
    dots = numbers_of(svg, "circle", "cx", "cy")
    assert len(dots) == 5
    assert [x for x, _y in dots] == sorted(x for x, _y in dots)
    heights = [y for _x, y in dots]
    assert heights == sorted(heights, reverse=True)  # more is higher
    # A stair: every piece is level or upright.
    for points in re.findall(r'points="([^"]+)"', svg):
        corners = [tuple(map(float, pair.split(","))) for pair in points.split()]
        assert all(a[0] == b[0] or a[1] == b[1] for a, b in pairwise(corners))
    assert "as of today" in svg


def test_one_period_is_a_point_and_none_an_empty_grid() -> None:
    one = line_chart(Frame("l", "t", "d"), [Step("m", 0.5, "half")], ticks=TICKS, as_of="now")
    assert (one.count("<circle"), one.count("<polyline")) == (1, 0)
    none = line_chart(Frame("l", "t", "d"), [], ticks=TICKS, as_of="now")
    assert none.count("<circle") == 0


def test_the_plane_has_its_best_corner_upper_left_and_guessing_on_the_diagonal() -> None:
    best = Move("best", "circle", (0.5, 0.5), (0.0, 1.0), is_clear=True)
    svg = xy_plot(Frame("p", "t", "d"), [best], WORDS, ticks=TICKS)
    (frame_x, frame_y, side), *_rest = numbers_of(svg, "rect", "x", "y", "width")
    (before, after, _legend) = numbers_of(svg, "circle", "cx", "cy")
    assert after == (frame_x, frame_y)
    assert before == (frame_x + side / 2, frame_y + side / 2)  # on the line of guessing
    assert numbers_of(svg, "line", "x1", "y1", "x2", "y2")[0] == (
        frame_x,
        frame_y + side,
        frame_x + side,
        frame_y,
    )


@pytest.mark.parametrize(("is_clear", "heads"), [(True, 1), (False, 0)])
def test_only_a_clear_change_has_an_arrow(is_clear: bool, heads: int) -> None:
    move = Move("m", "circle", (0.6, 0.3), (0.1, 0.9), is_clear=is_clear)
    svg = xy_plot(Frame("p", "t", "d"), [move], WORDS, ticks=TICKS)
    assert svg.count("chart-head") == heads


def test_a_curve_shows_its_band_and_how_many_stand_behind_each_point() -> None:
    points = [
        CurvePoint("final", 0.0, 0.8, 0.7, 0.9, "80 %", "n = 24"),
        CurvePoint("30 days", 0.2, 0.6, 0.4, 0.8, "60 %", "n = 12"),
    ]
    svg = retention_curve(Frame("c", "t", "d"), points, ticks=TICKS)
    for words in ("80 %", "60 %", "n = 24", "n = 12", "final", "30 days"):
        assert words in svg
    assert svg.count("chart-band") == 1
    ranges = [
        abs(y1 - y2)
        for x1, y1, x2, y2 in numbers_of(svg, "line", "x1", "y1", "x2", "y2")
        if x1 == x2
    ]
    assert ranges[1] == pytest.approx(2 * ranges[0], abs=0.2)


def test_names_below_a_line_are_few_and_hold_both_ends() -> None:
    for count in range(1, 60):
        named = spread(count, 4)
        assert {0, count - 1} <= named
        assert len(named) <= 5
        gaps = [b - a for a, b in pairwise(sorted(named))]
        assert not gaps or min(gaps) >= min(count - 1, (count - 1) // 4)
    assert spread(0, 4) == set()


def test_long_names_are_cut_with_an_ellipsis() -> None:
    lines = wrapped("The one who recruits is a friend, relative or workmate", letters=20)
    assert len(lines) == 2
    assert lines[1].endswith("…")
    assert wrapped("", letters=20) == [""]
    assert wrapped("日" * 50, letters=20)[0] == "日" * 20
    assert number(-0.04) == "0"
