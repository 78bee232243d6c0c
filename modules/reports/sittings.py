"""What a group's tests say: before and after, by stage, and what stayed. Read as one stream.

The rules of who is compared with what are those of the pages of a cohort (`reports.gain`,
`reports.retention`); here they hold for any group, as of any day, without holding the answers of
everybody at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from itertools import groupby
from operator import itemgetter
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, F, Q

from modules.coming_back import slot_at, slots_by
from modules.gain import Gain, Pair, Sitting, measure_gain
from modules.learning import Moves, Sides, StageMove
from modules.models import CheckUp, Completion
from modules.reports.completion import SLICE
from modules.reports.population import Scene, named
from modules.retention import CohortCurve, Person, cohort_curve
from quizzes.models import Amendment, Attempt, Evidence
from quizzes.published import ever_published
from quizzes.summary import Counts

BEFORE, AFTER, LATER = "pre-test", "final", "check-up"
CASE: Final = "verdict"  # check-ups hold short cases only, so only these are compared over time
IN_ONE_FETCH: Final = 2000
SAMPLE: Final = 500  # people whose answers are read at most
_SIGNAL, _NOISE, _FLAGGED = Q(marked_kind="signal"), Q(marked_kind="noise"), Q(flagged=True)
SUMS: Final[Mapping[str, Count]] = {
    "n_signal_": Count("id", filter=_SIGNAL),
    "hits_": Count("id", filter=_SIGNAL & _FLAGGED),
    "n_noise_": Count("id", filter=_NOISE),
    "false_alarms_": Count("id", filter=_NOISE & _FLAGGED),
}
FIRST_CYCLE: Final = 1


@dataclass(frozen=True, slots=True)
class Results:
    """Everything that the tests of a group say, each part behind its gate."""

    gain: Gain
    moves: tuple[StageMove, ...]
    curve: CohortCurve


@dataclass(slots=True)
class _Taken:
    """The attempts of one person that matter, by id; `ends`: when each was handed in."""

    before: UUID | None = None
    after: UUID | None = None  # the first final after the first look
    finals: list[tuple[datetime, UUID]] = field(default_factory=list)
    ends: dict[UUID, datetime] = field(default_factory=dict)
    quizzes: dict[UUID, UUID] = field(default_factory=dict)
    course: tuple[int, datetime] | None = None  # round and day of the newest completion
    check_ups: list[tuple[int, int, datetime, UUID]] = field(default_factory=list)


def read_results(scene: Scene, people: AbstractSet[UUID], stages: Sequence[str]) -> Results:
    """Four queries, whatever the number of people; four for each slice of a sample.

    `people`: those who are looked at, also without tests: the population, or a sample of it.
    """
    moves, pairs, curves = Moves(), list[Pair](), list[Person]()
    forms = {one.id: one.quiz.form or "" for one in ever_published().values()}
    for who, group in asked(scene, people):
        taken = _read_taken(scene, who, group)
        for person, cells in _cells(scene, who):
            if (mine := taken.pop(person, None)) is not None:
                counts = _Counted(cells)
                pairs.append(_pair(mine, counts, forms))
                moves.add(_sides(mine, counts, stages))
                curves.append(_person(mine, counts, scene.at))
        pairs += [_pair(one, _Counted({}), forms) for one in taken.values()]
        curves += [_person(one, _Counted({}), scene.at) for one in taken.values()]
    without = len(people) - len(pairs)
    pairs += [Pair()] * without
    curves += [Person(None, {}, frozenset())] * without
    return Results(
        measure_gain(pairs), tuple(moves.of(stage) for stage in stages), cohort_curve(curves)
    )


def sample_of(people: AbstractSet[UUID]) -> frozenset[UUID]:
    """At most `SAMPLE` of these people, drawn by lot: the same ones whenever one asks.

    A share of five hundred people lies within five of a hundred of that of all; reading the answers
    of ten thousand would keep whoever asks waiting for a minute.
    """
    if len(people) <= SAMPLE:
        return frozenset(people)
    drawn = sorted(people, key=lambda person: sha256(person.bytes).digest())
    return frozenset(drawn[:SAMPLE])


def asked(scene: Scene, people: AbstractSet[UUID]) -> Iterator[tuple[Any, AbstractSet[UUID]]]:
    """Whom to read at once: a whole population by its query, a sample by the ids."""
    if len(people) < SAMPLE:
        yield scene.who(), people
        return
    drawn = sorted(people)
    for start in range(0, len(drawn), SLICE):
        yield drawn[start : start + SLICE], frozenset(drawn[start : start + SLICE])


# --- reading --------------------------------------------------------------------------------------


def _read_taken(scene: Scene, who: Any, people: AbstractSet[UUID]) -> dict[UUID, _Taken]:
    """Person -> what they took: three queries."""
    found: dict[UUID, _Taken] = defaultdict(_Taken)
    attempts = Attempt.objects.in_organization(scene.organization).filter(
        quiz__kind__in=[BEFORE, AFTER, LATER], submitted_at__lte=scene.at
    )
    rows = named(attempts, who).order_by("submitted_at", "number")
    columns = ("membership_id", "id", "quiz_id", "quiz__kind", "submitted_at")
    for person, attempt, quiz, kind, end in rows.values_list(*columns).iterator(IN_ONE_FETCH):
        if person in people:
            _note(found[person], attempt, quiz, kind, end)
    facts = Completion.objects.in_organization(scene.organization)
    facts = named(facts.filter(scope="course", completed_at__lte=scene.at), who)
    for person, cycle, at in facts.order_by("cycle").values_list(
        "membership_id", "cycle", "completed_at"
    ):
        if person in people:
            found[person].course = (cycle, at)
    began = CheckUp.objects.in_organization(scene.organization).filter(begun_at__lte=scene.at)
    columns = ("membership_id", "cycle", "days", "base_at", "attempt_id")
    for person, *rest in named(began, who).order_by("begun_at").values_list(*columns):
        if person in people:
            found[person].check_ups.append((rest[0], rest[1], rest[2], rest[3]))
    return dict(found)


def _note(mine: _Taken, attempt: UUID, quiz: UUID, kind: str, end: datetime) -> None:
    mine.ends[attempt], mine.quizzes[attempt] = end, quiz
    if kind == BEFORE:
        # A look at the start that comes after the final is no look at the start.
        if mine.before is None and mine.after is None:
            mine.before = attempt
    elif kind == AFTER:
        mine.after = mine.after or attempt
        mine.finals.append((end, attempt))


Cell = tuple[UUID, str, bool]  # attempt, stage, whether a short case


def _cells(scene: Scene, who: Any) -> Iterator[tuple[UUID, dict[Cell, Counts]]]:
    """Person by person, their counted trials of the tests: one query, read as it comes."""
    rows = Evidence.objects.in_organization(scene.organization)
    tests = named(rows.filter(mode__in=[BEFORE, AFTER, LATER], at__lte=scene.at), who)
    columns = ("membership_id", "attempt_id", "stage", "item_version__thing__kind")
    grouped = sums_of(scene, tests).order_by("membership_id").values_list(*columns)
    stream = grouped.annotate(**SUMS).iterator(IN_ONE_FETCH)
    for person, group in groupby(stream, key=itemgetter(0)):
        yield (
            person,
            {
                (attempt, stage, item == CASE): Counts(*sums)
                for _person_id, attempt, stage, item, *sums in group
            },
        )


def sums_of(scene: Scene, rows: Any) -> Any:
    """Trials that count, as they are marked now, ready for `SUMS`.

    Where no key was ever corrected in the organisation, nothing has to be looked up row by row.
    """
    if Amendment.objects.in_organization(scene.organization).exists():
        return rows.counted_now()
    return rows.counted().annotate(marked_kind=F("kind"))


class _Counted:
    """The trials of one person, summed as asked."""

    def __init__(self, cells: Mapping[Cell, Counts]) -> None:
        self._cells = cells

    def of(
        self, attempt: UUID | None, *, stage: str | None = None, cases: bool = False
    ) -> Counts | None:
        """The sums of one attempt; None without any trial that counts."""
        found = [
            one
            for (key, where, is_case), one in self._cells.items()
            if key == attempt and stage in {None, where} and (is_case or not cases)
        ]
        if not found:
            return None
        return Counts(
            sum(one.n_signal for one in found),
            sum(one.hits for one in found),
            sum(one.n_noise for one in found),
            sum(one.false_alarms for one in found),
        )


# --- one person -----------------------------------------------------------------------------------


def _pair(mine: _Taken, counts: _Counted, forms: Mapping[UUID, str]) -> Pair:
    def sitting(attempt: UUID | None) -> Sitting | None:
        if attempt is None:
            return None
        form = forms.get(mine.quizzes[attempt], "")
        return Sitting(form, counts.of(attempt) or Counts())

    return Pair(sitting(mine.before), sitting(mine.after))


def _sides(mine: _Taken, counts: _Counted, stages: Iterable[str]) -> dict[str, Sides]:
    if mine.before is None or mine.after is None:
        return {}
    nothing = Counts()
    return {
        stage: (
            counts.of(mine.before, stage=stage) or nothing,
            counts.of(mine.after, stage=stage) or nothing,
        )
        for stage in stages
    }


def _person(mine: _Taken, counts: _Counted, at: datetime) -> Person:
    """The end of the course and what came later, as `since_course_many` finds them."""
    cycle, base = mine.course or (FIRST_CYCLE, max(mine.finals)[0] if mine.finals else None)
    ended = [(end, key) for end, key in mine.finals if base and end <= base]
    later: dict[int, Counts] = {}
    for number, days, begun_from, attempt in mine.check_ups:
        end = mine.ends.get(attempt)
        answered = counts.of(attempt, cases=True)
        if number == cycle and end is not None and answered is not None:
            later[slot_at(begun_from, end) or days] = answered
    return Person(
        after=counts.of(max(ended)[1], cases=True) if ended else None,
        later=later,
        due=slots_by(base, at) if base else frozenset(),
    )


__all__ = ["SUMS", "Results", "asked", "read_results", "sample_of", "sums_of"]
