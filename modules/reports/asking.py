"""What a report is asked: one question with a few parts, each of which means one thing.

The address holds the question (`Question.query`), so that a link to a report is the report.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from course.access import get_or_404
from course.models import Cohort, Office
from course.models.base import Viewer
from course.roles import Role, sees_every_cohort
from modules.published import current_outline
from modules.reports.states import PRESENT, State

MOST_ROUNDS: Final = 99
FIRST_DAY: Final = date(2000, 1, 1)  # earlier dates are slips of the finger
ONLY_OVERDUE: Final = "overdue"


class Nowhere(StrEnum):
    """Asks for those who are in none: no office, or no cohort."""

    NONE = "none"


@dataclass(frozen=True)
class Question:
    """Who is asked about, and as of when. Every part but the date narrows the people.

    `as_of` None: now. `office`: that office and those below it on the day. `cohort`: who was in it;
    in none is asked only by whoever sees every cohort. `role` None: learners.
    `module`: its key, or "" for the whole course. `round`: the round each person was in
    ("present"), or a number. `state` and `overdue` pick people within the population.
    `problems` says in words what of an address was not understood; there the default holds.
    """

    as_of: date | None = None
    office: UUID | Nowhere | None = None
    cohort: UUID | Nowhere | None = None
    role: Role | None = None
    module: str = ""
    round: str = PRESENT
    state: State | None = None
    overdue: bool = False
    problems: tuple[str, ...] = field(default=(), compare=False, repr=False)

    @property
    def asked_role(self) -> Role:
        """Whose completion is told."""
        return self.role or Role.LEARNER

    @property
    def population(self) -> Question:
        """The same question about everybody, whatever their state."""
        return replace(self, state=None, overdue=False)

    @property
    def number(self) -> int | None:
        """The round that is asked about by its number; None: each person's own."""
        return None if self.round == PRESENT else int(self.round)

    def parts(self) -> dict[str, str]:
        """What differs from the default, as names and values of the address."""
        found = {
            "as_of": self.as_of.isoformat() if self.as_of else "",
            "office": str(self.office or ""),
            "cohort": str(self.cohort or ""),
            "role": self.role.value if self.role not in {None, Role.LEARNER} else "",
            "module": self.module,
            "round": "" if self.round == PRESENT else self.round,
            "only": ONLY_OVERDUE if self.overdue else str(self.state or ""),
        }
        return {name: value for name, value in found.items() if value}

    def query(self) -> str:
        """The part of an address after the question mark; "" for the plain question."""
        return urlencode(self.parts())

    def but(self, **changes: Any) -> Question:
        """The same question with some parts changed."""
        return replace(self, **changes)


def question_from(data: Mapping[str, str], viewer: Viewer) -> Question:
    """The question in an address. Raises Http404 for an office or cohort the viewer may not see.

    What is not understood is left at its default, and `problems` says so.
    """
    problems: list[str] = []
    only = data.get("only", "")
    state = _one_of(State, only, problems) if only and only != ONLY_OVERDUE else None
    return Question(
        as_of=_day(data.get("as_of", ""), problems),
        office=_seen_or_none(Office, data.get("office", ""), viewer),
        cohort=_cohort(data.get("cohort", ""), viewer, problems),
        role=_one_of(Role, data.get("role", ""), problems),
        module=_module(data.get("module", ""), problems),
        round=_round(data.get("round", ""), problems),
        state=state,
        overdue=only == ONLY_OVERDUE,
        problems=tuple(problems),
    )


def cohort_from(data: Mapping[str, str], viewer: Viewer) -> UUID | None:
    """The cohort in an address of a page that knows no other filter. Raises Http404."""
    return _seen(Cohort, data.get("cohort", ""), viewer)


def instant(question: Question, now: datetime) -> datetime:
    """The instant of the report: the end of the day in the zone of the site, never later than now.

    It is the last microsecond of the day, so that "by then" means `<=` everywhere.
    """
    if question.as_of is None:
        return now
    return min(now, _end_of(question.as_of))


def past_day(question: Question, at: datetime) -> date | None:
    """The day at whose end the report of `at` looks; None while that day goes on, and for now.

    Of a day that is not over nobody may say how it ended.
    """
    if question.as_of is None or at < _end_of(question.as_of):
        return None
    return question.as_of


def _end_of(day: date) -> datetime:
    """The last microsecond of the day in the zone of the site."""
    zone = ZoneInfo(settings.KENALI_TIME_ZONE)
    following = datetime.combine(day + timedelta(days=1), time.min, tzinfo=zone)
    return following.astimezone(UTC) - timedelta(microseconds=1)


def _day(text: str, problems: list[str]) -> date | None:
    if not text.strip():
        return None
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        problems.append(_("The date was not understood. Write it like 2026-12-31."))
        return None
    today = datetime.now(ZoneInfo(settings.KENALI_TIME_ZONE)).date()
    if not FIRST_DAY <= day <= today:
        problems.append(_("A report can only be about today or a day before it."))
        return None
    return day


def _seen_or_none(model: Any, text: str, viewer: Viewer) -> UUID | Nowhere | None:
    return Nowhere.NONE if text.strip() == Nowhere.NONE else _seen(model, text, viewer)


def _cohort(text: str, viewer: Viewer, problems: list[str]) -> UUID | Nowhere | None:
    """Whoever sees some cohorts only sees nobody who is in none: a question without an answer."""
    found = _seen_or_none(Cohort, text, viewer)
    if found is Nowhere.NONE and not sees_every_cohort(viewer.role):
        problems.append(_("You see people of your cohorts only, so nobody is in none of them."))
        return None
    return found


def _seen(model: Any, text: str, viewer: Viewer) -> UUID | None:
    """The id, if it names something that the viewer may see; otherwise it does not exist."""
    if not text.strip():
        return None
    try:
        key = UUID(text.strip())
    except ValueError:
        key = UUID(int=0)  # names nothing, as an id that was made up does
    found: UUID = get_or_404(model.objects.visible_to(viewer), id=key).id
    return found


def _one_of(kind: Any, text: str, problems: list[str]) -> Any:
    if not text:
        return None
    try:
        return kind(text)
    except ValueError:
        problems.append(_("One of the filters was not understood and was left out."))
        return None


def _module(text: str, problems: list[str]) -> str:
    if text and current_outline().module(text) is None:
        problems.append(_("There is no such module now; the report is on the whole course."))
        return ""
    return text


def _round(text: str, problems: list[str]) -> str:
    if text in {"", PRESENT}:
        return PRESENT
    if text.isascii() and text.isdigit() and len(text) < 3 and 1 <= int(text) <= MOST_ROUNDS:
        return str(int(text))
    problems.append(_("The round was not understood. Write its number, like 1."))
    return PRESENT


__all__ = ["Nowhere", "Question", "cohort_from", "instant", "past_day", "question_from"]
