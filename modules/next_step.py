"""What a learner should do next, and why: one answer, never a list. Pure."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from modules.outline import Outline, OutlineLesson, OutlineModule


class Why(StrEnum):
    """The reason, put into words by the page."""

    BEGIN = "begin"  # nothing was ever opened
    RESUME = "resume"  # a lesson was left in the middle
    NEXT_LESSON = "next_lesson"  # the module goes on
    NEXT_MODULE = "next_module"  # the module before is finished
    LOOK_BACK = "look_back"  # everything is finished


@dataclass(frozen=True, slots=True)
class Place:
    """Where a person stands in a lesson: the step, from 1, and since when."""

    step: int
    moved_at: datetime


@dataclass(frozen=True, slots=True)
class NextStep:
    """The next thing: its lesson, the step to open, the minutes it still takes, and the reason."""

    module: OutlineModule
    lesson: OutlineLesson
    step: int
    minutes: int
    why: Why


def choose_next(
    outline: Outline, done: Collection[UUID], places: Mapping[UUID, Place]
) -> NextStep | None:
    """The one next thing, or None when nothing is published.

    `done` holds the ids of finished lessons, `places` the places by lesson id. An unfinished lesson
    that was touched last wins; else the first unfinished lesson in the order of the course.
    """
    lessons = list(outline.lessons())
    if not lessons:
        return None
    open_lessons = [lesson for lesson in lessons if lesson.id not in done]
    begun = [lesson for lesson in open_lessons if lesson.id in places]
    if begun:
        lesson = max(begun, key=lambda one: (places[one.id].moved_at, -lessons.index(one)))
        return _step(outline, lesson, places[lesson.id].step, Why.RESUME)
    if not open_lessons:
        return _step(outline, lessons[0], 1, Why.LOOK_BACK)
    lesson = open_lessons[0]
    if not done:
        return _step(outline, lesson, 1, Why.BEGIN)
    module = outline.module(lesson.module_key)
    fresh = module is not None and all(one.id not in done for one in module.lessons)
    return _step(outline, lesson, 1, Why.NEXT_MODULE if fresh else Why.NEXT_LESSON)


def _step(outline: Outline, lesson: OutlineLesson, step: int, why: Why) -> NextStep:
    module = outline.module(lesson.module_key)
    if module is None:  # an outline always holds the modules of its lessons
        raise ValueError(f"{lesson.module_key} is not in the outline")
    return NextStep(module, lesson, min(step, lesson.steps), minutes_left(lesson, step), why)


def minutes_left(lesson: OutlineLesson, step: int) -> int:
    """Minutes from this step to the end, at least 1: steps are about equally long."""
    steps_left = lesson.steps - min(step, lesson.steps) + 1
    return max(1, math.ceil(lesson.minutes * steps_left / lesson.steps))
