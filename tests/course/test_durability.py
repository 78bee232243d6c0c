"""What was acknowledged is there after `kill -9`, with two processes writing at once.

A killed process is not a power cut: the system still writes what the process handed over, whatever
`synchronous` says. That the settings also survive a power cut is shown by reading them back
(test_sqlite.py) and by the measurements behind decision 0004.
"""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings

from course import sqlite

pytestmark = [pytest.mark.slow, pytest.mark.sqlite]
ROUNDS = 3
ENOUGH = 150  # acknowledged rows of both writers before the kill


def start(database: Path, name: str, way: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.harness.durable_writer", str(database), name, way]
    return subprocess.Popen(
        command, cwd=settings.BASE_DIR, stdout=subprocess.PIPE, text=True, bufsize=1
    )


def killed_in_the_middle(database: Path, names: tuple[str, ...], way: str) -> set[tuple[str, int]]:
    """Start a writer for each name, kill both at once, return what they had acknowledged."""
    writers = [start(database, name, way) for name in names]
    heard: list[str] = []
    try:
        deadline = time.monotonic() + 60
        while len(heard) < ENOUGH and time.monotonic() < deadline:
            for writer in writers:
                assert writer.stdout is not None
                heard.append(writer.stdout.readline())
    finally:
        for writer in writers:
            os.kill(writer.pid, signal.SIGKILL)
    for writer in writers:
        rest, _ = writer.communicate(timeout=30)
        # Reading by lines takes more from the pipe than it hands out: the rest may begin mid-line.
        heard += rest.splitlines(keepends=True)[1:]
    whole = [line.split() for line in heard if line.endswith("\n")]
    assert len(whole) >= ENOUGH, "the writers did not get going"
    return {(name, int(number)) for name, number in whole}


def stored(database: Path) -> set[tuple[str, int]]:
    """What a fresh connection finds."""
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return set(connection.execute("SELECT name, number FROM answers"))


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "answers.sqlite3"
    sqlite.create_private_file(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = wal")
        connection.execute("CREATE TABLE answers (name TEXT, number INTEGER)")
    return path


def test_no_acknowledged_row_is_lost(database: Path) -> None:
    for turn in range(ROUNDS):
        acknowledged = killed_in_the_middle(database, (f"a{turn}", f"b{turn}"), "honest")
        found = stored(database)
        assert acknowledged <= found, sorted(acknowledged - found)[:5]


def test_the_test_sees_a_writer_that_speaks_too_soon(database: Path) -> None:
    """The negative control: without it the test above could be green for no reason."""
    acknowledged = killed_in_the_middle(database, ("a",), "boastful")
    assert acknowledged - stored(database) == acknowledged
