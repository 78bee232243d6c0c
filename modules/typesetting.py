"""Sheets as tagged PDF (PDF/UA-1). Pure: data in, bytes out; the words come with the data.

The template is one of our own files and everything it says comes as data, so that a name that looks
like markup stays a name. The same data gives the same bytes: the date inside is given, and the
fonts are those inside the library as long as they have the letters.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

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
    """The text has letters for which this machine has no font."""


def draw(template: Path, data: Mapping[str, Any], *, at: datetime) -> bytes:
    """The PDF. Raises NoLetters when no font, not even of the machine, has a letter of it."""
    try:
        return compile_pdf(template, data, OWN_FONTS, at, of_machine=False)
    except NoLetters:
        return compile_pdf(template, data, MORE_FONTS, at, of_machine=True)


def draw_with_gaps(template: Path, data: Mapping[str, Any], *, at: datetime) -> bytes:
    """The PDF with empty boxes for letters that no font has; tagged, but not PDF/UA any more."""
    return compile_pdf(template, data, MORE_FONTS, at, of_machine=True, standards=())


def compile_pdf(
    template: Path,
    data: Mapping[str, Any],
    fonts: Sequence[str],
    at: datetime,
    *,
    of_machine: bool,
    standards: Sequence[Any] = ("ua-1",),
) -> bytes:
    """One try with these fonts. Raises NoLetters."""
    import typst  # noqa: PLC0415 -- 80 MB that only a PDF needs

    known = _fonts(of_machine=of_machine)
    families = [name for name in fonts if name in known.families()]
    try:
        made: bytes = typst.compile(
            template,
            root=template.parent,
            font_paths=known,
            format="pdf",
            sys_inputs={"data": json.dumps({**data, "fonts": families})},
            pdf_standards=list(standards),
            timestamp=int(at.timestamp()),
        )
    except typst.TypstError as error:
        if MISSING_GLYPH in str(error):
            raise NoLetters from error
        raise
    return made


@cache
def _fonts(*, of_machine: bool) -> Any:
    """Read once: looking for fonts costs more than drawing."""
    import typst  # noqa: PLC0415 -- as above

    return typst.Fonts(include_system_fonts=of_machine, include_embedded_fonts=True)
