"""What people are told and when, and what takes it back."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

import pytest

from course.models import Cohort, Membership
from course.roles import Role
from modules.models import Certificate, Completion, Cycle, Mail, Notice, NoticeKind
from modules.outline import Outline
from modules.services import planning
from modules.services.noticing import Wishes, save_wishes
from modules.services.planning import plan_notices
from quizzes.models import AssignmentException
from tests.modules.reminded import (
    DAY,
    MORNING,
    NIGHT,
    NOON,
    assign,
    complete,
    kinds,
    send,
    told,
    wants_mail,
)
from tests.personas import AT, World, make_membership, make_user, put_into

pytestmark = pytest.mark.django_db
Queries = Callable[[], AbstractContextManager[list[int]]]


# --- planning -----------------------------------------------------------------------------------


def test_a_date_is_told_before_and_on_the_day_once_each(
    world: World, small_course: Outline
) -> None:
    learner = world.harbour.learner
    due = NOON + 5 * DAY
    assign(world, due_at=due)
    assert plan_notices(at=NOON).made == 0
    assert plan_notices(at=due - 3 * DAY).made == 1
    assert plan_notices(at=due - 2 * DAY).made == 0
    assert kinds(learner) == ["due_soon"]
    assert plan_notices(at=due - timedelta(hours=5)).made == 1
    assert kinds(learner) == ["due_soon", "due_today"]
    soon, today = told(learner)
    assert soon.closed_at is not None, "one line about one thing"
    assert today.closed_at is None
    assert today.facts == {"target": "module", "key": "m1", "due_at": due.isoformat()}


def test_nobody_is_told_twice_what_was_assigned_twice(world: World, small_course: Outline) -> None:
    assign(world, due_at=NOON + DAY)
    assign(world, due_at=NOON + 2 * DAY, cohort_id=None, membership_id=world.harbour.learner.id)
    plan_notices(at=NOON)
    (one,) = told(world.harbour.learner)
    assert one.facts["due_at"] == (NOON + 2 * DAY).isoformat(), "the milder date counts"


def test_what_is_done_closes_its_notice_and_its_mail(world: World, small_course: Outline) -> None:
    learner = world.harbour.learner
    wants_mail(learner)
    assign(world, due_at=NOON + 2 * DAY)
    plan_notices(at=NIGHT)
    assert [one.mail for one in told(learner)] == [Mail.WAITING]
    complete(learner, NIGHT)
    assert plan_notices(at=MORNING).closed == 1
    (one,) = told(learner)
    assert (one.mail, one.closed_at) == (Mail.NONE, MORNING)
    assert send(MORNING).sent == 0


def test_a_new_round_asks_again(world: World, small_course: Outline) -> None:
    learner = world.harbour.learner
    complete(learner, AT - 100 * DAY)
    assign(world, due_at=NOON + 2 * DAY)
    assert plan_notices(at=NOON).made == 0
    Cycle.objects.create(
        organization_id=learner.organization_id,
        membership_id=learner.id,
        number=2,
        opened_at=AT - 10 * DAY,
    )
    assert plan_notices(at=NOON).made == 1


@pytest.mark.parametrize("change", [{"excused": True}, {"due_at": NOON + 30 * DAY}])
def test_an_exception_takes_the_reminder_away(
    change: dict[str, Any], world: World, small_course: Outline
) -> None:
    learner = world.harbour.learner
    assignment = assign(world, due_at=NOON + 2 * DAY)
    plan_notices(at=NOON)
    AssignmentException.objects.create(
        organization=world.harbour.organization,
        assignment_id=assignment.id,
        membership_id=learner.id,
        set_by_id=world.harbour.trainer.id,
        set_at=NOON,
        **change,
    )
    plan_notices(at=NOON + timedelta(hours=1))
    (one,) = told(learner)
    assert one.closed_at is not None


def test_a_pause_keeps_everything_away_until_its_day(world: World, small_course: Outline) -> None:
    learner = world.harbour.learner
    assign(world, due_at=NOON + 2 * DAY)
    save_wishes(membership=learner, wishes=Wishes(paused_until=(NOON + DAY).date()), at=NOON)
    assert plan_notices(at=NOON).made == 0
    assert plan_notices(at=NOON + DAY).made == 1


def test_a_paused_place_is_told_nothing(world: World, small_course: Outline) -> None:
    assign(world, due_at=NOON + 2 * DAY)
    Membership.objects.filter(pk=world.harbour.learner.pk).update(is_active=False)
    assert plan_notices(at=NOON).made == 0


def test_a_dry_run_counts_and_changes_nothing(world: World, small_course: Outline) -> None:
    wants_mail(world.harbour.learner)
    assign(world, due_at=NOON + 2 * DAY)
    looked = plan_notices(at=NOON, dry_run=True)
    assert (looked.made, looked.mails) == (1, 1)
    assert told(world.harbour.learner) == []
    assert plan_notices(at=NOON).made == 1


def test_a_notice_that_another_machine_just_made_is_made_once(
    world: World, small_course: Outline, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = planning.notice_from

    def other_machine_first(*arguments: Any, **named: Any) -> Notice:
        real(*arguments, **named).save(force_insert=True)
        return real(*arguments, **named)

    monkeypatch.setattr(planning, "notice_from", other_machine_first)
    assign(world, due_at=NOON + 2 * DAY)
    plan_notices(at=NOON)
    assert kinds(world.harbour.learner) == ["due_soon"]


def test_old_notices_go_after_half_a_year(world: World, small_course: Outline) -> None:
    assign(world, due_at=NOON + 2 * DAY)
    plan_notices(at=NOON)
    assert plan_notices(at=NOON + 179 * DAY).removed == 0
    assert plan_notices(at=NOON + 181 * DAY).removed == 1
    # What the trainer was told of the passed date is younger.
    assert kinds(world.harbour.learner) == []


# --- trainers -----------------------------------------------------------------------------------


def test_trainers_get_one_digest_a_day_when_somebody_new_is_late(
    world: World, small_course: Outline
) -> None:
    place = world.harbour
    second = make_membership(place.organization, make_user("late-one"))
    put_into(place.first_cohort, second)
    assign(world, due_at=NOON - DAY)
    for hours in (0, 1, 2):
        plan_notices(at=NOON + timedelta(hours=hours))
    (digest,) = told(place.trainer)
    assert digest.kind == NoticeKind.OVERDUE
    assert digest.facts == {"cohorts": {str(place.first_cohort.id): 2}, "people": 2}
    plan_notices(at=NOON + DAY)
    assert len(told(place.trainer)) == 1, "nothing new, no nagging"
    assign(world, due_at=NOON + DAY, target_key="m2")
    plan_notices(at=NOON + 2 * DAY)
    first, newer = told(place.trainer)
    assert first.closed_at is not None
    assert newer.facts["people"] == 2
    assert kinds(place.administrator) == [], "only who looks after the cohort"
    assert kinds(world.lighthouse.trainer) == []


def test_a_digest_ends_when_everybody_has_caught_up(world: World, small_course: Outline) -> None:
    place = world.harbour
    assign(world, due_at=NOON - DAY)
    plan_notices(at=NOON)
    complete(place.learner, NOON)
    plan_notices(at=NOON + timedelta(hours=1))
    (digest,) = told(place.trainer)
    assert digest.closed_at is not None


def test_people_of_a_cohort_somebody_else_looks_after_are_not_counted(
    world: World, small_course: Outline
) -> None:
    place = world.harbour
    assign(world, due_at=NOON - DAY, cohort_id=place.second_cohort.id)
    plan_notices(at=NOON)
    assert told(place.trainer) == []
    put_into(place.second_cohort, place.trainer)
    plan_notices(at=NOON)
    (digest,) = told(place.trainer)
    assert digest.facts["cohorts"] == {str(place.second_cohort.id): 1}


def test_planning_takes_the_same_queries_for_many_people(
    world: World, small_course: Outline, queries: Queries
) -> None:
    assign(world, due_at=NOON + 2 * DAY)
    plan_notices(at=NOON)  # what is published is then in memory
    numbers = []
    for size in (3, 40):
        for number in range(size):
            user = make_user(f"many-{size}-{number}")
            put_into(world.harbour.first_cohort, make_membership(world.harbour.organization, user))
        with queries() as counted:
            planned = plan_notices(at=NOON)
        assert planned.made >= size
        numbers.append(counted[0])
    assert numbers[0] == numbers[1]


def test_people_beyond_the_first_group_are_told_too(
    world: World, small_course: Outline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "GROUP", 2)
    cohort: Cohort = world.harbour.first_cohort
    for number in range(5):
        put_into(cohort, make_membership(world.harbour.organization, make_user(f"g-{number}")))
    assign(world, due_at=NOON + 2 * DAY)
    assert plan_notices(at=NOON).made == 6


# --- certificates and refreshers ----------------------------------------------------------------


def test_a_certificate_that_ends_is_told_in_three_steps(
    world: World, small_course: Outline
) -> None:
    learner = world.harbour.learner
    complete(learner, AT)
    fact = Completion.objects.of_person(learner).get()
    ends = NOON + 100 * DAY
    Certificate.objects.create(
        organization_id=learner.organization_id,
        membership_id=learner.id,
        completion_id=fact.id,
        cycle=1,
        number=1,
        issued_at=AT,
        expires_at=ends,
        document={},
    )
    for days in range(100, -2, -1):
        plan_notices(at=ends - days * DAY)
    rows = told(learner)
    assert [(ends - one.made_at).days for one in rows] == [90, 60, 30]
    assert {one.kind for one in rows} == {NoticeKind.CERTIFICATE}
    assert all(one.closed_at is not None for one in rows), "one at a time, none after the end"


def test_what_comes_back_is_told_once_a_week(
    world: World, small_course: Outline, monkeypatch: pytest.MonkeyPatch
) -> None:
    learner, due = world.harbour.learner, {"number": 3}

    def counts(people: list[Membership], *, at: datetime) -> dict[Any, int]:
        return {one.id: due["number"] if one.id == learner.id else 0 for one in people}

    monkeypatch.setattr(planning, "due_counts", counts)
    for days in range(15):
        plan_notices(at=NOON + days * DAY)
    assert [(one.made_at - NOON).days for one in told(learner)] == [0, 7, 14]
    assert len([one for one in told(learner) if one.closed_at is None]) == 1
    due["number"] = 0
    plan_notices(at=NOON + 15 * DAY)
    assert all(one.closed_at is not None for one in told(learner))


def test_mail_is_off_until_it_is_asked_for(world: World, small_course: Outline) -> None:
    learner = world.harbour.learner
    learner.user.email = "mel@example.org"
    learner.user.save()
    assign(world, due_at=NOON + 2 * DAY)
    assert plan_notices(at=NOON).mails == 0


def test_roles_other_than_learner_are_not_asked_for_what_their_cohort_has(
    world: World, small_course: Outline
) -> None:
    assert world.harbour.trainer.role == Role.TRAINER
    assign(world, due_at=NOON + 2 * DAY)
    plan_notices(at=NOON)
    assert told(world.harbour.trainer) == []
