"""What other programs may read: the same as the report, with a key, within limits, never a 500."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from course.models import AuditEntry, Membership, Office, ThrottleCounter
from course.services import Refused
from course.services.throttle import hash_secret
from modules.models import ApiToken
from modules.models.tokens import KEY_PURPOSE
from modules.outline import Outline
from modules.reports.asking import Question
from modules.reports.completion import BY, Staff, read_summary
from modules.reports.lines import lines
from modules.reports.openapi import COMPLETIONS_PARAMETERS, SCHEMAS, SUMMARY_PARAMETERS, document
from modules.reports.outside import Cursor, cursor_from, line_values, read_page, summary_values
from modules.reports.states import State
from modules.scopes import Scope
from modules.services import tokens
from modules.services.tokens import MOST_TOKENS, find_token, make_token, revoke_token
from tests.modules.finishing import publish_course
from tests.modules.keeping import complete
from tests.modules.living import Life
from tests.modules.schemas import faults
from tests.personas import AT, Place, World, make_membership, make_user, put_into

pytestmark = pytest.mark.django_db

Queries = Callable[[], AbstractContextManager[list[int]]]
COMPLETIONS, SUMMARY = "/api/v1/completions", "/api/v1/summary"
DAY = timedelta(days=1)
NOW = AT + 40 * DAY


@pytest.fixture(autouse=True)
def _at_one_moment() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def key_of(place: Place, *scopes: Scope, days: int = 90, at: datetime = AT) -> str:
    _token, secret = make_token(
        actor=place.administrator,
        name=f"{place.canary} program",
        scopes=scopes or tuple(Scope),
        days=days,
        at=at,
    )
    return secret


def ask(secret: str, address: str, method: str = "get", **headers: str) -> Any:
    return getattr(Client(), method)(
        address, headers={"authorization": f"Bearer {secret}", **headers}
    )


def told(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.content
    return json.loads(answer.content)


def token_of(place: Place) -> ApiToken:
    found: ApiToken = ApiToken.objects.in_organization(place.organization).get()
    return found


def everybody(secret: str, **parameters: Any) -> list[dict[str, Any]]:
    """All pages."""
    found: list[dict[str, Any]] = []
    while True:
        answer = told(ask(secret, f"{COMPLETIONS}?{urlencode(parameters)}"))
        found += answer["data"]
        if answer["next_cursor"] is None:
            return found
        parameters["cursor"] = answer["next_cursor"]


# --- the same as the report -----------------------------------------------------------------------


@pytest.mark.parametrize("seed", [1, 2])
def test_the_same_people_and_numbers_as_the_report(world: World, seed: int) -> None:
    """A made-up year of two organisations; every question, page by page, against the report."""
    outline, quiz, _final = publish_course()
    for place in (world.lighthouse, world.harbour):
        life = Life(seed, place, outline, quiz, AT)
        for _step in range(40):
            life.live()
    now = life.at + DAY
    viewer = Staff(world.harbour.organization.pk)
    with time_machine.travel(now, tick=False):
        secret = key_of(world.harbour, at=now)
        office = Office.objects.in_organization(world.harbour.organization).first()
        asked = [
            Question(),
            Question(module="m1"),
            Question(round="1"),
            Question(cohort=world.harbour.first_cohort.id),
            Question(office=office.id if office else None),
        ]
        for question in asked:
            expected = [line_values(one) for one in lines(outline, viewer, question, now)]
            found = everybody(secret, limit=3, **question.parts())
            assert sorted(found, key=lambda one: one["id"]) == found
            assert found == sorted(expected, key=lambda one: one["id"])
            for by in BY:
                summary = told(
                    ask(secret, f"{SUMMARY}?{urlencode({**question.parts(), 'by': by})}")
                )
                assert summary == summary_values(
                    read_summary(outline, viewer, question, now, by=by)
                )
                assert summary["population"] == len(found)
                valid = {State.COMPLETED.value, State.EXPIRING.value}
                assert summary["completed"] == sum(one["state"] in valid for one in found)
            text = json.dumps([found, summary])
            assert world.lighthouse.canary not in text
        assert found or office


def test_all_pages_tell_of_one_moment(world: World, small_course: Outline) -> None:
    secret = key_of(world.harbour)
    first = told(ask(secret, f"{COMPLETIONS}?limit=1"))
    complete(world.harbour.learner, at=NOW + timedelta(minutes=1))
    complete(world.harbour.stranger, at=NOW + timedelta(minutes=1))
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        second = told(ask(secret, f"{COMPLETIONS}?limit=1&cursor={first['next_cursor']}"))
        assert second["as_of"] == first["as_of"]
        assert {one["state"] for one in second["data"]} == {"not_started"}
        assert {one["state"] for one in everybody(secret)} == {"not_started", "completed"}


def test_a_link_leads_to_the_next_page(world: World, small_course: Outline) -> None:
    secret = key_of(world.harbour)
    answer = ask(secret, f"{COMPLETIONS}?limit=1&module=m1")
    link = answer.headers["Link"]
    address = link.partition(">")[0].removeprefix("<").partition("/api/")[2]
    assert link.endswith('rel="next"')
    assert "module=m1" in address
    following = told(ask(secret, f"/api/{address}"))
    assert following["data"][0]["id"] > told(answer)["data"][0]["id"]
    assert secret not in link


def test_what_changed_since(world: World, small_course: Outline) -> None:
    secret, place = key_of(world.harbour), world.harbour
    complete(place.learner, at=AT + 10 * DAY)
    complete(place.stranger, at=AT + 20 * DAY)

    def since(at: datetime) -> set[str]:
        return {one["id"] for one in everybody(secret, updated_since=at.isoformat())}

    assert since(AT + 20 * DAY) == {str(place.stranger.id)}
    assert since(AT + 20 * DAY + timedelta(seconds=1)) == set()
    assert since(AT + 10 * DAY) == {str(place.stranger.id), str(place.learner.id)}


def test_a_page_with_few_answers_looks_at_a_bounded_number(
    world: World, small_course: Outline, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody changed: the walk goes on over empty pages and ends."""
    monkeypatch.setattr("modules.reports.outside.SLICE", 2)
    monkeypatch.setattr("modules.reports.outside.MOST_LOOKED_AT", 4)
    place = world.harbour
    for number in range(9):
        put_into(place.first_cohort, make_membership(place.organization, make_user(f"x{number}")))
    # Ids of one moment have no order: the last of all may be a trainer, whom no page tells of.
    learners = Membership.objects.in_organization(place.organization).active()
    last = learners.filter(role="learner").order_by("-id").first()
    assert last is not None
    complete(last, at=AT + DAY)
    secret = key_of(place)
    pages, cursor = [], None
    while cursor is not None or not pages:
        more = {"cursor": cursor} if cursor else {}
        query = urlencode({"updated_since": AT.isoformat(), **more})
        answer = told(ask(secret, f"{COMPLETIONS}?{query}"))
        pages.append(answer["data"])
        cursor = answer["next_cursor"]
    assert [len(page) for page in pages] == [0, 0, 0, 1] or sum(map(len, pages)) == 1
    assert len(pages) > 2


