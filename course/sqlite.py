"""SQLite as Kenali uses it: the settings of a connection, reading them back, and checkpoints.

Why each value is what it is stands in docs/decisions/0004-sqlite-settings.md. The short form: an
answer that was acknowledged survives a power cut, and a deleted name is gone from the file.

SQLite up to 3.51.2 (except 3.50.7 and 3.44.6) has the "WAL-reset" fault: when a checkpoint runs
while another connection commits and starts the log anew, committed pages can be lost. On such a
library no connection checkpoints by itself. `checkpoint` does it for everybody: one holder at a
time under a file lock, and only while it also holds SQLite's write lock, so that no commit can
happen during a checkpoint.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

BUSY_SECONDS = 20
PATIENT_SECONDS = 5.0
JOURNAL_SIZE_LIMIT = 8 * 1024 * 1024  # bytes the log may keep on disk after it starts anew
CHECKPOINT_ABOVE = 4 * 1024 * 1024  # bytes of log after which a request tidies up behind itself
PRIVATE_FILE = 0o600
FIXED_IN = ((3, 44, 6), (3, 50, 7))  # fixes brought back to older lines; all from 3.51.3 on
FIXED_FROM = (3, 51, 3)


def has_wal_reset_fault(version: tuple[int, int, int]) -> bool:
    """True when a library of this version can lose commits during concurrent checkpoints."""
    mended = any(version[:2] == fix[:2] and version >= fix for fix in FIXED_IN)
    return version < FIXED_FROM and not mended


def library_version() -> tuple[int, int, int]:
    """The version of the SQLite library that Python is linked with."""
    return sqlite3.sqlite_version_info


def required_pragmas() -> dict[str, str | int]:
    """Pragma -> value that every connection must report."""
    return {
        "journal_mode": "wal",
        "synchronous": 2,  # FULL
        "foreign_keys": 1,
        "secure_delete": 1,
        "trusted_schema": 0,
        "busy_timeout": BUSY_SECONDS * 1000,
        "journal_size_limit": JOURNAL_SIZE_LIMIT,
        "mmap_size": 0,
        "wal_autocheckpoint": 0 if has_wal_reset_fault(library_version()) else 1000,
    }


def connection_options() -> dict[str, Any]:
    """The OPTIONS of a database; Django's own key words come beside the pragmas."""
    pragmas = "; ".join(f"PRAGMA {name} = {value}" for name, value in required_pragmas().items())
    return {"timeout": BUSY_SECONDS, "transaction_mode": "IMMEDIATE", "init_command": pragmas}


def differing_pragmas(connection: BaseDatabaseWrapper) -> dict[str, tuple[object, object]]:
    """Pragma -> (wanted, found) for all that differ on a live connection."""
    differing: dict[str, tuple[object, object]] = {}
    with connection.cursor() as cursor:
        for name, wanted in required_pragmas().items():
            cursor.execute(f"PRAGMA {name}")
            row = cursor.fetchone()
            found = row[0] if row else 0  # mmap_size has no row where memory maps are compiled out
            if found != wanted:
                differing[name] = (wanted, found)
    return differing


def create_private_file(path: Path) -> None:
    """Make an empty file that only its owner may read, unless there is one.

    SQLite gives its log and shared-memory files the mode of the database file, so making that one
    before SQLite does settles all three without a process-wide umask.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, PRIVATE_FILE))


def sqlite_files() -> dict[str, Path]:
    """Alias -> database file for every SQLite database on disk."""
    return {
        alias: Path(str(connections[alias].settings_dict["NAME"]))
        for alias in connections
        if connections[alias].vendor == "sqlite" and _is_on_disk(connections[alias])
    }


def log_size(database: Path) -> int:
    """Bytes in the write-ahead log of a database file; 0 when there is none."""
    try:
        return Path(f"{database}-wal").stat().st_size
    except FileNotFoundError:
        return 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """What one checkpoint did; `complete` means that the log holds nothing the file lacks."""

    frames: int
    moved: int

    @property
    def complete(self) -> bool:
        """False when a reader with an older view kept part of the log alive."""
        return self.frames == self.moved


def checkpoint(database: Path, *, patience: float = PATIENT_SECONDS) -> Checkpoint | None:
    """Move the log of `database` into the file and empty it.

    None when another process is doing it, or when a writer did not finish within `patience`
    seconds; then nothing was done, which is always safe: the log only stays longer.
    """
    with _only_holder(database) as holds, closing(_plain_connection(database, patience)) as writer:
        if not holds or not _begins(writer):
            return None
        with closing(_plain_connection(database, patience)) as worker:
            # PASSIVE never waits; the write lock of `writer` keeps commits away meanwhile.
            _, frames, moved = worker.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        writer.execute("ROLLBACK")
        result = Checkpoint(frames=frames, moved=moved)
        if result.complete and frames > 0:
            _start_log_anew(writer)
        return result


def tidy_up(**_: object) -> None:
    """After a request: checkpoint each log that has grown past CHECKPOINT_ABOVE, without waiting.

    Connected to `request_finished`; a command that writes much calls it now and then. A connection
    still inside a transaction is left alone: only tests have one at that point.
    """
    if not has_wal_reset_fault(library_version()):
        return
    for alias, database in sqlite_files().items():
        if log_size(database) > CHECKPOINT_ABOVE and not connections[alias].in_atomic_block:
            checkpoint(database, patience=0.1)


def _is_on_disk(connection: BaseDatabaseWrapper) -> bool:
    name = str(connection.settings_dict["NAME"])
    return not (name == ":memory:" or name.startswith("file:"))


def _plain_connection(database: Path, patience: float) -> sqlite3.Connection:
    """A connection outside Django with the settings that matter to a checkpoint."""
    connection = sqlite3.connect(database, timeout=patience, isolation_level=None)
    for pragma in ("wal_autocheckpoint = 0", "synchronous = FULL", "secure_delete = ON"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _begins(connection: sqlite3.Connection) -> bool:
    """Take the write lock; False when another writer kept it too long."""
    try:
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError:
        return False
    return True


def _start_log_anew(connection: sqlite3.Connection) -> None:
    """One ordinary tiny commit: the first writer after a full checkpoint restarts the log.

    With the limit at 0 that commit also cuts the file, so nothing deleted stays readable in it.
    """
    connection.execute("PRAGMA journal_size_limit = 0")
    if _begins(connection):
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        connection.execute(f"PRAGMA user_version = {int(version)}")
        connection.execute("COMMIT")


@contextmanager
def _only_holder(database: Path) -> Iterator[bool]:
    """Hold the checkpoint lock of `database` across processes; yields False when it is taken."""
    path = Path(f"{database}.checkpoint")
    create_private_file(path)
    with path.open("rb+") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True  # closing the file lets go of the lock, also when the process dies
