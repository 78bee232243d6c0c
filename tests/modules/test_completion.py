"""The rules of completion, without a database: evidence in, outcome out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from modules.completion import (
    COURSE_RULE,
    MODULE_RULE,
    SHORT_RULE,
    CourseEvidence,
    FinalFact,
    LessonFact,
    ModuleEvidence,
    QuizFact,
    decide_course,
    decide_module,
)
from quizzes.summary import Counts

AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
GOOD = Counts(20, 19, 25, 2)
POOR_HITS = Counts(20, 7, 25, 2)
FLAGS_ALL = Counts(20, 20, 25, 20)


def module(
    *, done: int = 2, has_quiz: bool = True, quizzes: tuple[QuizFact, ...] = ()
) -> ModuleEvidence:
    lessons: dict[UUID, LessonFact | None] = {
        uuid4(): LessonFact(uuid4(), AT) if number < done else None for number in range(2)
    }
    return ModuleEvidence("m1", lessons, has_quiz, quizzes)


def taken(answered: int, questions: int = 4) -> QuizFact:
    return QuizFact(uuid4(), AT, questions, answered)


def final(*stages: Counts, errors: int = 0, at: datetime = AT) -> FinalFact:
    names = ("acquisition", "movement", "control")
    return FinalFact(uuid4(), at, dict(zip(names, stages, strict=True)), errors)


def course(*finals: FinalFact, done: int = 2, has_final: bool = True) -> CourseEvidence:
    modules = {f"m{number}": uuid4() if number < done else None for number in range(2)}
    return CourseEvidence(modules, has_final, finals)


@pytest.mark.parametrize(
    ("evidence", "missing"),
    [
        (module(quizzes=(taken(4),)), []),
        (module(quizzes=(taken(3),)), []),
        (module(has_quiz=False), []),
        (module(quizzes=(taken(0), taken(4))), []),
        (module(done=1, quizzes=(taken(4),)), [("lessons", {"done": 1, "total": 2})]),
        (module(), [("quiz", {})]),
        (module(quizzes=(taken(2),)), [("quiz_answers", {"answered": 2, "questions": 4})]),
        (module(quizzes=(taken(0, 0),)), [("quiz_answers", {"answered": 0, "questions": 0})]),
        (module(done=0), [("lessons", {"done": 0, "total": 2}), ("quiz", {})]),
        (ModuleEvidence("m1", {}, False), [("lessons", {"done": 0, "total": 0})]),
    ],
)
def test_a_module(evidence: ModuleEvidence, missing: list[tuple[str, dict[str, int]]]) -> None:
    outcome = decide_module(evidence)
    assert [(one.key, dict(one.params)) for one in outcome.missing] == missing
    assert outcome.complete == (missing == [])


@pytest.mark.parametrize(
    ("evidence", "missing"),
    [
        (course(final(GOOD, GOOD, GOOD)), []),
        (course(final(GOOD, GOOD, GOOD, errors=1)), []),
        (course(), ["final"]),
        (course(has_final=False), ["no_final"]),
        (course(final(GOOD, GOOD, GOOD), done=1), ["modules"]),
        (course(final(GOOD, GOOD, GOOD, errors=2)), ["final_critical_errors"]),
        (course(final(FLAGS_ALL, FLAGS_ALL, FLAGS_ALL)), ["final_false_alarms", "final_stage"] * 1),
        (course(final(GOOD, GOOD, Counts(11, 11, 25, 0))), ["final_insufficient"]),
        (course(final(GOOD, GOOD, Counts())), ["final_insufficient"]),
        (CourseEvidence({}, True, (final(GOOD, GOOD, GOOD),)), ["modules"]),
    ],
)
def test_a_course(evidence: CourseEvidence, missing: list[str]) -> None:
    outcome = decide_course(evidence)
    assert list(dict.fromkeys(one.key for one in outcome.missing)) == missing


def test_one_stage_that_fails_is_named() -> None:
    outcome = decide_course(course(final(GOOD, GOOD, POOR_HITS)))
    assert [(one.key, dict(one.params)) for one in outcome.missing] == [
        ("final_hits", {}),
        ("final_stage", {"stage": "control"}),
    ]


def test_finals_are_never_added_up_and_any_that_passes_counts() -> None:
    """Half a final twice is no final; a failed one after a passed one takes nothing away."""
    half = Counts(10, 10, 13, 0)
    halves = course(final(half, half, half), final(half, half, half))
    assert [one.key for one in decide_course(halves).missing] == ["final_insufficient"]
    passed = final(GOOD, GOOD, GOOD)
    failed = final(FLAGS_ALL, FLAGS_ALL, FLAGS_ALL, at=AT + timedelta(days=2))
    outcome = decide_course(course(passed, failed))
    assert outcome.complete
    assert outcome.facts["final"]["id"] == str(passed.attempt)


def test_the_newest_final_says_what_is_missing() -> None:
    old = final(FLAGS_ALL, FLAGS_ALL, FLAGS_ALL)
    new = final(GOOD, GOOD, GOOD, errors=2, at=AT + timedelta(days=2))
    for finals in ((old, new), (new, old)):
        missing = decide_course(course(*finals)).missing
        assert [one.key for one in missing] == ["final_critical_errors"]


def test_a_shortened_round_asks_for_the_final_only() -> None:
    evidence = course(final(GOOD, GOOD, GOOD), done=0)
    assert not decide_course(evidence, COURSE_RULE).complete
    assert decide_course(evidence, SHORT_RULE).complete


def test_a_rule_is_kept_with_every_number_it_uses() -> None:
    assert MODULE_RULE.document() == {
        "version": 1,
        "scope": "module",
        "needs": ["lessons", "quiz"],
        "answered": [3, 4],
    }
    kept = COURSE_RULE.document()
    assert kept["needs"] == ["modules", "final"]
    assert kept["final"] == {
        "cut": 0.8,
        "floor": 0.7,
        "confidence": 0.9,
        "min_n": 12,
        "most_critical_errors": 1,
    }
