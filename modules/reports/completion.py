"""The completion report: who had completed what on a day, and who was late.

Two ways to read the same question. `read_summary` counts everybody at once; `lines` tells person by
person, in slices, so that a hundred thousand people need no more memory than five hundred. Both
decide with `states.decide`, and tests hold them equal.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce, Lower, NullIf
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from course.models import Membership
from course.models.base import Viewer
from course.roles import Role
from modules.outline import Outline
from modules.reports.asking import Question, instant, question_from
from modules.reports.facts import (
    Doing,
    Rounds,
    Shown,
    lessons_of,
    read_begun,
    read_course,
    read_doing,
    read_modules,
    read_rounds,
    read_shown,
)
from modules.reports.overdue import Asked, Name
from modules.reports.population import (
    Place,
    Population,
    Reason,
    Scene,
    Staff,
    read_population,
)
from modules.reports.states import VALID, State, decide
from quizzes import measures

SLICE: Final = 500  # people read at once; SQLite allows about 1,000 variables in old versions
ERASED_NAME: Final = "erased-"  # how the sign-in name of an erased person begins
BY: Final = ("office", "cohort", "module")


@dataclass(frozen=True, slots=True)
class Line:
    """One person of a report, as they were at its instant; names are those of today."""

    membership_id: UUID
    name: str
    office: str
    cohorts: tuple[str, ...]
    manager: str
    role: Role
    state: State
    overdue: int
    round: int
    started_at: datetime | None
    completed_at: datetime | None
    expires_at: datetime | None
    last_at: datetime | None
    lessons_done: int
    lessons_total: int
    modules_done: int
    modules_total: int


@dataclass(frozen=True, slots=True)
class Rate:
    """Completed of all, with Wilson's interval: hidden below 5 people, provisional below 20."""

    gate: str
    rate: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Group:
    """One row of the table: an office with all below it, a cohort, or a module.

    `key` is the id or the key of the module; None: those without an office or cohort.
    """

    key: str | None
    name: str
    depth: int
    population: int
    completed: int
    overdue: int
    rate: Rate


@dataclass(frozen=True, slots=True)
class Summary:
    """The numbers of a report. `completed`: those whose completion still counted on that day."""

    at: datetime
    population: int
    counts: Mapping[State, int]
    overdue: int
    left_out: Mapping[Reason, int]
    by: str
    groups: tuple[Group, ...]
    later: int = field(default=0, compare=False)  # who came since; it depends on when one asks

    @property
    def completed(self) -> int:
        """Completed, and it still counted."""
        return sum(self.counts[state] for state in VALID)

    @property
    def rate(self) -> Rate:
        """Of everybody in the report."""
        return rate_of(self.completed, self.population)


def rate_of(completed: int, population: int) -> Rate:
    """The share, with its interval, as far as the gate lets it show."""
    found = measures.completion_stat(completed=completed, enrolled=population)
    return Rate(found["state"], found["rate"], found["low"], found["high"])


# --- everybody at once ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Standing:
    """One person in a count."""

    place: Place
    state: State
    late: tuple[Name, ...]


def read_standings(scene: Scene) -> tuple[Population, list[Standing], Rounds, Asked]:
    """Everybody of the population with their state, in no order: a constant number of queries.

    The filters of state and overdue are not applied.
    """
    who = scene.who()
    population = read_population(scene)
    rounds = read_rounds(scene, who)
    shown, begun, asked = read_shown(scene, rounds, who), read_begun(scene, who), Asked(scene)
    people = [place.person for place in population.places]
    cohorts = {} if asked.nothing else scene.cohorts_of
    late = asked.overdue(people, rounds, cohorts, who)
    standings = [
        Standing(
            place,
            shown.decide(place.person, begun=place.person in begun).state,
            tuple(late.get(place.person, ())),
        )
        for place in population.places
    ]
    return population, standings, rounds, asked


