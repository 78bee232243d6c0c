"""Forgetting: a person on request, the rest by itself in time."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, connections
from django.test import Client
from django.utils import timezone

from course import housekeeping
from course.housekeeping import HOUR, Hourly
from course.models import AuditEntry, CohortMember, Membership, SignInLink, User
from course.roles import Role
from course.services import Refused
from course.services.audit import verify_chain
from course.services.privacy import erase_person
from course.services.retention import purge_expired
from course.services.sign_in_links import create_sign_in_link
from tests.personas import AT, World, make_membership, make_user, make_world

pytestmark = pytest.mark.django_db


# --- on request ---------------------------------------------------------------------------------


def test_an_erased_person_has_no_name_and_no_way_in(world: World) -> None:
    place = world.harbour
    user = place.learner.user
    user.email = "mel@example.org"
    user.is_operator = True
    user.save()
    client = world.client("learner")
    code = create_sign_in_link(user=user, at=timezone.now())
    erase_person(user=user, reason="asked for it", at=AT)
    kept = User.objects.get(pk=user.pk)
    assert kept.username.startswith("erased-")
    assert (kept.display_name, kept.email, kept.is_active) == ("", "", False)
    assert not kept.has_usable_password()
    assert not kept.is_operator
    assert not SignInLink.objects.filter(user=user).exists()
    assert client.get("/account/").status_code == 302
    assert Client().post(f"/link/{code}/").status_code == 422


def test_what_an_erased_person_did_stays_without_a_name(world: World) -> None:
    place = world.harbour
    erase_person(user=place.learner.user, at=AT)
    member = Membership.objects.get(pk=place.learner.pk)
    assert not member.is_active
    assert CohortMember.objects.filter(membership=member).exists()
    entry = AuditEntry.objects.in_organization(place.organization).latest("sequence")
    assert (entry.action, entry.subject) == ("person.erase", f"membership:{member.id}")
    assert verify_chain(place.organization).sound
    page = world.client("administrator").get("/organisation/people/").content.decode()
    assert "harbour-learner" not in page
    assert "erased-" in page


def test_somebody_in_two_houses_leaves_both(world: World) -> None:
    user = world.users["both"]
    erase_person(user=user, at=AT)
    assert not Membership.objects.of_user(user).active().exists()
    for place in (world.harbour, world.lighthouse):
        rows = AuditEntry.objects.in_organization(place.organization)
        assert rows.filter(action="person.erase").count() == 1


def test_the_last_administrator_is_replaced_first(world: World) -> None:
    place = world.harbour
    user = place.administrator.user
    with pytest.raises(Refused, match="last administrator"):
        erase_person(user=user, at=AT)
    assert User.objects.get(pk=user.pk).username == "harbour-administrator"
    make_membership(place.organization, make_user("second"), Role.ADMINISTRATOR)
    erase_person(user=user, at=AT)
    assert not User.objects.filter(username="harbour-administrator").exists()


def test_an_administrator_who_is_alone_may_go() -> None:
    call_command("create_organisation", "alone", "Alone", "mel", verbosity=0)
    erase_person(user=User.objects.get(username="mel"), at=AT)
    assert not User.objects.filter(username="mel").exists()


def test_the_command_wants_the_name_twice(world: World) -> None:
    with pytest.raises(CommandError, match="differ"):
        call_command("erase_person", "harbour-learner", "--again", "harbour-trainer")
    with pytest.raises(CommandError, match="nobody"):
        call_command("erase_person", "nobody", "--again", "nobody")
    name = "harbour-administrator"
    with pytest.raises(CommandError, match="last administrator"):
        call_command("erase_person", name, "--again", name)
    assert User.objects.filter(username="harbour-learner").exists()


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_no_byte_of_an_erased_name_is_left_in_the_files() -> None:
    name, alias, mail = "canary-username", "Canary Alias", "canary@example.org"
    world = make_world()
    user = make_user(name, display_name=alias)
    User.objects.filter(pk=user.pk).update(email=mail)
    make_membership(world.harbour.organization, user)
    database = Path(str(connection.settings_dict["NAME"]))
    files = [database, Path(f"{database}-wal")]

    def left() -> list[str]:
        held = b"".join(path.read_bytes() for path in files if path.exists())
        return [word for word in (name, alias, mail) if word.encode() in held]

    assert left() == [name, alias, mail], "the search must be able to find them"
    call_command("erase_person", name.upper(), "--again", name)
    assert left() == []


# --- in time ------------------------------------------------------------------------------------


def test_sessions_and_links_go_when_they_are_over(world: World) -> None:
    now = timezone.now()
    world.client("learner")
    world.client("trainer")
    rows = Session.objects.all()
    first = rows.order_by("pk")[0].pk
    rows.filter(pk=first).update(expire_date=now - timedelta(seconds=1))
    create_sign_in_link(user=world.users["learner"], at=now - timedelta(hours=24))
    create_sign_in_link(user=world.users["trainer"], at=now - timedelta(hours=23))
    removed = purge_expired(at=now)
    assert (removed["sessions"], removed["links"]) == (1, 1)
    assert not Session.objects.filter(pk=first).exists()
    assert purge_expired(at=now) == {
        "sessions": 0,
        "links": 0,
        "lists": 0,
        "counters": 0,
        "people": 0,
    }


class Clock:
    """A clock that only moves when told."""

    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_chores_are_done_once_an_hour() -> None:
    clock, done = Clock(), []
    hourly = Hourly(lambda: done.append(clock.seconds), clock)
    for seconds in (0.0, HOUR - 1, HOUR, HOUR + 1, 2 * HOUR - 1, 2 * HOUR):
        clock.seconds = seconds
        hourly(sender=None, signal=None)
    assert done == [HOUR, 2 * HOUR]


def test_chores_that_fail_wait_an_hour_and_hurt_no_request(
    caplog: pytest.LogCaptureFixture,
) -> None:
    clock = Clock()

    def fail() -> None:
        raise DatabaseError("locked")

    hourly = Hourly(fail, clock)
    clock.seconds = HOUR
    hourly()
    hourly()
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert hourly.due == 2 * HOUR
    assert not hourly.lock.locked()


def test_two_threads_do_not_both_do_the_chores() -> None:
    clock, done = Clock(), []
    hourly = Hourly(lambda: done.append(1), clock)
    clock.seconds = HOUR
    with hourly.lock:
        hourly()
    assert done == []


@pytest.mark.django_db(transaction=True)
def test_the_chores_after_a_request_are_these() -> None:
    user = make_user("mel")
    create_sign_in_link(user=user, at=timezone.now() - timedelta(days=2))
    housekeeping.purge()
    assert not SignInLink.objects.exists()


def test_the_chores_leave_an_open_transaction_alone() -> None:
    assert all(connections[alias].in_atomic_block for alias in settings.DATABASES)
    create_sign_in_link(user=make_user("mel"), at=timezone.now() - timedelta(days=2))
    housekeeping.purge()
    assert SignInLink.objects.exists()


def test_the_chores_are_connected() -> None:
    from django.core.signals import request_finished

    receivers = {lookup[0] for lookup, *_ in request_finished.receivers}
    assert {"course.hourly_purge", "course.sqlite.tidy_up"} <= receivers
