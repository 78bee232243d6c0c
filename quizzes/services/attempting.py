"""An attempt from its start to its end. An answer is acknowledged only after it is on the disk."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Count, Max

from course.models import Membership
from quizzes import kinds
from quizzes.duties import duties_of, terms_of
from quizzes.kinds import InvalidResponse
from quizzes.models import Attempt, AttemptItem, Response
from quizzes.models.attempts import UNKNOWN
from quizzes.policy import (
    Answer,
    Reason,
    closes_at,
    draw_items,
    may_answer,
    may_take,
    no,
    sooner,
)
from quizzes.published import PublishedQuiz, current_bank, item_version, quiz_version
from quizzes.schema import Quiz
from quizzes.services.accommodating import needs_of


class NotAllowed(Exception):
    """The policy says no. `answer` carries the reason and, where known, when it will be yes."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(str(answer.reason))
        self.answer = answer


class BadAnswer(Exception):
    """What was sent is no answer to this item. `reason` is that of `kinds.InvalidResponse`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


# --- starting -----------------------------------------------------------------------------------


def attempts_of(membership: Membership, quiz_id: UUID) -> list[Attempt]:
    """The person's attempts at one quiz, the oldest first: one query."""
    mine = Attempt.objects.of_person(membership).filter(quiz_id=quiz_id)
    return list(mine.order_by("number"))


def ends_of_test(membership: Membership, kind: str) -> list[datetime]:
    """When this person handed in any form of a test: one query."""
    mine = Attempt.objects.of_person(membership).filter(quiz__kind=kind)
    ends = mine.filter(submitted_at__isnull=False).values_list("submitted_at", flat=True)
    return [end for end in ends if end is not None]


def may_begin(membership: Membership, quiz: PublishedQuiz, *, at: datetime) -> Answer:
    """Whether this person may begin (not resume) this quiz now, and if not, why."""
    rules = quiz.quiz
    handed_in = [one.submitted_at for one in attempts_of(membership, quiz.id) if one.submitted_at]
    return may_take(
        rules,
        membership.id,
        handed_in=handed_in,
        all_forms=ends_of_test(membership, rules.kind) if rules.form is not None else handed_in,
        terms=terms_of(duties_of(membership, at=at), rules),
        at=at,
    )


def due_end(attempt: Attempt, quiz: Quiz, *, at: datetime) -> datetime | None:
    """The end that an assignment sets for this attempt now, or None.

    Read each time and not kept in the attempt: exceptions, extra days, another date and a move
    between cohorts count from the moment they are made.
    """
    return terms_of(duties_of(attempt.membership, at=at), quiz).closes_at


def shown_end(attempt: Attempt, quiz: Quiz, *, at: datetime) -> datetime | None:
    """The end as the learner sees it: of the time limit before its grace, or of the assignment."""
    limit = attempt.closes_at - timedelta(minutes=quiz.grace) if attempt.closes_at else None
    return sooner(limit, due_end(attempt, quiz, at=at))


def last_instant(attempt: Attempt, quiz: Quiz, *, at: datetime) -> datetime | None:
    """The last instant at which an answer counts, by time limit and by assignment."""
    return sooner(attempt.closes_at, due_end(attempt, quiz, at=at))


def start_attempt(
    *,
    membership: Membership,
    quiz: PublishedQuiz,
    at: datetime,
    chosen: Sequence[str] | None = None,
) -> Attempt:
    """Begin, or go on with what is open: two devices that start at once share one attempt.

    `chosen`: keys of items that a schedule chose, in its order; otherwise the quiz draws. Raises
    NotAllowed.
    """
    earlier = attempts_of(membership, quiz.id)
    if found := _open_one(earlier):
        return found
    allowed = may_begin(membership, quiz, at=at)
    if not allowed:
        raise NotAllowed(allowed)
    try:
        with transaction.atomic():
            return _begin(membership, quiz, len(earlier) + 1, at, chosen)
    except IntegrityError:  # another device was first
        found = _open_one(attempts_of(membership, quiz.id))
        if found is None:
            raise
        return found


def _open_one(attempts: list[Attempt]) -> Attempt | None:
    return next((one for one in attempts if one.submitted_at is None), None)


