"""Walk 10 of the learner: proof for the manager, in two clicks, without script, for anybody."""

import re
import time

import pytest
from playwright.sync_api import Page, expect

from modules.models import Certificate
from tests.browser.conftest import NewPage, SignIn
from tests.browser.test_look import violations
from tests.personas import ADMINISTRATOR, ANONYMOUS, LEARNER, World

LIMIT = 5  # seconds, with the two clicks


def number_of(world: World) -> str:
    return str(Certificate.objects.of_person(world.harbour.learner).standing().get().uuid)


@pytest.mark.parametrize("script", [False, True])
def test_proof_for_the_manager_in_two_clicks(
    script: bool, new_page: NewPage, sign_in: SignIn, world: World
) -> None:
    page = new_page(java_script_enabled=script)
    sign_in(page, LEARNER)
    page.goto("/")
    begun = time.monotonic()
    page.get_by_role("link", name="Your certificate").tap()
    with page.expect_download() as download:
        page.get_by_role("link", name="PDF, English").tap()
    assert time.monotonic() - begun < LIMIT
    content = download.value.path().read_bytes()
    assert content.startswith(b"%PDF-1.7")
    assert download.value.suggested_filename == "kenali.pdf"
    # What the page says it will show is what a stranger without an account sees.
    expect(page.get_by_text("Valid until")).to_be_visible()
    stranger = new_page(java_script_enabled=script)
    stranger.goto(f"/verify/{number_of(world)}/")
    expect(stranger.get_by_role("heading", level=1)).to_have_text("This certificate is valid")
    assert "canary" not in stranger.content()
    assert stranger.title() == "Check · Kenali"


def test_a_holder_changes_what_it_shows_and_prints_it(page: Page, sign_in: SignIn) -> None:
    sign_in(page, LEARNER)
    page.goto("/certificate/")
    page.locator("summary", has_text="Change what it shows").tap()
    page.get_by_label("Name on the certificate").fill("Aisyah")
    page.get_by_label("Show this name to whoever checks the certificate").check()
    page.get_by_role("button", name="Replace it").tap()
    expect(page.get_by_text("Aisyah").first).to_be_visible()
    expect(page.get_by_text("Replaced", exact=True)).to_be_visible()
    page.get_by_role("link", name=re.compile("^Show or print it")).tap()
    expect(page.locator(".paper__name")).to_have_text("Aisyah")
    expect(page.locator(".paper__code svg")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_an_administrator_withdraws_one(desktop_page: Page, sign_in: SignIn, world: World) -> None:
    page, number = desktop_page, number_of(world)
    sign_in(page, ADMINISTRATOR)
    page.goto("/organisation/")
    page.get_by_role("link", name=re.compile("^Certificates")).click()
    page.get_by_role("link", name=f"{world.harbour.canary} learner").first.click()
    page.get_by_label("Reason").fill("Issued by mistake")
    page.get_by_role("button", name="Withdraw", exact=True).click()
    expect(page.get_by_text("Issued by mistake")).to_be_visible()
    page.goto(f"/verify/{number}/")
    expect(page.get_by_role("heading", level=1)).to_have_text("This certificate was withdrawn")
    assert "mistake" not in page.content()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_about_certificates_is_readable_by_everybody(
    new_page: NewPage, sign_in: SignIn, world: World, scheme: str
) -> None:
    number = number_of(world)
    for persona, address in (
        (LEARNER, "/certificate/"),
        (LEARNER, f"/certificate/{number}/"),
        (ADMINISTRATOR, "/certificate/"),
        (ADMINISTRATOR, "/organisation/certificates/"),
        (ADMINISTRATOR, f"/organisation/certificates/{number}/"),
        (ANONYMOUS, f"/verify/{number}/"),
    ):
        page = new_page(color_scheme=scheme)
        sign_in(page, persona)
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
        assert violations(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, address
