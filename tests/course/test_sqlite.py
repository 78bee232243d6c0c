"""SQLite: the pragmas that really hold, checkpoints, and erasure from the files."""

from __future__ import annotations

import multiprocessing
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections

from course import sqlite
from course.routers import TransientRouter, is_transient

ALIASES = ("default", "transient")


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A file with one table, in the mode of the product."""
    path = tmp_path / "some.sqlite3"
    sqlite.create_private_file(path)
    with closing(connect(path)) as connection:
        connection.execute("CREATE TABLE answers (writer INTEGER, number INTEGER, text TEXT)")
    return path


def connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=20, isolation_level=None)
    for name, value in sqlite.required_pragmas().items():
        connection.execute(f"PRAGMA {name} = {value}")
    return connection


@pytest.mark.parametrize(
    ("version", "faulty"),
    [
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 45, 0), True),
        ((3, 50, 6), True),
        ((3, 50, 7), False),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 53, 0), False),
    ],
)
def test_which_libraries_have_the_fault(version: tuple[int, int, int], faulty: bool) -> None:
    assert sqlite.has_wal_reset_fault(version) is faulty


@pytest.mark.sqlite
@pytest.mark.django_db
@pytest.mark.parametrize("alias", ALIASES)
def test_every_pragma_holds_on_the_live_connections(alias: str) -> None:
    assert sqlite.differing_pragmas(connections[alias]) == {}


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_a_changed_pragma_is_noticed() -> None:
    connection = connections["default"]
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous = NORMAL")
        try:
            assert sqlite.differing_pragmas(connection) == {"synchronous": (2, 1)}
        finally:
            cursor.execute("PRAGMA synchronous = FULL")


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_transactions_begin_with_the_write_lock() -> None:
    from django.db import transaction

    path = connections["default"].settings_dict["NAME"]
    with (
        transaction.atomic(),
        closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as other,
        pytest.raises(sqlite3.OperationalError, match="locked"),
    ):
        other.execute("BEGIN IMMEDIATE")


def test_the_requirements_are_the_safe_ones() -> None:
    required = sqlite.required_pragmas()
    assert (required["journal_mode"], required["synchronous"]) == ("wal", 2)
    assert (required["secure_delete"], required["mmap_size"]) == (1, 0)
    faulty = sqlite.has_wal_reset_fault(sqlite.library_version())
    assert (required["wal_autocheckpoint"] == 0) is faulty


def test_files_are_private(database: Path) -> None:
    with closing(connect(database)) as connection:
        connection.execute("INSERT INTO answers VALUES (1, 1, 'x')")
        for ending in ("", "-wal", "-shm"):
            assert stat.S_IMODE(Path(f"{database}{ending}").stat().st_mode) == 0o600


def test_a_checkpoint_empties_the_log_and_keeps_every_row(database: Path) -> None:
    with closing(connect(database)) as connection:
        for number in range(200):
            connection.execute("INSERT INTO answers VALUES (1, ?, ?)", (number, "x" * 2000))
        before = sqlite.log_size(database)
        result = sqlite.checkpoint(database)
        assert result is not None
        assert result.complete
        assert before > 400_000
        assert sqlite.log_size(database) < 10_000
        assert connection.execute("SELECT COUNT(*) FROM answers").fetchone() == (200,)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_checkpoint_waits_for_no_writer_for_ever(database: Path) -> None:
    with closing(connect(database)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("INSERT INTO answers VALUES (1, 1, 'x')")
        assert sqlite.checkpoint(database, patience=0.05) is None
        writer.execute("COMMIT")
        assert sqlite.checkpoint(database) is not None


def test_no_commit_happens_during_a_checkpoint(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The condition of the WAL-reset fault: a writer that commits while a checkpoint runs."""
    outcomes = []
    plain = sqlite._plain_connection

    class Spy(sqlite3.Connection):
        def execute(self, sql: str, *parameters: object) -> sqlite3.Cursor:  # type: ignore[override]
            if "wal_checkpoint" in sql:
                with closing(sqlite3.connect(database, timeout=0, isolation_level=None)) as other:
                    try:
                        other.execute("BEGIN IMMEDIATE")
                        outcomes.append("could write")
                    except sqlite3.OperationalError:
                        outcomes.append("kept out")
            return super().execute(sql, *parameters)

    def spying(path: Path, patience: float) -> sqlite3.Connection:
        plain(path, patience).close()
        return sqlite3.connect(path, timeout=patience, isolation_level=None, factory=Spy)

    monkeypatch.setattr(sqlite, "_plain_connection", spying)
    with closing(connect(database)) as keep_open:
        keep_open.execute("INSERT INTO answers VALUES (1, 1, 'x')")
        assert sqlite.checkpoint(database) is not None
    assert outcomes == ["kept out"]


