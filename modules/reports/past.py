"""The sums of many days from one reading of the facts, for the roll-ups of closed days.

A page reads the facts up to its instant for one scope. A first run of the roll-ups wants 25 days,
each of them for the course and every module: here what happened is read once, up to the last of
those days, and each day takes what was known by then. What a person's facts come to is decided
where the report decides it (`Shown`, `Asked`); the checker counts by the report itself (days.py).
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Min, TextField

from modules.models import Completion, Cycle
from modules.outline import Outline
from modules.reports.asking import Question, instant
from modules.reports.facts import (
    Paper,
    Rounds,
    Shown,
    begun_q,
    ends_of,
    held_of_course,
    held_of_modules,
    read_papers,
    rounds_at,
)
from modules.reports.module_table import count_late
from modules.reports.overdue import (
    Asked,
    Done,
    Name,
    forms_of,
    known_quizzes,
    name_of,
)
from modules.reports.population import Scene, Staff
from modules.reports.quick import as_id, as_moment, raw
from modules.reports.states import State
from quizzes.models import Assignment, Attempt, Target

Numbers = tuple[int, ...]  # population, one number for each State, overdue
COURSE: Final = "course"


def count_days(
    outline: Outline, organization: UUID, days: Sequence[date], at: datetime
) -> Iterator[tuple[date, str, Numbers]]:
    """(day, module, numbers) for each day, for the course ("") and every module of today.

    Facts are read once, with six queries; each day adds its places, cohorts and dates, with at most
    six more, whatever the number of people.
    """
    if not days:
        return
    staff, keys = Staff(organization), [one.key for one in outline.modules]
    scenes = [Scene(outline, staff, one, instant(one, at)) for one in map(_whole, days)]
    past = Past(max(scenes, key=lambda scene: scene.at))
    for day, scene in zip(days, scenes, strict=True):
        for key, numbers in past.count(scene, keys):
            yield day, key, numbers


def _people(scene: Scene) -> list[UUID]:
    rows = scene.wanted().order_by().values_list(raw("membership_id"), flat=True)
    return list(map(as_id, rows))


def _whole(day: date) -> Question:
    return Question(as_of=day)


class Past:
    """What happened in an organisation up to an instant, and how it stood at any one before."""

    def __init__(self, until: Scene) -> None:
        self.scene = until
        self.cycles = self._cycles()
        self.papers: list[Paper] = list(read_papers(until, None))
        self.completions = self._completions()
        self.first = self._first_begun()
        self.taken = self._taken()

    def count(self, scene: Scene, keys: Sequence[str]) -> Iterator[tuple[str, Numbers]]:
        """What the report says at an instant about the course and about each module."""
        at, people = scene.at, _people(scene)
        rounds = rounds_at(at, self.cycles)
        overdue = self._overdue(scene, people, rounds)
        known = self.completions[: bisect_right(self.completions, at, key=lambda row: row[-1])]
        rows = defaultdict[str, list[Any]](list)
        for person, number, scope, key, done_at in known:
            rows[scope].append((person, number, key, done_at))
        course = held_of_course(rows[COURSE], ends_of(self.papers, at))
        modules = held_of_modules(rows["module"], course)
        for key in ("", *keys):
            shown = Shown(rounds, modules.get(key, {}) if key else course, at)
            counts = shown.count(people, self._begun(key, at))
            yield key, (len(people), *(counts[state] for state in State), overdue[key])

    def _overdue(self, scene: Scene, people: list[UUID], rounds: Rounds) -> Counter[str]:
        """Module, or "" for everything that was asked -> how many were late with it."""
        asked = Asked(scene)
        if asked.nothing:
            return Counter()
        done = self._done(asked, scene.at)
        late = asked.late(people, rounds, scene.cohorts_of, done, None)
        found = count_late(asked, late.values())
        found[""] = len(late)
        return found

    def _begun(self, key: str, at: datetime) -> set[UUID]:
        return {person for person, first in self.first.get(key, {}).items() if first <= at}

    def _done(self, asked: Asked, at: datetime) -> Done:
        """Both lists are in the order of time, so that the last time stays."""
        done: dict[UUID, dict[Name, datetime]] = defaultdict(dict)
        targets = {scope: Target(scope) for scope in (COURSE, "module")}
        for person, _number, scope, key, done_at in self.completions:
            if done_at > at:
                break
            done[person][targets[scope], key] = done_at
        names = {key: name_of(asked.quizzes, key) for key in {row[1] for row in self.taken}}
        for person, key, taken_at in self.taken:
            if taken_at > at:
                break
            done[person][names[key]] = taken_at
        return done

    # --- reading ----------------------------------------------------------------------------------

    def _in_order(self, rows: Any, when: str, *columns: str) -> list[Any]:
        """What happened by the last instant, the oldest first."""
        known = rows.in_organization(self.scene.organization)
        known = known.filter(**{f"{when}__lte": self.scene.at}).order_by(when)
        found = known.values_list(raw("membership_id"), *columns, raw(when)).iterator(2000)
        return [(as_id(mine), *columns, as_moment(at)) for mine, *columns, at in found]

    def _cycles(self) -> list[tuple[UUID, int, datetime]]:
        rows = self._in_order(Cycle.objects, "opened_at", "number")
        return sorted(rows, key=lambda row: row[1])  # the newest round is the one that stays

    def _completions(self) -> list[tuple[UUID, int, str, str, datetime]]:
        return self._in_order(Completion.objects, "completed_at", "cycle", "scope", "key")

    def _first_begun(self) -> Mapping[str, Mapping[UUID, datetime]]:
        """Module, or "" for anything -> person -> when they first began it."""
        found: dict[str, dict[UUID, datetime]] = defaultdict(dict)
        columns = ("lesson__module__key", "quiz__module")
        for rows, module in zip(begun_q(self.scene), columns, strict=True):
            firsts = rows.order_by().values_list(raw("membership_id"), module)
            begun = Min("started_at", output_field=TextField())
            for mine, key, at in firsts.annotate(begun=begun).iterator(2000):
                person, first = as_id(mine), as_moment(at)
                for each in ("", key) if key else ("",):
                    found[each][person] = min(first, found[each].get(person, first))
        return found

    def _taken(self) -> list[tuple[UUID, str, datetime]]:
        """What was handed in of the quizzes that were ever asked for, under any of their names."""
        asked = Assignment.objects.in_organization(self.scene.organization)
        asked = asked.filter(target_kind=Target.QUIZ).order_by()
        wanted = set(asked.values_list("target_key", flat=True).distinct())
        if not wanted:
            return []
        rows = Attempt.objects.filter(quiz__key__in=forms_of(known_quizzes(), wanted))
        return self._in_order(rows, "submitted_at", "quiz__key")


__all__ = ["Numbers", "Past", "count_days"]
