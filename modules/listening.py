"""What the top floor does when a quiz was handed in."""

from typing import Any

from course.models import Membership
from modules.services.completing import grant_completions
from quizzes.models import Attempt

COMPLETING_MODES = frozenset({"module", "final"})


def complete_after_quiz(attempt: Attempt, **_signal: Any) -> None:
    """Grant what the quiz completes. Runs after the commit, so that nothing of it can be lost."""
    if attempt.quiz.kind not in COMPLETING_MODES or attempt.submitted_at is None:
        return
    people = Membership.objects.in_organization(attempt.organization_id)
    membership = people.get(id=attempt.membership_id)
    grant_completions(membership=membership, at=attempt.submitted_at)
