"""Does it work? The page of pictures on a phone and a desktop, by eye, by keyboard and by axe."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, NewPage, SignIn
from tests.browser.test_look import violations
from tests.browser.test_programme_people import Clicks
from tests.modules.test_report_learning import full_house
from tests.personas import ADMINISTRATOR, World

PAGE = "/reports/learning/"


def test_from_the_report_to_what_was_learned_and_its_numbers(
    page: Page, sign_in: SignIn, world: World
) -> None:
    """One tap from the report; one more shows the numbers behind a picture."""
    full_house(world)
    sign_in(page, ADMINISTRATOR)
    page.goto("/reports/")
    clicks = Clicks(page)
    clicks.link("Does it work?")
    expect(page.get_by_role("heading", level=1)).to_have_text("Does it work?")
    expect(page.get_by_role("img", name="Before and after")).to_be_visible()
    expect(page.get_by_role("paragraph").filter(has_text="A clear gain.")).to_be_visible()
    card = page.locator(".chart-card", has=page.get_by_role("heading", name="Before and after"))
    clicks.number += 1
    card.locator("summary").click()
    expect(card.get_by_role("table")).to_be_visible()
    assert clicks.number <= 2
    pictures = page.locator("svg.chart")
    assert pictures.count() >= 4
    box = pictures.first.bounding_box()
    assert box is not None
    assert box["width"] > 250


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    new_page: NewPage, sign_in: SignIn, world: World, viewport: dict[str, int]
) -> None:
    full_house(world)
    for scheme in ("light", "dark"):
        page = new_page(viewport=viewport, color_scheme=scheme)
        sign_in(page, ADMINISTRATOR)
        page.goto(PAGE)
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
        assert violations(page) == []
        over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert over <= 0, f"{over} px too wide"


def test_without_script_and_with_the_keyboard(
    new_page: NewPage, sign_in: SignIn, world: World
) -> None:
    page = new_page(java_script_enabled=False)
    sign_in(page, ADMINISTRATOR)
    page.goto(PAGE)
    expect(page.get_by_text(re.compile("No share is shown for fewer than 5 people"))).to_have_count(
        2
    )
    summary = page.locator(".report-filters summary")
    summary.focus()
    page.keyboard.press("Enter")
    page.get_by_label("Cohort").select_option(label=world.harbour.first_cohort.name)
    page.get_by_role("button", name="Show").press("Enter")
    expect(page).to_have_url(re.compile(f"cohort={world.harbour.first_cohort.id}"))
    expect(page.get_by_role("link", name=re.compile("take this off"))).to_be_visible()
