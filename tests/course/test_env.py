"""The environment reader: defaults, files, and every refusal."""

from __future__ import annotations

from pathlib import Path

import pytest

from course.env import Environment, EnvironmentProblems, read_environment
from course.env_values import is_loopback, weakness_of_key

ROOT = Path("/srv/kenali")
KEY = "kLm0pQ7rStUvWxYz1aB2cD3eF4gH5iJ6kLm0pQ7rStUvWxYz1aB2cD3eF4"
HTTPS = {"KENALI_SITE_URL": "https://course.example.org"}


def read(**variables: str) -> Environment:
    return read_environment(variables, root=ROOT)


def problems_of(**variables: str) -> tuple[str, ...]:
    with pytest.raises(EnvironmentProblems) as caught:
        read(**variables)
    return caught.value.problems


def test_an_empty_environment_is_a_safe_site_on_this_machine() -> None:
    environment = read()
    assert environment.site_url == "http://127.0.0.1:8000"
    assert environment.allowed_hosts == ("127.0.0.1", "localhost")
    assert environment.data_dir == ROOT / "var"
    assert environment.secret_key is None
    assert environment.database is None
    flags = (environment.debug, environment.admin, environment.trusted_network, environment.secure)
    assert flags == (False, False, False, False)
    assert environment.proxy_count == 0


def test_the_port_moves_the_default_address() -> None:
    assert read(PORT="8123").site_url == "http://127.0.0.1:8123"


