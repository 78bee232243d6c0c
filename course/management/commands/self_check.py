"""`manage.py self_check`: says in words what is wrong with this installation."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal, NamedTuple, cast

from django.conf import settings
from django.core.checks import run_checks
from django.core.mail import get_connection
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from course import sqlite
from course.models import ContentRelease, Organization
from course.services.audit import verify_chain
from course.services.placing import differences

LEAST_FREE = 500 * 1024 * 1024  # bytes; below that a busy day can fill the disk
LARGE_LOG = 16 * sqlite.CHECKPOINT_ABOVE
CLOCK_SLACK = timedelta(minutes=2)
WRONG: Literal["wrong"] = "wrong"
NOTE: Literal["note"] = "note"
FINE: Literal["fine"] = "fine"


class Finding(NamedTuple):
    """One sentence about one part of the installation."""

    state: Literal["wrong", "note", "fine"]
    sentence: str


class Command(BaseCommand):
    """Reads only, apart from one empty file in the data directory to compare clocks."""

    help = "Check storage, schema, configuration, clock, mail and content of this installation."
    requires_system_checks = ()  # they are among the findings

    def handle(self, *_: Any, **__: Any) -> None:
        """Print all findings; exit 1 when one of them is wrong."""
        at = timezone.now()
        findings = [
            finding
            for look in (storage, configuration, schema, content, record, places, clock, mail)
            for finding in look(at)
        ]
        for finding in findings:
            self.stdout.write(f"{finding.state:5}  {finding.sentence}")
        count = sum(finding.state == WRONG for finding in findings)
        if count:
            raise CommandError(f"{count} to mend.")
        self.stdout.write("Nothing is wrong.")


def storage(_at: datetime) -> Iterator[Finding]:
    """Free space, size of the logs, and the known fault of older SQLite libraries."""
    free = shutil.disk_usage(settings.DATA_DIR).free
    state = FINE if free >= LEAST_FREE else WRONG
    yield Finding(state, f"Storage: {free // 1024**2} MB are free in the data directory.")
    databases = sqlite.sqlite_files()
    for alias, path in databases.items():
        size = sqlite.log_size(path)
        if size > LARGE_LOG:
            mend = "run manage.py checkpoint"
            yield Finding(WRONG, f"Storage: the log of {alias} has {size} bytes; {mend}.")
    version = sqlite.library_version()
    if databases and sqlite.has_wal_reset_fault(version):
        yield Finding(
            NOTE,
            f"Storage: SQLite {'.'.join(map(str, version))} has the WAL-reset fault (mended in "
            "3.51.3, 3.50.7 and 3.44.6). Automatic checkpoints are off and Kenali makes them "
            "itself, one at a time with writers kept out, so the fault cannot show. A newer "
            "library is still better.",
        )


def configuration(_at: datetime) -> Iterator[Finding]:
    """Every system check of Django and ours, with a live look at the databases."""
    found = run_checks(include_deployment_checks=False, databases=list(settings.DATABASES))
    messages = [message for message in found if not message.is_silenced()]
    for message in messages:
        yield Finding(WRONG, f"Configuration: {message.id}: {message.msg} {message.hint or ''}")
    if not messages:
        yield Finding(FINE, "Configuration: all checks pass, also on the open databases.")


def schema(_at: datetime) -> Iterator[Finding]:
    """Migrations that have not run, and for SQLite the integrity of each file."""
    for alias in settings.DATABASES:
        connection = connections[alias]
        try:
            executor = MigrationExecutor(connection)
            waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
            damage = _damage(alias)
        except DatabaseError as error:
            yield Finding(WRONG, f"Schema: {alias} cannot be read: {error}.")
            continue
        if waiting:
            yield Finding(WRONG, f"Schema: {alias} lacks {len(waiting)} migrations; run migrate.")
        if damage:
            yield Finding(WRONG, f"Schema: {alias} is damaged: {damage}. Restore a backup.")
        if not waiting and not damage:
            yield Finding(FINE, f"Schema: {alias} is complete and sound.")


def content(_at: datetime) -> Iterator[Finding]:
    """Whether a course has been loaded at all."""
    try:
        newest = ContentRelease.objects.order_by("-number").first()
    except DatabaseError as error:
        yield Finding(WRONG, f"Content: cannot be read: {error}.")
        return
    release = cast("ContentRelease | None", newest)
    if release is None:
        yield Finding(WRONG, "Content: nothing is loaded; run manage.py load_content.")
    else:
        day = f"{release.applied_at:%Y-%m-%d}"
        yield Finding(FINE, f"Content: release {release.number} of {day} is loaded.")


def record(_at: datetime) -> Iterator[Finding]:
    """Whether every organisation's record of changes is whole, and its last digest.

    Whoever can write to the database can also take the newest entries away; only a digest that was
    written down elsewhere shows that.
    """
    try:
        for organization in Organization.objects.order_by("key"):
            report = verify_chain(organization)
            name = f"Record of {organization.key}"
            if report.sound:
                end = f"last digest {report.digest[:16]}"
                yield Finding(FINE, f"{name}: {report.entries} entries, unbroken; {end}.")
            else:
                yield Finding(WRONG, f"{name}: {report.problem}. Compare it with a backup.")
    except DatabaseError as error:
        yield Finding(WRONG, f"Record: cannot be read: {error}.")


def places(_at: datetime) -> Iterator[Finding]:
    """Whether the histories that reports are told from end with how things are today."""
    try:
        for organization in Organization.objects.order_by("key"):
            found = differences(organization.pk)
            name = f"Places of {organization.key}"
            if found:
                many = f"the history says otherwise {len(found)} times, first about {found[0]}"
                yield Finding(WRONG, f"{name}: {many}. Reports about today are wrong.")
            else:
                yield Finding(FINE, f"{name}: the history ends where people are today.")
    except DatabaseError as error:
        yield Finding(WRONG, f"Places: cannot be read: {error}.")


def clock(_at: datetime) -> Iterator[Finding]:
    """The system clock against the clock that stamps the data directory's files."""
    with tempfile.NamedTemporaryFile(dir=settings.DATA_DIR, prefix="clock-") as file:
        stamped = Path(file.name).stat().st_mtime
    away = abs(timezone.now() - datetime.fromtimestamp(stamped, tz=timezone.now().tzinfo))
    if away > CLOCK_SLACK:
        yield Finding(WRONG, f"Clock: it is {away} away from the disk's clock.")
    else:
        yield Finding(FINE, f"Clock: {timezone.now():%Y-%m-%d %H:%M} UTC.")


