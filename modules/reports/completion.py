"""The completion report: who had completed what on a day, and who was late.

Two ways to read the same question. `read_summary` counts everybody at once; `lines` (lines.py)
tells person by person, in slices. Both decide with `states.decide`, and tests hold them equal.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from course.models.base import Viewer
from course.models.organizations import ROLE_CHOICES
from course.roles import Role
from modules.outline import Outline
from modules.reports.asking import Question, instant, question_from
from modules.reports.facts import (
    Rounds,
    Shown,
    read_begun,
    read_rounds,
    read_rounds_begun,
    read_shown,
)
from modules.reports.lines import SLICE, Line, Teller, in_order, is_in_state, lines
from modules.reports.module_table import count_completed, count_late
from modules.reports.overdue import Asked, Name
from modules.reports.population import (
    Place,
    Population,
    Reason,
    Scene,
    Staff,
    read_population,
)
from modules.reports.quick import as_id, raw
from modules.reports.states import VALID, State, decide
from quizzes import measures

BY: Final = ("office", "cohort", "module", "role", "round")


@dataclass(frozen=True, slots=True)
class Rate:
    """Completed of all, with Wilson's interval: hidden below 5 people, provisional below 20."""

    gate: str
    rate: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Group:
    """One row of the table: an office with all below it, a cohort, a module, a role or a round.

    `key` is the id, the key of the module, the role or the number; None: those without an office
    or cohort.
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


@dataclass(frozen=True, slots=True)
class Everybody:
    """The population of a report with their states, and what they were decided from."""

    population: Population
    standings: list[Standing]
    rounds: Rounds
    shown: Shown
    asked: Asked


def read_standings(scene: Scene) -> Everybody:
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
    return Everybody(population, standings, rounds, shown, asked)


def read_summary(
    outline: Outline, viewer: Viewer, question: Question, at: datetime, *, by: str = "office"
) -> Summary:
    """The numbers, and the groups of one kind: `by` is one of `BY`; anything else means by office.

    The filters of state and overdue are not applied: they pick people from within the population.
    """
    scene = Scene(outline, viewer, question.population, at)
    everybody = read_standings(scene)
    population, standings = everybody.population, everybody.standings
    counts = Counter(one.state for one in standings)
    if by == "cohort":
        groups = _by_cohort(scene, standings)
    elif by == "module":
        groups = _by_module(scene, everybody)
    elif by == "role":
        groups = _by_role(scene, standings)
    elif by == "round":
        groups = _by_round(scene, everybody)
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


def read_people(
    outline: Outline, viewer: Viewer, question: Question, at: datetime
) -> tuple[Teller, list[UUID]]:
    """The ids of everybody the question picks, in the order of their names, and who tells of them.

    For pages of a list: the caller asks `tell` for the people of one page.
    """
    scene = Scene(outline, viewer, question, at)
    rows = in_order(scene)
    picked = _picked(scene)
    if picked is not None and len(picked) <= SLICE:
        rows = rows.filter(membership_id__in=picked)  # nobody else's name is looked up
    ids = list(map(as_id, rows.values_list(raw("membership_id"), flat=True)))
    return Teller(scene), ids if picked is None else [one for one in ids if one in picked]


def _picked(scene: Scene) -> set[UUID] | None:
    """Whom the filters of state and overdue pick, of the whole population; None: everybody."""
    question = scene.question
    if question.state is not None:
        return {
            one.place.person
            for one in read_standings(scene).standings
            if is_in_state(question, one.state) and (one.late or not question.overdue)
        }
    if not question.overdue:
        return None
    asked, who = Asked(scene), scene.who()  # no state is asked for, so none is decided
    if asked.nothing:
        return set()
    rounds = read_rounds(scene, who)
    rows = scene.wanted().order_by().values_list(raw("membership_id"), flat=True)
    return set(asked.overdue(map(as_id, rows), rounds, scene.cohorts_of, who))


class _Tally:
    """Counts of a group."""

    __slots__ = ("completed", "overdue", "population")

    def __init__(self) -> None:
        self.population = self.completed = self.overdue = 0

    def add(self, one: Standing) -> None:
        self.count(completed=one.state in VALID, overdue=bool(one.late))

    def count(self, *, completed: bool, overdue: bool) -> None:
        self.population += 1
        self.completed += completed
        self.overdue += overdue

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
        keys: Sequence[UUID | None] = above[office] or (None,)
        for each in keys:
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
        keys: Sequence[UUID | None] = mine or (None,)
        for key in keys:
            tallies[key].add(one)
    only = scene.question.cohort
    for cohort, name in sorted(scene.cohorts.items(), key=lambda pair: pair[1].casefold()):
        if only in {None, cohort}:
            yield tallies[cohort].group(cohort, name)
    if None in tallies:
        yield tallies[None].group(None, _("In no cohort"))


def _by_module(scene: Scene, everybody: Everybody) -> Iterator[Group]:
    """Every module of today's course: the same people, the same words. One query more."""
    only, standings = scene.question.module, everybody.standings
    modules = [one for one in scene.outline.modules if only in {"", one.key}]
    if only:
        completed = Counter({only: sum(one.state in VALID for one in standings)})
    else:
        people = {one.place.person for one in standings}
        keys = [one.key for one in modules]
        completed = count_completed(scene, everybody.shown, scene.who(), people, keys)
    late = count_late(everybody.asked, (one.late for one in standings if one.late))
    for module in modules:
        tally = _Tally()
        tally.population = len(standings)
        tally.completed, tally.overdue = completed[module.key], late[module.key]
        yield tally.group(module.key, module.title(get_language() or "en"))


def _by_role(scene: Scene, standings: list[Standing]) -> Iterator[Group]:
    """Every role by itself: what the report says when it is asked about that role.

    The report counts learners unless it is asked otherwise, so learners do not leave the others
    out here. Three readings, whatever the number of people.
    """
    question = scene.question
    for role in (question.asked_role,) if question.asked_role != Role.LEARNER else Role:
        found = standings
        if role != question.asked_role:
            asked = question.but(role=role)
            other = Scene(scene.outline, scene.viewer, asked, scene.at)
            found = read_standings(other).standings
        yield _tally_of(found).group(role.value, str(dict(ROLE_CHOICES)[role.value]))


def _by_round(scene: Scene, everybody: Everybody) -> Iterator[Group]:
    """Every round that had been begun: what the report says when it is asked about its number.

    Somebody in their second round is counted in the first as well. One more query for who had begun
    which, whatever the number of rounds.
    """
    only, held = scene.question.number, everybody.shown.held
    begun = read_rounds_begun(scene, scene.who())
    for number in (only,) if only else range(1, max(begun, default=1) + 1):
        shown = Shown(everybody.rounds, held, scene.at, number)
        there = begun.get(number, set())
        tally = _Tally()
        for one in everybody.standings:
            if number == 1 or one.place.person in there:
                done = shown.decide(one.place.person, begun=True).state in VALID
                tally.count(completed=done, overdue=bool(one.late))
        yield tally.group(str(number), _("Round %(number)s") % {"number": number})


def _tally_of(standings: Iterable[Standing]) -> _Tally:
    tally = _Tally()
    for one in standings:
        tally.add(one)
    return tally


__all__ = [
    "BY",
    "SLICE",
    "Everybody",
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
    "read_people",
    "read_standings",
    "read_summary",
]
