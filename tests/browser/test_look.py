"""Pages as they are used: readable by everybody, no sideways scrolling, big enough for a thumb."""

import gzip

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Page, Response, Route, expect

from modules.services.loading import load_course
from tests.browser.conftest import DESKTOP, PHONE, START, NewPage, SignIn
from tests.personas import ADMINISTRATOR, ANONYMOUS, AT, LEARNER, World

PAGES = [
    (ANONYMOUS, "/"),
    (ANONYMOUS, "/sign-in/"),
    (ANONYMOUS, "/join/"),
    (ANONYMOUS, "/join/ABCD-EFGH/"),
    (ANONYMOUS, "/link/ABCD-EFGH/"),
    (ANONYMOUS, "/privacy/"),
    (ANONYMOUS, "/calendar/"),
    (ANONYMOUS, "/verify/0192d3c4-1111-4222-8333-abcdefabcdef/"),
    (LEARNER, "/"),
    (LEARNER, "/account/"),
    (LEARNER, "/modules/m1/"),
    (LEARNER, "/modules/m1/l1/1/"),
    (LEARNER, "/modules/m1/l1/handout/"),
    (LEARNER, "/reference/"),
    (LEARNER, "/certificate/"),
    (ADMINISTRATOR, "/"),
    (ADMINISTRATOR, "/progress/"),
    (ADMINISTRATOR, "/organisation/"),
    (ADMINISTRATOR, "/organisation/people/"),
    (ADMINISTRATOR, "/organisation/cohorts/"),
    (ADMINISTRATOR, "/organisation/invitations/"),
    (ADMINISTRATOR, "/organisation/record/"),
    (ADMINISTRATOR, "/organisation/certificates/"),
    (ADMINISTRATOR, "/style/"),
]
# WCAG 2.2 A and AA, and what axe calls best practice.
RULES = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}


def violations(page: Page) -> list[str]:
    found = Axe().run(page, options=RULES).response["violations"]
    return [
        f"{one['id']}: {node['target']} {node['failureSummary']}"
        for one in found
        for node in one["nodes"]
    ]


def visit(page: Page, sign_in: SignIn, persona: str) -> list[str]:
    """Sign in and name the addresses of this persona."""
    sign_in(page, persona)
    return [address for who, address in PAGES if who == persona]


@pytest.mark.parametrize("persona", [ANONYMOUS, LEARNER, ADMINISTRATOR])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_axe_finds_nothing(
    new_page: NewPage, sign_in: SignIn, viewport: dict[str, int], scheme: str, persona: str
) -> None:
    page = new_page(viewport=viewport, color_scheme=scheme)
    for address in visit(page, sign_in, persona):
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
        assert violations(page) == [], address


def test_axe_itself_finds_what_is_wrong(page: Page, world: World) -> None:
    """The guard: a label taken away must be noticed."""
    page.goto("/sign-in/")
    page.evaluate("document.querySelector('label[for=door-code]').remove()")
    assert any(one.startswith("label:") for one in violations(page))


@pytest.mark.parametrize("persona", [ANONYMOUS, LEARNER, ADMINISTRATOR])
@pytest.mark.parametrize("language", ["en", "ms"])
def test_nothing_scrolls_sideways_at_320(
    new_page: NewPage, sign_in: SignIn, world: World, persona: str, language: str
) -> None:
    for user in world.users.values():
        user.language = language
        user.save()
    page = new_page(viewport={"width": 320, "height": 640}, locale=language)
    for address in visit(page, sign_in, persona):
        page.goto(address)
        over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert over <= 0, f"{address} is {over} px too wide"


# Everything that is tapped, except links inside a text, which WCAG excepts too.
SMALL = """() => [...document.querySelectorAll(
    "button, summary, select, .button, .tab, .chip, .row, .field--check label, .field--group label,"
    + " .field input:not([type=radio], [type=checkbox])")]
  .filter((one) => one.checkVisibility())
  .map((one) => [one.className || one.tagName, one.getBoundingClientRect()])
  .filter(([, box]) => box.height < 48 || box.width < 48)
  .map(([name, box]) => `${name} ${Math.round(box.width)} x ${Math.round(box.height)}`)"""


@pytest.mark.parametrize("viewport", [PHONE, {"width": 320, "height": 640}, DESKTOP])
def test_targets_are_big_enough_for_a_thumb(
    new_page: NewPage, sign_in: SignIn, viewport: dict[str, int]
) -> None:
    page = new_page(viewport=viewport)
    for address in ["/sign-in/", *visit(page, sign_in, ADMINISTRATOR)]:
        page.goto(address)
        assert page.evaluate(SMALL) == [], address


