"""What the pages of completion show and where each number leads: words and addresses, no counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, Final
from uuid import UUID

from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from course.models import Cohort, Office
from course.models.base import Viewer
from course.roles import Role, sees_every_cohort
from modules.models import Cycle, ReportView
from modules.outline import Outline
from modules.reports import columns
from modules.reports.asking import Nowhere, Question, past_day
from modules.reports.completion import BY, Group, Summary
from modules.reports.states import PRESENT, State

BY_WORDS: Final = {
    "office": gettext_lazy("By office"),
    "cohort": gettext_lazy("By cohort"),
    "module": gettext_lazy("By module"),
    "role": gettext_lazy("By role"),
    "round": gettext_lazy("By round"),
}
# What a row's key is in the question; its page goes on by office, where there is more to see.
ROW_PARTS: Final[Mapping[str, Any]] = {
    "office": UUID,
    "cohort": UUID,
    "module": str,
    "role": Role,
    "round": str,
}
PEOPLE_WORDS: Final = {
    Role.LEARNER: gettext_lazy("Counted: learners with an active place on that day."),
    Role.TRAINER: gettext_lazy("Counted: trainers with an active place on that day."),
    Role.ADMINISTRATOR: gettext_lazy("Counted: administrators with an active place on that day."),
}


def tab_of(data: Mapping[str, str]) -> str:
    """By what the table is asked for; nonsense means by office."""
    by = data.get("by", "")
    return by if by in BY else BY[0]


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter that is set: what it means, and the address without it."""

    words: str
    without: str