def _begin(
    membership: Membership,
    quiz: PublishedQuiz,
    number: int,
    at: datetime,
    chosen: Sequence[str] | None,
) -> Attempt:
    bank, seed = current_bank(), secrets.token_hex(8)
    met = times_met(membership)
    if chosen is None:
        keys = draw_items(
            quiz.quiz.draws,
            bank.candidates,
            {key: met.get(item.id, 0) for key, item in bank.items.items()},
            seed=seed,
            shuffle=quiz.quiz.shuffle,
            sensitive=bank.sensitive,
        )
    else:
        keys = list(chosen)
    if not keys:
        raise NotAllowed(no(Reason.EMPTY))
    attempt = Attempt(
        organization_id=membership.organization_id,
        membership_id=membership.id,
        quiz_id=quiz.id,
        quiz_version_id=quiz.version_id,
        number=number,
        seed=seed,
        started_at=at,
        closes_at=closes_at(quiz.quiz, needs_of(membership), at),
    )
    attempt.save(force_insert=True)
    drawn = [
        AttemptItem(
            organization_id=membership.organization_id,
            attempt_id=attempt.id,
            membership_id=membership.id,
            position=position,
            item_id=bank.items[key].id,
            item_version_id=bank.items[key].version_id,
            exposure=met.get(bank.items[key].id, 0) + 1,
        )
        for position, key in enumerate(keys, 1)
    ]
    AttemptItem.objects.bulk_create(drawn)
    return attempt


def times_met(membership: Membership) -> Mapping[UUID, int]:
    """Item id -> how often it was drawn for this person: one query."""
    mine = AttemptItem.objects.in_organization(membership.organization_id)
    rows = mine.filter(membership_id=membership.id).values_list("item_id").order_by()
    return dict(rows.annotate(times=Count("id")))


# --- answering ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Recorded:
    """The answer as it is kept. `replayed`: it had been received before, nothing was added."""

    response: Response
    replayed: bool


def record_response(
    *,
    attempt: Attempt,
    position: int,
    client_key: UUID,
    answer: object,
    at: datetime,
    skipped: bool = False,
    language: str = UNKNOWN,
) -> Recorded:
    """Keep one answer, durably, before anything is drawn from it. Idempotent by `client_key`.

    `answer` is whatever the client sent; `language` is the one in which the item was shown. Sent
    again in another language, an answer stays what it was. Raises NotAllowed, BadAnswer,
    AttemptItem.DoesNotExist.
    """
    with transaction.atomic():
        locked = lock_attempt(attempt)
        mine = Response.objects.of_attempt(locked)
        known = mine.filter(client_key=client_key).first()
        if known is not None:
            return Recorded(known, replayed=True)
        drawn = items_of(locked).select_related("item").get(position=position)
        item = item_version(drawn.item_version_id)
        before = mine.filter(position=position).last()
        _require_open(locked, drawn, item, before, at)
        kept = _normal_form(item, answer, before, skipped=skipped)
        newest = mine.aggregate(newest=Max("sequence"))["newest"] or 0
        response = Response(
            organization_id=locked.organization_id,
            attempt_id=locked.id,
            position=position,
            sequence=newest + 1,
            client_key=client_key,
            answer=kept,
            skipped=skipped,
            language=language,
            answered_at=at,
        )
        response.save(force_insert=True)
    return Recorded(response, replayed=False)


def lock_attempt(attempt: Attempt) -> Attempt:
    """One device at a time changes an attempt."""
    rows = Attempt.objects.in_organization(attempt.organization_id).select_for_update()
    locked: Attempt = rows.get(id=attempt.id)
    return locked


def items_of(attempt: Attempt) -> Any:
    """The drawn items of an attempt, in order."""
    rows = AttemptItem.objects.in_organization(attempt.organization_id)
    return rows.filter(attempt_id=attempt.id).order_by("position")


def _require_open(
    attempt: Attempt, drawn: AttemptItem, item: kinds.Item, before: Response | None, at: datetime
) -> None:
    quiz = quiz_version(attempt.quiz_version_id)
    allowed = may_answer(
        quiz,
        submitted_at=attempt.submitted_at,
        closes=last_instant(attempt, quiz, at=at),
        withdrawn=drawn.item.position is None,
        is_final=before is not None and is_complete(item, before),
        at=at,
    )
    if not allowed:
        raise NotAllowed(allowed)


def is_complete(item: kinds.Item, response: Response) -> bool:
    """Whether the answer stands for the whole item: a conversation may stop half way."""
    if response.skipped:
        return True
    return kinds.is_finished(item, response.answer)


def _normal_form(
    item: kinds.Item, answer: object, before: Response | None, *, skipped: bool
) -> dict[str, Any] | None:
    if skipped:
        if not item.sensitive:
            raise BadAnswer("not-skippable")
        return None
    kept = kinds.validate(item, answer)
    if isinstance(kept, InvalidResponse):
        raise BadAnswer(kept.reason)
    if item.kind == "dialogue" and before is not None and before.answer:
        # What was said cannot be unsaid: a longer conversation begins as the shorter one did.
        said = before.answer["path"]
        if kept["path"][: len(said)] != said:
            raise BadAnswer("path")
    return kept


def mark_later(*, attempt: Attempt, position: int, later: bool) -> None:
    """The learner's own mark to come back to an item. Raises NotAllowed once handed in."""
    with transaction.atomic():
        locked = lock_attempt(attempt)
        if locked.submitted_at is not None:
            raise NotAllowed(no(Reason.HANDED_IN))
        items_of(locked).filter(position=position).update(later=later)
