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
_WEIGHTS: Final = {Kind.NUMBER: 1.35, Kind.SHARE: 1.35, Kind.DATE: 1.75, Kind.INSTANT: 2.5}
_A_SIGN: Final = 0.16  # of a weight, which is about a centimetre of upright paper
_NARROW: Final = 1.35  # the least for text
_WIDE: Final = 5.5  # the most: what is longer goes over several lines
_FULL: Final = 22  # weights that fit on upright paper
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
    widths = [
        _width(kind, head, [row[place] for row in rows])
        for place, (kind, head) in enumerate(zip(kinds, heads, strict=True))
    ]
    return {
        "title": str(table.title),
        "issuer": stamp.organization if stamp else "Kenali",
        "stamp": stamp_words(stamp, zone) if stamp else "",
        "about": about_of(table),
        "language": (get_language() or "en")[:2],
        "flipped": len(kinds) > UPRIGHT or sum(widths) > _FULL,
        "small": len(kinds) > UPRIGHT,
        "tiny": len(kinds) > UPRIGHT + 4,
        "widths": widths,
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


def _width(kind: Kind, head: str, cells: Sequence[str]) -> float:
    """How much of the paper a column gets: text by what nine of ten of its cells need."""
    word = max(map(len, head.split()), default=0) * _A_SIGN
    if kind is not Kind.TEXT:
        return max(_WEIGHTS[kind], word)
    lengths = sorted(map(len, cells))
    usual = lengths[len(lengths) * 9 // 10] * _A_SIGN if lengths else 0.0
    return max(_NARROW, word, min(usual, _WIDE))
