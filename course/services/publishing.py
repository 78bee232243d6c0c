"""From what the files say to what is published: plan first, then apply the very same plan.

Knows nothing of lessons or items: each floor brings its shelves (a table of things, its table of
versions) and what should stand on them. Part of one transaction that the top floor opens.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from django.db import transaction
from django.db.models import Max

from course.models import ContentRelease, PublishedThing, ThingVersion
from course.models.audit import canonical_json

Action = Literal["add", "change", "move", "restore", "withdraw"]
BATCH = 200


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What should stand on a shelf: key, place in the list, document, and columns of the thing.

    `parent` is (column, table, key) of a thing of an earlier shelf that this one belongs to.
    """

    key: str
    position: int
    document: Mapping[str, Any]
    columns: Mapping[str, Any] = field(default_factory=dict)
    parent: tuple[str, type[PublishedThing], str] | None = None

    @property
    def digest(self) -> str:
        """SHA-256 of the document."""
        return hashlib.sha256(canonical_json(self.document).encode("ascii")).hexdigest()


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """A table of things with its table of versions, and what should stand there.

    `things` is a PublishedThing with a column `current`, `versions` its ThingVersion with `thing`;
    Any, because both columns belong to the concrete tables.
    """

    name: str
    things: Any
    versions: Any
    wanted: Sequence[Wanted]


@dataclass(frozen=True, kw_only=True)
class Change:
    """One difference between files and database. `version` is the number shown afterwards."""

    action: Action
    shelf: Shelf
    key: str
    wanted: Wanted | None
    version: int

    def __str__(self) -> str:
        number = f" (version {self.version})" if self.action in {"add", "change"} else ""
        return f"{self.action:8} {self.shelf.name} {self.key}{number}"


def lock_publishing() -> None:
    """Let one transaction at a time publish. On SQLite it already holds the only write lock."""
    connection = transaction.get_connection()
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("Plan and apply belong in one transaction.")
    if connection.vendor == "postgresql":
        table = connection.ops.quote_name(ContentRelease._meta.db_table)
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")


def plan_shelves(shelves: Iterable[Shelf]) -> list[Change]:
    """Every difference, shelf by shelf: three queries a shelf, nothing written."""
    return [change for shelf in shelves for change in _plan_shelf(shelf)]


def _plan_shelf(shelf: Shelf) -> Iterable[Change]:
    things = {thing.key: thing for thing in shelf.things.objects.select_related("current")}
    newest = dict(
        shelf.versions.objects.values_list("thing__key").annotate(newest=Max("number")).order_by()
    )
    known = {
        (key, digest): number
        for key, digest, number in shelf.versions.objects.values_list(
            "thing__key", "digest", "number"
        )
    }
    for wanted in shelf.wanted:
        action = _action(things.get(wanted.key), wanted)
        if action is not None:
            number = known.get((wanted.key, wanted.digest), newest.get(wanted.key, 0) + 1)
            yield Change(action=action, shelf=shelf, key=wanted.key, wanted=wanted, version=number)
    kept = {wanted.key for wanted in shelf.wanted}
    for key, thing in things.items():
        if key not in kept and thing.position is not None:
            version = newest.get(key, 0)
            yield Change(action="withdraw", shelf=shelf, key=key, wanted=None, version=version)


def _action(thing: Any, wanted: Wanted) -> Action | None:
    if thing is None:
        return "add"
    if thing.position is None:
        return "restore"
    if thing.current.digest != wanted.digest:
        return "change"
    columns = any(getattr(thing, name) != value for name, value in wanted.columns.items())
    return "move" if thing.position != wanted.position or columns else None


