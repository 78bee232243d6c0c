"""The framework files as a shelf to publish, and the published framework read back as documents."""

import json
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

from django.db import connection

from course.framework.schema import FILES, Framework
from course.models import ContentRelease, FrameworkEntry, FrameworkVersion
from course.services.publishing import Shelf, Wanted


def framework_shelf(framework: Framework) -> Shelf:
    """What should be published of the framework, in file order."""
    wanted = []
    for position, (kind, key, entry) in enumerate(framework.entries()):
        wanted.append(
            Wanted(
                key=f"{kind}/{key}",
                position=position,
                document=entry.model_dump(mode="json"),
                columns={"kind": kind},
            )
        )
    return Shelf(
        name="framework", things=FrameworkEntry, versions=FrameworkVersion, wanted=tuple(wanted)
    )


def current_release_id() -> UUID | None:
    """The id of the newest release, or None before the first load. One query.

    Every page of the course asks it, so the statement is put together once per process.
    """
    with connection.cursor() as cursor:
        cursor.execute(*_newest_release(connection.vendor))
        row = cursor.fetchone()
    return None if row is None else UUID(str(row[0]))


@cache
def _newest_release(_vendor: str) -> tuple[str, tuple[Any, ...]]:
    newest = ContentRelease.objects.order_by("-number").values_list("pk")[:1]
    sql, parameters = newest.query.sql_with_params()
    return sql, parameters


def published_framework() -> Framework:
    """The framework as published now: one query when this process has read it before, else two.

    Everything under one release id is immutable, so a process may keep it.
    """
    return _read_published(current_release_id())


@lru_cache(maxsize=2)
def _read_published(_release_id: UUID | None) -> Framework:
    framework = Framework()
    entries: Any = FrameworkEntry.objects
    for entry in entries.in_place():
        key = entry.key.removeprefix(f"{entry.kind}/")
        document = FILES[entry.kind].model_validate_json(json.dumps(entry.current.document))
        getattr(framework, entry.kind)[key] = document
    return framework
