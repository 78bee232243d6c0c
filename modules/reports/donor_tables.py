"""The words and tables of the summary for funders: the same on screen and in every file.

No table has a column for a person, a cohort, a trainer or the date of a single event.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from modules.gain import Says
from modules.reports.columns import day_words, grouped, percent
from modules.reports.donor import Change, Donor, ModuleRow, OfficeRow, TestRow
from modules.reports.tables import Column, Kind, Table

Lazy = str | Promise


class Part(StrEnum):
    """The tables there are."""

    OFFICES = "offices"
    MODULES = "modules"
    TESTS = "tests"


TITLES: Final[dict[Part, Lazy]] = {
    Part.OFFICES: gettext_lazy("Reach and completion by office"),
    Part.MODULES: gettext_lazy("Completion by module"),
    Part.TESTS: gettext_lazy("Before, after and later"),
}
PLACES: Final[dict[str, Lazy]] = {
    "before": gettext_lazy("First test"),
    "after": gettext_lazy("Last test"),
    "30": gettext_lazy("30 days after the course"),
    "90": gettext_lazy("90 days after the course"),
    "180": gettext_lazy("180 days after the course"),
}
RESULTS: Final[dict[Says, Lazy]] = {
    Says.TOO_FEW: gettext_lazy("too few people"),
    Says.NO_CLEAR_GAIN: gettext_lazy("no clear change"),
    Says.CLEAR_GAIN: gettext_lazy("clearly better"),
    Says.CLEAR_LOSS: gettext_lazy("clearly worse"),
}


def hidden_word() -> str:
    """What stands for a number that is not told."""
    return _("hidden")


def _number(name: str) -> Any:
    def value(row: Any) -> Any:
        found = getattr(row, name)
        return hidden_word() if found is None else found

    return value


def office_name(row: OfficeRow) -> str:
    """The name as it stands in the table, with its depth in the tree."""
    if not row.name:
        return _("All offices") if row.depth < 0 else _("No office said")
    name = _("%(office)s, at the office itself") % {"office": row.name} if row.itself else row.name
    return f"{'– ' * row.depth}{name}"


def module_name(row: ModuleRow, language: str) -> str:
    """The title of the module."""
    return row.module.title(language)


def test_name(row: TestRow) -> str:
    """Which test it was."""
    return str(PLACES[row.place])


def result_words(row: TestRow) -> str:
    """What may be said. For the first test there is nothing to compare with."""
    if row.place == "before" and row.says is not Says.TOO_FEW:
        return ""
    words = str(RESULTS[row.says])
    doubt = _("provisional")
    return f"{words} ({doubt})" if row.provisional else words


# --- the sentences --------------------------------------------------------------------------------


def headline(found: Donor) -> str:
    """The one sentence."""
    if found.learners is None:
        return _("Too few learners to tell anything")
    learners = grouped(found.learners)
    if found.completed is None:
        return _("%(learners)s learners; how many completed the course is hidden") % {
            "learners": learners
        }
    words = _("%(completed)s of %(learners)s learners completed the course") % {
        "completed": grouped(found.completed),
        "learners": learners,
    }
    share = found.offices[0].share
    return (
        words
        if share is None
        else _("%(words)s (about %(share)s)")
        % {
            "words": words,
            "share": percent(share),
        }
    )


def as_of_words(day: date) -> str:
    """As of when, and who is in it."""
    return _(
        "As it was at the end of %(day)s. Counted: learners with an active place on that day; "
        "completed means completed, and it still counted."
    ) % {"day": day_words(day)}


def rule_words(step: int) -> str:
    """What is hidden and why, for whoever reads the numbers."""
    return _(
        "Numbers of people are rounded down to steps of %(step)s, and totals sometimes one step "
        "further. “Hidden” stands for a number below %(step)s, or for one from which such a "
        "number could be worked out."
    ) % {"step": step}


def reach_words(found: Donor) -> str:
    """How many began, and how many practised lately."""
    told = []
    if found.started is not None:
        told.append(_("%(number)s had begun.") % {"number": grouped(found.started)})
    if found.practised is not None:
        told.append(
            _("%(number)s had practised within the last 120 days.")
            % {"number": grouped(found.practised)}
        )
    return " ".join(told)


def detection_words(found: Donor) -> str:
    """Hits and false alarms before and after, always together, and whether the change is clear."""
    before, after = found.tests
    if None in {before.hits, before.alarms, after.hits, after.alarms}:
        return _(
            "Nothing is told about what was learned: fewer than 10 people took both the first and "
            "the last test with enough answers."
        )
    words = _(
        "Of 100 signs, about %(hits_before)s were spotted before the course and %(hits_after)s "
        "after it. Of 100 ordinary scenes, about %(alarms_before)s raised a false alarm before and "
        "%(alarms_after)s after."
    ) % {
        "hits_before": before.hits,
        "hits_after": after.hits,
        "alarms_before": before.alarms,
        "alarms_after": after.alarms,
    }
    return f"{words} {change_words(found.change)}"


def change_words(change: Change) -> str:
    """The mean change of right answers, with its likely range."""
    if change.points is None or change.low is None or change.high is None:
        return ""
    verdict = {
        Says.CLEAR_GAIN: _("That is a clear gain"),
        Says.CLEAR_LOSS: _("That is clearly fewer right answers than before"),
    }.get(change.says, _("That is no clear gain"))
    return _(
        "%(verdict)s: right answers changed by about %(points)s of 100, likely between about "
        "%(low)s and %(high)s."
    ) % {
        "verdict": verdict,
        "points": signed(change.points),
        "low": signed(change.low),
        "high": signed(change.high),
    }


def signed(points: int) -> str:
    """+5, −5, 0 with a true minus."""
    return f"+{points}" if points > 0 else f"−{-points}" if points else "0"


def later_words(found: Donor) -> str:
    """What stayed, at the last check-up that may be told."""
    rows = [one for one in found.later if one.hits is not None and one.end_hits is not None]
    if not rows:
        return _(
            "Nothing is told about what stayed: fewer than 10 people took a check-up after the "
            "course."
        )
    last = rows[-1]
    return _(
        "%(when)s, the same people spotted about %(hits)s of 100 signs (%(end_hits)s at the end "
        "of the course) and raised about %(alarms)s false alarms in 100 ordinary scenes "
        "(%(end_alarms)s at the end)."
    ) % {
        "when": test_name(last),
        "hits": last.hits,
        "end_hits": last.end_hits,
        "alarms": last.alarms,
        "end_alarms": last.end_alarms,
    }


def caution_words() -> str:
    """What test results do not say."""
    return _(
        "Test numbers are means of groups of at least 10 people, to the nearest 5 of 100. This is "
        "about exercises; it says nothing about what people do at work. A false alarm can harm "
        "somebody, so spotted signs are never told without false alarms."
    )


# --- the tables -----------------------------------------------------------------------------------

OFFICE_COLUMNS: Final = (
    Column("office", gettext_lazy("Office"), Kind.TEXT, office_name),
    Column("learners", gettext_lazy("Learners"), Kind.NUMBER, _number("learners")),
    Column("completed", gettext_lazy("Completed"), Kind.NUMBER, _number("completed")),
    Column("not_yet", gettext_lazy("Not completed"), Kind.NUMBER, _number("not_yet")),
    Column("share", gettext_lazy("Share, about"), Kind.SHARE, lambda row: _rounded(row.share)),
)
TEST_COLUMNS: Final = (
    Column("test", gettext_lazy("Test"), Kind.TEXT, test_name),
    Column("people", gettext_lazy("People"), Kind.NUMBER, _number("people")),
    Column("spotted", gettext_lazy("Signs spotted, of 100"), Kind.NUMBER, _number("hits")),
    Column("alarms", gettext_lazy("False alarms, of 100"), Kind.NUMBER, _number("alarms")),
    Column(
        "end_spotted",
        gettext_lazy("The same people at the end: signs spotted"),
        Kind.NUMBER,
        lambda row: row.end_hits,
    ),
    Column(
        "end_alarms",
        gettext_lazy("The same people at the end: false alarms"),
        Kind.NUMBER,
        lambda row: row.end_alarms,
    ),
    Column("result", gettext_lazy("Result"), Kind.TEXT, result_words),
)


def module_columns(language: str) -> tuple[Column, ...]:
    """The columns of the table of modules, whose titles have a language."""
    return (
        Column("module", gettext_lazy("Module"), Kind.TEXT, lambda row: module_name(row, language)),
        Column("learners", gettext_lazy("Learners"), Kind.NUMBER, _number("learners")),
        Column("completed", gettext_lazy("Completed"), Kind.NUMBER, _number("completed")),
        Column("share", gettext_lazy("Share, about"), Kind.SHARE, lambda row: _rounded(row.share)),
    )


def _rounded(share: float | None) -> float | None:
    """To the hundredth: more would be made up."""
    return None if share is None else round(share, 2)


def donor_table(found: Donor, part: Part, *, language: str) -> Table:
    """One of the tables, as every way out draws it."""
    about = [headline(found) + ".", as_of_words(found.day), rule_words(found.step)]
    if part is Part.OFFICES:
        about.append(reach_words(found))
        columns: tuple[Column, ...] = OFFICE_COLUMNS
        rows: tuple[Any, ...] = found.offices
    elif part is Part.MODULES:
        columns, rows = module_columns(language), found.modules
    else:
        about += [detection_words(found), later_words(found), caution_words()]
        columns, rows = TEST_COLUMNS, (*found.tests, *found.later)
    told = tuple(sentence for sentence in about if sentence)
    return Table(f"summary-by-{part.value}", TITLES[part], told, columns, rows, found.day)


__all__ = ["Part", "donor_table"]
