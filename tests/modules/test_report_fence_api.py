"""Another organisation cannot be reached with a key for programs either.

The four proofs of tests/modules/test_report_fence.py, here for somebody who holds a key of their
own organisation with every scope, and for somebody whose key opens nothing any more.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from django.test import Client

from modules.models import ApiToken
from modules.reports.openapi import COMPLETIONS_PARAMETERS, SUMMARY_PARAMETERS
from modules.reports.outside import Cursor
from modules.scopes import Scope
from modules.services.tokens import make_token, revoke_token
from tests.modules.fencing import (
    DAYS,
    Visitor,
    addresses,
    canaries,
    cost_of,
    disguises,
    furnish_both,
    grow,
    other_ids,
    parameters,
    report_routes,
)
from tests.modules.funding import QUARTER
from tests.personas import AT, Place, World

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
NOW = AT + timedelta(days=1)
COMPLETIONS, SUMMARY = "/api/v1/completions", "/api/v1/summary"
TAKING_IDS = ("office", "cohort")
SIDES = (("harbour", "lighthouse"), ("lighthouse", "harbour"))
KNOWN = COMPLETIONS_PARAMETERS | SUMMARY_PARAMETERS
# With each of these an answer takes another way through the code.
BESIDE: tuple[Mapping[str, str], ...] = (
    {},
    {"as_of": QUARTER.isoformat()},
    {"module": "m1", "round": "1"},
)


@pytest.fixture(autouse=True)
def _at_one_moment() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def fenced(world: World) -> World:
    """Both organisations with everything that a parameter may point to."""
    return furnish_both(world)


def keyed(place: Place, *scopes: Scope, at: Any = AT, days: int = 90) -> Visitor:
    """A program of this organisation; with every scope unless some are named."""
    _token, secret = make_token(
        actor=place.administrator,
        name="program",
        scopes=scopes or tuple(Scope),
        days=days,
        at=at,
    )
    return Visitor(Client(), {"authorization": f"Bearer {secret}"})


def doors() -> list[str]:
    """Every address that is there for programs, and some that are not."""
    found = []
    for name, pattern in report_routes():
        if str(pattern.pattern).startswith("api/"):
            found += addresses(name, pattern, [uuid4()], most=3)
    return found


def questions(place: Place) -> Iterator[dict[str, Any]]:
    """Each id at each parameter that programs have, and all at what only pages read."""
    ids = [str(one) for one in other_ids(place)]
    for name in sorted(KNOWN):
        for value in ids:
            yield {name: value}
    for one in (*other_ids(place), UUID(int=0)):
        yield {"cursor": cursor(one)}
    for name in sorted(parameters() - KNOWN):
        yield {name: ids}


def cursor(after: UUID) -> str:
    return Cursor(NOW, after).text()


def next_to(one: UUID) -> UUID:
    """An id of nothing, with no id of anybody between the two."""
    return UUID(int=one.int + 1)


def test_there_are_doors() -> None:
    assert {COMPLETIONS, SUMMARY, "/api/v1/openapi.json"} <= set(doors())
    assert len(doors()) > 3
    assert {*TAKING_IDS, "cursor", "as_of", "updated_since", "limit"} <= KNOWN


# --- words ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("own", "victim"), SIDES)
def test_no_word_of_the_other_organisation_comes_out(fenced: World, own: str, victim: str) -> None:
    """Every door, every parameter, every id of the other, plain and as a cursor."""
    place: Place = getattr(fenced, victim)
    program, told = keyed(getattr(fenced, own)), set()
    for door in doors():
        for data in questions(place):
            answer = program.knock("GET", door, data)
            told.add(answer.status)
            assert answer.status in {200, 400, 404}, (door, data)
            for word in canaries(place):
                assert word not in answer.text, (door, data)
    assert told == {200, 400, 404}


def test_no_disguise_of_an_id_and_no_odd_day_opens_anything(fenced: World) -> None:
    place, program = fenced.lighthouse, keyed(fenced.harbour)
    ids = {"office": place.ids["office south"], "cohort": place.ids["cohort"]}
    asked = [{"as_of": day} for day in DAYS]
    asked += [{name: one} for name in ids for one in disguises(ids[name])]
    asked += [{"cursor": one} for one in disguises(place.learner.id)]
    asked += [{name: [str(uuid4()), str(one)]} for name, one in ids.items()]  # given twice
    asked += [{f"{name}[]": str(one)} for name, one in ids.items()]
    for door in doors():
        for data in asked:
            answer = program.knock("GET", door, data)
            assert answer.status in {200, 400, 404}, (door, data)
            assert place.canary not in answer.text, (door, data)


# --- bytes and statements -------------------------------------------------------------------------


@pytest.mark.parametrize("name", TAKING_IDS)
def test_an_id_of_the_other_organisation_is_answered_like_an_id_of_nothing(
    fenced: World, name: str
) -> None:
    program, nothing = keyed(fenced.harbour), uuid4()
    for door in (COMPLETIONS, SUMMARY):
        for beside in BESIDE:
            absent = program.knock("GET", door, {**beside, name: str(nothing)}).plain(nothing)
            assert absent[0] == 404
            for one in other_ids(fenced.lighthouse):
                found = program.knock("GET", door, {**beside, name: str(one)}).plain(one)
                assert found == absent, (door, beside, one)
        # The proof that an id of one's own is looked up at the same place.
        own = fenced.harbour.ids["office north" if name == "office" else "cohort"]
        assert program.knock("GET", door, {name: str(own)}).status == 200


def test_a_cursor_of_the_other_organisation_is_a_place_between_ones_own(fenced: World) -> None:
    """It opens nothing of where it came from, and tells nothing of whose id is in it."""
    program, theirs = keyed(fenced.harbour), keyed(fenced.lighthouse)
    first = json.loads(_body(theirs, {"limit": "1"}))
    stolen = [first["next_cursor"]]
    stolen += [cursor(one) for one in other_ids(fenced.lighthouse)]
    own = {str(one) for one in _ids(program)}
    assert own
    assert not own & {str(one) for one in _ids(theirs)}
    for text in stolen:
        after = UUID(hex=_plain(text).partition(".")[2])
        beside = cursor(next_to(after))
        for limit in ("1", "200"):
            found = program.knock("GET", COMPLETIONS, {"cursor": text, "limit": limit})
            absent = program.knock("GET", COMPLETIONS, {"cursor": beside, "limit": limit})
            assert found.status == 200
            assert found.plain() == absent.plain(), text
        shown = {one["id"] for one in json.loads(_body(program, {"cursor": text}))["data"]}
        assert shown == {one for one in own if UUID(one) > after}


def _body(program: Visitor, data: Mapping[str, str]) -> bytes:
    answer = program.client.get(COMPLETIONS, data, headers=dict(program.headers))
    assert answer.status_code == 200
    return bytes(answer.content)


def _ids(program: Visitor) -> list[UUID]:
    answer = json.loads(_body(program, {"limit": "200"}))
    assert answer["next_cursor"] is None
    return [UUID(one["id"]) for one in answer["data"]]


def _plain(text: str) -> str:
    from base64 import urlsafe_b64decode

    return urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()


# --- size -----------------------------------------------------------------------------------------


def test_nothing_grows_with_the_other_organisation(fenced: World) -> None:
    program = keyed(fenced.harbour)
    asked = [(door, dict(beside)) for door in (COMPLETIONS, SUMMARY) for beside in BESIDE]
    asked += [(SUMMARY, {"by": by}) for by in ("office", "cohort", "module")]
    asked += [(COMPLETIONS, {"limit": "2"}), (COMPLETIONS, {"cursor": cursor(UUID(int=0))})]

    def costs() -> list[Any]:
        return [cost_of(program, door, data) for door, data in asked]

    assert {one[0] for one in costs()} == {200}  # also fills what a process keeps
    before = costs()
    assert all(rows > 5 for _status, _asked, rows, _text in before)
    grow(fenced.lighthouse)
    assert costs() == before


# --- keys that open nothing -----------------------------------------------------------------------


@pytest.mark.parametrize("why", ["revoked", "over", "unknown", "none"])
def test_a_key_that_opens_nothing_tells_nothing(fenced: World, why: str) -> None:
    """The same for one's own ids, those of another and none; no table of people is asked."""
    own, other = fenced.harbour, fenced.lighthouse
    program = keyed(own, days=1 if why == "over" else 90, at=AT)
    if why == "revoked":
        token = ApiToken.objects.in_organization(own.organization).get(name="program")
        revoke_token(token=token, actor=own.administrator, at=NOW)
    elif why == "unknown":
        program = Visitor(Client(), {"authorization": "Bearer kenali_guessed"})
    elif why == "none":
        program = Visitor(Client(), {})
    _told_the_same(program, own, other, status=401)


