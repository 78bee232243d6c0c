"""Does it work? What a group of people learned, in numbers that name nobody.

One read for the page and for every file: completion over time, how far people get, the map of
tactics, before and after, and what stayed. Each person counts as they were on the day of the
report (`reports.population`); the number of queries does not depend on how many there are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any, Final
from uuid import UUID

from django.db.models import Sum

from course.framework.loading import published_framework
from course.models.base import Viewer
from modules.learning import Model, Place, StageFold, fold_map, hides_rest
from modules.models import LessonPlace
from modules.outline import Outline, OutlineModule
from modules.reports.apart import gives_away
from modules.reports.asking import Question
from modules.reports.completion import Rate, rate_of
from modules.reports.facts import (
    Rounds,
    Shown,
    read_begun,
    read_course,
    read_modules,
    read_rounds,
)
from modules.reports.learning_time import OverTime, read_over_time
from modules.reports.population import Reason, Scene, named, read_population
from modules.reports.quick import as_id, raw
from modules.reports.sittings import (
    BEFORE,
    IN_ONE_FETCH,
    SUMS,
    Results,
    asked,
    read_results,
    sample_of,
    sums_of,
)
from modules.reports.states import VALID
from quizzes.measures import limits
from quizzes.models import Attempt, Evidence, Tally
from quizzes.reading import model_of
from quizzes.schema import SCHEDULED
from quizzes.summary import Counts

LATELY: Final = timedelta(days=limits.FSRS_MAX_INTERVAL_DAYS)
FILTERED: Final = (
    Reason.OTHER_OFFICE,
    Reason.HAS_OFFICE,
    Reason.OTHER_COHORT,
    Reason.HAS_COHORT,
    Reason.OTHER_ROUND,
)


@dataclass(frozen=True, slots=True)
class ModuleReach:
    """How far people got with one module."""

    module: OutlineModule
    started: int
    completed: int
    rate: Rate


@dataclass(frozen=True, slots=True)
class Funnel:
    """The five numbers of measurement design 11. The last three are None for a single module.

    `finished`: every module. `passed`: the course, and it still counts. `refreshed`: handed in a
    refresher or a check-up in the last 120 days; not part of those who passed.
    """

    people: int
    started: int
    completed: int  # what is asked about: the course or the module
    finished: int | None
    refreshed: int | None
    modules: tuple[ModuleReach, ...]


@dataclass(frozen=True, slots=True)
class Learning:
    """Everything on the page. `too_few`: a filter leaves out so few that skill is not shown."""

    question: Question
    at: datetime
    people: int
    left_out: Mapping[Reason, int]
    over_time: OverTime
    funnel: Funnel
    asked: int  # people whose answers were read: all, or a sample
    stages: tuple[StageFold, ...]
    results: Results
    gives_away: bool  # whether these numbers beside those of others would tell of a few people

    @property
    def remainder(self) -> int:
        """How many within reach the filters leave out."""
        return sum(self.left_out.get(reason, 0) for reason in FILTERED)

    @property
    def too_few_left(self) -> bool:
        """Whether the rest of the people within reach could be told by subtraction."""
        return hides_rest(self.remainder)


def read_learning(outline: Outline, viewer: Viewer, question: Question, at: datetime) -> Learning:
    """A constant number of queries; nobody's answers are held longer than it takes to add them."""
    question = question.population  # the page says nothing of states
    scene = Scene(outline, viewer, question, at)
    population = read_population(scene)
    people = frozenset(place.person for place in population.places)
    drawn, model = sample_of(people), model_of(published_framework())
    return Learning(
        question=question,
        at=at,
        people=len(people),
        left_out={reason: n for reason in Reason if (n := population.left_out.get(reason, 0))},
        over_time=read_over_time(scene),
        funnel=read_funnel(scene, people),
        asked=len(drawn),
        stages=read_map(scene, drawn, model),
        results=read_results(scene, drawn, [stage for stage, _tactics in model]),
        gives_away=gives_away(scene, people),
    )


# --- how far people get ---------------------------------------------------------------------------


def read_funnel(scene: Scene, people: AbstractSet[UUID]) -> Funnel:
    """How many of these people started, finished, passed and practised lately."""
    who, module = scene.who(), scene.question.module
    rounds = read_rounds(scene, who)
    course = read_course(scene, who)
    held = read_modules(scene, course, who, key=module)
    asked = Shown(rounds, held.get(module, {}) if module else course, scene.at, _only(scene))
    completed = _completed(asked, people)
    finished = None if module else _finished(scene, rounds, held, people) | completed
    begun = (read_begun(scene, who) & people) | completed | (finished or set())
    return Funnel(
        people=len(people),
        started=len(begun),
        completed=len(completed),
        finished=None if finished is None else len(finished),
        refreshed=None if module else len(_practised(scene, who) & people),
        modules=tuple(_reaches(scene, rounds, held, people)),
    )


