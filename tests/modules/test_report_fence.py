"""Another organisation's numbers cannot be reached through any page, file or door of the reports.

What is knocked at is found in the code (tests/modules/fencing.py). Four proofs:

- Words: nothing that comes out holds a canary word of the other organisation.
- Bytes: an id of the other organisation is answered exactly like an id of nothing. So no number
  comes out either, whatever it is.
- Statements: the database is asked the same for both, word for word. So the time that an answer
  takes does not tell either.
- Size: while the other organisation grows tenfold, every page asks the same, reads as many rows and
  says the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from typing import Any
from urllib.parse import parse_qs
from uuid import uuid4

import pytest
import time_machine
from django.db import connections
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from course.models import Membership
from tests.modules.fencing import (
    COMPANIONS,
    DAYS,
    NESTED,
    REFUSALS,
    Visitor,
    addresses,
    canaries,
    cost_of,
    disguises,
    furnish_both,
    grow,
    methods_of,
    names_read,
    other_ids,
    own_addresses,
    parameters,
    proved,
    questions,
    report_routes,
    rows_read,
    seen_to_read,
    statements,
)
from tests.modules.funding import QUARTER
from tests.personas import ADMINISTRATOR, AT, OUTSIDER, TRAINER, Place, World

pytestmark = pytest.mark.django_db
NOW = AT + timedelta(days=1)

IDS = frozenset({"office", "cohort", "view", "person", "people", "about", "within"})

SIDES = ((ADMINISTRATOR, "harbour", "lighthouse"), (OUTSIDER, "lighthouse", "harbour"))


@pytest.fixture(autouse=True)
def _at_one_moment() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def fenced(world: World) -> World:
    """Both organisations with everything that addresses may point to."""
    return furnish_both(world)


def pages(visitor: Visitor, place: Place) -> Iterator[tuple[str, str, str, frozenset[str]]]:
    """(route, method, address, what it reads) of every page, with an id of one's own if any."""
    for name, method, address in own_addresses(visitor, place):
        yield name, method, address, seen_to_read(visitor, name, method, address)


# --- the guards of this file ----------------------------------------------------------------------


def test_there_is_something_to_knock_at(fenced: World) -> None:
    """It finds the pages, files and parameters that are known to exist."""
    names = {name for name, _pattern in report_routes()}
    assert {"modules:report", "modules:report_people", "modules:report_donor_file"} <= names
    assert {"modules:record_file", "modules:tokens", "modules:api_summary"} <= names
    assert {"office", "cohort", "as_of"} <= parameters()
    assert len(names) >= 20
    assert names >= COMPANIONS.keys()
    found = pages(proved(fenced, ADMINISTRATOR), fenced.harbour)
    read = {(name, method): names for name, method, _address, names in found}
    assert {"office", "cohort", "as_of", "module"} <= read["modules:report", "GET"]
    assert {"office", "cohort"} <= read["modules:report_file", "POST"]
    assert {"people", "office"} <= read["modules:report_schedule_new", "POST"]
    assert {"do", "person"} <= read["modules:report_renewals", "POST"]
    assert {NESTED, "name"} <= read["modules:report_keep", "POST"]
    assert "about" in read["modules:record_file", "POST"]


def test_the_spy_on_addresses_sees_every_way_of_looking_up() -> None:
    data = QueryDict("a=1&b=2")
    with names_read() as names:
        assert (data["a"], data.get("b"), data.getlist("c"), "d" in data) == ("1", "2", [], False)
    assert names == {"a", "b", "c", "d"}
    data.get("e")
    assert "e" not in names


def test_the_counters_count(fenced: World) -> None:
    rows = Membership.objects.in_organization(fenced.harbour.organization.pk)
    with rows_read() as counted, statements() as asked:
        number = len(list(rows.filter(id__in=[uuid4(), *rows.values_list("id", flat=True)])))
    assert counted["rows"] == number * 2 > 30
    assert len(asked) == 2
    assert str(fenced.harbour.organization.pk.hex) not in asked[0]


# --- words ----------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(("persona", "_own", "victim"), SIDES)
def test_no_word_of_the_other_organisation_comes_out_by_an_address(
    fenced: World, persona: str, _own: str, victim: str
) -> None:
    place: Place = getattr(fenced, victim)
    visitor = proved(fenced, persona)
    for name, pattern in report_routes():
        if not pattern.pattern.converters:
            continue
        for method in methods_of(pattern):
            for address in addresses(name, pattern, other_ids(place)):
                answer = visitor.knock(method, address, {"as_of": QUARTER.isoformat()})
                assert answer.status < 500, (method, address)
                for word in canaries(place):
                    assert word not in answer.text, (method, address, word)


@pytest.mark.slow
@pytest.mark.parametrize(("persona", "own", "victim"), SIDES)
def test_no_word_of_the_other_organisation_comes_out_by_a_parameter(
    fenced: World, persona: str, own: str, victim: str
) -> None:
    place: Place = getattr(fenced, victim)
    visitor = proved(fenced, persona)
    values = [str(one) for one in other_ids(place)]
    for name, method, address, read in pages(visitor, getattr(fenced, own)):
        for data in questions(read, values):
            answer = visitor.knock(method, address, {**COMPANIONS.get(name, {}), **data})
            assert answer.status == 200 or answer.status in REFUSALS, (name, data)
            for word in canaries(place):
                assert word not in answer.text, (name, data)