def mail(_at: datetime) -> Iterator[Finding]:
    """How messages leave, in words; with a server, whether it answers."""
    if not settings.KENALI_MAIL:
        yield Finding(
            NOTE,
            "Mail: no server is set (KENALI_MAIL_URL), so nothing is sent. Reminders are shown in "
            "the course, and sign-in links work without mail.",
        )
    elif not settings.EMAIL_HOST:
        yield Finding(NOTE, "Mail: messages are written to files in the data directory, not sent.")
    else:
        yield _mail_server(f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}")


def _mail_server(name: str) -> Finding:
    """Whether the server takes our connection and our password; nothing is sent."""
    mailer = get_connection()
    try:
        mailer.open()
        mailer.close()
    except OSError as error:  # SMTP's own errors are among them
        reason = type(error).__name__
        return Finding(WRONG, f"Mail: {name} cannot be used ({reason}). Reminders wait meanwhile.")
    return Finding(FINE, f"Mail: {name} answers.")


def _damage(alias: str) -> str:
    """What SQLite's quick check finds, or "" when the file is sound."""
    if connections[alias].vendor != "sqlite":
        return ""
    with connections[alias].cursor() as cursor:
        cursor.execute("PRAGMA quick_check(1)")
        (answer,) = cursor.fetchone()
    return "" if answer == "ok" else str(answer)
