"""The results of a cohort: people by name, against modules and tests, in counts and never ranked.

The page and the file come from the same rows. What somebody answered, and how sure they were, is
not here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import F, Value
from django.db.models.functions import Coalesce, Lower, NullIf

from course.models import Cohort, Membership
from course.models.base import Viewer
from modules.outline import Outline, OutlineModule
from modules.reports.queries import Cell, learners_for, person_rows
from quizzes.models import Attempt
from quizzes.policy import assigned_as
from quizzes.published import current_bank, ever_published
from quizzes.reading import counts_by_attempt
from quizzes.summary import Counts

IN_ONE_READING: Final = 200  # people whose results are read at once for the file


@dataclass(frozen=True, slots=True)
class Column:
    """A test, or a module with its quiz. `module` is None for a test; `quiz` is "" for none."""

    titles: Mapping[str, str]
    module: OutlineModule | None
    quiz: str


@dataclass(frozen=True, slots=True)
class Taken:
    """How one person did in one quiz: attempts handed in, the last one, and the best one.

    The best has the largest share of signs found, less the share of ordinary things flagged.
    """

    attempts: int = 0
    is_open: bool = False
    last: Counts = Counts()  # noqa: RUF009 -- frozen
    best: Counts = Counts()  # noqa: RUF009 -- frozen
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Grade:
    """One person in one column."""

    lessons: Cell | None
    quiz: Taken | None


@dataclass(frozen=True, slots=True)
class GradeRow:
    """One person with a grade for each column, in its order."""

    person: Membership
    grades: tuple[Grade, ...]


def columns_of(outline: Outline) -> list[Column]:
    """The tests and modules in the order of the course; forms of one test are one column."""
    names: dict[str, dict[str, Any]] = defaultdict(dict)
    for one in current_bank().quizzes.values():
        quiz = one.quiz
        names[quiz.kind].setdefault(assigned_as(quiz), quiz)
    by_module = {quiz.module: name for name, quiz in names["module"].items()}
    return [
        *_tests(names["pre-test"]),
        *(
            Column(module.titles, module, by_module.get(module.key, ""))
            for module in outline.modules
        ),
        *_tests(names["final"]),
    ]


def _tests(quizzes: Mapping[str, Any]) -> Iterator[Column]:
    for name, quiz in quizzes.items():
        yield Column({str(tongue): text for tongue, text in quiz.title.items()}, None, name)


def people_by_name(viewer: Viewer, cohort: Cohort) -> Any:
    """The learners of the cohort, by the name that is shown."""
    shown = Coalesce(NullIf(F("user__display_name"), Value("")), F("user__username"))
    people = learners_for(viewer, cohort).select_related("user")
    return people.annotate(shown=Lower(shown)).order_by("shown", "id")


def grade_rows(
    outline: Outline, viewer: Viewer, columns: Sequence[Column], people: Sequence[Membership]
) -> list[GradeRow]:
    """A row for each of these people: four queries, whatever their number."""
    if not people:
        return []
    lessons = person_rows(outline, viewer, people)
    taken = _taken(people[0].organization_id, [one.id for one in people])
    places = {module.key: place for place, module in enumerate(outline.modules)}
    rows = []
    for row in lessons:
        grades = tuple(
            Grade(
                lessons=row.cells[places[column.module.key]] if column.module else None,
                quiz=taken.get((row.person.id, column.quiz), Taken()) if column.quiz else None,
            )
            for column in columns
        )
        rows.append(GradeRow(row.person, grades))
    return rows


def _taken(organization_id: UUID, ids: Sequence[UUID]) -> dict[tuple[UUID, str], Taken]:
    """(person, name of the quiz) -> how it went. Two queries."""
    names = {one.id: assigned_as(one.quiz) for one in ever_published().values()}
    rows = Attempt.objects.filter(organization_id=organization_id, membership_id__in=ids)
    columns = ("id", "membership_id", "quiz_id", "submitted_at")
    attempts = list(rows.order_by("started_at", "number").values_list(*columns))
    counts = counts_by_attempt(organization_id, [row[0] for row in attempts if row[3]])
    groups: dict[tuple[UUID, str], list[tuple[datetime | None, Counts]]] = defaultdict(list)
    for attempt, person, quiz, submitted_at in attempts:
        if quiz in names:
            groups[person, names[quiz]].append((submitted_at, counts.get(attempt, Counts())))
    return {key: _summed(group) for key, group in groups.items()}


def _summed(group: Sequence[tuple[datetime | None, Counts]]) -> Taken:
    ended = sorted(
        ((at, counts) for at, counts in group if at is not None), key=lambda pair: pair[0]
    )
    is_open = len(ended) < len(group)
    if not ended:
        return Taken(is_open=is_open)
    last_at, last = ended[-1]
    best = max(reversed(ended), key=lambda pair: _distance(pair[1]))[1]
    return Taken(len(ended), is_open, last, best, last_at)


def _distance(counts: Counts) -> float:
    """Share of signs found less share of ordinary things flagged; only to choose the best."""
    found = counts.hits / counts.n_signal if counts.n_signal else 0.0
    in_vain = counts.false_alarms / counts.n_noise if counts.n_noise else 0.0
    return found - in_vain


# --- the file -------------------------------------------------------------------------------------


def all_rows(
    outline: Outline, viewer: Viewer, columns: Sequence[Column], cohort: Cohort
) -> Iterator[GradeRow]:
    """Every person of the cohort, by name, a group at a time."""
    people = list(people_by_name(viewer, cohort))
    for start in range(0, len(people), IN_ONE_READING):
        yield from grade_rows(outline, viewer, columns, people[start : start + IN_ONE_READING])
