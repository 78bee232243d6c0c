"""What the tests of reminders share: times, an assignment, somebody who wants mail."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from course.models import Membership
from modules.models import (
    Completion,
    Notice,
)
from modules.services import reminding
from modules.services.noticing import Wishes, save_wishes
from modules.services.planning import plan_notices
from modules.services.reminding import send_waiting
from quizzes.models import Assignment, Late, Target
from tests.personas import AT, World

NOON = AT.replace(hour=4)  # 12:00 in Malaysia
NIGHT = AT.replace(hour=15)  # 23:00
MORNING = datetime(2026, 11, 25, 0, 0, tzinfo=UTC)  # 8:00 of the next day
DAY = timedelta(days=1)


def assign(world: World, *, due_at: datetime | None, **changes: Any) -> Assignment:
    """A module for the first cohort, where the learner is."""
    place = world.harbour
    values = {
        "organization": place.organization,
        "target_kind": Target.MODULE.value,
        "target_key": "m1",
        "cohort_id": place.first_cohort.id,
        "due_at": due_at,
        "late": Late.ACCEPT.value,
        "assigned_by_id": place.trainer.id,
        "assigned_at": AT - 20 * DAY,
    }
    assignment: Assignment = Assignment.objects.create(**(values | changes))
    return assignment


def wants_mail(membership: Membership, **changes: Any) -> None:
    membership.user.email = f"{membership.user.username}@example.org"
    membership.user.save()
    save_wishes(membership=membership, wishes=Wishes(mail=True, **changes), at=AT)


def told(membership: Membership) -> list[Notice]:
    return list(Notice.objects.of_person(membership).order_by("made_at", "id"))


def kinds(membership: Membership) -> list[str]:
    return [one.kind for one in told(membership)]


def send(at: datetime) -> reminding.Outcome:
    return send_waiting(clock=lambda: at)


def complete(membership: Membership, at: datetime) -> None:
    from course.framework.loading import current_release_id

    Completion.objects.create(
        organization_id=membership.organization_id,
        membership_id=membership.id,
        scope="module",
        key="m1",
        completed_at=at,
        rule={},
        facts={},
        release_id=current_release_id(),
    )


def one_waiting(world: World) -> Notice:
    """The learner's mail that waits, at noon."""
    wants_mail(world.harbour.learner)
    assign(world, due_at=NOON + 2 * DAY)
    plan_notices(at=NOON)
    (notice,) = told(world.harbour.learner)
    return notice
