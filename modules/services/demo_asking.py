"""What the made-up trainers have asked of their cohorts: one thing due soon, one overdue."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from course.models import Cohort, Membership, Organization
from course.roles import Role
from quizzes.days import day_of, last_instant
from quizzes.models import Assignment, Target
from quizzes.services.assigning import Ask, assign

FIRST_MODULE: Final = "foundations"


def seed_assignments(organizations: Sequence[Organization], *, at: datetime) -> None:
    """Ask the two cohorts of each organisation for something. Safe to repeat."""
    for organization in organizations:
        if Assignment.objects.in_organization(organization).exists():
            continue
        staff = Membership.objects.in_organization(organization)
        trainer = staff.filter(role=Role.TRAINER.value).first()
        administrator = staff.filter(role=Role.ADMINISTRATOR.value).first()
        cohorts = list(Cohort.objects.in_organization(organization).order_by("created_at", "name"))
        if trainer is None or administrator is None:
            continue
        mine = [one for one in cohorts if one.members.filter(membership_id=trainer.id).exists()]
        others = [one for one in cohorts if one not in mine]
        soon = last_instant(day_of(at + timedelta(days=21)))
        course = Ask(target=Target.COURSE, due_at=soon, message="Take your time, a lesson a day.")
        assign(ask=course, cohorts=mine, actor=trainer, at=at)
        before, due = at - timedelta(days=30), last_instant(day_of(at - timedelta(days=9)))
        module = Ask(target=Target.MODULE, key=FIRST_MODULE, due_at=due)
        assign(ask=module, cohorts=others, actor=administrator, at=before)