@dataclass(frozen=True, slots=True)
class Sum:
    """One number with its word and the people behind it."""

    key: str
    word: str
    number: int
    address: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table; `address` sets its filter, None where there is nothing to go into."""

    group: Group
    address: str | None
    overdue_address: str

    @property
    def depth(self) -> int:
        """How far it is set in; deeper than five is not shown."""
        return min(self.group.depth, 5)

    @property
    def rate(self) -> str:
        """41 %; likely between 38 % and 44 %."""
        return columns.rate_words(self.group.rate)


class Frame:
    """What the page of numbers and the list of people share: the question in words and links."""

    def __init__(
        self,
        outline: Outline,
        viewer: Viewer,
        question: Question,
        *,
        at: datetime,
        language: str,
        by: str = "",
    ) -> None:
        self.outline, self.viewer, self.question = outline, viewer, question
        self.at, self.language, self.by = at, language, by or BY[0]

    @property
    def past_day(self) -> date | None:
        """The day at whose end the report looks; None: it looks at this moment."""
        return past_day(self.question, self.at)

    @property
    def is_past(self) -> bool:
        """Whether a day was asked for that is over."""
        return self.past_day is not None

    def report_address(self, question: Question, *, by: str | None = None) -> str:
        """The page of numbers."""
        parts = question.population.query()
        tab = by or self.by
        if tab != BY[0]:
            parts = f"{parts}&by={tab}" if parts else f"by={tab}"
        return f"{reverse('modules:report')}{'?' if parts else ''}{parts}"

    def people_address(self, question: Question) -> str:
        """The list of people."""
        parts = question.query()
        return f"{reverse('modules:report_people')}{'?' if parts else ''}{parts}"

    @cached_property
    def office_name(self) -> str:
        """The name of the office that is asked about."""
        rows: Any = Office.objects.visible_to(self.viewer)
        rows = rows.filter(id=self.question.office)
        return str(rows.values_list("name", flat=True).get())

    @cached_property
    def cohort_name(self) -> str:
        """The name of the cohort that is asked about."""
        rows: Any = Cohort.objects.visible_to(self.viewer)
        rows = rows.filter(id=self.question.cohort)
        return str(rows.values_list("name", flat=True).get())

    @property
    def module_title(self) -> str:
        """The title of the module that is asked about; "" for the whole course."""
        module = self.outline.module(self.question.module)
        return module.title(self.language) if module is not None else ""

    def filters(self, address: Any) -> Iterator[Filter]:
        """Each filter that is set, in words, with `address` of the question without it."""
        question = self.question
        if question.as_of is not None:
            day = columns.day_words(question.as_of)
            told = _("As it was at the end of %(day)s") if self.is_past else _("Today, %(day)s")
            words = told % {"day": day}
            yield Filter(words, address(question.but(as_of=None)))
        if question.office is not None:
            words = _("No office said")
            if question.office is not Nowhere.NONE:
                words = _("Office “%(name)s” and those below it") % {"name": self.office_name}
            yield Filter(words, address(question.but(office=None)))
        if question.cohort is not None:
            words = _("In no cohort")
            if question.cohort is not Nowhere.NONE:
                words = _("Cohort “%(name)s”") % {"name": self.cohort_name}
            yield Filter(words, address(question.but(cohort=None)))
        if question.asked_role != Role.LEARNER:
            words = str(columns.ROLE_WORDS[question.asked_role])
            yield Filter(words, address(question.but(role=None)))
        if question.module:
            words = _("Module “%(title)s”") % {"title": self.module_title}
            yield Filter(words, address(question.but(module="")))
        if question.number is not None:
            words = _("Round %(number)s") % {"number": question.number}
            yield Filter(words, address(question.but(round=PRESENT)))

    def population_words(self) -> str:
        """Who is counted, in whole sentences."""
        question = self.question
        told = [str(PEOPLE_WORDS[question.asked_role])]
        if self.viewer.role is not None and not self._sees_all:
            told.append(_("Only people of your cohorts."))
        if question.office is Nowhere.NONE:
            told.append(_("Only people of whom no office is said."))
        elif question.office is not None:
            name = {"name": self.office_name}
            told.append(_("Only the office “%(name)s” and those below it.") % name)
        if question.cohort is Nowhere.NONE:
            told.append(_("Only people in no cohort."))
        elif question.cohort is not None:
            told.append(_("Only the cohort “%(name)s”.") % {"name": self.cohort_name})
        if question.number is not None:
            number = {"number": question.number}
            told.append(_("Only who had begun round %(number)s, and what they did in it.") % number)
        return " ".join(told)

    # --- what may be chosen -----------------------------------------------------------------------

    def office_choices(self) -> list[tuple[str, str]]:
        """The offices of today, each after the one it belongs to; then none of them."""
        rows = Office.objects.visible_to(self.viewer).values_list("id", "name", "parent_id")
        parts: dict[UUID | None, list[tuple[str, UUID]]] = {}
        for office, name, parent in rows:
            parts.setdefault(parent, []).append((name, office))
        found: list[tuple[str, str]] = []

        def walk(parent: UUID | None, depth: int) -> None:
            for name, office in sorted(parts.get(parent, []), key=lambda one: one[0].casefold()):
                found.append((str(office), f"{'– ' * depth}{name}"))
                walk(office, depth + 1)

        walk(None, 0)
        return [*found, (Nowhere.NONE.value, _("No office said"))] if found else []

    def cohort_choices(self) -> list[tuple[str, str]]:
        """The cohorts that the viewer may see; then none, where people in none may be seen."""
        rows = Cohort.objects.visible_to(self.viewer).order_by("name").values_list("id", "name")
        found = [(str(cohort), name) for cohort, name in rows]
        if found and self._sees_all:
            found.append((Nowhere.NONE.value, _("In no cohort")))
        return found

    @property
    def _sees_all(self) -> bool:
        return sees_every_cohort(self.viewer.role)

    @property
    def all_cohorts_words(self) -> str:
        """What no choice of cohort means to this viewer."""
        if self._sees_all:
            return _("All cohorts, and who is in none")
        return _("All my cohorts")

    def module_choices(self) -> list[tuple[str, str]]:
        """The modules of today's course."""
        return [(one.key, one.title(self.language)) for one in self.outline.modules]

    def rounds(self) -> range:
        """The rounds that anybody of the organisation has begun."""
        rows = Cycle.objects.visible_to(self.viewer).aggregate(most=Max("number"))
        return range(1, max(rows["most"] or 1, self.question.number or 1) + 1)

    @cached_property
    def views(self) -> list[ReportView]:
        """The questions that the viewer has kept."""
        return list(ReportView.objects.visible_to(self.viewer).order_by("name"))


