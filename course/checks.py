"""Unsafe configurations, as numbered system checks. `course.wsgi` and `up` refuse to start on one.

The environment's own contradictions are refused earlier, in `course.env`; these checks look at
what Django really runs with, so they also catch a settings file that somebody has changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from course import sqlite
from course.env_values import host_of, is_loopback, is_open_to_others, weakness_of_key
from course.routers import TRANSIENT

Found = list[CheckMessage]
MOUNTS = Path("/proc/self/mountinfo")
# 9p is missing on purpose: sandboxes show their ordinary disk under that name.
NETWORK_FILE_SYSTEMS = frozenset(
    {"afs", "ceph", "cifs", "davfs", "fuse.ceph-fuse", "fuse.glusterfs", "fuse.rclone"}
    | {"fuse.s3fs", "fuse.sshfs", "gfs2", "glusterfs", "lustre", "ncpfs", "nfs", "nfs4", "ocfs2"}
    | {"smb3", "smbfs"}
)
ORDER = (
    "course.middleware.SecurityHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "course.middleware.SessionLimitsMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "course.access.ContextMiddleware",
)
CLOSED_DIRECTIVES = ("default-src", "base-uri", "frame-ancestors")
FIRST_HASHER = "course.hashers.ModestArgon2PasswordHasher"


def _error(number: int, problem: str, hint: str) -> CheckMessage:
    return Error(problem, hint=hint, id=f"kenali.E{number:03}")


def check_debug(**_: Any) -> Found:
    """E001: error pages that show everything, on an address that others can reach."""
    if settings.DEBUG and not is_loopback(host_of(settings.KENALI_SITE_URL)):
        return [_error(1, "DEBUG is on for an address off this machine.", "Unset KENALI_DEBUG.")]
    return []


def check_secret_key(**_: Any) -> Found:
    """E002: a key that can be guessed signs sessions and links of anybody."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    weak = [reason for key in keys if (reason := weakness_of_key(str(key)))]
    return [_error(2, f"The secret key is weak: {reason}", "See settings.md.") for reason in weak]


def check_hosts(**_: Any) -> Found:
    """E003: with a wildcard, links in messages follow whatever host an attacker sends."""
    wild = [host for host in settings.ALLOWED_HOSTS if "*" in host or host.startswith(".")]
    if wild or not settings.ALLOWED_HOSTS:
        return [_error(3, f"ALLOWED_HOSTS is not explicit: {wild}", "Name each host.")]
    return []


def check_transport(**_: Any) -> Found:
    """E004: passwords over plain HTTP. E005: https without the settings that make it hold."""
    url = settings.KENALI_SITE_URL
    if not url.startswith("https://"):
        if is_loopback(host_of(url)) or settings.KENALI_TRUSTED_NETWORK:
            return []
        return [_error(4, f"{url} sends passwords in the clear.", "Use https.")]
    cookies = (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME)
    secure = settings.SESSION_COOKIE_SECURE and settings.CSRF_COOKIE_SECURE
    prefixed = all(name.startswith("__Host-") for name in cookies)
    if not (secure and prefixed and settings.SECURE_SSL_REDIRECT and settings.SECURE_HSTS_SECONDS):
        return [
            _error(
                5,
                "The site is on https, but its cookies, redirect or HSTS do not insist on it.",
                "Leave these settings to KENALI_SITE_URL.",
            )
        ]
    return []


def check_atomic_requests(**_: Any) -> Found:
    """E006: with immediate transactions every page view would wait for the write lock."""
    guilty = [name for name, value in settings.DATABASES.items() if value.get("ATOMIC_REQUESTS")]
    hint = "Wrap the writes only."
    return [_error(6, f"ATOMIC_REQUESTS is on for database {name}.", hint) for name in guilty]


def check_sqlite_settings(**_: Any) -> Found:
    """E007: a SQLite database without our options loses answers or fails under load."""
    wanted = sqlite.connection_options()
    return [
        _error(7, f"Database {alias} does not have Kenali's SQLite options.", "See decision 0004.")
        for alias, value in settings.DATABASES.items()
        if "sqlite" in str(value.get("ENGINE")) and value.get("OPTIONS") != wanted
    ]


def check_transient_file(**_: Any) -> Found:
    """E008: the second file must be a second file and have its router."""
    if TRANSIENT not in settings.DATABASES:
        return []
    names = [str(value["NAME"]) for value in settings.DATABASES.values()]
    routed = "course.routers.TransientRouter" in settings.DATABASE_ROUTERS
    if len(set(names)) == len(names) and routed:
        return []
    return [_error(8, "The transient database shares a file or has no router.", "See settings.py.")]


def check_file_modes(**_: Any) -> Found:
    """E009: database files hold names; only the user that runs Kenali may open them."""
    beside = ("", "-wal", "-shm")
    return [
        _error(9, f"{path} is open to other users.", f"Run `chmod 600 {path}`.")
        for database in sqlite.sqlite_files().values()
        for path in (Path(f"{database}{ending}") for ending in beside)
        if is_open_to_others(path)
    ]


def check_middleware(**_: Any) -> Found:
    """E010: a guard that is missing, or stands behind what it should guard."""
    places = [settings.MIDDLEWARE.index(name) for name in ORDER if name in settings.MIDDLEWARE]
    if len(places) == len(ORDER) and places == sorted(places):
        return []
    return [_error(10, "A middleware is missing or out of order.", f"Wanted: {', '.join(ORDER)}")]


