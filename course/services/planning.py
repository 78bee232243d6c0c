"""What a list of people would do to an organisation: read, never written.

The same plan is shown and applied. It holds every fault that only the organisation can know: taken
names, unknown cohorts and offices, circles of managers.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final, TypeVar
from uuid import UUID

from course.models import Cohort, CohortMember, Membership, Office, Organization, User
from course.models.audit import canonical_json
from course.people_files import Problem
from course.people_rows import PersonLine
from course.roles import Role

T = TypeVar("T")

BATCH: Final = 200  # people per round of queries, when reading as when writing


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody of the organisation, as far as a plan looks at them."""

    id: UUID
    name: str
    role: str
    is_active: bool
    manager_id: UUID | None
    office_id: UUID | None


@dataclass(frozen=True, slots=True)
class Step:
    """What one row does. `cohorts`: where the person is put; `manager`: whom they get, or "".

    `office`: where they work from now on, or "" when that stays as it is.
    """

    line: PersonLine
    known: Known | None
    cohorts: tuple[str, ...]
    manager: str
    office: str

    @property
    def kind(self) -> str:
        """Words for a screen hang on it: "new", "change" or "same"."""
        if self.known is None:
            return "new"
        return "change" if self.cohorts or self.manager or self.office else "same"

    @property
    def role(self) -> str:
        """The role that the person has afterwards."""
        return self.known.role if self.known else self.line.role or Role.LEARNER.value

    @property
    def left_alone(self) -> tuple[str, ...]:
        """Columns that are the person's own once they are here; the list does not change them."""
        told = {"alias": self.line.alias, "language": self.line.language, "email": self.line.email}
        return tuple(column for column, text in told.items() if text) if self.known else ()


@dataclass
class Plan:
    """All steps in the order of the file, or the faults that forbid every one of them."""

    steps: list[Step] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    cohort_ids: dict[str, UUID] = field(default_factory=dict)  # casefolded name -> id
    office_ids: dict[str, UUID] = field(default_factory=dict)  # the same
    closed_offices: frozenset[UUID] = frozenset()
    known: dict[str, Known] = field(default_factory=dict)  # of the list and its managers

    def counts(self) -> dict[str, int]:
        """How many are new, changed, as they were, and how many places and managers are given."""
        kinds = Counter(step.kind for step in self.steps)
        return {
            "new": kinds["new"],
            "change": kinds["change"],
            "same": kinds["same"],
            "cohort_places": sum(len(step.cohorts) for step in self.steps),
            "managers": sum(1 for step in self.steps if step.manager),
            "offices": sum(1 for step in self.steps if step.office),
        }

    def digest(self) -> str:
        """A fingerprint of what would happen: equal plans have equal ones."""
        document = [
            [
                step.line.as_document(),
                step.known and str(step.known.id),
                step.cohorts,
                step.manager,
                step.office,
            ]
            for step in self.steps
        ]
        return hashlib.sha256(canonical_json(document).encode("ascii")).hexdigest()


def batches(things: Iterable[T], size: int = BATCH) -> Iterator[list[T]]:
    """Lists of at most `size`."""
    rest = iter(things)
    while batch := list(islice(rest, size)):
        yield batch


def plan_people(
    *, organization: Organization, lines: Sequence[PersonLine], places: dict[str, str]
) -> Plan:
    """The plan of a list; `places` says where the columns stand in its file."""
    plan = Plan(cohort_ids=_cohort_ids(organization))
    _read_offices(organization, plan)
    taken = _read_known(organization, lines, plan)
    placed = _read_places(organization, plan)
    names = {line.sign_in_name for line in lines} - {""}
    for line in lines:
        known = plan.known.get(line.sign_in_name)
        judge = _Judge(plan, line, places)
        judge.person(known, taken=line.sign_in_name in taken)
        judge.cohorts()
        judge.manager(names)
        judge.office(known)
        plan.steps.append(_step(plan, line, known, placed))
    plan.problems += _circles(organization, plan, places)
    plan.problems.sort(key=lambda one: (one.row, one.column))
    return plan


def _step(
    plan: Plan, line: PersonLine, known: Known | None, placed: set[tuple[UUID, UUID]]
) -> Step:
    cohorts = tuple(
        name
        for name in line.cohorts
        if known is None or (known.id, plan.cohort_ids.get(name.casefold())) not in placed
    )
    manager = line.manager
    if known and manager in plan.known and plan.known[manager].id == known.manager_id:
        manager = ""
    there = known.office_id if known else None
    office = "" if plan.office_ids.get(plain(line.office)) == there else line.office
    return Step(line, known, cohorts, manager, office)


def plain(name: str) -> str:
    """A name as it is compared: neither capitals nor the number of spaces tell two apart."""
    return " ".join(name.split()).casefold()


