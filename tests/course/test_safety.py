"""Leaving in a hurry: the session is gone, the calendar stays, no other site can do it."""

import pytest
from django.test import Client

from course.access import EXIT_COOKIE, EXIT_SECONDS
from tests.personas import World

pytestmark = pytest.mark.django_db


def test_the_exit_ends_the_session_and_shows_a_calendar(world: World) -> None:
    client = world.client("learner")
    answer = client.post("/exit/")
    assert (answer.status_code, answer["Location"]) == (303, "/calendar/")
    assert answer["Clear-Site-Data"] == '"storage"'
    cookie = answer.cookies[EXIT_COOKIE]
    assert (cookie["max-age"], cookie["httponly"], cookie["samesite"]) == (
        EXIT_SECONDS,
        True,
        "Lax",
    )
    assert "sid" not in client.cookies or not client.cookies["sid"].value
    assert client.get("/calendar/").status_code == 200


@pytest.mark.parametrize("address", ["/", "/account/", "/sign-in/", "/nothing/", "/privacy/"])
def test_back_leads_to_the_calendar(address: str, world: World) -> None:
    """Also with the old session cookie, as a browser that restores a tab sends it."""
    client = world.client("learner")
    old = client.cookies["sid"].value
    client.post("/exit/")
    client.cookies["sid"] = old
    answer = client.get(address)
    assert (answer.status_code, answer["Location"]) == (303, "/calendar/")
    assert client.post(address).status_code == 303
    assert client.get("/healthz").status_code == 200


def test_the_way_back_is_a_button_and_the_session_stays_over(world: World) -> None:
    client = world.client("learner")
    client.post("/exit/")
    answer = client.post("/calendar/start/")
    assert (answer.status_code, answer["Location"]) == (303, "/")
    assert client.get("/account/").status_code == 302
    assert client.get("/privacy/").status_code == 200


@pytest.mark.parametrize(
    ("site", "ends"),
    [
        ("cross-site", False),
        ("same-site", False),
        ("same-origin", True),
        ("none", True),
        ("", True),
    ],
)
def test_another_site_cannot_pull_the_lever(site: str, ends: bool, world: World) -> None:
    client = world.client("learner")
    headers = {"Sec-Fetch-Site": site} if site else {}
    assert client.post("/exit/", headers=headers).status_code == 303
    assert (EXIT_COOKIE in client.cookies) is ends
    assert client.get("/account/").status_code == (303 if ends else 200)


def test_the_exit_works_with_a_stale_token(world: World) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(world.users["learner"])
    assert strict.post("/exit/", {"csrfmiddlewaretoken": "stale"}).status_code == 303
    assert EXIT_COOKIE in strict.cookies


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("2026-11", "November 2026"),
        ("1970-01", "January 1970"),
        ("2100-12", "December 2100"),
        ("2024-02", "February 2024"),
    ],
)
def test_the_calendar_turns_its_pages(asked: str, shown: str, client: Client) -> None:
    answer = client.get("/calendar/", {"month": asked})
    assert shown in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"


def test_the_calendar_ends_where_calendars_end(client: Client) -> None:
    assert client.get("/calendar/", {"month": "1970-01"}).context["before"] is None
    assert client.get("/calendar/", {"month": "2100-12"}).context["after"] is None


@pytest.mark.parametrize(
    "month",
    ["", "2026-13", "2026-00", "1969-12", "2101-01", "x", "2026-1", "٢٠٢٦-١١", "9" * 5000, "a\0b"],
)
def test_nonsense_is_this_month(month: str, client: Client) -> None:
    answer = client.get("/calendar/", {"month": month})
    assert answer.status_code == 200
    today = answer.context["today"]
    assert answer.context["shown"] == today.replace(day=1)


def test_the_calendar_says_nothing_about_the_course(client: Client) -> None:
    text = client.get("/calendar/").content.decode().lower()
    assert "kenali" not in text.replace("course/calendar", "")
    assert "kenali.css" not in text
