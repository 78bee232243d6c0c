"""`manage.py checkpoint`: empty SQLite's logs now, for instance after people were erased."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from course import sqlite


class Command(BaseCommand):
    """Safe while the site is serving."""

    help = "Move SQLite's write-ahead logs into the database files and empty them."

    def handle(self, *_: Any, **__: Any) -> None:
        """One line per database; fails when a log could not be emptied."""
        databases = sqlite.sqlite_files()
        if not databases:
            self.stdout.write("PostgreSQL looks after its own log; nothing to do.")
        unfinished = []
        for alias, path in databases.items():
            result = sqlite.checkpoint(path)
            if result is None or not result.complete:
                unfinished.append(alias)
            else:
                self.stdout.write(f"{alias}: {result.moved} pages moved; the log is empty.")
        if unfinished:
            raise CommandError(
                f"{', '.join(unfinished)}: somebody was reading or writing; run this again."
            )
