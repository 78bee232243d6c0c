"""Loading the course: files -> parse and lint -> plan -> apply, in one transaction.

A broken file stops everything before the database is touched. The plan is made inside the
transaction that applies it, so that two loaders at once do the work once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction

from course.framework.loading import framework_shelf
from course.framework.problems import BrokenContent
from course.models import ContentRelease
from course.services.publishing import (
    Change,
    Shelf,
    Wanted,
    apply_changes,
    lock_publishing,
    plan_shelves,
)
from modules.compiling import compile_lesson, compile_module
from modules.models import Lesson, LessonVersion, Module, ModuleVersion
from modules.reading import Course, Everything, read_everything
from quizzes.services.publishing import bank_shelves


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """What a load did or would do. `release` is None when nothing was to do or written."""

    changes: Sequence[Change]
    release: ContentRelease | None


def load_course(*, root: Path, at: datetime, rehearse: bool = False) -> Loaded:
    """Bring the database to what the files say. `rehearse` plans and writes nothing.

    Raises BrokenContent, with every fault, when any file is wrong. That a date has passed is no
    fault: an installation must not lose its course because a year went by.
    """
    content = read_everything(root, at.date())
    if content.faults:
        raise BrokenContent(list(content.faults))
    if rehearse:
        return Loaded(changes=plan_shelves(shelves_of(content)), release=None)
    with transaction.atomic():
        lock_publishing()
        changes = plan_shelves(shelves_of(content))
        return Loaded(changes=changes, release=apply_changes(changes, at=at))


def shelves_of(content: Everything) -> list[Shelf]:
    """What should be published, each shelf after those it leans on."""
    return [
        framework_shelf(content.course.framework),
        *bank_shelves(content.bank),
        _module_shelf(content.course),
        _lesson_shelf(content.course),
    ]


def _module_shelf(course: Course) -> Shelf:
    wanted = [
        Wanted(key=content.module.key, position=place, document=compile_module(content))
        for place, content in enumerate(course.modules, 1)
    ]
    return Shelf(name="modules", things=Module, versions=ModuleVersion, wanted=wanted)


def _lesson_shelf(course: Course) -> Shelf:
    wanted = []
    for place, content in enumerate(course.modules, 1):
        for number, key in enumerate(content.module.lessons, 1):
            wanted.append(
                Wanted(
                    key=f"{content.module.key}/{key}",
                    position=100 * place + number,
                    document=compile_lesson(course.framework, content.lessons[key]),
                    parent=("module", Module, content.module.key),
                )
            )
    return Shelf(name="lessons", things=Lesson, versions=LessonVersion, wanted=wanted)
