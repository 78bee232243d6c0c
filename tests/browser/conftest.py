"""A real browser, at the size of a phone or a desktop, signed in as whomever a test needs.

Every page opened through these fixtures also fails its test when the browser reports an error (a
script that breaks, a line the content policy stops, a missing file) or asks another host for
anything. That a page itself answers with 404 or 422 is for the test to judge.
"""

import os
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    sync_playwright,
)
from pytest_django.live_server_helper import LiveServer

from tests.access_table import furnish
from tests.personas import ANONYMOUS, World, make_world

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 800}
START = re.compile(r"://[^/]+/$")  # the first page; the glob "**/" would fit every address
# Chromium does not know every feature that the policy switches off; that is no fault of a page.
HARMLESS = "Permissions-Policy header"

NewPage = Callable[..., Page]
SignIn = Callable[[Page, str], None]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives a browser."""
    for item in items:
        if "tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser(chromium_path: str) -> Iterator[Browser]:
    """One browser process for all tests; each page has a context, so a profile, of its own."""
    # Playwright's loop makes Django think that it runs in async code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=chromium_path,
            args=ARGUMENTS,
            # Playwright turns it off, people have it: whole pages kept for Back.
            ignore_default_args=["--disable-back-forward-cache"],
        )
        yield started
        started.close()


@pytest.fixture
def world(live_server: LiveServer) -> World:
    """Both organisations, the seven personas and a small course, where the server sees them."""
    made = make_world()
    furnish(made)
    return made


@pytest.fixture
def new_page(browser: Browser, live_server: LiveServer) -> Iterator[NewPage]:
    """Make a page: `new_page(viewport=DESKTOP, color_scheme="dark", java_script_enabled=False)`."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []
    host = urlsplit(live_server.url).netloc

    def hear(line: ConsoleMessage) -> None:
        about_a_page = "Failed to load" in line.text and "/static/" not in line.location["url"]
        if line.type == "error" and not about_a_page and HARMLESS not in line.text:
            complaints.append(f"console: {line.text} {line.location['url']}")

    def listen(page: Page) -> None:
        page.on("pageerror", lambda error: complaints.append(f"script: {error}"))
        page.on("console", hear)

    def watch(request: Request) -> None:
        if urlsplit(request.url).netloc != host:
            complaints.append(f"another host: {request.url}")

    def make(**options: Any) -> Page:
        options = {"viewport": PHONE, "has_touch": True, "reduced_motion": "reduce"} | options
        context = browser.new_context(base_url=live_server.url, **options)
        context.set_default_timeout(10_000)
        contexts.append(context)
        context.on("request", watch)
        context.on("page", listen)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """A phone of 360 x 740 with a touch screen."""
    return new_page()


@pytest.fixture
def desktop_page(new_page: NewPage) -> Page:
    """A desktop of 1280 x 800 with a mouse."""
    return new_page(viewport=DESKTOP, has_touch=False)


@pytest.fixture
def sign_in(world: World, live_server: LiveServer) -> SignIn:
    """Put the session cookie of a persona into the page's browser. Nothing for visitors."""

    def enter(page: Page, persona: str) -> None:
        if persona == ANONYMOUS:
            return
        cookie = world.client(persona).cookies[settings.SESSION_COOKIE_NAME]
        page.context.add_cookies(
            [{"name": cookie.key, "value": cookie.value, "url": live_server.url}]
        )

    return enter


@pytest.fixture
def session_of(live_server: LiveServer) -> Callable[[Page], str]:
    """The session cookie that the page's browser holds; "" for none."""

    def read(page: Page) -> str:
        cookies = page.context.cookies(live_server.url)
        held = [one["value"] for one in cookies if one["name"] == settings.SESSION_COOKIE_NAME]
        return held[0] if held else ""

    return read