def test_the_cost_of_a_page_does_not_grow_with_its_lines(
    world: World, small_course: Outline, queries: Queries
) -> None:
    place, costs = world.harbour, []
    viewer = Staff(place.organization.pk)
    for number in range(30):
        put_into(place.first_cohort, make_membership(place.organization, make_user(f"c{number}")))
    read_page(small_course, viewer, Question(), NOW, after=None, limit=2)
    for limit in (2, 20):
        with queries() as counted:
            page = read_page(small_course, viewer, Question(), NOW, after=None, limit=limit)
        assert len(page.lines) == limit
        costs += counted
    assert costs[0] == costs[1] <= 25


# --- who is let in --------------------------------------------------------------------------------


def test_only_the_header_opens(world: World, small_course: Outline) -> None:
    secret = key_of(world.harbour)
    assert ask(secret, SUMMARY).status_code == 200
    client = world.client("administrator")
    answers = [
        client.get(SUMMARY),
        client.get(f"{SUMMARY}?access_token={secret}"),
        client.get(SUMMARY, headers={"authorization": f"Basic {secret}"}),
        client.get(SUMMARY, headers={"authorization": secret}),
        client.get(SUMMARY, headers={"authorization": "Bearer "}),
        client.get(SUMMARY, headers={"x-api-key": secret}),
    ]
    client.cookies["token"] = secret
    answers.append(client.get(SUMMARY))
    for answer in answers:
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert faults(json.loads(answer.content), SCHEMAS["Problem"], SCHEMAS) == []


