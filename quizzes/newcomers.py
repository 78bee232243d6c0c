"""What somebody new in a cohort would be asked: read for nobody, from the cohort alone."""

from __future__ import annotations

from datetime import datetime

from course.models import Cohort
from quizzes.duties import Duty, duty_from
from quizzes.models import Assignment


def duties_of_newcomer(cohort: Cohort, *, at: datetime) -> list[Duty]:
    """What stands for the cohort as a whole at `at`, the soonest due first: one query."""
    duties = [duty_from(row) for row in Assignment.objects.of_cohort(cohort).standing(at)]
    return sorted(duties, key=lambda one: one.order)