def test_https_implies_one_proxy_and_its_own_host_only() -> None:
    environment = read(**HTTPS)
    assert environment.secure
    assert environment.proxy_count == 1
    assert environment.allowed_hosts == ("course.example.org",)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://Course.Example.ORG/", "https://course.example.org"),
        ("https://course.example.org:443", "https://course.example.org"),
        ("https://course.example.org:8443", "https://course.example.org:8443"),
        ("http://127.0.0.1:80", "http://127.0.0.1"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_the_site_address_is_kept_as_browsers_write_it(given: str, kept: str) -> None:
    """Otherwise no form would be accepted: Django compares it with the Origin header."""
    assert read(KENALI_SITE_URL=given).site_url == kept


def test_an_address_of_six_parts_is_a_host_in_brackets() -> None:
    assert read(KENALI_SITE_URL="http://[::1]:8000").allowed_hosts[0] == "[::1]"


def test_a_data_directory_may_be_absolute_or_below_the_checkout() -> None:
    assert read(KENALI_DATA_DIR="/var/lib/kenali").data_dir == Path("/var/lib/kenali")
    assert read(KENALI_DATA_DIR="elsewhere").data_dir == ROOT / "elsewhere"


def test_no_mail_server_is_the_default() -> None:
    assert read().mail is None
    assert read().mail_from == "kenali@localhost"
    assert read(**HTTPS).mail_from == "kenali@course.example.org"


def test_a_mail_server_elsewhere_always_encrypts() -> None:
    found = read(KENALI_MAIL_URL="smtp://me%40x:p%3Aw@mail.example.org").mail
    assert found is not None
    assert (found.host, found.port, found.user, found.password) == (
        "mail.example.org",
        587,
        "me@x",
        "p:w",
    )
    assert (found.starttls, found.encrypted_from_start) == (True, False)
    found = read(KENALI_MAIL_URL="smtps://mail.example.org").mail
    assert found is not None
    assert (found.port, found.starttls, found.encrypted_from_start) == (465, False, True)


def test_a_mail_server_on_this_machine_may_be_plain_and_mail_may_go_to_files() -> None:
    found = read(KENALI_MAIL_URL="smtp://127.0.0.1:2525").mail
    assert found is not None
    assert (found.port, found.starttls, found.encrypted_from_start) == (2525, False, False)
    found = read(KENALI_MAIL_URL="file:").mail
    assert found is not None
    assert found.host == ""


@pytest.mark.parametrize(
    "address",
    ["nobody", "@x.org", "a@", "a@b@c", "a b@c.org", "A <a@c.org>", "a@c.org\nBcc: x@y.org"],
)
def test_a_sender_is_one_plain_address(address: str) -> None:
    (problem,) = problems_of(KENALI_MAIL_FROM=address)
    assert problem.startswith("KENALI_MAIL_FROM: ")


@pytest.mark.parametrize(
    "address",
    [
        "mail.example.org",
        "http://mail.example.org",
        "smtp://",
        "smtp://mail.example.org/path",
        "smtp://mail.example.org?tls=no",
        "smtp://name-only@mail.example.org",
        "smtp://mail.example.org:port",
    ],
)
def test_a_mail_server_that_is_not_understood_is_refused(address: str) -> None:
    (problem,) = problems_of(KENALI_MAIL_URL=address)
    assert problem.startswith("KENALI_MAIL_URL: ")


@pytest.mark.parametrize("word", ["1", "true", "Yes", "ON"])
def test_words_for_yes(word: str) -> None:
    assert read(KENALI_TRUSTED_NETWORK=word).trusted_network is True


def test_a_value_may_come_from_a_private_file(tmp_path: Path) -> None:
    secret = tmp_path / "key"
    secret.write_text(f"{KEY}\n")
    secret.chmod(0o600)
    assert read(KENALI_SECRET_KEY_FILE=str(secret)).secret_key == KEY


def test_what_is_no_secret_may_come_from_an_open_file(tmp_path: Path) -> None:
    address = tmp_path / "address"
    address.write_text("https://course.example.org\n")
    address.chmod(0o644)
    assert read(KENALI_SITE_URL_FILE=str(address)).site_url == "https://course.example.org"


def test_a_key_may_begin_with_a_dollar_sign() -> None:
    assert read(KENALI_SECRET_KEY=f"$abc{KEY}").secret_key == f"$abc{KEY}"


def test_a_database_address_is_taken_apart_and_decoded() -> None:
    address = read(
        DATABASE_URL="postgresql://ke%40n:p%2Fw%23@db.example.org:5433/course?sslmode=verify-full"
    ).database
    assert address is not None
    assert (address.user, address.password) == ("ke@n", "p/w#")
    assert (address.host, address.port, address.name) == ("db.example.org", "5433", "course")
    assert address.options == {"sslmode": "verify-full"}


def test_a_socket_directory_is_a_host_too() -> None:
    address = read(DATABASE_URL="postgresql:///course?host=/run/postgresql").database
    assert address is not None
    assert (address.host, address.user, address.port) == ("/run/postgresql", "", "")


REFUSED = {
    "misspelt name": ({"KENALI_DEBGU": "1"}, "KENALI_DEBGU is not a setting"),
    "debug away from home": (HTTPS | {"KENALI_DEBUG": "1"}, "KENALI_DEBUG"),
    "debug for a foreign host": (
        {"KENALI_DEBUG": "1", "KENALI_ALLOWED_HOSTS": "127.0.0.1,course.example.org"},
        "names a host outside",
    ),
    "short key": ({"KENALI_SECRET_KEY": "short"}, "at least 50 characters"),
    "monotonous key": ({"KENALI_SECRET_KEY": "ab" * 40}, "different characters"),
    "default key": ({"KENALI_SECRET_KEY": f"django-insecure-{KEY}"}, "for development"),
    "weak old key": ({"KENALI_SECRET_KEY_FALLBACKS": f"{KEY} short"}, "at least 50"),
    "wildcard host": ({"KENALI_ALLOWED_HOSTS": "*"}, "stands for many hosts"),
    "wildcard domain": ({"KENALI_ALLOWED_HOSTS": ".example.org"}, "stands for many hosts"),
    "no host": ({"KENALI_ALLOWED_HOSTS": " , "}, "at least one host"),
    "own host missing": (HTTPS | {"KENALI_ALLOWED_HOSTS": "other.example.org"}, "is missing"),
    "plain http": ({"KENALI_SITE_URL": "http://course.example.org"}, "in the clear"),
    "no address": ({"KENALI_SITE_URL": "course.example.org"}, "is not an address"),
    "address with path": ({"KENALI_SITE_URL": "https://example.org/course"}, "at the root"),
    "address with password": ({"KENALI_SITE_URL": "https://a:b@example.org"}, "at the root"),
    "odd port": ({"KENALI_SITE_URL": "https://example.org:99999"}, "KENALI_SITE_URL"),
    "port as a word": ({"PORT": "http"}, "PORT: 'http' is not a whole number"),
    "neither yes nor no": ({"KENALI_DEBUG": "maybe"}, "neither yes nor no"),
    "too many proxies": ({"KENALI_PROXY_COUNT": "9"}, "from 0 to 5"),
    "a time zone that is none": ({"KENALI_TIME_ZONE": "Malaysia/KL"}, "is not a time zone"),
    "certificates without an end": ({"KENALI_CERTIFICATE_MONTHS": "0"}, "from 1 to 60"),
    "forgetting after eleven years": ({"KENALI_FORGET_LEFT_MONTHS": "121"}, "from 0 to 120"),
    "a smallest cell of two": ({"KENALI_MINIMUM_CELL": "2"}, "from 3 to 50"),
    "negative proxies": ({"KENALI_PROXY_COUNT": "-1"}, "from 0 to 5"),
    "a number behind zeros": ({"KENALI_PROXY_COUNT": "0000000009"}, "from 0 to 5"),
    "a setting that is gone": ({"KENALI_EXIT_URL": "https://a.example"}, "is not a setting"),
    "administration in the clear": (
        {
            "KENALI_ADMIN": "1",
            "KENALI_TRUSTED_NETWORK": "1",
            "KENALI_SITE_URL": "http://10.0.0.5",
        },
        "need https",
    ),
    "another database": ({"DATABASE_URL": "mysql://localhost/x"}, "only postgresql://"),
    "no database name": ({"DATABASE_URL": "postgresql://localhost"}, "name of the database"),
    "odd database option": ({"DATABASE_URL": "postgresql:///x?sslmod=require"}, "sslmod"),
    "database in the clear": ({"DATABASE_URL": "postgresql://db.example.org/x"}, "verify-full"),
    "missing file": ({"KENALI_SECRET_KEY_FILE": "/does/not/exist"}, "cannot be read"),
    "value and file": (
        {"KENALI_SITE_URL": "http://localhost", "KENALI_SITE_URL_FILE": "/tmp/x"},  # noqa: S108
        "are both set",
    ),
}


@pytest.mark.parametrize(("variables", "expected"), REFUSED.values(), ids=REFUSED.keys())
def test_refusals(variables: dict[str, str], expected: str) -> None:
    assert any(expected in problem for problem in problems_of(**variables))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("KENALI_SECRET_KEY_FILE", KEY),
        ("KENALI_SECRET_KEY_FALLBACKS_FILE", KEY),
        ("DATABASE_URL_FILE", "postgresql://me:secret@localhost/kenali"),
    ],
)
def test_a_secret_file_that_others_can_read_is_refused(
    name: str, content: str, tmp_path: Path
) -> None:
    secret = tmp_path / "secret"
    secret.write_text(content)
    secret.chmod(0o640)
    (problem,) = problems_of(**{name: str(secret)})
    assert "chmod 600" in problem


def test_all_mistakes_are_told_at_once() -> None:
    found = problems_of(KENALI_DEBUG="x", KENALI_PROXY_COUNT="x", PORT="x")
    assert len(found) == 3


def test_no_refusal_repeats_a_secret() -> None:
    found = " ".join(
        problems_of(
            KENALI_SECRET_KEY="hunter2-but-short",
            DATABASE_URL="postgresql://me:hunter2@db.example.org/x",
        )
    )
    assert "hunter2" not in found


@pytest.mark.parametrize("host", ["localhost", "a.localhost", "127.0.0.1", "127.9.9.9", "[::1]"])
def test_loopback(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["", "0.0.0.0", "10.0.0.1", "localhost.example.org", "::"])  # noqa: S104
def test_not_loopback(host: str) -> None:
    assert not is_loopback(host)


def test_a_good_key_is_good() -> None:
    assert weakness_of_key(KEY) is None
