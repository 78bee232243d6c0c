"""`python -m tests.harness.durable_writer FILE NAME WAY`: writes for ever, and says what is stored.

Uses the product's own connection settings through Django. Each row is acknowledged on standard
output only after its commit (WAY "honest"), or, to prove that the test can go red, before a commit
that never comes ("boastful").
"""

from __future__ import annotations

import itertools
import sys
from pathlib import Path

import django
from django.conf import settings
from django.db import connection, transaction

from course import sqlite

BATCH = 50


def connect(path: str) -> None:
    """Django with one SQLite file and the options of the product."""
    settings.configure(
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": path,
                "OPTIONS": sqlite.connection_options(),
            }
        },
        USE_TZ=True,
    )
    django.setup()


def write(name: str, number: int) -> None:
    """One row."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO answers VALUES (%s, %s)", [name, number])


def honest(name: str, first: int, database: Path) -> None:
    """A commit, then the word; now and then a checkpoint, as after a request."""
    for number in range(first, first + BATCH):
        with transaction.atomic():
            write(name, number)
        print(name, number, flush=True)
    sqlite.checkpoint(database, patience=0.1)


def boastful(name: str) -> None:
    """The word for each row, and no commit while anybody listens."""
    with transaction.atomic():
        for number in itertools.count():
            write(name, number)
            print(name, number, flush=True)


def main() -> None:
    """Runs until it is killed."""
    path, name, way = sys.argv[1:4]
    connect(path)
    if way == "boastful":
        boastful(name)
    for first in itertools.count(0, BATCH):
        honest(name, first, Path(path))


if __name__ == "__main__":
    main()
