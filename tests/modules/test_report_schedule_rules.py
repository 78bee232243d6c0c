"""Who gets a regular report when its filter, owner, name or people changed; a test that broke."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import override_settings

from course.models import AuditEntry, Membership
from course.roles import Role
from modules.models import Mail, ReportSchedule
from modules.outline import Outline
from modules.reports.asking import Nowhere
from modules.reports.schedules import read_rows
from modules.rhythm import Often
from modules.services import report_sending
from modules.services.erasing import erase_somebody
from modules.services.report_planning import (
    IN_NONE,
    KEEP,
    looker,
    plan_sendings,
    remove_old_sendings,
)
from modules.services.report_schedules import change_schedule, make_schedule
from modules.services.report_sending import LEASE, send_test, waiting_reports
from tests.modules.test_report_sending import (
    HOUR,
    MONDAY,
    WEEK,
    mails,
    make,
    rows,
    run,
    weekly,
    with_mail,
)
from tests.personas import AT, TRAINER, World

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


# --- what it shows ------------------------------------------------------------------------------


@pytest.mark.parametrize("query", ["cohort=none", "office=none", "cohort=none&office=none"])
def test_those_in_none_are_told_of_to_who_sees_everybody(world: World, query: str) -> None:
    make(world, query=query)
    assert run(MONDAY).sent == 1
    assert query in mails()[0].body


def test_those_in_no_cohort_are_nothing_to_a_trainer(world: World) -> None:
    """Their report would be empty for good, as trainers see those of their cohorts."""
    trainer = with_mail(world.harbour.trainer)
    make(world, trainer, world.harbour.administrator, query="cohort=none")
    assert run(MONDAY).sent == 1
    assert mails()[0].to == [world.harbour.administrator.user.email]
    # Whoever was an administrator when they set it up reads why nothing comes.
    trainer.role = Role.ADMINISTRATOR.value
    kept = make_schedule(actor=trainer, plan=weekly(query="cohort=none"), people=(trainer,), at=AT)
    told = world.client(TRAINER).get(f"/reports/schedules/{kept.id}/").content.decode()
    assert "so nobody is in none of them" in told


def test_the_word_for_none_is_that_of_the_report() -> None:
    assert IN_NONE == Nowhere.NONE


# --- a change after the hour and before the mail ------------------------------------------------


def change(world: World, schedule: ReportSchedule, at: datetime, **changes: Any) -> None:
    """By the administrator, who goes on getting it."""
    owner = world.harbour.administrator
    people = changes.pop("people", (owner,))
    change_schedule(schedule=schedule, actor=owner, plan=weekly(**changes), people=people, at=at)


CHANGES: list[dict[str, Any]] = [{"name": "other"}, {"weekday": 3}, {"often": Often.MONTHLY}]


@pytest.mark.parametrize("planned", [True, False], ids=["planned", "not yet"])
@pytest.mark.parametrize("changes", CHANGES, ids=str)
def test_what_came_due_before_a_change_still_goes(
    world: World, changes: dict[str, Any], planned: bool
) -> None:
    schedule = make(world)
    if planned:
        plan_sendings(at=MONDAY)
    change(world, schedule, MONDAY + MINUTE, **changes)
    assert run(MONDAY + 2 * MINUTE).sent == 1
    assert "as_of=2026-11-29" in mails()[0].body
    assert run(MONDAY + 3 * MINUTE).sent == 0


@pytest.mark.parametrize("planned", [True, False], ids=["planned", "not yet"])
def test_a_later_hour_of_the_same_day_is_one_mail(world: World, planned: bool) -> None:
    schedule = make(world)
    if planned:
        plan_sendings(at=MONDAY)
    change(world, schedule, MONDAY + MINUTE, hour=9)
    assert run(MONDAY + 2 * MINUTE).sent == 0
    assert run(MONDAY + HOUR).sent == 1


def test_another_filter_is_not_sent_before_its_time(world: World) -> None:
    schedule = make(world)
    plan_sendings(at=MONDAY)
    change(world, schedule, MONDAY + MINUTE, query="module=m1")
    assert run(MONDAY + 2 * MINUTE).sent == 0
    assert run(MONDAY + WEEK).sent == 1


def test_who_was_taken_out_after_the_hour_gets_nothing_and_who_came_neither(world: World) -> None:
    trainer, owner = with_mail(world.harbour.trainer), world.harbour.administrator
    schedule = make(world)
    change(world, schedule, MONDAY + MINUTE, people=(trainer,))
    assert run(MONDAY + 2 * MINUTE).sent == 0
    assert run(MONDAY + WEEK).sent == 1
    assert mails()[0].to == [trainer.user.email] != [owner.user.email]


def test_a_rename_is_recorded_and_moves_nothing(world: World) -> None:
    schedule = make(world)
    change(world, schedule, MONDAY, name="other")
    schedule.refresh_from_db()
    assert (schedule.name, schedule.changed_at) == ("other", AT)
    entries = AuditEntry.objects.in_organization(schedule.organization_id)
    assert entries.filter(action="report.schedule_change").count() == 1
    change(world, schedule, MONDAY, name="other")
    assert entries.filter(action="report.schedule_change").count() == 1


# --- an owner who is gone -----------------------------------------------------------------------


@pytest.fixture
def orphan(world: World) -> ReportSchedule:
    """Set up by a trainer, who gets it with the administrator."""
    owner, other = with_mail(world.harbour.trainer), with_mail(world.harbour.administrator)
    return make_schedule(actor=owner, plan=weekly(), people=(owner, other), at=AT)


def demote(person: Membership, _world: World) -> None:
    Membership.objects.filter(pk=person.pk).update(role=Role.LEARNER.value)


def pause(person: Membership, _world: World) -> None:
    Membership.objects.filter(pk=person.pk).update(is_active=False)


def erase(person: Membership, world: World) -> None:
    erase_somebody(membership=person, actor=world.harbour.administrator, at=AT)


@pytest.mark.parametrize("lose", [demote, pause, erase])
def test_a_report_without_an_owner_says_so_and_can_be_taken_over(
    world: World, small_course: Outline, orphan: ReportSchedule, lose: Any
) -> None:
    client, here = world.client("administrator"), f"/reports/schedules/{orphan.id}/"
    said, heir = "no longer opens reports", world.harbour.administrator
    for page in ("/reports/schedules/", here):
        assert said not in client.get(page).content.decode()
    lose(world.harbour.trainer, world)
    for page in ("/reports/schedules/", here):
        text = client.get(page).content.decode()
        assert said in text
        assert "pill" not in text, "neither over nor paused"
    (row,) = read_rows(looker(heir), at=AT)
    assert (row.next_at, row.is_over, row.people) == (None, False, (heir.user.shown_name,))
    assert run(MONDAY).sent == 0
    change(world, orphan, MONDAY + MINUTE)  # the button “Save”
    orphan.refresh_from_db()
    assert orphan.owner_id == heir.id
    entries = AuditEntry.objects.in_organization(orphan.organization_id)
    entry = entries.get(action="report.schedule_change")
    assert str(world.harbour.trainer.id) in entry.before
    assert json.loads(entry.after)["owner"] == str(heir.id)
    assert said not in client.get(here).content.decode()
    assert run(MONDAY + HOUR).sent == 0, "what passed while nobody owned it is over"
    assert run(MONDAY + WEEK).sent == 1


def test_an_owner_who_is_there_stays_the_owner(world: World, orphan: ReportSchedule) -> None:
    change(world, orphan, AT + HOUR, hour=9)
    orphan.refresh_from_db()
    assert orphan.owner_id == world.harbour.trainer.id


# --- a test -------------------------------------------------------------------------------------


class Killed(BaseException):
    """The machine goes off between the mail and the word that it went."""


def test_a_test_that_broke_off_is_never_taken_up(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    schedule, owner = make(world), world.harbour.administrator

    def die(*_args: object, **_changes: object) -> bool:
        raise Killed

    monkeypatch.setattr(report_sending, "_end", die)
    with override_settings(KENALI_MAIL=True), pytest.raises(Killed):
        send_test(schedule=schedule, membership=owner, at=AT)
    monkeypatch.undo()
    assert len(mails()) == 1
    (left,) = rows(schedule)
    assert (left.mail, left.is_test) == (Mail.WAITING, True)
    later = AT + 2 * LEASE
    assert waiting_reports(at=later) == 0
    outcome = run(later)
    assert (outcome.sent, outcome.dropped, outcome.given_up, len(mails())) == (0, 0, 0, 1)
    # It waits for nothing, so it is forgotten with those that went.
    assert remove_old_sendings(at=AT + KEEP + timedelta(days=1)) == 1
