"""PURE: how each kind of setting is read from its text, and what makes one unsafe.

`course.env` says which settings there are; here is what may stand in them. Every reader takes the
text of one variable and raises ValueError with the sentence for the operator.
"""

from __future__ import annotations

import stat
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

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


def yes_or_no(text: str) -> bool:
    """A switch."""
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


def port(text: str) -> int:
    """A port to listen on."""
    return _whole_number(text, lowest=1, highest=65535)


def forget_months(text: str) -> int:
    """Months after which somebody who left is forgotten; 0: never."""
    return _whole_number(text, lowest=0, highest=MOST_FORGET_MONTHS)


def proxies(text: str) -> int:
    """How many proxies stand in front."""
    return _whole_number(text, lowest=0, highest=MOST_PROXIES)


def months(text: str) -> int:
    """How long a certificate holds."""
    return _whole_number(text, lowest=1, highest=MOST_MONTHS)


def minimum_cell(text: str) -> int:
    """The smallest number that a donor may see."""
    return _whole_number(text, lowest=LOWEST_CELL, highest=MOST_CELL)


def export_rows(text: str) -> int:
    """Rows that one person may take out in an hour."""
    return _whole_number(text, lowest=1, highest=MOST_EXPORT_ROWS)


def recent_minutes(text: str) -> int:
    """How old a proof of identity may be."""
    return _whole_number(text, lowest=1, highest=MOST_RECENT_MINUTES)


def time_zone(text: str) -> str:
    """A time zone by its usual name."""
    try:
        return ZoneInfo(text).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"{text!r} is not a time zone such as Asia/Kuala_Lumpur") from None


def _split(url: str) -> SplitResult:
    parts = urlsplit(url)
    _ = parts.port  # raises ValueError for a port that is no number
    return parts


def site_url(text: str) -> str:
    """Scheme, host and port of the site, as browsers write an origin."""
    parts = _split(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(f"{text!r} is not an address such as https://course.example.org")
    if parts.path.strip("/") or parts.query or parts.fragment or parts.username is not None:
        raise ValueError("only scheme, host and port are allowed; the site lives at the root.")
    host = in_brackets(parts.hostname)
    usual = {"http": 80, "https": 443}[parts.scheme]
    port = "" if parts.port in {None, usual} else f":{parts.port}"
    return f"{parts.scheme}://{host}{port}"  # as browsers write an origin


def hosts_of(site_url: str) -> str:
    """The default hosts: the site's own, and on one's own machine each of its usual names."""
    host = in_brackets(host_of(site_url))
    return ",".join(dict.fromkeys((host, "127.0.0.1", "localhost"))) if is_loopback(host) else host


def in_brackets(host: str) -> str:
    """An IPv6 address as it stands in addresses and in the Host header."""
    return f"[{host}]" if ":" in host else host


def hosts(text: str) -> tuple[str, ...]:
    """Names of hosts, each in full."""
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


def secret_key(text: str) -> str | None:
    """A key that may sign, or None for none."""
    if text and (weakness := weakness_of_key(text)):
        raise ValueError(weakness)
    return text or None


def fallbacks(text: str) -> tuple[str, ...]:
    """Older keys that may still verify."""
    keys = tuple(key for key in text.split() if key)
    for key in keys:
        if weakness := weakness_of_key(key):
            raise ValueError(weakness)
    return keys


def database(text: str) -> DatabaseAddress | None:
    """The address of a PostgreSQL database, or None for SQLite."""
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


def mail(text: str) -> MailServer | None:
    """Where mails go, or None for nowhere."""
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


def sender_of(site_url: str) -> str:
    """The default sender: the name of the course at the site's own host."""
    host = host_of(site_url)
    return "kenali@localhost" if is_loopback(host) else f"kenali@{host}"


def mail_from(text: str) -> str:
    """The address that mails come from."""
    name, at, host = text.partition("@")
    plain = text.isascii() and text.isprintable() and not set(text) & set(' <>,;:"()[]\\')
    if not (name and at and host) or "@" in host or not plain:
        raise ValueError(f"{text!r} is not a plain address such as course@example.org.")
    return text
