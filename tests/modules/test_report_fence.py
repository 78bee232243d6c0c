"""Another organisation's numbers cannot be reached through any page, file or door of the reports.

The addresses are taken from the site itself and the parameters from the code, so that a page or a
filter of tomorrow is knocked at without a change here. Three proofs:

- Words: nothing that comes out holds a canary word of the other organisation.
- Bytes: an id of the other organisation is answered exactly like an id of nothing. So no number
  comes out either, whatever it is.
- Size: while the other organisation grows tenfold, every page asks as many questions, reads as
  many rows and says the same.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from datetime import UTC, datetime
from functools import cache
from itertools import islice, product
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.db import connections, transaction
from django.db.backends.utils import CursorWrapper
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, reverse

from course.models import Membership
from course.recent import note_proof
from modules.outline import Outline
from tests.access_table import furnish
from tests.course.test_access_table import routes
from tests.modules.funding import QUARTER, finish, furnish_offices, settle
from tests.personas import ADMINISTRATOR, OUTSIDER, TRAINER, Place, World

pytestmark = pytest.mark.django_db

FOLDERS = ("modules/views/reports", "modules/reports", "modules/report_forms.py")
READS = re.compile(
    r"""(?:GET|POST|data|params|query)(?:\.get\(|\.getlist\(|\[)\s*["']([a-z_]+)["']"""
)
# What is read off an address today; the code is searched for more.
KNOWN = frozenset({"as_of", "office", "cohort", "role", "module", "round", "only", "by", "page"})
WORDS = ("csv", "xlsx", "pdf", "json", "people", "groups", "offices", "modules", "tests", "m1")
REFUSALS = frozenset({302, 303, 400, 401, 403, 404, 405, 406, 409, 410, 415, 422, 429})


# --- what there is to knock at --------------------------------------------------------------------


def report_routes() -> list[tuple[str, URLPattern]]:
    """Every page, file and door of the reports."""
    found = []
    for name, pattern in routes():
        address = str(pattern.pattern)
        if address.startswith(("reports/", "api/", "stop/report/")) or ":report" in name:
            found.append((name, pattern))
    return found


@cache
def parameters() -> tuple[str, ...]:
    """The names of everything that the code of the reports reads off an address or a form."""
    names = set(KNOWN)
    for folder in FOLDERS:
        path = Path(settings.BASE_DIR) / folder
        for file in path.rglob("*.py") if path.is_dir() else [path]:
            names |= set(READS.findall(file.read_text()))
    return tuple(sorted(names))


def methods_of(pattern: URLPattern) -> tuple[str, ...]:
    rule = getattr(pattern.callback, "kenali_rule", None)
    return tuple(rule.methods) if rule else ("GET",)


def addresses(name: str, pattern: URLPattern, ids: Sequence[UUID], most: int = 40) -> list[str]:
    """The route with these ids in it; words of all kinds where it takes words."""
    choices: list[list[Any]] = []
    for converter in pattern.pattern.converters.values():
        kind = type(converter).__name__
        if kind == "UUIDConverter":
            choices.append(list(ids))
        elif kind == "IntConverter":
            choices.append([1, 999_999])
        else:
            choices.append([*WORDS, str(ids[0])])
    keys = list(pattern.pattern.converters)
    return [
        reverse(name, kwargs=dict(zip(keys, values, strict=True)))
        for values in islice(product(*choices), most)
    ]


def disguises(one: UUID) -> list[str]:
    """The id as somebody might write it who looks for a hole."""
    text = str(one)
    wide = text.translate({ord(sign): ord(sign) + 0xFEE0 for sign in "0123456789abcdef"})
    return [
        text,
        text.upper(),
        one.hex,
        f"{{{text}}}",
        f"urn:uuid:{text}",
        wide,  # full-width digits and letters
        f" {text}\t",
        f"{text}\u200b",
        f"{text}\x00",
        f"{text}' OR 1=1 --",
        f'["{text}"]',
        f"{text},{text}",
    ]


DAYS = (
    "0001-01-01",
    "1999-12-31",
    "9999-12-31",
    "2026-09-30T23:59:59+14:00",
    "２０２６-09-30",
    "2026-W40-3",
    "20260930",
    "-1",
    "NaN",
    "",
)


# --- the world ------------------------------------------------------------------------------------


@pytest.fixture
def fenced(world: World, small_course: Outline) -> World:
    """Both organisations with everything that addresses may point to, and learners in offices."""
    furnish(world)
    for place, counts in (
        (world.harbour, {"north": (9, 8)}),
        (world.lighthouse, {"south": (13, 6)}),
    ):
        for name, office in furnish_offices(place, counts).items():
            place.ids[f"office {name}"] = office
    return world


def proved(world: World, persona: str) -> Client:
    """Somebody who showed their passphrase a moment ago: files come out without a question."""
    client = world.client(persona)
    session = client.session
    note_proof(session, at=datetime.now(UTC))
    session.save()
    return client


def body_of(answer: Any) -> bytes:
    if getattr(answer, "streaming", False):
        return b"".join(answer.streaming_content)
    return bytes(answer.content)


def knock(client: Client, method: str, address: str, data: Any) -> tuple[int, str]:
    """The answer with its headers as text; whatever was written is taken back."""
    cookies = deepcopy(client.cookies)  # a message of one answer must not show on the next page
    with transaction.atomic():
        if method == "GET":
            answer: HttpResponse = client.get(address, data)
        elif "?" in address or not isinstance(data, dict):
            answer = client.post(address, data)
        else:
            # Filters of a file stand in its address, those of a form in its body: both are tried.
            from urllib.parse import urlencode

            answer = client.post(f"{address}?{urlencode(data, doseq=True)}", data)
        text = body_of(answer).decode("latin-1") + str(answer.headers)
        transaction.set_rollback(True)
    client.cookies = cookies
    return answer.status_code, text


def canaries(place: Place) -> list[str]:
    """The word of an organisation, as it could come out."""
    return [place.canary, place.canary.upper(), place.canary.encode().hex()]


def other_ids(place: Place) -> list[UUID]:
    return sorted(set(place.ids.values()), key=str)


SIDES = ((ADMINISTRATOR, "harbour", "lighthouse"), (OUTSIDER, "lighthouse", "harbour"))


# --- words ----------------------------------------------------------------------------------------


def test_there_is_something_to_knock_at() -> None:
    """The guard of this file: it finds the pages, files and parameters that are known to exist."""
    names = {name for name, _pattern in report_routes()}
    assert {"modules:report", "modules:report_people", "modules:report_donor_file"} <= names
    assert {"office", "cohort", "as_of"} <= set(parameters())
    assert len(names) >= 12


@pytest.mark.slow
@pytest.mark.parametrize(("persona", "_own", "victim"), SIDES)
def test_no_word_of_the_other_organisation_comes_out_by_an_address(
    fenced: World, persona: str, _own: str, victim: str
) -> None:
    place: Place = getattr(fenced, victim)
    client = proved(fenced, persona)
    for name, pattern in report_routes():
        if not pattern.pattern.converters:
            continue
        for method in methods_of(pattern):
            for address in addresses(name, pattern, other_ids(place)):
                query = {"as_of": QUARTER.isoformat()}
                status, text = knock(client, method, address, query)
                assert status < 500, (method, address)
                for word in canaries(place):
                    assert word not in text, (method, address, word)


@pytest.mark.slow
@pytest.mark.parametrize(("persona", "_own", "victim"), SIDES)
def test_no_word_of_the_other_organisation_comes_out_by_a_parameter(
    fenced: World, persona: str, _own: str, victim: str
) -> None:
    place: Place = getattr(fenced, victim)
    client = proved(fenced, persona)
    values = [str(one) for one in other_ids(place)]
    for name, method, address in own_addresses(fenced, getattr(fenced, _own)):
        for parameter in parameters():
            for data in ({parameter: values}, {f"{parameter}[]": values}):
                status, text = knock(client, method, address, data)
                assert status == 200 or status in REFUSALS, (name, data)
                for word in canaries(place):
                    assert word not in text, (name, data)


def own_addresses(world: World, place: Place) -> Iterator[tuple[str, str, str]]:
    """(route, method, address) of every page of the reports, with an id of one's own if any."""
    for name, pattern in report_routes():
        for method in methods_of(pattern):
            for address in addresses(name, pattern, other_ids(place), most=1):
                yield name, method, address


@pytest.mark.slow
def test_no_disguise_of_an_id_and_no_odd_day_opens_anything(fenced: World) -> None:
    place = fenced.lighthouse
    client, trainer = proved(fenced, ADMINISTRATOR), proved(fenced, TRAINER)
    ids = {
        "office": place.ids["office south"],
        "cohort": place.ids["cohort"],
        "view": place.ids.get("report_view", uuid4()),
    }
    pages = [
        (method, address)
        for _name, method, address in own_addresses(fenced, fenced.harbour)
        if "/kept/" not in address
    ]
    for method, address in pages:
        for parameter, one in ids.items():
            for disguise in disguises(one):
                for who in (client, trainer):
                    status, text = knock(who, method, address, {parameter: disguise})
                    assert status == 200 or status in REFUSALS, (address, disguise)
                    assert place.canary not in text, (address, disguise)
        for day in DAYS:
            status, text = knock(client, method, address, {"as_of": day})
            assert status == 200 or status in REFUSALS, (address, day)
            assert place.canary not in text


# --- bytes ----------------------------------------------------------------------------------------


def without_noise(text: str, ids: Sequence[UUID]) -> str:
    """Without what differs at each answer: the token, the id that was asked, times and lengths."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", text)
    text = re.sub(r'<div class="messages".*?</div>', "", text, flags=re.DOTALL)
    text = re.sub(r"'(?:Content-Length|Server-Timing|X-Request-Id|Set-Cookie)': '[^']*'", "", text)
    text = re.sub(r"\b\d\d:\d\d(?::\d\d(?:\.\d+)?)?\b", "TIME", text)
    for one in ids:
        text = text.replace(str(one), "ID").replace(one.hex, "ID")
    return text


@pytest.mark.slow
@pytest.mark.parametrize("persona", [ADMINISTRATOR, TRAINER])
def test_an_id_of_the_other_organisation_is_answered_like_an_id_of_nothing(
    fenced: World, persona: str
) -> None:
    client, place = proved(fenced, persona), fenced.lighthouse
    nothing = uuid4()
    for name, method, address in own_addresses(fenced, fenced.harbour):
        for parameter, one in product(
            parameters(), (place.ids["office south"], place.ids["cohort"])
        ):
            foreign = knock(client, method, address, {parameter: str(one)})
            absent = knock(client, method, address, {parameter: str(nothing)})
            assert foreign[0] == absent[0], (name, parameter)
            assert without_noise(foreign[1], [one]) == without_noise(absent[1], [nothing]), (
                name,
                parameter,
            )


# --- size -----------------------------------------------------------------------------------------


@contextmanager
def rows_read() -> Iterator[Counter[str]]:
    """Counts the rows that come out of the database, by whatever way they are fetched."""
    counted: Counter[str] = Counter()
    plain = CursorWrapper.__getattr__

    def counting(self: CursorWrapper, name: str) -> Any:
        found = plain(self, name)
        if name not in {"fetchone", "fetchmany", "fetchall"}:
            return found

        def fetch(*args: Any, **kwargs: Any) -> Any:
            rows = found(*args, **kwargs)
            counted["rows"] += (rows is not None) if name == "fetchone" else len(rows)
            return rows

        return fetch

    CursorWrapper.__getattr__ = counting  # type: ignore[method-assign]
    try:
        yield counted
    finally:
        CursorWrapper.__getattr__ = plain  # type: ignore[method-assign]


def cost_of(client: Client, address: str) -> tuple[int, int, int, str]:
    """(status, statements, rows, words) of one look at a page."""
    captured = [CaptureQueriesContext(connections[alias]) for alias in connections]
    with captured[0], captured[-1], rows_read() as rows:
        answer = client.get(address, {"as_of": QUARTER.isoformat()})
        text = body_of(answer).decode("latin-1")
    statements = sum(len(one) for one in {id(one): one for one in captured}.values())
    return answer.status_code, statements, rows["rows"], without_noise(text, [])


@pytest.mark.slow
def test_nothing_grows_with_the_other_organisation(fenced: World) -> None:
    client = proved(fenced, ADMINISTRATOR)
    pages = sorted(
        {
            address
            for _n, method, address in own_addresses(fenced, fenced.harbour)
            if method == "GET"
        }
    )
    for address in pages:
        client.get(address, {"as_of": QUARTER.isoformat()})  # what a process keeps
    before = {address: cost_of(client, address) for address in pages}
    assert any(status == 200 and rows > 0 for status, _statements, rows, _text in before.values())
    other = fenced.lighthouse
    for number in range(10):
        people = settle(other, None, 20, word=f"grown{number}")
        finish(people[:11], keys=("m1",))
    furnish_offices(other, {f"grown {number}": (7, 7) for number in range(5)})
    after = {address: cost_of(client, address) for address in pages}
    for address in pages:
        assert after[address][:3] == before[address][:3], address
        assert after[address][3] == before[address][3], address


def test_the_counter_of_rows_counts(fenced: World) -> None:
    """The guard of the test above."""
    rows = Membership.objects.in_organization(fenced.harbour.organization.pk)
    with rows_read() as counted:
        number = len(list(rows))
    assert counted["rows"] == number > 15


@pytest.mark.slow
@pytest.mark.sqlite
def test_no_statement_of_a_report_walks_over_a_table_of_all_organisations(fenced: World) -> None:
    """Every plan finds its rows by an index; a walk over everybody's grows with the others."""
    client = proved(fenced, ADMINISTRATOR)
    walks: set[tuple[str, str]] = set()
    for _name, method, address in own_addresses(fenced, fenced.harbour):
        if method != "GET":
            continue
        connection = connections["default"]
        with CaptureQueriesContext(connection) as captured:
            client.get(address, {"as_of": QUARTER.isoformat()})
        for query in captured.captured_queries:
            if query["sql"].startswith("SELECT"):
                walks |= {(address, table) for table in walked_over(connection, query["sql"])}
    assert walks == set()


def walked_over(connection: Any, sql: str) -> set[str]:
    """The tables with an organisation that this statement reads from beginning to end."""
    with connection.cursor() as cursor:
        try:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        except Exception:  # noqa: BLE001 -- quoting of the log is not quite SQL; that one is passed over
            return set()
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
