"""Reads of what answers prove, as the pure rooms take them."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from course.framework.schema import Framework
from course.models import Membership
from quizzes.models import Attempt, Evidence
from quizzes.summary import Counts, TrialFact

# As it is marked now: with the corrections of keys.
FIELDS = ("marked_kind", "stage", "tactic", "flagged", "confidence", "marked_critical")
MOST_TRIALS = 2000  # newest trials that a mastery map looks at; a whole course has about 500


def facts_of_attempt(attempt: Attempt) -> list[TrialFact]:
    """Every trial of a handed-in attempt: one query."""
    rows: Any = Evidence.objects.in_organization(attempt.organization_id)
    mine = rows.filter(attempt_id=attempt.id).corrected().order_by("position", "part")
    return [fact_of(row) for row in mine.values_list(*FIELDS)]


def facts_for_trainer(attempt: Attempt) -> list[TrialFact]:
    """The same for somebody else: how sure the learner was is not even read. One query."""
    rows: Any = Evidence.objects.in_organization(attempt.organization_id)
    columns = [name for name in FIELDS if name != "confidence"]
    mine = rows.filter(attempt_id=attempt.id).corrected().order_by("position", "part")
    return [fact_of((*row[:4], None, *row[4:])) for row in mine.values_list(*columns)]


def counts_by_attempt(organization_id: UUID, attempt_ids: Collection[UUID]) -> dict[UUID, Counts]:
    """Attempt id -> what was found and flagged in vain: one query, whatever their number."""
    rows: Any = Evidence.objects.in_organization(organization_id).corrected()
    answered = rows.filter(
        attempt_id__in=attempt_ids, marked_kind__in=["signal", "noise"], flagged__isnull=False
    )
    signal, noise = Q(marked_kind="signal"), Q(marked_kind="noise")
    grouped = answered.values_list("attempt_id").order_by()
    return {
        attempt_id: Counts(*numbers)
        for attempt_id, *numbers in grouped.annotate(
            n_signal_=Count("id", filter=signal),
            hits_=Count("id", filter=signal & Q(flagged=True)),
            n_noise_=Count("id", filter=noise),
            false_alarms_=Count("id", filter=noise & Q(flagged=True)),
        )
    }


def facts_of_person(membership: Membership) -> list[TrialFact]:
    """The person's counted trials, the newest first: one query."""
    rows: Any = Evidence.objects.of_person(membership).counted_now()
    values = rows.order_by("-at", "-position", "part").values_list(*FIELDS)
    return [fact_of(row) for row in values[:MOST_TRIALS]]


def fact_of(row: Sequence[Any]) -> TrialFact:
    """One row of FIELDS. What a correction dropped says nothing about being sure either."""
    kind, stage, tactic, flagged, confidence, critical = row
    sure = None if kind == "decision" else confidence
    return TrialFact(kind, stage, tactic, flagged, sure, critical)


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
