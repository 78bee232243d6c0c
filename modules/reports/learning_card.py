"""One part of the page "Does it work?", and what all parts are made with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from course.framework.schema import Framework
from modules.reports.charts import Frame, Look
from modules.reports.learning import Learning
from modules.reports.tables import Table

TICKS: Final = ((0.0, "0 %"), (0.5, "50 %"), (1.0, "100 %"))


@dataclass(frozen=True, slots=True)
class Card:
    """One part of the page. `svg` is "" where there is nothing that may be drawn.

    `lead` is the plain sentence; `more` and `notes` follow before and after the picture.
    """

    key: str
    title: str
    lead: str
    more: tuple[str, ...] = ()
    svg: str = ""
    caption: str = ""
    notes: tuple[str, ...] = ()
    table: Table | None = None


class Maker:
    """Makes cards of one read, in one language and for one way out."""

    def __init__(
        self, found: Learning, framework: Framework, *, language: str, look: Look = Look.SCREEN
    ) -> None:
        self.found, self.framework = found, framework
        self.language: Any = language
        self.look = look

    def _frame(self, key: str, title: str, words: str) -> Frame:
        behind = _("The table behind the picture has every number.")
        return Frame(key, title, f"{words} {behind}", self.look)

    def _stage(self, key: str) -> str:
        found = self.framework.stages.get(key)
        return found.short_name[self.language] if found else key

    def _tactic(self, key: str) -> str:
        found = self.framework.tactics.get(key)
        return found.name[self.language] if found else key


__all__ = ["TICKS", "Card", "Maker"]
