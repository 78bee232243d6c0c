"""Words and columns of the page on what a group learned."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from modules.gain import Gain, Says
from modules.reports.charts import CurvePoint
from modules.reports.columns import grouped, percent
from modules.reports.completion import Rate
from modules.reports.learning_time import Period
from modules.reports.tables import Column, Kind
from modules.retention import CohortCurve, Later
from quizzes.measures import limits
from quizzes.wording import rate_words as lay_words

FEWEST_PAIRS: Final = (limits.GATES["group_gain"].provisional or (0,))[0]

SAYS: Final[Mapping[Says, str | Promise]] = {
    Says.TOO_FEW: gettext_lazy("too few people"),
    Says.NO_CLEAR_GAIN: gettext_lazy("no clear gain"),
    Says.CLEAR_GAIN: gettext_lazy("a clear gain"),
    Says.CLEAR_LOSS: gettext_lazy("clearly less than before"),
}


# --- columns --------------------------------------------------------------------------------------


def column(place: int, key: str, title: str, kind: Kind) -> Column:
    """One column, whose cell is that place of a row."""
    return Column(key, title, kind, itemgetter(place))


def rate_columns(first: int) -> tuple[Column, ...]:
    """Completed, its share, and where that likely lies; the cells are those of `rate_cells`."""
    return (
        column(first, "completed", _("Completed"), Kind.NUMBER),
        column(first + 1, "share", _("Share"), Kind.SHARE),
        column(first + 2, "low", _("Likely from"), Kind.SHARE),
        column(first + 3, "high", _("Likely to"), Kind.SHARE),
    )


def rate_cells(completed: int, rate: Rate) -> tuple[Any, ...]:
    """The cells of `rate_columns`; empty below the gate."""
    return (None if rate.rate is None else completed, rate.rate, rate.low, rate.high)


def move_columns() -> tuple[Column, ...]:
    """Before and after, by stage."""
    return (
        column(0, "stage", _("Stage"), Kind.TEXT),
        column(1, "people", _("People with both"), Kind.NUMBER),
        column(2, "hits_before", _("Signs spotted before"), Kind.SHARE),
        column(3, "hits_after", _("Signs spotted after"), Kind.SHARE),
        column(4, "alarms_before", _("False alarms before"), Kind.SHARE),
        column(5, "alarms_after", _("False alarms after"), Kind.SHARE),
        column(6, "change", _("Change of d′, mean of persons"), Kind.TEXT),
        column(7, "says", _("What it says"), Kind.TEXT),
    )


def tactic_columns() -> tuple[Column, ...]:
    """The map of tactics."""
    return (
        column(0, "stage", _("Stage"), Kind.TEXT),
        column(1, "tactic", _("Tactic"), Kind.TEXT),
        column(2, "enough", _("People with enough cases"), Kind.NUMBER),
        column(3, "solid", _("Solid"), Kind.NUMBER),
        column(4, "growing", _("Keep practising"), Kind.NUMBER),
        column(5, "lookalikes", _("of these: flag look-alikes"), Kind.NUMBER),
        column(6, "share", _("Share solid"), Kind.SHARE),
    )


def later_columns() -> tuple[Column, ...]:
    """What stayed."""
    return (
        column(0, "when", _("When"), Kind.TEXT),
        column(1, "came", _("Time has come for"), Kind.NUMBER),
        column(2, "taken", _("Took it"), Kind.NUMBER),
        column(3, "missing", _("Missing"), Kind.NUMBER),
        column(4, "people", _("People in the mean"), Kind.NUMBER),
        column(5, "share", _("Right answers"), Kind.SHARE),
        column(6, "low", _("Likely from"), Kind.SHARE),
        column(7, "high", _("Likely to"), Kind.SHARE),
        column(8, "then", _("The same people in the final"), Kind.SHARE),
        column(9, "says", _("What it says"), Kind.TEXT),
    )


# --- words ----------------------------------------------------------------------------------------


def of_words(number: int, whole: int) -> str:
    """12 / 40: short in every language, for a picture."""
    return f"{grouped(number)} / {grouped(whole)}"


def part_words(done: int, people: int) -> dict[str, str]:
    """The parts of "12 of 40 people"."""
    return {"done": grouped(done), "people": grouped(people)}


def local_time(at: datetime) -> datetime:
    """An instant where people work."""
    return at.astimezone(ZoneInfo(settings.KENALI_TIME_ZONE))


def period_name(one: Period, *, weekly: bool) -> str:
    """What stands below a step: "9 Nov" or "Nov"."""
    return date_format(local_time(one.at), "j M" if weekly else "M")


def few_words(people: int) -> str:
    """Why there is no share."""
    return ngettext(
        "No share is shown for fewer than 5 people; there is %(people)s here.",
        "No share is shown for fewer than 5 people; there are %(people)s here.",
        people,
    ) % {"people": people}


def rate_words(rate: Rate) -> str:
    """30 %; likely between 20 % and 42 %."""
    return _("%(rate)s; likely between %(low)s and %(high)s") % {
        "rate": percent(rate.rate or 0.0),
        "low": percent(rate.low or 0.0),
        "high": percent(rate.high or 0.0),
    }


def provisional_note(rate: Rate) -> tuple[str, ...]:
    """What to say of a share of few people."""
    if rate.gate != "provisional":
        return ()
    return (_("Provisional: fewer than 20 people."),)


def decimal(value: float | None) -> str:
    """Two decimals in the language in force, with a true minus."""
    return "" if value is None else number_format(value, 2, use_l10n=True).replace("-", "−")


def signed(points: float) -> str:
    """Points with their sign."""
    whole = round(points)
    return f"+{whole}" if whole > 0 else f"−{-whole}" if whole else "0"


def pairs_words(pairs: int) -> str:
    """Why there is no gain."""
    return _(
        "%(pairs)s of at least %(needed)s people took both tests with enough answers. Before that "
        "nothing is shown: it would say more about chance than about the course."
    ) % {"pairs": pairs, "needed": FEWEST_PAIRS}


def gain_words(gain: Gain) -> str:
    """Signs and false alarms together, never signs alone; then what it says."""
    before, after = gain.before, gain.after
    if before is None or after is None:
        return ""
    words = _(
        "Signs spotted: %(hits_before)s before, %(hits_after)s after. "
        "False alarms: %(alarms_before)s before, %(alarms_after)s after."
    ) % {
        "hits_before": lay_words(before.spots),
        "hits_after": lay_words(after.spots),
        "alarms_before": lay_words(before.alarms),
        "alarms_after": lay_words(after.alarms),
    }
    says = {
        Says.CLEAR_GAIN: _("A clear gain."),
        Says.NO_CLEAR_GAIN: _("No clear gain."),
        Says.CLEAR_LOSS: _("Clearly fewer right answers than before."),
    }
    return f"{says[gain.says]} {words}"


def balance_words(gain: Gain) -> str:
    """Right answers before and after, and where the true change likely lies."""
    percents = gain.percent
    if percents is None or percents["mean_pre"] is None or percents["mean_post"] is None:
        return ""
    words = _("Right answers: %(before)s of 100 before, %(after)s of 100 after.") % {
        "before": round(percents["mean_pre"]),
        "after": round(percents["mean_post"]),
    }
    if percents["gain_ci95"] is None:
        return words
    low, high = percents["gain_ci95"]
    likely = _("The true change is likely between %(low)s and %(high)s.") % {
        "low": signed(low),
        "high": signed(high),
    }
    return f"{words} {likely}"


def missing_words(gain: Gain) -> tuple[str, ...]:
    """Who took both, and who is missing."""
    taken = gain.taken
    return (
        _(
            "Took both: %(pairs)s of %(people)s. First test only: %(first)s. Last test only: "
            "%(last)s. Left too much open: %(short)s. Neither: %(neither)s."
        )
        % {
            "pairs": grouped(taken.pairs),
            "people": grouped(taken.people),
            "first": grouped(taken.only_before),
            "last": grouped(taken.only_after),
            "short": grouped(taken.short),
            "neither": grouped(taken.neither),
        },
    )


def gain_notes(gain: Gain) -> tuple[str, ...]:
    """What limits the result."""
    notes = []
    if gain.gate == "provisional":
        notes.append(_("Provisional: fewer than 20 people took both tests."))
    if gain.is_lopsided:
        notes.append(
            _("Nearly all began with the same form, so part of it may come from the forms.")
        )
    notes.append(
        _(
            "Whoever is missing may have found it hardest. This is about exercises: in real work "
            "signs are rarer, so more alarms will turn out to be something else."
        )
    )
    return tuple(notes)


def later_words(one: Later) -> str:
    """One sentence on one check-up."""
    days = {"days": one.days, "taken": grouped(one.taken), "came": grouped(one.came)}
    if not one.came:
        return _("After %(days)s days: the time has not come for anybody yet.") % days
    words = _("After %(days)s days: %(taken)s of %(came)s took it.") % days
    if one.percent is None:
        few = _("A result needs %(needed)s people.") % {"needed": FEWEST_PAIRS}
        return f"{words} {few}"
    then_now = {
        "then": round(one.percent["mean_pre"] or 0.0),
        "now": round(one.percent["mean_post"] or 0.0),
    }
    says = {
        Says.CLEAR_GAIN: _("Clearly more right than in the final (%(then)s, now %(now)s of 100)."),
        Says.CLEAR_LOSS: _("Clearly fewer right than in the final (%(then)s, now %(now)s of 100)."),
        Says.NO_CLEAR_GAIN: _("No clear change since the final (%(then)s, now %(now)s of 100)."),
    }
    return f"{words} {says[one.says] % then_now}"


def curve_points(curve: CohortCurve) -> Iterator[CurvePoint]:
    """The points that may be drawn."""
    means = [(_("final"), curve.end)]
    means += [(_("%(days)s d") % {"days": one.days}, one.mean) for one in curve.later]
    for place, (name, mean) in enumerate(means):
        if mean is None or mean["mean"] is None or mean["ci95"] is None:
            continue
        share, (low, high) = mean["mean"] / 100, mean["ci95"]
        yield CurvePoint(
            name=name,
            at=place / (len(means) - 1),
            share=share,
            low=low / 100,
            high=high / 100,
            words=percent(share),
            count=f"n = {mean['n']}",
        )


def later_rows(curve: CohortCurve) -> Sequence[tuple[Any, ...]]:
    """A row for the final and for each check-up."""
    first = (_("final"), curve.people, curve.finished, curve.people - curve.finished)
    rows: list[tuple[Any, ...]] = [(*first, *mean_cells(curve.end), None, "")]
    for one in curve.later:
        then = one.percent["mean_pre"] if one.percent else None
        when = (_("%(days)s d") % {"days": one.days}, one.came, one.taken, one.missing)
        same = None if then is None else then / 100
        rows.append((*when, *mean_cells(one.mean), same, later_says(one)))
    return rows


def later_says(one: Later) -> str:
    """What a check-up says, in a word."""
    words = {
        Says.TOO_FEW: _("too few people"),
        Says.NO_CLEAR_GAIN: _("no clear change"),
        Says.CLEAR_GAIN: _("clearly more"),
        Says.CLEAR_LOSS: _("clearly fewer"),
    }
    return words[one.says]


def mean_cells(mean: Any) -> tuple[Any, ...]:
    """How many people, their mean as a share, and its interval; empty below the gate."""
    if mean is None or mean["mean"] is None or mean["ci95"] is None:
        return (None, None, None, None)
    low, high = (min(1.0, max(0.0, end / 100)) for end in mean["ci95"])
    return (mean["n"], mean["mean"] / 100, low, high)
