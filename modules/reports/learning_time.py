"""Completion over time: at the end of each week or month, who was here, and how many had completed.

What happened is read once, up to the last of those ends, and each end takes what was known by then;
only whom the report is about is asked for each of them. A test holds every period equal to the
report as of its end.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from operator import itemgetter
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Min, Q

from course.models import Placement
from modules.models import Completion, Cycle
from modules.reports.completion import Rate, rate_of
from modules.reports.facts import (
    Shown,
    ends_of,
    held_of_course,
    held_of_modules,
    read_papers,
    rounds_at,
)
from modules.reports.population import Scene, named
from modules.reports.quick import as_id, as_moment, raw
from modules.reports.states import VALID, Held

PERIODS: Final = 12
WEEKLY_UNTIL: Final = timedelta(weeks=14)  # of history; after that, months
MOST_NAMED: Final = 500  # more people than these are not named one by one to the database


@dataclass(frozen=True, slots=True)
class Period:
    """The end of a period: who was here on that day, and how many of them had completed."""

    at: datetime
    people: int
    completed: int
    rate: Rate


@dataclass(frozen=True, slots=True)
class OverTime:
    """The periods, the oldest first; the last one ends at the instant of the report."""

    weekly: bool
    periods: tuple[Period, ...]


def read_over_time(scene: Scene) -> OverTime:
    """One query for each period, and four for what happened."""
    rows = Placement.objects.in_organization(scene.organization)
    first = rows.filter(since__lte=scene.at).aggregate(first=Min("since"))["first"] or scene.at
    weekly = scene.at - first < WEEKLY_UNTIL
    ends = [end for end in period_ends(scene.at, weekly=weekly) if end >= first]
    here = [(end, _people(scene, end)) for end in ends]
    everybody = frozenset[UUID]().union(*(people for _end, people in here))
    facts = _Facts(scene, everybody if len(everybody) <= MOST_NAMED else None)
    return OverTime(weekly, tuple(facts.period(end, people) for end, people in here))


def _people(now: Scene, at: datetime) -> frozenset[UUID]:
    """Whom a report as of then would be about."""
    scene = now if at == now.at else Scene(now.outline, now.viewer, now.question, at)
    people = scene.wanted().order_by().values_list(raw("membership_id"), flat=True)
    return frozenset(map(as_id, people))


def period_ends(at: datetime, *, weekly: bool) -> list[datetime]:
    """The last instants of the last periods in the zone of the site, and `at` itself."""
    zone = ZoneInfo(settings.KENALI_TIME_ZONE)
    begin = datetime.combine(at.astimezone(zone).date(), time.min, tzinfo=zone)
    begin = begin - timedelta(days=begin.weekday()) if weekly else begin.replace(day=1)
    ends = [at]
    while len(ends) < PERIODS:
        end = begin.astimezone(UTC) - timedelta(microseconds=1)
        ends.append(end)
        begin = begin - timedelta(days=7) if weekly else (begin - timedelta(days=1)).replace(day=1)
    return ends[::-1]


class _Facts:
    """What these people had done by the instant of the report, and by any instant before."""

    def __init__(self, scene: Scene, who: Iterable[UUID] | None) -> None:
        self.key, self.only = scene.question.module, scene.question.number
        cycles = Cycle.objects.in_organization(scene.organization).filter(opened_at__lte=scene.at)
        cycles = named(cycles, who).order_by("membership_id", "number")
        self.cycles = list(cycles.values_list("membership_id", "number", "opened_at"))
        self.papers = list(read_papers(scene, who))
        done = Completion.objects.in_organization(scene.organization)
        done = named(done.filter(completed_at__lte=scene.at), who)
        done = done.filter(Q(scope="course") | Q(scope="module", key=self.key))
        columns = (raw("membership_id"), "cycle", "key", raw("completed_at"), "scope")
        rows = (
            (moment := as_moment(at), scope, (as_id(person), number, key, moment))
            for person, number, key, at, scope in done.order_by().values_list(*columns)
        )
        self.done = sorted(rows, key=itemgetter(0))

    def period(self, at: datetime, people: AbstractSet[UUID]) -> Period:
        """How many of these people had completed, as a report as of then says it."""
        shown = Shown(rounds_at(at, self.cycles), self._held(at), at, self.only)
        completed = sum(  # whoever holds nothing has not completed
            shown.decide(person, begun=True).state in VALID
            for person in shown.held
            if person in people
        )
        return Period(at, len(people), completed, rate_of(completed, len(people)))

    def _held(self, at: datetime) -> Mapping[UUID, Mapping[int, Held]]:
        known = self.done[: bisect_right(self.done, at, key=itemgetter(0))]
        courses = (row for _at, scope, row in known if scope == "course")
        course = held_of_course(courses, ends_of(self.papers, at))
        if not self.key:
            return course
        modules = (row for _at, scope, row in known if scope == "module")
        return held_of_modules(modules, course).get(self.key, {})


__all__ = ["OverTime", "Period", "period_ends", "read_over_time"]
