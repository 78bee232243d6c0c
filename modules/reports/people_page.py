"""The list of people behind a number: what was asked for, in words, and the other lists."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from django.utils.translation import gettext as _

from modules.reports import columns
from modules.reports.page import Filter, Frame
from modules.reports.states import State


class PeoplePage:
    """What the page shows around its lines."""

    def __init__(self, frame: Frame) -> None:
        self.frame, self.question = frame, frame.question

    @property
    def title(self) -> str:
        """What these people have in common."""
        if self.question.overdue:
            return _("Overdue")
        if self.question.state is not None:
            return str(columns.STATE_WORDS[self.question.state])
        return _("Everybody in the report")

    @property
    def rule(self) -> str:
        """What the word in the title means, in one sentence."""
        if self.question.overdue:
            return _("Something was asked of them, its date is past, and they have not done it.")
        rules = {
            State.NOT_STARTED: _("They have opened no lesson and no quiz."),
            State.STARTED: _("They have begun and have not completed it yet."),
            State.COMPLETED: _("They have completed it, and it still counts."),
            State.EXPIRING: _("They have completed it, and it ends within 90 days."),
            State.EXPIRED: _("They completed it once, and nothing of it counts any more."),
        }
        return rules[self.question.state] if self.question.state is not None else ""

    @property
    def as_of(self) -> str:
        """As of when."""
        return columns.instant_words(self.frame.at, past=self.frame.is_past)

    @property
    def population(self) -> str:
        """Who is looked at."""
        return self.frame.population_words()

    @property
    def back(self) -> str:
        """The page of numbers with the same filters."""
        return self.frame.report_address(self.question)

    @cached_property
    def filters_set(self) -> list[Filter]:
        """Each filter that is set."""
        return list(self.frame.filters(self.frame.people_address))

    def others(self) -> Iterator[tuple[str, str, bool]]:
        """(words, address, whether it is this one): the same people by another state."""
        plain = self.question.population
        questions = [(_("Everybody"), plain), (_("Overdue"), plain.but(overdue=True))]
        questions += [
            (str(word), plain.but(state=one)) for one, word in columns.STATE_WORDS.items()
        ]
        for named, question in questions:
            yield named, self.frame.people_address(question), question == self.question

    @property
    def query(self) -> str:
        """For the steps through a long list."""
        return self.question.query()


__all__ = ["PeoplePage"]
