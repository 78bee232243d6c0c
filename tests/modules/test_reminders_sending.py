"""Mails leave once, at the right hour, in neutral words, and survive every fault."""

from __future__ import annotations

import re
import smtplib
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client, override_settings
from django.utils import timezone

from course.models import Membership
from modules.models import (
    Mail,
    Notice,
    NoticeKind,
    NoticePreference,
)
from modules.outline import Outline
from modules.reminders import MOST_TRIES
from modules.services import reminding
from modules.services.noticing import Wishes, save_wishes, stop_token
from modules.services.planning import plan_notices
from modules.services.reminding import LEASE, claim_batch, message_of
from tests.course.race import at_once
from tests.modules.reminded import (
    DAY,
    MORNING,
    NIGHT,
    NOON,
    assign,
    one_waiting,
    send,
    told,
    wants_mail,
)
from tests.personas import AT, World, make_membership, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(world: World, small_course: Outline) -> Notice:
    """The learner's mail that waits, at noon."""
    return one_waiting(world)


# --- sending ------------------------------------------------------------------------------------


def test_a_mail_is_sent_once_and_says_nothing(waiting: Notice, world: World) -> None:
    assert send(NOON).sent == 1
    assert send(NOON + timedelta(hours=1)).sent == 0
    (message,) = mail.outbox
    assert message.to == ["harbour-learner@example.org"]
    stop = message.extra_headers["List-Unsubscribe"].strip("<>")
    text = f"{message.subject}\n{message.body}\n{message.extra_headers}".replace(stop, "")
    for word in ("canary", "m1", "module", "due", "traffick", "harbour house", "cohort"):
        assert word not in text.replace("harbour-learner", "").lower()
    waiting.refresh_from_db()
    assert (waiting.mail, waiting.sent_at, waiting.tries) == (Mail.SENT, NOON, 1)
    assert (waiting.lease, waiting.leased_until) == (None, None)


def test_several_things_for_one_person_are_one_mail(world: World, small_course: Outline) -> None:
    learner = world.harbour.learner
    wants_mail(learner)
    for key in ("m1", "m2", "m3"):
        assign(world, due_at=NOON + 2 * DAY, target_key=key)
    assert plan_notices(at=NOON).mails == 3
    assert len(claim_batch(world.harbour.organization, at=NOON - timedelta(minutes=1))) == 0
    assert len(claim_batch(world.harbour.organization, at=NOON)) == 1
    assert claim_batch(world.harbour.organization, at=NOON) == [], "no second one beside it"
    assert send(NOON + LEASE).sent == 1
    assert {one.mail for one in told(learner)} == {Mail.SENT}
    assert len(mail.outbox) == 1


def test_what_cannot_be_sent_keeps_the_others_of_the_person_back(
    world: World, small_course: Outline, break_with: Callable[..., None]
) -> None:
    learner = world.harbour.learner
    wants_mail(learner)
    for key in ("m1", "m2"):
        assign(world, due_at=NOON + 2 * DAY, target_key=key)
    plan_notices(at=NOON)
    break_with(at_send=smtplib.SMTPRecipientsRefused({"a@b": (451, b"later")}))
    assert send(NOON).put_off == 1
    assert {one.send_after for one in told(learner)} == {NOON + timedelta(minutes=5)}


def test_the_same_words_for_every_kind(waiting: Notice) -> None:
    bodies = set()
    for kind in NoticeKind:
        waiting.kind = kind.value
        message = message_of(waiting)
        bodies.add((message.subject, message.body))
    assert len(bodies) == 1


