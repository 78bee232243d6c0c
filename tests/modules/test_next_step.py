"""What is next: one answer with its reason. And the map of how far somebody is. Pure."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.course_map import State, map_course
from modules.next_step import (
    Asked,
    MyQuiz,
    NextQuiz,
    NextStep,
    Place,
    Why,
    choose_next,
    minutes_left,
)
from modules.outline import Outline, OutlineLesson, OutlineModule

AT = datetime(2026, 11, 24, 9, tzinfo=UTC)


def lesson(module: str, number: int, *, minutes: int = 8, steps: int = 4) -> OutlineLesson:
    text = {"en": f"{module} {number}"}
    return OutlineLesson(uuid4(), uuid4(), module, f"l{number}", number, minutes, steps, text, text)


def module(key: str, number: int, lessons: int) -> OutlineModule:
    text = {"en": key}
    made = tuple(lesson(key, one) for one in range(1, lessons + 1))
    return OutlineModule(uuid4(), key, number, "", text, text, {"en": ()}, made)


OUTLINE = Outline((module("a", 1, 2), module("b", 2, 2)))
A1, A2, B1, B2 = OUTLINE.lessons()


def ids(*lessons: OutlineLesson) -> dict[UUID, datetime]:
    return {one.id: AT for one in lessons}


def test_a_newcomer_begins_at_the_beginning() -> None:
    step = choose_next(OUTLINE, {}, {})
    assert step is not None
    assert (step.lesson, step.step, step.minutes, step.why) == (A1, 1, 8, Why.BEGIN)


def test_a_lesson_left_in_the_middle_comes_first_even_when_earlier_ones_are_open() -> None:
    step = choose_next(OUTLINE, {}, {B1.id: Place(3, AT)})
    assert step is not None
    assert (step.lesson, step.step, step.why) == (B1, 3, Why.RESUME)
    assert step.minutes == 4  # two of four steps are left, of eight minutes


def test_of_two_lessons_left_in_the_middle_the_last_touched_wins() -> None:
    places = {A1.id: Place(2, AT), B1.id: Place(2, AT - timedelta(days=1))}
    step = choose_next(OUTLINE, {}, places)
    assert step is not None
    assert step.lesson == A1


@pytest.mark.parametrize(
    ("done", "expected", "why"),
    [((A1,), A2, Why.NEXT_LESSON), ((A1, A2), B1, Why.NEXT_MODULE), ((B1,), A1, Why.NEXT_MODULE)],
)
def test_then_the_first_open_lesson_of_the_course(
    done: tuple[OutlineLesson, ...], expected: OutlineLesson, why: Why
) -> None:
    places = {one.id: Place(4, AT) for one in done}
    step = choose_next(OUTLINE, ids(*done), places)
    assert step is not None
    assert (step.lesson, step.step, step.why) == (expected, 1, why)


def test_when_everything_is_done_one_may_look_back() -> None:
    step = choose_next(OUTLINE, ids(A1, A2, B1, B2), {A1.id: Place(4, AT)})
    assert step is not None
    assert (step.lesson, step.step, step.why) == (A1, 1, Why.LOOK_BACK)


def test_nothing_published_is_no_next_step() -> None:
    assert choose_next(Outline(()), {}, {}) is None


def test_a_place_beyond_the_end_of_a_shortened_lesson_is_its_last_step() -> None:
    step = choose_next(OUTLINE, {}, {A1.id: Place(9, AT)})
    assert step is not None
    assert (step.step, step.minutes) == (4, 2)


@given(minutes=st.integers(5, 10), steps=st.integers(1, 8), step=st.integers(1, 12))
def test_minutes_left_never_grow_and_never_reach_zero(minutes: int, steps: int, step: int) -> None:
    one = lesson("x", 1, minutes=minutes, steps=steps)
    assert 1 <= minutes_left(one, step) <= minutes
    assert minutes_left(one, step + 1) <= minutes_left(one, step)
    assert minutes_left(one, 1) == minutes


def test_the_map_knows_untouched_started_and_finished() -> None:
    first, second = map_course(OUTLINE, ids(A1, A2), [A1.id, A2.id, B2.id])
    assert (first.state, first.done, first.total) == (State.DONE, 2, 2)
    assert (second.state, second.done) == (State.STARTED, 0)
    assert [one.state for one in second.lessons] == [State.NOT_STARTED, State.STARTED]
    untouched, _rest = map_course(OUTLINE, {}, [])
    assert untouched.state == State.NOT_STARTED
    half = map_course(OUTLINE, ids(A1), [A1.id])[0]
    assert half.state == State.STARTED
    assert half.lessons[0].finished_at == AT


def test_the_outline_finds_and_follows() -> None:
    assert OUTLINE.lesson("a", "l2") == A2
    assert OUTLINE.lesson("a", "l9") is None
    assert OUTLINE.module("c") is None
    assert OUTLINE.after(A2) == B1
    assert OUTLINE.after(B2) is None


# --- what is asked --------------------------------------------------------------------------------


def my_quiz(key: str, kind: str = "module", **more: Any) -> MyQuiz:
    text = {"en": key}
    fields: dict[str, Any] = {"module": "", "taken": False, "asked_as": key, **more}
    return MyQuiz(key, kind, minutes=5, titles=text, summaries=text, **fields)


FAR = AT + timedelta(days=30)
MODULE_B = Asked("module", "b", FAR)
NEAR_B = Asked("module", "b", AT, is_near=True)
PRE = my_quiz("pre-a", "pre-test", asked_as="pre-test")


def test_what_is_due_near_comes_before_what_was_left_in_the_middle() -> None:
    places = {A1.id: Place(3, AT)}
    step = choose_next(OUTLINE, {}, places, [PRE], [NEAR_B])
    assert step is not None
    assert (step.lesson, step.why, step.due_at) == (B1, Why.ASKED, AT)
    later = choose_next(OUTLINE, {}, places, [PRE], [MODULE_B])
    assert later is not None
    assert (later.lesson, later.why, later.due_at) == (A1, Why.RESUME, None)


def test_without_hurry_the_look_before_comes_first_and_then_what_is_asked() -> None:
    first = choose_next(OUTLINE, {}, {}, [PRE], [MODULE_B])
    assert isinstance(first, NextQuiz)
    assert first.why == Why.PRE_TEST
    then = choose_next(OUTLINE, ids(A1), {}, [PRE], [MODULE_B])
    assert isinstance(then, NextStep)
    assert (then.lesson, then.why, then.due_at) == (B1, Why.ASKED, FAR)


def test_an_asked_module_goes_on_where_it_was_left_and_ends_with_its_quiz() -> None:
    left = choose_next(OUTLINE, ids(B1), {B2.id: Place(2, AT)}, [], [NEAR_B])
    assert isinstance(left, NextStep)
    assert (left.lesson, left.step, left.why, left.due_at) == (B2, 2, Why.RESUME, AT)
    quiz = my_quiz("module-b", module="b", taken=True)  # taken, and the module is still not done
    step = choose_next(OUTLINE, ids(B1, B2), {}, [quiz], [NEAR_B])
    assert isinstance(step, NextQuiz)
    assert (step.quiz, step.why) == (quiz, Why.MODULE_QUIZ)
    waiting = replace(quiz, can_begin=False)
    step = choose_next(OUTLINE, ids(B1, B2), {}, [waiting], [NEAR_B])
    assert isinstance(step, NextStep)
    assert step.lesson == A1


def test_an_asked_test_opens_the_form_that_is_mine() -> None:
    taken = my_quiz("final-a", "final", asked_as="final", can_begin=False, taken=True)
    mine = my_quiz("final-b", "final", asked_as="final", taken=True)
    asked = [Asked("quiz", "gone"), Asked("quiz", "final", AT, is_near=True)]
    step = choose_next(OUTLINE, {}, {}, [taken, mine], asked)
    assert isinstance(step, NextQuiz)
    assert (step.quiz, step.why, step.due_at) == (mine, Why.ASKED, AT)
    begun = replace(taken, attempt_id=uuid4(), touched_at=AT)
    step = choose_next(OUTLINE, {}, {}, [begun, mine], asked)
    assert isinstance(step, NextQuiz)
    assert (step.quiz, step.why) == (begun, Why.RESUME_QUIZ)


def test_the_asked_course_is_the_usual_way_with_a_date() -> None:
    step = choose_next(OUTLINE, ids(A1), {}, [], [Asked("course", "", FAR)])
    assert isinstance(step, NextStep)
    assert (step.lesson, step.why, step.due_at) == (A2, Why.NEXT_LESSON, FAR)
