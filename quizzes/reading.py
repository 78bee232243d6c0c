"""Reads of what answers prove, as the pure rooms take them."""

from collections.abc import Sequence
from typing import Any

from course.framework.schema import Framework
from course.models import Membership
from quizzes.models import Attempt, Evidence
from quizzes.summary import TrialFact

FIELDS = ("kind", "stage", "tactic", "flagged", "confidence", "critical_error")
MOST_TRIALS = 2000  # newest trials that a mastery map looks at; a whole course has about 500


def facts_of_attempt(attempt: Attempt) -> list[TrialFact]:
    """Every trial of a handed-in attempt: one query."""
    rows: Any = Evidence.objects.in_organization(attempt.organization_id)
    values = rows.filter(attempt_id=attempt.id).order_by("position", "part").values_list(*FIELDS)
    return [TrialFact(*row) for row in values]


def facts_of_person(membership: Membership) -> list[TrialFact]:
    """The person's counted trials, the newest first: one query."""
    rows: Any = Evidence.objects.of_person(membership).counted()
    values = rows.order_by("-at", "-position", "part").values_list(*FIELDS)
    return [TrialFact(*row) for row in values[:MOST_TRIALS]]


def model_of(framework: Framework) -> list[tuple[str, Sequence[str]]]:
    """Each stage with its tactics, in the order of the model."""
    stages = sorted(framework.stages.values(), key=lambda stage: stage.order)
    return [
        (
            stage.key,
            [tactic.key for tactic in framework.tactics.values() if tactic.stage == stage.key],
        )
        for stage in stages
    ]
