"""Copies of people with everything they did, row by row, as fast as the database takes them.

For bulk data only (`seed_scale`): it reads and writes the tables below the models, so that many
people cost minutes and not days. Every id of a copy is the id of its original with some bits
turned, the same bits in every table, so that rows of one copy still point at each other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import connection, models

from course.models import Membership, TenantForeignKey
from modules.models import Completion, LessonCompletion, LessonPlace
from quizzes.models import Attempt, AttemptItem, Evidence, Response, Tally

# In the order in which they may be written.
TABLES: Final[tuple[type[models.Model], ...]] = (
    LessonPlace,
    LessonCompletion,
    Completion,
    Attempt,
    AttemptItem,
    Response,
    Evidence,
    Tally,
)
OF_LESSONS: Final = 3  # so many of them know nothing of quizzes
# What is copied of quizzes: the long tests. A report does not look at practice.
MODES: Final = ("pre-test", "final")
# The bits that say which version of UUID it is stay as they are.
TURNABLE: Final = (1 << 128) - 1 - (0xF << 76) - (0x3 << 62)


@dataclass(frozen=True, slots=True)
class _Kept:
    """The rows of one table of one person, with the places of organisation and ids in a row."""

    organization: int
    ids: tuple[int, ...]
    rows: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True, slots=True)
class Original:
    """One lived-through person: their membership, and their rows by table."""

    membership: UUID
    tables: tuple[_Kept, ...]


@dataclass(frozen=True, slots=True)
class Copy:
    """One person to be: whose copy, which bits are turned, and whether with what they answered."""

    original: Original
    turn: int
    answers: bool = True

    @property
    def membership(self) -> UUID:
        """The id of the place of this copy."""
        return UUID(int=self.original.membership.int ^ self.turn)


def read_originals(people: Sequence[Membership]) -> list[Original]:
    """What these people of one organisation did, without practice: lessons, tests, completions."""
    kept: dict[UUID, list[_Kept]] = defaultdict(list)
    attempts: dict[Any, Any] = {}
    for table in TABLES:
        columns = _columns(table)
        whose = columns.index("membership_id" if "membership_id" in columns else "attempt_id")
        rows: dict[UUID, list[tuple[Any, ...]]] = defaultdict(list)
        for row in _read(table, columns, people[0].organization_id):
            if table is Attempt:
                attempts[row[columns.index("id")]] = row[whose]
            rows[_uuid(attempts.get(row[whose], row[whose]))].append(row)
        ids = tuple(columns.index(name) for name in _own_ids(table))
        for person in people:
            found = tuple(rows[person.id])
            kept[person.id].append(_Kept(columns.index("organization_id"), ids, found))
    return [Original(person.id, tuple(kept[person.id])) for person in people]


def write_copies(organization: UUID, copies: Sequence[Copy]) -> int:
    """Write what the copies did; returns the number of rows. Their places must be there."""
    house = _stored(organization)
    written = 0
    for number, table in enumerate(TABLES):
        rows = (
            row
            for one in copies
            if one.answers or number < OF_LESSONS
            for row in _turned(one.original.tables[number], house, one.turn)
        )
        written += insert_rows(table, _columns(table), rows)
    return written


def insert_rows(
    table: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> int:
    """Write rows of stored values: COPY on PostgreSQL, prepared INSERTs elsewhere."""
    quote = connection.ops.quote_name
    name = quote(table._meta.db_table)
    listed = ", ".join(quote(column) for column in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            number = 0
            with cursor.copy(f"COPY {name} ({listed}) FROM STDIN") as copy:
                for number, row in enumerate(rows, 1):  # noqa: B007 -- counted
                    copy.write_row(row)
            return number
        marks = ", ".join(["%s"] * len(columns))
        counted: Any = _Counted(rows)  # an iterator is taken too, whatever the stub says
        cursor.executemany(f"INSERT INTO {name} ({listed}) VALUES ({marks})", counted)  # noqa: S608 -- names of our own tables
        return int(counted.number)


class _Counted:
    """Rows, and how many went by."""

    def __init__(self, rows: Iterable[Sequence[Any]]) -> None:
        self.rows, self.number = rows, 0

    def __iter__(self) -> Iterator[Sequence[Any]]:
        for row in self.rows:
            self.number += 1
            yield row


def _columns(table: type[models.Model]) -> list[str]:
    return [field.column for field in table._meta.concrete_fields if field.column]


def _own_ids(table: type[models.Model]) -> list[str]:
    """The columns that name a row of this person: the key, and the composite references."""
    references = [
        one.column for one in table._meta.constraints if isinstance(one, TenantForeignKey)
    ]
    return ["id", *references]


def _read(
    table: type[models.Model], columns: Sequence[str], organization: UUID
) -> list[tuple[Any, ...]]:
    quote = connection.ops.quote_name
    listed = ", ".join(quote(column) for column in columns)
    sql = f"SELECT {listed} FROM {quote(table._meta.db_table)} WHERE organization_id = %s"  # noqa: S608 -- names of our own tables
    with connection.cursor() as cursor:
        cursor.execute(sql, [_stored(organization)])
        rows = [tuple(row) for row in cursor.fetchall()]
    if "mode" in columns:
        return [row for row in rows if row[columns.index("mode")] in MODES]
    if "attempt_id" not in columns and table is not Attempt:
        return rows
    place = columns.index("id" if table is Attempt else "attempt_id")
    tests = _tests_of(organization)
    return [row for row in rows if _uuid(row[place]) in tests]


def _tests_of(organization: UUID) -> set[UUID]:
    rows = Attempt.objects.in_organization(organization).filter(quiz__kind__in=MODES)
    return set(rows.values_list("id", flat=True))


def _turned(kept: _Kept, house: Any, turn: int) -> Iterator[list[Any]]:
    for original in kept.rows:
        row = list(original)
        row[kept.organization] = house
        for place in kept.ids:
            value = row[place]
            if isinstance(value, UUID):
                row[place] = UUID(int=value.int ^ turn)
            elif value is not None:
                row[place] = f"{int(value, 16) ^ turn:032x}"
        yield row


def _stored(value: UUID) -> Any:
    """A UUID as this database keeps it."""
    return models.UUIDField().get_db_prep_value(value, connection)


def _uuid(value: Any) -> UUID:
    return value if isinstance(value, UUID) else UUID(value)


__all__ = ["TURNABLE", "Copy", "Original", "insert_rows", "read_originals", "write_copies"]
