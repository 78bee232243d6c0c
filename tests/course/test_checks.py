"""Every numbered check: quiet on the real settings, and red when its subject is spoilt."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Self

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connections

from course import checks, sqlite

HASHERS = ["course.hashers.ModestArgon2PasswordHasher"]
TRANSIENT_ROUTERS = ["course.routers.TransientRouter"]
LOCMEM = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
ON_HTTPS = {"KENALI_SITE_URL": "https://course.example.org"}


def sqlite_database(**changes: Any) -> dict[str, Any]:
    engine = "django.db.backends.sqlite3"
    return {"ENGINE": engine, "NAME": "a", "OPTIONS": sqlite.connection_options(), **changes}


SPOILT = {
    "E001": (
        checks.check_debug,
        {"DEBUG": True, "KENALI_SITE_URL": "https://course.example.org"},
    ),
    "E002": (checks.check_secret_key, {"SECRET_KEY": "django-insecure-abc"}),
    "E003": (checks.check_hosts, {"ALLOWED_HOSTS": ["*"]}),
    "E004": (checks.check_transport, {"KENALI_SITE_URL": "http://course.example.org"}),
    "E005": (checks.check_transport, {**ON_HTTPS, "SESSION_COOKIE_SECURE": False}),
    "E006": (
        checks.check_atomic_requests,
        {"DATABASES": {"default": sqlite_database(ATOMIC_REQUESTS=True)}},
    ),
    "E007": (
        checks.check_sqlite_settings,
        {"DATABASES": {"default": sqlite_database(OPTIONS={"timeout": 20})}},
    ),
    "E008": (
        checks.check_transient_file,
        {
            "DATABASES": {"default": sqlite_database(), "transient": sqlite_database()},
            "DATABASE_ROUTERS": TRANSIENT_ROUTERS,
        },
    ),
    "E010": (checks.check_middleware, {"MIDDLEWARE": list(reversed(settings.MIDDLEWARE))}),
    "E011": (
        checks.check_content_policy,
        {"SECURE_CSP": {**settings.SECURE_CSP, "script-src": ["'self'", "'unsafe-inline'"]}},
    ),
    "E013": (
        checks.check_sessions,
        {"SESSION_ENGINE": "django.contrib.sessions.backends.signed_cookies"},
    ),
    "E014": (checks.check_caches, {"CACHES": LOCMEM}),
    "E015": (checks.check_passwords, {"PASSWORD_HASHERS": HASHERS, "AUTH_PASSWORD_VALIDATORS": []}),
    "E016": (checks.check_time, {"USE_TZ": False}),
}


@pytest.fixture
def configured(monkeypatch: pytest.MonkeyPatch) -> Any:
    """`configured(NAME=value)`: the checks then see these settings and no machinery reacts."""

    def apply(**changes: Any) -> None:
        values = {name: getattr(settings, name) for name in dir(settings) if name.isupper()}
        values |= {"PASSWORD_HASHERS": HASHERS}  # tests run with a quick hasher
        monkeypatch.setattr(checks, "settings", SimpleNamespace(**(values | changes)))

    return apply


@pytest.mark.parametrize(("number", "case"), SPOILT.items(), ids=SPOILT.keys())
def test_a_spoilt_setting_is_found(number: str, case: Any, configured: Any) -> None:
    check, changes = case
    configured(**changes)
    assert [message.id for message in check()] == [f"kenali.{number}"]


@pytest.mark.parametrize("check", checks.STILL, ids=lambda check: check.__name__)
def test_the_real_settings_pass(check: Any, configured: Any) -> None:
    configured()
    assert check() == []


def test_a_missing_guard_is_found(configured: Any) -> None:
    guard = "django.contrib.auth.middleware.LoginRequiredMiddleware"
    configured(MIDDLEWARE=[name for name in settings.MIDDLEWARE if name != guard])
    assert [message.id for message in checks.check_middleware()] == ["kenali.E010"]


def test_what_holds_on_https_and_on_postgresql_passes(configured: Any) -> None:
    secure: dict[str, Any] = {"SESSION_COOKIE_SECURE": True, "CSRF_COOKIE_SECURE": True}
    secure |= {"SECURE_SSL_REDIRECT": True, "SECURE_HSTS_SECONDS": 31_536_000}
    names = {"SESSION_COOKIE_NAME": "__Host-sid", "CSRF_COOKIE_NAME": "__Host-csrf"}
    configured(**ON_HTTPS, **secure, **names)
    assert checks.check_transport() == []
    configured(**ON_HTTPS, **secure, **(names | {"CSRF_COOKIE_NAME": "csrf"}))
    assert [message.id for message in checks.check_transport()] == ["kenali.E005"]
    configured(DATABASES={"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "x"}})
    assert checks.check_transient_file() == checks.check_sqlite_settings() == []


def test_an_open_database_file_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "kenali.sqlite3"
    sqlite.create_private_file(path)
    monkeypatch.setattr(sqlite, "sqlite_files", lambda: {"default": path})
    assert checks.check_file_modes() == []
    path.chmod(0o644)
    assert [message.id for message in checks.check_file_modes()] == ["kenali.E009"]


MOUNTINFO = """\
22 1 8:1 / / rw - ext4 /dev/sda1 rw
23 22 0:40 / /srv/share rw,relatime shared:1 - nfs4 server:/share rw
24 22 0:41 / /srv/share\\040two rw - cifs //server/two rw
25 23 8:2 / /srv/share/local rw - xfs /dev/sdb1 rw
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/srv/kenali.sqlite3", "ext4"),
        ("/srv/share/kenali.sqlite3", "nfs4"),
        ("/srv/share two/kenali.sqlite3", "cifs"),
        ("/srv/share/local/kenali.sqlite3", "xfs"),
        ("/srv/shared/kenali.sqlite3", "ext4"),
    ],
)
def test_the_file_system_of_a_path(path: str, kind: str, tmp_path: Path) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(MOUNTINFO)
    assert checks.file_system_of(Path(path), mounts) == kind


