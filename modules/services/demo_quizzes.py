"""Quizzes that the made-up people of the demo have taken, with answers of known rates."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

from django.db import transaction

from course.models import Membership
from quizzes import kinds
from quizzes.kinds import InvalidResponse
from quizzes.listing import entries_for
from quizzes.models import Attempt, Response
from quizzes.published import PublishedQuiz, current_bank, item_versions
from quizzes.services.attempting import items_of, start_attempt
from quizzes.services.grading import submit_attempt
from quizzes.simulating import SimulatedLearner

# How often signs are seen and ordinary things taken for one, before the course and after it.
BEFORE: Final = (0.55, 0.35)
AFTER: Final = (0.93, 0.08)
SECONDS_PER_ITEM: Final = 50


def take_quiz(
    *,
    person: Membership,
    quiz: PublishedQuiz,
    who: SimulatedLearner,
    at: datetime,
    language: str,
) -> Attempt:
    """One whole attempt, begun at `at`: about ten statements, whatever its length.

    `language` is the one they read it in.
    """
    with transaction.atomic():
        attempt = start_attempt(membership=person, quiz=quiz, at=at)
        drawn = list(items_of(attempt))
        documents = item_versions([one.item_version_id for one in drawn])
        rows = []
        for number, one in enumerate(drawn, 1):
            item = documents[one.item_version_id]
            answer = kinds.validate(item, who.answer(item))
            if isinstance(answer, InvalidResponse):
                raise TypeError(f"{item.key}: {answer.reason}")
            rows.append(
                Response(
                    organization_id=person.organization_id,
                    attempt_id=attempt.id,
                    position=one.position,
                    sequence=number,
                    client_key=uuid4(),
                    answer=answer,
                    language=language,
                    answered_at=at + timedelta(seconds=SECONDS_PER_ITEM * number),
                )
            )
        Response.objects.bulk_create(rows)
        end = at + timedelta(seconds=SECONDS_PER_ITEM * (len(rows) + 1))
        return submit_attempt(attempt=attempt, at=end)


def take_quizzes(
    person: Membership, *, modules: list[tuple[str, datetime]], begun: datetime, finished: bool
) -> int:
    """First test at `begun`, the quiz of each finished module, the final when all are; how many."""
    if Attempt.objects.of_person(person).exists():
        return 0
    chance = random.Random(person.user.username)  # noqa: S311 -- a game, and the same each time
    taken = 0
    for quiz, when, learnt in _plan(person, modules, begun, finished=finished):
        hits, alarms = (
            before + (after - before) * learnt for before, after in zip(BEFORE, AFTER, strict=True)
        )
        wobble = chance.uniform(-0.05, 0.05)
        who = SimulatedLearner(min(0.99, hits + wobble), max(0.01, alarms - wobble), hits, chance)
        language = person.user.language
        take_quiz(person=person, quiz=quiz, who=who, at=when, language=language)
        taken += 1
    return taken


def _plan(
    person: Membership, modules: list[tuple[str, datetime]], begun: datetime, *, finished: bool
) -> Iterator[tuple[PublishedQuiz, datetime, float]]:
    """Quiz, instant and how much of the course was learnt by then (0..1)."""
    for entry in entries_for(person, at=begun):
        if entry.quiz.kind == "pre-test" and entry.allowed:
            yield entry.published, begun, 0.0
    quizzes = {one.quiz.module: one for one in current_bank().quizzes.values() if one.quiz.module}
    for number, (key, when) in enumerate(modules, 1):
        if key in quizzes:
            yield quizzes[key], when + timedelta(minutes=20), number / (len(modules) + 1)
    if finished:
        last = modules[-1][1] + timedelta(days=1)
        for entry in entries_for(person, at=last):
            if entry.quiz.kind == "final" and entry.allowed:
                yield entry.published, last, 1.0
