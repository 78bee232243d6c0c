"""The small rooms: key file, catalogues, names, routers, hasher, the autodetector."""

import os
import subprocess
import sys
from pathlib import Path

import polib
import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.hashers import get_hasher
from django.core.management import call_command
from django.db import IntegrityError, connection, models, transaction
from django.db.migrations.operations import AddField, CreateModel
from django.db.migrations.state import ProjectState
from django.test import override_settings

from course import keyfile
from course.autodetector import TenantAutodetector, _take_key_columns_back
from course.catalogues import compile_catalogues
from course.env import EnvironmentProblems
from course.models import CohortMember, SignInLink, TenantForeignKey, ThrottleCounter, User
from course.names import suggest_username
from course.routers import TransientRouter, is_transient
from tests.personas import AT, make_world

# --- the key file -------------------------------------------------------------------------------


READ_KEY = """
import sys
from pathlib import Path
from course import keyfile
print(keyfile.read_or_create(Path(sys.argv[1])))
"""


def test_processes_that_start_at_once_get_one_key(tmp_path: Path) -> None:
    path = tmp_path / "secret-key"
    command = [sys.executable, "-c", READ_KEY, str(path)]
    starts = [
        subprocess.Popen(command, cwd=settings.BASE_DIR, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    keys = {process.communicate(timeout=60)[0].strip() for process in starts}
    assert keys == {path.read_text().strip()}
    assert [one.name for one in tmp_path.iterdir()] == ["secret-key"], "no draft is left"


def test_the_second_of_two_writers_keeps_the_key_of_the_first(tmp_path: Path) -> None:
    path = tmp_path / "secret-key"
    first = keyfile.read_or_create(path)
    keyfile._create(path)
    assert keyfile.read_or_create(path) == first


def test_a_key_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "secret-key"
    path.write_bytes(b"\xff" * 60)
    path.chmod(0o600)
    with pytest.raises(EnvironmentProblems, match="cannot be used"):
        keyfile.read_or_create(path)


def test_a_data_directory_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(EnvironmentProblems, match="cannot be made"):
        keyfile.prepare_data_directory(tmp_path / "file" / "data")


# --- catalogues ---------------------------------------------------------------------------------


def catalogue(path: Path, **entries: str) -> None:
    made = polib.POFile()
    made.metadata = {"Content-Type": "text/plain; charset=UTF-8"}
    for number, (source, text) in enumerate(entries.items()):
        flags = ["fuzzy"] if number else []
        made.append(polib.POEntry(msgid=source, msgstr=text, flags=flags))
    path.parent.mkdir(parents=True, exist_ok=True)
    made.save(str(path))


def test_catalogues_are_compiled_when_they_are_newer(tmp_path: Path) -> None:
    source = tmp_path / "ms" / "LC_MESSAGES" / "django.po"
    catalogue(source, Save="Simpan", Leave="Keluar")
    target = source.with_suffix(".mo")
    assert compile_catalogues([tmp_path]) == [target]
    assert compile_catalogues([tmp_path]) == []
    compiled = polib.mofile(str(target))
    assert {entry.msgid: entry.msgstr for entry in compiled} == {"Save": "Simpan"}, "fuzzy is out"
    later = target.stat().st_mtime + 10
    os.utime(source, (later, later))
    assert compile_catalogues([tmp_path]) == [target]
    assert [one.suffix for one in sorted(source.parent.iterdir())] == [".mo", ".po"]


# --- names --------------------------------------------------------------------------------------


def test_suggested_names_are_good_names_and_differ() -> None:
    names = {suggest_username() for _ in range(200)}
    assert len(names) > 190
    for name in names:
        User(username=name).clean_fields(exclude={"password", "joined_at"})


# --- routers ------------------------------------------------------------------------------------


def test_rows_of_two_files_never_point_at_each_other() -> None:
    router = TransientRouter()
    assert (
        router.db_for_read(ThrottleCounter) == router.db_for_write(ThrottleCounter) == "transient"
    )
    assert router.db_for_read(User) is None
    assert router.allow_relation(User(), SignInLink())
    assert router.allow_relation(ThrottleCounter(), ThrottleCounter())
    assert not router.allow_relation(User(), ThrottleCounter())
    assert not is_transient("course", None)


# --- the hasher ---------------------------------------------------------------------------------


@override_settings(PASSWORD_HASHERS=["course.hashers.ModestArgon2PasswordHasher"])
def test_our_hasher_asks_for_a_new_hash_when_the_values_differ() -> None:
    hasher = get_hasher("default")
    ours = hasher.encode("four words", hasher.salt())
    assert hasher.verify("four words", ours)
    assert not hasher.verify("other words", ours)
    assert not hasher.must_update(ours)
    assert hasher.must_update(ours.replace("m=19456,t=2,p=1", "m=102400,t=2,p=8"))


# --- migrations ---------------------------------------------------------------------------------


def test_key_columns_come_with_their_table() -> None:
    """A composite key on a column that is added later would be a table without a key."""
    create = CreateModel(
        "Thing",
        [("pk", models.CompositePrimaryKey("house_id", "id")), ("id", models.UUIDField())],
    )
    create._auto_deps = []  # type: ignore[attr-defined]
    house = AddField("thing", "house", models.ForeignKey("x.House", models.PROTECT))
    other = AddField("thing", "other", models.ForeignKey("x.Other", models.PROTECT))
    elsewhere = AddField("else", "house", models.ForeignKey("x.House", models.PROTECT))
    for add in (house, other, elsewhere):
        add._auto_deps = []  # type: ignore[attr-defined]
    operations = [create, house, other, elsewhere]
    _take_key_columns_back(create, operations)
    assert [name for name, _field in create.fields] == ["pk", "id", "house"]
    assert operations == [create, other, elsewhere]


def test_the_first_migration_of_a_tenant_table_has_its_key_columns() -> None:
    """From nothing to the models of today, as `makemigrations` works it out."""
    detector = TenantAutodetector(ProjectState(), ProjectState.from_apps(apps))
    changes = detector._detect_changes()
    tables = {
        operation.name: dict(operation.fields)
        for migration in changes["course"]
        for operation in migration.operations
        if isinstance(operation, CreateModel)
    }
    for name in ("Membership", "Cohort", "CohortMember", "Invitation", "AuditEntry"):
        assert {"pk", "organization", "id"} <= set(tables[name]), name


# --- composite foreign keys ---------------------------------------------------------------------


def test_a_composite_key_is_a_value_and_needs_an_editor() -> None:
    def key(column: str) -> TenantForeignKey:
        return TenantForeignKey(column=column, table="course_cohort", name="a_key")

    assert key("cohort_id") == key("cohort_id")
    assert hash(key("cohort_id")) == hash(key("cohort_id"))
    assert key("cohort_id") != key("other_id")
    assert key("cohort_id") != "cohort_id"
    for statement in ("constraint_sql", "create_sql", "remove_sql"):
        with pytest.raises(TypeError, match="schema editor"):
            getattr(key("cohort_id"), statement)(None, None)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_composite_key_can_be_taken_away_and_given_back() -> None:
    """The growth step of decision 0005: drop the key, distribute the tables, add it again."""
    key = next(
        one
        for one in CohortMember._meta.constraints
        if one.name == "course_cohort_member_cohort_fk"
    )
    world = make_world()

    def stray() -> None:
        with transaction.atomic():
            CohortMember.objects.create(
                organization=world.harbour.organization,
                cohort_id=world.lighthouse.first_cohort.id,
                membership_id=world.harbour.learner.id,
                joined_at=AT,
            )

    with pytest.raises(IntegrityError):
        stray()
    with connection.schema_editor() as editor:
        editor.remove_constraint(CohortMember, key)
    stray()
    CohortMember.objects.in_organization(world.harbour.organization).filter(
        cohort_id=world.lighthouse.first_cohort.id
    ).delete()
    with connection.schema_editor() as editor:
        editor.add_constraint(CohortMember, key)
    with pytest.raises(IntegrityError):
        stray()


@pytest.mark.django_db(transaction=True)
def test_the_tables_are_emptied_by_flush() -> None:
    User.objects.create(username="mel", joined_at="2026-11-24T00:00:00Z")
    call_command("flush", interactive=False, verbosity=0)
    assert not User.objects.exists()
    assert connection.introspection.table_names()
