"""Reports that come regularly: one mail each, at its time, in neutral words, to who may see it."""

from __future__ import annotations

import re
import smtplib
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client, override_settings

from course.models import AuditEntry, CohortMember, Membership
from course.roles import Role
from course.services import Refused
from modules.models import Mail, NoticePreference, ReportRecipient, ReportSchedule, ReportSending
from modules.reminders import MOST_TRIES
from modules.rhythm import LAST_DAY, Often
from modules.services import report_sending
from modules.services.forgetting import forget_person
from modules.services.mailing import Outcome
from modules.services.noticing import Wishes, save_wishes
from modules.services.report_planning import (
    KEEP,
    plan_sendings,
    possible_recipients,
    remove_old_sendings,
)
from modules.services.report_schedules import (
    Plan,
    change_schedule,
    make_schedule,
    set_paused,
    stop_schedule,
)
from modules.services.report_sending import (
    LEASE,
    MOST_TESTS,
    claim_batch,
    message_of,
    report_address,
    send_reports,
    send_test,
)
from modules.services.report_stopping import stop_token
from tests.course.race import at_once
from tests.personas import AT, World, make_membership, make_user, put_into

pytestmark = pytest.mark.django_db

# AT is Tuesday 24 November, 17:00 in Malaysia.
MONDAY = datetime(2026, 11, 30, 0, tzinfo=UTC)  # 8:00 of the next Monday in Malaysia
WEEK = timedelta(days=7)
HOUR = timedelta(hours=1)


def weekly(**changes: Any) -> Plan:
    values: dict[str, Any] = {
        "name": "Completion",
        "query": "",
        "often": Often.WEEKLY,
        "weekday": 0,
        "day": 1,
        "hour": 8,
    }
    return Plan(**(values | changes))


def with_mail(membership: Membership, *, asked: bool = True) -> Membership:
    membership.user.email = f"{membership.user.username}@example.org"
    membership.user.save()
    if asked:
        save_wishes(membership=membership, wishes=Wishes(mail=True), at=AT)
    return membership


def make(world: World, *people: Membership, **changes: Any) -> ReportSchedule:
    """A schedule of the administrator, who gets it too unless others are named."""
    owner = with_mail(world.harbour.administrator, asked=False)
    return make_schedule(actor=owner, plan=weekly(**changes), people=people or (owner,), at=AT)


def run(at: datetime) -> Outcome:
    plan_sendings(at=at)
    return send_reports(clock=lambda: at)


def mails() -> list[EmailMessage]:
    return mail.outbox  # type: ignore[no-any-return]


def rows(schedule: ReportSchedule) -> list[ReportSending]:
    found = ReportSending.objects.in_organization(schedule.organization_id)
    return list(found.filter(schedule_id=schedule.id).order_by("due", "id"))


# --- when ---------------------------------------------------------------------------------------


def test_it_comes_at_its_time_and_once(world: World) -> None:
    schedule = make(world)
    assert run(AT).sent == 0, "the Monday before it was made is not caught up with"
    assert run(MONDAY - timedelta(seconds=1)).sent == 0
    assert run(MONDAY).sent == 1
    assert run(MONDAY + HOUR).sent == 0
    assert run(MONDAY + WEEK).sent == 1
    assert [one.due for one in rows(schedule)] == [MONDAY, MONDAY + WEEK]


def test_a_month_without_a_run_is_one_mail(world: World) -> None:
    schedule = make(world)
    assert run(MONDAY + 4 * WEEK + HOUR).sent == 1
    assert [one.due for one in rows(schedule)] == [MONDAY + 4 * WEEK]


def test_what_waited_over_the_next_time_is_one_mail(world: World) -> None:
    """No server for three weeks: planned each week, and then the newest goes, alone."""
    schedule = make(world)
    for week in range(3):
        plan_sendings(at=MONDAY + week * WEEK)
    assert [one.mail for one in rows(schedule)] == [Mail.NONE, Mail.NONE, Mail.WAITING]
    assert run(MONDAY + 2 * WEEK + HOUR).sent == 1
    assert "as_of=2026-12-13" in mails()[0].body


def test_the_end_of_a_month_in_another_zone(world: World) -> None:
    with override_settings(KENALI_TIME_ZONE="Europe/Berlin"):
        make(world, often=Often.MONTHLY, day=LAST_DAY, hour=2)
        due = datetime(2027, 3, 31, 0, tzinfo=UTC)  # summer time has begun on the 28th
        assert run(due - timedelta(seconds=1)).sent == 1, "the one of February"
        assert run(due).sent == 1
        assert "as_of=2027-03-30" in mails()[1].body


