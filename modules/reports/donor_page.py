"""What the summary page shows: its sentences, tables, and one picture. No counting here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

from django.utils.translation import gettext as _

from modules.reports import donor_tables
from modules.reports.charts import Bar, Frame, bar_chart
from modules.reports.columns import day_words, grouped, percent
from modules.reports.donor import Donor
from modules.reports.donor_tables import Part, donor_table
from modules.reports.exports.door import FORMAT_WORDS
from modules.reports.tables import Kind, Table

SENTENCES: Final = 3  # that every table begins with; the page says them once, on top


@dataclass(frozen=True, slots=True)
class Section:
    """One table with its own sentences."""

    part: Part
    table: Table
    sentences: tuple[str, ...]

    @property
    def rows(self) -> Iterator[list[tuple[str, str]]]:
        """Each row as (head of the column, what stands in it)."""
        heads = [str(column.title) for column in self.table.columns]
        kinds = [column.kind for column in self.table.columns]
        for cells in self.table.cells():
            yield [
                (head, _words(kind, cell))
                for head, kind, cell in zip(heads, kinds, cells, strict=True)
            ]

    @property
    def is_told(self) -> bool:
        """Whether the table says anything: without enough tests its sentence is all there is."""
        return self.part is not Part.TESTS or any(row.hits is not None for row in self.table.rows)

    @property
    def heads(self) -> list[str]:
        """The heads of the columns."""
        return [str(column.title) for column in self.table.columns]


def _words(kind: Kind, cell: object) -> str:
    if cell is None:
        return ""
    if kind is Kind.SHARE and isinstance(cell, float):
        return percent(cell)
    return grouped(cell) if isinstance(cell, int) else str(cell)


class DonorPage:
    """The page of one quarter."""

    def __init__(self, found: Donor, quarters: list[date], *, language: str) -> None:
        self.found, self.quarters, self.language = found, quarters, language

    @property
    def headline(self) -> str:
        """The one sentence."""
        return donor_tables.headline(self.found)

    @property
    def as_of(self) -> str:
        """As of when, and who is counted."""
        return donor_tables.as_of_words(self.found.day)

    @property
    def rule(self) -> str:
        """What is hidden, and why."""
        return donor_tables.rule_words(self.found.step)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell."""
        return self.found.learners is None

    def choices(self) -> Iterator[tuple[str, str, bool]]:
        """(value, words, whether it is this one) of each quarter."""
        for day in self.quarters:
            yield day.isoformat(), day_words(day), day == self.found.day

    @property
    def day(self) -> str:
        """The day as it stands in an address."""
        return self.found.day.isoformat()

    def kinds(self) -> list[tuple[str, str]]:
        """(kind, words) of the files there are."""
        return [(kind.value, str(words)) for kind, words in FORMAT_WORDS.items()]

    @cached_property
    def sections(self) -> list[Section]:
        """The three tables."""
        tables = [(one, donor_table(self.found, one, language=self.language)) for one in Part]
        return [Section(part, table, table.about[SENTENCES:]) for part, table in tables]

    @property
    def chart(self) -> str:
        """Completion by module as bars; "" where no share may be told."""
        bars = []
        for row in self.found.modules:
            words = donor_tables.hidden_word()
            if row.completed is not None and row.learners is not None:
                words = _("%(number)s of %(whole)s") % {
                    "number": grouped(row.completed),
                    "whole": grouped(row.learners),
                }
            title = donor_tables.module_name(row, self.language)
            bars.append(Bar(title, row.share, words))
        if not any(bar.share is not None for bar in bars):
            return ""
        frame = Frame(
            "modules",
            _("Completion by module"),
            _("A bar for each module: how many of all learners completed it."),
        )
        return bar_chart(frame, bars)


__all__ = ["DonorPage", "Section"]
