"""Does it work? The numbers of `reports.learning` as sentences, pictures and tables.

Each card has a plain sentence first, then a picture, then the table behind it with every number of
the picture. What a gate hides has neither: the sentence says what is missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from modules.learning import FEWEST_PEOPLE
from modules.reports.charts import (
    Bar,
    Step,
    bar_chart,
    line_chart,
)
from modules.reports.columns import day_words, grouped, percent
from modules.reports.learning_card import TICKS, Card
from modules.reports.learning_skill import SkillCards
from modules.reports.learning_words import (
    column,
    few_words,
    local_time,
    of_words,
    part_words,
    period_name,
    provisional_note,
    rate_cells,
    rate_columns,
    rate_words,
)
from modules.reports.tables import Kind, Table


class Cards(SkillCards):
    """All cards of one read, in one language and for one way out."""

    def all(self) -> list[Card]:
        """In the order of the page."""
        skill = self._held_back() or [self.before_after(), self.stayed(), self.tactics()]
        return [self.over_time(), self.reach(), *self.by_module(), *map(self._sampled, skill)]

    def _sampled(self, card: Card) -> Card:
        """Says so where only a sample of the people was looked at."""
        found = self.found
        if found.asked == found.people:
            return card
        words = _("Looked at: %(asked)s of %(people)s people, drawn by lot, always the same.") % {
            "asked": grouped(found.asked),
            "people": grouped(found.people),
        }
        return replace(card, more=(words, *card.more))

    def _held_back(self) -> list[Card]:
        """One card in the place of all that is about skill, where a filter leaves out too few."""
        if not self.found.too_few_left and not self.found.gives_away:
            return []
        title = _("What people can do")
        if not self.found.too_few_left:
            words = _(
                "Beside other groups that can be looked at, one could work out from these numbers "
                "how a few people did, so nothing about skill is shown. Take a filter off."
            )
            return [Card("skill", title, words)]
        words = ngettext(
            "The filters leave out only %(number)s person. With and without them, one could work "
            "out how that person did, so nothing about skill is shown. Take a filter off.",
            "The filters leave out only %(number)s people. With and without them, one could work "
            "out how these people did, so nothing about skill is shown. Take a filter off.",
            self.found.remainder,
        )
        return [Card("skill", title, words % {"number": self.found.remainder})]

    # --- completion -------------------------------------------------------------------------------

    def over_time(self) -> Card:
        """The share that had completed at the end of each period."""
        told, title = self.found.over_time, _("Completion over time")
        if not told.periods:
            return Card("over-time", title, few_words(0))
        last = told.periods[-1]
        names = [period_name(one, weekly=told.weekly) for one in told.periods]
        day = {"day": day_words(local_time(last.at))}
        lead = few_words(last.people)
        if last.rate.rate is not None:
            lead = ngettext(
                "%(done)s of %(people)s person had completed by %(day)s (%(rate)s).",
                "%(done)s of %(people)s people had completed by %(day)s (%(rate)s).",
                last.people,
            ) % {**day, **part_words(last.completed, last.people), "rate": rate_words(last.rate)}
        steps = [
            Step(name, one.rate.rate, "" if one.rate.rate is None else percent(one.rate.rate))
            for name, one in zip(names, told.periods, strict=True)
        ]
        svg = ""
        if sum(step.share is not None for step in steps) > 1:
            frame = self._frame("over-time", title, lead)
            svg = line_chart(frame, steps, ticks=TICKS, as_of=day["day"])
        words = (
            _("Each step is the end of a week, with the people who were here on that day.")
            if told.weekly
            else _("Each step is the end of a month, with the people who were here on that day.")
        )
        rows = [
            (day_words(local_time(one.at)), one.people, *rate_cells(one.completed, one.rate))
            for one in told.periods
        ]
        columns = (
            column(0, "day", _("End of the period"), Kind.TEXT),
            column(1, "people", _("People"), Kind.NUMBER),
            *rate_columns(2),
        )
        return Card(
            "over-time",
            title,
            lead,
            (words,),
            svg,
            notes=provisional_note(last.rate),
            table=Table("learning-over-time", title, (lead, words), columns, rows),
        )

    def reach(self) -> Card:
        """The five numbers, or three for a single module."""
        funnel, title = self.found.funnel, _("How far people get")
        if funnel.people < FEWEST_PEOPLE:
            return Card("reach", title, few_words(funnel.people))
        steps = [(_("In the report"), funnel.people), (_("Started"), funnel.started)]
        if funnel.finished is not None and funnel.refreshed is not None:
            steps += [
                (_("Finished every module"), funnel.finished),
                (_("Completed the course"), funnel.completed),
                (_("Practised in the last 120 days"), funnel.refreshed),
            ]
        else:
            steps.append((_("Completed the module"), funnel.completed))
        bars = [
            Bar(
                name,
                number / funnel.people,
                of_words(number, funnel.people),
            )
            for name, number in steps
        ]
        lead = _("Of %(people)s people, %(started)s have started and %(done)s have completed.") % {
            "people": grouped(funnel.people),
            "started": grouped(funnel.started),
            "done": grouped(funnel.completed),
        }
        more = _("Completion says who was reached. What people can do stands further down.")
        columns = (
            column(0, "step", _("Step"), Kind.TEXT),
            column(1, "people", _("People"), Kind.NUMBER),
            column(2, "share", _("Share"), Kind.SHARE),
        )
        rows = [(name, number, number / funnel.people) for name, number in steps]
        return Card(
            "reach",
            title,
            lead,
            (more,),
            bar_chart(self._frame("reach", title, lead), bars),
            table=Table("learning-reach", title, (lead,), columns, rows),
        )

    def by_module(self) -> Iterator[Card]:
        """Module by module, in the order of the course; nothing where one was asked for."""
        modules, title = self.found.funnel.modules, _("Module by module")
        people = self.found.funnel.people
        if self.found.question.module or not modules or people < FEWEST_PEOPLE:
            return
        fewest = min(modules, key=lambda one: one.completed)
        lead = _("Fewest have completed “%(title)s”: %(done)s of %(people)s.") % {
            "title": fewest.module.title(self.language),
            **part_words(fewest.completed, people),
        }
        bars = [
            Bar(
                one.module.title(self.language),
                one.rate.rate,
                of_words(one.completed, people),
                one.rate.low,
                one.rate.high,
            )
            for one in modules
        ]
        columns = (
            column(0, "module", _("Module"), Kind.TEXT),
            column(1, "started", _("Started"), Kind.NUMBER),
            *rate_columns(2),
        )
        rows = [
            (one.module.title(self.language), one.started, *rate_cells(one.completed, one.rate))
            for one in modules
        ]
        yield Card(
            "modules",
            title,
            lead,
            svg=bar_chart(self._frame("modules", title, lead), bars),
            caption=_("The thin line below a bar is where the true share likely lies."),
            table=Table("learning-modules", title, (lead,), columns, rows),
        )


__all__ = ["Card", "Cards"]
