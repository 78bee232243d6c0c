"""The course as one person sees it: every module and lesson with how far they are. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from modules.outline import Outline, OutlineLesson, OutlineModule


class State(StrEnum):
    """How far somebody is with a lesson or a module."""

    NOT_STARTED = "not_started"
    STARTED = "started"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class MapLesson:
    """A lesson with its state, and the date on which it was finished."""

    lesson: OutlineLesson
    state: State
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class MapModule:
    """A module with its state and its lessons."""

    module: OutlineModule
    state: State
    lessons: tuple[MapLesson, ...]

    @property
    def done(self) -> int:
        """How many of its lessons are finished."""
        return sum(lesson.state == State.DONE for lesson in self.lessons)

    @property
    def total(self) -> int:
        """How many lessons it has."""
        return len(self.lessons)


def map_course(
    outline: Outline, done: Mapping[UUID, datetime], started: Collection[UUID]
) -> list[MapModule]:
    """Every module of the outline. `done` and `started` hold lesson ids."""
    return [map_module(module, done, started) for module in outline.modules]


def map_module(
    module: OutlineModule, done: Mapping[UUID, datetime], started: Collection[UUID]
) -> MapModule:
    """One module: done when every lesson is, started when any was opened."""
    lessons = tuple(
        MapLesson(lesson, state_of(lesson.id, done, started), done.get(lesson.id))
        for lesson in module.lessons
    )
    states = {lesson.state for lesson in lessons}
    if states == {State.DONE}:
        return MapModule(module, State.DONE, lessons)
    state = State.NOT_STARTED if states <= {State.NOT_STARTED} else State.STARTED
    return MapModule(module, state, lessons)


def state_of(lesson_id: UUID, done: Collection[UUID], started: Collection[UUID]) -> State:
    """The state of one lesson."""
    if lesson_id in done:
        return State.DONE
    return State.STARTED if lesson_id in started else State.NOT_STARTED
