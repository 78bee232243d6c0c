"""What people can do, as cards: before and after, what stayed, tactic by tactic."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext as _

from modules.gain import Says
from modules.learning import StageMove, TacticFold
from modules.reports.charts import (
    HeatCell,
    HeatGroup,
    Move,
    PlaneWords,
    heat_map,
    retention_curve,
    xy_plot,
)
from modules.reports.learning_card import TICKS, Card, Maker
from modules.reports.learning_words import (
    FEWEST_PAIRS,
    SAYS,
    balance_words,
    curve_points,
    decimal,
    gain_notes,
    gain_words,
    later_columns,
    later_rows,
    later_words,
    missing_words,
    move_columns,
    of_words,
    pairs_words,
    tactic_columns,
)
from modules.reports.tables import Table

SHAPES: Final = ("circle", "square", "triangle", "diamond")


class SkillCards(Maker):
    """The three cards on skill. Managers see groups here, never the answers of a person."""

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


__all__ = ["SkillCards"]