def test_only_one_process_checkpoints_at_a_time(database: Path) -> None:
    with sqlite._only_holder(database) as holds:
        assert holds
        assert sqlite.checkpoint(database) is None
    assert sqlite.checkpoint(database) is not None


def test_a_reader_with_an_older_view_only_delays(database: Path) -> None:
    with closing(connect(database)) as writer, closing(connect(database)) as reader:
        writer.execute("INSERT INTO answers VALUES (1, 1, 'x')")
        reader.execute("BEGIN")
        assert reader.execute("SELECT COUNT(*) FROM answers").fetchone() == (1,)
        writer.execute("INSERT INTO answers VALUES (1, 2, 'y')")
        held = sqlite.checkpoint(database)
        assert held is not None
        assert not held.complete
        assert reader.execute("SELECT COUNT(*) FROM answers").fetchone() == (1,)
        reader.execute("COMMIT")
        freed = sqlite.checkpoint(database)
        assert freed is not None
        assert freed.complete


def test_deleted_names_are_gone_from_the_files(database: Path) -> None:
    names = [f"Canary-{number:04}" for number in range(300)]
    with closing(connect(database)) as connection:
        for name in names:
            connection.execute("INSERT INTO answers VALUES (1, 1, ?)", (name,))
        connection.execute("DELETE FROM answers")
        assert b"Canary-" in Path(f"{database}-wal").read_bytes()  # the search can find them
        sqlite.checkpoint(database)
        sqlite.checkpoint(database)
        left = database.read_bytes() + Path(f"{database}-wal").read_bytes()
    assert b"Canary-" not in left


def write_and_tidy(path: Path, writer: int, count: int) -> None:
    with closing(connect(path)) as connection:
        for number in range(count):
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO answers VALUES (?, ?, ?)", (writer, number, "x" * 3000))
            connection.execute("COMMIT")
            if number % 5 == 0:
                sqlite.checkpoint(path, patience=0.1)


@pytest.mark.slow
def test_four_processes_that_write_and_checkpoint_lose_nothing(database: Path) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [
        context.Process(target=write_and_tidy, args=(database, writer, 150)) for writer in range(4)
    ]
    for process in writers:
        process.start()
    for process in writers:
        process.join(60)
    assert [process.exitcode for process in writers] == [0, 0, 0, 0]
    with closing(connect(database)) as connection:
        rows = connection.execute("SELECT COUNT(DISTINCT writer * 1000 + number) FROM answers")
        assert rows.fetchone() == (600,)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.sqlite
def test_each_table_is_in_one_file() -> None:
    router = TransientRouter()
    for app, model in (("sessions", "session"), ("course", "throttlecounter")):
        assert is_transient(app, model)
        assert router.allow_migrate("transient", app, model)
        assert not router.allow_migrate("default", app, model)
    for app, model in (("course", "user"), ("course", None), ("modules", "lesson")):
        assert not router.allow_migrate("transient", app, model)
        assert router.allow_migrate("default", app, model)


@pytest.mark.sqlite
@pytest.mark.django_db
def test_the_second_file_holds_sessions_and_counters_only() -> None:
    tables = {
        alias: set(connections[alias].introspection.table_names()) - {"django_migrations"}
        for alias in ALIASES
    }
    assert tables["transient"] == {"django_session", "course_throttlecounter"}
    assert not tables["transient"] & tables["default"]


@pytest.mark.postgres
def test_postgresql_has_everything_in_one_place() -> None:
    assert list(settings.DATABASES) == ["default"]
    assert not settings.DATABASE_ROUTERS