def test_a_network_disk_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "sqlite_files", lambda: {"default": Path("/srv/x.sqlite3")})
    monkeypatch.setattr(checks, "file_system_of", lambda _path: "nfs4")
    assert [message.id for message in checks.check_network_disk()] == ["kenali.E012"]


def test_an_unknown_mount_table_is_no_error() -> None:
    assert checks.file_system_of(Path("/srv"), Path("/does/not/exist")) == ""


@pytest.mark.django_db
def test_the_live_databases_pass() -> None:
    assert checks.check_live_databases(databases=list(settings.DATABASES)) == []


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_a_weakened_connection_is_found() -> None:
    with connections["default"].cursor() as cursor:
        cursor.execute("PRAGMA foreign_keys = OFF")
        try:
            found = checks.check_live_databases(databases=["default"])
        finally:
            cursor.execute("PRAGMA foreign_keys = ON")
    assert [message.id for message in found] == ["kenali.E017"]


@pytest.mark.postgres
@pytest.mark.django_db
def test_early_acknowledgement_is_found() -> None:
    with connections["default"].cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
    found = checks.check_live_databases(databases=["default"])
    assert [message.id for message in found] == ["kenali.E018"]


def test_postgresql_s_answer_is_judged() -> None:
    """The same rule without a server, so that it also runs where there is none."""

    class Cursor:
        def __init__(self, row: tuple[str, str]) -> None:
            self.row = row

        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None: ...

        def execute(self, _sql: str) -> None: ...

        def fetchone(self) -> tuple[str, str]:
            return self.row

    def look(commit: str, fsync: str) -> list[str | None]:
        connection: Any = SimpleNamespace(cursor=lambda: Cursor((commit, fsync)))
        return [message.id for message in checks._look_at_postgresql(connection)]

    assert look("on", "on") == []
    assert look("off", "on") == ["kenali.E018"]
    assert look("on", "off") == ["kenali.E018"]


def test_a_database_that_does_not_answer_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import OperationalError

    def fail(_connection: object) -> None:
        raise OperationalError("no server")

    monkeypatch.setattr(checks, "_look_at_sqlite", fail)
    monkeypatch.setattr(checks, "_look_at_postgresql", fail)
    assert [m.id for m in checks.check_live_databases(databases=["default"])] == ["kenali.E019"]


@pytest.mark.django_db
def test_the_server_does_not_start_on_a_finding(configured: Any) -> None:
    configured()
    checks.refuse_unsafe_start()
    configured(ALLOWED_HOSTS=["*"])
    with pytest.raises(ImproperlyConfigured, match=r"kenali\.E003"):
        checks.refuse_unsafe_start()


def test_every_number_has_a_test() -> None:
    numbers = {int(n) for n in re.findall(r"_error\(\s*(\d+)", inspect.getsource(checks))}
    tested = {int(n) for n in re.findall(r"E0(\d\d)", Path(__file__).read_text(encoding="utf-8"))}
    assert numbers == set(range(1, 20))
    assert numbers <= tested
