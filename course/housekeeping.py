"""Small chores after a request, because there is no background worker (decision 0013)."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from threading import Lock

from django.conf import settings
from django.db import DatabaseError, connections
from django.utils import timezone

from course import sqlite

HOUR = 3600.0  # seconds
PATIENCE = 0.1  # seconds; who is in the way now is not an hour later

log = logging.getLogger("kenali.housekeeping")


class Hourly:
    """Calls `work` after a request when an hour has passed, in one thread at a time.

    The first time is an hour after the start: a start does the same chores itself.
    """

    def __init__(self, work: Callable[[], object], clock: Callable[[], float] = time.monotonic):
        self.work = work
        self.clock = clock
        self.due = clock() + HOUR
        self.lock = Lock()

    def __call__(self, **_: object) -> None:
        """A receiver of `request_finished`. Chores that fail are logged and tried again later."""
        if self.clock() < self.due or not self.lock.acquire(blocking=False):
            return
        try:
            self.due = self.clock() + HOUR
            self.work()
        except DatabaseError:
            log.exception("chores failed; they are tried again in an hour")
        finally:
            self.lock.release()


def purge() -> None:
    """Remove what has expired, unless a transaction is open, which only tests have here.

    Then empty the log of the database, where what was removed (also by somebody's hand since the
    last time) can still be read.
    """
    from course.services.retention import purge_expired  # noqa: PLC0415 -- needs the loaded apps

    if any(connections[alias].in_atomic_block for alias in settings.DATABASES):
        return
    purge_expired(at=timezone.now())
    for path in sqlite.sqlite_files().values():
        if sqlite.log_size(path):
            sqlite.checkpoint(path, patience=PATIENCE)


hourly_purge = Hourly(purge)
