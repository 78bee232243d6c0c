"""No page lists people outside the viewer's reach: every route that can be opened is opened.

The access table asks about other organisations; this asks about people of the same one.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from course.models import Membership
from course.services.several import set_manager
from tests.access_table import Row, all_rows, furnish
from tests.personas import AT, World, make_membership, make_user, make_world

pytestmark = pytest.mark.django_db
READS = [row for row in all_rows() if row.method == "GET"]


@pytest.fixture
def furnished() -> World:
    world = make_world()
    furnish(world)
    return world


def open_row(client: Client, row: Row, ids: Mapping[str, UUID]) -> tuple[int, str]:
    address = reverse(row.route, kwargs=row.path(ids) if row.path else None)
    with transaction.atomic():
        answer = client.get(address, {key: str(value) for key, value in row.body(ids).items()})
        content = getattr(answer, "streaming_content", None)
        body = b"".join(content) if content else answer.content
        transaction.set_rollback(True)
    return answer.status_code, body.decode(errors="replace")


def words_of(person: Membership) -> list[str]:
    return [person.user.username, person.user.shown_name]


def crawl(client: Client, world: World, forbidden: list[Membership]) -> tuple[int, list[str]]:
    """(pages that opened, what was found on them). Each route for two people and two cohorts."""
    own = world.harbour.ids
    other = own | {"person": own["stranger"], "cohort": own["second_cohort"]}
    opened, found = 0, []
    for row in READS:
        for ids in (own, other) if row.path or row.body(own) else (own,):
            status, text = open_row(client, row, ids)
            assert status < 500, row.label
            opened += status == 200
            found += [
                f"{row.label}: {word}"
                for person in forbidden
                for word in words_of(person)
                if word in text
            ]
    return opened, found


def test_the_search_finds_who_is_there(furnished: World) -> None:
    """An administrator sees the stranger in many places, so the words are the right ones."""
    stranger = furnished.harbour.stranger
    _opened, found = crawl(furnished.client("administrator"), furnished, [stranger])
    assert len(found) >= 4


def test_a_trainer_meets_nobody_of_another_cohort(furnished: World) -> None:
    stranger = furnished.harbour.stranger
    opened, found = crawl(furnished.client("trainer"), furnished, [stranger])
    assert opened > 30
    assert found == []


def test_a_learner_meets_no_other_learner(furnished: World) -> None:
    place = furnished.harbour
    opened, found = crawl(
        furnished.client("learner"), furnished, [place.stranger, place.administrator]
    )
    assert opened > 20
    assert found == []


def test_a_manager_meets_the_own_team_only(furnished: World) -> None:
    place = furnished.harbour
    lead = make_membership(place.organization, make_user("harbour-lead"))
    set_manager(people=[place.stranger], manager=lead, actor=place.administrator, at=AT)
    client = Client()
    client.force_login(lead.user)
    assert "canaryharbour stranger" in client.get(reverse("modules:team")).content.decode()
    opened, found = crawl(client, furnished, [place.learner, place.trainer, place.administrator])
    assert opened > 20
    assert found == []
