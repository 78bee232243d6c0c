"""What must be true of every page, whoever opens it: a new route is in here by itself.

Pages are the rows of the access table that answer GET with 200, for each persona, and the pages
that only come up on the way (mistakes in forms, cards, refusals).
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import urljoin, urlsplit

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client, override_settings
from django.urls import Resolver404, resolve, reverse
from django.utils import translation

from course.roles import Role
from course.services.invitations import create_invitation
from tests.access_table import Row, all_rows, furnish
from tests.personas import ADMINISTRATOR, ANONYMOUS, LEARNER, PERSONAS, World, make_world
from tests.reading_html import Page, read_page

pytestmark = pytest.mark.django_db

ROWS = [row for row in all_rows() if row.method == "GET" and 200 in row.expect.values()]
NO_FRAME = frozenset({"healthz", "course:exit_calendar"})  # not pages of the course

# Titles are read over shoulders and in histories. Each new one is looked at here, by a person.
TITLES = {
    "Account",
    "Assign",
    "Assigned",
    "Before and after",
    "Card",
    "Cards",
    "Certificate",
    "Certificates",
    "Check",
    "Cohort",
    "Cohorts",
    "Does it work?",
    "Done",
    "File",
    "Five minutes",
    "Handout",
    "Home",
    "Invitations",
    "Keys for programs",
    "Lesson",
    "Look up",
    "Messages",
    "Module",
    "My account",
    "My calendar",
    "My data",
    "My map",
    "My team",
    "Not here",
    "Not open",
    "Not understood",
    "Office",
    "Offices",
    "Once more",
    "Organisation",
    "People",
    "People from a list",
    "Person",
    "Please try again",
    "Preview",
    "Privacy",
    "Progress",
    "Question",
    "Questions",
    "Quiz",
    "Quizzes",
    "Record of changes",
    "Reminders",
    "Renewals",
    "Report",
    "Result",
    "Results",
    "Send regularly",
    "Sent regularly",
    "Sign in",
    "Sorry",
    "Style",
    "Summary",
    "Today",
    "Welcome",
    "What comes back",
    "What is kept",
    "What stayed",
    "Your code",
}
TELLING = re.compile(
    r"traffick|exploit|victim|surviv|abuse|sex|rescue|police|danger|safe|exit"
    r"|pemerdagang|dagang|eksploit|mangsa|seks|polis|bahaya|selamat(?! datang)",
    re.IGNORECASE,
)


@pytest.fixture
def furnished() -> World:
    world = make_world()
    furnish(world)
    return world


def assert_whole(page: Page, address: str, *, frame: bool = True) -> None:
    """Everything that needs the page only."""
    assert page.unclosed == []
    assert len(page.all("h1")) == 1
    assert page.all("html")[0]["lang"] in {"en", "ms"}
    twice = {one for one in page.ids if page.ids.count(one) > 1}
    assert twice == set()
    assert_no_inline_code(page)
    assert_stays_here(page)
    if frame:
        assert_frame(page, address)
        assert_links_lead_somewhere(page, address)


def assert_no_inline_code(page: Page) -> None:
    for name, attributes in page.elements:
        assert name != "style"
        assert not [one for one in attributes if one == "style" or one.startswith("on")]
        assert not attributes.get("href", "").lower().startswith(("javascript:", "data:"))
    assert all(script.get("src") for script in page.all("script"))


def assert_stays_here(page: Page) -> None:
    """Nothing is fetched from, or sent to, another host; links that leave say so to the browser."""
    for name, attributes in page.elements:
        for what in ("src", "href", "action", "formaction", "poster", "data"):
            target = attributes.get(what, "")
            if not urlsplit(target).netloc:
                continue
            assert (name, what) == ("a", "href"), f"<{name} {what}={target}>"
            assert {"noreferrer", "noopener"} <= set(attributes.get("rel", "").split())


def assert_frame(page: Page, address: str) -> None:
    (leave,) = page.all("form", action=reverse("course:exit"))
    assert leave["method"] == "post"
    assert leave["data-exit"] == reverse("course:exit_calendar")
    assert leave["data-title"]
    # A preview chooses its own language, which changes nothing about the person.
    assert address.startswith("/preview/") or page.all("form", action=reverse("course:language"))
    assert page.all("a", href="#content")
    assert "content" in page.ids
    title, _dot, name = page.title.strip().rpartition(" · ")
    assert name == "Kenali"
    assert not TELLING.search(title)
    if page.all("html")[0]["lang"] == "en":
        assert title in TITLES


def assert_links_lead_somewhere(page: Page, address: str) -> None:
    for attributes in page.all("a"):
        if attributes["href"].startswith("#"):
            assert attributes["href"][1:] in page.ids, f"{attributes['href']} is not on {address}"
            continue
        target = urlsplit(urljoin(address, attributes["href"]))
        if target.netloc:
            continue
        assert not TELLING.search(target.path)
        try:
            resolve(target.path)
        except Resolver404:
            pytest.fail(f"{attributes['href']} on {address} leads nowhere")


def open_row(row: Row, world: World, persona: str, language: str = "en") -> None:
    address = reverse(row.route, kwargs=row.path(world.harbour.ids) if row.path else None)
    client = world.client(persona)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    query = {key: str(value) for key, value in row.body(world.harbour.ids).items()}
    answer = client.get(address, query)
    assert answer.status_code == 200
    assert "Content-Security-Policy" in answer.headers
    if answer.headers["Content-Type"].startswith("text/html"):
        frame = row.route not in NO_FRAME
        page = read_page(answer.content.decode())
        assert page.all("html")[0]["lang"] == language
        assert_whole(page, address, frame=frame)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.label)
def test_page(row: Row, furnished: World) -> None:
    for persona in PERSONAS:
        if row.expect[persona] == 200:
            open_row(row, furnished, persona)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.label)
def test_page_in_malay(row: Row, furnished: World) -> None:
    most_first = (ADMINISTRATOR, *PERSONAS)
    persona = next(one for one in most_first if row.expect[one] == 200)
    for user in furnished.users.values():
        user.language = "ms"
        user.save()
    with translation.override("ms", deactivate=True):  # the next test is in English again
        open_row(row, furnished, persona, language="ms")


# --- pages that come up on the way --------------------------------------------------------------


def _wrong_sign_in(world: World) -> tuple[object, str]:
    return world.client(ANONYMOUS).post("/sign-in/", {"username": "x"}), "/sign-in/"


def _welcome(world: World) -> tuple[object, str]:
    client = world.client(ANONYMOUS)
    client.post("/join/", {"code": world.harbour.code})
    return client.get("/welcome/"), "/welcome/"


def _welcome_for_known(world: World) -> tuple[object, str]:
    client = world.client("outsider")
    client.post("/join/", {"code": world.harbour.code})
    return client.get("/welcome/"), "/welcome/"


def _fresh_card(world: World) -> tuple[object, str]:
    data = {"role": "learner", "cohort": "", "max_uses": "1", "days": "3"}
    client = world.client(ADMINISTRATOR)
    made = client.post("/organisation/invitations/", data)
    address: str = made.headers["Location"]
    return client.get(address), address


def _one_time_link(world: World) -> tuple[object, str]:
    address = f"/organisation/people/{world.harbour.learner.id}/link/"
    return world.client(ADMINISTRATOR).post(address), address


def _saved(world: World) -> tuple[object, str]:
    client = world.client(LEARNER)
    client.post("/account/details/", {"display_name": "Jo"})
    return client.get("/account/"), "/account/"


def _absent(world: World) -> tuple[object, str]:
    return world.client(LEARNER).get("/no-such-page/"), "/no-such-page/"


def _refused(world: World) -> tuple[object, str]:
    return world.client(LEARNER).get("/organisation/"), "/organisation/"


def _stale_form(world: World) -> tuple[object, str]:
    client = Client(enforce_csrf_checks=True)
    return client.post("/sign-in/", {"username": "x"}), "/sign-in/"


ON_THE_WAY: dict[str, tuple[Callable[[World], tuple[object, str]], int]] = {
    "wrong sign-in": (_wrong_sign_in, 422),
    "welcome": (_welcome, 200),
    "welcome for somebody known": (_welcome_for_known, 200),
    "fresh card": (_fresh_card, 200),
    "one-time link": (_one_time_link, 200),
    "after saving": (_saved, 200),
    "absent": (_absent, 404),
    "refused": (_refused, 403),
    "stale form": (_stale_form, 403),
}


@pytest.mark.parametrize("name", ON_THE_WAY)
def test_page_on_the_way(name: str, furnished: World) -> None:
    make, status = ON_THE_WAY[name]
    answer, address = make(furnished)
    assert answer.status_code == status  # type: ignore[attr-defined]
    page = read_page(answer.content.decode())  # type: ignore[attr-defined]
    assert_whole(page, address)


def test_what_was_saved_is_said(furnished: World) -> None:
    answer, _address = _saved(furnished)
    assert 'role="status"' in answer.content.decode()  # type: ignore[attr-defined]


@pytest.mark.parametrize("code", ["400", "403", "403_csrf", "404", "500"])
@pytest.mark.parametrize("language", ["en", "ms"])
def test_error_pages_need_nothing(code: str, language: str) -> None:
    """Django draws some without a request; an error in an error page would show nothing at all."""
    with translation.override(language):
        assert_whole(read_page(render_to_string(f"{code}.html")), "/")


def test_a_broken_view_shows_the_page_for_it(client: Client) -> None:
    client.raise_request_exception = False
    with override_settings(ROOT_URLCONF="tests.course.broken_urls"):
        answer = client.get("/broken/")
    assert answer.status_code == 500
    assert "Content-Security-Policy" in answer.headers
    assert "something broke on our side" in answer.content.decode()


def test_absent_pages_say_nothing_about_what_was_asked(client: Client) -> None:
    answer = client.get("/no-such-page/")
    body = answer.content.decode().replace(
        'value="/no-such-page/"', ""
    )  # the language form's way back
    assert "no-such-page" not in body


def test_pages_of_visitors_set_no_cookie(client: Client) -> None:
    answer = client.get("/privacy/")
    assert not answer.cookies
    assert 'name="csrfmiddlewaretoken"' not in answer.content.decode()


def test_the_words_that_tell_are_found() -> None:
    """The guard itself: it must see what it is for, in both languages."""
    for word in ("Trafficking", "Sexual", "Pemerdagangan orang", "Eksploitasi", "Safety"):
        assert TELLING.search(word)
    assert not any(TELLING.search(title) for title in TITLES)


def test_times_are_shown_in_the_time_zone_of_the_site(world: World) -> None:
    """20:30 in London's time is the next day in Kuala Lumpur; days come before months."""
    evening = datetime(2026, 3, 4, 20, 30, tzinfo=UTC)
    create_invitation(
        actor=world.harbour.administrator,
        role=Role.LEARNER,
        cohort=None,
        max_uses=1,
        days=7,
        at=evening,
    )
    page = world.client(ADMINISTRATOR).get("/organisation/invitations/").content.decode()
    assert "5 March 2026" in page
    assert "March 4, 2026" not in page
