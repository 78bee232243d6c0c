"""Who has started and finished which module: typed rows, always within the viewer's reach."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Max

from course.models import Cohort, Membership
from course.models.base import Viewer
from course.roles import Role
from modules.course_map import State
from modules.models import LessonCompletion, LessonPlace
from modules.outline import Outline, OutlineModule


@dataclass(frozen=True, slots=True)
class ModuleTotal:
    """Of `people` learners: how many have not started, have started, have finished this module."""

    module: OutlineModule
    people: int
    not_started: int
    started: int
    finished: int


@dataclass(frozen=True, slots=True)
class Cell:
    """One person in one module: lessons done of all, and the date of the last one when finished."""

    state: State
    done: int
    total: int
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One learner with a cell for each module of the outline, in its order."""

    person: Membership
    cells: tuple[Cell, ...]


def learners_for(viewer: Viewer, cohort: Cohort | None = None) -> Any:
    """Active learners whom the viewer may see, of one cohort if given, in the order of the page."""
    people = Membership.objects.visible_to(viewer).active().filter(role=Role.LEARNER.value)
    if cohort is not None:
        people = people.filter(
            cohort_places__organization_id=cohort.organization_id,
            cohort_places__cohort_id=cohort.id,
        )
    return people


def module_totals(
    outline: Outline, viewer: Viewer, cohort: Cohort | None = None
) -> list[ModuleTotal]:
    """A row for each module: three queries, whatever the number of modules and people."""
    people = learners_for(viewer, cohort)
    number = people.count()
    finished = _finished_counts(outline, viewer, people)
    opened = dict(
        LessonPlace.objects.visible_to(viewer)
        .filter(lesson_id__in=_lesson_ids(outline), membership_id__in=people.values("id"))
        .values_list("lesson__module_id")
        .annotate(people=Count("membership_id", distinct=True))
        .order_by()
    )
    return [
        ModuleTotal(
            module=module,
            people=number,
            not_started=number - opened.get(module.id, 0),
            started=opened.get(module.id, 0) - finished[module.id],
            finished=finished[module.id],
        )
        for module in outline.modules
    ]


def _lesson_ids(outline: Outline) -> list[UUID]:
    return [lesson.id for lesson in outline.lessons()]


def _finished_counts(outline: Outline, viewer: Viewer, people: Any) -> Counter[UUID]:
    """Module id -> how many have finished every lesson that it has now. One query."""
    totals = {module.id: len(module.lessons) for module in outline.modules}
    rows = _completions(outline, viewer, people.values("id"))
    return Counter(module for _, module, lessons, _ in rows if lessons >= totals[module])


def _completions(outline: Outline, viewer: Viewer, ids: Any) -> Any:
    """(person, module, lessons finished, date of the last) of these people: one query."""
    rows = LessonCompletion.objects.visible_to(viewer).filter(
        lesson_id__in=_lesson_ids(outline), membership_id__in=ids
    )
    grouped = rows.values_list("membership_id", "lesson__module_id").order_by()
    return grouped.annotate(lessons=Count("lesson_id", distinct=True), last=Max("completed_at"))


def person_rows(outline: Outline, viewer: Viewer, people: Sequence[Membership]) -> list[PersonRow]:
    """A row for each of these people, whom the caller took from `learners_for`: two queries."""
    ids = [person.id for person in people]
    done = {
        (person, module): (lessons, last)
        for person, module, lessons, last in _completions(outline, viewer, ids)
    }
    opened = set(
        LessonPlace.objects.visible_to(viewer)
        .filter(lesson_id__in=_lesson_ids(outline), membership_id__in=ids)
        .values_list("membership_id", "lesson__module_id")
        .distinct()
    )
    return [
        PersonRow(
            person=person,
            cells=tuple(
                _cell(module, done.get((person.id, module.id)), (person.id, module.id) in opened)
                for module in outline.modules
            ),
        )
        for person in people
    ]


def _cell(module: OutlineModule, done: tuple[int, datetime] | None, opened: bool) -> Cell:  # noqa: FBT001 -- one caller
    lessons, last = done or (0, None)
    total = len(module.lessons)
    if total and lessons >= total:
        return Cell(State.DONE, lessons, total, last)
    return Cell(State.STARTED if opened or lessons else State.NOT_STARTED, lessons, total, None)
