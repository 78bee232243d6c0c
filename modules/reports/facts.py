"""What people had done by the instant of a report, read in bulk: dated facts only.

Each reader takes `who`: ids, a query of ids, or None for the whole organisation, and makes one
query whatever the number of people.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Exists, Max, Min, OuterRef, Q

from course.models import Membership
from modules.certificates import add_months
from modules.models import Certificate, Completion, Cycle, LessonCompletion, LessonPlace
from modules.reports.population import Scene, named
from modules.reports.quick import as_id, as_moment, raw
from modules.reports.states import Decision, Held, State, decide
from quizzes.models import Attempt

FIRST_ROUND = 1
NOBODY = UUID(int=0)  # stands for anybody without rounds and completions

Row = tuple[UUID, int, str, datetime]  # person, round, key of the module or course, when completed
Paper = tuple[UUID, int, datetime, datetime, datetime | None]  # issued, expires, withdrawn
Ends = Mapping[tuple[UUID, int], datetime]  # (person, round) -> end of the certificate


@dataclass(frozen=True, slots=True)
class Rounds:
    """Person -> number and beginning of the newest round they had begun; the first has no row."""

    newest: Mapping[UUID, tuple[int, datetime]]

    def number(self, person: UUID) -> int:
        """The round somebody was in."""
        return self.newest[person][0] if person in self.newest else FIRST_ROUND

    def since(self, person: UUID) -> datetime | None:
        """When it began; None for the first, in which everything before counts."""
        return self.newest[person][1] if person in self.newest else None


def read_rounds(scene: Scene, who: Any) -> Rounds:
    """One query."""
    rows = Cycle.objects.in_organization(scene.organization).filter(opened_at__lte=scene.at)
    ordered = named(rows, who).order_by("membership_id", "number")
    return rounds_at(scene.at, ordered.values_list("membership_id", "number", "opened_at"))


def rounds_at(at: datetime, cycles: Iterable[tuple[UUID, int, datetime]]) -> Rounds:
    """What rounds come to at an instant: (person, number, beginning), a higher number later."""
    return Rounds({person: (number, begun) for person, number, begun in cycles if begun <= at})


def read_rounds_begun(scene: Scene, who: Any) -> dict[int, set[UUID]]:
    """Number of a round from the second on -> who had begun it: one query."""
    rows = Cycle.objects.in_organization(scene.organization).filter(opened_at__lte=scene.at)
    found: dict[int, set[UUID]] = defaultdict(set)
    for person, number in named(rows, who).order_by().values_list("membership_id", "number"):
        found[number].add(person)
    return found


@dataclass(frozen=True, slots=True)
class Shown:
    """Person -> round -> what they completed and until when it counts, for one scope."""

    rounds: Rounds
    held: Mapping[UUID, Mapping[int, Held]]
    at: datetime
    only: int | None = None  # the round that is asked about by its number

    def decide(self, person: UUID, *, begun: bool) -> Decision:
        """The state of one person."""
        return self.of(self.held.get(person, {}), person, begun=begun)

    def of(self, mine: Mapping[int, Held], person: UUID, *, begun: bool = True) -> Decision:
        """The state of one person who holds this."""
        number = self.rounds.number(person) if self.only is None else self.only
        if self.only is not None:
            mine = {number: mine[number]} if number in mine else {}
            begun = begun or number > FIRST_ROUND  # to open a round is to begin it
        return decide(mine, number=number, at=self.at, begun=begun)

    def count(self, people: Collection[UUID], begun: Collection[UUID]) -> Counter[State]:
        """How many of these people were in which state; `begun` says who had begun.

        Those who completed nothing are decided once for all, as nothing tells them apart.
        """
        held, waiting = self.held, Counter[bool]()
        found: Counter[State] = Counter()
        for person in people:
            if person in held:
                found[self.decide(person, begun=person in begun).state] += 1
            else:
                waiting[person in begun] += 1
        for is_begun, number in waiting.items():
            found[self.decide(NOBODY, begun=is_begun).state] += number
        return found


def read_shown(scene: Scene, rounds: Rounds, who: Any) -> Shown:
    """What the question is about, the course or one module: two queries, or three for a module."""
    key = scene.question.module
    course = read_course(scene, who)
    if not key:
        return Shown(rounds, course, scene.at, scene.question.number)
    held = read_modules(scene, course, who, key=key).get(key, {})
    return Shown(rounds, held, scene.at, scene.question.number)


def read_course(scene: Scene, who: Any) -> dict[UUID, dict[int, Held]]:
    """The whole course: completions, and the certificates that say until when they count."""
    ends = ends_of(read_papers(scene, who), scene.at)
    return held_of_course(_completions(scene, who, "course"), ends)


def held_of_course(rows: Iterable[Row], ends: Ends) -> dict[UUID, dict[int, Held]]:
    """What completions of the course come to, with the ends of their certificates."""
    found: dict[UUID, dict[int, Held]] = defaultdict(dict)
    for person, number, _key, at in rows:
        found[person][number] = Held(at, ends.get((person, number)) or usual_end(at))
    return found


def read_modules(
    scene: Scene, course: Mapping[UUID, Mapping[int, Held]], who: Any, *, key: str = ""
) -> dict[str, dict[UUID, dict[int, Held]]]:
    """Module key -> person -> round: one query. `key` narrows it to one module."""
    return held_of_modules(_completions(scene, who, "module", key), course)


def held_of_modules(
    rows: Iterable[Row], course: Mapping[UUID, Mapping[int, Held]]
) -> dict[str, dict[UUID, dict[int, Held]]]:
    """What completions of modules come to: module key -> person -> round.

    A module counts as long as the course of the same round does; where the course is not complete,
    as long as a course that was completed on that day would.
    """
    found: dict[str, dict[UUID, dict[int, Held]]] = defaultdict(lambda: defaultdict(dict))
    for person, number, module, at in rows:
        whole = course[person].get(number) if person in course else None
        found[module][person][number] = Held(at, whole.ends_at if whole else usual_end(at))
    return found


def usual_end(completed_at: datetime) -> datetime:
    """Until when what was shown counts without a certificate (`renewing.end_of_validity`)."""
    return add_months(completed_at, settings.KENALI_CERTIFICATE_MONTHS)


def _completions(scene: Scene, who: Any, scope: str, key: str = "") -> Iterator[Row]:
    rows = Completion.objects.in_organization(scene.organization)
    rows = named(rows.filter(scope=scope, completed_at__lte=scene.at), who)
    if key:
        rows = rows.filter(key=key)
    columns = (raw("membership_id"), "cycle", "key", raw("completed_at"))
    found = rows.order_by().values_list(*columns).iterator(chunk_size=2000)
    return ((as_id(mine), number, name, as_moment(at)) for mine, number, name, at in found)


def read_papers(scene: Scene, who: Any) -> Iterable[Paper]:
    """The certificates that were issued by then, one row for each withdrawal: one query."""
    rows = Certificate.objects.in_organization(scene.organization)
    issued = named(rows.filter(issued_at__lte=scene.at), who).order_by()
    columns = ("membership_id", "cycle", "issued_at", "expires_at", "revocations__revoked_at")
    found: Iterable[Paper] = issued.values_list(*columns)
    return found


def ends_of(papers: Iterable[Paper], at: datetime) -> Ends:
    """(person, round) -> when its certificate ends; one that was withdrawn ended on that day.

    Of several papers the one that holds longest counts: another in the place of one withdrawn.
    Papers that were issued after `at`, and withdrawals after it, are not known yet.
    """
    ends: dict[tuple[UUID, int], datetime] = {}
    for person, number, issued_at, end, revoked_at in papers:
        if issued_at > at:
            continue
        if revoked_at is not None and revoked_at <= at:
            end = min(end, revoked_at)  # noqa: PLW2901 -- the end that counts
        place = (person, number)
        ends[place] = max(end, ends.get(place, end))
    return ends


# --- what was begun, and what was touched last ----------------------------------------------------


def begun_q(scene: Scene) -> tuple[Any, Any]:
    """Lessons and attempts begun by the instant that belong to what is asked about."""
    places = LessonPlace.objects.in_organization(scene.organization)
    places = places.filter(started_at__lte=scene.at)
    attempts = Attempt.objects.in_organization(scene.organization)
    attempts = attempts.filter(started_at__lte=scene.at)
    if key := scene.question.module:
        places = places.filter(lesson__module__key=key)
        attempts = attempts.filter(quiz__module=key)
    return places, attempts


def read_begun(scene: Scene, who: Any) -> set[UUID]:
    """Everybody who had begun what is asked about: two queries.

    They look for one lesson or attempt of each person; to go through all of them takes ten times
    as long.
    """
    found: set[UUID] = set()
    people = Membership.objects.in_organization(scene.organization)
    people = people if who is None else people.filter(id__in=who)
    for rows in begun_q(scene):
        theirs = rows.filter(membership_id=OuterRef("id"))
        mine = people.filter(Exists(theirs)).order_by().values_list(raw("id"), flat=True)
        found.update(map(as_id, mine))
    return found


@dataclass(frozen=True, slots=True)
class Doing:
    """What one person was doing: first and last sign of life, lessons and modules of the round."""

    first_at: datetime | None = None
    last_at: datetime | None = None
    lessons: int = 0
    modules: int = 0


def read_doing(scene: Scene, rounds: Rounds, ids: list[UUID]) -> dict[UUID, Doing]:
    """For some people: four queries."""
    first: dict[UUID, datetime] = {}
    last: dict[UUID, datetime] = {}
    for rows in begun_q(scene):
        marks = named(rows, ids).order_by().values_list(raw("membership_id"))
        ends = {"begun": Min("started_at"), "newest": Max("started_at")}
        if rows.model is Attempt:
            ends["handed"] = Max("submitted_at", filter=Q(submitted_at__lte=scene.at))
        for mine, begun, *touched in marks.annotate(**ends):
            person = as_id(mine)
            first[person] = min(begun, first.get(person, begun))
            newest = max(one for one in touched if one is not None)
            last[person] = max(newest, last.get(person, newest))
    lessons = _lessons(scene, rounds, ids, last)
    modules = _modules(scene, rounds, ids)
    return {
        person: Doing(
            first.get(person), last.get(person), lessons.get(person, 0), modules.get(person, 0)
        )
        for person in ids
    }


def _round_of(scene: Scene, rounds: Rounds, person: UUID) -> int:
    return scene.question.number or rounds.number(person)


def _lessons(
    scene: Scene, rounds: Rounds, ids: list[UUID], last: dict[UUID, datetime]
) -> dict[UUID, int]:
    """How many lessons of today's course each had finished in their round.

    The database counts, as there are thirty lessons for each person. Which of them are meant is
    said in the counts and not of the rows, or SQLite seeks every lesson of every person.
    """
    known = Q(lesson_id__in=[lesson.id for lesson in lessons_of(scene)])
    rows = LessonCompletion.objects.in_organization(scene.organization)
    rows = named(rows.filter(completed_at__lte=scene.at), ids)
    counts = rows.order_by().values_list(raw("membership_id"), "cycle")
    counts = counts.annotate(done=Count("id", filter=known), at=Max("completed_at", filter=known))
    found: dict[UUID, int] = {}
    for mine, number, done, at in counts:
        person = as_id(mine)
        if done:
            last[person] = max(at, last.get(person, at))
        if number == _round_of(scene, rounds, person):
            found[person] = done
    return found


def lessons_of(scene: Scene) -> list[Any]:
    """The lessons that are asked about, as the course has them today."""
    key = scene.question.module
    return [one for one in scene.outline.lessons() if not key or one.module_key == key]


def _modules(scene: Scene, rounds: Rounds, ids: list[UUID]) -> dict[UUID, int]:
    known = {module.key for module in scene.outline.modules}
    if scene.question.module:
        known &= {scene.question.module}
    rows = Completion.objects.in_organization(scene.organization)
    rows = rows.filter(scope="module", completed_at__lte=scene.at)
    counts = named(rows, ids).order_by().values_list(raw("membership_id"), "cycle")
    found: dict[UUID, int] = {}
    for mine, number, done in counts.annotate(done=Count("id", filter=Q(key__in=known))):
        person = as_id(mine)
        if number == _round_of(scene, rounds, person):
            found[person] = done
    return found


__all__ = [
    "NOBODY",
    "Doing",
    "Ends",
    "Paper",
    "Rounds",
    "Row",
    "Shown",
    "ends_of",
    "held_of_course",
    "held_of_modules",
    "lessons_of",
    "read_begun",
    "read_course",
    "read_doing",
    "read_modules",
    "read_papers",
    "read_rounds",
    "read_rounds_begun",
    "read_shown",
    "rounds_at",
    "usual_end",
]