def test_a_mail_can_be_stopped_by_the_mail_program(waiting: Notice, world: World) -> None:
    send(NOON)
    headers = mail.outbox[0].extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = re.fullmatch(r"<http://127\.0\.0\.1:\d+(/stop/[^/]+/)>", headers["List-Unsubscribe"])
    assert address is not None
    strict = Client(enforce_csrf_checks=True)
    assert strict.get(address[1]).status_code == 200
    assert NoticePreference.objects.get(pk__in=[preference_pk(world)]).mail
    answer = strict.post(address[1], {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert not NoticePreference.objects.get(pk__in=[preference_pk(world)]).mail
    assert strict.post(address[1]).status_code == 200


def preference_pk(world: World) -> Any:
    rows = NoticePreference.objects.in_organization(world.harbour.organization)
    return rows.get(membership_id=world.harbour.learner.id).pk


def test_a_stop_link_stops_its_person_only_and_cannot_be_made_up(
    waiting: Notice, world: World
) -> None:
    wants_mail(world.lighthouse.learner)
    token = stop_token(waiting)
    for spoilt in (token[:-1], token[1:], f"{token[:10]}0{token[11:]}", "x", token.upper()):
        if spoilt != token:
            assert Client().post(f"/stop/{spoilt}/").status_code == 404
    assert Client().post(f"/stop/{token}/").status_code == 200
    waiting.refresh_from_db()
    assert waiting.mail == Mail.NONE
    other = NoticePreference.objects.in_organization(world.lighthouse.organization).get()
    assert other.mail


def test_nights_are_kept_also_when_the_wish_came_late(waiting: Notice, world: World) -> None:
    assert send(NIGHT).put_off == 1
    waiting.refresh_from_db()
    assert (waiting.send_after, waiting.tries) == (MORNING, 0)
    assert send(MORNING - timedelta(seconds=1)).sent == 0
    assert send(MORNING).sent == 1


@pytest.mark.parametrize("reason", ["no address", "no wish", "paused", "seen", "gone", "closed"])
def test_a_mail_that_is_no_longer_wanted_is_dropped(
    reason: str, waiting: Notice, world: World
) -> None:
    learner = world.harbour.learner
    rows = NoticePreference.objects.in_organization(learner.organization_id)
    if reason == "no address":
        learner.user.email = ""
        learner.user.save()
    elif reason == "no wish":
        rows.update(mail=False)
    elif reason == "paused":
        rows.update(paused_until=(NOON + DAY).date())
    elif reason == "gone":
        Membership.objects.filter(pk=learner.pk).update(is_active=False)
    else:
        name = "seen_at" if reason == "seen" else "closed_at"
        Notice.objects.filter(pk=waiting.pk).update(**{name: NOON})
    outcome = send(NOON)
    assert (outcome.dropped, outcome.sent, mail.outbox) == (1, 0, [])


def test_people_without_an_address_are_told_in_the_app(world: World, small_course: Outline) -> None:
    save_wishes(membership=world.harbour.learner, wishes=Wishes(mail=True), at=AT)
    assign(world, due_at=NOON + 2 * DAY)
    assert plan_notices(at=NOON).mails == 0
    assert [one.mail for one in told(world.harbour.learner)] == [Mail.NONE]
    assert send(NOON).sent == 0


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
    """Puts such a server in place."""

    def broken(**faults: Exception) -> None:
        monkeypatch.setattr(reminding, "get_connection", lambda: Broken(**faults))

    return broken


def test_a_server_that_is_down_loses_nothing(
    waiting: Notice, break_with: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    for run in range(3 * MOST_TRIES):
        break_with(at_open=ConnectionRefusedError())
        outcome = send(NOON + timedelta(minutes=run))
        assert outcome.down == "ConnectionRefusedError"
        assert outcome.given_up == 0
    waiting.refresh_from_db()
    assert (waiting.mail, waiting.tries, waiting.lease) == (Mail.WAITING, 0, None)
    monkeypatch.undo()
    assert send(NOON + timedelta(hours=1)).sent == 1


@pytest.mark.parametrize(
    ("fault", "tries"),
    [
        (smtplib.SMTPServerDisconnected("bye"), 1),
        (TimeoutError(), 1),
        (smtplib.SMTPSenderRefused(550, b"not you", "kenali@x"), 0),
        (smtplib.SMTPResponseException(421, b"closing"), 0),
    ],
)
def test_a_fault_of_the_server_stops_the_run(
    fault: Exception, tries: int, waiting: Notice, break_with: Callable[..., None]
) -> None:
    break_with(at_send=fault)
    assert send(NOON).down.startswith(type(fault).__name__)
    waiting.refresh_from_db()
    assert (waiting.mail, waiting.tries, waiting.lease) == (Mail.WAITING, tries, None)
    assert "not you" not in waiting.last_error


@pytest.mark.parametrize(
    "fault",
    [
        smtplib.SMTPRecipientsRefused({"a@b": (550, b"no such a@b")}),
        smtplib.SMTPDataError(554, b"spam"),
        ValueError("bad address"),
    ],
)
def test_an_address_that_does_not_exist_is_given_up_at_once(
    fault: Exception, waiting: Notice, break_with: Callable[..., None]
) -> None:
    break_with(at_send=fault)
    outcome = send(NOON)
    assert (outcome.given_up, outcome.down) == (1, "")
    waiting.refresh_from_db()
    assert waiting.mail == Mail.DEAD
    assert "a@b" not in waiting.last_error
    assert waiting.closed_at is None, "the notice in the app stays"


def test_a_passing_fault_waits_longer_each_time_and_ends(
    waiting: Notice, break_with: Callable[..., None]
) -> None:
    break_with(at_send=smtplib.SMTPRecipientsRefused({"a@b": (451, b"later")}))
    at, waits = NOON, []
    save_wishes(
        membership=waiting.membership,
        wishes=Wishes(mail=True, quiet_from=NOON.time(), quiet_to=NOON.time()),
        at=NOON,
    )
    for _run in range(MOST_TRIES):
        send(at)
        waiting.refresh_from_db()
        waits.append(waiting.send_after - at)
        assert send(at).put_off == 0, "not before its time"
        at = max(at, waiting.send_after)
    assert waits[:3] == [timedelta(minutes=5), timedelta(minutes=20), timedelta(minutes=80)]
    assert (waiting.mail, waiting.last_error) == (Mail.DEAD, "SMTPRecipientsRefused 451")


def test_a_killed_sender_lets_go_when_its_lease_runs_out(waiting: Notice, world: World) -> None:
    (mine,) = claim_batch(world.harbour.organization, at=NOON)
    assert claim_batch(world.harbour.organization, at=NOON) == []
    assert send(NOON + LEASE - timedelta(seconds=1)).sent == 0
    assert send(NOON + LEASE).sent == 1
    # The first sender wakes up: its lease is gone, so it may not write how it ended.
    assert not reminding._end(mine, mail=Mail.DEAD.value)
    waiting.refresh_from_db()
    assert waiting.mail == Mail.SENT


def test_a_mail_that_kills_its_sender_is_given_up(waiting: Notice, world: World) -> None:
    at = NOON
    for _run in range(MOST_TRIES):
        assert len(claim_batch(world.harbour.organization, at=at)) == 1
        at += LEASE
    assert send(at).given_up == 1
    waiting.refresh_from_db()
    assert waiting.mail == Mail.DEAD


def test_a_slow_sender_begins_no_mail_near_the_end_of_its_lease(
    waiting: Notice, world: World
) -> None:
    (mine,) = claim_batch(world.harbour.organization, at=NOON)
    late = NOON + LEASE - timedelta(seconds=30)
    outcome = reminding.Outcome()
    reminding.send_batch([mine], clock=lambda: late, outcome=outcome)
    assert mail.outbox == []
    waiting.refresh_from_db()
    assert (waiting.lease, waiting.tries) == (None, 0)


@pytest.mark.django_db(transaction=True)
@pytest.mark.sqlite
def test_two_senders_at_once_send_each_mail_once(world: World) -> None:
    people = 120
    make_waiting(world, people)
    runs = at_once(lambda: send(NOON), lambda: send(NOON), refusals=())
    assert sum(one.sent for one in runs if isinstance(one, reminding.Outcome)) == people
    assert len({message.to[0] for message in mail.outbox}) == len(mail.outbox) == people


def make_waiting(world: World, people: int) -> None:
    for number in range(people):
        member = make_membership(world.harbour.organization, make_user(f"w-{number}"))
        wants_mail(member)
        Notice.objects.create(
            organization=world.harbour.organization,
            membership_id=member.id,
            kind=NoticeKind.DUE_SOON.value,
            dedupe=f"w-{number}",
            made_at=NOON,
            mail=Mail.WAITING.value,
            send_after=NOON,
        )


# --- the command --------------------------------------------------------------------------------


def run(*options: str) -> str:
    out = StringIO()
    call_command("send_reminders", *options, stdout=out)
    return out.getvalue()


@pytest.fixture
def due_soon(world: World, small_course: Outline) -> Notice:
    """Something real is due in two days, and the learner may be written to at any hour."""
    any_time = NOON.time()
    wants_mail(world.harbour.learner, quiet_from=any_time, quiet_to=any_time)
    now = timezone.now()
    assign(world, due_at=now + 2 * DAY, assigned_at=now - DAY)
    plan_notices(at=now)
    (notice,) = told(world.harbour.learner)
    return notice


def test_without_a_server_the_command_says_so_and_the_mail_waits(due_soon: Notice) -> None:
    assert "1 wait. No mail server is set" in run()
    assert mail.outbox == []
    with override_settings(KENALI_MAIL=True):
        assert "1 sent" in run()
        assert "0 sent" in run()
    assert len(mail.outbox) == 1


def test_a_dry_run_of_the_command_sends_nothing(due_soon: Notice) -> None:
    with override_settings(KENALI_MAIL=True):
        said = run("--dry-run")
    assert "1 due" in said
    assert "nothing was changed or sent" in said
    assert mail.outbox == []


def test_the_command_fails_loudly_when_mail_is_down(
    due_soon: Notice, break_with: Callable[..., None]
) -> None:
    break_with(at_open=ConnectionRefusedError())
    with override_settings(KENALI_MAIL=True), pytest.raises(CommandError) as caught:
        run()
    assert "Nothing is lost: 1 e-mails wait" in str(caught.value)
