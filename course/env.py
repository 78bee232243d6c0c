"""PURE: the typed reader of the environment. Every setting an operator can give is in this file.

`read_environment` looks at all variables and only then complains, so that one start shows every
mistake. `NAME_FILE` may stand for `NAME` for each of them: the value is then the file's content,
which is how secrets arrive without being visible in the process list.
"""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import TypeVar
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

T = TypeVar("T")

NAMES = frozenset(
    {
        "KENALI_ADMIN",
        "KENALI_ALLOWED_HOSTS",
        "KENALI_CERTIFICATE_MONTHS",
        "KENALI_DATA_DIR",
        "KENALI_DEBUG",
        "KENALI_EXPORT_ROWS_PER_HOUR",
        "KENALI_FORGET_LEFT_MONTHS",
        "KENALI_MAIL_FROM",
        "KENALI_MAIL_URL",
        "KENALI_MINIMUM_CELL",
        "KENALI_PROXY_COUNT",
        "KENALI_RECENT_SIGN_IN_MINUTES",
        "KENALI_SECRET_KEY",
        "KENALI_SECRET_KEY_FALLBACKS",
        "KENALI_SITE_URL",
        "KENALI_TIME_ZONE",
        "KENALI_TRUSTED_NETWORK",
    }
)
# Read by manage.py, the Makefile and the tests, not by the running site.
OTHER_NAMES = frozenset({"KENALI_CHROMIUM", "KENALI_NO_BOOTSTRAP"})
TEST_PREFIX = "KENALI_TEST_"
SECRET_NAMES = (
    "KENALI_SECRET_KEY",
    "KENALI_MAIL_URL",
    "DATABASE_URL",
)  # their files must be private

SECRET_KEY_LENGTH = 50
SECRET_KEY_VARIETY = 10
MOST_PROXIES = 5
MOST_MONTHS = 60
MOST_FORGET_MONTHS = 120
LOWEST_CELL = 3  # below, "fewer than" would nearly name the number
MOST_CELL = 50
MOST_RECENT_MINUTES = 60
MOST_EXPORT_ROWS = 10_000_000
TRUE_WORDS = frozenset({"1", "true", "yes", "on"})
FALSE_WORDS = frozenset({"0", "false", "no", "off", ""})
POSTGRES_SCHEMES = frozenset({"postgres", "postgresql"})
POSTGRES_OPTIONS = frozenset(
    {"application_name", "connect_timeout", "host", "options", "sslcert", "sslkey", "sslmode"}
    | {"sslrootcert", "target_session_attrs"}
)
MAIL_PORTS = {"smtp": 587, "smtps": 465}
MAIL_TO_FILES = "file:"
ENCRYPTED_SSL_MODES = frozenset({"require", "verify-ca", "verify-full"})


class EnvironmentProblems(Exception):
    """Everything that is wrong with the environment, one sentence each."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        lines = "".join(f"\n  - {problem}" for problem in self.problems)
        super().__init__(f"Kenali cannot start with these settings:{lines}")


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseAddress:
    """A PostgreSQL database; empty strings mean "what libpq does by itself"."""

    name: str
    user: str
    password: str
    host: str
    port: str
    options: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """Where mails go; without a host they are written to files, to look at them."""

    host: str = ""
    port: int = 0
    user: str = ""
    password: str = ""
    encrypted_from_start: bool = False  # smtps; otherwise STARTTLS, or nothing on this machine
    starttls: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """What the operator asked for, checked and typed. `secret_key` None: use the key file."""

    data_dir: Path
    site_url: str
    allowed_hosts: tuple[str, ...]
    secret_key: str | None
    secret_key_fallbacks: tuple[str, ...]
    trusted_network: bool
    proxy_count: int
    certificate_months: int
    forget_left_months: int
    minimum_cell: int
    export_rows_per_hour: int
    recent_sign_in_minutes: int
    time_zone: str
    debug: bool
    admin: bool
    database: DatabaseAddress | None
    mail: MailServer | None
    mail_from: str

    @property
    def secure(self) -> bool:
        """True when visitors reach the site over https."""
        return self.site_url.startswith("https://")


class _Reader:
    """Looks variables up and collects what is wrong instead of stopping at the first."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.problems: list[str] = []

    def text(self, name: str, default: str = "") -> str:
        """The value of NAME, or of the file that NAME_FILE names, without outer white space."""
        path = self.environ.get(f"{name}_FILE")
        if path is None:
            return self.environ.get(name, default).strip()
        if name in self.environ:
            self.problems.append(f"{name} and {name}_FILE are both set; keep one of them.")
            return default
        try:
            if name.startswith(SECRET_NAMES):
                self._refuse_open_file(name, Path(path))
            return Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            self.problems.append(f"{name}_FILE cannot be read: {error}.")
            return default

    def parsed(self, name: str, default: str, parse: Callable[[str], T], otherwise: T) -> T:
        """The value after `parse`, which raises ValueError with the sentence for the operator."""
        try:
            return parse(self.text(name, default))
        except ValueError as error:
            self.problems.append(f"{name}: {error}")
            return otherwise

    def _refuse_open_file(self, name: str, path: Path) -> None:
        if is_open_to_others(path):
            self.problems.append(
                f"{name}_FILE: {path} can be read by other users; run `chmod 600 {path}`."
            )


