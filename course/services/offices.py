"""The tree of offices: made, named, moved, closed. Its history is kept by `placing`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from course.models import Membership, Office
from course.services import Refused, require_one_organization
from course.services.audit import lock_organization, record_event
from course.services.placing import note_offices
from course.services.planning import plain

# Deeper trees cannot be read on a phone, and nobody has more than country, region, branch, team.
MOST_LEVELS: Final = 6


@dataclass
class Branch:
    """An office in its tree. `people` are active and here; `all_people` also those below."""

    office: Office
    people: int
    parts: list["Branch"] = field(default_factory=list)

    @property
    def all_people(self) -> int:
        """Those of the office and of everything below it."""
        return self.people + sum(part.all_people for part in self.parts)

    @property
    def levels(self) -> int:
        """How many levels this office and what is below it take."""
        return 1 + max((part.levels for part in self.parts), default=0)

    def walk(self) -> "Iterable[Branch]":
        """This office and all below it."""
        yield self
        for part in self.parts:
            yield from part.walk()


def office_tree(organization_id: UUID) -> tuple[list[Branch], dict[UUID, Branch]]:
    """The offices at the top, by name, and every branch by its id. Two queries."""
    people = Membership.objects.in_organization(organization_id).active()
    placed = people.filter(office_id__isnull=False).order_by()
    counted = placed.values("office_id").annotate(number=Count("id"))
    numbers: dict[UUID | None, int] = dict(counted.values_list("office_id", "number"))
    rows = Office.objects.in_organization(organization_id).order_by("name", "id")
    return grown((row, numbers.get(row.id, 0)) for row in rows)


def grown(rows: Iterable[tuple[Office, int]]) -> tuple[list[Branch], dict[UUID, Branch]]:
    """A tree out of rows with their numbers of people, in the order of the rows."""
    branches = {office.id: Branch(office, people) for office, people in rows}
    top: list[Branch] = []
    for branch in branches.values():
        above = branches.get(branch.office.parent_id) if branch.office.parent_id else None
        (above.parts if above else top).append(branch)
    return top, branches


def office_choices(
    organization_id: UUID, *, without: UUID | None = None, keep: UUID | None = None
) -> list[tuple[Office, int]]:
    """Open offices in the order of the tree, each with its depth. Two queries.

    `without`: leave this one and everything below it out; `keep`: show this one also when closed.
    """
    top, _branches = office_tree(organization_id)
    found: list[tuple[Office, int]] = []

    def look(branches: list[Branch], depth: int) -> None:
        for branch in branches:
            if branch.office.id == without:
                continue
            if branch.office.closed_at is None or branch.office.id == keep:
                found.append((branch.office, depth))
            look(branch.parts, depth + 1)

    look(top, 0)
    return found


# --- changes ------------------------------------------------------------------------------------


def create_office(*, name: str, parent: Office | None, actor: Membership, at: datetime) -> Office:
    """A new office without people. Raises Refused when the name is taken."""
    organization_id = actor.organization_id
    if parent is not None:
        require_one_organization(organization_id, parent.organization_id)
    with transaction.atomic():
        lock_organization(actor.organization)
        _refuse_name(organization_id, name)
        above = _above(organization_id, parent)
        office: Office = Office.objects.create(
            organization_id=organization_id,
            name=name,
            parent_id=above.office.id if above else None,
            created_at=at,
        )
        _refuse_depth(organization_id)
        note_offices(organization_id=organization_id, offices=[office.id], at=at)
        after = {"name": name, "above": _key(office.parent_id)}
        _record(office, actor, "office.create", at, after=after)
    return office


def rename_office(*, office: Office, name: str, actor: Membership, at: datetime) -> None:
    """Another name; reports call it so for every day. Raises Refused when the name is taken."""
    with transaction.atomic():
        fresh = _fresh(office, actor)
        if fresh.name == name:
            return
        _refuse_name(fresh.organization_id, name, but=fresh.id)
        Office.objects.filter(pk=fresh.pk).update(name=name)
        before, after = {"name": fresh.name}, {"name": name}
        _record(fresh, actor, "office.rename", at, before=before, after=after)


def move_office(
    *, office: Office, parent: Office | None, actor: Membership, reason: str = "", at: datetime
) -> None:
    """Put an office, with all below it, below another one or at the top, from now on.

    Refused when it would be below itself.
    """
    with transaction.atomic():
        fresh = _fresh(office, actor)
        wanted = parent.id if parent else None
        if fresh.parent_id == wanted:
            return
        _top, branches = office_tree(fresh.organization_id)
        if wanted in {branch.office.id for branch in branches[fresh.id].walk()}:
            raise Refused(_("An office cannot be below itself."), field="parent")
        _above(fresh.organization_id, parent)
        Office.objects.filter(pk=fresh.pk).update(parent_id=wanted)
        _refuse_depth(fresh.organization_id)
        note_offices(organization_id=fresh.organization_id, offices=[fresh.id], at=at)
        before, after = {"above": _key(fresh.parent_id)}, {"above": _key(wanted)}
        _record(fresh, actor, "office.move", at, before=before, after=after, reason=reason)


def set_office_open(
    *, office: Office, is_open: bool, actor: Membership, reason: str = "", at: datetime
) -> None:
    """Close an office, which then takes nobody new, or open it again. Who is there stays."""
    with transaction.atomic():
        fresh = _fresh(office, actor)
        if (fresh.closed_at is None) == is_open:
            return
        Office.objects.filter(pk=fresh.pk).update(closed_at=None if is_open else at)
        before, after = {"open": not is_open}, {"open": is_open}
        action = "office.open" if is_open else "office.close"
        _record(fresh, actor, action, at, before=before, after=after, reason=reason)


def _fresh(office: Office, actor: Membership) -> Office:
    """The office as it is now, under the lock of its organisation."""
    require_one_organization(office.organization_id, actor.organization_id)
    lock_organization(actor.organization)
    found: Office = Office.objects.get(pk=office.pk)
    return found


def _above(organization_id: UUID, parent: Office | None) -> Branch | None:
    if parent is None:
        return None
    require_one_organization(organization_id, parent.organization_id)
    branch = office_tree(organization_id)[1][parent.id]
    if branch.office.closed_at is not None:
        raise Refused(_("The office above is closed. Open it again first."), field="parent")
    return branch


def _refuse_name(organization_id: UUID, name: str, *, but: UUID | None = None) -> None:
    rows = Office.objects.in_organization(organization_id).values_list("id", "name")
    if any(plain(taken) == plain(name) for key, taken in rows if key != but):
        raise Refused(_("There is an office with this name already."), field="name")


def _refuse_depth(organization_id: UUID) -> None:
    """After the change, in its transaction: a refusal undoes it."""
    top, _branches = office_tree(organization_id)
    if max((branch.levels for branch in top), default=0) > MOST_LEVELS:
        text = _("Offices go at most %(most)s levels deep. Choose one further up.")
        raise Refused(text % {"most": MOST_LEVELS}, field="parent")


def _key(office_id: UUID | None) -> str:
    return str(office_id or "")


def _record(
    office: Office,
    actor: Membership,
    action: str,
    at: datetime,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
) -> None:
    record_event(
        organization=actor.organization,
        actor=actor,
        action=action,
        subject=f"office:{office.id}",
        before=before,
        after=after,
        reason=reason,
        at=at,
    )
