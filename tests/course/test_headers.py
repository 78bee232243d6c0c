"""Headers on every kind of answer, and the limits of a session."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import OperationalError, connections
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.test import Client, RequestFactory
from pytest_django import Settings
from time_machine import travel

from course import middleware
from course.failures import LAST_WORDS
from tests.personas import World

EXPECTED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
START = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/healthz", "/", "/no-such-page", "/static/no-such-file.css"])
def test_every_answer_carries_the_headers(path: str) -> None:
    response = Client(raise_request_exception=False).get(path)
    for name, value in EXPECTED.items():
        assert response.headers.get(name) == value, name
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert "camera=()" in response.headers["Permissions-Policy"]
    assert response.headers["Cache-Control"] == "no-store"
    assert "Server" not in response.headers


def test_an_error_is_a_page_and_a_broken_page_is_plain_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """When the error page itself cannot be drawn, an answer of ours still leaves, with headers."""

    def fail(*_: object, **__: object) -> None:
        raise ValueError("no style sheet")

    monkeypatch.setattr("course.views.safety.render", fail)
    client = Client(raise_request_exception=False)
    page = client.get("/privacy/")
    assert (page.status_code, page.headers["Content-Type"][:9]) == (500, "text/html")
    monkeypatch.setattr("course.failures.server_error", fail)
    words = client.get("/privacy/")
    assert (words.status_code, words.content.decode()) == (500, LAST_WORDS)
    assert "default-src 'none'" in words.headers["Content-Security-Policy"]


def test_the_redirect_to_https_carries_the_headers(settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    response = Client().get("/privacy/")
    assert response.status_code == 301
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert response.headers["X-Frame-Options"] == "DENY"
    assert Client().get("/healthz").status_code == 200, "the probe asks over plain HTTP"


def test_the_content_policy_word_for_word() -> None:
    assert middleware.policy_text(settings.SECURE_CSP) == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'"
    )


def test_healthz_says_ok_and_sets_no_cookie() -> None:
    response = Client().get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok")
    assert not response.cookies


def test_healthz_says_503_and_no_more_when_a_database_is_gone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object) -> None:
        raise OperationalError("password=secret host=db.example.org")

    monkeypatch.setattr(connections["default"], "cursor", refuse)
    response = Client().get("/healthz")
    assert (response.status_code, response.content) == (503, b"database")


def test_a_public_view_may_be_cached_but_not_for_somebody_signed_in() -> None:
    def view(_request: HttpRequest) -> HttpResponse:
        return HttpResponse("lesson", headers={"Cache-Control": "max-age=60"})

    guard = middleware.SecurityHeadersMiddleware(view)
    request = RequestFactory().get("/public")
    assert guard(request).headers["Cache-Control"] == "max-age=60"
    request.COOKIES[settings.SESSION_COOKIE_NAME] = "x"
    assert guard(request).headers["Cache-Control"] == "no-store"


def test_why_the_referrer_policy_is_not_no_referrer() -> None:
    """With `no-referrer` a browser sends `Origin: null`; Django takes that for a foreign site."""
    guard = CsrfViewMiddleware(lambda _request: HttpResponse())
    token = "a" * 32

    def post(**headers: str) -> HttpResponse | None:
        request = RequestFactory().post("/x", {"csrfmiddlewaretoken": token}, **headers)
        request.COOKIES[settings.CSRF_COOKIE_NAME] = token
        guard.process_request(request)
        return guard.process_view(request, lambda _request: HttpResponse(), (), {})

    assert post(HTTP_ORIGIN="http://testserver") is None
    refused = post(HTTP_ORIGIN="null")
    assert refused is not None
    assert refused.status_code == 403


def session(**values: object) -> SessionStore:
    store = SessionStore()
    store.update({SESSION_KEY: "1", middleware.STARTED: int(START.timestamp()), **values})
    return store


def touched(at: datetime) -> dict[str, int]:
    return {middleware.TOUCHED: int(at.timestamp())}


@pytest.mark.parametrize(
    ("idle", "age", "own", "over"),
    [
        (timedelta(minutes=59), timedelta(hours=1), False, False),
        (timedelta(minutes=60), timedelta(hours=1), False, True),
        (timedelta(minutes=1), timedelta(hours=7, minutes=59), False, False),
        (timedelta(minutes=1), timedelta(hours=8), False, True),
        (timedelta(days=13), timedelta(days=13, hours=23), True, False),
        (timedelta(minutes=1), timedelta(days=14), True, True),
    ],
)
def test_when_a_session_is_over(idle: timedelta, age: timedelta, own: bool, over: bool) -> None:
    at = START + age
    store = session(**touched(at - idle), own_device=own)
    assert middleware.is_over(store, at=at) is over


def test_the_sign_of_life_is_written_at_most_once_a_minute() -> None:
    store = session(**touched(START))
    store.modified = False
    middleware.keep_times(store, at=START + timedelta(seconds=59))
    assert not store.modified
    middleware.keep_times(store, at=START + timedelta(seconds=60))
    assert store.modified


def test_an_expired_session_is_nobody() -> None:
    seen = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(SESSION_KEY in request.session)
        return HttpResponse()

    store = session(**touched(START))
    store.save()
    guard = middleware.SessionLimitsMiddleware(view)
    for hours in (0, 9):
        request = RequestFactory().get("/")
        request.COOKIES[settings.SESSION_COOKIE_NAME] = str(store.session_key)
        request.session = SessionStore(store.session_key)
        with travel(START + timedelta(hours=hours, minutes=1), tick=False):
            guard(request)
    assert seen == [True, False]


def test_an_own_phone_keeps_its_cookie_for_fourteen_days_and_no_longer() -> None:
    store = session(own_device=True)
    with travel(START + timedelta(days=1), tick=False):
        middleware.keep_times(store, at=START + timedelta(days=1))
        assert not store.get_expire_at_browser_close()
        assert store.get_expiry_age() == timedelta(days=13).total_seconds()


def test_a_shared_phone_forgets_when_the_browser_closes() -> None:
    store = session()
    middleware.keep_times(store, at=START)
    assert store.get_expire_at_browser_close()


def test_pages_are_compressed_for_phones_that_ask(world: World) -> None:
    client = world.client("learner")
    plain = client.get("/privacy/")
    packed = client.get("/privacy/", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.content) < len(plain.content) / 2
    assert "Accept-Encoding" in packed.headers["Vary"]