def read_environment(environ: Mapping[str, str], *, root: Path) -> Environment:
    """The typed settings in `environ`; relative paths are below `root`, the checkout.

    Raises EnvironmentProblems with one sentence for each mistake, all of them at once.
    """
    reader = _Reader(environ)
    reader.problems += _unknown_names(environ)
    port = reader.parsed("PORT", "8000", _port, 8000)
    site_url = reader.parsed(
        "KENALI_SITE_URL", f"http://127.0.0.1:{port}", _site_url, f"http://127.0.0.1:{port}"
    )
    secure = site_url.startswith("https://")
    environment = Environment(
        data_dir=root / (reader.text("KENALI_DATA_DIR") or "var"),
        site_url=site_url,
        allowed_hosts=reader.parsed("KENALI_ALLOWED_HOSTS", _hosts_of(site_url), _hosts, ()),
        secret_key=reader.parsed("KENALI_SECRET_KEY", "", _secret_key, None),
        secret_key_fallbacks=reader.parsed("KENALI_SECRET_KEY_FALLBACKS", "", _fallbacks, ()),
        trusted_network=reader.parsed("KENALI_TRUSTED_NETWORK", "0", _yes_or_no, False),
        # Kenali itself speaks plain HTTP, so an https address means that a proxy is in front.
        proxy_count=reader.parsed("KENALI_PROXY_COUNT", "1" if secure else "0", _proxies, 0),
        certificate_months=reader.parsed("KENALI_CERTIFICATE_MONTHS", "12", _months, 12),
        minimum_cell=reader.parsed("KENALI_MINIMUM_CELL", "5", _minimum_cell, 5),
        forget_left_months=reader.parsed("KENALI_FORGET_LEFT_MONTHS", "24", _forget_months, 24),
        export_rows_per_hour=reader.parsed(
            "KENALI_EXPORT_ROWS_PER_HOUR", "50000", _export_rows, 50_000
        ),
        recent_sign_in_minutes=reader.parsed(
            "KENALI_RECENT_SIGN_IN_MINUTES", "5", _recent_minutes, 5
        ),
        time_zone=reader.parsed("KENALI_TIME_ZONE", "Asia/Kuala_Lumpur", _time_zone, "UTC"),
        debug=reader.parsed("KENALI_DEBUG", "0", _yes_or_no, False),
        admin=reader.parsed("KENALI_ADMIN", "0", _yes_or_no, False),
        database=reader.parsed("DATABASE_URL", "", _database, None),
        mail=reader.parsed("KENALI_MAIL_URL", "", _mail, None),
        mail_from=reader.parsed("KENALI_MAIL_FROM", _sender_of(site_url), _mail_from, ""),
    )
    reader.problems += _contradictions(environment)
    if reader.problems:
        raise EnvironmentProblems(reader.problems)
    return environment


def is_loopback(host: str) -> bool:
    """True for the names and addresses that never leave this machine."""
    name = host.strip("[]").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def is_open_to_others(path: Path) -> bool:
    """True when group or others may read or write `path`; False when it does not exist."""
    if not path.exists():
        return False
    return bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))