def test_the_last_day_is_the_last(world: World) -> None:
    make(world, until=MONDAY.date())
    assert run(MONDAY).sent == 1
    assert run(MONDAY + WEEK).sent == 0
    with pytest.raises(Refused):
        make(world, until=date(2026, 11, 23))


def test_the_address_holds_the_filter_and_the_day_before(world: World) -> None:
    schedule = make(world, query="module=m1&only=expired")
    address = report_address(schedule, MONDAY)
    assert address.endswith("/reports/people/?module=m1&only=expired&as_of=2026-11-29")


# --- what the mail says -------------------------------------------------------------------------


def test_the_mail_says_nothing(world: World) -> None:
    place = world.harbour
    make(world, query=f"cohort={place.first_cohort.id}", name=f"{place.canary} numbers")
    run(MONDAY)
    (message,) = mails()
    assert message.to == [place.administrator.user.email]
    text = f"{message.subject}\n{message.body}\n{message.extra_headers}"
    text = re.sub(r"http\S+", "", text).lower()
    for word in (place.canary, "report", "complet", "traffick", "cohort", "learner", "course"):
        assert word not in text
    assert not re.search(r"\d+ (of|people|%)", text)
    assert place.canary not in message.body, "not in an address either"


def test_the_mail_is_in_the_language_of_who_gets_it(world: World) -> None:
    schedule = make(world)
    plan_sendings(at=MONDAY)
    (sending,) = rows(schedule)
    assert message_of(sending).subject == "Something is ready for you in Kenali"
    sending.membership.user.language = "ms"
    assert message_of(sending).extra_headers["Message-ID"].startswith(f"<{sending.id}@")


# --- who gets it --------------------------------------------------------------------------------


def lose(world: World, how: str, schedule: ReportSchedule, person: Membership) -> None:
    places = Membership.objects.filter(pk=person.pk)
    if how == "place":
        places.update(is_active=False)
    elif how == "role":
        places.update(role=Role.LEARNER.value)
    elif how == "account":
        person.user.is_active = False
        person.user.save()
    elif how == "address":
        person.user.email = ""
        person.user.save()
    elif how == "wish":
        save_wishes(membership=person, wishes=Wishes(mail=False), at=AT)
    elif how == "cohort":
        members = CohortMember.objects.filter(cohort=world.harbour.first_cohort)
        members.filter(membership_id=person.id).delete()
    else:
        Membership.objects.filter(pk=schedule.owner.pk).update(is_active=False)


LOSSES = ["place", "role", "account", "address", "wish", "cohort", "owner"]


@pytest.mark.parametrize("planned", [True, False], ids=["after planning", "before"])
@pytest.mark.parametrize("how", LOSSES)
def test_who_may_no_longer_see_it_gets_it_no_more(world: World, how: str, planned: bool) -> None:
    trainer = with_mail(world.harbour.trainer)
    schedule = make(world, trainer, query=f"cohort={world.harbour.first_cohort.id}")
    if planned:
        assert plan_sendings(at=MONDAY) == 1
    lose(world, how, schedule, trainer)
    outcome = run(MONDAY)
    assert (outcome.sent, outcome.dropped, mails()) == (0, int(planned), [])


def test_and_it_would_have_come(world: World) -> None:
    """The proof that the test above can fail."""
    trainer = with_mail(world.harbour.trainer)
    make(world, trainer, query=f"cohort={world.harbour.first_cohort.id}")
    assert run(MONDAY).sent == 1


def test_a_colleague_must_have_asked_for_mail_and_the_owner_has(world: World) -> None:
    trainer = with_mail(world.harbour.trainer, asked=False)
    make(world, world.harbour.administrator, trainer)
    assert run(MONDAY).sent == 1
    assert mails()[0].to == [world.harbour.administrator.user.email]
    save_wishes(membership=trainer, wishes=Wishes(mail=True), at=MONDAY)
    assert run(MONDAY + WEEK).sent == 2


def test_nobody_of_another_organisation_can_be_chosen(world: World) -> None:
    with pytest.raises(ValueError, match="Rows of different"):
        make(world, with_mail(world.lighthouse.trainer))


def test_who_can_be_chosen(world: World) -> None:
    """Administrators choose among all who open reports, trainers among those of their cohorts."""
    place = world.harbour

    class View:
        organization_id = place.organization.pk

        def __init__(self, one: Membership) -> None:
            self.membership_id, self.role = one.id, Role(one.role)

    other = make_membership(place.organization, make_user("t-two"), Role.TRAINER)
    paused = make_user("t-three")
    make_membership(place.organization, paused, Role.TRAINER, is_active=False)
    seen = {one.id for one in possible_recipients(View(place.administrator))}
    assert seen == {place.administrator.id, place.trainer.id, other.id}
    assert possible_recipients(View(place.trainer)) == [place.trainer]
    put_into(place.first_cohort, other)
    assert {one.id for one in possible_recipients(View(place.trainer))} == {
        place.trainer.id,
        other.id,
    }


