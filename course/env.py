"""PURE: the typed reader of the environment. Every setting an operator can give is in this file.

`read_environment` looks at all variables and only then complains, so that one start shows every
mistake; `course.env_values` says what may stand in each of them. `NAME_FILE` may stand for `NAME`
for each of them: the value is then the file's content, which is how secrets arrive without being
visible in the process list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from course import env_values as values
from course.env_values import (
    DatabaseAddress,
    MailServer,
    host_of,
    is_loopback,
    is_open_to_others,
)

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


class EnvironmentProblems(Exception):
    """Everything that is wrong with the environment, one sentence each."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        lines = "".join(f"\n  - {problem}" for problem in self.problems)
        super().__init__(f"Kenali cannot start with these settings:{lines}")


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
    port = reader.parsed("PORT", "8000", values.port, 8000)
    site_url = reader.parsed(
        "KENALI_SITE_URL", f"http://127.0.0.1:{port}", values.site_url, f"http://127.0.0.1:{port}"
    )
    secure = site_url.startswith("https://")
    environment = Environment(
        data_dir=root / (reader.text("KENALI_DATA_DIR") or "var"),
        site_url=site_url,
        allowed_hosts=reader.parsed(
            "KENALI_ALLOWED_HOSTS", values.hosts_of(site_url), values.hosts, ()
        ),
        secret_key=reader.parsed("KENALI_SECRET_KEY", "", values.secret_key, None),
        secret_key_fallbacks=reader.parsed("KENALI_SECRET_KEY_FALLBACKS", "", values.fallbacks, ()),
        trusted_network=reader.parsed("KENALI_TRUSTED_NETWORK", "0", values.yes_or_no, False),
        # Kenali itself speaks plain HTTP, so an https address means that a proxy is in front.
        proxy_count=reader.parsed("KENALI_PROXY_COUNT", "1" if secure else "0", values.proxies, 0),
        certificate_months=reader.parsed("KENALI_CERTIFICATE_MONTHS", "12", values.months, 12),
        minimum_cell=reader.parsed("KENALI_MINIMUM_CELL", "5", values.minimum_cell, 5),
        forget_left_months=reader.parsed(
            "KENALI_FORGET_LEFT_MONTHS", "24", values.forget_months, 24
        ),
        export_rows_per_hour=reader.parsed(
            "KENALI_EXPORT_ROWS_PER_HOUR", "50000", values.export_rows, 50_000
        ),
        recent_sign_in_minutes=reader.parsed(
            "KENALI_RECENT_SIGN_IN_MINUTES", "5", values.recent_minutes, 5
        ),
        time_zone=reader.parsed("KENALI_TIME_ZONE", "Asia/Kuala_Lumpur", values.time_zone, "UTC"),
        debug=reader.parsed("KENALI_DEBUG", "0", values.yes_or_no, False),
        admin=reader.parsed("KENALI_ADMIN", "0", values.yes_or_no, False),
        database=reader.parsed("DATABASE_URL", "", values.database, None),
        mail=reader.parsed("KENALI_MAIL_URL", "", values.mail, None),
        mail_from=reader.parsed(
            "KENALI_MAIL_FROM", values.sender_of(site_url), values.mail_from, ""
        ),
    )
    reader.problems += _contradictions(environment)
    if reader.problems:
        raise EnvironmentProblems(reader.problems)
    return environment


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
    if environment.allowed_hosts and values.in_brackets(host) not in environment.allowed_hosts:
        problems.append(f"KENALI_ALLOWED_HOSTS: {host}, the host of KENALI_SITE_URL, is missing.")
    return problems