def test_a_key_that_is_wrong_revoked_or_over_opens_nothing(
    world: World, small_course: Outline
) -> None:
    secret = key_of(world.harbour, days=60)
    token = token_of(world.harbour)
    spoilt = [
        f"{secret[:-1]}{'A' if secret[-1] != 'A' else 'B'}",
        secret[:-1],
        f"{secret}A",
        secret.upper(),
        secret.removeprefix("kenali_"),
        token.token_hash,
        "kenali_" + "x" * 200,
        "kenali_é",
    ]
    bodies = {ask(one, SUMMARY).content for one in spoilt if one.isascii()}
    bodies.add(ask(spoilt[-1].encode().decode("latin-1"), SUMMARY).content)
    with time_machine.travel(token.expires_at, tick=False):
        bodies.add(ask(secret, SUMMARY).content)
    with time_machine.travel(token.expires_at - timedelta(seconds=1), tick=False):
        assert ask(secret, SUMMARY).status_code == 200
    revoke_token(token=token, actor=world.harbour.administrator, at=NOW)
    answer = ask(secret, SUMMARY)
    bodies.add(answer.content)
    assert len(bodies) == 1, "no answer tells which of the reasons it was"
    assert answer.status_code == 401
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]


def test_a_key_opens_what_its_scopes_say(world: World, small_course: Outline) -> None:
    secret = key_of(world.harbour, Scope.SUMMARY)
    assert ask(secret, SUMMARY).status_code == 200
    answer = ask(secret, COMPLETIONS)
    assert answer.status_code == 403
    assert 'error="insufficient_scope"' in answer.headers["WWW-Authenticate"]
    assert world.harbour.canary not in answer.content.decode()


@pytest.mark.parametrize("name", ["office", "cohort"])
def test_what_is_elsewhere_does_not_exist(world: World, small_course: Outline, name: str) -> None:
    offices = {}
    for place in (world.harbour, world.lighthouse):
        offices[place.canary] = Office.objects.create(
            organization=place.organization, name=f"{place.canary} office", created_at=AT
        )
    foreign = {
        "office": offices[world.lighthouse.canary].id,
        "cohort": world.lighthouse.first_cohort.id,
    }[name]
    own = {"office": offices[world.harbour.canary].id, "cohort": world.harbour.first_cohort.id}
    secret = key_of(world.harbour)
    for address in (SUMMARY, COMPLETIONS):
        assert ask(secret, f"{address}?{name}={own[name]}").status_code == 200
        there = ask(secret, f"{address}?{name}={foreign}")
        nowhere = ask(secret, f"{address}?{name}=01890000-0000-7000-8000-000000000000")
        assert there.status_code == nowhere.status_code == 404
        assert there.content == nowhere.content
        assert world.lighthouse.canary not in there.content.decode()


def test_a_cursor_of_elsewhere_shows_only_what_is_here(world: World, small_course: Outline) -> None:
    secret = key_of(world.harbour)
    low = Cursor(NOW, min(world.lighthouse.learner.id, world.lighthouse.stranger.id))
    text = ask(secret, f"{COMPLETIONS}?cursor={low.text()}").content.decode()
    assert world.lighthouse.canary not in text


def test_methods(world: World, small_course: Outline) -> None:
    secret = key_of(world.harbour)
    head = ask(secret, SUMMARY, "head")
    assert (head.status_code, head.content) == (200, b"")
    options = Client().options(SUMMARY, headers={"origin": "https://elsewhere.example"})
    assert (options.status_code, options.headers["Allow"]) == (204, "GET, HEAD, OPTIONS")
    for method in ("post", "put", "patch", "delete"):
        answer = getattr(Client(enforce_csrf_checks=True), method)(
            SUMMARY, headers={"authorization": f"Bearer {secret}"}
        )
        assert answer.status_code == 405
        assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"
    for answer in (head, options, ask(secret, SUMMARY, origin="https://elsewhere.example")):
        assert not [name for name in answer.headers if name.lower().startswith("access-control")]
        assert answer.headers["Cache-Control"] == "no-store"
        assert not answer.cookies
    assert ask(secret, "/api/v1/people").status_code == 404
    assert told(ask(secret, "/api/v2/"), 404)["title"] == "Not Found"


# --- limits and traces ----------------------------------------------------------------------------


def test_a_key_has_its_hour(
    world: World, small_course: Outline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "ASKED_AN_HOUR", 3)
    secret, other = key_of(world.harbour), key_of(world.lighthouse)
    assert [ask(secret, SUMMARY).status_code for _each in range(4)] == [200, 200, 200, 429]
    answer = ask(secret, SUMMARY)
    assert told(answer, 429)["title"] == "Too Many Requests"
    wait = int(answer.headers["Retry-After"])
    assert 3600 <= wait <= 4201
    assert ask(other, SUMMARY).status_code == 200, "another key has its own"
    with time_machine.travel(NOW + timedelta(seconds=wait), tick=False):
        assert ask(secret, SUMMARY).status_code == 200, "the promise is kept"


