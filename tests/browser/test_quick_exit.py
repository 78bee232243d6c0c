"""Leaving in a hurry, as a person would: by thumb, by Esc three times, without script, and Back."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import DESKTOP, PHONE, START, NewPage, SignIn
from tests.personas import ADMINISTRATOR, ANONYMOUS, LEARNER, World

BLANK_MS = 300  # from the third press to an empty page
SECRETS = ("My account", "Kenali", "harbour-learner")
# Runs inside the page: what a person looking at the screen could read.
SEEN = "() => document.body.innerText.trim() + document.title"


def press_escape(page: Page, times: int = 3) -> None:
    for _time in range(times):
        page.keyboard.press("Escape")


def assert_gone(page: Page) -> None:
    """The calendar stands where the course was."""
    page.wait_for_url("**/calendar/")
    expect(page).to_have_title("Calendar")
    text = page.inner_text("body")
    assert not any(secret in text for secret in SECRETS)


def stall(page: Page, pattern: str) -> list[Route]:
    """Let requests hang, so that the moment before the answer can be looked at."""
    hanging: list[Route] = []

    def keep(route: Route) -> None:
        hanging.append(route)

    page.route(pattern, keep)
    return hanging


def test_escape_three_times_leaves_and_back_does_not_return(
    desktop_page: Page, sign_in: SignIn, session_of: Callable[[Page], str]
) -> None:
    page = desktop_page
    sign_in(page, LEARNER)
    before = session_of(page)
    page.goto("/")
    page.goto("/account/")
    press_escape(page)
    assert_gone(page)
    assert not session_of(page)
    assert not Session.objects.filter(session_key=before).exists()
    for _step in range(2):
        page.go_back()
        assert_gone(page)


def test_a_tap_leaves(page: Page, sign_in: SignIn) -> None:
    sign_in(page, LEARNER)
    page.goto("/account/")
    page.get_by_role("button", name="Leave").tap()
    assert_gone(page)
    page.go_back()
    assert_gone(page)


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_without_script_the_button_leaves(
    new_page: NewPage, sign_in: SignIn, viewport: dict[str, int]
) -> None:
    page = new_page(java_script_enabled=False, viewport=viewport)
    sign_in(page, LEARNER)
    page.goto("/account/")
    page.get_by_role("button", name="Leave").click()
    assert_gone(page)
    page.go_back()
    assert_gone(page)


# Chromium delivers no question to a page that is being left, but it still hears what the page says.
# From the third press (or the finger on the glass) it looks at each frame whether it is empty.
WATCH = """() => {
  const start = () => {
    const began = performance.now();
    const look = () => {
      if (document.body.innerText.trim()) return requestAnimationFrame(look);
      const blank = [performance.now() - began, document.title, location.pathname];
      console.log(JSON.stringify(blank));
    };
    look();
  };
  let presses = 0;
  addEventListener("keydown", () => { if (++presses === 3) start(); });
  addEventListener("pointerdown", start);
}"""


@pytest.mark.parametrize("how", ["escape", "tap"])
def test_the_page_is_blank_before_the_server_answers(page: Page, sign_in: SignIn, how: str) -> None:
    sign_in(page, LEARNER)
    page.goto("/account/")
    hanging = stall(page, "**/exit/")
    page.evaluate(WATCH)
    with page.expect_console_message() as said:
        if how == "escape":
            press_escape(page)
        else:
            box = page.get_by_role("button", name="Leave").bounding_box()
            assert box is not None
            page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    after, title, path = json.loads(said.value.text)
    assert after < BLANK_MS
    assert title == "Calendar"
    assert path == "/calendar/", "the address must not say what was open"
    page.wait_for_timeout(200)
    assert len(hanging) == 1, "asked, and not answered yet"
    hanging[0].continue_()
    assert_gone(page)


def test_a_nervous_hand_on_escape_does_not_stop_the_leaving(page: Page, sign_in: SignIn) -> None:
    """Esc makes a browser stop loading, unless the page says that it has used the key itself."""
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text))
    sign_in(page, LEARNER)
    page.goto("/account/")
    hanging = stall(page, "**/exit/")
    page.evaluate("() => addEventListener('keydown', (e) => console.log(e.defaultPrevented))")
    press_escape(page, times=12)
    page.wait_for_timeout(300)
    assert said[-12:] == ["false"] * 2 + ["true"] * 10
    assert len(hanging) == 1, "one request, neither stopped nor sent again"
    hanging[0].continue_()
    assert_gone(page)


def test_without_a_connection_the_page_is_blank_all_the_same(page: Page, sign_in: SignIn) -> None:
    sign_in(page, LEARNER)
    page.goto("/account/")
    page.route("**/exit/", lambda route: route.abort())
    press_escape(page)
    page.wait_for_timeout(500)
    text = page.evaluate(SEEN)
    assert not any(secret in text for secret in SECRETS)


def test_two_presses_or_slow_ones_leave_nothing(page: Page, sign_in: SignIn) -> None:
    """Esc is also pressed by habit; it must take a clear wish."""
    sign_in(page, LEARNER)
    page.goto("/account/")
    press_escape(page, times=2)
    page.wait_for_timeout(1700)
    press_escape(page, times=2)
    page.keyboard.press("a")
    page.wait_for_timeout(300)
    assert page.url.endswith("/account/")
    expect(page.get_by_role("heading", level=1)).to_have_text("My account")


def test_escape_works_while_typing(page: Page) -> None:
    page.goto("/sign-in/")
    page.get_by_role("textbox", name="Sign-in name").fill("harbour-learner")
    press_escape(page)
    assert_gone(page)


def test_start_page_leads_back_on_purpose(page: Page, sign_in: SignIn) -> None:
    sign_in(page, LEARNER)
    page.goto("/account/")
    press_escape(page)
    assert_gone(page)
    page.goto("/sign-in/")
    assert_gone(page)
    page.get_by_role("button", name="Start page").click()
    page.wait_for_url(START)
    expect(page.get_by_role("link", name="Kenali")).to_be_visible()


# What lies at the middle of the button, and is the button wholly on the screen?
UNCOVERED = """() => {
  const button = document.querySelector(".exit__button");
  const box = button.getBoundingClientRect();
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  const inside =
    box.top >= 0 && box.left >= 0 && box.bottom <= innerHeight && box.right <= innerWidth;
  return { free: button.contains(top), inside, width: box.width, height: box.height };
}"""


def assert_in_reach(page: Page) -> None:
    for place in (0, 0.5, 1):
        page.evaluate("(part) => scrollTo(0, part * document.body.scrollHeight)", place)
        seen: dict[str, Any] = page.evaluate(UNCOVERED)
        assert seen["free"], f"covered at {place} of {page.url}: {seen}"
        assert seen["inside"], f"off the screen at {place} of {page.url}: {seen}"
        assert min(seen["width"], seen["height"]) >= 48


ADDRESSES = [
    (ANONYMOUS, "/"),
    (ANONYMOUS, "/sign-in/"),
    (ANONYMOUS, "/privacy/"),
    (ANONYMOUS, "/no-such-page/"),
    (LEARNER, "/"),
    (LEARNER, "/account/"),
    (LEARNER, "/modules/m1/l1/1/"),
    (ADMINISTRATOR, "/organisation/people/"),
    (ADMINISTRATOR, "/style/"),
    (ADMINISTRATOR, "/style/#source-who-2003"),  # with a source opened over the page
]


@pytest.mark.parametrize(
    "viewport",
    [PHONE, {"width": 320, "height": 480}, {"width": 740, "height": 360}, DESKTOP],
    ids=["phone", "small phone", "phone on its side", "desktop"],
)
def test_the_button_is_in_reach_on_every_page(
    new_page: NewPage, sign_in: SignIn, viewport: dict[str, int], world: World
) -> None:
    for persona in (ANONYMOUS, LEARNER, ADMINISTRATOR):
        page = new_page(viewport=viewport)
        sign_in(page, persona)
        for who, address in ADDRESSES:
            if who == persona:
                page.goto(address)
                assert_in_reach(page)