def read_summary(
    outline: Outline, viewer: Viewer, question: Question, at: datetime, *, by: str = "office"
) -> Summary:
    """The numbers, and the groups of one kind: `by` is "office", "cohort" or "module".

    The filters of state and overdue are not applied: they pick people from within the population.
    """
    scene = Scene(outline, viewer, question.population, at)
    population, standings, rounds, asked = read_standings(scene)
    counts = Counter(one.state for one in standings)
    if by == "cohort":
        groups = _by_cohort(scene, standings)
    elif by == "module":
        groups = _by_module(scene, standings, rounds, asked)
    else:
        groups = _by_office(scene, standings)
    return Summary(
        at=at,
        population=len(standings),
        counts={state: counts[state] for state in State},
        overdue=sum(bool(one.late) for one in standings),
        left_out={reason: n for reason in Reason if (n := population.left_out.get(reason, 0))},
        by=by if by in BY else "office",
        groups=tuple(groups),
        later=population.later,
    )


class _Tally:
    """Counts of a group."""

    __slots__ = ("completed", "overdue", "population")

    def __init__(self) -> None:
        self.population = self.completed = self.overdue = 0

    def add(self, one: Standing) -> None:
        self.population += 1
        self.completed += one.state in VALID
        self.overdue += bool(one.late)

    def group(self, key: UUID | str | None, name: str, depth: int = 0) -> Group:
        rate = rate_of(self.completed, self.population)
        shown = None if key is None else str(key)
        return Group(shown, name, depth, self.population, self.completed, self.overdue, rate)


def _by_office(scene: Scene, standings: Iterable[Standing]) -> Iterator[Group]:
    """Every office of that day with all below it, as a tree; then those without an office."""
    tallies: dict[UUID | None, _Tally] = defaultdict(_Tally)
    above: dict[UUID | None, list[UUID]] = {}
    for one in standings:
        office = one.place.office
        if office not in above:
            above[office] = scene.offices.above(office)
        for each in above[office] or [None]:
            tallies[each].add(one)
    inside = scene.wanted_offices
    for office, depth in scene.offices.in_order():
        if (inside is None or office in inside) and (scene.sees_all or office in tallies):
            yield tallies[office].group(office, scene.offices.names[office], depth)
    if None in tallies:
        yield tallies[None].group(None, _("No office said"))


def _by_cohort(scene: Scene, standings: Iterable[Standing]) -> Iterator[Group]:
    """Every cohort the viewer may see; somebody in two is counted in both."""
    tallies: dict[UUID | None, _Tally] = defaultdict(_Tally)
    for one in standings:
        mine = [
            each for each in scene.cohorts_of.get(one.place.person, ()) if each in scene.cohorts
        ]
        for cohort in mine or [None]:
            tallies[cohort].add(one)
    only = scene.question.cohort
    for cohort, name in sorted(scene.cohorts.items(), key=lambda pair: pair[1].casefold()):
        if only in {None, cohort}:
            yield tallies[cohort].group(cohort, name)
    if None in tallies:
        yield tallies[None].group(None, _("In no cohort"))


def _by_module(
    scene: Scene, standings: list[Standing], rounds: Rounds, asked: Asked
) -> Iterator[Group]:
    """Every module of today's course: the same people, the same words."""
    who = scene.who()
    held = read_modules(scene, read_course(scene, who), who, key=scene.question.module)
    for module in scene.outline.modules:
        if scene.question.module not in {"", module.key}:
            continue
        shown = Shown(rounds, held.get(module.key, {}), scene.at, scene.question.number)
        tally = _Tally()
        for one in standings:
            tally.population += 1
            tally.completed += shown.decide(one.place.person, begun=True).state in VALID
            tally.overdue += any(asked.module_of(*name) == module.key for name in one.late)
        yield tally.group(module.key, module.title(get_language() or "en"))


# --- person by person -----------------------------------------------------------------------------


def lines(outline: Outline, viewer: Viewer, question: Question, at: datetime) -> Iterator[Line]:
    """Everybody of the report in the order of their names, in slices of 500 people.

    Memory is flat, and each slice costs the same number of queries.
    """
    scene = Scene(outline, viewer, question, at)
    teller = Teller(scene)
    after: tuple[str, UUID] | None = None
    while True:
        names, after = _slice(scene, after)
        if not names:
            return
        for line in teller.tell(names):
            if _is_asked_for(question, line):
                yield line
        if len(names) < SLICE:
            return


def _is_asked_for(question: Question, line: Line) -> bool:
    if question.overdue and not line.overdue:
        return False
    return is_in_state(question, line.state)


