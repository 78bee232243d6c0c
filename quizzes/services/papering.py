"""A quiz on paper: make a sheet, and type one person's answers in as an ordinary attempt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from course.models import Cohort, Membership
from course.services import Refused, require_one_organization
from course.services.audit import record_event
from course.services.codes import new_code
from quizzes import kinds
from quizzes.kinds import Item
from quizzes.models import Attempt, PaperEntry, PaperSheet
from quizzes.paper import ON_PAPER, QUIZZES_ON_PAPER, read_line
from quizzes.paper import Unreadable as UnreadableLine
from quizzes.policy import draw_items
from quizzes.published import PublishedQuiz, current_bank, item_versions
from quizzes.services.attempting import (
    attempts_of,
    items_of,
    record_response,
    start_attempt,
)
from quizzes.services.grading import submit_attempt

CODE_LENGTH = 8


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a sheet: its number, its document and what is printed of it."""

    number: int
    version_id: UUID
    item: Item
    shown: Mapping[str, Any]


class BadLines(Exception):
    """Some of what was typed cannot be read. `numbers`: of which questions."""

    def __init__(self, numbers: list[int]) -> None:
        super().__init__(str(numbers))
        self.numbers = numbers


def can_be_printed(quiz: PublishedQuiz) -> bool:
    """Whether a quiz has a question for paper; tests never have."""
    fitting = any(draw.kind in ON_PAPER for draw in quiz.quiz.draws)
    return quiz.quiz.kind in QUIZZES_ON_PAPER and fitting


def make_sheet(
    *, cohort: Cohort, quiz: PublishedQuiz, actor: Membership, at: datetime
) -> PaperSheet:
    """Draw the questions of one sheet, once for all who get it. Raises Refused."""
    require_one_organization(cohort.organization_id, actor.organization_id)
    if not can_be_printed(quiz):
        raise Refused(_("This quiz cannot be taken on paper."))
    bank, code = current_bank(), new_code(CODE_LENGTH)
    keys = draw_items(
        [draw for draw in quiz.quiz.draws if draw.kind in ON_PAPER],
        bank.candidates,
        {},
        seed=code,
        shuffle=quiz.quiz.shuffle,
        sensitive=bank.sensitive,
    )
    if not keys:
        raise Refused(_("There are no cases here yet."))
    sheet = PaperSheet(
        organization_id=cohort.organization_id,
        cohort_id=cohort.id,
        quiz_id=quiz.id,
        code=code,
        versions=[str(bank.items[key].version_id) for key in keys],
        made_by_id=actor.id,
        made_at=at,
    )
    sheet.save(force_insert=True)
    return sheet


def questions_of(sheet: PaperSheet, language: Any) -> list[Question]:
    """What is printed, in order, in the texts of the day the sheet was made: one query."""
    ids = [UUID(one) for one in sheet.versions]
    documents = item_versions(ids)
    return [
        Question(
            number,
            version_id,
            documents[version_id],
            kinds.shown(documents[version_id], language, seed=sheet.code),
        )
        for number, version_id in enumerate(ids, 1)
    ]


def enter_sheet(
    *,
    sheet: PaperSheet,
    quiz: PublishedQuiz,
    person: Membership,
    lines: Mapping[int, str],
    actor: Membership,
    at: datetime,
) -> Attempt:
    """Type one person's sheet in: an ordinary attempt, marked as from paper. All or nothing.

    The same sheet of the same person again is the same attempt. Raises Refused, BadLines,
    NotAllowed.
    """
    require_one_organization(sheet.organization_id, person.organization_id, actor.organization_id)
    questions = questions_of(sheet, "en")
    answers = _read(questions, lines)
    with transaction.atomic():
        # One at a time for one person: a second pair of hands waits, and finds the first's work.
        people: Any = Membership.objects.in_organization(person.organization_id)
        people.select_for_update().get(id=person.id)
        entries = PaperEntry.objects.in_organization(sheet.organization_id)
        known = entries.filter(membership_id=person.id, form=sheet.code).first()
        if known is not None:
            found: Attempt = known.attempt
            return found
        attempt = _begin(sheet, quiz, person, questions, at)
        _answer(attempt, questions, answers, at)
        PaperEntry(
            organization_id=sheet.organization_id,
            attempt_id=attempt.id,
            membership_id=person.id,
            form=sheet.code,
            entered_by_id=actor.id,
            entered_at=at,
        ).save(force_insert=True)
        record_event(
            organization=actor.organization,
            actor=actor,
            action="attempt.paper",
            subject=f"membership:{person.id}",
            after={"sheet": sheet.code, "answered": len(answers)},
            at=at,
        )
        return submit_attempt(attempt=attempt, at=at)


def _read(questions: list[Question], lines: Mapping[int, str]) -> dict[int, dict[str, Any]]:
    answers, bad = {}, []
    for one in questions:
        try:
            answer = read_line(one.item, one.shown, lines.get(one.number, ""))
        except UnreadableLine:
            bad.append(one.number)
            continue
        if answer is not None:
            answers[one.number] = answer
    if bad:
        raise BadLines(bad)
    if not answers:
        raise Refused(_("Nothing was typed in yet."))
    return answers


def _begin(
    sheet: PaperSheet,
    quiz: PublishedQuiz,
    person: Membership,
    questions: list[Question],
    at: datetime,
) -> Attempt:
    """An attempt with the texts and the order that were on the paper."""
    if any(one.submitted_at is None for one in attempts_of(person, quiz.id)):
        raise Refused(_("This person has begun this quiz on the screen. Let them finish it first."))
    keys = [one.item.key for one in questions if one.item.key in current_bank().items]
    attempt = start_attempt(membership=person, quiz=quiz, at=at, chosen=keys)
    attempt.seed = sheet.code
    attempt.save(update_fields=["seed"])
    pinned = {one.item.key: one.version_id for one in questions}
    for drawn in items_of(attempt).select_related("item"):
        if drawn.item_version_id != pinned[drawn.item.key]:
            items_of(attempt).filter(id=drawn.id).update(item_version_id=pinned[drawn.item.key])
    return attempt


def _answer(
    attempt: Attempt,
    questions: list[Question],
    answers: Mapping[int, dict[str, Any]],
    at: datetime,
) -> None:
    """Without a language: a sheet is printed in either, and nobody notes which was filled in."""
    given = {one.item.key: answers.get(one.number) for one in questions}
    for drawn in items_of(attempt).select_related("item"):
        answer = given[drawn.item.key]
        if answer is not None:
            record_response(
                attempt=attempt,
                position=drawn.position,
                client_key=uuid4(),
                answer=answer,
                at=at,
            )
