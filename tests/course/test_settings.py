"""What the settings become in production, each in a process of its own; keys, logs, passwords."""

from __future__ import annotations

import json
import logging
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.hashers import check_password, identify_hasher, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from course import keyfile
from course.env import EnvironmentProblems
from course.env_values import weakness_of_key
from course.logs import JsonFormatter
from tests.harness import deploy_check

ROOT = Path(__file__).parents[2]
NAMES = [
    "DEBUG",
    "SECURE_SSL_REDIRECT",
    "SECURE_HSTS_SECONDS",
    "SECURE_HSTS_INCLUDE_SUBDOMAINS",
    "SESSION_COOKIE_NAME",
    "CSRF_COOKIE_NAME",
    "SESSION_COOKIE_SECURE",
    "CSRF_COOKIE_SECURE",
    "SESSION_COOKIE_HTTPONLY",
    "ALLOWED_HOSTS",
    "DATABASE_ROUTERS",
    "SECURE_PROXY_SSL_HEADER",
    "INSTALLED_APPS",
    "TIME_ZONE",
    "LANGUAGES",
    "WHITENOISE_ALLOW_ALL_ORIGINS",
    "KENALI_MAIL",
    "EMAIL_BACKEND",
    "EMAIL_HOST",
    "EMAIL_PORT",
    "EMAIL_USE_SSL",
    "EMAIL_USE_TLS",
]


def settings_with(data_dir: Path, **variables: str) -> dict[str, object]:
    """The named settings of a fresh process; `databases` is alias -> engine."""
    program = (
        "import json; from django.conf import settings as s; "
        f"print(json.dumps({{n: getattr(s, n, None) for n in {NAMES!r}}} | "
        "{'databases': {a: d['ENGINE'] for a, d in s.DATABASES.items()}}))"
    )
    environment = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "course.settings"}
    environment |= {"KENALI_DATA_DIR": str(data_dir), **variables}
    run = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return dict(json.loads(run.stdout))


def test_on_ones_own_machine(tmp_path: Path) -> None:
    found = settings_with(tmp_path / "data")
    assert found["DEBUG"] is False
    assert found["SESSION_COOKIE_NAME"] == "sid"
    assert found["databases"] == {
        "default": "django.db.backends.sqlite3",
        "transient": "django.db.backends.sqlite3",
    }
    assert "django.contrib.admin" not in list(found["INSTALLED_APPS"])  # type: ignore[call-overload]
    assert (found["TIME_ZONE"], found["WHITENOISE_ALLOW_ALL_ORIGINS"]) == ("UTC", False)
    assert [code for code, _ in found["LANGUAGES"]] == ["en", "ms"]  # type: ignore[attr-defined]


def test_on_https_everything_insists_on_it(tmp_path: Path) -> None:
    found = settings_with(tmp_path / "data", KENALI_SITE_URL="https://course.example.org")
    assert found["SESSION_COOKIE_NAME"] == "__Host-sid"
    assert found["CSRF_COOKIE_NAME"] == "__Host-csrf"
    assert found["SECURE_HSTS_SECONDS"] == 365 * 24 * 3600
    insisting = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT")
    assert all(found[name] is True for name in insisting)
    assert found["ALLOWED_HOSTS"] == ["course.example.org"]
    assert found["SECURE_PROXY_SSL_HEADER"] == ["HTTP_X_FORWARDED_PROTO", "https"]


def test_forwarded_headers_mean_nothing_without_a_proxy(tmp_path: Path) -> None:
    address = {"KENALI_SITE_URL": "https://course.example.org", "KENALI_PROXY_COUNT": "0"}
    assert settings_with(tmp_path / "data", **address)["SECURE_PROXY_SSL_HEADER"] is None


def test_mail_is_off_until_a_server_is_named(tmp_path: Path) -> None:
    found = settings_with(tmp_path / "data")
    assert found["KENALI_MAIL"] is False
    assert found["EMAIL_BACKEND"] == "django.core.mail.backends.filebased.EmailBackend"
    address = {"KENALI_MAIL_URL": "smtp://me:secret@mail.example.org"}
    found = settings_with(tmp_path / "data", **address)
    assert found["KENALI_MAIL"] is True
    assert found["EMAIL_BACKEND"] == "django.core.mail.backends.smtp.EmailBackend"
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"]) == ("mail.example.org", 587)
    assert (found["EMAIL_USE_TLS"], found["EMAIL_USE_SSL"]) == (True, False)


def test_postgresql_has_no_second_alias(tmp_path: Path) -> None:
    found = settings_with(tmp_path / "data", DATABASE_URL="postgresql://localhost/kenali")
    assert found["databases"] == {"default": "django.db.backends.postgresql"}
    assert not found["DATABASE_ROUTERS"]


def test_the_key_is_made_once_and_privately(tmp_path: Path) -> None:
    data = keyfile.prepare_data_directory(tmp_path / "data")
    first = keyfile.read_or_create(data / "secret-key")
    assert keyfile.read_or_create(data / "secret-key") == first
    assert weakness_of_key(first) is None
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    assert stat.S_IMODE((data / "secret-key").stat().st_mode) == 0o600
    assert [path.name for path in data.iterdir() if path.is_file()] == ["secret-key"]


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    keyfile.read_or_create(tmp_path / "secret-key")
    (tmp_path / "secret-key").chmod(0o644)
    with pytest.raises(EnvironmentProblems, match="chmod 600"):
        keyfile.read_or_create(tmp_path / "secret-key")


def test_a_broken_key_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret-key").write_text("short")
    (tmp_path / "secret-key").chmod(0o600)
    with pytest.raises(EnvironmentProblems, match="at least 50"):
        keyfile.read_or_create(tmp_path / "secret-key")


def test_a_data_directory_that_others_can_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data").chmod(0o755)
    with pytest.raises(EnvironmentProblems, match="chmod 700"):
        keyfile.prepare_data_directory(tmp_path / "data")


@pytest.mark.slow
def test_the_deployment_check_is_clean_and_can_go_red() -> None:
    assert deploy_check.main() == 0


def test_passwords_are_stored_with_the_modest_argon2() -> None:
    ours = ["course.hashers.ModestArgon2PasswordHasher"]
    from django.test import override_settings

    with override_settings(PASSWORD_HASHERS=ours):
        stored = make_password("correct horse battery")
        assert identify_hasher(stored).algorithm == "argon2"
        assert "m=19456,t=2,p=1" in stored
        assert check_password("correct horse battery", stored)


@pytest.mark.parametrize("password", ["short", "elevenchars", "password1234"])
def test_weak_passwords_are_refused(password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password)


def test_a_log_line_is_json_without_the_request() -> None:
    record = logging.makeLogRecord(
        {"name": "django.request", "levelno": logging.WARNING, "levelname": "WARNING"}
        | {"msg": "Not Found: %s", "args": ("/x",), "status_code": 404, "request": "SECRET=1"}
    )
    line = json.loads(JsonFormatter().format(record))
    assert (line["level"], line["message"], line["status"]) == ("warning", "Not Found: /x", "404")
    assert "SECRET" not in json.dumps(line)


def test_no_transaction_around_whole_requests() -> None:
    assert not any(value.get("ATOMIC_REQUESTS") for value in settings.DATABASES.values())
