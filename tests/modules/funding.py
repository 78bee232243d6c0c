"""Offices with learners of a past quarter, for the summary that funders get."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from course.models import ContentRelease, Membership, Office, User
from course.roles import Role
from course.services.offices import create_office
from course.services.placing import note_places
from modules.models import Completion
from tests.personas import Place

EARLY = datetime(2026, 7, 6, 2, 0, tzinfo=UTC)
QUARTER = date(2026, 9, 30)
BEFORE_IT = date(2026, 6, 30)
Counts = tuple[int, int]  # completed, not completed


def open_office(place: Place, name: str, above: Office | None = None) -> Office:
    """An office since the beginning of the quarter, under a name of its organisation."""
    return create_office(
        name=f"{place.canary} {name}", parent=above, actor=place.administrator, at=EARLY
    )


def settle(
    place: Place, office: Office | None, number: int, *, word: str, at: datetime = EARLY
) -> list[Membership]:
    """So many learners of an office; their names are the organisation's."""
    users = User.objects.bulk_create(
        User(
            username=f"{place.canary}-{word}-{one}",
            display_name=f"{place.canary} {word} {one}",
            password="!",
            joined_at=at,
        )
        for one in range(number)
    )
    people = Membership.objects.bulk_create(
        Membership(
            organization=place.organization,
            user=user,
            role=Role.LEARNER.value,
            is_active=True,
            office_id=office.id if office else None,
            joined_at=at,
        )
        for user in users
    )
    note_places(
        organization_id=place.organization.pk, people=[person.id for person in people], at=at
    )
    return people


def finish(people: Sequence[Membership], *, at: datetime = EARLY, keys: Sequence[str] = ()) -> None:
    """The course for all of these people, and the modules with these keys."""
    release = ContentRelease.objects.latest("number")
    Completion.objects.bulk_create(
        Completion(
            organization_id=person.organization_id,
            membership_id=person.id,
            scope="module" if key else "course",
            key=key,
            cycle=1,
            completed_at=at + timedelta(days=3),
            rule={},
            facts={},
            release=release,
        )
        for person in people
        for key in ("", *keys)
    )


def furnish_offices(place: Place, counts: Mapping[str, Counts]) -> dict[str, UUID]:
    """Offices of these names with so many who completed and who did not; name -> id."""
    found = {}
    for name, (done, rest) in counts.items():
        office = open_office(place, name)
        people = settle(place, office, done + rest, word=f"p-{name}")
        finish(people[:done], keys=("m1",))
        found[name] = office.id
    return found
