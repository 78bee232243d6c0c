"""What somebody new in a cohort would be asked: read for nobody, from the cohort alone."""

from __future__ import annotations

from datetime import datetime

from course.models import Cohort
from quizzes.duties import Duty
from quizzes.models import Assignment, Late, Target


def duties_of_newcomer(cohort: Cohort, *, at: datetime) -> list[Duty]:
    """What stands for the cohort as a whole at `at`, the soonest due first: one query."""
    duties = [
        Duty(
            assignment_id=row.id,
            target=Target(row.target_kind),
            key=row.target_key,
            opens_at=row.opens_at,
            due_at=row.due_at,
            attempts=row.attempts,
            late=Late(row.late),
            message=row.message,
            excused=False,
            assigned_at=row.assigned_at,
            cohort_id=row.cohort_id,
        )
        for row in Assignment.objects.of_cohort(cohort).standing(at)
    ]
    return sorted(duties, key=lambda one: one.order)
