"""A completion report person by person: in slices, so that memory stays flat.

A hundred thousand people need the memory of five hundred, and some ten megabytes more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import F, Value
from django.db.models.functions import Coalesce, Lower, NullIf
from django.utils.translation import gettext as _

from course.models import Membership
from course.models.base import Viewer
from course.models.people import is_erased_name
from course.roles import Role
from modules.outline import Outline
from modules.reports.asking import Question
from modules.reports.facts import (
    NOBODY,
    Doing,
    lessons_of,
    read_doing,
    read_rounds,
    read_shown,
)
from modules.reports.overdue import Asked
from modules.reports.population import Scene
from modules.reports.quick import as_id, raw
from modules.reports.states import VALID, State

SLICE: Final = 500  # people read at once; SQLite allows about 1,000 variables in old versions


@dataclass(frozen=True, slots=True)
class Line:
    """One person of a report, as they were at its instant; names are those of today."""

    membership_id: UUID
    name: str
    office: str
    cohorts: tuple[str, ...]
    manager: str
    role: Role
    state: State
    overdue: int
    round: int
    started_at: datetime | None
    completed_at: datetime | None
    expires_at: datetime | None
    last_at: datetime | None
    lessons_done: int
    lessons_total: int
    modules_done: int
    modules_total: int


def lines(outline: Outline, viewer: Viewer, question: Question, at: datetime) -> Iterator[Line]:
    """Everybody of the report in the order of their names, in slices of 500 people.

    Each slice costs the same number of queries, and no more memory than the one before.
    """
    scene = Scene(outline, viewer, question, at)
    teller = Teller(scene)
    for ids in _slices(scene):
        for line in teller.tell(ids):
            if _is_asked_for(question, line):
                yield line


def _is_asked_for(question: Question, line: Line) -> bool:
    if question.overdue and not line.overdue:
        return False
    return is_in_state(question, line.state)


def is_in_state(question: Question, state: State) -> bool:
    """Whether somebody in this state is asked for. "Completed" takes in what ends soon."""
    if question.state is None:
        return True
    if question.state == State.COMPLETED:
        return state in VALID
    return state == question.state


def sort_name() -> Any:
    """What people are ordered by: the name that is shown, whatever its letter case."""
    shown = Coalesce(
        NullIf(F("membership__user__display_name"), Value("")), F("membership__user__username")
    )
    return Lower(shown)


def in_order(scene: Scene) -> Any:
    """The placements of the population by name; of two people of one name always the same first."""
    return scene.wanted().annotate(sort_name=sort_name()).order_by("sort_name", "membership_id")


def _slices(scene: Scene) -> Iterator[list[UUID]]:
    """The ids of everybody in order, 500 at a time: one query.

    To ask for each slice by itself would sort all names again for each. The ids are kept as 16
    bytes each, so that a hundred thousand people are not a hundred thousand objects.
    """
    packed = bytearray()
    for one in in_order(scene).values_list(raw("membership_id"), flat=True).iterator(2000):
        packed += as_id(one).bytes
    size = len(NOBODY.bytes)
    for start in range(0, len(packed), SLICE * size):
        end = min(start + SLICE * size, len(packed))
        yield [UUID(bytes=bytes(packed[at : at + size])) for at in range(start, end, size)]


class Teller:
    """Makes lines for slices of people of one report. The caller has checked who they are."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.asked = Asked(scene)
        self.lessons_total = len(lessons_of(scene))
        keys = {module.key for module in scene.outline.modules}
        module = scene.question.module
        self.modules_total = len(keys & {module}) if module else len(keys)

    def tell(self, ids: list[UUID]) -> list[Line]:
        """A line for each of at most 500 people, in the order given."""
        scene = self.scene
        places = scene.within_reach().filter(membership_id__in=ids)
        where = {
            row[0]: row[1:]
            for row in places.values_list("membership_id", "office_id", "manager_id")
        }
        names = self._names({*ids, *(manager for _office, manager in where.values() if manager)})
        rounds = read_rounds(scene, ids)
        shown = read_shown(scene, rounds, ids)
        doing = read_doing(scene, rounds, ids)
        cohorts = scene.cohorts_among(ids)
        late = self.asked.overdue(ids, rounds, cohorts, ids)
        told = []
        for person in ids:
            office, manager = where[person]
            done = doing.get(person, Doing())
            decision = shown.decide(person, begun=done.first_at is not None)
            told.append(
                Line(
                    membership_id=person,
                    name=names[person],
                    office=scene.offices.names.get(office, "") if office else "",
                    cohorts=self._cohort_names(cohorts.get(person, ())),
                    manager=names.get(manager, "") if manager else "",
                    role=scene.question.asked_role,
                    state=decision.state,
                    overdue=len(late.get(person, ())),
                    round=scene.question.number or rounds.number(person),
                    started_at=done.first_at,
                    completed_at=decision.held.completed_at if decision.held else None,
                    expires_at=decision.held.ends_at if decision.held else None,
                    last_at=done.last_at,
                    lessons_done=done.lessons,
                    lessons_total=self.lessons_total,
                    modules_done=done.modules,
                    modules_total=self.modules_total,
                )
            )
        return told

    def _cohort_names(self, cohorts: Iterable[UUID]) -> tuple[str, ...]:
        known = self.scene.cohorts
        return tuple(sorted(known[one] for one in cohorts if one in known))

    def _names(self, ids: set[UUID]) -> dict[UUID, str]:
        """The names that are shown; none for those who were erased. At most two queries."""
        found: dict[UUID, str] = {}
        wanted = sorted(ids)
        for start in range(0, len(wanted), SLICE):
            rows = Membership.objects.in_organization(self.scene.organization)
            rows = rows.filter(id__in=wanted[start : start + SLICE]).order_by()
            parts = ("user__display_name", "user__username", "user__is_active")
            for person, alias, name, active in rows.values_list("id", *parts):
                found[person] = shown_name(alias, name, is_active=active)
        return found


def shown_name(alias: str, username: str, *, is_active: bool) -> str:
    """The alias or the sign-in name; whoever was erased has none, and signs in no more."""
    if not is_active and is_erased_name(username):
        return _("Erased person")
    return alias or username


__all__ = ["SLICE", "Line", "Teller", "in_order", "is_in_state", "lines", "shown_name"]