def test_who_comes_later_does_not_get_what_was_before(world: World) -> None:
    trainer = with_mail(world.harbour.trainer)
    schedule = make(world)
    run(MONDAY)
    owner = world.harbour.administrator
    change_schedule(
        schedule=schedule, actor=owner, plan=weekly(), people=(owner, trainer), at=MONDAY + HOUR
    )
    assert run(MONDAY + 2 * HOUR).sent == 0
    assert run(MONDAY + WEEK).sent == 2


# --- changing -----------------------------------------------------------------------------------


def actions(world: World) -> list[str]:
    entries = AuditEntry.objects.in_organization(world.harbour.organization)
    return [one.action for one in entries.order_by("sequence")][1:]


def test_pause_change_and_stop_hold_back_what_waits(world: World) -> None:
    owner = world.harbour.administrator
    schedule = make(world)
    plan_sendings(at=MONDAY)
    set_paused(schedule=schedule, actor=owner, paused=True, at=MONDAY)
    set_paused(schedule=schedule, actor=owner, paused=True, at=MONDAY)
    assert run(MONDAY + WEEK).sent == 0
    set_paused(schedule=schedule, actor=owner, paused=False, at=MONDAY + WEEK + HOUR)
    assert run(MONDAY + WEEK + HOUR).sent == 0, "what passed in the pause is over"
    plan_sendings(at=MONDAY + 2 * WEEK)
    change_schedule(
        schedule=schedule,
        actor=owner,
        plan=weekly(hour=9),
        people=(owner,),
        at=MONDAY + 2 * WEEK + timedelta(minutes=1),
    )
    assert run(MONDAY + 2 * WEEK + timedelta(minutes=59)).sent == 0
    assert run(MONDAY + 2 * WEEK + HOUR).sent == 1
    plan_sendings(at=MONDAY + 3 * WEEK + HOUR)
    stop_schedule(schedule=schedule, actor=owner, at=MONDAY + 3 * WEEK + HOUR)
    stop_schedule(schedule=schedule, actor=owner, at=MONDAY + 3 * WEEK + HOUR)
    assert run(MONDAY + 4 * WEEK + HOUR).sent == 0
    with pytest.raises(Refused):
        set_paused(schedule=schedule, actor=owner, paused=True, at=MONDAY)
    assert actions(world) == [
        "report.schedule",
        "report.schedule_pause",
        "report.schedule_resume",
        "report.schedule_change",
        "report.schedule_stop",
    ]


def test_the_record_holds_ids_and_no_words(world: World) -> None:
    schedule = make(world, name="the secret name")
    owner = world.harbour.administrator
    change_schedule(
        schedule=schedule, actor=owner, plan=weekly(name="new", hour=9), people=(owner,), at=AT
    )
    entries = AuditEntry.objects.in_organization(schedule.organization_id)
    last = entries.order_by("-sequence").first()
    assert last is not None
    assert '"hour":8' in last.before.replace(" ", "")
    assert '"hour":9' in last.after.replace(" ", "")
    assert not entries.filter(after__contains="secret").exists()
    assert not entries.filter(before__contains="secret").exists()


def test_a_new_name_alone_is_kept(world: World) -> None:
    schedule, owner = make(world), world.harbour.administrator
    change_schedule(
        schedule=schedule, actor=owner, plan=weekly(name="other"), people=(owner,), at=AT
    )
    schedule.refresh_from_db()
    assert schedule.name == "other"


# --- the stop link ------------------------------------------------------------------------------


