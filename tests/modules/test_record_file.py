"""The record as a file: the rows of the page, in the same words, and only one's own."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from course.models import AuditEntry
from course.recent import note_proof
from course.roles import Role
from course.services.members import change_role, set_active
from tests.personas import AT, World

pytestmark = pytest.mark.django_db


def proved(client: Client) -> Client:
    session = client.session
    note_proof(session, at=timezone.now())
    session.save()
    return client


@pytest.fixture
def told(world: World) -> World:
    actor = world.harbour.administrator
    change_role(
        membership=world.harbour.learner, role=Role.TRAINER, actor=actor, reason="=1+1", at=AT
    )
    set_active(membership=world.harbour.stranger, active=False, actor=actor, at=AT)
    return world


def body(client: Client, kind: str, query: str = "") -> bytes:
    answer: Any = client.post(reverse("modules:record_file", args=[kind]) + query)
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def test_the_file_has_the_rows_of_the_page(told: World) -> None:
    client = proved(told.client("administrator"))
    page = client.get(reverse("course:audit")).context["told"]
    text = body(client, "csv").decode("utf-8-sig")
    rows = [line for line in csv.reader(io.StringIO(text)) if line and line[0].isdigit()]
    assert [int(row[0]) for row in rows] == [one.number for one in page] == [3, 2, 1]
    for row, one in zip(rows, page, strict=True):
        assert (row[2], row[3], row[5]) == (one.who, one.what, one.about)
    assert rows[1][6] == "Role: Learner → Trainer"
    assert rows[1][7] == "'=1+1", "no formula leaves"
    assert told.lighthouse.canary not in text


def test_the_filter_of_the_page_holds_for_the_file(told: World) -> None:
    client = proved(told.client("administrator"))
    query = f"?about={told.harbour.stranger.id}"
    found = json.loads(body(client, "json", query))
    assert "canaryharbour stranger" in json.dumps(found)
    assert "canaryharbour learner" not in json.dumps(found)


def test_taking_it_out_is_in_the_record(told: World) -> None:
    body(proved(told.client("administrator")), "csv")
    entry = AuditEntry.objects.in_organization(told.harbour.organization).latest("sequence")
    assert (entry.action, entry.subject) == ("export.report", "table:record")
    assert '"rows":3' in entry.after


def test_words_that_were_searched_are_not_kept_for_ever(told: World, settings: Any) -> None:
    client, place = proved(told.client("administrator")), told.harbour
    query = f"about={place.learner.id}&first=2026-11-01&words=%3D1%2B1"
    body(client, "csv", f"?{query}&below=9")
    entries = AuditEntry.objects.in_organization(place.organization)
    taken = json.loads(entries.latest("sequence").after)
    asked = f"about={place.learner.id}&first=2026-11-01&words=searched"
    assert (taken["filter"], taken["rows"]) == (asked, 1)
    settings.KENALI_EXPORT_ROWS_PER_HOUR = 0
    address = reverse("modules:record_file", args=["csv"])
    assert client.post(f"{address}?{query}").status_code == 429
    refused = entries.latest("sequence")
    assert refused.action == "export.refused"
    assert json.loads(refused.after)["filter"] == asked


def test_it_needs_a_fresh_proof(told: World) -> None:
    address = reverse("modules:record_file", args=["csv"])
    assert told.client("administrator").post(address).status_code == 403
    assert proved(told.client("trainer")).post(address).status_code == 403
