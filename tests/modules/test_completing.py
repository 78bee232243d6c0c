"""Completions: granted when their evidence is there, once, and never taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from course.models import AppendOnlyError, Membership
from modules import completion
from modules.models import Completion, Cycle, LessonCompletion
from modules.services.completing import (
    completions_of,
    current_cycle,
    grant_completions,
    read_standing,
)
from modules.services.progress import finish_lesson, read_progress, resume_step
from quizzes.models import Response
from quizzes.services.attempting import start_attempt
from quizzes.services.grading import submit_attempt
from tests.modules.finishing import (
    complete_course,
    finish_lessons,
    flag_everything,
    publish_course,
    take,
)
from tests.modules.making import publish_made_up
from tests.personas import AT, World

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def learner(world: World) -> Membership:
    return world.harbour.learner


def keys(membership: Membership) -> list[tuple[str, str, int]]:
    return [(one.scope, one.key, one.cycle) for one in completions_of(membership)]


def test_lessons_and_quiz_complete_a_module_in_either_order(learner: Membership) -> None:
    outline, short, _final = publish_course()
    take(learner, short, at=AT)
    assert keys(learner) == []
    lessons = list(outline.lessons())
    finish_lesson(membership=learner, lesson=lessons[0], at=AT + DAY)
    assert keys(learner) == []
    finish_lesson(membership=learner, lesson=lessons[1], at=AT + 2 * DAY)
    assert keys(learner) == [("module", "m1", 1)]
    fact = completions_of(learner).get()
    assert fact.completed_at == AT + 2 * DAY
    assert fact.rule == completion.MODULE_RULE.document()
    assert [one["at"] for one in fact.facts["lessons"]] == [
        (AT + DAY).isoformat(),
        (AT + 2 * DAY).isoformat(),
    ]
    # The second module has no quiz.
    finish_lessons(learner, outline, at=AT + 3 * DAY)
    assert keys(learner) == [("module", "m1", 1), ("module", "m2", 1)]


def test_a_quiz_handed_in_almost_empty_completes_nothing(learner: Membership) -> None:
    outline, short, _final = publish_course()
    finish_lessons(learner, outline, at=AT)
    take(learner, short, at=AT, only=2)
    assert ("module", "m1", 1) not in keys(learner)
    (missing,) = read_standing(learner).modules["m1"].missing
    assert (missing.key, missing.params) == ("quiz_answers", {"answered": 2, "questions": 4})
    take(learner, short, at=AT + DAY, only=3)
    assert ("module", "m1", 1) in keys(learner)


def test_the_course_is_complete_with_a_final_that_passes(learner: Membership) -> None:
    course = outline, short, final = publish_course()
    finish_lessons(learner, outline, at=AT)
    take(learner, short, at=AT)
    take(learner, final, at=AT, answer=flag_everything)
    assert ("course", "", 1) not in keys(learner)
    told = [one.key for one in read_standing(learner).course.missing]
    assert told == ["final_false_alarms", "final_stage", "final_stage", "final_stage"]
    complete_course(learner, course, at=AT + DAY)
    fact = completions_of(learner).get(scope="course")
    assert set(fact.facts["modules"]) == {"m1", "m2"}
    named = {str(one.id) for one in completions_of(learner).filter(scope="module")}
    assert set(fact.facts["modules"].values()) == named


def test_the_final_alone_is_no_course(learner: Membership) -> None:
    _outline, _short, final = publish_course()
    take(learner, final, at=AT)
    assert keys(learner) == []


def test_hard_cases_cannot_be_left_out_of_a_final(learner: Membership) -> None:
    """Right on what was answered, but a third was left without an answer."""
    outline, short, final = publish_course()
    finish_lessons(learner, outline, at=AT)
    take(learner, short, at=AT)
    take(learner, final, at=AT, only=34)
    assert ("course", "", 1) not in keys(learner)


def test_handing_in_grants_by_the_signal(
    learner: Membership, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    outline, short, _final = publish_course()
    finish_lessons(learner, outline, at=AT)
    attempt = start_attempt(membership=learner, quiz=short, at=AT)
    for position in range(1, 5):
        Response.objects.create(
            organization_id=attempt.organization_id,
            attempt_id=attempt.id,
            position=position,
            sequence=position,
            client_key=attempt.id if position == 1 else learner.id.__class__(int=position),
            answer={"concern": True, "confidence": 80},
            answered_at=AT,
        )
    with django_capture_on_commit_callbacks(execute=True):
        submit_attempt(attempt=attempt, at=AT + DAY)
    assert ("module", "m1", 1) in keys(learner)
    assert completions_of(learner).get(key="m1").completed_at == AT + DAY


def test_news_that_arrives_late_dates_nothing_before_its_evidence(learner: Membership) -> None:
    """Somebody looks at the facts again with an old date, as a queue that lags would."""
    outline, short, final = publish_course()
    take(learner, short, at=AT)
    lessons = list(outline.lessons())
    LessonCompletion.objects.bulk_create(
        LessonCompletion(
            organization_id=learner.organization_id,
            membership_id=learner.id,
            lesson_id=lesson.id,
            lesson_version_id=lesson.version_id,
            completed_at=AT + number * DAY,
        )
        for number, lesson in enumerate(lessons, 1)
    )
    take(learner, final, at=AT)
    ends = {fact.key or "course": fact.completed_at for fact in completions_of(learner)}
    assert ends == {"m1": AT + 2 * DAY, "m2": AT + 4 * DAY, "course": AT + 4 * DAY}


def test_granting_again_adds_nothing(learner: Membership) -> None:
    complete_course(learner, publish_course(), at=AT)
    before = list(completions_of(learner).values())
    assert grant_completions(membership=learner, at=AT + DAY) == []
    assert list(completions_of(learner).values()) == before
    double = Completion(**before[0] | {"id": learner.id})
    with pytest.raises(IntegrityError), transaction.atomic():
        double.save(force_insert=True)


def test_what_was_granted_stays_when_rule_and_content_change(
    learner: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    complete_course(learner, publish_course(), at=AT)
    before = list(completions_of(learner).values())
    publish_made_up(modules=3, lessons=4)  # more lessons, another module
    monkeypatch.setattr(completion, "ANSWERED_PARTS", (1, 1))
    grant_completions(membership=learner, at=AT + DAY)
    assert list(completions_of(learner).values()) == before
    standing = read_standing(learner)
    assert standing.course_fact is not None
    assert not standing.modules["m1"].complete  # the rule of today would say no
    for change in (
        lambda: completions_of(learner).delete(),
        lambda: completions_of(learner).update(key="m9"),
        completions_of(learner).first().save,  # type: ignore[union-attr]
    ):
        with pytest.raises(AppendOnlyError):
            change()


def test_a_module_that_was_granted_counts_for_the_course_after_it_grew(
    learner: Membership,
) -> None:
    outline, short, final = publish_course()
    finish_lessons(learner, outline, at=AT)
    take(learner, short, at=AT)
    publish_made_up(lessons=3)
    take(learner, final, at=AT + DAY)
    assert ("course", "", 1) in keys(learner)


def test_nobody_gets_what_somebody_else_did(world: World) -> None:
    complete_course(world.harbour.learner, publish_course(), at=AT)
    for other in (world.harbour.stranger, world.lighthouse.learner):
        assert grant_completions(membership=other, at=AT) == []


def test_a_lesson_belongs_to_the_round_it_was_finished_in(learner: Membership) -> None:
    outline, _short, _final = publish_course()
    first = next(outline.lessons())
    finish_lesson(membership=learner, lesson=first, at=AT)
    Cycle.objects.create(
        organization_id=learner.organization_id,
        membership_id=learner.id,
        number=2,
        opened_at=AT + DAY,
    )
    assert current_cycle(learner) == 2
    progress = read_progress(learner)
    assert (progress.done, progress.places) == ({}, {})
    assert resume_step(learner, first) == 1
    finish_lesson(membership=learner, lesson=first, at=AT + 2 * DAY)
    facts = LessonCompletion.objects.of_person(learner).filter(lesson_id=first.id)
    assert sorted(facts.values_list("cycle", "completed_at")) == [
        (1, AT),
        (2, AT + 2 * DAY),
    ]
    assert read_progress(learner).done == {first.id: AT + 2 * DAY}


def test_standing_costs_the_same_queries_for_few_and_for_many(
    learner: Membership, queries: Any
) -> None:
    _outline, short, final = publish_course()
    for modules in (1, 30):
        outline = publish_made_up(modules=modules)
        finish_lessons(learner, outline, at=AT)
        days = modules * DAY
        take(learner, short, at=AT + days)
        take(learner, final, at=AT + days)
        read_standing(learner)
        with queries() as counted:
            read_standing(learner)
        # round, releases of course and bank (twice), completions, attempts, lessons, questions,
        # answers, trials
        assert counted == [10], modules
