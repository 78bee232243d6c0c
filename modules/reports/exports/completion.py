"""The completion report as tables for files: the people, and the groups, of one question."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, cast

from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from course.models.base import Viewer
from modules.outline import Outline
from modules.reports.asking import Question, instant
from modules.reports.columns import completion_table, group_table
from modules.reports.completion import read_summary
from modules.reports.lines import lines
from modules.reports.page import CompletionPage, Frame
from modules.reports.people_page import PeoplePage
from modules.reports.tables import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A table, which of its rows were asked for in words, and the page that shows the same."""

    table: Table
    filter: str
    address: str


def people_told(
    viewer: Viewer, outline: Outline, question: Question, by: str, *, now: datetime, language: str
) -> Told:
    """Person by person, with all columns, whatever the width of a screen shows."""
    frame = Frame(outline, viewer, question, at=instant(question, now), language=language, by=by)
    shown = PeoplePage(frame)
    only: tuple[str, ...] = ()
    if question.state is not None or question.overdue:
        word = _("Only: %(state)s.") % {"state": shown.title}
        only = (f"{word} {shown.rule}",)

    def about() -> tuple[str, ...]:
        page = _page(viewer, outline, question, by, now=now, language=language)
        return (*page.about, *only)

    # The sentences need a look at everybody at once. A CSV holds none, and takes none.
    return Told(
        table=completion_table(
            lines(outline, viewer, question, frame.at),
            about=cast("tuple[str, ...]", SimpleLazyObject(about)),
            as_of=frame.past_day,
        ),
        filter=_filter_words(frame, *([shown.title] if only else [])),
        address=frame.people_address(question),
    )


def groups_told(
    viewer: Viewer, outline: Outline, question: Question, by: str, *, now: datetime, language: str
) -> Told:
    """By office, cohort, module, role or round: numbers, no names of people."""
    page = _page(viewer, outline, question, by, now=now, language=language)
    return Told(
        table=group_table(page.summary.groups, page.by, about=page.about, as_of=page.past_day),
        filter=_filter_words(page),
        address=page.report_address(question),
    )


TELLERS: Final[dict[str, Callable[..., Told]]] = {"people": people_told, "groups": groups_told}


def _page(
    viewer: Viewer, outline: Outline, question: Question, by: str, *, now: datetime, language: str
) -> CompletionPage:
    summary = read_summary(outline, viewer, question, instant(question, now), by=by)
    return CompletionPage(outline, viewer, question, summary, language=language)


def _filter_words(frame: Frame, *more: str) -> str:
    words = [*(one.words for one in frame.filters(frame.report_address)), *more]
    return "; ".join(words) or _("everybody in the report")
