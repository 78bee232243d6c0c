"""A certificate as a tagged PDF (PDF/UA-1), and the square code that leads to its public page.

The same certificate gives the same bytes: the date inside is the day it was issued, the fonts are
those inside the library, and every word comes from the snapshot.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

import segno

TEMPLATE: Final = Path(__file__).with_name("certificate.typ")
OWN_FONTS: Final = ("Libertinus Serif",)  # inside the library, the same on every machine
# For names in other scripts, when the machine has them; the first that has the letter is taken.
MORE_FONTS: Final = (
    *OWN_FONTS,
    "Noto Serif",
    "Noto Sans",
    "Noto Sans Tamil",
    "Noto Sans Myanmar",
    "Noto Sans Thai",
    "Noto Sans Bengali",
    "Noto Sans Devanagari",
    "Noto Sans Khmer",
    "Noto Sans Lao",
    "Noto Sans Arabic",
    "Noto Sans CJK SC",
    "DejaVu Sans",
    "Droid Sans Fallback",
)
MISSING_GLYPH: Final = "could not be displayed"


class NoLetters(ValueError):
    """The name has letters for which this machine has no font."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What one sheet says. `words` is one language of the snapshot."""

    words: Mapping[str, Any]
    language: str
    name: str
    organization: str
    number: str
    address: str
    issued_at: datetime


def square_code(address: str) -> str:
    """The address as an SVG without style attributes, which our content policy would refuse."""
    code = segno.make(address, error="m", micro=False)
    return code.svg_inline(border=2, omitsize=True, svgclass="square", lineclass=None)


def draw_pdf(paper: Paper) -> bytes:
    """The PDF. Raises NoLetters when no font, not even of the machine, has a letter of the name."""
    data = {
        "words": paper.words,
        "language": paper.language,
        "name": paper.name,
        "organization": paper.organization,
        "issuer": paper.organization or "Kenali",
        "number": paper.number,
        "address": paper.address,
        "qr": square_code(paper.address),
    }
    try:
        return _compile(data, OWN_FONTS, paper.issued_at, of_machine=False)
    except NoLetters:
        return _compile(data, MORE_FONTS, paper.issued_at, of_machine=True)


def _compile(
    data: Mapping[str, Any], fonts: Sequence[str], issued_at: datetime, *, of_machine: bool
) -> bytes:
    import typst  # noqa: PLC0415 -- 80 MB that only a PDF needs

    known = _fonts(of_machine=of_machine)
    families = [name for name in fonts if name in known.families()]
    try:
        made: bytes = typst.compile(
            TEMPLATE,
            root=TEMPLATE.parent,
            font_paths=known,
            format="pdf",
            sys_inputs={"data": json.dumps({**data, "fonts": families})},
            pdf_standards=["ua-1"],
            timestamp=int(issued_at.timestamp()),
        )
    except typst.TypstError as error:
        if MISSING_GLYPH in str(error):
            raise NoLetters(data["name"]) from error
        raise
    return made


@cache
def _fonts(*, of_machine: bool) -> Any:
    """Read once: looking for fonts costs more than drawing."""
    import typst  # noqa: PLC0415 -- as above

    return typst.Fonts(include_system_fonts=of_machine, include_embedded_fonts=True)
