"""Every quiz of one person, with where they stand: for the list, the home page and the map."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from course.models import Membership
from quizzes.models import Attempt
from quizzes.policy import Answer, Reason, form_for, may_start
from quizzes.published import PublishedQuiz, current_bank
from quizzes.schema import Quiz

LISTED = ("pre-test", "module", "final", "practice", "inbox")


@dataclass(frozen=True, slots=True)
class Entry:
    """A quiz, the person's handed-in attempts, the one that is open, and may a new one begin."""

    published: PublishedQuiz
    handed_in: Sequence[Attempt]
    open: Attempt | None
    allowed: Answer

    @property
    def quiz(self) -> Quiz:
        """Its rules now."""
        return self.published.quiz

    @property
    def is_mine(self) -> bool:
        """Another form is nothing to this person, unless they took it once."""
        other = self.allowed.reason == Reason.OTHER_FORM
        return not other or bool(self.handed_in) or self.open is not None


def entries_for(membership: Membership, *, at: datetime) -> list[Entry]:
    """Every listed quiz of this person, in the order of the bank: two queries."""
    bank = current_bank()
    attempts: dict[UUID, list[Attempt]] = defaultdict(list)
    for attempt in Attempt.objects.of_person(membership).order_by("number"):
        attempts[attempt.quiz_id].append(attempt)
    finals = sum(
        attempt.submitted_at is not None
        for published in bank.quizzes.values()
        if published.quiz.kind == "final"
        for attempt in attempts[published.id]
    )
    entries = [
        entry_of(published, attempts[published.id], membership, finals_taken=finals, at=at)
        for published in bank.quizzes.values()
        if published.quiz.kind in LISTED and bank.has_items_for(published)
    ]
    return [entry for entry in entries if entry.is_mine]


def entry_of(
    published: PublishedQuiz,
    attempts: Sequence[Attempt],
    membership: Membership,
    *,
    finals_taken: int,
    at: datetime,
) -> Entry:
    """Where the person stands with one quiz."""
    quiz = published.quiz
    handed_in = [one for one in attempts if one.submitted_at is not None]
    own = form_for(quiz.kind, membership.id, finals_taken=finals_taken) if quiz.form else None
    ends = [one.submitted_at for one in handed_in if one.submitted_at is not None]
    return Entry(
        published=published,
        handed_in=handed_in,
        open=next((one for one in attempts if one.submitted_at is None), None),
        allowed=may_start(quiz, ends, own_form=own, at=at),
    )
