"""PDF: the table on A4, to be handed over, printed or read aloud.

Tagged (PDF/UA-1), so that a screen reader finds title, headings, table and its heads; the heads
come again on every page. Only when a name has letters for which the machine has no font is it
tagged without that promise, with empty boxes, and says so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, tzinfo
from pathlib import Path
from typing import Any, Final

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from modules.reports.exports.values import Stamp, Value, about_of, minute, titles_of, typed_rows
from modules.reports.exports.words import stamp_words
from modules.reports.exports.xlsx_file import TooManyRows
from modules.reports.tables import Kind, Table
from modules.typesetting import NoLetters, draw, draw_with_gaps

TEMPLATE: Final = Path(__file__).with_name("table.typ")
MOST_ROWS: Final = 1_000  # some 40 pages; drawing takes about 5 ms and 0.2 MB of memory a row
UPRIGHT: Final = 8  # columns that fit on upright paper
# Widths are counted in signs.
_SIGNS: Final = {Kind.NUMBER: 8, Kind.SHARE: 8, Kind.DATE: 11, Kind.INSTANT: 16}
_NARROW: Final = 8  # the least for text
_WIDE: Final = 34  # the most: what is longer goes over several lines
_BESIDE: Final = 2  # between columns
_BOLD: Final = 1.2  # as wide as the signs of a head are
_BROKEN: Final = 17  # longer runs of letters are broken by the template
_ROOM: Final = 110  # on upright paper
_ROOM_FLIPPED: Final = 185
_ROOM_TINY: Final = 215
_BREAKS: Final = re.compile(r"[\s-]+")
_LONG: Final = re.compile(r"[\x21-\x7e\u00c0-\u024f]{18}")  # does not break by itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A chart above the table: `alt` says what it shows, for those who cannot see it."""

    svg: str
    alt: str
    caption: str


def write_pdf(
    table: Table, *, zone: tzinfo, stamp: Stamp | None = None, pictures: Sequence[Picture] = ()
) -> bytes:
    """The whole file. Raises TooManyRows beyond MOST_ROWS."""
    at = stamp.at if stamp else datetime.now(UTC)
    data = _data(table, zone, stamp, pictures, at)
    try:
        return draw(TEMPLATE, data, at=at)
    except NoLetters:
        gap = _(
            "Some letters could not be drawn on this machine; "
            "the other kinds of file have all of them."
        )
        return draw_with_gaps(TEMPLATE, {**data, "about": [*data["about"], gap]}, at=at)


def shown_text(kind: Kind, value: Value) -> str:
    """A value as it stands on paper: like in the other files, and shares as people write them."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return minute(value)
    if isinstance(value, date):
        return value.isoformat()
    return (
        f"{value * 100:.1f} %" if kind is Kind.SHARE and not isinstance(value, str) else str(value)
    )


def _data(
    table: Table, zone: tzinfo, stamp: Stamp | None, pictures: Sequence[Picture], at: datetime
) -> dict[str, Any]:
    kinds = [column.kind for column in table.columns]
    rows: list[list[str]] = []
    for row in typed_rows(table, zone):
        if len(rows) == MOST_ROWS:
            raise TooManyRows(MOST_ROWS)
        rows.append([shown_text(kind, value) for kind, value in zip(kinds, row, strict=True)])
    heads = titles_of(table)
    layout = _layout(kinds, heads, rows)
    return {
        **layout,
        "title": str(table.title),
        "issuer": stamp.organization if stamp else "Kenali",
        "stamp": stamp_words(stamp, zone) if stamp else "",
        "about": about_of(table),
        "language": (get_language() or "en")[:2],
        "right": [kind in {Kind.NUMBER, Kind.SHARE} for kind in kinds],
        "heads": heads,
        "rows": rows,
        "breaks": any(_LONG.search(cell) for row in rows for cell in row),
        "pictures": [asdict(picture) for picture in pictures],
        "words": {
            "day": date_format(at.astimezone(zone).date()),
            "page": _("Page"),
            "of": _("of"),
            "table": _("Table"),
            "empty": _("Nobody and nothing matches."),
        },
    }


def _layout(kinds: Sequence[Kind], heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Any:
    """How the paper lies, the size of the letters, and how wide each column is."""
    cells = [[head, *(row[place] for row in rows)] for place, head in enumerate(heads)]
    least = [_least(kind, texts) for kind, texts in zip(kinds, cells, strict=True)]
    widths = [
        max(narrow, _usual(texts[1:])) if kind is Kind.TEXT else narrow
        for kind, texts, narrow in zip(kinds, cells, least, strict=True)
    ]
    small, tiny = len(kinds) > UPRIGHT, len(kinds) > UPRIGHT + 4
    flipped = small or sum(widths) > _ROOM
    room = _ROOM_TINY if tiny else _ROOM_FLIPPED if flipped else _ROOM
    given = sum(widths) - sum(least)  # beyond what words need
    if (over := sum(widths) - room) > 0 and given > 0:
        part = 1 - min(1, over / given)
        widths = [low + part * (wide - low) for low, wide in zip(least, widths, strict=True)]
    return {"flipped": flipped, "small": small, "tiny": tiny, "widths": widths}


def _least(kind: Kind, texts: Sequence[str]) -> float:
    """What no word needs more than; longer ones are broken (`_LONG`)."""
    head, *cells = [max(map(len, _BREAKS.split(text))) for text in texts]
    word = max([head * _BOLD, *cells])
    return max(_SIGNS.get(kind, _NARROW), min(_BROKEN, word) + _BESIDE)


def _usual(cells: Sequence[str]) -> float:
    """What nine of ten cells need, up to a width at which one still finds the next line."""
    lengths = sorted(map(len, cells))
    return min(_WIDE, lengths[len(lengths) * 9 // 10] + _BESIDE) if lengths else 0