def _cohort_ids(organization: Organization) -> dict[str, UUID]:
    rows = Cohort.objects.in_organization(organization).values_list("name", "id")
    return {plain(name): key for name, key in rows}


def _read_offices(organization: Organization, plan: Plan) -> None:
    rows = list(Office.objects.in_organization(organization).values_list("name", "id", "closed_at"))
    plan.office_ids = {plain(name): key for name, key, _closed in rows}
    plan.closed_offices = frozenset(key for _name, key, closed in rows if closed)


def _read_known(
    organization: Organization, lines: Sequence[PersonLine], plan: Plan
) -> frozenset[str]:
    """Fill `plan.known`; returns the names that belong to people elsewhere. Two queries a batch."""
    names = dict.fromkeys(line.sign_in_name for line in lines if line.sign_in_name)
    names |= dict.fromkeys(line.manager for line in lines if line.manager)
    taken: set[str] = set()
    for batch in batches(names):
        rows = Membership.objects.in_organization(organization).filter(user__username__in=batch)
        columns = ("id", "user__username", "role", "is_active", "manager_id", "office_id")
        here = {known.name: known for known in (Known(*row) for row in rows.values_list(*columns))}
        plan.known |= here
        users = User.objects.filter(username__in=batch).values_list("username", flat=True)
        taken |= set(users) - here.keys()
    return frozenset(taken)


def _read_places(organization: Organization, plan: Plan) -> set[tuple[UUID, UUID]]:
    """(membership, cohort) of everybody known. One query a batch."""
    found: set[tuple[UUID, UUID]] = set()
    for batch in batches(known.id for known in plan.known.values()):
        rows = CohortMember.objects.in_organization(organization).filter(membership_id__in=batch)
        found |= set(rows.values_list("membership_id", "cohort_id"))
    return found


class _Judge:
    """Finds what only the organisation knows to be wrong with one row."""

    def __init__(self, plan: Plan, line: PersonLine, places: dict[str, str]) -> None:
        self.plan, self.line, self.places = plan, line, places

    def add(self, column: str, code: str, detail: str = "") -> None:
        where = self.places.get(column, column)
        self.plan.problems.append(Problem(self.line.row, where, code, detail))

    def person(self, known: Known | None, *, taken: bool) -> None:
        if known is None:
            if taken:
                self.add("sign_in_name", "name_taken")
        elif not known.is_active:
            self.add("sign_in_name", "person_paused")
        elif self.line.role and self.line.role != known.role:
            self.add("role", "role_differs")

    def cohorts(self) -> None:
        for name in self.line.cohorts:
            if name.casefold() not in self.plan.cohort_ids:
                self.add("cohorts", "cohort_unknown", name)

    def manager(self, names: set[str]) -> None:
        name = self.line.manager
        if not name:
            return
        known = self.plan.known.get(name)
        if name == self.line.sign_in_name:
            self.add("manager", "manager_self")
        elif known is not None and not known.is_active:
            self.add("manager", "manager_paused", name[:40])
        elif known is None and name not in names:
            self.add("manager", "manager_unknown", name[:40])

    def office(self, known: Known | None) -> None:
        if not self.line.office:
            return
        wanted = self.plan.office_ids.get(plain(self.line.office))
        if wanted is None:
            self.add("office", "office_unknown", self.line.office[:40])
        elif wanted in self.plan.closed_offices and (known is None or known.office_id != wanted):
            self.add("office", "office_closed", self.line.office[:40])


def _circles(organization: Organization, plan: Plan, places: dict[str, str]) -> list[Problem]:
    """The rows whose managers lead back to themselves, with everybody else's managers of today."""
    people = Membership.objects.in_organization(organization).filter(manager_id__isnull=False)
    above: dict[Any, Any] = dict(people.values_list("id", "manager_id"))

    def node(name: str) -> Any:
        return plan.known[name].id if name in plan.known else name

    row_of = {}
    for step in plan.steps:
        if step.line.sign_in_name and step.manager not in {"", step.line.sign_in_name}:
            above[node(step.line.sign_in_name)] = node(step.manager)
            row_of[node(step.line.sign_in_name)] = step.line.row
    where = places.get("manager", "manager")
    return [
        Problem(row_of[one], where, "manager_circle") for one in in_circles(above) if one in row_of
    ]


def in_circles(above: dict[Any, Any]) -> set[Any]:
    """Everybody who is reached again by going up from them. Looks at each link once."""
    settled: set[Any] = set()
    found: set[Any] = set()
    for start in above:
        path: dict[Any, None] = {}
        here = start
        while here in above and here not in settled and here not in path:
            path[here] = None
            here = above[here]
        if here in path:
            walked = list(path)
            found |= set(walked[walked.index(here) :])
        settled |= path.keys()
    return found
