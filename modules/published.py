"""Reading what is published, kept in memory because it never changes under one release.

A room between models and everything that reads the course (access, services, reports, views).
"""

from functools import lru_cache
from typing import Any
from uuid import UUID

from course.framework.loading import current_release_id
from modules.models import Lesson, LessonVersion, Module
from modules.outline import Outline, OutlineLesson, OutlineModule

KEPT_TEXTS = 200  # lesson documents in one language, about 40 kB each


def current_outline() -> Outline:
    """All modules and lessons that are in place: one query when nothing was published meanwhile."""
    return _outline_of(current_release_id())


@lru_cache(maxsize=2)
def _outline_of(_release_id: UUID | None) -> Outline:
    """Everything under one release id is immutable, so a process may keep it: two queries."""
    things: Any = Lesson.objects
    lessons = {
        key: (pk, version)
        for key, pk, version in things.in_place().values_list("key", "pk", "current_id")
    }
    modules: Any = Module.objects
    return Outline(tuple(_module(row, lessons) for row in modules.in_place()))


def _module(row: Any, lessons: dict[str, tuple[UUID, UUID]]) -> OutlineModule:
    document = row.current.document
    key = document["key"]
    return OutlineModule(
        id=row.pk,
        key=key,
        number=row.position,
        stage=document["stage"],
        titles=document["title"],
        summaries=document["summary"],
        outcomes={one: tuple(lines) for one, lines in document["outcomes"].items()},
        lessons=tuple(
            _lesson(key, number, lesson, *lessons[f"{key}/{lesson['key']}"])
            for number, lesson in enumerate(document["lessons"], 1)
        ),
    )


def _lesson(
    module_key: str, number: int, lesson: dict[str, Any], pk: UUID, version_id: UUID
) -> OutlineLesson:
    return OutlineLesson(
        id=pk,
        version_id=version_id,
        module_key=module_key,
        key=lesson["key"],
        number=number,
        minutes=lesson["minutes"],
        steps=lesson["steps"],
        titles=lesson["title"],
        summaries=lesson["summary"],
    )


@lru_cache(maxsize=KEPT_TEXTS)
def lesson_version(version_id: UUID) -> LessonVersion:
    """A published version, which never changes: no query when this process has read it before."""
    version: LessonVersion = LessonVersion.objects.get(pk=version_id)
    return version
