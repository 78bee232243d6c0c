"""What stayed after the course: one's own curve, and that of a cohort."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from course.models import Cohort, Membership
from course.models.base import Viewer
from modules.reports.queries import learners_for
from modules.reports.trials import counts_by_attempt
from modules.retention import AFTER, BEFORE, CohortCurve, Person, Point, cohort_curve, own_curve
from modules.services.refreshing import SinceCourse, since_course_many
from quizzes.models import Evidence
from quizzes.summary import Counts

MODES = ("pre-test", "final", "check-up")
CASE = "verdict"  # check-ups hold short cases only, so only these are compared


def my_curve(membership: Membership, *, at: datetime) -> list[Point]:
    """The learner's own points."""
    since = since_course_many([membership], at=at)[membership.id]
    counts = counts_by_attempt(_cases(Evidence.objects.of_person(membership)))
    return own_curve(_sittings(since, counts))


def curve_of_cohort(viewer: Viewer, cohort: Cohort, *, at: datetime) -> CohortCurve:
    """The curve of a cohort's learners: the same few queries, whatever their number."""
    people = learners_for(viewer, cohort)
    rows = list(people)
    since = since_course_many(rows, at=at) if rows else {}
    evidence = Evidence.objects.visible_to(viewer).filter(membership_id__in=people.values("id"))
    counts = counts_by_attempt(_cases(evidence))
    return cohort_curve(_person(since[one.id], counts) for one in rows)


def _cases(rows: Any) -> Any:
    return rows.filter(mode__in=MODES, item_version__thing__kind=CASE)


def _sittings(since: SinceCourse, counts: Mapping[UUID, Counts]) -> dict[str, Counts]:
    named = {BEFORE: since.before, AFTER: since.after}
    named |= {str(days): attempt for days, attempt in since.later.items()}
    return {place: counts[key] for place, key in named.items() if key and key in counts}


def _person(since: SinceCourse, counts: Mapping[UUID, Counts]) -> Person:
    sittings = _sittings(since, counts)
    return Person(
        after=sittings.get(AFTER),
        later={days: sittings[str(days)] for days in since.later if str(days) in sittings},
        due=since.due,
    )
