"""Pages and files say as of when they are, and nothing that is not so yet."""

from __future__ import annotations

import io
import json
import re
from datetime import datetime, timedelta
from html import unescape
from typing import Any

import openpyxl
import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from course.models import User
from course.roles import Role
from course.services.members import change_role
from modules.outline import Outline
from modules.reports.asking import Question, instant, past_day
from tests.modules.keeping import complete
from tests.modules.reading_pdf import PdfReader
from tests.modules.test_export_door import body, fresh
from tests.personas import ADMINISTRATOR, AT, TRAINER, World, make_membership, make_user

pytestmark = pytest.mark.django_db
# 09:00 UTC is 17:00 in Kuala Lumpur, so that the 24th goes on for seven hours.
GOES_ON, OVER = "2026-11-24", "2026-11-23"
CLAIM, NOW = "As it was at the end of", "As it is now, 24 November 2026 at 17:00."


def take(client: Client, address: str) -> Any:
    answer = fresh(client, at=AT).post(address)
    assert answer.status_code == 200, answer.content
    return answer


def sentences(kind: str, content: bytes) -> str:
    if kind == "json":
        return " ".join(json.loads(content)["about"])
    if kind == "xlsx":
        rows = openpyxl.load_workbook(io.BytesIO(content)).worksheets[1].iter_rows(values_only=True)
        return " ".join(str(row[0]) for row in rows)
    return " ".join(one.whole() for one in PdfReader(content).tree.find("P"))


# --- a day that is not over -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "past"),
    [
        ("2026-11-24T15:59:59+00:00", False),  # a second before midnight in Kuala Lumpur
        ("2026-11-24T16:00:00+00:00", True),
        ("2026-11-25T09:00:00+00:00", True),
    ],
)
def test_a_day_is_past_from_midnight_in_the_zone_of_the_site(at: str, past: bool) -> None:
    question = Question(as_of=AT.date())
    look = instant(question, datetime.fromisoformat(at))
    assert past_day(question, look) == (AT.date() if past else None)
    assert past_day(Question(), look) is None


@pytest.mark.parametrize("page", ["", "people/", "learning/"])
def test_no_page_says_how_a_day_ended_that_goes_on(
    world: World, small_course: Outline, page: str
) -> None:
    with time_machine.travel(AT, tick=False):
        client = world.client(ADMINISTRATOR)
        text = unescape(client.get(f"/reports/{page}?as_of={GOES_ON}").content.decode())
        assert CLAIM not in text
        assert NOW in text
        assert "Today, 24 November 2026" in text
        text = unescape(client.get(f"/reports/{page}?as_of={OVER}").content.decode())
        assert text.count(f"{CLAIM} 23 November 2026") == 2  # the sentence and the filter
        assert "As it is now" not in text


@pytest.mark.parametrize("kind", ["xlsx", "pdf", "json"])
@pytest.mark.parametrize("table", ["people", "groups"])
def test_no_file_says_how_a_day_ended_that_goes_on(
    world: World, small_course: Outline, table: str, kind: str
) -> None:
    complete(world.harbour.learner, at=AT)
    with time_machine.travel(AT, tick=False):
        client = world.client(ADMINISTRATOR)
        address = f"/reports/{table}/file/{kind}/?as_of="
        told = sentences(kind, body(take(client, address + GOES_ON)))
        assert NOW in told
        assert CLAIM not in told
        told = sentences(kind, body(take(client, address + OVER)))
        assert f"{CLAIM} 23 November 2026." in told


# --- which day a file is of -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "name"),
    [
        (f"people/file/csv/?as_of={OVER}", "completion-as-of-2026-11-23.csv"),
        (f"groups/file/xlsx/?by=module&as_of={OVER}", "completion-by-module-as-of-2026-11-23.xlsx"),
        (f"people/file/csv/?as_of={GOES_ON}", "completion-2026-11-24.csv"),
        ("people/file/csv/", "completion-2026-11-24.csv"),
        ("donor/offices/csv/?as_of=2026-06-30", "summary-by-offices-as-of-2026-06-30.csv"),
    ],
)
def test_the_name_of_a_file_says_of_which_past_day_it_is(
    world: World, small_course: Outline, address: str, name: str
) -> None:
    with time_machine.travel(AT, tick=False):
        answer = take(world.client(ADMINISTRATOR), f"/reports/{address}")
        assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
        body(answer)


def test_json_says_its_past_day_as_a_value(world: World, small_course: Outline) -> None:
    with time_machine.travel(AT, tick=False):
        client = world.client(ADMINISTRATOR)
        for query, day in ((f"?as_of={OVER}", OVER), ("", None), (f"?as_of={GOES_ON}", None)):
            content = body(take(client, f"/reports/people/file/json/{query}"))
            assert json.loads(content)["as_of"] == day


# --- where the list leads -------------------------------------------------------------------------


def links_of(client: Client, address: str) -> list[str]:
    """Where the names of a list lead, each of which must be a page."""
    page = client.get(address).content.decode()
    table = page.partition("<tbody>")[2].partition("</tbody>")[0]
    assert "canaryharbour" in table
    links = re.findall(r'href="([^"]+)"', table)
    for link in links:
        assert client.get(link).status_code == 200, (address, link)
    return links


@pytest.mark.parametrize("persona", [ADMINISTRATOR, TRAINER])
def test_every_link_of_a_list_is_a_page(world: World, small_course: Outline, persona: str) -> None:
    place, day = world.harbour, timedelta(days=1)
    with time_machine.travel(AT + 3 * day, tick=False):
        client = world.client(persona)
        shown = {place.learner.id} if persona == TRAINER else {place.learner.id, place.stranger.id}
        learners = {reverse("quizzes:person_attempts", args=[one]) for one in shown}
        then = "/reports/people/?as_of=2026-11-25"
        for address in ("/reports/people/", then):
            assert learners <= set(links_of(client, address))
        for role in ("trainer", "administrator") if persona == ADMINISTRATOR else ("trainer",):
            assert links_of(client, f"/reports/people/?role={role}") == []
        change_role(
            membership=place.learner, role=Role.TRAINER, actor=place.administrator, at=AT + 2 * day
        )
        gone = reverse("quizzes:person_attempts", args=[place.learner.id])
        assert gone not in links_of(client, then), "a learner then, a trainer today"


# --- who was erased -------------------------------------------------------------------------------


def test_a_name_that_begins_like_that_of_the_erased_is_no_erased_person(
    world: World, small_course: Outline
) -> None:
    place = world.harbour
    make_membership(place.organization, make_user("erased-maps"))
    gone = make_user("erased-00000000")
    User.objects.filter(pk=gone.pk).update(is_active=False)
    make_membership(place.organization, gone)
    with time_machine.travel(AT, tick=False):
        page = world.client(ADMINISTRATOR).get("/reports/people/").content.decode()
    assert "erased-maps" in page
    assert "erased-00000000" not in page
    assert page.count("Erased person") == 1
