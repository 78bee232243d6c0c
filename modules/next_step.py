"""What a learner should do next, and why: one answer, never a list. Pure."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
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
    PRE_TEST = "pre_test"  # before the first lesson: where do I start from?
    RESUME_QUIZ = "resume_quiz"  # a quiz was left in the middle
    MODULE_QUIZ = "module_quiz"  # every lesson of its module is finished
    FINAL = "final"  # every module and its quiz are finished
    ASKED = "asked"  # a trainer asked for it
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
    kind: str = "lesson"
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class MyQuiz:
    """A quiz of this person: what it is, whether it was handed in, and the attempt that is open.

    `module` is the key of its module, or "". `touched_at` is when the open attempt began.
    """

    key: str
    quiz_kind: str
    module: str
    minutes: int
    titles: Mapping[str, str]
    summaries: Mapping[str, str]
    taken: bool
    attempt_id: UUID | None = None
    touched_at: datetime | None = None
    asked_as: str = ""  # the name under which it is assigned
    can_begin: bool = True


@dataclass(frozen=True, slots=True)
class NextQuiz:
    """The next thing is a quiz: begin it, or go on with the attempt that is open."""

    quiz: MyQuiz
    minutes: int
    why: Why
    kind: str = "quiz"
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """Something a trainer asked for that can be done now and is not done.

    `kind` is "course", "module" or "quiz". `is_near`: due soon, or past its date.
    """

    kind: str
    key: str
    due_at: datetime | None = None
    is_near: bool = False


def choose_next(
    outline: Outline,
    done: Collection[UUID],
    places: Mapping[UUID, Place],
    quizzes: Sequence[MyQuiz] = (),
    asked: Sequence[Asked] = (),
) -> NextStep | NextQuiz | None:
    """The one next thing, or None when nothing is published.

    `done` holds the ids of finished lessons, `places` the places by lesson id; `asked` comes in
    order, the soonest due first. What is due near wins; then what was touched last and left in the
    middle; then a look at the start before any lesson; then what is asked without hurry; then the
    first unfinished lesson, or quiz of a finished module, in the order of the course; then the
    final.
    """
    lessons = list(outline.lessons())
    if not lessons:
        return None
    at = _Standing(outline, done, places, quizzes)
    return (
        _of_asked(at, [one for one in asked if one.is_near])
        or _begun(at)
        or _of_asked(at, asked)
        or _first_open(outline, done, quizzes)
        or _step(outline, lessons[0], 1, Why.LOOK_BACK)
    )


@dataclass(frozen=True, slots=True)
class _Standing:
    """Everything that is known of one person, for short."""

    outline: Outline
    done: Collection[UUID]
    places: Mapping[UUID, Place]
    quizzes: Sequence[MyQuiz]


def _begun(at: _Standing) -> NextStep | NextQuiz | None:
    """What was left in the middle, or the look before the first lesson."""
    lessons = list(at.outline.lessons())
    if left := _left_in_the_middle(at.outline, lessons, at.done, at.places, at.quizzes):
        return left
    first = None if at.done else _untaken(at.quizzes, "pre-test")
    return NextQuiz(first, first.minutes, Why.PRE_TEST) if first else None


def _of_asked(at: _Standing, asked: Sequence[Asked]) -> NextStep | NextQuiz | None:
    """The next step in the first of the asked things that has one, with its date."""
    for one in asked:
        if one.kind == "course":
            step = _begun(at) or _first_open(at.outline, at.done, at.quizzes)
        elif one.kind == "module":
            step = _in_module(at, one.key)
        else:
            step = _asked_quiz(at.quizzes, one.key)
        if step is not None:
            return replace(step, due_at=one.due_at)
    return None


def _in_module(at: _Standing, key: str) -> NextStep | NextQuiz | None:
    """What comes next in one module: its lessons, then its quiz, also again."""
    module = at.outline.module(key)
    if module is None:
        return None
    mine = [quiz for quiz in at.quizzes if quiz.module == key]
    if left := _left_in_the_middle(at.outline, module.lessons, at.done, at.places, mine):
        return left
    open_lessons = [lesson for lesson in module.lessons if lesson.id not in at.done]
    if open_lessons:
        return _step(at.outline, open_lessons[0], 1, Why.ASKED)
    quiz = next((quiz for quiz in mine if quiz.can_begin), None)
    return NextQuiz(quiz, quiz.minutes, Why.MODULE_QUIZ) if quiz else None


def _asked_quiz(quizzes: Sequence[MyQuiz], key: str) -> NextQuiz | None:
    same = [quiz for quiz in quizzes if quiz.asked_as == key]
    for quiz in same:
        if quiz.attempt_id is not None:
            return NextQuiz(quiz, quiz.minutes, Why.RESUME_QUIZ)
    mine = next((one for one in same if one.can_begin), None)
    return NextQuiz(mine, mine.minutes, Why.ASKED) if mine else None


def _first_open(
    outline: Outline, done: Collection[UUID], quizzes: Sequence[MyQuiz]
) -> NextStep | NextQuiz | None:
    """The first lesson or quiz of the course that is not behind this person."""
    for module in outline.modules:
        open_lessons = [lesson for lesson in module.lessons if lesson.id not in done]
        if open_lessons:
            return _step(outline, open_lessons[0], 1, _why(module, done))
        if quiz := _untaken(quizzes, "module", module.key):
            return NextQuiz(quiz, quiz.minutes, Why.MODULE_QUIZ)
    final = _untaken(quizzes, "final")
    return NextQuiz(final, final.minutes, Why.FINAL) if final else None


def _left_in_the_middle(
    outline: Outline,
    lessons: Sequence[OutlineLesson],
    done: Collection[UUID],
    places: Mapping[UUID, Place],
    quizzes: Sequence[MyQuiz],
) -> NextStep | NextQuiz | None:
    begun = [one for one in lessons if one.id not in done and one.id in places]
    opened = [(one.touched_at, one) for one in quizzes if one.touched_at is not None]
    lesson = max(
        begun, key=lambda one: (places[one.id].moved_at, -lessons.index(one)), default=None
    )
    if opened:
        touched_at, quiz = max(opened, key=lambda pair: pair[0])
        if lesson is None or places[lesson.id].moved_at <= touched_at:
            return NextQuiz(quiz, quiz.minutes, Why.RESUME_QUIZ)
    return _step(outline, lesson, places[lesson.id].step, Why.RESUME) if lesson else None


def _untaken(quizzes: Sequence[MyQuiz], kind: str, module: str = "") -> MyQuiz | None:
    fitting = (one for one in quizzes if one.quiz_kind == kind and one.module == module)
    return next((one for one in fitting if not one.taken), None)


def _why(module: OutlineModule, done: Collection[UUID]) -> Why:
    if not done:
        return Why.BEGIN
    fresh = all(one.id not in done for one in module.lessons)
    return Why.NEXT_MODULE if fresh else Why.NEXT_LESSON


def _step(outline: Outline, lesson: OutlineLesson, step: int, why: Why) -> NextStep:
    module = outline.module(lesson.module_key)
    if module is None:  # an outline always holds the modules of its lessons
        raise ValueError(f"{lesson.module_key} is not in the outline")
    return NextStep(module, lesson, min(step, lesson.steps), minutes_left(lesson, step), why)


def minutes_left(lesson: OutlineLesson, step: int) -> int:
    """Minutes from this step to the end, at least 1: steps are about equally long."""
    steps_left = lesson.steps - min(step, lesson.steps) + 1
    return max(1, math.ceil(lesson.minutes * steps_left / lesson.steps))
