"""The style sheet and the script: their weight, what they may hold, the contrast of colours."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings

STATIC = Path(settings.BASE_DIR) / "course" / "static" / "course"
CSS = (STATIC / "kenali.css").read_text()
SCRIPT = (STATIC / "kenali.js").read_text()

# What is written on what. Every pair must reach 4.5 to 1 (WCAG 2.2, 1.4.3), in both themes.
TEXT = [
    *[(text, ground) for text in ("ink", "soft") for ground in ("paper", "card", "sunk")],
    *[(text, ground) for text in ("ink", "soft") for ground in ("tint", "warm-tint")],
    *[("accent", ground) for ground in ("paper", "card", "sunk", "tint", "warm-tint")],
    *[("accent-strong", ground) for ground in ("paper", "card", "tint")],
    *[("warm", ground) for ground in ("paper", "card", "warm-tint")],
    *[("mend", ground) for ground in ("paper", "card", "mend-tint")],
    *[(f"stage-{number}", ground) for number in (1, 2, 3) for ground in ("paper", "card")],
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("card", "accent"),
    ("card", "warm"),
    ("paper", "ink"),
    ("on-hero", "hero"),
    ("hero-ink", "on-hero"),
]
# Edges and shapes that must be seen to be used: 3 to 1 (1.4.11).
SHAPES = [("edge", "paper"), ("edge", "card"), ("accent", "line"), ("on-hero", "hero")]


def tokens(theme: str) -> dict[str, str]:
    """Name -> hex colour of `light` or `dark`; the dark block only says what differs."""
    first, dark = re.findall(r":root \{(.*?)\n\s*\}", CSS, re.DOTALL)[:2]
    text = first if theme == "light" else first + dark
    return dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{3,6});", text))


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    if len(digits) == 3:
        digits = "".join(2 * digit for digit in digits)
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_the_measure_of_contrast_itself() -> None:
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#fff") == pytest.approx(4.48, abs=0.01)  # the textbook near miss


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_can_be_read(theme: str) -> None:
    colours = tokens(theme)
    weak = {
        f"{text} on {ground}": round(contrast(colours[text], colours[ground]), 2)
        for text, ground in TEXT
        if contrast(colours[text], colours[ground]) < 4.5
    }
    assert weak == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_shapes_can_be_seen(theme: str) -> None:
    colours = tokens(theme)
    weak = {
        f"{shape} on {ground}": round(contrast(colours[shape], colours[ground]), 2)
        for shape, ground in SHAPES
        if contrast(colours[shape], colours[ground]) < 3
    }
    assert weak == {}


def test_both_themes_are_really_two() -> None:
    light, dark = tokens("light"), tokens("dark")
    assert light.keys() == dark.keys()
    assert luminance(light["paper"]) > 0.8
    assert luminance(dark["paper"]) < 0.05


@pytest.mark.parametrize(
    ("name", "most"), [("kenali.css", 12 * 1024), ("kenali.js", 3 * 1024), ("icon.svg", 1024)]
)
def test_weight(name: str, most: int) -> None:
    assert len(gzip.compress((STATIC / name).read_bytes())) <= most


def test_the_style_sheet_asks_for_nothing() -> None:
    """No font, no picture, no other sheet: each would be one more request on a slow line."""
    for sheet in STATIC.glob("*.css"):
        assert not re.search(r"url\(|@import|@font-face", sheet.read_text()), sheet.name


def test_the_script_writes_no_markup() -> None:
    """The policy `require-trusted-types-for 'script'` would stop such a line, and nothing else."""
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", SCRIPT)


def test_every_custom_property_in_use_exists() -> None:
    for sheet in STATIC.glob("*.css"):
        used = set(re.findall(r"var\(--([a-z0-9-]+)", sheet.read_text()))
        made = set(re.findall(r"--([a-z0-9-]+):", CSS + sheet.read_text()))
        assert used - made == set(), sheet.name