def check_content_policy(**_: Any) -> Found:
    """E011: a content policy that lets foreign or inline code in."""
    policy = settings.SECURE_CSP
    closed = all(policy.get(name) == ["'none'"] for name in CLOSED_DIRECTIVES)
    sources = {source for values in policy.values() for source in values}
    if closed and sources <= {"'none'", "'self'", "'script'"}:
        return []
    return [_error(11, "SECURE_CSP is weaker than 'none' and 'self'.", "Move code into files.")]


def check_network_disk(**_: Any) -> Found:
    """E012: SQLite's log corrupts on network file systems, which do not share memory."""
    return [
        _error(12, f"{path} is on a network file system ({kind}).", "Use a disk of this machine.")
        for path in sqlite.sqlite_files().values()
        if (kind := file_system_of(path)) in NETWORK_FILE_SYSTEMS
    ]


def check_sessions(**_: Any) -> Found:
    """E013: a session that is not a database row cannot be ended from here."""
    if settings.SESSION_ENGINE == "django.contrib.sessions.backends.db":
        return []
    return [_error(13, f"{settings.SESSION_ENGINE} cannot be revoked.", "Use the database.")]


def check_caches(**_: Any) -> Found:
    """E014: a memory cache counts separately in every process."""
    guilty = [name for name, value in settings.CACHES.items() if "locmem" in value["BACKEND"]]
    hint = "Use the dummy cache, or a shared one."
    return [_error(14, f"Cache {name} is one per process.", hint) for name in guilty]


def check_passwords(**_: Any) -> Found:
    """E015: passwords stored cheaply, or allowed to be short or common."""
    validators = cast("Sequence[Mapping[str, Any]]", settings.AUTH_PASSWORD_VALIDATORS)
    rules = {rule["NAME"].rpartition(".")[2]: rule for rule in validators}
    shortest = rules.get("MinimumLengthValidator", {}).get("OPTIONS", {}).get("min_length", 0)
    strong = settings.PASSWORD_HASHERS[0] == FIRST_HASHER
    if strong and shortest >= 12 and "CommonPasswordValidator" in rules:
        return []
    return [_error(15, "Password hashing or rules are too weak.", "See settings.py.")]


def check_time(**_: Any) -> Found:
    """E016: stored instants must be UTC and aware."""
    if settings.USE_TZ and settings.TIME_ZONE == "UTC":
        return []
    return [_error(16, "Time must be kept in UTC.", "USE_TZ = True, TIME_ZONE = 'UTC'")]


def check_live_databases(databases: Sequence[str] | None = None, **_: Any) -> Found:
    """E017: pragmas differ. E018: PostgreSQL acknowledges early. E019: it cannot be asked."""
    found: Found = []
    for alias in databases or ():
        connection = connections[alias]
        look = _look_at_sqlite if connection.vendor == "sqlite" else _look_at_postgresql
        try:
            found += look(connection)
        except DatabaseError as error:
            hint = "Is the server running, and DATABASE_URL right?"
            found.append(_error(19, f"Database {alias} cannot be asked: {error}", hint))
    return found


def _look_at_sqlite(connection: BaseDatabaseWrapper) -> Found:
    return [
        _error(
            17,
            f"Database {connection.alias}: PRAGMA {name} is {found!r}, not {wanted!r}.",
            "Without it answers can be lost; see docs/decisions/0004-sqlite-settings.md.",
        )
        for name, (wanted, found) in sqlite.differing_pragmas(connection).items()
    ]


def _look_at_postgresql(connection: BaseDatabaseWrapper) -> Found:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('synchronous_commit'), current_setting('fsync')")
        commit, fsync = cursor.fetchone()
    # "local" waits for this server's disk; only then is an acknowledged answer safe.
    if commit in {"on", "local", "remote_apply", "remote_write"} and fsync == "on":
        return []
    return [
        _error(
            18,
            f"PostgreSQL acknowledges before writing: synchronous_commit={commit}, fsync={fsync}.",
            "Set both to on, also for the role and the database.",
        )
    ]


def file_system_of(path: Path, mounts: Path = MOUNTS) -> str:
    """The type of the file system that holds `path` (Linux), or "" where it cannot be told."""
    try:
        lines = mounts.read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    wanted, best, kind = path.resolve(), -1, ""
    for line in lines:
        before, _, after = line.partition(" - ")
        point = Path(before.split(" ")[4].replace("\\040", " "))
        if (wanted == point or point in wanted.parents) and len(point.parts) >= best:
            best, kind = len(point.parts), after.split(" ")[0]
    return kind


STILL: tuple[Callable[..., Iterable[CheckMessage]], ...] = (
    check_debug,
    check_secret_key,
    check_hosts,
    check_transport,
    check_atomic_requests,
    check_sqlite_settings,
    check_transient_file,
    check_file_modes,
    check_middleware,
    check_content_policy,
    check_network_disk,
    check_sessions,
    check_caches,
    check_passwords,
    check_time,
)


def register_all() -> None:
    """Tell Django about the checks; called once when the apps are ready."""
    for check in STILL:
        register(check, Tags.security)
    register(check_live_databases, Tags.database)


def refuse_unsafe_start() -> None:
    """Raise ImproperlyConfigured with every finding; called before the first request is served."""
    aliases = list(settings.DATABASES)
    found = [message for check in STILL for message in check()]
    found += check_live_databases(databases=aliases)
    if found:
        lines = "\n".join(str(message) for message in found)
        raise ImproperlyConfigured(f"Kenali does not start like this:\n{lines}")
