"""The completion report as tables for files: the people, and the groups, of one question."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from course.access import Context
from modules.outline import Outline
from modules.reports.asking import Question, instant
from modules.reports.columns import completion_table, group_table
from modules.reports.completion import read_summary
from modules.reports.lines import lines
from modules.reports.page import CompletionPage
from modules.reports.people_page import PeoplePage
from modules.reports.tables import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A table, which of its rows were asked for in words, and the page that shows the same."""

    table: Table
    filter: str
    address: str


def people_told(context: Context, outline: Outline, question: Question, by: str) -> Told:
    """Person by person, with all columns, whatever the width of a screen shows."""
    page = _page(context, outline, question, by)
    shown = PeoplePage(page)
    about, words = page.about, _filter_words(page)
    if question.state is not None or question.overdue:
        only = _("Only: %(state)s.") % {"state": shown.title}
        about = (*about, f"{only} {shown.rule}")
        words = "; ".join([words, shown.title] if page.filters_set else [shown.title])
    found = lines(outline, context, question, instant(question, context.at))
    return Told(
        table=completion_table(found, about=about, as_of=page.past_day),
        filter=words,
        address=page.people_address(question),
    )


def groups_told(context: Context, outline: Outline, question: Question, by: str) -> Told:
    """By office, cohort or module: numbers, no names of people."""
    page = _page(context, outline, question, by)
    return Told(
        table=group_table(page.summary.groups, page.by, about=page.about, as_of=page.past_day),
        filter=_filter_words(page),
        address=page.report_address(question),
    )


TELLERS: Final[dict[str, Callable[[Context, Outline, Question, str], Told]]] = {
    "people": people_told,
    "groups": groups_told,
}


def _page(context: Context, outline: Outline, question: Question, by: str) -> CompletionPage:
    summary = read_summary(outline, context, question, instant(question, context.at), by=by)
    return CompletionPage(outline, context, question, summary, language=context.language)


def _filter_words(page: CompletionPage) -> str:
    set_ones = [one.words for one in page.filters_set]
    return "; ".join(set_ones) or _("everybody in the report")
