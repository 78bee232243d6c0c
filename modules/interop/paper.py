"""A certificate as a tagged PDF (PDF/UA-1), and the square code that leads to its public page.

The same certificate gives the same bytes: the date inside is the day it was issued, the fonts are
those inside the library, and every word comes from the snapshot.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import segno

from modules.typesetting import NoLetters, draw

TEMPLATE: Final = Path(__file__).with_name("certificate.typ")


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
    return draw(TEMPLATE, data, at=paper.issued_at)


__all__ = ["NoLetters", "Paper", "draw_pdf", "square_code"]
