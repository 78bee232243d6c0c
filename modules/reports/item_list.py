"""The page on a form, and what it shares with the page on one item: words and per cents.

Made ready for the templates; the numbers are those of `reports.items`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from course.framework.schema import Framework
from modules.reports.item_words import (
    KIND_WORDS,
    about_form,
    about_list,
    findings,
    people_needed,
    right_words,
    separates_words,
    trust_words,
)
from modules.reports.items import FormReport, ItemLine
from quizzes import measures
from quizzes.item_statistics import HIDE, PROVISIONAL, Share, complete_rows


def per_cent(value: float | None) -> int:
    """Whole per cent; 0 for nothing."""
    return round(100 * (value or 0.0))


def points(value: float | None) -> str:
    """Whole points of 100, with a real minus."""
    return str(per_cent(value)).replace("-", "−")


def decimal(value: float | None) -> str:
    """Two places, with a real minus; "" for nothing."""
    return "" if value is None else f"{value:.2f}".replace("-", "−")


@dataclass(frozen=True, slots=True)
class Bar:
    """A share and its likely range, in whole per cents: for a small picture beside the words."""

    at: int
    low: int
    high: int

    @property
    def width(self) -> int:
        """Of the range; never nothing."""
        return max(1, self.high - self.low)


def bar_of(share: Share) -> Bar:
    """The picture of a share."""
    return Bar(per_cent(share.p), per_cent(share.low), per_cent(share.high))


@dataclass(frozen=True, slots=True)
class Card:
    """One item in the list."""

    line: ItemLine
    right: str
    separates: str
    findings: list[str]
    bar: Bar
    kind: str


@dataclass(frozen=True, slots=True)
class StageRow:
    """One stage of the form."""

    name: str
    items: int
    share: int


@dataclass(frozen=True, slots=True)
class MoodleRow:
    """One item with the numbers that Moodle prints, as text."""

    label: str
    values: tuple[str, ...]


class FormPage:
    """What both pages share."""

    def __init__(
        self, report: FormReport, cohort_name: str, framework: Framework, language: Any
    ) -> None:
        self.report = report
        self.numbers = report.numbers
        self.framework = framework
        self.language = language
        self.title = report.line.quiz.title[language]
        self.about = about_form(report, cohort_name)
        self.needed = people_needed("item_facility")
        self.needed_separates = people_needed("item_discrimination")

    @property
    def trust(self) -> dict[str, Any] | None:
        """How reliable the form is; None below its gate."""
        found = self.numbers
        if found.gate == HIDE:
            return None
        usable = found.alpha is not None and found.alpha >= 0
        return {
            "usable": usable,
            "alpha": decimal(found.alpha),
            "low": decimal(found.alpha_low),
            "high": decimal(found.alpha_high),
            "sem": decimal(found.sem),
            "mean": decimal(found.mean_total),
            "spread": decimal(found.sd_total),
            "of": found.k,
            "words": trust_words(found),
            "provisional": found.gate == PROVISIONAL,
        }


class ListPage(FormPage):
    """A form and its items."""

    def __init__(
        self, report: FormReport, cohort_name: str, framework: Framework, language: Any
    ) -> None:
        super().__init__(report, cohort_name, framework, language)
        self.about = about_list(report, cohort_name)

    @cached_property
    def cards(self) -> list[Card]:
        """Items with enough answers, what to look at first."""
        return [card_of(line) for line in self.report.shown]

    @property
    def striking(self) -> int:
        """How many have something to look at."""
        return sum(bool(card.findings) for card in self.cards)

    @property
    def too_few(self) -> list[ItemLine]:
        """Items that too few people answered."""
        return [one for one in self.report.lines if one.numbers.facility.gate == HIDE]

    @property
    def stages(self) -> list[StageRow]:
        """Shares by stage, from ten people up."""
        if self.report.answers.people < self.needed:
            return []
        names = {key: stage.name[self.language] for key, stage in self.framework.stages.items()}
        return [
            StageRow(
                names.get(one.stage, one.stage) or _("No stage"), one.items, per_cent(one.share)
            )
            for one in self.report.stages
        ]

    @cached_property
    def moodle(self) -> dict[str, Any] | None:
        """Moodle's numbers of the people without a gap; None below the gate of reliability."""
        return None if self.numbers.gate == HIDE else moodle_of(self.report)


def card_of(line: ItemLine) -> Card:
    """One item for the list."""
    return Card(
        line,
        right_words(line),
        separates_words(line),
        findings(line),
        bar_of(line.numbers.facility),
        str(KIND_WORDS[line.document.kind]),
    )


MOODLE_ITEM = (
    "facility",
    "sd",
    "discrimination_index",
    "discriminative_efficiency",
    "effective_weight",
)


def moodle_of(report: FormReport) -> dict[str, Any]:
    """The set of measurement design 3.6, from the same rows and credits."""
    columns = report.answers.columns
    rows = complete_rows(columns, report.answers.people)
    marks = [[column[i] or 0.0 for column in columns] for i in rows]
    found: Any = measures.moodle_statistics(marks=marks)
    names = ("mean", "median", "sd", "skewness", "kurtosis", "cic", "error_ratio", "standard_error")
    return {
        "form": {name: decimal(found[name]) for name in names},
        "items": [
            MoodleRow(line.label, tuple(decimal(item[name]) for name in MOODLE_ITEM))
            for line, item in zip(report.lines, found["items"], strict=True)
        ],
    }
