"""Who took the first and the last test of a cohort, and what they gained between."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from course.models import Cohort, Membership
from course.models.base import Viewer
from modules.gain import Gain, Pair, Sitting, measure_gain
from modules.reports.queries import learners_for
from modules.reports.trials import counts_by_attempt
from quizzes.models import Attempt, Evidence
from quizzes.published import ever_published
from quizzes.summary import Counts

BEFORE, AFTER = "pre-test", "final"


@dataclass(frozen=True, slots=True)
class CohortGain:
    """The gain of a cohort, and whom its last test misses: they can still be asked."""

    gain: Gain
    without_after: tuple[Membership, ...]


def cohort_gain(viewer: Viewer, cohort: Cohort) -> CohortGain:
    """The first pre-test and the first final after it, of each learner: four queries."""
    people = learners_for(viewer, cohort)
    rows = list(people.select_related("user").order_by("user__username"))
    ids = people.values("id")
    chosen = _chosen_attempts(viewer, ids)
    counts = counts_by_attempt(
        Evidence.objects.visible_to(viewer).filter(membership_id__in=ids, mode__in=[BEFORE, AFTER])
    )
    forms = {one.id: one.quiz.form or "" for one in ever_published().values()}
    pairs = {
        person.id: Pair(*(_sitting(one, counts, forms) for one in chosen.get(person.id, NOTHING)))
        for person in rows
    }
    return CohortGain(
        gain=measure_gain(pairs.values()),
        without_after=tuple(one for one in rows if pairs[one.id].after is None),
    )


Chosen = tuple[Attempt | None, Attempt | None]
NOTHING: Chosen = (None, None)


def _chosen_attempts(viewer: Viewer, ids: Any) -> dict[UUID, Chosen]:
    """Person -> the first pre-test and the first final after it (or at all, without one)."""
    rows = Attempt.objects.visible_to(viewer).filter(
        membership_id__in=ids, quiz__kind__in=[BEFORE, AFTER], submitted_at__isnull=False
    )
    chosen: dict[UUID, Chosen] = {}
    for attempt in rows.select_related("quiz").order_by("submitted_at", "number"):
        before, after = chosen.get(attempt.membership_id, (None, None))
        if attempt.quiz.kind == BEFORE:
            # A look at the start that comes after the final is no look at the start.
            before = before or (attempt if after is None else None)
        else:
            after = after or attempt
        chosen[attempt.membership_id] = (before, after)
    return chosen


def _sitting(
    attempt: Attempt | None, counts: Mapping[UUID, Counts], forms: Mapping[UUID, str]
) -> Sitting | None:
    if attempt is None:
        return None
    return Sitting(forms.get(attempt.quiz_id, ""), counts.get(attempt.id, Counts()))
