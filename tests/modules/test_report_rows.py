"""Every row of the report leads to its own number, also the rows of those who are in none."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from datetime import datetime, timedelta
from html import unescape
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import openpyxl
import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from course.models import AuditEntry, Membership
from course.recent import note_proof
from course.roles import Role
from course.services.several import set_office
from modules.models import ReportSchedule, ReportView
from modules.outline import Outline
from modules.reports.asking import Nowhere, Question, question_from
from modules.reports.completion import BY, Staff, lines, read_people, read_summary
from modules.reports.learning import read_learning
from modules.reports.page import CompletionPage, Row
from modules.reports.population import Reason
from modules.reports.states import State
from modules.scopes import Scope
from modules.services.tokens import make_token
from tests.modules.finishing import publish_course
from tests.modules.funding import QUARTER
from tests.modules.keeping import complete
from tests.modules.living import Life
from tests.modules.reading_pdf import PdfReader
from tests.personas import (
    ADMINISTRATOR,
    AT,
    TRAINER,
    Place,
    World,
    make_membership,
    make_user,
    office_of,
    put_into,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
NONE = Nowhere.NONE


def asked_by(address: str, viewer: Staff) -> Question:
    return question_from(dict(parse_qsl(urlsplit(address).query)), viewer)


def check_row(outline: Outline, viewer: Staff, row: Row, at: datetime) -> None:
    """The numbers of a row are those behind its links: in sum and in the list."""
    late = asked_by(row.overdue_address, viewer)
    assert not late.problems
    into = late.population
    if row.address is not None:
        assert asked_by(row.address, viewer) == into
    whole = read_summary(outline, viewer, into, at)
    group = row.group
    assert (group.population, group.completed, group.overdue, group.rate) == (
        whole.population,
        whole.completed,
        whole.overdue,
        whole.rate,
    ), (row, into)
    for question, number in (
        (into, group.population),
        (into.but(state=State.COMPLETED), group.completed),
        (late, group.overdue),
    ):
        _teller, ids = read_people(outline, viewer, question, at)
        assert len(ids) == number, (row, question)


def check_rows(outline: Outline, viewer: Staff, question: Question, at: datetime) -> Counter[str]:
    """Every row of all tables; returns which kinds of row there were."""
    found: Counter[str] = Counter()
    for by in BY:
        summary = read_summary(outline, viewer, question, at, by=by)
        page = CompletionPage(outline, viewer, question, summary, language="en")
        for row in page.rows():
            check_row(outline, viewer, row, at)
            found[by if row.group.key else f"no {by}"] += bool(row.group.population)
    return found


def settle(place: Place, at: datetime) -> None:
    """Learners of whom every kind of row has one, whatever happened before."""
    north = office_of(place, "north")
    within = office_of(place, "within north", parent=north)
    for number, office in enumerate((north, within, None)):
        person = make_membership(place.organization, make_user(f"settled-{number}"))
        put_into(place.first_cohort, person)
        if office:
            set_office(people=[person], office=office, actor=place.administrator, at=at)
    make_membership(place.organization, make_user("in-none"))


@pytest.mark.parametrize("seed", [3, 4, 5, 6])
def test_the_number_in_a_row_is_the_number_behind_its_link(world: World, seed: int) -> None:
    outline, short, _final = publish_course()
    place = world.harbour
    life = Life(seed, place, outline, short, AT + DAY)
    for step in range(80):
        life.live()
        if step % 10 == 9:
            life.renew()
    settle(place, life.at)
    boss = Staff(place.organization.pk)
    trainer = Staff(place.organization.pk, place.trainer.id, Role.TRAINER)
    cohort = place.first_cohort.id
    both = [Question(), Question(office=NONE), Question(cohort=cohort)]
    asked = {
        trainer: both,
        boss: [
            *both,
            Question(module="m1"),
            Question(cohort=NONE, module="m1"),
            Question(role=Role.TRAINER, cohort=NONE),
            Question(cohort=cohort, round="2"),
        ],
    }
    found: dict[Staff, Counter[str]] = {boss: Counter(), trainer: Counter()}
    for viewer, kinds in found.items():
        for question in asked[viewer]:
            kinds.update(check_rows(outline, viewer, question, life.at))
    rounds = read_summary(outline, boss, Question(), life.at, by="round").groups
    assert len(rounds) > 1, "no second round"
    assert min(found[boss][kind] for kind in (*BY, "no office", "no cohort")) > 0
    assert min(found[trainer][kind] for kind in (*BY, "no office")) > 0
    assert not found[trainer]["no cohort"], "a trainer reaches nobody who is in none of theirs"


# --- a small house, by hand -----------------------------------------------------------------------


@pytest.fixture
def house(world: World, small_course: Outline) -> World:
    """One learner with an office; one in no cohort, who has completed; the rest in between."""
    place = world.harbour
    office = office_of(place, "north")
    set_office(people=[place.learner], office=office, actor=place.administrator, at=AT)
    alone = make_membership(place.organization, make_user("alone", display_name="=canary alone"))
    complete(alone, at=AT)
    put_into(world.lighthouse.first_cohort, world.lighthouse.stranger)
    return world


def names(outline: Outline, viewer: Staff, question: Question) -> set[str]:
    return {one.name for one in lines(outline, viewer, question, AT + DAY)}


def test_in_none_means_none_on_that_day_and_says_who_is_left_out(
    house: World, small_course: Outline
) -> None:
    place, viewer = house.harbour, Staff(house.harbour.organization.pk)
    everybody = names(small_course, viewer, Question())
    without = names(small_course, viewer, Question(office=NONE))
    assert everybody - without == {"canaryharbour learner"}
    assert "=canary alone" in names(small_course, viewer, Question(cohort=NONE))
    assert "canaryharbour learner" not in names(small_course, viewer, Question(cohort=NONE))
    summary = read_summary(small_course, viewer, Question(office=NONE), AT + DAY)
    assert summary.left_out[Reason.HAS_OFFICE] == 1
    assert Reason.OTHER_OFFICE not in summary.left_out
    in_some = len(everybody) - len(names(small_course, viewer, Question(cohort=NONE)))
    summary = read_summary(small_course, viewer, Question(cohort=NONE), AT + DAY)
    assert summary.left_out[Reason.HAS_COHORT] == in_some > 0
    alone = Membership.objects.in_organization(place.organization).get(user__username="alone")
    put_into(place.first_cohort, alone)
    assert "=canary alone" not in names(small_course, viewer, Question(cohort=NONE))


def test_a_trainer_is_told_that_nobody_is_in_no_cohort_and_is_not_offered_it(house: World) -> None:
    client = house.client(TRAINER)
    page = client.get("/reports/?cohort=none").content.decode()
    assert "so nobody is in none of them" in page
    assert '<option value="none">In no cohort' not in page
    people = client.get("/reports/people/?cohort=none").content.decode()
    assert "alone" not in people
    assert "canaryharbour learner" in people
    # Nor can they have it sent, which would never come.
    sent = client.get("/reports/schedules/new/?cohort=none").content.decode()
    assert "It shows the whole report." in sent


def test_what_is_left_out_counts_for_the_rule_on_few_people(
    house: World, small_course: Outline
) -> None:
    """Skill of "no office" beside skill of all would give away the one person with an office."""
    viewer = Staff(house.harbour.organization.pk)
    for question in (Question(office=NONE), Question(cohort=NONE)):
        found = read_learning(small_course, viewer, question, AT + DAY)
        assert found.remainder > 0
        assert found.too_few_left


# --- everywhere the same --------------------------------------------------------------------------


def shown(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return unescape(answer.content.decode())


@pytest.mark.parametrize(
    ("by", "query", "row", "sentence"),
    [
        ("office", "office=none", "No office said", "Only people of whom no office is said."),
        ("cohort", "cohort=none", "In no cohort", "Only people in no cohort."),
    ],
)
def test_the_row_is_a_link_and_the_filter_is_on_the_page_and_in_the_list(
    house: World, by: str, query: str, row: str, sentence: str
) -> None:
    client = house.client(ADMINISTRATOR)
    address = "/reports/?office=none" if by == "office" else "/reports/?cohort=none&by=cohort"
    assert f'<a href="{address}">{row}</a>' in shown(client, f"/reports/?by={by}")
    page = shown(client, address)
    assert f'<option value="none" selected>{row}</option>' in page
    assert sentence in page
    assert f'<a href="{address}">{row}</a>' not in page, "a row that leads to where one is"
    people = shown(client, f"/reports/people/?{query}")
    assert sentence in people
    assert row in people
    assert "=canary alone" in people
    assert "canaryharbour learner" not in people
    assert sentence in shown(client, f"/reports/learning/?{query}")


def fresh(client: Client) -> Client:
    session = client.session
    note_proof(session, at=timezone.now())
    session.save()
    return client


def taken(client: Client, kind: str, query: str) -> bytes:
    answer = client.post(f"/reports/people/file/{kind}/?{query}")
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


@pytest.mark.parametrize("query", ["office=none", "cohort=none", "office=none&cohort=none"])
def test_every_file_the_console_and_programs_tell_of_the_same_people(
    house: World, small_course: Outline, tmp_path: Path, query: str
) -> None:
    place, viewer = house.harbour, Staff(house.harbour.organization.pk)
    question = question_from(dict(parse_qsl(query)), viewer)
    told = list(lines(small_course, viewer, question, timezone.now()))
    expected = [one.name for one in told]
    assert "=canary alone" in expected
    client = fresh(house.client(ADMINISTRATOR))
    read = json.loads(taken(client, "json", query))
    assert [one["name"] for one in read["rows"]] == expected
    rows = list(csv.reader(StringIO(taken(client, "csv", query).decode("utf-8-sig"))))
    assert [one[0].lstrip("'") for one in rows[1:]] == expected
    sheet = openpyxl.load_workbook(io.BytesIO(taken(client, "xlsx", query))).worksheets[0]
    assert [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)] == expected
    assert len(PdfReader(taken(client, "pdf", query)).rows()) == len(expected) + 1
    entry = AuditEntry.objects.in_organization(place.organization).filter(action="export.report")
    words = json.loads(entry.order_by("-sequence")[0].after)["filter"]
    assert "No office said" in words or "In no cohort" in words
    call_command(
        "report",
        "completion",
        organisation="harbour",
        output=tmp_path / "report.json",
        format="json",
        filter=query,
        stdout=StringIO(),
    )
    written = json.loads((tmp_path / "report.json").read_text())
    assert [one["name"] for one in written["rows"]] == expected
    assert api(place, f"completions?{query}")["data"] == sorted(
        [one for one in api(place, "completions")["data"] if one["name"] in expected],
        key=lambda one: one["id"],
    )
    assert api(place, f"summary?{query}")["population"] == len(expected)


def api(place: Place, address: str) -> Any:
    _token, secret = make_token(
        actor=place.administrator,
        name=f"program {address}",
        scopes=tuple(Scope),
        days=9,
        at=timezone.now(),
    )
    answer = Client().get(f"/api/v1/{address}", headers={"authorization": f"Bearer {secret}"})
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_a_question_about_none_can_be_kept_and_sent_regularly(house: World) -> None:
    client, place = house.client(ADMINISTRATOR), house.harbour
    query = "office=none&cohort=none"
    client.post("/reports/kept/", {"name": "Nowhere", "query": query})
    assert ReportView.objects.in_organization(place.organization).get().query == query
    assert f'href="/reports/?{query}"' in shown(client, "/reports/")
    way = f"/reports/schedules/new/?{query}"
    assert "No office said" in shown(client, way)
    values = {
        "name": "Numbers",
        "often": "monthly",
        "weekday": "0",
        "day": "1",
        "hour": "8",
        "people": [str(place.administrator.id)],
        "until": "",
    }
    made = client.post(way, values)
    assert ReportSchedule.objects.in_organization(place.organization).get().query == query
    assert "In no cohort" in shown(client, made.headers["Location"])


def test_pages_that_know_no_such_question_do_not_widen_it(house: World) -> None:
    """Items are asked about one cohort or all; the summary for funders about everybody."""
    client = house.client(ADMINISTRATOR)
    assert client.get("/reports/items/?cohort=none").status_code == 404
    address = f"/reports/donor/?as_of={QUARTER}"
    plain = shown(client, address)
    for query in ("&office=none", "&cohort=none", "&office=none&cohort=none"):
        assert shown(client, address + query).replace(query, "") == plain  # the way back holds it


def test_a_question_about_none_costs_the_same_for_any_number_of_people(
    house: World, small_course: Outline, queries: Any
) -> None:
    place, costs = house.harbour, []
    viewer, question = Staff(place.organization.pk), Question(office=NONE, cohort=NONE)
    read_summary(small_course, viewer, question, AT + DAY)
    for size in (3, 30):
        for number in range(size):
            make_membership(place.organization, make_user(f"more-{size}-{number}"))
        with queries() as counted:
            summary = read_summary(small_course, viewer, question, AT + DAY, by="cohort")
        assert summary.population >= size
        costs.append(counted[0])
    assert costs[0] == costs[1] <= 20