def _only(scene: Scene) -> int | None:
    return scene.question.number


def _completed(shown: Shown, people: AbstractSet[UUID]) -> set[UUID]:
    """Which of these people had completed. Whoever holds nothing has not, so is not asked."""
    return {
        person
        for person in shown.held
        if person in people and shown.decide(person, begun=True).state in VALID
    }


def _finished(
    scene: Scene, rounds: Rounds, held: Mapping[str, Mapping[UUID, Any]], people: AbstractSet[UUID]
) -> set[UUID]:
    """Who finished every module of today's course in their round."""
    found: set[UUID] | None = None
    for module in scene.outline.modules:
        mine = held.get(module.key, {})
        left = mine.keys() & people if found is None else found
        found = {one for one in left if (_only(scene) or rounds.number(one)) in mine.get(one, ())}
    return found or set()


def _practised(scene: Scene, who: Any) -> set[UUID]:
    """Who handed in a refresher or a check-up lately: one query."""
    rows = Attempt.objects.in_organization(scene.organization).filter(
        quiz__kind__in=SCHEDULED,
        submitted_at__gt=scene.at - LATELY,
        submitted_at__lte=scene.at,
    )
    return set(named(rows, who).order_by().values_list("membership_id", flat=True).distinct())


def _reaches(
    scene: Scene, rounds: Rounds, held: Mapping[str, Mapping[UUID, Any]], people: AbstractSet[UUID]
) -> Iterator[ModuleReach]:
    """Module by module, in the order of the course: two queries."""
    begun: dict[str, set[UUID]] = defaultdict(set)
    who = scene.who()
    places = LessonPlace.objects.in_organization(scene.organization)
    places = named(places.filter(started_at__lte=scene.at), who).order_by()
    attempts = Attempt.objects.in_organization(scene.organization)
    attempts = named(attempts.filter(started_at__lte=scene.at), who).order_by()
    for rows, key in ((places, "lesson__module__key"), (attempts, "quiz__module")):
        for module, person in rows.values_list(key, raw("membership_id")).distinct():
            begun[module or ""].add(as_id(person))
    for one in scene.outline.modules:
        if scene.question.module not in {"", one.key}:
            continue
        shown = Shown(rounds, held.get(one.key, {}), scene.at, _only(scene))
        completed = _completed(shown, people)
        started = len((begun[one.key] & people) | completed)
        rate = rate_of(len(completed), len(people))
        yield ModuleReach(one, started, len(completed), rate)


# --- the map --------------------------------------------------------------------------------------


def read_map(scene: Scene, people: AbstractSet[UUID], model: Model) -> tuple[StageFold, ...]:
    """How many of these people are solid in which tactic: one query, or two for a sample."""
    return tuple(fold_map(_sums(scene, people), model))


def _sums(scene: Scene, people: AbstractSet[UUID]) -> Iterator[dict[Place, Counts]]:
    """Person by person, the sums of their trials after the first look.

    For today from the sums that are kept; for a past day from the facts by then. Both are the same
    numbers (a test holds them together), but the first is several times less to read.
    """
    read = _kept if scene.question.as_of is None else _by_then
    for who, group in asked(scene, people):
        stream = read(scene, who).iterator(IN_ONE_FETCH)
        for person, rows in groupby(stream, key=itemgetter(0)):
            if person in group:
                yield {(stage, tactic): Counts(*sums) for _person, stage, tactic, *sums in rows}


_PLACE: Final = ("membership_id", "stage", "tactic")


def _kept(scene: Scene, who: Any) -> Any:
    rows = Tally.objects.in_organization(scene.organization).exclude(mode=BEFORE)
    grouped = named(rows, who).order_by("membership_id").values_list(*_PLACE)
    columns = ("n_signal", "hits", "n_noise", "false_alarms")
    return grouped.annotate(**{f"{name}_": Sum(name) for name in columns})


def _by_then(scene: Scene, who: Any) -> Any:
    rows = Evidence.objects.in_organization(scene.organization).exclude(mode=BEFORE)
    counted = sums_of(scene, named(rows.filter(at__lte=scene.at), who))
    return counted.order_by("membership_id").values_list(*_PLACE).annotate(**SUMS)


__all__ = [
    "Funnel",
    "Learning",
    "ModuleReach",
    "read_funnel",
    "read_learning",
    "read_map",
]