@pytest.mark.slow
def test_no_disguise_of_an_id_and_no_odd_day_opens_anything(fenced: World) -> None:
    """At every parameter that a page reads of those which take ids."""
    place = fenced.lighthouse
    ids = {
        "office": place.ids["office south"],
        "cohort": place.ids["cohort"],
        "view": place.ids["report_view"],
        "person": place.learner.id,
        "people": place.administrator.id,
        "about": place.learner.id,
    }
    for persona in (ADMINISTRATOR, TRAINER):
        visitor = proved(fenced, persona)
        for name, method, address, read in pages(visitor, fenced.harbour):
            rest = COMPANIONS.get(name, {})
            days = [{"as_of": day} for day in DAYS if "as_of" in read]
            asked = [
                {parameter: disguise}
                for parameter in sorted(read & ids.keys())
                for disguise in disguises(ids[parameter])
            ]
            for data in asked + days:
                answer = visitor.knock(method, address, {**rest, **data})
                assert answer.status == 200 or answer.status in REFUSALS, (address, data)
                assert place.canary not in answer.text, (address, data)


# --- bytes and statements -------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("persona", [ADMINISTRATOR, TRAINER])
def test_an_id_of_the_other_organisation_is_answered_like_an_id_of_nothing(
    fenced: World, persona: str
) -> None:
    """The same bytes after the same statements. For a trainer, what is out of reach is the same."""
    visitor, nothing = proved(fenced, persona), uuid4()
    other, own = fenced.lighthouse, fenced.harbour
    for name, method, address, read in pages(visitor, own):
        rest = COMPANIONS.get(name, {})
        for data in questions(read, str(nothing)):
            absent = visitor.knock(method, address, {**rest, **data})
            # What takes an id is asked with one of each kind, the rest with one.
            hidden = [other.ids["cohort"]]
            if IDS & {*data, *(parse_qs(data[NESTED]) if NESTED in data else ())}:
                hidden += [other.ids["office south"], other.learner.id]
                if persona == TRAINER and "cohort" in str(data):
                    hidden.append(own.second_cohort.id)
            for one in hidden:
                same = {key: value.replace(str(nothing), str(one)) for key, value in data.items()}
                found = visitor.knock(method, address, {**rest, **same})
                # The address of the page may hold one of these ids itself.
                ids = (nothing, one)
                assert found.plain(*ids) == absent.plain(*ids), (name, same)


@pytest.mark.slow
@pytest.mark.parametrize("persona", [ADMINISTRATOR, TRAINER])
def test_an_address_of_the_other_organisation_is_answered_like_one_of_nothing(
    fenced: World, persona: str
) -> None:
    visitor, nothing = proved(fenced, persona), uuid4()
    seen = 0
    for name, pattern in report_routes():
        kinds = {type(one).__name__ for one in pattern.pattern.converters.values()}
        if "UUIDConverter" not in kinds:
            continue
        data = COMPANIONS.get(name, {})
        for method in methods_of(pattern):
            (address,) = addresses(name, pattern, [nothing])
            absent = visitor.knock(method, address, data).plain(nothing)
            assert absent[0] in {403, 404}
            for one in other_ids(fenced.lighthouse):
                (address,) = addresses(name, pattern, [one])
                assert visitor.knock(method, address, data).plain(one) == absent, address
                seen += 1
    assert seen > 50


# --- size -----------------------------------------------------------------------------------------


@pytest.mark.slow
def test_nothing_grows_with_the_other_organisation(fenced: World) -> None:
    visitor = proved(fenced, ADMINISTRATOR)
    found = sorted({one[2] for one in own_addresses(visitor, fenced.harbour) if one[1] == "GET"})
    for address in found:
        cost_of(visitor, address)  # what a process keeps
    before = {address: cost_of(visitor, address) for address in found}
    assert sum(status == 200 and rows > 5 for status, _asked, rows, _text in before.values()) > 5
    grow(fenced.lighthouse)
    for address in found:
        assert cost_of(visitor, address) == before[address], address


@pytest.mark.slow
@pytest.mark.sqlite
def test_no_statement_of_a_report_walks_over_a_table_of_all_organisations(fenced: World) -> None:
    """Every plan finds its rows by an index; a walk over everybody's grows with the others."""
    visitor = proved(fenced, ADMINISTRATOR)
    walks: set[tuple[str, str]] = set()
    planned = 0
    for _name, method, address in own_addresses(visitor, fenced.harbour):
        if method != "GET":
            continue
        connection = connections["default"]
        with CaptureQueriesContext(connection) as captured:
            visitor.client.get(address, {"as_of": QUARTER.isoformat()})
        for query in captured.captured_queries:
            if query["sql"].startswith("SELECT"):
                walked = walked_over(connection, query["sql"])
                planned += walked is not None
                walks |= {(address, table) for table in walked or ()}
    assert walks == set()
    assert planned > 100


def walked_over(connection: Any, sql: str) -> set[str] | None:
    """The tables with an organisation that this statement reads from beginning to end."""
    with connection.cursor() as cursor:
        try:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        except Exception:  # noqa: BLE001 -- the quoting of the log is not quite SQL; that one is passed over
            return None
        plan = [str(row[3]) for row in cursor.fetchall()]
    scanned = {step.split()[1] for step in plan if step.startswith("SCAN ") and "USING" not in step}
    return scanned & tenant_tables()


@cache
def tenant_tables() -> frozenset[str]:
    from django.apps import apps

    return frozenset(
        model._meta.db_table
        for model in apps.get_models()
        if any(field.name == "organization" for field in model._meta.fields)
    )