class CompletionPage(Frame):
    """The page of numbers."""

    def __init__(
        self,
        outline: Outline,
        viewer: Viewer,
        question: Question,
        summary: Summary,
        *,
        language: str,
    ) -> None:
        super().__init__(outline, viewer, question, at=summary.at, language=language, by=summary.by)
        self.summary = summary

    @property
    def headline(self) -> str:
        """The one sentence."""
        role = self.question.asked_role
        return columns.headline(self.summary, role=role, module=self.module_title)

    @property
    def rate(self) -> str:
        """The share with its interval, or "" where there are too few people."""
        return columns.rate_words(self.summary.rate)

    @property
    def as_of(self) -> str:
        """As of when."""
        return columns.as_of_words(self.summary, past=self.is_past)

    @cached_property
    def filters_set(self) -> list[Filter]:
        """Each filter that is set."""
        return list(self.filters(self.report_address))

    @property
    def left_out(self) -> list[str]:
        """Who is not counted, and why: one line for each reason."""
        return [columns.left_out_words(*pair) for pair in self.summary.left_out.items()]

    @property
    def about(self) -> tuple[str, ...]:
        """The same as sentences, for files."""
        return columns.about(
            self.summary,
            role=self.question.asked_role,
            population=self.population_words(),
            past=self.is_past,
            module=self.module_title,
        )

    def sums(self) -> Iterator[Sum]:
        """The row of numbers: each state, and who is late."""
        question, counts = self.question.population, self.summary.counts
        yield Sum(
            "overdue",
            _("Overdue"),
            self.summary.overdue,
            self.people_address(question.but(overdue=True)),
        )
        for state, word in columns.STATE_WORDS.items():
            number = self.summary.completed if state == State.COMPLETED else counts[state]
            yield Sum(
                state.value, str(word), number, self.people_address(question.but(state=state))
            )

    def tabs(self) -> Iterator[tuple[str, str, bool]]:
        """(words, address, whether it is this one) for each way to part the table."""
        for by in BY:
            yield str(BY_WORDS[by]), self.report_address(self.question, by=by), by == self.by

    def rows(self) -> Iterator[Row]:
        """The rows of the table with where they lead."""
        question = self.question.population
        for group in self.summary.groups:
            key = Nowhere.NONE if group.key is None else ROW_PARTS[self.by](group.key)
            into = question.but(**{self.by: key})
            further = "office" if self.by in {"role", "round"} else self.by
            address = self.report_address(into, by=further)
            is_here = address == self.report_address(question)
            overdue = self.people_address(into.but(overdue=True))
            yield Row(group, None if is_here else address, overdue)

    @property
    def table_title(self) -> str:
        """The heading of the first column."""
        return str(columns.GROUP_TITLES[self.by])

    @property
    def everybody_address(self) -> str:
        """The list of the whole population."""
        return self.people_address(self.question.population)

    @property
    def here(self) -> str:
        """The question with its tab, as it is kept."""
        return self.report_address(self.question).partition("?")[2]


def completion_page(
    outline: Outline, viewer: Viewer, question: Question, summary: Summary, *, language: str
) -> CompletionPage:
    """The page of a summary; its `about` are the sentences on top of every file."""
    return CompletionPage(outline, viewer, question, summary, language=language)


__all__ = ["CompletionPage", "Filter", "Frame", "Row", "Sum", "completion_page", "tab_of"]
