"""Handing in: from the answers to evidence and sums, in one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.dispatch import Signal

from course.models import Membership
from quizzes import kinds
from quizzes.kinds import Outcome, Trial
from quizzes.models import Attempt, AttemptItem, Evidence, Response
from quizzes.models.attempts import newest_answers
from quizzes.published import item_versions, quiz_version
from quizzes.schema import Quiz
from quizzes.services.amending import amend_new, move_tallies, sums_of_marks
from quizzes.services.attempting import items_of, lock_attempt

# The one signal of the project: sent after the commit, with `attempt`. Completion listens to it.
attempt_graded = Signal()


@dataclass(frozen=True, slots=True)
class Graded:
    """One drawn item with its document, the answer that counts, and what it is worth.

    `outcome` is None for an item that was skipped without penalty.
    """

    drawn: AttemptItem
    item: kinds.Item
    response: Response | None
    outcome: Outcome | None


def grade_items(attempt: Attempt) -> list[Graded]:
    """Every item of the attempt with its outcome: three queries, whatever its length."""
    drawn = list(items_of(attempt))
    documents = item_versions([one.item_version_id for one in drawn])
    answers = newest_answers(Response.objects.of_attempt(attempt))
    graded = []
    for one in drawn:
        item, response = documents[one.item_version_id], answers.get(one.position)
        skipped = response is not None and response.skipped
        answer = response.answer if response else None
        outcome = None if skipped else kinds.score(item, answer)
        graded.append(Graded(one, item, response, outcome))
    return graded


def submit_attempt(*, attempt: Attempt, at: datetime) -> Attempt:
    """Hand in: evidence, sums and the end of the attempt become true together, once.

    Also after the time is over: what was answered until then counts. Again: nothing happens.
    """
    with transaction.atomic():
        # First the person, then the attempt: two attempts of one person take turns at the sums.
        people = Membership.objects.in_organization(attempt.organization_id).select_for_update()
        people.get(id=attempt.membership_id)
        locked = lock_attempt(attempt)
        if locked.submitted_at is not None:
            return locked
        rows = evidence_of(locked, grade_items(locked), at)
        Evidence.objects.bulk_create(rows, batch_size=200)
        move_tallies(locked.organization_id, sums_of_marks(amend_new(rows)))
        locked.submitted_at = at
        locked.save(update_fields=["submitted_at"])
        transaction.on_commit(lambda: attempt_graded.send(sender=Attempt, attempt=locked))
    return locked


def evidence_of(attempt: Attempt, graded: Iterable[Graded], at: datetime) -> list[Evidence]:
    """The rows that the answers are worth; nothing for what was skipped."""
    quiz = quiz_version(attempt.quiz_version_id)
    return [
        _row(attempt, one, trial, part, quiz=quiz, at=at)
        for one in graded
        if one.outcome is not None
        for part, trial in numbered(one.outcome.trials)
    ]


def numbered(trials: Iterable[Trial]) -> Iterable[tuple[str, Trial]]:
    """Each trial with a part name of its own: a moment that is tried three times is three facts."""
    met: Counter[str] = Counter()
    for trial in trials:
        met[trial.part] += 1
        again = met[trial.part]
        yield (trial.part if again == 1 else f"{trial.part}/{again}"), trial


def _row(
    attempt: Attempt, graded: Graded, trial: Trial, part: str, *, quiz: Quiz, at: datetime
) -> Evidence:
    is_trial = trial.kind in {"signal", "noise"}
    return Evidence(
        organization_id=attempt.organization_id,
        membership_id=attempt.membership_id,
        attempt_id=attempt.id,
        item_version_id=graded.drawn.item_version_id,
        position=graded.drawn.position,
        part=part,
        mode=quiz.kind,
        kind=trial.kind,
        stage=trial.stage or "",
        tactic=trial.tactic or "",
        indicator=trial.indicator or "",
        confounder=trial.confounder or "",
        lure=trial.lure or "",
        flagged=trial.flagged,
        chosen=trial.chosen or "",
        credit=trial.credit,
        critical_error=trial.critical_error,
        confidence=trial.confidence,
        exposure=graded.drawn.exposure,
        counts=quiz.counts
        and is_trial
        and trial.flagged is not None
        and graded.drawn.exposure == 1,
        at=at,
    )
