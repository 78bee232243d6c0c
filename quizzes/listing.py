"""Every quiz of one person, with where they stand: for the list, the home page and the map."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from course.models import Membership
from quizzes.duties import Duty, duties_of, governing, terms_of
from quizzes.models import Attempt, Target
from quizzes.policy import Answer, Reason, assigned_as, may_take
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
    duty: Duty | None = None  # the rule of an assignment, where there is one

    @property
    def quiz(self) -> Quiz:
        """Its rules now."""
        return self.published.quiz

    @property
    def is_mine(self) -> bool:
        """Another form is nothing to this person, unless they took it once."""
        other = self.allowed.reason == Reason.OTHER_FORM
        return not other or bool(self.handed_in) or self.open is not None


def entries_for(
    membership: Membership, *, at: datetime, duties: Sequence[Duty] | None = None
) -> list[Entry]:
    """Every listed quiz of this person, in the order of the bank.

    Three queries for who has no assignments, five for who has any; two with `duties` read before.
    """
    bank = current_bank()
    mine = duties_of(membership, at=at) if duties is None else duties
    attempts: dict[UUID, list[Attempt]] = defaultdict(list)
    for attempt in Attempt.objects.of_person(membership).order_by("number"):
        attempts[attempt.quiz_id].append(attempt)
    ends: dict[str, list[datetime]] = defaultdict(list)
    for published in bank.ever.values():  # a form that was withdrawn was taken all the same
        handed_in = [one.submitted_at for one in attempts[published.id] if one.submitted_at]
        ends[assigned_as(published.quiz)] += handed_in
    entries = [
        entry_of(published, attempts[published.id], membership, ends, duties=mine, at=at)
        for published in bank.quizzes.values()
        if published.quiz.kind in LISTED and bank.has_items_for(published)
    ]
    return [entry for entry in entries if entry.is_mine]


def entry_of(
    published: PublishedQuiz,
    attempts: Sequence[Attempt],
    membership: Membership,
    all_ends: Mapping[str, Sequence[datetime]],
    *,
    duties: Sequence[Duty],
    at: datetime,
) -> Entry:
    """Where the person stands with one quiz. `all_ends`: by name of assignment, so of all forms."""
    quiz, name = published.quiz, assigned_as(published.quiz)
    handed_in = [one for one in attempts if one.submitted_at is not None]
    ends = [one.submitted_at for one in handed_in if one.submitted_at is not None]
    return Entry(
        published=published,
        handed_in=handed_in,
        open=next((one for one in attempts if one.submitted_at is None), None),
        allowed=may_take(
            quiz,
            membership.id,
            handed_in=ends,
            all_forms=all_ends.get(name, ()),
            terms=terms_of(duties, quiz),
            at=at,
        ),
        duty=governing(duties, Target.QUIZ, name, usual=quiz.attempts),
    )
