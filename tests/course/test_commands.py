"""The commands of the ground floor, and what they refuse."""

import os
import socket
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from io import StringIO
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection, connections
from django.test import Client, override_settings
from django.utils import timezone

from course import sqlite
from course.management.commands import self_check, up
from course.models import (
    AuditEntry,
    Cohort,
    CohortMember,
    Membership,
    Organization,
    SignInLink,
    ThrottleCounter,
    User,
)
from course.services.demo import PLANS, seed_people
from course.services.sign_in_links import create_sign_in_link
from course.services.throttle import Origin, reserve_guess
from tests.personas import AT, World

pytestmark = pytest.mark.django_db
ROOT = Path(settings.BASE_DIR)


def run(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


# --- create_organisation ------------------------------------------------------------------------


def test_a_new_organisation_gets_an_administrator_who_can_come_in() -> None:
    address = run("create_organisation", "harbour", "Harbour house", "Mel ").strip()
    organization = Organization.objects.get(key="harbour")
    member = Membership.objects.in_organization(organization).select_related("user").get()
    assert (member.user.username, member.role) == ("mel", "administrator")
    client = Client()
    assert client.post("/link/" + address.partition("/link/")[2]).status_code == 303
    assert client.get("/organisation/people/").status_code == 200


def test_one_person_may_run_two_organisations() -> None:
    run("create_organisation", "one", "One", "mel")
    run("create_organisation", "two", "Two", "mel")
    assert Membership.objects.of_user(User.objects.get(username="mel")).count() == 2


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("harbour", "Again", "mel"), "exists already"),
        (("Not a key", "Name", "mel"), "slug"),
        (("key", "", "mel"), "blank"),
        (("key", "Name", "No Name"), "Use letters a to z"),
        (("key", "Name", "x" * 41), "at most 40"),
        (("key", "Name", "erased-maps"), "may not begin with"),
    ],
)
def test_a_new_organisation_is_made_whole_or_not_at_all(
    arguments: tuple[str, str, str], reason: str
) -> None:
    run("create_organisation", "harbour", "Harbour", "first")
    with pytest.raises(CommandError, match=reason):
        run("create_organisation", *arguments)
    assert (Organization.objects.count(), User.objects.count()) == (1, 1)


# --- seed_demo ----------------------------------------------------------------------------------


def counts() -> dict[str, int]:
    people = {"people": User.objects.count(), "houses": Organization.objects.count()}
    for model in (Membership, Cohort, CohortMember, AuditEntry):
        rows = model.objects.all().unscoped("the test counts both houses")
        people[model.__name__] = rows.count()
    return people


def test_seeding_twice_adds_nothing() -> None:
    seed_people(AT)
    first = counts()
    seed_people(AT + timedelta(days=1))
    assert counts() == first
    assert first["houses"] == 2
    assert first["people"] == 2 * 3 + sum(len(plan.people) for plan in PLANS)


def test_the_well_known_names_are_who_they_should_be() -> None:
    seed_people(AT)
    for key, suffix in (("harbour", ""), ("lighthouse", "2")):
        rows = Membership.objects.in_organization(Organization.objects.get(key=key))
        found = {one.user.username: one.role for one in rows.select_related("user")}
        assert found[f"learner{suffix}"] == "learner"
        assert found[f"trainer{suffix}"] == "trainer"
        assert found[f"admin{suffix}"] == "administrator"
    assert not any(user.has_usable_password() for user in User.objects.all())


def test_demo_people_are_mended_when_somebody_removed_a_part() -> None:
    harbour = seed_people(AT)[0]
    before = counts()
    CohortMember.objects.in_organization(harbour).delete()
    seed_people(AT)
    assert counts() == before


def test_no_demo_people_where_others_could_come(settings: SimpleNamespace) -> None:
    settings.KENALI_SITE_URL = "https://course.example.org"
    with pytest.raises(CommandError, match="others can reach"):
        run("seed_demo")
    assert not User.objects.exists()
    assert not up.demo_is_allowed()