def test_the_stop_link_works_signed_out_and_for_one_person(world: World) -> None:
    trainer = with_mail(world.harbour.trainer)
    schedule = make(world, world.harbour.administrator, trainer)
    run(MONDAY)
    message = next(one for one in mails() if one.to == [trainer.user.email])
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    found = re.fullmatch(
        r"<http://[^/]+(/stop/report/[^/]+/)>", message.extra_headers["List-Unsubscribe"]
    )
    assert found is not None
    strict = Client(enforce_csrf_checks=True)
    assert strict.get(found[1]).status_code == 200
    assert run(MONDAY + WEEK).sent == 2, "looking stops nothing"
    plan_sendings(at=MONDAY + 2 * WEEK)
    assert strict.post(found[1], {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert strict.post(found[1]).status_code == 200
    assert run(MONDAY + 2 * WEEK).sent == 1
    assert mails()[-1].to == [world.harbour.administrator.user.email]
    assert actions(world).count("report.schedule_left") == 1
    assert NoticePreference.objects.of_person(trainer).get().mail, "reminders still come"
    # Choosing them again is not enough: only they can begin again.
    owner = world.harbour.administrator
    change_schedule(
        schedule=schedule, actor=owner, plan=weekly(hour=9), people=(owner, trainer), at=MONDAY
    )
    assert ReportRecipient.objects.of_person(trainer).get().stopped_at is not None
    change_schedule(
        schedule=schedule, actor=trainer, plan=weekly(), people=(owner, trainer), at=MONDAY
    )
    assert ReportRecipient.objects.of_person(trainer).get().stopped_at is None


def test_a_stop_link_cannot_be_made_up(world: World) -> None:
    schedule = make(world)
    token = stop_token(schedule, world.harbour.administrator.id)
    for spoilt in (token[:-1], token[1:], f"{token[:40]}0{token[41:]}", "x", token.upper()):
        if spoilt != token:
            assert Client().post(f"/stop/report/{spoilt}/").status_code == 404
    # One of another kind of mail, signed by us, is none either.
    from django.core import signing

    from modules.services.noticing import STOP_SALT

    other = signing.Signer(salt=STOP_SALT, sep=".").sign(token.partition(".")[0])
    assert Client().post(f"/stop/report/{other}/").status_code == 404
    recipient = ReportRecipient.objects.of_person(world.harbour.administrator).get()
    assert recipient.stopped_at is None
    assert Client().post(f"/stop/report/{token}/").status_code == 200


# --- a test -------------------------------------------------------------------------------------


def test_a_test_goes_to_oneself_only_and_is_counted(world: World) -> None:
    trainer = with_mail(world.harbour.trainer)
    schedule = make(world, trainer)
    owner = world.harbour.administrator
    with override_settings(KENALI_MAIL=True):
        for number in range(MOST_TESTS):
            at = AT + timedelta(seconds=number)
            assert send_test(schedule=schedule, membership=owner, at=at) == ""
        with pytest.raises(Refused):
            send_test(schedule=schedule, membership=owner, at=AT + timedelta(minutes=59))
        assert send_test(schedule=schedule, membership=owner, at=AT + 2 * HOUR) == ""
    assert {one.to[0] for one in mails()} == {owner.user.email}
    assert run(MONDAY).sent == 1, "tests take nothing away from the real one"
    assert mails()[-1].to == [trainer.user.email]


def test_a_test_needs_a_server_and_an_address(world: World) -> None:
    schedule, owner = make(world), world.harbour.administrator
    with pytest.raises(Refused, match="No mail server"):
        send_test(schedule=schedule, membership=owner, at=AT)
    owner.user.email = ""
    with override_settings(KENALI_MAIL=True), pytest.raises(Refused, match="your e-mail"):
        send_test(schedule=schedule, membership=owner, at=AT)
    assert rows(schedule) == []


# --- faults -------------------------------------------------------------------------------------


class Broken:
    """A mail server that fails in one way, at opening or at each message."""

    def __init__(self, *, at_open: Exception | None = None, at_send: Exception | None = None):
        self.at_open, self.at_send, self.connection = at_open, at_send, None

    def open(self) -> None:
        if self.at_open:
            raise self.at_open

    def close(self) -> None:
        """Nothing was open."""

    def send_messages(self, messages: list[Any]) -> int:
        if self.at_send:
            raise self.at_send
        return len(messages)


@pytest.fixture
def break_with(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    def broken(**faults: Exception) -> None:
        monkeypatch.setattr(report_sending, "get_connection", lambda: Broken(**faults))

    return broken


def test_a_server_that_is_down_loses_nothing(
    world: World, break_with: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    schedule = make(world)
    break_with(at_open=ConnectionRefusedError())
    for number in range(2 * MOST_TRIES):
        assert run(MONDAY + timedelta(minutes=number)).down == "ConnectionRefusedError"
    (sending,) = rows(schedule)
    assert (sending.mail, sending.tries, sending.lease) == (Mail.WAITING, 0, None)
    monkeypatch.undo()
    assert run(MONDAY + HOUR).sent == 1


def test_an_address_that_is_refused_is_given_up_and_not_kept(
    world: World, break_with: Callable[..., None]
) -> None:
    schedule = make(world)
    break_with(at_send=smtplib.SMTPRecipientsRefused({"a@b": (550, b"no such a@b")}))
    assert run(MONDAY).given_up == 1
    (sending,) = rows(schedule)
    assert (sending.mail, sending.last_error) == (Mail.DEAD, "SMTPRecipientsRefused 550")


def test_a_passing_fault_waits(world: World, break_with: Callable[..., None]) -> None:
    schedule = make(world)
    break_with(at_send=smtplib.SMTPRecipientsRefused({"a@b": (451, b"later")}))
    assert run(MONDAY).put_off == 1
    (sending,) = rows(schedule)
    assert sending.send_after == MONDAY + timedelta(minutes=5)


def test_a_test_that_fails_says_so_and_is_not_tried_again(
    world: World, break_with: Callable[..., None]
) -> None:
    schedule, owner = make(world), world.harbour.administrator
    with override_settings(KENALI_MAIL=True):
        break_with(at_open=ConnectionRefusedError())
        fault = send_test(schedule=schedule, membership=owner, at=AT)
        assert fault == "ConnectionRefusedError"
        break_with(at_send=smtplib.SMTPDataError(554, b"spam from owner@x"))
        fault = send_test(schedule=schedule, membership=owner, at=AT + HOUR)
        assert fault == "SMTPDataError 554"
    assert {one.mail for one in rows(schedule)} == {Mail.DEAD}
    assert claim_batch(world.harbour.organization, at=AT + 2 * LEASE) == []


def test_a_killed_sender_lets_go_when_its_lease_runs_out(world: World) -> None:
    schedule = make(world)
    plan_sendings(at=MONDAY)
    (mine,) = claim_batch(world.harbour.organization, at=MONDAY)
    assert claim_batch(world.harbour.organization, at=MONDAY) == []
    assert run(MONDAY + LEASE - timedelta(seconds=1)).sent == 0
    assert run(MONDAY + LEASE).sent == 1
    # The first sender wakes up: its lease is gone, so it may not write how it ended.
    assert not report_sending._end(mine, mail=Mail.DEAD.value)
    assert rows(schedule)[0].mail == Mail.SENT


def test_a_mail_that_kills_its_sender_is_given_up(world: World) -> None:
    schedule = make(world)
    plan_sendings(at=MONDAY)
    at = MONDAY
    for _number in range(MOST_TRIES):
        assert len(claim_batch(world.harbour.organization, at=at)) == 1
        at += LEASE
    assert run(at).given_up == 1
    assert rows(schedule)[0].mail == Mail.DEAD


@pytest.mark.django_db(transaction=True)
@pytest.mark.sqlite
def test_two_runs_at_once_send_each_mail_once(world: World) -> None:
    people = []
    for number in range(70):  # more than a batch
        member = make_membership(world.harbour.organization, make_user(f"s-{number}"), Role.TRAINER)
        people.append(with_mail(member))
    for start in (0, 35):
        make(world, *people[start : start + 35])
    runs = at_once(lambda: run(MONDAY), lambda: run(MONDAY), refusals=())
    assert sum(one.sent for one in runs if isinstance(one, Outcome)) == 70
    assert len({one.to[0] for one in mails()}) == len(mails()) == 70


def test_old_mails_are_forgotten_and_waiting_ones_kept(world: World) -> None:
    schedule = make(world)
    run(MONDAY)
    plan_sendings(at=MONDAY + WEEK)
    assert remove_old_sendings(at=MONDAY + KEEP) == 0
    assert remove_old_sendings(at=MONDAY + KEEP + timedelta(days=30)) == 1
    assert [one.mail for one in rows(schedule)] == [Mail.WAITING]


def test_planning_costs_the_same_whatever_the_number(world: World, queries: Any) -> None:
    counted = []
    for number in (2, 10):
        for each in range(number):
            person = make_membership(
                world.harbour.organization, make_user(f"p{number}-{each}"), Role.TRAINER
            )
            make(world, with_mail(person), world.harbour.administrator)
        with queries() as count:
            made = plan_sendings(at=MONDAY if number == 2 else MONDAY + WEEK)
        assert made == 2 * (2 if number == 2 else 12)
        assert send_reports(clock=lambda: MONDAY + WEEK).sent == made
        counted += count
    assert counted[0] == counted[1]


def test_who_is_erased_gets_nothing_and_is_in_no_list(world: World) -> None:
    trainer = with_mail(world.harbour.trainer)
    schedule = make(world, world.harbour.administrator, trainer)
    plan_sendings(at=MONDAY)
    forget_person(trainer, at=MONDAY)
    assert {one.membership_id for one in rows(schedule)} == {world.harbour.administrator.id}
    assert not ReportRecipient.objects.of_person(trainer).exists()
    assert run(MONDAY).sent == 1