def apply_changes(changes: Sequence[Change], *, at: datetime) -> ContentRelease | None:
    """Write the plan as one release; None, and nothing written, when it is empty.

    Must run inside the transaction in which the plan was made.
    """
    if not changes:
        return None
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("Plan and apply belong in one transaction.")
    releases: Any = ContentRelease.objects
    last: ContentRelease | None = releases.order_by("-number").first()
    release = ContentRelease(
        number=last.number + 1 if last else 1,
        applied_at=at,
        digest=_release_digest(changes, last),
        summary=_summary(changes),
    )
    release.save()
    for shelf in _shelves_of(changes):
        _apply_shelf(shelf, [one for one in changes if one.shelf is shelf], release)
    return release


def _shelves_of(changes: Sequence[Change]) -> list[Shelf]:
    return list({id(change.shelf): change.shelf for change in changes}.values())


def _summary(changes: Sequence[Change]) -> dict[str, dict[str, int]]:
    counts = Counter((change.shelf.name, change.action) for change in changes)
    summary: dict[str, dict[str, int]] = {}
    for (shelf, action), number in sorted(counts.items()):
        summary.setdefault(shelf, {})[action] = number
    return summary


def _release_digest(changes: Sequence[Change], last: ContentRelease | None) -> str:
    """Chained to the release before, so that equal digests mean equal histories."""
    lines = [last.digest if last else ""]
    lines += [
        f"{one.action} {one.shelf.name} {one.key} {one.wanted.digest if one.wanted else ''}"
        for one in changes
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _apply_shelf(shelf: Shelf, changes: Sequence[Change], release: ContentRelease) -> None:
    things = {thing.key: thing for thing in shelf.things.objects.all()}
    parents = _parents_of(shelf)
    added = [
        shelf.things(
            key=one.key,
            position=one.wanted.position,
            **one.wanted.columns,
            **_parent_of(one.wanted, parents),
        )
        for one in changes
        if one.action == "add" and one.wanted
    ]
    shelf.things.objects.bulk_create(added, batch_size=BATCH)
    things |= {thing.key: thing for thing in added}
    versions = _versions_for(shelf, things, changes, release)
    columns = {"position", "current"}
    for one in changes:
        thing: Any = things[one.key]
        if one.wanted is None:
            thing.position = None
            continue
        thing.position, thing.current = one.wanted.position, versions[one.key]
        for name, value in one.wanted.columns.items():
            setattr(thing, name, value)
            columns.add(name)
    changed = [things[one.key] for one in changes]
    shelf.things.objects.bulk_update(changed, sorted(columns), batch_size=BATCH)


def _parents_of(shelf: Shelf) -> dict[tuple[type[PublishedThing], str], PublishedThing]:
    tables = {wanted.parent[1] for wanted in shelf.wanted if wanted.parent}
    rows: list[Any] = [(table, table.objects.all()) for table in tables]
    return {(table, thing.key): thing for table, things in rows for thing in things}


def _parent_of(
    wanted: Wanted, parents: Mapping[tuple[type[PublishedThing], str], PublishedThing]
) -> dict[str, PublishedThing]:
    if wanted.parent is None:
        return {}
    column, table, key = wanted.parent
    return {column: parents[table, key]}


def _versions_for(
    shelf: Shelf,
    things: Mapping[str, PublishedThing],
    changes: Sequence[Change],
    release: ContentRelease,
) -> dict[str, ThingVersion]:
    """Key -> the version to show: an existing one with the same words, or a new row."""
    versions = {}
    fresh = []
    old = {
        (key, number): version
        for version in shelf.versions.objects.filter(
            thing__key__in=[one.key for one in changes if one.wanted]
        ).select_related("thing")
        if (key := version.thing.key) and (number := version.number)
    }
    for one in changes:
        if one.wanted is None:
            continue
        found = old.get((one.key, one.version))
        if found is None:
            found = shelf.versions(
                thing=things[one.key],
                number=one.version,
                digest=one.wanted.digest,
                document=one.wanted.document,
                release=release,
            )
            fresh.append(found)
        versions[one.key] = found
    shelf.versions.objects.bulk_create(fresh, batch_size=BATCH)
    return versions
