"""The file of renewals: the rows and columns of the page, and the same door as for every file."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format

from course.models import AuditEntry, User
from course.services.exporting import rows_left
from course.services.several import set_office
from modules.certificates import add_months
from modules.outline import Outline
from modules.services.planning import plan_notices
from modules.services.renewing import renew_course
from tests.modules.keeping import complete
from tests.modules.reading_pdf import PdfReader, squeezed
from tests.modules.test_export_door import as_text, body, fresh, from_csv, from_xlsx, on_screen
from tests.personas import (
    ADMINISTRATOR,
    PASSPHRASE,
    TRAINER,
    World,
    make_membership,
    make_user,
    office_of,
)

pytestmark = pytest.mark.django_db

PAGE = "/reports/renewals/"
DAY = timedelta(days=1)
RISKY = ["=1+1", "@SUM(A1)", "-5"]
NAMES = [*RISKY, 'Zoë, the "second"', "Nurul Aisyah"]


def ending(world: World, name: str, days: int) -> Any:
    """Somebody of harbour whose completion ends in so many days."""
    user = make_user(f"ends-{sha256(name.encode()).hexdigest()[:20]}", display_name=name)
    person = make_membership(world.harbour.organization, user)
    when = timezone.now() + days * DAY
    complete(person, at=add_months(when, -settings.KENALI_CERTIFICATE_MONTHS))
    return person


@pytest.fixture
def people(world: World, small_course: Outline) -> World:
    """Five within 30 days with names that try things, one reminded, one begun; others elsewhere."""
    for number, name in enumerate(NAMES):
        person = ending(world, name, 10 + number)
        if name == "Nurul Aisyah":
            renew_course(membership=person, at=timezone.now())
        if name == "=1+1":
            office = office_of(world.harbour, "=office")
            boss = world.harbour.administrator
            set_office(people=[person], office=office, actor=boss, at=timezone.now())
    ending(world, "later", 50)
    ending(world, "over", -5)
    plan_notices(at=timezone.now())
    complete(
        world.lighthouse.learner,
        at=add_months(timezone.now() + 10 * DAY, -settings.KENALI_CERTIFICATE_MONTHS),
    )
    return world


def take(client: Client, kind: str, query: str = "within=30") -> bytes:
    answer = client.post(f"{PAGE}save/{kind}/?{query}")
    assert answer.status_code == 200, answer.content
    return body(answer)


def entries(world: World, action: str = "export.report") -> list[AuditEntry]:
    rows = AuditEntry.objects.in_organization(world.harbour.organization)
    return list(rows.filter(action=action).order_by("sequence"))


def day(value: str | None) -> str:
    if not value:
        return "–"
    local = datetime.fromisoformat(value).astimezone(ZoneInfo(settings.KENALI_TIME_ZONE))
    return date_format(local, "DATE_FORMAT")


def test_screen_and_all_files_have_the_same_rows_and_columns(people: World) -> None:
    client = fresh(people.client(ADMINISTRATOR))
    read = json.loads(take(client, "json"))
    kinds = {one["key"]: one["kind"] for one in read["columns"]}
    told = [[as_text(kinds[key], row[key]) for key in kinds] for row in read["rows"]]
    assert [row[0] for row in told] == NAMES, "the first to end first"
    assert [row["next"] for row in read["rows"]] == [*["Not yet"] * 4, "Has begun"]
    header, *rows = from_csv(take(client, "csv"))
    assert header == [one["title"] for one in read["columns"]]
    risky = {f"'{name}": name for name in RISKY}
    assert [[risky.get(cell, cell) for cell in row] for row in rows] == told
    assert {row[0] for row in rows} >= risky.keys(), "a spreadsheet would run these"
    assert from_xlsx(take(client, "xlsx")) == [header, *told]
    paper = PdfReader(take(client, "pdf"))
    assert paper.rows() == [[squeezed(cell) for cell in row] for row in (header, *told)]
    screen = on_screen(client, f"{PAGE}?within=30")
    assert screen == [
        [
            f"Choose {row['name']}{row['name']}",
            row["office"] or "–",
            day(row["ends"]),
            row["next"],
            day(row["told"]),
        ]
        for row in read["rows"]
    ]
    assert "Only: Within 30 days." in read["about"]


def test_each_group_is_its_own_file_and_long_ones_lose_nobody(
    people: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("modules.reports.exports.renewals.SLICE", 2)
    client = fresh(people.client(ADMINISTRATOR))
    found = {
        group: [one["name"] for one in json.loads(take(client, "json", f"within={group}"))["rows"]]
        for group in ("over", "30", "60", "90")
    }
    assert found == {"over": ["over"], "30": NAMES, "60": ["later"], "90": []}
    nearest = json.loads(take(client, "json", "within=nonsense"))
    assert [one["name"] for one in nearest["rows"]] == NAMES, "as on the page"
    for kind in ("csv", "json"):
        assert b"canarylighthouse" not in take(client, kind)


def test_an_old_session_is_asked_first_and_every_file_is_one_entry(people: World) -> None:
    user = people.users[ADMINISTRATOR]
    User.objects.filter(pk=user.pk).update(password=make_password(PASSPHRASE))
    user.refresh_from_db()
    client, address = people.client(ADMINISTRATOR), f"{PAGE}save/csv/?within=30"
    asked = client.post(address)
    assert asked.status_code == 403
    assert f'href="{PAGE}?within=30"' in asked.content.decode()
    assert client.post(address, {"proof": "not the right words"}).status_code == 422
    assert entries(people) == []
    answer = client.post(address, {"proof": PASSPHRASE})
    assert answer.status_code == 200
    (entry,) = entries(people)  # written before the first byte
    assert entry.subject == "table:renewals"
    assert entry.actor_id == people.harbour.administrator.id
    said = {"rows": 5, "format": "csv", "filter": "Within 30 days"}
    assert json.loads(entry.after) == said
    name = answer["Content-Disposition"]
    assert name.startswith('attachment; filename="renewals-')
    body(answer)
    assert client.get(address).status_code == 405


def test_the_rows_come_out_of_the_budget(people: World, settings: Any) -> None:
    settings.KENALI_EXPORT_ROWS_PER_HOUR = 7
    client = fresh(people.client(ADMINISTRATOR))
    take(client, "csv")
    assert rows_left(actor=people.harbour.administrator, at=timezone.now()) == 2
    assert client.post(f"{PAGE}save/csv/?within=30").status_code == 429
    assert len(entries(people)) == 1
    (refused,) = entries(people, "export.refused")
    assert json.loads(refused.after)["rows"] == 5
    take(client, "csv", "within=60")  # a smaller one still fits


def test_who_may_not_take_reports_gets_no_file(people: World) -> None:
    assert fresh(people.client(TRAINER)).post(f"{PAGE}save/csv/").status_code == 403
    client = people.client(ADMINISTRATOR)
    page = client.get(f"{PAGE}?within=30").content.decode()
    assert f'formaction="{PAGE}save/xlsx/?within=30"' in page


def test_a_file_costs_the_same_for_any_number_of_people(
    people: World, queries: Callable[[], AbstractContextManager[list[int]]]
) -> None:
    client, costs = fresh(people.client(ADMINISTRATOR)), []
    take(client, "csv")
    for number in (0, 12):
        for one in range(number):
            ending(people, f"more {one}", 12)
        with queries() as counted:
            content = take(client, "csv")
        assert len(from_csv(content)) == 1 + len(NAMES) + number
        costs += counted
    assert costs[0] == costs[1] <= 30