# --- tidy, checkpoint, erase_person -------------------------------------------------------------


def test_tidy_removes_what_is_over_and_nothing_else(world: World) -> None:
    now = timezone.now()
    learner, trainer = world.users["learner"], world.users["trainer"]
    world.client("learner")
    used = create_sign_in_link(user=learner, at=now - timedelta(hours=25))
    good = create_sign_in_link(user=trainer, at=now)
    reserve_guess(origin=Origin(network="10.0.0.1"), at=now)
    ThrottleCounter.objects.create(key="old", slice_start=now - timedelta(hours=25), count=1)
    if connection.vendor == "sqlite":
        with pytest.MonkeyPatch.context() as patch:  # the test itself is a transaction
            patch.setattr(sqlite, "checkpoint", lambda _path: sqlite.Checkpoint(frames=1, moved=1))
            told = run("tidy")
    else:
        told = run("tidy")
    assert "links: 1 removed" in told
    assert "counters: 1 removed" in told
    assert "sessions: 0 removed" in told
    assert list(SignInLink.objects.values_list("user_id", flat=True)) == [trainer.pk]
    assert Client().post(f"/link/{used}/").status_code == 422
    assert Client().post(f"/link/{good}/").status_code == 303


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_checkpoint_says_what_it_did() -> None:
    User.objects.create(username="mel", joined_at=AT)
    assert "default:" in run("checkpoint")


@pytest.mark.sqlite
def test_checkpoint_fails_when_it_could_do_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "checkpoint", lambda _path: None)
    with pytest.raises(CommandError, match="run this again"):
        run("checkpoint")


@pytest.mark.postgres
def test_postgresql_needs_no_checkpoint() -> None:
    assert "nothing to do" in run("checkpoint")


# --- self_check ---------------------------------------------------------------------------------


def states(look: object) -> dict[str, str]:
    found = list(look(timezone.now()))  # type: ignore[operator]
    return {one.sentence: one.state for one in found}


def test_self_check_looks_at_every_record(world: World) -> None:
    whole = states(self_check.record)
    assert set(whole.values()) == {"fine"}
    assert len(whole) == 2
    with connection.cursor() as cursor:
        cursor.execute("UPDATE course_auditentry SET reason = 'x' WHERE action = 'test.begin'")
    broken = states(self_check.record)
    assert set(broken.values()) == {"wrong"}
    assert "Record of harbour: entry 1 was changed" in next(iter(broken))


def test_self_check_says_when_nothing_is_loaded() -> None:
    assert "wrong" in states(self_check.content).values()


def test_self_check_on_the_test_databases_finds_them_sound() -> None:
    found = states(self_check.schema)
    assert set(found.values()) == {"fine"}
    assert all("complete and sound" in sentence for sentence in found)


def test_self_check_sees_a_full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(self_check.shutil, "disk_usage", lambda _path: SimpleNamespace(free=10))
    assert states(self_check.storage)["Storage: 0 MB are free in the data directory."] == "wrong"


@pytest.mark.sqlite
def test_self_check_sees_a_log_that_never_shrinks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "log_size", lambda _path: self_check.LARGE_LOG + 1)
    assert any("run manage.py checkpoint" in one for one in states(self_check.storage))


def test_self_check_sees_a_wrong_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    assert set(states(self_check.clock).values()) == {"fine"}
    later = timezone.now() + timedelta(hours=1)
    monkeypatch.setattr(self_check.timezone, "now", lambda: later)
    assert set(states(self_check.clock).values()) == {"wrong"}


def test_self_check_says_how_mail_leaves() -> None:
    (told,) = states(self_check.mail)
    assert "nothing is sent" in told
    with override_settings(KENALI_MAIL=True, EMAIL_HOST=""):
        (told,) = states(self_check.mail)
    assert "written to files" in told
    with socket.create_server(("127.0.0.1", 0)) as closed:
        host, port = closed.getsockname()
    backend = "django.core.mail.backends.smtp.EmailBackend"
    with override_settings(
        KENALI_MAIL=True, EMAIL_HOST=host, EMAIL_PORT=port, EMAIL_BACKEND=backend
    ):
        ((told, state),) = states(self_check.mail).items()
    assert state == "wrong"
    assert "cannot be used (ConnectionRefusedError)" in told


