"""Everything about oneself in one file: complete against the schema, and nobody else in it."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from django.db.models.fields.related import ForeignObject
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from course.models import AuditEntry, Membership, User
from course.recent import note_proof
from course.roles import Role
from course.services.audit import record_event
from course.services.members import change_role
from course.services.several import set_manager
from modules.reports.own.reading import (
    LEFT_OUT_OF_ACCOUNT,
    account_of,
    columns_of,
    plan_of,
    points_to_people,
)
from modules.reports.own.tables import (
    ABOUT_NOBODY,
    BY_HAND,
    ELSEWHERE,
    GROUP_ONLY,
    OWN,
    WITH_COHORTS,
    Own,
)
from modules.services.feeds import make_feed
from modules.services.noticing import Wishes, save_wishes
from quizzes.models import Evidence, Response
from quizzes.policy import Needs
from quizzes.services.accommodating import set_accommodation
from quizzes.services.commenting import add_comment, record_reading
from tests.modules.finishing import publish_course, take
from tests.personas import AT, BOTH, World

pytestmark = pytest.mark.django_db
FLOORS = ("course", "quizzes", "modules")


# --- complete against the schema ----------------------------------------------------------------


def tables() -> list[Any]:
    return [one for floor in FLOORS for one in apps.get_app_config(floor).get_models()]


def forgotten(specs: tuple[Own, ...]) -> list[str]:
    """What is in no list: tables, and columns that point to a person."""
    by: dict[str, set[str]] = {}
    for one in specs:
        by.setdefault(one.model._meta.label, set()).update(one.by)
    missing = []
    for model in tables():
        label, people = model._meta.label, points_to_people(model)
        if label in ABOUT_NOBODY:
            missing += [f"{label}.{column}" for column in people]
        elif label in by:
            known = by[label] | {
                name.rpartition(".")[2] for name in ELSEWHERE if name.startswith(f"{label}.")
            }
            missing += [f"{label}.{column}" for column in people - known]
        elif label not in BY_HAND:
            missing.append(label)
    return missing


def test_no_table_and_no_column_about_people_is_forgotten() -> None:
    assert forgotten(OWN) == [], "add a line to modules/reports/own/tables.py"
    assert len(tables()) > 50


def test_the_search_finds_what_is_forgotten() -> None:
    """A guard that could not fail would prove nothing: each line is missed when taken away."""
    assert points_to_people(AuditEntry) == {"actor_id"}
    assert points_to_people(Membership) == {"manager_id", "user_id"}
    for one in OWN:
        rest = tuple(other for other in OWN if other is not one)
        assert forgotten(rest) != [], one.name


def pointing_at(model: Any, labels: frozenset[str]) -> set[str]:
    """The columns of a table that point into one of these tables; `table.column`."""
    found = set()
    for one in model._meta.get_fields():
        if one.concrete or isinstance(one, ForeignObject):
            related = one.related_model
            if related is not None and related._meta.label in labels:
                names = [name for name in one.from_fields if name != "organization"]
                column = one.attname if names in ([], ["self"]) else names[-1]
                found.add(f"{model._meta.label}.{column}")
    return found


def test_what_hangs_on_something_of_a_person_is_theirs_too() -> None:
    """An answer hangs on an attempt, not on a person: such a table may not pass for nobody's."""
    personal = frozenset({one.model._meta.label for one in OWN} | BY_HAND.keys())
    hanging = {
        column
        for model in tables()
        if model._meta.label in ABOUT_NOBODY
        for column in pointing_at(model, personal)
    }
    assert hanging == {"quizzes.RoomAnswer.room_id"}
    assert hanging <= ELSEWHERE.keys()
    assert pointing_at(Response, frozenset({"quizzes.Attempt"})) == {"quizzes.Response.attempt_id"}


def test_what_is_said_of_a_cohort_is_told_or_says_nothing_of_its_people() -> None:
    pointing = {
        column for model in tables() for column in pointing_at(model, frozenset({"course.Cohort"}))
    }
    told = {f"{one.model._meta.label}.{column}" for one in WITH_COHORTS for column in one.by}
    assert pointing == told | GROUP_ONLY.keys(), "add a line to modules/reports/own/tables.py"
    assert not told & GROUP_ONLY.keys()
    assert "quizzes.Assignment.cohort_id" in told


def test_every_tenant_table_is_in_or_out_with_a_reason() -> None:
    """Each table stands in exactly one list, whatever it is about."""
    own = {one.model._meta.label for one in (*OWN, *WITH_COHORTS)}
    for model in tables():
        label = model._meta.label
        places = [label in own, label in BY_HAND, label in ABOUT_NOBODY]
        assert sum(places) == 1, label
        assert label in own or (BY_HAND | ABOUT_NOBODY)[label].strip(), label