def test_guessing_is_stopped_and_locks_nobody_out(
    world: World, small_course: Outline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "WRONG_AN_HOUR", 3)
    secret = key_of(world.harbour)
    guesses = [ask(f"kenali_{number}", SUMMARY) for number in range(5)]
    assert [one.status_code for one in guesses] == [401, 401, 401, 429, 429]
    assert int(guesses[-1].headers["Retry-After"]) >= 3600
    assert ask(secret, SUMMARY).status_code == 200


def test_a_use_is_kept_once_a_day(world: World, small_course: Outline, queries: Queries) -> None:
    secret = key_of(world.harbour)

    def uses() -> int:
        rows = AuditEntry.objects.in_organization(world.harbour.organization)
        return rows.filter(action="api.use").count()

    for _each in range(3):
        ask(secret, SUMMARY)
    assert uses() == 1
    assert token_of(world.harbour).last_used_on == datetime(2027, 1, 3, tzinfo=UTC).date()
    counted = ThrottleCounter.objects.filter(count=3).count()
    assert counted == 1, "every use is counted, for an hour"
    with time_machine.travel(NOW + DAY, tick=False):
        ask(secret, SUMMARY)
        ask(secret, COMPLETIONS)
    assert uses() == 2


# --- keys -----------------------------------------------------------------------------------------


def test_of_a_key_only_a_hash_is_kept(world: World) -> None:
    secret = key_of(world.harbour)
    token = token_of(world.harbour)
    assert token.token_hash == hash_secret(secret, purpose=KEY_PURPOSE)
    row = ApiToken.objects.filter(pk=token.pk).values().get()
    assert secret.removeprefix("kenali_") not in str(row)
    entries = AuditEntry.objects.in_organization(world.harbour.organization)
    assert not [one for one in entries if secret[10:] in f"{one.before}{one.after}{one.subject}"]
    assert find_token(secret, at=AT) == token
    assert len(secret) >= 50


def test_what_a_key_may_not_be(world: World) -> None:
    actor = world.harbour.administrator
    for wrong in ({"days": 366}, {"days": 0}, {"scopes": ()}):
        values: dict[str, Any] = {"name": "x", "scopes": (Scope.SUMMARY,), "days": 30} | wrong
        with pytest.raises(Refused):
            make_token(actor=actor, at=AT, **values)
    for _each in range(MOST_TOKENS):
        make_token(actor=actor, name="x", scopes=(Scope.SUMMARY,), days=30, at=AT)
    with pytest.raises(Refused):
        make_token(actor=actor, name="x", scopes=(Scope.SUMMARY,), days=30, at=AT)
    make_token(actor=actor, name="x", scopes=(Scope.SUMMARY,), days=30, at=AT + 31 * DAY)


FORM = {"name": "payroll", "scopes": ["summary:read"], "days": "90"}


def test_the_page_shows_a_key_once(world: World) -> None:
    from course.recent import note_proof

    client = world.client("administrator")
    address = reverse("modules:tokens")
    assert client.post(address, FORM).status_code == 403, "a proof that is minutes old is asked for"
    assert not ApiToken.objects.in_organization(world.harbour.organization).exists()
    session = client.session
    note_proof(session, at=NOW)
    session.save()
    answer = client.post(address, FORM)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    secret = page.partition('value="kenali_')[2].partition('"')[0]
    assert find_token(f"kenali_{secret}", at=NOW) is not None
    again = client.get(address).content.decode()
    assert "payroll" in again
    assert secret not in again
    token = token_of(world.harbour)
    client.post(reverse("modules:token_revoke", args=[token.id]))
    client.post(reverse("modules:token_revoke", args=[token.id]))
    assert "Revoked" in client.get(address).content.decode()
    entries = AuditEntry.objects.in_organization(world.harbour.organization)
    actions = [one.action for one in entries.order_by("sequence")][1:]
    assert actions == ["api.token", "api.token_revoke"]


def test_the_list_of_keys_costs_the_same(world: World, queries: Queries) -> None:
    client, costs = world.client("administrator"), []
    for number in (1, 9):
        for _each in range(number):
            key_of(world.harbour)
        client.get(reverse("modules:tokens"))
        with queries() as counted:
            client.get(reverse("modules:tokens"))
        costs += counted
    assert costs[0] == costs[1]


# --- the description ------------------------------------------------------------------------------