@pytest.mark.parametrize(
    ("scope", "door"), [(Scope.SUMMARY, COMPLETIONS), (Scope.COMPLETIONS, SUMMARY)]
)
def test_a_key_without_the_scope_tells_nothing(fenced: World, scope: Scope, door: str) -> None:
    program = keyed(fenced.harbour, scope)
    assert program.knock("GET", COMPLETIONS if door == SUMMARY else SUMMARY).status == 200
    _told_the_same(program, fenced.harbour, fenced.lighthouse, status=403, at_doors=[door])


def _told_the_same(
    program: Visitor, own: Place, other: Place, *, status: int, at_doors: list[str] | None = None
) -> None:
    for door in at_doors or [COMPLETIONS, SUMMARY, "/api/v1/people"]:
        plain = program.knock("GET", door).plain()
        assert plain[0] == status, door
        for asked in plain[2]:
            for table in ("course_membership", "course_office", "course_cohort", "completion"):
                assert table not in asked, (door, asked)
        for name in (*TAKING_IDS, "cursor", "x"):
            for one in (own.ids["cohort"], other.ids["cohort"], other.ids["office"], uuid4()):
                value = cursor(one) if name == "cursor" else str(one)
                answer = program.knock("GET", door, {name: value})
                assert answer.plain() == plain, (door, name, one)
                assert own.canary not in answer.text
                assert other.canary not in answer.text


def test_the_key_decides_and_not_the_browser_that_sends_it(fenced: World) -> None:
    """Somebody of the other organisation is signed in where a key of this one is sent."""
    key = keyed(fenced.harbour).headers
    program = Visitor(fenced.client("outsider"), key)
    for door in (COMPLETIONS, SUMMARY):
        answer = program.knock("GET", door)
        assert answer.status == 200
        assert fenced.lighthouse.canary not in answer.text
        assert fenced.harbour.canary in answer.text
