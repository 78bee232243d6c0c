"""Starting: what `up` does in which order, and doors that stay shut on unsafe settings."""

import importlib
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command

from course import checks, sqlite
from course.management.commands import up
from course.middleware import SecurityHeadersMiddleware

pytestmark = pytest.mark.django_db
HTTPS = "https://course.example.org"


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The steps that `up` takes, without taking them."""
    taken: list[Any] = []

    def note(name: str) -> Any:
        return lambda *args, **_: taken.append((name, *[str(one) for one in args]))

    for name in ("call_command", "refuse_unsafe_start", "compile_catalogues"):
        monkeypatch.setattr(up, name, note(name))
    monkeypatch.setattr(up, "purge_expired", note("purge_expired"))
    monkeypatch.setattr(up.connections, "close_all", lambda: None)
    monkeypatch.setattr(sqlite, "checkpoint", note("checkpoint"))
    monkeypatch.setattr(up.os, "execv", note("execv"))
    return taken


def names(steps: list[Any]) -> list[str]:
    return [" ".join(step[:2]) if step[0] == "call_command" else step[0] for step in steps]


def test_up_prepares_shows_the_way_and_becomes_the_server(
    steps: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORT", "0")
    out = StringIO()
    call_command("up", stdout=out)
    order = names(steps)
    assert order[0] == "compile_catalogues"
    assert order.index("call_command migrate") < order.index("refuse_unsafe_start")
    assert order.index("refuse_unsafe_start") < order.index("call_command load_content")
    assert order.count("call_command migrate") == len(settings.DATABASES)
    assert order.count("call_command sign_in_link") == 3
    assert order[-1] == "execv"
    assert "gunicorn" in steps[-1][2]
    assert "Kenali is at http://127.0.0.1:8000/" in out.getvalue()


def test_up_may_leave_out_the_demo_and_the_server(steps: list[Any]) -> None:
    call_command("up", "--no-serve", "--no-demo")
    assert "execv" not in names(steps)
    assert "call_command seed_demo" not in names(steps)


def test_up_makes_no_demo_people_where_others_could_come(
    steps: list[Any], settings: SimpleNamespace
) -> None:
    settings.KENALI_SITE_URL = HTTPS
    call_command("up", "--no-serve")
    assert "call_command seed_demo" not in names(steps)


def test_up_looks_at_the_address_before_it_touches_anything(steps: list[Any]) -> None:
    with pytest.raises(up.CommandError, match="over plain HTTP"):
        call_command("up", "--bind", "0.0.0.0:8000")
    assert steps == []


def load(door: str) -> Any:
    sys.modules.pop(door, None)
    return importlib.import_module(door)


@pytest.mark.parametrize("door", ["course.wsgi", "course.asgi"])
def test_no_door_opens_on_an_unsafe_configuration(
    door: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"kenali\.E015"):
        load(door)  # the quick hasher of the tests is unsafe, and is seen
    monkeypatch.setattr(checks, "refuse_unsafe_start", lambda: None)
    assert callable(load(door).application)


def start(data_dir: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """A real start of the door in a process of its own."""
    environment = {"PATH": os.environ["PATH"], "KENALI_DATA_DIR": str(data_dir), **variables}
    return subprocess.run(
        [sys.executable, "-c", "import course.wsgi"],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("variables", "word"),
    [
        ({}, ""),
        ({"KENALI_SITE_URL": HTTPS}, ""),
        ({"KENALI_SITE_URL": "http://course.example.org"}, "in the clear"),
        ({"KENALI_SITE_URL": HTTPS, "KENALI_DEBUG": "1"}, "KENALI_DEBUG"),
        ({"KENALI_SITE_URL": HTTPS, "KENALI_ALLOWED_HOSTS": "*"}, "stands for many hosts"),
        ({"KENALI_SECRET_KEY": "short"}, "at least 50"),
        ({"KENALI_SECRET": "x" * 60}, "is not a setting"),
        ({"DATABASE_URL": "postgresql://127.0.0.1:1/kenali"}, "kenali.E019"),
    ],
    ids=lambda value: value if isinstance(value, str) else ",".join(value) or "none",
)
def test_a_real_start_is_refused_or_not(
    variables: dict[str, str], word: str, tmp_path: Path
) -> None:
    run = start(tmp_path / "data", **variables)
    assert (run.returncode == 0) is (word == ""), run.stderr[-500:]
    assert word in run.stderr


# --- headers of static files --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "status", "given", "kept"),
    [
        ("/static/a.css", 200, "max-age=60", "max-age=60"),
        ("/static/a.css", 200, "", ""),
        ("/static/a.css", 404, "", "no-store"),
        ("/static/a.css", 404, "max-age=60", "max-age=60"),
        ("/page/", 200, "", "no-store"),
    ],
)
def test_caching_of_static_files_is_left_to_whoever_serves_them(
    path: str, status: int, given: str, kept: str
) -> None:
    from django.http import HttpRequest, HttpResponse
    from django.test import RequestFactory

    def view(_request: HttpRequest) -> HttpResponse:
        return HttpResponse(status=status, headers={"Cache-Control": given} if given else {})

    answer = SecurityHeadersMiddleware(view)(RequestFactory().get(path))
    assert answer.headers.get("Cache-Control", "") == kept


# --- SQLite after a request ---------------------------------------------------------------------


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_a_long_log_is_emptied_after_a_request(monkeypatch: pytest.MonkeyPatch) -> None:
    from course.models import User

    database = sqlite.sqlite_files()["default"]
    monkeypatch.setattr(sqlite, "has_wal_reset_fault", lambda _version: True)
    monkeypatch.setattr(sqlite, "CHECKPOINT_ABOVE", 50_000)
    for number in range(200):
        User.objects.create(username=f"one-{number}", joined_at="2026-11-24T00:00:00Z")
    assert sqlite.log_size(database) > 50_000
    sqlite.tidy_up(sender=None)
    assert sqlite.log_size(database) < 10_000


@pytest.mark.sqlite
def test_a_sound_library_looks_after_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[object] = []
    monkeypatch.setattr(sqlite, "has_wal_reset_fault", lambda _version: False)
    monkeypatch.setattr(sqlite, "log_size", called.append)
    sqlite.tidy_up()
    assert called == []


def test_no_log_has_no_size(tmp_path: Path) -> None:
    assert sqlite.log_size(tmp_path / "nothing.sqlite3") == 0
