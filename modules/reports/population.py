"""Whom a report is about: everybody's place on the day, within the viewer's reach, in the filters.

Read from the history of places only (`Placement`, `CohortStay`, `OfficeStay`), for today as for any
other day, so that the answer about a day does not change with what happens later.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any, Final
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404

from course.models import AuditEntry, Cohort, CohortStay, Membership, Office, OfficeStay, Placement
from course.models.base import Viewer
from course.roles import Role, sees_every_cohort
from modules.models import Cycle
from modules.outline import Outline
from modules.reports.asking import Nowhere, Question
from modules.reports.quick import as_id, raw

ERASURE: Final = "person.erase"  # the dated entry that somebody was erased, without their name


class Reason(StrEnum):
    """Why somebody within reach is not in the population."""

    OTHER_ROLE = "other_role"
    PAUSED = "paused"
    ERASED = "erased"
    OTHER_OFFICE = "other_office"
    HAS_OFFICE = "has_office"  # when those without one are asked about
    OTHER_COHORT = "other_cohort"
    HAS_COHORT = "has_cohort"
    OTHER_ROUND = "other_round"  # had not begun the round that is asked about


@dataclass(frozen=True, slots=True)
class Staff:
    """Somebody who sees a whole organisation without sitting at a page: a command, a token."""

    organization_id: UUID
    membership_id: UUID | None = None
    role: Role | None = Role.ADMINISTRATOR


@dataclass(frozen=True, slots=True)
class Place:
    """Where one person was on the day."""

    person: UUID
    office: UUID | None


@dataclass(frozen=True, slots=True)
class Population:
    """The people of a report, and how many were left out for which reason.

    `later`: how many came since that day. It alone depends on when one asks.
    """

    places: tuple[Place, ...]
    left_out: Mapping[Reason, int]
    later: int = 0


class Offices:
    """The tree of offices as it was on a day, under the names of today: two queries."""

    def __init__(self, organization: UUID, at: datetime) -> None:
        rows = Office.objects.in_organization(organization)
        self.names: dict[UUID, str] = dict(rows.values_list("id", "name"))
        stays = OfficeStay.objects.in_organization(organization).on(at)
        self.parents: dict[UUID, UUID | None] = dict(stays.values_list("office_id", "parent_id"))
        self.parts: dict[UUID | None, list[UUID]] = defaultdict(list)
        for office, parent in self.parents.items():
            self.parts[parent].append(office)

    def below(self, office: UUID) -> frozenset[UUID]:
        """The office and all below it."""
        found: set[UUID] = set()
        waiting = [office]
        while waiting:
            one = waiting.pop()
            if one not in found:
                found.add(one)
                waiting.extend(self.parts.get(one, ()))
        return frozenset(found)

    def above(self, office: UUID | None) -> list[UUID]:
        """The office and all above it, the nearest first."""
        found: list[UUID] = []
        while office is not None and office not in found:
            found.append(office)
            office = self.parents.get(office)
        return found

    def in_order(self) -> list[tuple[UUID, int]]:
        """Every office of that day with its depth: by name, each followed by those below it."""
        found: list[tuple[UUID, int]] = []
        waiting = self._sorted(None, 0)
        while waiting:
            office, depth = waiting.pop()
            found.append((office, depth))
            waiting.extend(self._sorted(office, depth + 1))
        return found

    def _sorted(self, parent: UUID | None, depth: int) -> list[tuple[UUID, int]]:
        parts = self.parts.get(parent, [])
        ordered = sorted(parts, key=lambda one: self.names[one].casefold(), reverse=True)
        return [(one, depth) for one in ordered]


class Scene:
    """What a whole report shares: the question at its instant, within the reach of a viewer.

    What is read is kept, so that a report of many slices reads it once.
    """

    def __init__(self, outline: Outline, viewer: Viewer, question: Question, at: datetime) -> None:
        if viewer.organization_id is None or viewer.role in {None, Role.LEARNER}:
            raise Http404  # no page asks; whoever comes from elsewhere learns nothing
        self.outline, self.question, self.at = outline, question, at
        self.organization: UUID = viewer.organization_id
        self.viewer = viewer
        self.sees_all = sees_every_cohort(viewer.role)

    @cached_property
    def offices(self) -> Offices:
        """The tree of that day."""
        return Offices(self.organization, self.at)

    @cached_property
    def cohorts(self) -> dict[UUID, str]:
        """The cohorts that the viewer may see today, with their names."""
        rows = Cohort.objects.visible_to(self.viewer)
        return dict(rows.values_list("id", "name"))

    @cached_property
    def wanted_offices(self) -> frozenset[UUID] | None:
        """The ids that the office filter lets through; None without one."""
        office = self.question.office
        if office is None:
            return None
        return frozenset() if office is Nowhere.NONE else self.offices.below(office)

    def stays(self) -> Any:
        """Who was in which cohort on the day."""
        return CohortStay.objects.in_organization(self.organization).on(self.at)

    def within_reach(self) -> Any:
        """The placements of that day of everybody whom the viewer may know of."""
        rows = Placement.objects.in_organization(self.organization).on(self.at)
        return self._reached(rows)

    def _reached(self, rows: Any) -> Any:
        if self.sees_all:
            return rows
        return rows.filter(membership_id__in=self.seen_stays().values("membership_id"))

    def seen_stays(self) -> Any:
        """The same in the cohorts that the viewer may see today."""
        rows = self.stays()
        return rows if self.sees_all else rows.filter(cohort_id__in=list(self.cohorts))

    def wanted(self) -> Any:
        """The placements of the population: what `read_population` sorts out, said in SQL."""
        question = self.question
        rows = self.within_reach().filter(role=question.asked_role.value, is_active=True)
        if question.office is Nowhere.NONE:
            rows = rows.filter(office_id__isnull=True)
        elif self.wanted_offices is not None:
            rows = rows.filter(office_id__in=self.wanted_offices)
        if question.cohort is Nowhere.NONE:
            # NOT IN over as many people would be slow on PostgreSQL.
            there = self.seen_stays().filter(membership_id=OuterRef("membership_id"))
            rows = rows.filter(~Exists(there))
        elif question.cohort is not None:
            here = self.stays().filter(cohort_id=question.cohort)
            rows = rows.filter(membership_id__in=here.values("membership_id"))
        if question.number is not None and question.number > 1:
            rows = rows.filter(membership_id__in=self.in_round(question.number))
        return rows

    def in_round(self, number: int) -> Any:
        """Who had begun a round from the second on."""
        begun = Cycle.objects.in_organization(self.organization)
        return begun.filter(number=number, opened_at__lte=self.at).values("membership_id")

    @property
    def is_whole(self) -> bool:
        """True when nearly everybody of the organisation is in it: naming them would only cost."""
        question = self.question
        narrowed = question.office or question.cohort or (question.number or 1) > 1
        return self.sees_all and not narrowed and question.asked_role == Role.LEARNER

    def who(self) -> QuerySet[Any] | None:
        """For `membership_id__in`: the population as a query; None: everybody."""
        return None if self.is_whole else self.wanted().order_by().values("membership_id")

    @cached_property
    def cohorts_of(self) -> dict[UUID, list[UUID]]:
        """Person -> every cohort they were in on the day, also those the viewer may not see."""
        return self.cohorts_among(self.who())

    def cohorts_among(self, who: Any) -> dict[UUID, list[UUID]]:
        """The same for some people: one query."""
        rows = named(self.stays(), who).order_by("membership_id", "cohort_id")
        found: dict[UUID, list[UUID]] = defaultdict(list)
        for person, cohort in rows.values_list(raw("membership_id"), raw("cohort_id")):
            found[as_id(person)].append(as_id(cohort))
        return found


def named(rows: Any, who: Iterable[UUID] | QuerySet[Any] | None) -> Any:
    """Narrow rows about people to these; None: all of the organisation."""
    return rows if who is None else rows.filter(membership_id__in=who)


def read_population(scene: Scene) -> Population:
    """Who is in, and who is not and why: at most five queries."""
    question, left = scene.question, Counter[Reason]()
    not_here, not_in = _tests_of_place(scene)
    narrows = question.office or question.cohort
    number = question.number or 1
    begun = None if number == 1 else set(_ids(scene.in_round(number)))
    places: list[Place] = []
    erased = _erased(scene)
    columns = (raw("membership_id"), "role", "is_active", raw("office_id"))
    for mine, role, is_active, there in scene.within_reach().values_list(*columns):
        person, office = as_id(mine), as_id(there)
        if role != question.asked_role.value:
            left[Reason.OTHER_ROLE] += 1
        elif not is_active:
            left[Reason.ERASED if f"membership:{person}" in erased else Reason.PAUSED] += 1
        elif narrows and (why := not_here(office) or not_in(person)):
            left[why] += 1
        elif begun is not None and person not in begun:
            left[Reason.OTHER_ROUND] += 1
        else:
            places.append(Place(person, office))
    later = 0 if question.as_of is None else _later(scene)
    return Population(tuple(places), left, later)


def _ids(rows: Any) -> Any:
    return rows.values_list("membership_id", flat=True)


def _tests_of_place(
    scene: Scene,
) -> tuple[Callable[[UUID | None], Reason | None], Callable[[UUID], Reason | None]]:
    """Why an office, and why a person, is not what the filters let through; None: it is."""
    offices, cohort = scene.wanted_offices, scene.question.cohort
    members: set[UUID] = set()
    if cohort is Nowhere.NONE:
        members = set(_ids(scene.seen_stays()))
    elif cohort is not None:
        members = set(_ids(scene.stays().filter(cohort_id=cohort)))

    def not_here(office: UUID | None) -> Reason | None:
        if scene.question.office is Nowhere.NONE:
            return None if office is None else Reason.HAS_OFFICE
        return Reason.OTHER_OFFICE if offices is not None and office not in offices else None

    def not_in(person: UUID) -> Reason | None:
        if cohort is Nowhere.NONE:
            return Reason.HAS_COHORT if person in members else None
        return Reason.OTHER_COHORT if cohort is not None and person not in members else None

    return not_here, not_in


def _erased(scene: Scene) -> set[str]:
    """The subjects of the erasures by then. The record keeps them, whatever else goes."""
    rows = AuditEntry.objects.in_organization(scene.organization)
    return set(rows.filter(action=ERASURE, at__lte=scene.at).values_list("subject", flat=True))


def _later(scene: Scene) -> int:
    """How many of this role came after that day: their first place began later."""
    rows = Placement.objects.in_organization(scene.organization)
    then = rows.filter(since__lte=scene.at).values("membership_id")
    people = Membership.objects.in_organization(scene.organization)
    if not scene.sees_all:
        people = Membership.objects.visible_to(scene.viewer)
    here = people.active().filter(role=scene.question.asked_role.value)
    return int(here.exclude(id__in=then).count())


__all__ = [
    "Offices",
    "Place",
    "Population",
    "Reason",
    "Scene",
    "Staff",
    "named",
    "read_population",
]