def test_the_description_holds_together() -> None:
    """The rules of OpenAPI 3.1 that a hand can break: references, parameters, responses, paths."""
    api = document("https://kenali.example")
    assert api["openapi"] == "3.1.0"
    assert {"title", "version"} <= set(api["info"])
    assert json.loads(json.dumps(api)) == api
    text = json.dumps(api)
    for name in {part.partition('"')[0] for part in text.split("#/components/schemas/")[1:]}:
        assert name in SCHEMAS
    operations = [path["get"] for path in api["paths"].values()]
    assert len({one["operationId"] for one in operations}) == len(operations)
    for one in operations:
        names = [parameter["name"] for parameter in one["parameters"]]
        assert len(set(names)) == len(names)
        assert all(each["in"] == "query" and each["schema"] for each in one["parameters"])
        assert all(each["description"] for each in one["responses"].values())
        assert all(
            name in api["components"]["securitySchemes"] for way in one["security"] for name in way
        )
    for schema in SCHEMAS.values():
        assert set(schema.get("required", ())) <= set(schema["properties"])
    for path in api["paths"]:
        assert Client().get(f"/api/v1{path}").status_code == 401


def test_answers_are_as_described(world: World, small_course: Outline) -> None:
    secret = key_of(world.harbour)
    complete(world.harbour.learner, at=AT + DAY)
    page = told(ask(secret, COMPLETIONS))
    assert faults(page, SCHEMAS["Completions"], SCHEMAS) == []
    assert {one["state"] for one in page["data"]} == {"completed", "not_started"}
    for by in BY:
        summary = told(ask(secret, f"{SUMMARY}?by={by}"))
        assert faults(summary, SCHEMAS["Summary"], SCHEMAS) == []
        assert summary["groups"]
    # The proof that it can fail.
    page["data"][0]["secret"] = page["data"][0].pop("state")
    assert len(faults(page, SCHEMAS["Completions"], SCHEMAS)) == 2


def test_the_description_is_there_for_everybody() -> None:
    api = told(Client().get("/api/v1/openapi.json"))
    assert api["servers"][0]["url"].endswith("/api/v1")


# --- whatever is asked ----------------------------------------------------------------------------


def test_a_cursor_is_read_as_it_was_written() -> None:
    cursor = Cursor(NOW.replace(microsecond=999_999), Membership().id)
    assert cursor_from(cursor.text(), NOW + DAY) == cursor
    assert cursor_from(cursor.text(), NOW) is None, "not of the future"
    assert cursor_from(f"{cursor.text()}=", NOW + DAY) is None


NASTY = [
    "", " ", "0", "-1", "1", "200", "201", "999999999999999999999", "1e3", "٣", "null", "true",
    "\x00", "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"), "'; drop table x; --",
    "../../etc/passwd", "%", "%00", "9999-12-31", "0001-01-01", "2026-02-30", "2026-11-25",
    "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "2026-01-01T00:00:00", "present",
    "00000000-0000-0000-0000-000000000000", "x" * 5000, "m1", "office", "🙂", "MTIz", "MC4w",
    "LTE", "LTk5OTk5OTk5OTk5OTk5OTk5OTkuMDA", "inf", "nan", "{}", "[]", "a\nb", "\u202e",
]  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
def test_no_question_breaks_it(world: World, small_course: Outline, seed: int) -> None:
    """Seeded nonsense in every parameter: an answer as described or an error, never a 500."""
    chance = random.Random(seed)  # noqa: S311 -- repeatable on purpose
    secret = key_of(world.harbour)
    good = {
        "cohort": str(world.harbour.first_cohort.id),
        "as_of": "2026-12-01",
        "module": "m1",
        "round": "1",
        "limit": "2",
        "by": "module",
        "updated_since": "2026-01-01T00:00:00+08:00",
        "cursor": Cursor(AT, world.harbour.administrator.id).text(),
    }
    seen = set()
    for _number in range(60):
        address, known, schema = chance.choice(
            [
                (COMPLETIONS, COMPLETIONS_PARAMETERS, "Completions"),
                (SUMMARY, SUMMARY_PARAMETERS, "Summary"),
            ]
        )
        names = chance.choices(
            [*sorted(known), *sorted(known), "x", "only"], k=chance.randint(0, 4)
        )
        pairs = [
            (name, good[name] if name in good and chance.random() < 0.7 else chance.choice(NASTY))
            for name in names
        ]
        answer = ask(secret, f"{address}?{urlencode(pairs)}")
        seen.add(answer.status_code)
        assert answer.status_code in {200, 400, 404}, pairs
        wanted = SCHEMAS[schema if answer.status_code == 200 else "Problem"]
        assert faults(json.loads(answer.content), wanted, SCHEMAS) == [], pairs
        assert world.lighthouse.canary not in answer.content.decode()
    assert seen == {200, 400, 404}