def test_a_source_opens_in_place_without_script(new_page: NewPage, sign_in: SignIn) -> None:
    page = new_page(java_script_enabled=False)
    sign_in(page, ADMINISTRATOR)
    page.goto("/style/")
    cite = page.locator(".prose .cite").first
    cite.scroll_into_view_if_needed()
    place = cite.bounding_box()
    cite.click()
    sheet = page.locator("#source-ilo-11-2012")
    expect(sheet.get_by_text("We read all of it.")).to_be_in_viewport()
    assert cite.bounding_box() == place, "the text behind must not move"
    sheet.get_by_role("link", name="Close").click()
    expect(sheet.get_by_text("We read all of it.")).to_be_hidden()
    assert cite.bounding_box() == place


def test_blocks_open_without_script(new_page: NewPage, sign_in: SignIn) -> None:
    page = new_page(java_script_enabled=False)
    sign_in(page, ADMINISTRATOR)
    page.goto("/style/")
    choice = page.locator("details.choice--unfit").first
    expect(choice.get_by_text("This does not fit")).to_be_hidden()
    choice.locator("summary").tap()
    expect(choice.get_by_text("This does not fit")).to_be_visible()


def test_the_first_mistake_has_the_focus(page: Page, world: World) -> None:
    page.goto("/sign-in/")
    page.get_by_role("button", name="Sign in").tap()
    summary = page.locator("[data-summary]")
    expect(summary).to_be_focused()
    summary.get_by_role("link").first.click()
    expect(page.get_by_role("textbox", name="Sign-in name")).to_be_focused()


def test_a_form_is_sent_once(page: Page, world: World) -> None:
    """A thumb that taps twice on a slow line must not make two of anything."""
    hanging: list[Route] = []

    def keep(route: Route) -> None:
        hanging.append(route)

    page.goto("/join/")
    page.get_by_role("textbox", name="Your code").fill("ABCD")
    page.route("**/join/", keep)
    page.evaluate(
        """() => {
          const button = document.querySelector("main form button");
          button.click();
          setTimeout(() => button.click(), 300);
        }"""
    )
    page.wait_for_timeout(900)
    assert len(hanging) == 1
    hanging[0].continue_()
    page.get_by_role("alert").wait_for()


def test_print_is_offered_only_where_it_works(new_page: NewPage, sign_in: SignIn) -> None:
    for script, count in ((True, 1), (False, 0)):
        page = new_page(java_script_enabled=script)
        sign_in(page, ADMINISTRATOR)
        page.goto("/style/")
        assert page.get_by_role("button", name="Print").count() == count


def test_a_lesson_is_light(page: Page, sign_in: SignIn) -> None:
    """The heaviest step of the course, cold and compressed: at most 60 kB and 8 requests."""
    load_course(root=settings.BASE_DIR, at=AT)
    bodies: dict[str, int] = {}

    def weigh(response: Response) -> None:
        bodies[response.url] = len(gzip.compress(response.body()))

    sign_in(page, LEARNER)
    page.on("response", weigh)
    page.goto("/modules/responding/referral/7/")
    page.wait_for_load_state("networkidle")
    assert len(bodies) <= 8, bodies
    assert sum(bodies.values()) <= 60 * 1024, bodies


def test_coming_back_after_signing_out_shows_nothing(page: Page, sign_in: SignIn) -> None:
    sign_in(page, LEARNER)
    page.goto("/account/")
    page.get_by_role("button", name="Sign out", exact=True).tap()
    page.wait_for_url(START)
    page.evaluate("() => { setTimeout(() => history.back()) }")  # go_back() dislikes the reload
    page.wait_for_url("**/sign-in/**")
    assert "harbour-learner" not in page.inner_text("body")


def test_a_page_that_was_kept_is_hidden_and_asked_for_again(page: Page, world: World) -> None:
    """Browsers keep whole pages for Back when they like; here the page is told that it was one."""
    page.goto("/privacy/")
    page.evaluate("() => dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")
    expect(page.locator("h1")).to_be_hidden()
    page.evaluate("() => { window.kept = true }")
    page.evaluate(
        "() => { dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })) }"
    )
    expect(page.locator("h1")).to_be_visible()
    assert page.evaluate("() => window.kept") is None
