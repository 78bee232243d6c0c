"""Route x persona x {own, other organisation, absent}: the table that decides who sees what.

Rows live in tests/access_rows_*.py. The status is only half of the proof: no answer may hold the
canary word of an organisation the persona does not belong to, and an object of another
organisation and no object at all must answer with the same bytes.
"""

import re
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from course.access import Rule
from tests.access_table import SIGN_IN, AbsentIds, Ids, Row, Status, all_rows, furnish
from tests.personas import OUTSIDER, PERSONAS, World, make_world

ROWS = all_rows()
pytestmark = pytest.mark.django_db

# Django's own: the language files of the script part and, behind a flag, nothing else.
NOT_OURS = frozenset({"admin"})


def routes(
    patterns: list[URLPattern | URLResolver] | None = None, namespace: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    """(name with namespace, pattern) of everything the site answers to."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            inner = ":".join(filter(None, [namespace, pattern.namespace or ""]))
            if pattern.namespace not in NOT_OURS:
                yield from routes(pattern.url_patterns, inner)
        else:
            yield ":".join(filter(None, [namespace, pattern.name or ""])), pattern


def test_every_route_has_a_name_and_a_row() -> None:
    named = {name for name, _pattern in routes()}
    assert all(name and not name.endswith(":") for name in named)
    assert named - {row.route for row in ROWS} == set(), "add rows to tests/access_rows_<floor>.py"


def test_every_row_has_a_route() -> None:
    assert {row.route for row in ROWS} - {name for name, _pattern in routes()} == set()


def test_every_view_says_who_may_call_it() -> None:
    silent = [
        name
        for name, pattern in routes()
        if not isinstance(getattr(pattern.callback, "kenali_rule", None), Rule)
        and name != "healthz"  # answers without user and session, also when the database is gone
    ]
    assert silent == []


def test_every_method_a_view_takes_has_a_row() -> None:
    missing = []
    for name, pattern in routes():
        rule = getattr(pattern.callback, "kenali_rule", None)
        missing += [
            f"{method} {name}"
            for method in (rule.methods if rule else ())
            if not any((row.route, row.method) == (name, method) for row in ROWS)
        ]
    assert missing == []


@pytest.fixture
def furnished() -> World:
    world = make_world()
    furnish(world)
    return world


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.label)
def test_row(row: Row, furnished: World) -> None:
    places = {
        "own": furnished.harbour.ids,
        "other": furnished.lighthouse.ids,
        "absent": AbsentIds(),
    }
    for persona in PERSONAS:
        for side, ids in places.items() if row.path or row.body({**ids_of(furnished)}) else ():
            answer = knock(row, furnished, persona, ids)
            expected = expected_status(row, persona, side)
            found = seen(answer)
            if expected is not None:
                assert found == expected, f"{persona}, {side}: {found}, not {expected}"
            assert found != 500
            assert_no_canary(answer, furnished, persona)
        if not row.path:
            assert seen(knock(row, furnished, persona, places["own"])) == row.expect[persona], (
                persona
            )


def ids_of(world: World) -> Ids:
    return world.harbour.ids


def expected_status(row: Row, persona: str, side: str) -> Status | None:
    """None: the row says nothing about this side (a page without an object in its address)."""
    own = row.expect[persona]
    if side == "own":
        return own
    if row.path is None or not points_at_an_object(row):
        return None
    if own in {SIGN_IN, 403, 405} and persona not in row.proof:
        return own  # refused before anything was looked up
    if persona == OUTSIDER and side == "other":
        return None  # at home: whatever harbour's administrator gets at home
    return 404


def points_at_an_object(row: Row) -> bool:
    """False for addresses that carry a code and no id."""
    assert row.path is not None
    one, two = AbsentIds(), AbsentIds()
    return row.path(one) != row.path(two)


def knock(row: Row, world: World, persona: str, ids: Ids) -> object:
    """Send the request and take back whatever it wrote."""
    address = reverse(row.route, kwargs=row.path(ids) if row.path else None)
    data = {key: str(value) for key, value in row.body(ids).items()}
    with transaction.atomic():
        client = world.client(persona)
        send = getattr(client, row.method.lower())
        answer = send(address, data) if row.method in {"GET", "POST"} else send(address)
        transaction.set_rollback(True)
    return answer


def seen(answer: object) -> Status:
    status: int = answer.status_code  # type: ignore[attr-defined]
    if status == 302 and "/sign-in/" in answer.headers["Location"]:  # type: ignore[attr-defined]
        return SIGN_IN
    return status


def assert_no_canary(answer: object, world: World, persona: str) -> None:
    forbidden = [world.lighthouse.canary]
    if persona == OUTSIDER:
        forbidden = [world.harbour.canary]
    elif persona == "anonymous":
        forbidden = [world.harbour.canary, world.lighthouse.canary]
    elif persona == "both":
        forbidden = [f"{world.lighthouse.canary} {word}" for word in ("learner", "first", "second")]
    text = answer.content.decode(errors="replace") + str(answer.headers)  # type: ignore[attr-defined]
    for word in forbidden:
        assert word not in text, f"{persona} sees {word}"


def without_noise(client_answer: object, ids: Ids) -> bytes:
    """The body without the token that differs at each answer and without the id that was asked."""
    text: str = client_answer.content.decode()  # type: ignore[attr-defined]
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", text)
    for value in ids.values():
        text = text.replace(str(value), "ID")
    return text.encode()


@pytest.mark.parametrize(
    "row", [row for row in ROWS if row.path and points_at_an_object(row)], ids=lambda row: row.label
)
def test_foreign_and_absent_answer_with_the_same_bytes(row: Row, furnished: World) -> None:
    foreign, absent = furnished.lighthouse.ids, AbsentIds()
    for persona in ("learner", "trainer", "administrator"):
        one = knock(row, furnished, persona, foreign)
        two = knock(row, furnished, persona, absent)
        assert seen(one) == seen(two)
        assert without_noise(one, foreign) == without_noise(two, absent)


def test_an_unmarked_view_answers_nobody(client: Client) -> None:
    """Deny by default: without a mark a stranger is sent to the sign-in page."""
    from django.contrib.auth.middleware import LoginRequiredMiddleware
    from django.contrib.auth.models import AnonymousUser
    from django.http import HttpResponse
    from django.test import RequestFactory

    request = RequestFactory().get("/anything/")
    request.user = AnonymousUser()
    middleware = LoginRequiredMiddleware(lambda _request: HttpResponse())
    refusal = middleware.process_view(request, lambda _request: HttpResponse("open"), [], {})
    assert refusal is not None
    assert refusal.status_code == 302


def test_a_refusal_says_why(world: World) -> None:
    answer = world.client("learner").get(reverse("course:people"))
    assert answer.status_code == 403
    assert "administrators of your organisation" in answer.content.decode()
    answer = world.client("suspended").get(reverse("course:account"))
    assert "no active place" in answer.content.decode()
