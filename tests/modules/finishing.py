"""Somebody goes through the course: lessons, module quizzes and the final, right or wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import transaction

from course.framework.loading import framework_shelf
from course.framework.schema import read_framework
from course.models import Membership
from course.services.publishing import apply_changes, plan_shelves
from modules.outline import Outline
from modules.services.completing import grant_completions
from modules.services.progress import finish_lesson
from quizzes.models import Attempt, Response
from quizzes.published import PublishedQuiz, item_version
from quizzes.schema import FRAMEWORK_FOLDER
from quizzes.services.attempting import items_of, start_attempt
from quizzes.services.grading import submit_attempt
from tests.modules.making import publish_made_up
from tests.personas import AT
from tests.quizzes.making import (
    eight_verdicts,
    full_form,
    full_quiz,
    published,
    quiz,
    right_answer,
)

Answerer = Callable[[Any], Any]


def publish_course() -> tuple[Outline, PublishedQuiz, PublishedQuiz]:
    """Two modules of two lessons, a quiz for the first, and a whole final."""
    publish_made_up()
    short, final = published([*eight_verdicts(), *full_form()], quiz(), full_quiz())
    outline = publish_made_up()
    return outline, short, final


def publish_framework() -> None:
    """The real framework, whose stages the made-up bank uses."""
    root = Path(settings.BASE_DIR)
    framework, problems = read_framework(root / FRAMEWORK_FOLDER, root=root)
    assert problems == []
    with transaction.atomic():
        apply_changes(plan_shelves([framework_shelf(framework)]), at=AT)


def flag_everything(item: Any) -> Any:
    """Somebody who sees signs everywhere."""
    if item.kind == "verdict":
        return {"concern": True, "confidence": 80}
    if item.kind == "highlight":
        return {"marked": [name for name, _part in item.scored()]}
    return right_answer(item)


def answer_all(
    attempt: Attempt,
    *,
    at: datetime,
    answer: Answerer = right_answer,
    only: int | None = None,
) -> None:
    """Answer every question, or the first `only`."""
    drawn = list(items_of(attempt))[:only]
    Response.objects.bulk_create(
        Response(
            organization_id=attempt.organization_id,
            attempt_id=attempt.id,
            position=row.position,
            sequence=number,
            client_key=uuid4(),
            answer=answer(item_version(row.item_version_id)),
            answered_at=at,
        )
        for number, row in enumerate(drawn, 1)
    )


def take(
    membership: Membership,
    one: PublishedQuiz,
    *,
    at: datetime,
    answer: Answerer = right_answer,
    only: int | None = None,
) -> Attempt:
    """Begin, answer (the first `only` questions), hand in, and do what the signal would do."""
    attempt = start_attempt(membership=membership, quiz=one, at=at)
    answer_all(attempt, at=at, answer=answer, only=only)
    submitted = submit_attempt(attempt=attempt, at=at)
    grant_completions(membership=membership, at=at)  # on_commit waits for a commit that tests lack
    return submitted


def finish_lessons(membership: Membership, outline: Outline, *, at: datetime) -> None:
    """Every lesson of the course."""
    for lesson in outline.lessons():
        finish_lesson(membership=membership, lesson=lesson, at=at)


def complete_course(
    membership: Membership,
    course: tuple[Outline, PublishedQuiz, PublishedQuiz],
    *,
    at: datetime,
) -> None:
    """Everything that the course asks for, all right."""
    outline, short, final = course
    finish_lessons(membership, outline, at=at)
    take(membership, short, at=at)
    take(membership, final, at=at)
