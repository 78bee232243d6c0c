"""Keeping the history of places: called in the transaction of every change of a place.

Each function reads how things are now and writes down what is different from the last stretch, so
that calling it once too often does no harm.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from uuid import UUID

from course.models import CohortMember, CohortStay, Membership, Office, OfficeStay, Placement

IN_ONE_GO = 500  # ids named in one statement; SQLite allows about 1,000 variables in old versions

_also: dict[str, Callable[[UUID], list[str]]] = {}


def also_compare(name: str, differences: Callable[[UUID], list[str]]) -> None:
    """Let an upper floor have its own histories looked at: organisation -> what is not as told."""
    _also[name] = differences


def note_places(*, organization_id: UUID, people: Iterable[UUID], at: datetime) -> None:
    """Write down where these people are now: role, pause, office, manager. For after the change.

    Four statements for up to 500 people.
    """
    for ids in _groups(people):
        now = Membership.objects.filter(organization_id=organization_id, id__in=ids)
        columns = ("id", "role", "is_active", "office_id", "manager_id")
        rows = Placement.objects.filter(organization_id=organization_id, membership_id__in=ids)
        lasting = rows.lasting()
        known = {row[0]: row for row in lasting.values_list("membership_id", *columns[1:])}
        changed = [row for row in now.values_list(*columns) if known.get(row[0]) != row]
        if not changed:
            continue
        rows.filter(membership_id__in=[row[0] for row in changed]).end(at)
        Placement.objects.bulk_create(
            Placement(
                organization_id=organization_id,
                membership_id=person,
                role=role,
                is_active=is_active,
                office_id=office,
                manager_id=manager,
                since=at,
            )
            for person, role, is_active, office, manager in changed
        )


def note_stays(*, organization_id: UUID, people: Iterable[UUID], at: datetime) -> None:
    """Write down in which cohorts these people are now. Call it after the change."""
    for ids in _groups(people):
        named = {"organization_id": organization_id, "membership_id__in": ids}
        now = set(CohortMember.objects.filter(**named).values_list("membership_id", "cohort_id"))
        lasting = CohortStay.objects.filter(**named).lasting()
        known = {
            (person, cohort): row
            for row, person, cohort in lasting.values_list("id", "membership_id", "cohort_id")
        }
        over = [row for place, row in known.items() if place not in now]
        if over:
            CohortStay.objects.filter(organization_id=organization_id, id__in=over).end(at)
        CohortStay.objects.bulk_create(
            CohortStay(
                organization_id=organization_id, membership_id=person, cohort_id=cohort, since=at
            )
            for person, cohort in sorted(now - known.keys())
        )


def note_offices(*, organization_id: UUID, offices: Iterable[UUID], at: datetime) -> None:
    """Write down below which office each of these is now. Call it after the change."""
    for ids in _groups(offices):
        now = Office.objects.filter(organization_id=organization_id, id__in=ids)
        rows = OfficeStay.objects.filter(organization_id=organization_id, office_id__in=ids)
        lasting = rows.lasting()
        known = set(lasting.values_list("office_id", "parent_id"))
        changed = set(now.values_list("id", "parent_id")) - known
        rows.filter(office_id__in=[office for office, _parent in changed]).end(at)
        OfficeStay.objects.bulk_create(
            OfficeStay(
                organization_id=organization_id, office_id=office, parent_id=parent, since=at
            )
            for office, parent in changed
        )


def differences(organization_id: UUID) -> list[str]:
    """What the history says otherwise than the tables of today; empty when all is well.

    Ids only, for the checker of the console.
    """
    named = {"organization_id": organization_id}
    columns = ("role", "is_active", "office_id", "manager_id")
    places = set(Membership.objects.filter(**named).values_list("id", *columns))
    told = set(Placement.objects.filter(**named).lasting().values_list("membership_id", *columns))
    cohorts = set(CohortMember.objects.filter(**named).values_list("cohort_id", "membership_id"))
    stays = CohortStay.objects.filter(**named).lasting()
    stayed = set(stays.values_list("cohort_id", "membership_id"))
    tree = set(Office.objects.filter(**named).values_list("id", "parent_id"))
    grown = set(OfficeStay.objects.filter(**named).lasting().values_list("office_id", "parent_id"))
    return sorted(
        [f"place of {row[0]}" for row in places ^ told]
        + [f"{person} in cohort {cohort}" for cohort, person in cohorts ^ stayed]
        + [f"office {row[0]} in the tree" for row in tree ^ grown]
        + [one for compare in _also.values() for one in compare(organization_id)]
    )


def _groups(people: Iterable[UUID]) -> Iterable[list[UUID]]:
    ids = list(dict.fromkeys(people))
    for start in range(0, len(ids), IN_ONE_GO):
        yield ids[start : start + IN_ONE_GO]


__all__ = ["also_compare", "differences", "note_offices", "note_places", "note_stays"]