def test_lists_do_not_name_what_is_gone() -> None:
    labels = {one._meta.label for one in tables()}
    assert (ABOUT_NOBODY.keys() | BY_HAND.keys()) <= labels
    for name in (*ELSEWHERE, *GROUP_ONLY):
        label, _dot, column = name.rpartition(".")
        assert label in labels
        assert column in columns_of(apps.get_model(label)), name
    names = [one.name for one in (*OWN, *WITH_COHORTS)]
    assert len(names) == len(set(names))
    for one in (*OWN, *WITH_COHORTS):
        columns = set(columns_of(one.model))
        assert set(one.without) <= columns, one.name


def test_every_column_is_taken_out_or_held_back_with_a_reason() -> None:
    for one in (*OWN, *WITH_COHORTS):
        asked = {lookup.partition("__")[0] for lookup in plan_of(one).asked.values()}
        for column in set(columns_of(one.model)) - one.without.keys():
            assert {column, column.removesuffix("_id")} & asked, f"{one.name}.{column}"
        assert all(reason for reason in one.without.values())


def test_the_account_is_complete(world: World) -> None:
    renamed = {"username": "sign_in_name", "display_name": "name_to_show"}
    told = account_of(world.users["learner"]).keys()
    for column in User._meta.concrete_fields:
        name = renamed.get(column.attname, column.attname)
        assert name in told or column.attname in LEFT_OUT_OF_ACCOUNT, column.attname


# --- the file -----------------------------------------------------------------------------------


def proved(client: Client) -> Client:
    session = client.session
    note_proof(session, at=timezone.now())
    session.save()
    return client


def take_out(client: Client) -> zipfile.ZipFile:
    answer: Any = proved(client).post(reverse("modules:my_data_file"))
    assert answer.status_code == 200
    assert answer["Content-Disposition"] == 'attachment; filename="my-data.zip"'
    assert answer["Cache-Control"] == "no-store"
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert archive.testzip() is None
    return archive


def everything(archive: zipfile.ZipFile) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(archive.read("everything.json"))
    return found


@pytest.fixture
def lived(world: World) -> World:
    """The learner answered, got a note, was looked at, led, and has needs; so did the stranger."""
    _outline, short, _final = publish_course()
    place = world.harbour
    for person in (place.learner, place.stranger):
        attempt = take(person, short, at=AT)
        words = f"A note for {person.user.username}."
        add_comment(attempt=attempt, position=None, author=place.trainer, text=words, at=AT)
        record_reading(attempt=attempt, actor=place.trainer, at=AT)
        set_accommodation(
            membership=person, actor=place.administrator, needs=Needs(extra_time=50), at=AT
        )
        save_wishes(membership=person, wishes=Wishes(mail=False), at=AT)
        make_feed(membership=person, at=AT)
    set_manager(people=[place.learner], manager=place.trainer, actor=place.administrator, at=AT)
    change_role(
        membership=place.stranger,
        role=Role.TRAINER,
        actor=place.administrator,
        reason="because stranger-reason",
        at=AT,
    )
    return world


def test_what_somebody_did_is_all_there(lived: World) -> None:
    learner = lived.harbour.learner
    archive = take_out(lived.client("learner"))
    found = everything(archive)
    assert found["account"]["sign_in_name"] == "harbour-learner"
    (place,) = found["places"]
    held = place["tables"]
    answers = Response.objects.in_organization(learner.organization_id)
    mine = answers.filter(attempt__membership_id=learner.id)
    assert len(held["response"]) == mine.count() > 0
    assert held["response"][0]["answer"] == mine.order_by("id")[0].answer
    assert len(held["evidence"]) == Evidence.objects.of_person(learner).count() > 0
    assert any(row["confidence"] is not None for row in held["evidence"])
    assert held["evidence"][0]["item_version"]
    assert held["attempt"][0]["quiz"]
    assert held["comment"][0]["text"] == "A note for harbour-learner."
    assert held["comment"][0]["author_id"] == "somebody else"
    assert held["membership"][0]["manager_id"] == "somebody else"
    assert held["accommodation"][0]["extra_time"] == 50
    assert held["cohortmember"][0]["cohort"] == "canaryharbour first"
    assert {"placement", "cohortstay", "notice_preference".replace("_", "")} <= held.keys()
    assert "code_hash" not in held["calendarfeed"][0]
    told = {row["action"]: row for row in held["record"]}
    assert {"answers.read", "attempt.note", "membership.manager", "person.accommodation"} <= set(
        told
    )
    assert told["answers.read"]["who"] == "somebody else"
    assert told["answers.read"]["about"] == "me"
    assert told["membership.manager"]["after"] == {"manager": "somebody else"}


