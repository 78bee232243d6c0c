"""How many had completed each module, for everybody at once: a row a person, not one a module.

The rules are those of `held_of_modules` and `decide`; tests hold the table equal to the report
about each module by itself.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID

from django.db.models import Max, Q, TextField

from modules.models import Completion
from modules.reports.facts import Shown, usual_end
from modules.reports.overdue import Asked, Name
from modules.reports.population import Scene, named
from modules.reports.quick import as_id, as_moment, raw
from modules.reports.states import VALID, Held

Marks = Sequence[Any]  # for each module when it was completed, as the database gives it, or None


def count_completed(
    scene: Scene, course: Shown, who: Any, people: Collection[UUID], keys: Sequence[str]
) -> Counter[str]:
    """Module -> how many of these people had completed it, and it still counted: one query."""
    single, several = _in_one_round_or_more(_rows(scene, who, keys))
    judge = _Judge(course)
    patterns: Counter[tuple[bool, ...]] = Counter()  # which modules -> of how many people
    for somebody, (number, marks) in single.items():
        if somebody in people:
            patterns[judge.in_one_round(somebody, number, marks)] += 1
    for somebody, by_round in several.items():
        if somebody in people:
            patterns[judge.in_any(somebody, by_round)] += 1
    found: Counter[str] = Counter()
    for pattern, number in patterns.items():
        found.update({key: number for key, valid in zip(keys, pattern, strict=True) if valid})
    return found


def count_late(asked: Asked, late: Iterable[Sequence[Name]]) -> Counter[str]:
    """Module -> how many were late with it or one of its quizzes."""
    modules: dict[Name, str] = {}
    found: Counter[str] = Counter()
    for names in late:
        for name in names:
            if name not in modules:
                modules[name] = asked.module_of(*name)
        found.update({modules[name] for name in names})
    return found


class _Judge:
    """Says which modules of somebody counted; what many people share is decided once."""

    def __init__(self, course: Shown) -> None:
        self.course = course
        self._known: dict[tuple[int, int, datetime], bool] = {}

    def in_one_round(self, somebody: UUID, number: int, marks: Marks) -> tuple[bool, ...]:
        """For who completed modules in one round only, which is nearly everybody.

        When what ends first counts, all does, and when what ends last does not, nothing does. Ends
        are in the order of days, but not within one (29 February ends on the 28th), so whole days
        are compared, and only who is between the two is decided module by module.
        """
        whole = self.course.held.get(somebody, {}).get(number)
        if whole is not None:  # the end of all its modules
            counts = self.course.of({number: whole}, somebody).state in VALID
            return tuple(map(bool, marks)) if counts else (False,) * len(marks)
        done = [mark for mark in marks if mark]
        if self._counts_from(somebody, number, _at(time.min, min(done))):
            return tuple(map(bool, marks))
        if not self._counts_from(somebody, number, _at(time.max, max(done))):
            return (False,) * len(marks)
        return self.in_any(somebody, {number: marks})

    def in_any(self, somebody: UUID, by_round: Mapping[int, Marks]) -> tuple[bool, ...]:
        """For anybody, module by module."""
        course, found = self.course, []
        whole = course.held.get(somebody, {})
        for marks in zip(*by_round.values(), strict=True):
            held = {}
            for number, mark in zip(by_round, marks, strict=True):
                if mark:
                    at = as_moment(mark)
                    end = whole[number].ends_at if number in whole else usual_end(at)
                    held[number] = Held(at, end)
            found.append(bool(held) and course.of(held, somebody).state in VALID)
        return tuple(found)

    def _counts_from(self, somebody: UUID, number: int, at: datetime) -> bool:
        """Whether something counted that was completed then in this round, without the course."""
        place = (number, self.course.rounds.number(somebody), at)
        if place not in self._known:
            held = {number: Held(at, usual_end(at))}
            self._known[place] = self.course.of(held, somebody).state in VALID
        return self._known[place]


def _at(clock: time, mark: Any) -> datetime:
    """That time on the day of a mark."""
    return datetime.combine(as_moment(mark), clock, tzinfo=UTC)


def _in_one_round_or_more(
    rows: Iterable[tuple[UUID, int, Marks]],
) -> tuple[dict[UUID, tuple[int, Marks]], dict[UUID, dict[int, Marks]]]:
    single: dict[UUID, tuple[int, Marks]] = {}
    several: dict[UUID, dict[int, Marks]] = defaultdict(dict)
    for somebody, number, marks in rows:
        if somebody in several:
            several[somebody][number] = marks
        elif somebody in single:
            several[somebody] = dict([single.pop(somebody), (number, marks)])
        else:
            single[somebody] = (number, marks)
    return single, several


def _rows(scene: Scene, who: Any, keys: Sequence[str]) -> Iterator[tuple[UUID, int, Marks]]:
    """A person's round in each row, with the instant at which each module was completed in it."""
    rows = Completion.objects.in_organization(scene.organization)
    rows = rows.filter(scope="module", completed_at__lte=scene.at, key__in=keys)
    when = {
        f"when_{place}": Max("completed_at", filter=Q(key=key), output_field=TextField())
        for place, key in enumerate(keys)
    }
    grouped = named(rows, who).order_by().values_list(raw("membership_id"), "cycle")
    for somebody, number, *marks in grouped.annotate(**when):
        yield as_id(somebody), number, marks


__all__ = ["count_completed", "count_late"]