@pytest.mark.parametrize("look", ["schema", "content", "record"])
def test_self_check_survives_a_database_that_does_not_answer(
    look: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(type(connections["default"]), "cursor", refuse)
    found = states(getattr(self_check, look))
    assert set(found.values()) == {"wrong"}
    assert all("cannot be read" in sentence for sentence in found)


def test_self_check_reports_checks_that_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    from course import checks

    finding = checks._error(3, "Something.", "Mend it.")
    monkeypatch.setattr(self_check, "run_checks", lambda **_: [finding])
    assert states(self_check.configuration) == {
        "Configuration: kenali.E003: Something. Mend it.": "wrong"
    }
    with pytest.raises(CommandError, match="to mend"):
        run("self_check")


# --- up -----------------------------------------------------------------------------------------


def environment(data_dir: Path, **variables: str) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "KENALI_DATA_DIR": str(data_dir), **variables}


def up_once(data_dir: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "error", "manage.py", "up", "--no-serve"],
        cwd=ROOT,
        env=environment(data_dir),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def rows_of(database: Path) -> dict[str, int]:
    with closing(sqlite3.connect(database)) as opened:
        names = opened.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return {
            name: opened.execute(f'SELECT COUNT(*) FROM "{name}"').fetchone()[0]  # noqa: S608
            for (name,) in names
        }


@pytest.mark.slow
def test_up_prepares_everything_and_may_be_repeated(tmp_path: Path) -> None:
    data = tmp_path / "data"
    first = up_once(data)
    assert first.count("/link/") == 3
    before = rows_of(data / "kenali.sqlite3")
    assert before["course_contentrelease"] == 1
    assert before["course_user"] > 20
    second = up_once(data)
    assert "nothing to do" in second
    assert rows_of(data / "kenali.sqlite3") == before, "the second start adds not one row"
    for path in [data, *data.rglob("*.sqlite3*"), data / "secret-key"]:
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077, path
    assert not list((data / "static").rglob("*.map"))
    checked = subprocess.run(
        [sys.executable, "manage.py", "self_check"],
        cwd=ROOT,
        env=environment(data),
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout
    assert checked.stdout.endswith("Nothing is wrong.\n")


@pytest.mark.parametrize(
    ("address", "site", "reason"),
    [
        ("0.0.0.0:8000", "http://127.0.0.1:8000", "over plain HTTP"),
        ("10.0.0.5:8000", "http://127.0.0.1:8000", "over plain HTTP"),
        ("127.0.0.1:x", "http://127.0.0.1:8000", "cannot be used"),
        ("127.0.0.1:99999", "http://127.0.0.1:8000", "cannot be used"),
    ],
)
def test_up_refuses_addresses(
    address: str, site: str, reason: str, settings: SimpleNamespace
) -> None:
    settings.KENALI_SITE_URL = site
    with pytest.raises(CommandError, match=reason):
        up.refuse_address(address)


def test_up_refuses_an_address_that_is_taken() -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(CommandError, match="cannot be used"):
            up.refuse_address(f"127.0.0.1:{taken.getsockname()[1]}")


def test_up_may_listen_to_a_proxy_on_another_machine(settings: SimpleNamespace) -> None:
    settings.KENALI_SITE_URL = "https://course.example.org"
    up.refuse_address("0.0.0.0:0")
    up.refuse_address("[::1]:0")


def test_the_server_has_no_control_socket_and_our_log() -> None:
    command = up.server_command("127.0.0.1:8000")
    assert "--no-control-socket" in command
    assert "--logger-class=course.server_log.ServerLog" in command
    assert not [part for part in command if "preload" in part]
