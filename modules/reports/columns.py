"""The columns of the completion reports, and their words: the same on screen and in every file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from course.models.organizations import ROLE_CHOICES
from course.roles import Role
from modules.reports.completion import Group, Rate, Summary
from modules.reports.population import Reason
from modules.reports.states import State
from modules.reports.tables import Column, Kind, Table

Words = Mapping[Any, str | Promise]

STATE_WORDS: Final[Words] = {
    State.NOT_STARTED: gettext_lazy("Not started"),
    State.STARTED: gettext_lazy("Going on"),
    State.COMPLETED: gettext_lazy("Completed"),
    State.EXPIRING: gettext_lazy("Ends within 90 days"),
    State.EXPIRED: gettext_lazy("Run out"),
}
ROLE_WORDS: Final[Words] = {Role(role): word for role, word in ROLE_CHOICES}


def words_of(words: Words) -> Any:
    """A function that says a word of these in the language of whoever reads."""
    return lambda one: str(words[one])


_state = words_of(STATE_WORDS)
_role = words_of(ROLE_WORDS)

COMPLETION_COLUMNS: Final[tuple[Column, ...]] = (
    Column("name", gettext_lazy("Name"), Kind.TEXT, lambda line: line.name),
    Column("office", gettext_lazy("Office"), Kind.TEXT, lambda line: line.office),
    Column("cohorts", gettext_lazy("Cohorts"), Kind.TEXT, lambda line: ", ".join(line.cohorts)),
    Column("manager", gettext_lazy("Reports to"), Kind.TEXT, lambda line: line.manager),
    Column("role", gettext_lazy("Role"), Kind.TEXT, lambda line: _role(line.role)),
    Column("state", gettext_lazy("State"), Kind.TEXT, lambda line: _state(line.state)),
    Column("overdue", gettext_lazy("Overdue"), Kind.NUMBER, lambda line: line.overdue),
    Column("round", gettext_lazy("Round"), Kind.NUMBER, lambda line: line.round),
    Column("started", gettext_lazy("Started on"), Kind.INSTANT, lambda line: line.started_at),
    Column("completed", gettext_lazy("Completed on"), Kind.INSTANT, lambda line: line.completed_at),
    Column("expires", gettext_lazy("Valid until"), Kind.INSTANT, lambda line: line.expires_at),
    Column("last", gettext_lazy("Last activity"), Kind.INSTANT, lambda line: line.last_at),
    Column("lessons", gettext_lazy("Lessons done"), Kind.NUMBER, lambda line: line.lessons_done),
    Column(
        "lessons_total",
        gettext_lazy("Lessons in all"),
        Kind.NUMBER,
        lambda line: line.lessons_total,
    ),
    Column("modules", gettext_lazy("Modules done"), Kind.NUMBER, lambda line: line.modules_done),
    Column(
        "modules_total",
        gettext_lazy("Modules in all"),
        Kind.NUMBER,
        lambda line: line.modules_total,
    ),
)


def _rate(part: str) -> Any:
    return lambda group: getattr(group.rate, part)


GROUP_TITLES: Final[Words] = {
    "office": gettext_lazy("Office"),
    "cohort": gettext_lazy("Cohort"),
    "module": gettext_lazy("Module"),
    "role": gettext_lazy("Role"),
    "round": gettext_lazy("Round"),
}


def group_columns(by: str) -> tuple[Column, ...]:
    """The columns of the table of groups of one kind."""
    return (
        Column("name", GROUP_TITLES[by], Kind.TEXT, lambda group: group.name),
        Column("people", gettext_lazy("People"), Kind.NUMBER, lambda group: group.population),
        Column("completed", gettext_lazy("Completed"), Kind.NUMBER, lambda group: group.completed),
        Column("share", gettext_lazy("Share"), Kind.SHARE, _rate("rate")),
        Column("low", gettext_lazy("Likely from"), Kind.SHARE, _rate("low")),
        Column("high", gettext_lazy("Likely to"), Kind.SHARE, _rate("high")),
        Column("overdue", gettext_lazy("Overdue"), Kind.NUMBER, lambda group: group.overdue),
    )


GROUP_COLUMNS: Final = group_columns("office")


# --- the sentences above the tables ---------------------------------------------------------------


def percent(share: float) -> str:
    """41 %; nearly all is never rounded up to all, nor a few down to nobody."""
    whole = round(share * 100)
    if 0 < share < 1:
        whole = min(99, max(1, whole))
    return f"{whole} %"


def rate_words(rate: Rate) -> str:
    """(41 %; likely between 38 % and 44 %), as far as it may be shown; "" below five people."""
    if rate.rate is None or rate.low is None or rate.high is None:
        return ""
    words = _("%(rate)s; likely between %(low)s and %(high)s") % {
        "rate": percent(rate.rate),
        "low": percent(rate.low),
        "high": percent(rate.high),
    }
    doubt = _("provisional")
    return f"{words}; {doubt}" if rate.gate == "provisional" else words


def headline(summary: Summary, *, role: Role, module: str = "") -> str:
    """The one big sentence. `module` is a title, or "" for the whole course."""
    values = {
        "completed": grouped(summary.completed),
        "people": grouped(summary.population),
        "module": module,
    }
    if role == Role.LEARNER:
        words = (
            ngettext(
                "%(completed)s of %(people)s learner has completed “%(module)s”",
                "%(completed)s of %(people)s learners have completed “%(module)s”",
                summary.population,
            )
            if module
            else ngettext(
                "%(completed)s of %(people)s learner has completed the course",
                "%(completed)s of %(people)s learners have completed the course",
                summary.population,
            )
        )
    else:
        words = (
            ngettext(
                "%(completed)s of %(people)s person has completed “%(module)s”",
                "%(completed)s of %(people)s people have completed “%(module)s”",
                summary.population,
            )
            if module
            else ngettext(
                "%(completed)s of %(people)s person has completed the course",
                "%(completed)s of %(people)s people have completed the course",
                summary.population,
            )
        )
    return words % values


def grouped(number: int) -> str:
    """1,000: a number as it stands in a sentence."""
    return f"{number:,}"


def day_words(day: date | datetime) -> str:
    """31 December 2025, in the language of whoever reads."""
    return date_format(day, "j F Y")


def as_of_words(summary: Summary, *, past: bool) -> str:
    """As of when, in the zone of the site."""
    return instant_words(summary.at, past=past)


def instant_words(at: datetime, *, past: bool) -> str:
    """The same of an instant; `past`: it is the end of a day that is over."""
    local = at.astimezone(ZoneInfo(settings.KENALI_TIME_ZONE))
    day = day_words(local)
    if past:
        return _("As it was at the end of %(day)s.") % {"day": day}
    return _("As it is now, %(day)s at %(time)s.") % {
        "day": day,
        "time": date_format(local, "H:i"),
    }


def left_out_words(reason: Reason, number: int) -> str:
    """One line on who is not in the report, and why."""
    shown = {"number": grouped(number)}
    words = {
        Reason.OTHER_ROLE: ngettext(
            "%(number)s person with another role", "%(number)s people with another role", number
        ),
        Reason.PAUSED: ngettext(
            "%(number)s person who was paused", "%(number)s people who were paused", number
        ),
        Reason.ERASED: ngettext(
            "%(number)s person who was erased", "%(number)s people who were erased", number
        ),
        Reason.OTHER_OFFICE: ngettext(
            "%(number)s person of another office", "%(number)s people of other offices", number
        ),
        Reason.HAS_OFFICE: ngettext(
            "%(number)s person of an office", "%(number)s people of an office", number
        ),
        Reason.HAS_COHORT: ngettext(
            "%(number)s person of a cohort", "%(number)s people of a cohort", number
        ),
        Reason.OTHER_COHORT: ngettext(
            "%(number)s person of another cohort or of none",
            "%(number)s people of other cohorts or of none",
            number,
        ),
        Reason.OTHER_ROUND: ngettext(
            "%(number)s person who had not begun this round",
            "%(number)s people who had not begun this round",
            number,
        ),
    }
    return words[reason] % shown


def about(
    summary: Summary, *, role: Role, population: str, past: bool, module: str = ""
) -> tuple[str, ...]:
    """The sentences above a table and on top of every file.

    `population`: who is in it, in words (office, cohort, round), without the numbers.
    """
    rate = rate_words(summary.rate)
    first = headline(summary, role=role, module=module)
    told = [
        f"{first} ({rate})." if rate else f"{first}.",
        population,
        as_of_words(summary, past=past),
    ]
    if summary.left_out:
        parts = [left_out_words(reason, number) for reason, number in summary.left_out.items()]
        told.append(_("Left out: %(people)s.") % {"people": "; ".join(parts)})
    else:
        told.append(_("Nobody within your reach is left out."))
    return tuple(told)


def completion_table(lines: Any, *, about: tuple[str, ...], as_of: date | None = None) -> Table:
    """Person by person. `as_of`: the past day at whose end it looks."""
    title = gettext_lazy("Completion by person")
    return Table("completion", title, about, COMPLETION_COLUMNS, lines, as_of)


def group_table(
    groups: tuple[Group, ...], by: str, *, about: tuple[str, ...], as_of: date | None = None
) -> Table:
    """The groups of one kind."""
    titles = {
        "office": gettext_lazy("Completion by office"),
        "cohort": gettext_lazy("Completion by cohort"),
        "module": gettext_lazy("Completion by module"),
        "role": gettext_lazy("Completion by role"),
        "round": gettext_lazy("Completion by round"),
    }
    return Table(f"completion-by-{by}", titles[by], about, group_columns(by), groups, as_of)


__all__ = [
    "COMPLETION_COLUMNS",
    "GROUP_COLUMNS",
    "ROLE_WORDS",
    "STATE_WORDS",
    "about",
    "as_of_words",
    "completion_table",
    "day_words",
    "group_columns",
    "group_table",
    "headline",
    "instant_words",
    "left_out_words",
    "percent",
    "rate_words",
]
