"""What people are told, when, in which words, and what stops it."""

from __future__ import annotations

import re
import smtplib
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client, override_settings
from django.utils import timezone

from course.models import Cohort, Membership
from course.roles import Role
from modules.models import (
    Certificate,
    Completion,
    Cycle,
    Mail,
    Notice,
    NoticeKind,
    NoticePreference,
)
from modules.outline import Outline
from modules.quiet import DEFAULT_ZONE
from modules.reminders import MOST_TRIES
from modules.services import planning, reminding
from modules.services.notice_words import line_of
from modules.services.noticing import Wishes, save_wishes, stop_token
from modules.services.planning import plan_notices
from modules.services.reminding import LEASE, claim_batch, message_of, send_waiting
from modules.targets import Titles
from quizzes.models import Assignment, AssignmentException, Late, Target
from tests.course.race import at_once
from tests.personas import AT, World, make_membership, make_user, put_into

pytestmark = pytest.mark.django_db
Queries = Callable[[], AbstractContextManager[list[int]]]
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


# --- sending ------------------------------------------------------------------------------------


@pytest.fixture
def waiting(world: World, small_course: Outline) -> Notice:
    """The learner's mail that waits, at noon."""
    wants_mail(world.harbour.learner)
    assign(world, due_at=NOON + 2 * DAY)
    plan_notices(at=NOON)
    (notice,) = told(world.harbour.learner)
    return notice


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


# --- pages --------------------------------------------------------------------------------------


def test_the_wishes_are_kept_and_need_an_address(world: World) -> None:
    client, learner = world.client("learner"), world.harbour.learner
    wishes = {"mail": "on", "quiet_from": "22:00", "quiet_to": "07:30", "zone": "Asia/Jakarta"}
    answer = client.post("/account/reminders/", wishes)
    assert answer.status_code == 422
    assert "Write your e-mail under" in answer.content.decode()
    learner.user.email = "mel@example.org"
    learner.user.save()
    assert client.post("/account/reminders/", wishes).status_code == 303
    kept = NoticePreference.objects.in_organization(learner.organization_id).get()
    assert (kept.mail, str(kept.quiet_from), kept.zone) == (True, "22:00:00", "Asia/Jakarta")
    page = client.get("/account/").content.decode()
    assert 'value="22:00"' in page
    assert 'id="reminders_mail"' in page
    wishes.pop("mail")
    client.post("/account/reminders/", wishes)
    kept.refresh_from_db()
    assert not kept.mail


@pytest.mark.parametrize(
    "wrong", [{"zone": "Mars/Base"}, {"quiet_from": "25:00"}, {"paused_until": "2999-01-01"}]
)
def test_wishes_that_cannot_be_are_refused(wrong: dict[str, str], world: World) -> None:
    wishes = {"quiet_from": "22:00", "quiet_to": "07:30", "zone": "UTC"} | wrong
    assert world.client("learner").post("/account/reminders/", wishes).status_code == 422


def test_mail_is_off_until_it_is_asked_for(world: World, small_course: Outline) -> None:
    learner = world.harbour.learner
    learner.user.email = "mel@example.org"
    learner.user.save()
    assign(world, due_at=NOON + 2 * DAY)
    assert plan_notices(at=NOON).mails == 0


def test_a_notice_is_put_away_by_its_person_only(waiting: Notice, world: World) -> None:
    address = f"/notices/{waiting.id}/seen/"
    assert world.client("trainer").post(address).status_code == 404
    assert world.client("learner").post(address).status_code == 303
    waiting.refresh_from_db()
    assert waiting.seen_at is not None
    assert waiting.mail == Mail.NONE, "who saw it needs no mail"
    first = waiting.seen_at
    world.client("learner").post(address)
    waiting.refresh_from_db()
    assert waiting.seen_at == first


def test_roles_other_than_learner_are_not_asked_for_what_their_cohort_has(
    world: World, small_course: Outline
) -> None:
    assert world.harbour.trainer.role == Role.TRAINER
    assign(world, due_at=NOON + 2 * DAY)
    plan_notices(at=NOON)
    assert told(world.harbour.trainer) == []


# --- the first page -----------------------------------------------------------------------------


def first_page(world: World, persona: str) -> str:
    return world.client(persona).get("/").content.decode()


def test_a_notice_is_on_the_first_page_until_it_is_put_away(waiting: Notice, world: World) -> None:
    page = first_page(world, "learner")
    assert 'href="/modules/m1/">' in page
    assert "until Thu 26 Nov" in page
    address = f"/notices/{waiting.id}/seen/"
    assert f'action="{address}"' in page
    world.client("learner").post(address)
    assert "until Thu 26 Nov" not in first_page(world, "learner").partition("Due")[0]


def test_a_trainer_reads_a_number_and_no_name(world: World, small_course: Outline) -> None:
    assign(world, due_at=NOON - DAY)
    plan_notices(at=NOON)
    page = first_page(world, "trainer")
    assert "1 person in your cohorts is past a date." in page
    assert f"/organisation/cohorts/{world.harbour.first_cohort.id}/today/" in page


@pytest.mark.parametrize(
    ("kind", "facts", "words", "address"),
    [
        (
            NoticeKind.DUE_TODAY,
            {"target": "quiz", "key": "gone", "due_at": NOON.isoformat()},
            "Today is the day: A quiz of earlier",
            "/quizzes/",
        ),
        (
            NoticeKind.DUE_SOON,
            {"target": "course", "key": "", "due_at": NIGHT.isoformat()},
            "The whole course: until Tue 24 Nov",
            "/",
        ),
        (
            NoticeKind.CERTIFICATE,
            {"certificate": "x", "expires_at": NOON.isoformat()},
            "Your certificate ends on Tue 24 Nov.",
            "/certificate/",
        ),
        (NoticeKind.REFRESHER, {}, "A few minutes of practice are ready for you.", "/refresh/"),
    ],
)
def test_every_kind_has_its_words_and_its_place(
    kind: NoticeKind, facts: dict[str, Any], words: str, address: str, small_course: Outline
) -> None:
    notice = Notice(kind=kind.value, facts=facts)
    line = line_of(notice, Titles(small_course, "en"), zone=DEFAULT_ZONE)
    assert (line.text, line.address) == (words, address)


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