def host_of(site_url: str) -> str:
    """The host name in a site address, without port and brackets."""
    return urlsplit(site_url).hostname or ""


def weakness_of_key(key: str) -> str | None:
    """Why `key` must not sign sessions and links, or None when it may."""
    if key.startswith("django-insecure-"):
        return "this is a key that Django generated for development."
    if len(key) < SECRET_KEY_LENGTH:
        return f"a key needs at least {SECRET_KEY_LENGTH} characters; this one has {len(key)}."
    if len(set(key)) < SECRET_KEY_VARIETY:
        return f"a key needs at least {SECRET_KEY_VARIETY} different characters."
    return None


def _unknown_names(environ: Mapping[str, str]) -> list[str]:
    """A misspelt name would otherwise be silence, and silence here means less protection."""
    known = NAMES | {f"{name}_FILE" for name in NAMES} | OTHER_NAMES
    return [
        f"{name} is not a setting of Kenali; docs/reference/settings.md lists them."
        for name in sorted(environ)
        if name.startswith("KENALI_") and not name.startswith(TEST_PREFIX) and name not in known
    ]


def _contradictions(environment: Environment) -> list[str]:
    """Settings that are well-formed one by one but unsafe or impossible together."""
    problems = []
    host = host_of(environment.site_url)
    local = is_loopback(host)
    if not environment.secure and not local and not environment.trusted_network:
        problems.append(
            f"KENALI_SITE_URL: {environment.site_url} would send passwords in the clear; use "
            "https, or set KENALI_TRUSTED_NETWORK=1 if nobody else can listen on that network."
        )
    if environment.debug and not local:
        problems.append(
            "KENALI_DEBUG: error pages show settings and personal data, so it is only allowed "
            "while KENALI_SITE_URL is on this machine (127.0.0.1 or localhost)."
        )
    if environment.debug and not all(map(is_loopback, environment.allowed_hosts)):
        problems.append("KENALI_DEBUG: KENALI_ALLOWED_HOSTS names a host outside this machine.")
    if environment.admin and not environment.secure and not local:
        problems.append("KENALI_ADMIN: the administration pages need https.")
    if environment.allowed_hosts and _in_brackets(host) not in environment.allowed_hosts:
        problems.append(f"KENALI_ALLOWED_HOSTS: {host}, the host of KENALI_SITE_URL, is missing.")
    return problems


def _yes_or_no(text: str) -> bool:
    if text.lower() in TRUE_WORDS:
        return True
    if text.lower() in FALSE_WORDS:
        return False
    raise ValueError(f"{text!r} is neither yes nor no; write 1 or 0.")


def _whole_number(text: str, *, lowest: int, highest: int) -> int:
    plain = text.isascii() and text.isdigit() and len(text) < 10
    if not plain or not lowest <= int(text) <= highest:
        raise ValueError(f"{text!r} is not a whole number from {lowest} to {highest}.")
    return int(text)


def _port(text: str) -> int:
    return _whole_number(text, lowest=1, highest=65535)


def _forget_months(text: str) -> int:
    return _whole_number(text, lowest=0, highest=MOST_FORGET_MONTHS)


def _proxies(text: str) -> int:
    return _whole_number(text, lowest=0, highest=MOST_PROXIES)


def _months(text: str) -> int:
    return _whole_number(text, lowest=1, highest=MOST_MONTHS)


def _minimum_cell(text: str) -> int:
    return _whole_number(text, lowest=LOWEST_CELL, highest=MOST_CELL)


def _export_rows(text: str) -> int:
    return _whole_number(text, lowest=1, highest=MOST_EXPORT_ROWS)


def _recent_minutes(text: str) -> int:
    return _whole_number(text, lowest=1, highest=MOST_RECENT_MINUTES)


def _time_zone(text: str) -> str:
    try:
        return ZoneInfo(text).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"{text!r} is not a time zone such as Asia/Kuala_Lumpur") from None


def _split(url: str) -> SplitResult:
    parts = urlsplit(url)
    _ = parts.port  # raises ValueError for a port that is no number
    return parts


