"""Pictures and the tables behind them, on a page."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from modules.reports.columns import day_words, grouped, percent
from modules.reports.tables import Kind, Table

register = template.Library()


@register.filter
def drawn(svg: str) -> SafeString:
    """A picture of `modules.reports.charts`, which has escaped every word in it."""
    return mark_safe(svg)


@register.filter
def shown_rows(table: Table) -> list[list[tuple[str, str]]]:
    """The rows of a table, each cell as (heading, what stands there)."""
    titles = [(str(column.title), column.kind) for column in table.columns]
    return [
        [(title, _shown(kind, value)) for (title, kind), value in zip(titles, row, strict=True)]
        for row in table.cells()
    ]


def _shown(kind: Kind, value: Any) -> str:
    if value is None or value == "":
        return "–"
    if kind is Kind.SHARE:
        return percent(value)
    if kind is Kind.NUMBER:
        return grouped(value)
    return day_words(value) if isinstance(value, date | datetime) else str(value)