def holding(place: Membership) -> dict[str, set[str]]:
    """Table -> ids of all rows that hold the id of this place, or of such a row, in any column.

    Found by looking at every value of every row, so without the lists that are tested.
    """
    models = [one for one in tables() if "organization" in {f.name for f in one._meta.fields}]
    rows = [
        (model, values)
        for model in models
        for values in model._base_manager.filter(organization_id=place.organization_id).values(
            "id",
            *[one for one in columns_of(model) if f"{model._meta.label}.{one}" not in ELSEWHERE],
        )
        if model is not AuditEntry
    ]
    known, found = {str(place.id)}, dict[str, set[str]]()
    while True:
        before = len(known)
        for model, values in rows:
            if any(str(value) in known for value in values.values()):
                found.setdefault(model._meta.label, set()).add(str(values["id"]))
                known.add(str(values["id"]))
        if len(known) == before:
            return found


def test_every_row_that_holds_ones_id_is_in_the_file(lived: World) -> None:
    learner = lived.harbour.learner
    (place,) = everything(take_out(lived.client("learner")))["places"]
    told: dict[str, set[str]] = {}
    for one in OWN:
        ids = {str(row["id"]) for row in place["tables"].get(one.name, ())}
        told.setdefault(one.model._meta.label, set()).update(ids - {"me"})
    found = holding(learner)
    assert len(found) > 10
    for label, ids in found.items():
        assert told[label] == ids, label
    assert sum(map(len, told.values())) == sum(map(len, found.values()))


def test_the_tables_and_the_page_hold_the_same(lived: World) -> None:
    archive = take_out(lived.client("learner"))
    held = everything(archive)["places"][0]["tables"]
    files = {name for name in archive.namelist() if name.endswith(".csv")}
    assert files == {f"harbour/{name}.csv" for name in held}
    for name, rows in held.items():
        text = archive.read(f"harbour/{name}.csv").decode("utf-8-sig")
        lines = list(csv.reader(io.StringIO(text)))
        assert lines[0] == list(rows[0])
        assert len(lines) == len(rows) + 1
    page = archive.read("read-me.html").decode()
    assert "harbour-learner" in page
    assert all(f'href="{name}"' in page for name in files)


@pytest.mark.parametrize("persona", ["learner", "trainer", "administrator"])
def test_nobody_else_is_in_it(persona: str, lived: World) -> None:
    """Neither a name nor an id nor a word written to or about others."""
    place = lived.harbour
    archive = take_out(lived.client(persona))
    text = b"\n".join(archive.read(name) for name in archive.namelist()).decode()
    me = getattr(place, persona)
    everybody = [*Membership.objects.in_organization(place.organization).select_related("user")]
    for other in everybody:
        if other.id != me.id:
            for word in (other.user.username, other.user.shown_name, str(other.id)):
                assert word not in text, word
    assert lived.lighthouse.canary not in text
    if persona != "learner":
        assert "A note for" not in text
        assert "stranger-reason" not in text


def test_both_organisations_each_with_its_own(world: World) -> None:
    archive = take_out(world.client(BOTH))
    found = everything(archive)
    assert [one["organisation"]["key"] for one in found["places"]] == ["harbour", "lighthouse"]
    roles = [one["tables"]["membership"][0]["role"] for one in found["places"]]
    assert roles == ["learner", "administrator"]


def test_reasons_written_about_somebody_are_theirs(world: World) -> None:
    place = world.harbour
    with transaction.atomic():
        record_event(
            organization=place.organization,
            actor=place.administrator,
            action="membership.role",
            subject=f"membership:{place.learner.id}",
            reason="for the night shift",
            at=AT,
        )
    (mine,) = everything(take_out(world.client("learner")))["places"]
    assert mine["tables"]["record"][0]["reason"] == "for the night shift"


def test_it_needs_a_fresh_proof_and_is_recorded(world: World) -> None:
    client = world.client("learner")
    assert client.post(reverse("modules:my_data_file")).status_code == 403
    take_out(client)
    entry = AuditEntry.objects.in_organization(world.harbour.organization).latest("sequence")
    assert (entry.action, entry.actor_id) == ("account.data", world.harbour.learner.id)


def test_the_page_is_in_the_language_of_the_person(world: World) -> None:
    User.objects.filter(pk=world.users["learner"].pk).update(language="ms")
    archive = take_out(world.client("learner"))
    assert '<html lang="ms">' in archive.read("read-me.html").decode()