def _site_url(text: str) -> str:
    parts = _split(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(f"{text!r} is not an address such as https://course.example.org")
    if parts.path.strip("/") or parts.query or parts.fragment or parts.username is not None:
        raise ValueError("only scheme, host and port are allowed; the site lives at the root.")
    host = _in_brackets(parts.hostname)
    usual = {"http": 80, "https": 443}[parts.scheme]
    port = "" if parts.port in {None, usual} else f":{parts.port}"
    return f"{parts.scheme}://{host}{port}"  # as browsers write an origin


def _hosts_of(site_url: str) -> str:
    """The default hosts: the site's own, and on one's own machine each of its usual names."""
    host = _in_brackets(host_of(site_url))
    return ",".join(dict.fromkeys((host, "127.0.0.1", "localhost"))) if is_loopback(host) else host


def _in_brackets(host: str) -> str:
    """An IPv6 address as it stands in addresses and in the Host header."""
    return f"[{host}]" if ":" in host else host


def _hosts(text: str) -> tuple[str, ...]:
    hosts = tuple(host.strip().lower() for host in text.split(",") if host.strip())
    wild = [host for host in hosts if "*" in host or host.startswith(".")]
    if wild:
        raise ValueError(
            f"{', '.join(wild)} stands for many hosts; name each one, or links in messages can "
            "be made to point elsewhere."
        )
    if not hosts:
        raise ValueError("name at least one host.")
    return hosts


def _secret_key(text: str) -> str | None:
    if text and (weakness := weakness_of_key(text)):
        raise ValueError(weakness)
    return text or None


def _fallbacks(text: str) -> tuple[str, ...]:
    keys = tuple(key for key in text.split() if key)
    for key in keys:
        if weakness := weakness_of_key(key):
            raise ValueError(weakness)
    return keys


def _database(text: str) -> DatabaseAddress | None:
    if not text:
        return None
    parts = _split(text)
    if parts.scheme not in POSTGRES_SCHEMES:
        raise ValueError(
            "only postgresql://user:password@host:port/name is understood; leave it out for SQLite."
        )
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    if unknown := sorted(set(options) - POSTGRES_OPTIONS):
        raise ValueError(f"unknown options after the question mark: {', '.join(unknown)}.")
    name = unquote(parts.path.removeprefix("/"))
    if not name:
        raise ValueError("the name of the database is missing at the end.")
    host = options.pop("host", "") or unquote(parts.hostname or "")
    remote = bool(host) and not host.startswith("/") and not is_loopback(host)
    if remote and options.get("sslmode") not in ENCRYPTED_SSL_MODES:
        raise ValueError(f"{host} is another machine: add ?sslmode=verify-full to encrypt.")
    return DatabaseAddress(
        name=name,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        host=host,
        port=str(parts.port or ""),
        options=options,
    )


def _mail(text: str) -> MailServer | None:
    if not text:
        return None
    if text == MAIL_TO_FILES:
        return MailServer()
    parts = _split(text)
    host = parts.hostname
    if parts.scheme not in MAIL_PORTS or not host or parts.path.strip("/") or parts.query:
        raise ValueError(
            "only smtp://user:password@host:port, smtps:// and file: are understood; leave it out "
            "to send nothing."
        )
    if bool(parts.username) != bool(parts.password):
        raise ValueError("name and password belong together; give both or neither.")
    return MailServer(
        host=host,
        port=parts.port or MAIL_PORTS[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        encrypted_from_start=parts.scheme == "smtps",
        # Addresses of people must not cross a network in the clear; there is no switch for that.
        starttls=parts.scheme == "smtp" and not is_loopback(host),
    )


def _sender_of(site_url: str) -> str:
    """The default sender: the name of the course at the site's own host."""
    host = host_of(site_url)
    return "kenali@localhost" if is_loopback(host) else f"kenali@{host}"


def _mail_from(text: str) -> str:
    name, at, host = text.partition("@")
    plain = text.isascii() and text.isprintable() and not set(text) & set(' <>,;:"()[]\\')
    if not (name and at and host) or "@" in host or not plain:
        raise ValueError(f"{text!r} is not a plain address such as course@example.org.")
    return text
