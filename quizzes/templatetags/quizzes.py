"""Small look-ups and words for the pages of a quiz."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django import template
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from quizzes import told_words, wording
from quizzes.days import day_of
from quizzes.mastery_map import Cell, StageRow, TacticCell
from quizzes.summary import Counts
from quizzes.telling import Told, ToldPart, Turn, turns

register = template.Library()

LEVELS: dict[str, str | Promise] = {
    "none": _("Nothing"),
    "note": _("Keep in mind"),
    "refer": _("Refer"),
    "urgent": _("Urgent"),
}
RATINGS: dict[str, str | Promise] = {
    "1": _("do not"),
    "2": _("rather not"),
    "3": _("depends"),
    "4": _("rather yes"),
    "5": _("do"),
}


@register.filter
def entry(mapping: Mapping[str, Any] | None, name: str) -> Any:
    """The entry with this name, or "" when there is none."""
    found = mapping.get(name) if mapping else None
    return "" if found is None else found


@register.filter
def listed(value: Any) -> list[Any]:
    """One value as a list of it; nothing as an empty list."""
    return [value] if value else []


@register.filter
def place_of(order: Sequence[str] | None, name: str) -> int:
    """The place of a name in an order, from 1; 0 when it has none."""
    return order.index(name) + 1 if order and name in order else 0


@register.filter
def told_sentence(told: Told) -> str:
    """What comes first after an answer."""
    return told_words.told_sentence(told)


@register.filter
def look(part: ToldPart, kind: str) -> told_words.Look:
    """Mark, word and tone of how a part of this kind of item went."""
    return told_words.look_of(part.result, kind)


@register.filter
def turns_of(told: Told, said: Sequence[Mapping[str, str]]) -> list[Turn]:
    """A conversation with its reasons."""
    return turns(told, said)


@register.filter
def level_word(level: str) -> str:
    """The level of a report in words."""
    return str(LEVELS.get(level, _("left open")))


@register.filter
def rating_word(rating: str) -> str:
    """A rating from 1 to 5 in words."""
    return str(RATINGS.get(rating, _("left open")))


@register.filter
def in_language(text: Mapping[str, str], language: str) -> str:
    """A text of the bank, which always has every language."""
    return text[language]


@register.filter
def lay_sentence(counts: Counts) -> str:
    """Spots 8 of 10 signs. Flags 1 of 10 ordinary things."""
    return wording.sentence(counts)


@register.filter
def balance_line(counts: Counts) -> str:
    """Tends to wait too long; or nothing."""
    return wording.balance_words(counts)


@register.filter
def unsafe_line(number: int) -> str:
    """How many steps were not safe."""
    return wording.unsafe_words(number)


@register.filter
def apart_word(word: str) -> str:
    """The band of d' in a word."""
    return str(wording.APART.get(word, ""))


CELLS: dict[Cell, str | Promise] = {
    Cell.NOT_SEEN: _("not seen yet"),
    Cell.KEEP_PRACTISING: _("keep practising"),
    Cell.FLAGS_LOOKALIKES: _("finds the signs, but flags look-alikes too"),
    Cell.SOLID: _("solid"),
}
MARKS = {
    Cell.NOT_SEEN: "·",
    Cell.TOO_FEW: "…",
    Cell.KEEP_PRACTISING: "~",
    Cell.FLAGS_LOOKALIKES: "≠",
    Cell.SOLID: "✓",
}


@register.filter
def cell_words(cell: TacticCell) -> str:
    """What a cell of the map says."""
    if cell.cell == Cell.TOO_FEW and cell.seen < cell.needed:
        words = _("not enough cases yet (%(seen)s of %(needed)s)")
        return str(words) % {"seen": cell.seen, "needed": cell.needed}
    if cell.cell == Cell.TOO_FEW:
        return str(_("not enough look-alikes yet"))
    return str(CELLS[cell.cell])


@register.filter
def row_words(row: StageRow) -> str:
    """What the map says of a whole stage."""
    if row.cell == Cell.TOO_FEW:
        words = _("not enough cases yet (%(signs)s signs and %(noise)s look-alikes of %(needed)s)")
        numbers = {"signs": row.counts.n_signal, "noise": row.counts.n_noise}
        return str(words) % {**numbers, "needed": row.needed}
    return str(CELLS[row.cell])


@register.filter
def mark(cell: Cell) -> str:
    """The sign of a cell, beside its words."""
    return MARKS[cell]


@register.filter
def day(at: datetime) -> str:
    """The day of an instant in Malaysia, short: "Fri 27 Nov"."""
    return date_format(day_of(at), "D j M")


@register.filter
def percent(share: float | None) -> int:
    """0.8 -> 80; nothing -> 0."""
    return round(100 * (share or 0.0))
