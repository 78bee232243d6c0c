"""Does it work? The numbers of `reports.learning` as sentences, pictures and tables.

Each card has a plain sentence first, then a picture, then the table behind it with every number of
the picture. What a gate hides has neither: the sentence says what is missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from course.framework.schema import Framework
from modules.gain import Says
from modules.learning import FEWEST_PEOPLE, StageMove, TacticFold
from modules.reports.charts import (
    Bar,
    Frame,
    HeatCell,
    HeatGroup,
    Look,
    Move,
    PlaneWords,
    Step,
    bar_chart,
    heat_map,
    line_chart,
    retention_curve,
    xy_plot,
)
from modules.reports.columns import day_words, grouped, percent
from modules.reports.learning import Learning
from modules.reports.learning_words import (
    FEWEST_PAIRS,
    SAYS,
    balance_words,
    column,
    curve_points,
    decimal,
    few_words,
    gain_notes,
    gain_words,
    later_columns,
    later_rows,
    later_words,
    local_time,
    missing_words,
    move_columns,
    of_words,
    pairs_words,
    part_words,
    period_name,
    provisional_note,
    rate_cells,
    rate_columns,
    rate_words,
    tactic_columns,
)
from modules.reports.tables import Kind, Table

SHAPES: Final = ("circle", "square", "triangle", "diamond")
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


class Cards:
    """All cards of one read, in one language and for one way out."""

    def __init__(
        self, found: Learning, framework: Framework, *, language: str, look: Look = Look.SCREEN
    ) -> None:
        self.found, self.framework = found, framework
        self.language: Any = language
        self.look = look

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

    def _frame(self, key: str, title: str, words: str) -> Frame:
        behind = _("The table behind the picture has every number.")
        return Frame(key, title, f"{words} {behind}", self.look)

    def _held_back(self) -> list[Card]:
        """One card in the place of all that is about skill, where a filter leaves out too few."""
        if not self.found.too_few_left:
            return []
        words = ngettext(
            "The filters leave out only %(number)s person. With and without them, one could work "
            "out how that person did, so nothing about skill is shown. Take a filter off.",
            "The filters leave out only %(number)s people. With and without them, one could work "
            "out how these people did, so nothing about skill is shown. Take a filter off.",
            self.found.remainder,
        )
        return [Card("skill", _("What people can do"), words % {"number": self.found.remainder})]

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

    # --- skill ------------------------------------------------------------------------------------

    def before_after(self) -> Card:
        """Signs against false alarms, first test and last, over all and by stage."""
        gain, title = self.found.results.gain, _("Before and after")
        missing = missing_words(gain)
        if gain.says == Says.TOO_FEW:
            return Card("before-after", title, pairs_words(gain.taken.pairs), missing)
        lead = gain_words(gain)
        moves = self.found.results.moves
        shapes = dict(zip((one.stage for one in moves), SHAPES, strict=False))
        drawn = [
            Move(
                self._stage(one.stage),
                shapes[one.stage],
                (one.before.alarms, one.before.hits),
                (one.after.alarms, one.after.hits),
                is_clear=one.says != Says.NO_CLEAR_GAIN,
            )
            for one in moves
            if one.before is not None and one.after is not None
        ]
        words = PlaneWords(
            up=_("↑ signs spotted"),
            across=_("false alarms →"),
            guessing=_("guessing"),
            legend=_("Hollow: before. Full: after."),
        )
        frame = self._frame("before-after", title, lead)
        svg = xy_plot(frame, drawn, words, ticks=TICKS) if drawn else ""
        told = _(
            "Best is the upper left: every sign, no false alarm. Only a clear change has an arrow."
        )
        rows = [self._move_row(one) for one in moves]
        table = Table("learning-before-after", title, (lead, *missing), move_columns(), rows)
        return Card(
            "before-after",
            title,
            lead,
            tuple(one for one in (balance_words(gain), *missing) if one),
            svg,
            told if drawn else "",
            gain_notes(gain),
            table,
        )

    def _move_row(self, one: StageMove) -> tuple[Any, ...]:
        said = str(SAYS[one.says])
        if one.before is None or one.after is None or one.change is None:
            few = _("%(pairs)s of at least %(needed)s people") % {
                "pairs": one.pairs,
                "needed": FEWEST_PAIRS,
            }
            return (self._stage(one.stage), one.pairs, *[None] * 4, "", few)
        change = decimal(one.change["mean"])
        if one.change["ci95"]:
            low, high = one.change["ci95"]
            change = _("%(mean)s (%(low)s to %(high)s)") % {
                "mean": change,
                "low": decimal(low),
                "high": decimal(high),
            }
        return (
            self._stage(one.stage),
            one.pairs,
            one.before.hits,
            one.after.hits,
            one.before.alarms,
            one.after.alarms,
            change,
            said,
        )

    def stayed(self) -> Card:
        """The same people at the end of the course and later."""
        curve, title = self.found.results.curve, _("What stayed")
        lead = " ".join(later_words(one) for one in curve.later)
        if not any(one.came for one in curve.later):
            lead = _("The time of the first check-up has not come for anybody yet.")
        points = list(curve_points(curve))
        svg = ""
        if len(points) > 1:
            svg = retention_curve(self._frame("stayed", title, lead), points, ticks=TICKS)
        table = Table("learning-stayed", title, (lead,), later_columns(), later_rows(curve))
        words = _("Three new cases follow 30, 90 and 180 days after the course.")
        caption = _("The band is where the true share of right answers likely lies.")
        notes = (_("Whoever is missing may be whoever forgot most."),) if svg else ()
        return Card("stayed", title, lead, (words,), svg, caption if svg else "", notes, table)

    def tactics(self) -> Card:
        """Stage and tactic: in how many people it is solid."""
        title, stages = _("Tactic by tactic"), self.found.stages
        every = [one for stage in stages for one in stage.tactics]
        judged = [one for one in every if one.solid is not None]
        rule = _(
            "Solid in one person: at least 12 signs met for the first time after the first test, "
            "4 of 5 spotted, almost surely more than 7 of 10, and look-alikes of that stage left "
            "alone. A person's own map looks at the last 15 signs only."
        )
        if not judged:
            lead = _(
                "Not enough cases yet. A tactic is shown when at least 5 people have met 12 signs "
                "of it."
            )
            return Card("tactics", title, lead, (rule,))
        lead = _("%(judged)s of %(all)s tactics can be judged.") % {
            "judged": len(judged),
            "all": len(every),
        }
        ranked = sorted(judged, key=lambda one: (one.share or 0.0, one.tactic))
        if len(judged) > 1:
            lead += " " + _("Least solid: “%(tactic)s”, %(solid)s of %(people)s people.") % {
                "tactic": self._tactic(ranked[0].tactic),
                "solid": ranked[0].solid,
                "people": ranked[0].enough,
            }
        groups = [
            HeatGroup(self._stage(stage.stage), [self._field(one) for one in stage.tactics])
            for stage in stages
        ]
        rows = [
            (
                self._stage(stage.stage),
                self._tactic(one.tactic),
                one.enough,
                one.solid,
                one.growing,
                one.lookalikes,
                one.share,
            )
            for stage in stages
            for one in stage.tactics
        ]
        return Card(
            "tactics",
            title,
            lead,
            (rule,),
            heat_map(self._frame("tactics", title, lead), groups),
            _("Darker: solid in more people. Each field says in how many of how many."),
            table=Table("learning-tactics", title, (lead, rule), tactic_columns(), rows),
        )

    def _field(self, one: TacticFold) -> HeatCell:
        words = _("too few")
        if one.solid is not None:
            words = of_words(one.solid, one.enough)
        return HeatCell(self._tactic(one.tactic), one.share, words)

    def _stage(self, key: str) -> str:
        found = self.framework.stages.get(key)
        return found.short_name[self.language] if found else key

    def _tactic(self, key: str) -> str:
        found = self.framework.tactics.get(key)
        return found.name[self.language] if found else key


__all__ = ["Card", "Cards"]