def is_in_state(question: Question, state: State) -> bool:
    """Whether somebody in this state is asked for. "Completed" takes in what ends soon."""
    if question.state is None:
        return True
    if question.state == State.COMPLETED:
        return state in VALID
    return state == question.state


def sort_name() -> Any:
    """What people are ordered by: the name that is shown, whatever its letter case."""
    shown = Coalesce(
        NullIf(F("membership__user__display_name"), Value("")), F("membership__user__username")
    )
    return Lower(shown)


def _slice(
    scene: Scene, after: tuple[str, UUID] | None
) -> tuple[list[UUID], tuple[str, UUID] | None]:
    """The ids of the next people: one query."""
    rows = scene.wanted().annotate(sort_name=sort_name()).order_by("sort_name", "membership_id")
    if after is not None:
        name, person = after
        same = Q(sort_name=name, membership_id__gt=person)
        rows = rows.filter(Q(sort_name__gt=name) | same)
    found = list(rows.values_list("sort_name", "membership_id")[:SLICE])
    last = (found[-1][0], found[-1][1]) if found else None
    return [person for _name, person in found], last


class Teller:
    """Makes lines for slices of people of one report. The caller has checked who they are."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.asked = Asked(scene)
        self.lessons_total = len(lessons_of(scene))
        keys = {module.key for module in scene.outline.modules}
        module = scene.question.module
        self.modules_total = len(keys & {module}) if module else len(keys)

    def tell(self, ids: list[UUID]) -> list[Line]:
        """A line for each of at most 500 people, in the order given."""
        scene = self.scene
        places = scene.within_reach().filter(membership_id__in=ids)
        where = {
            row[0]: row[1:]
            for row in places.values_list("membership_id", "office_id", "manager_id")
        }
        names = self._names({*ids, *(manager for _office, manager in where.values() if manager)})
        rounds = read_rounds(scene, ids)
        shown = read_shown(scene, rounds, ids)
        doing = read_doing(scene, rounds, ids)
        cohorts = scene.cohorts_among(ids)
        late = self.asked.overdue(ids, rounds, cohorts, ids)
        told = []
        for person in ids:
            office, manager = where[person]
            done = doing.get(person, Doing())
            decision = shown.decide(person, begun=done.first_at is not None)
            told.append(
                Line(
                    membership_id=person,
                    name=names[person],
                    office=scene.offices.names.get(office, "") if office else "",
                    cohorts=self._cohort_names(cohorts.get(person, ())),
                    manager=names.get(manager, "") if manager else "",
                    role=scene.question.asked_role,
                    state=decision.state,
                    overdue=len(late.get(person, ())),
                    round=scene.question.number or rounds.number(person),
                    started_at=done.first_at,
                    completed_at=decision.held.completed_at if decision.held else None,
                    expires_at=decision.held.ends_at if decision.held else None,
                    last_at=done.last_at,
                    lessons_done=done.lessons,
                    lessons_total=self.lessons_total,
                    modules_done=done.modules,
                    modules_total=self.modules_total,
                )
            )
        return told

    def _cohort_names(self, cohorts: Iterable[UUID]) -> tuple[str, ...]:
        known = self.scene.cohorts
        return tuple(sorted(known[one] for one in cohorts if one in known))

    def _names(self, ids: set[UUID]) -> dict[UUID, str]:
        """The names that are shown; none for those who were erased. At most two queries."""
        found: dict[UUID, str] = {}
        wanted = sorted(ids)
        for start in range(0, len(wanted), SLICE):
            rows = Membership.objects.in_organization(self.scene.organization)
            rows = rows.filter(id__in=wanted[start : start + SLICE]).order_by()
            for person, alias, name in rows.values_list(
                "id", "user__display_name", "user__username"
            ):
                found[person] = shown_name(alias, name)
        return found


def shown_name(alias: str, username: str) -> str:
    """The alias or the sign-in name; whoever was erased has none."""
    if username.startswith(ERASED_NAME):
        return _("Erased person")
    return alias or username


__all__ = [
    "BY",
    "SLICE",
    "Group",
    "Line",
    "Question",
    "Rate",
    "Reason",
    "Staff",
    "State",
    "Summary",
    "Teller",
    "decide",
    "instant",
    "is_in_state",
    "lines",
    "question_from",
    "rate_of",
    "read_standings",
    "read_summary",
]
