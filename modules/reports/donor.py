"""The summary for funders and partners: reach, completion and what was learned, without people.

What is told is decided by `modules.suppression`: small numbers are hidden with what would give them
away, all others move in steps. There are no filters and no days but the ends of quarters, so that
nobody can ask the same thing twice, a little differently. Why: docs/decisions/0020-donor-view.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import Http404

from course.framework.loading import published_framework
from course.models.base import Viewer
from course.roles import Role, sees_every_cohort
from modules.gain import PERCENT, Says
from modules.outline import Outline, OutlineModule
from modules.reports.asking import Question, instant
from modules.reports.facts import read_rounds, read_shown
from modules.reports.learning import Funnel, read_funnel
from modules.reports.population import Offices, Scene, read_population
from modules.reports.sittings import Results, read_results
from modules.reports.states import VALID
from modules.retention import Later
from modules.suppression import ALL, Shown, grid_of, near, signed_near, stepped, told
from quizzes.reading import model_of
from quizzes.summary import Counts

QUARTERS: Final = 8  # that may be chosen
ENOUGH_FOR_SHARE: Final = 10  # times the step: below, a share of numbers in steps is too coarse
COMPLETED, NOT_YET, LEARNERS = range(3)  # the columns of the table of offices
AT_ITSELF: Final = "itself:"  # begins the name of a leaf: people directly in an office with others
NOWHERE: Final = "nowhere"


@dataclass(frozen=True, slots=True)
class OfficeRow:
    """One office with all below it; None for a number that is hidden.

    `name` "": all of them at depth -1, otherwise those without an office. `itself`: only the
    people directly in this office, which has others below it.
    """

    name: str
    depth: int
    learners: int | None
    completed: int | None
    not_yet: int | None
    itself: bool = False

    @property
    def share(self) -> float | None:
        """Completed of all, from the numbers that are told; None where those are too coarse."""
        enough = ENOUGH_FOR_SHARE * settings.KENALI_MINIMUM_CELL
        if self.completed is None or self.learners is None or self.learners < enough:
            return None
        return self.completed / self.learners


@dataclass(frozen=True, slots=True)
class ModuleRow:
    """One module: of the same learners, how many completed it."""

    module: OutlineModule
    learners: int | None
    completed: int | None

    @property
    def share(self) -> float | None:
        """Completed of all, as for offices."""
        return OfficeRow("", 0, self.learners, self.completed, None).share


@dataclass(frozen=True, slots=True)
class TestRow:
    """One test of a group, of 100 in steps: signs spotted and false alarms, never one of them.

    `place`: "before", "after", or days after the course. `people` is in steps too. For check-ups
    `end_hits` and `end_alarms` are those of the same people at the end of the course. Everything
    is None where fewer than ten people stand behind it.
    """

    place: str
    people: int | None = None
    hits: int | None = None
    alarms: int | None = None
    end_hits: int | None = None
    end_alarms: int | None = None
    says: Says = Says.TOO_FEW
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """What the same people gained in points of 100, in steps, with its likely range."""

    says: Says
    points: int | None = None
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True, slots=True)
class Donor:
    """Everything of the page and of its files."""

    day: date
    at: datetime
    step: int
    learners: int | None
    started: int | None
    completed: int | None
    practised: int | None
    offices: tuple[OfficeRow, ...]
    modules: tuple[ModuleRow, ...]
    tests: tuple[TestRow, ...]
    later: tuple[TestRow, ...]
    change: Change

    @property
    def hides(self) -> bool:
        """Whether any number of people is hidden."""
        cells = [(one.learners, one.completed, one.not_yet) for one in self.offices]
        return any(None in row for row in cells) or any(
            one.completed is None for one in self.modules
        )


def quarter_ends(today: date) -> list[date]:
    """The ends of the last quarters that are over, the newest first."""
    begin = date(today.year, 3 * ((today.month - 1) // 3) + 1, 1)
    ends: list[date] = []
    while len(ends) < QUARTERS:
        end = begin - timedelta(days=1)
        ends.append(end)
        begin = date(end.year, end.month - 2, 1)
    return ends


def quarters_at(at: datetime) -> list[date]:
    """The same, by the calendar of the site."""
    return quarter_ends(at.astimezone(ZoneInfo(settings.KENALI_TIME_ZONE)).date())


def read_donor(outline: Outline, viewer: Viewer, day: date, now: datetime) -> Donor:
    """The summary as of the end of one of `quarters_at`: a constant number of queries.

    Only for somebody who sees the whole organisation; the same for each of them. An other day is
    refused: a free choice of days is a filter.
    """
    if not sees_every_cohort(viewer.role) or day not in quarters_at(now):
        raise Http404
    question = Question(as_of=day, role=Role.LEARNER)
    scene = Scene(outline, viewer, question, instant(question, now))
    step = settings.KENALI_MINIMUM_CELL
    counts, people = _counted(scene)
    shown, rows = _by_office(scene.offices, counts, step)
    funnel = read_funnel(scene, people)
    results = read_results(scene, people, [stage for stage, _ in model_of(published_framework())])
    learners = shown[ALL, LEARNERS]

    def part(number: int) -> int | None:
        return told(number, len(people), minimum=step)

    return Donor(
        day=day,
        at=scene.at,
        step=step,
        learners=learners,
        started=part(funnel.started),
        completed=shown[ALL, COMPLETED],
        practised=part(funnel.refreshed or 0),
        offices=tuple(rows),
        modules=tuple(_by_module(funnel, learners, step)),
        tests=tuple(_tests(results, step)),
        later=tuple(_later(one, step) for one in results.curve.later),
        change=_change(results),
    )


# --- reach and completion -------------------------------------------------------------------------


def _counted(scene: Scene) -> tuple[Counter[tuple[UUID | None, int]], frozenset[UUID]]:
    """(office, column) -> people directly there, and who all of them are."""
    rounds = read_rounds(scene, scene.who())
    asked = read_shown(scene, rounds, scene.who())
    counts: Counter[tuple[UUID | None, int]] = Counter()
    places = read_population(scene).places
    for place in places:
        valid = asked.decide(place.person, begun=True).state in VALID
        counts[place.office, COMPLETED if valid else NOT_YET] += 1
    return counts, frozenset(place.person for place in places)


def _by_office(
    offices: Offices, counts: Counter[tuple[UUID | None, int]], step: int
) -> tuple[Shown, list[OfficeRow]]:
    """The rows of the tree, the whole first. Offices without learners have none."""
    leaves: dict[str, tuple[int, int]] = {}
    parents: dict[str, str] = {}
    manned = {office for office, _ in counts if office is not None}
    around: dict[UUID, UUID] = {}
    for office in manned:
        chain = offices.above(office)
        around.update(pairwise(chain))
    holding = set(around.values())
    for office in manned:
        leaf = f"{AT_ITSELF}{office}" if office in holding else str(office)
        leaves[leaf] = counts[office, COMPLETED], counts[office, NOT_YET]
        if office in holding:
            parents[leaf] = str(office)
    if any(office is None for office, _ in counts):
        leaves[NOWHERE] = counts[None, COMPLETED], counts[None, NOT_YET]
    parents.update({str(office): str(above) for office, above in around.items()})
    grid = grid_of(leaves, parents)
    shown = stepped(grid, minimum=step)
    return shown, list(_office_rows(offices, shown, set(grid.groups)))


def _office_rows(offices: Offices, shown: Shown, known: set[str]) -> Iterator[OfficeRow]:
    def row(key: str, name: str, depth: int, *, itself: bool = False) -> OfficeRow:
        return OfficeRow(
            name, depth, shown[key, LEARNERS], shown[key, COMPLETED], shown[key, NOT_YET], itself
        )

    yield row(ALL, "", -1)
    for office, depth in offices.in_order():
        name = offices.names[office]
        if str(office) in known:
            yield row(str(office), name, depth)
        if f"{AT_ITSELF}{office}" in known:
            yield row(f"{AT_ITSELF}{office}", name, depth + 1, itself=True)
    if NOWHERE in known:
        yield row(NOWHERE, "", 0)


def _by_module(funnel: Funnel, learners: int | None, step: int) -> Iterator[ModuleRow]:
    for one in funnel.modules:
        number = told(one.completed, funnel.people, minimum=step)
        yield ModuleRow(one.module, learners, None if learners is None else number)


# --- what was learned -----------------------------------------------------------------------------


def _tests(results: Results, step: int) -> Iterable[TestRow]:
    """Before and after, of those who took both with enough answers."""
    gain = results.gain
    if gain.before is None or gain.after is None:
        return [TestRow("before"), TestRow("after")]
    people = gain.taken.pairs // step * step
    provisional = gain.gate == "provisional"
    return [
        TestRow(place, people, *_rates(counts), says=gain.says, provisional=provisional)
        for place, counts in (("before", gain.before), ("after", gain.after))
    ]


def _later(one: Later, step: int) -> TestRow:
    if one.percent is None or one.then is None or one.now is None:
        return TestRow(str(one.days))
    people = one.percent["n"] // step * step
    rates = (*_rates(one.now), *_rates(one.then))
    return TestRow(str(one.days), people, *rates, one.says, one.gate == "provisional")


def _rates(counts: Counts) -> tuple[int | None, int | None]:
    """Signs spotted and false alarms of 100. Without cases of both kinds neither is told."""
    if not counts.n_signal or not counts.n_noise:
        return None, None
    return (
        near(PERCENT * counts.hits / counts.n_signal),
        near(PERCENT * counts.false_alarms / counts.n_noise),
    )


def _change(results: Results) -> Change:
    percent = results.gain.percent
    if percent is None or percent["mean_gain"] is None or percent["gain_ci95"] is None:
        return Change(results.gain.says)
    low, high = percent["gain_ci95"]
    return Change(
        results.gain.says, signed_near(percent["mean_gain"]), signed_near(low), signed_near(high)
    )


__all__ = ["Change", "Donor", "ModuleRow", "OfficeRow", "TestRow", "quarters_at", "read_donor"]
