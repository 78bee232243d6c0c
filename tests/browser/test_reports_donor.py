"""Walk 3C-3 for funders: from the report to a file in which small numbers are hidden."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE, NewPage, SignIn
from tests.browser.test_look import violations
from tests.browser.test_programme_people import Clicks
from tests.browser.test_reports_exports import come_in
from tests.modules.funding import furnish_offices
from tests.personas import ADMINISTRATOR, World

OFFICES = {"north": (21, 12), "south": (3, 9), "east": (30, 14), "west": (8, 16)}


def test_a_file_for_a_funder_is_three_clicks_from_the_report(
    new_page: NewPage, world: World
) -> None:
    """One to the summary, and two for the file: nothing has to be chosen on the way."""
    furnish_offices(world.harbour, OFFICES)
    page = new_page(viewport=DESKTOP, has_touch=False, java_script_enabled=False)
    come_in(page, world)
    page.goto("/reports/")
    clicks = Clicks(page)
    clicks.link("For funders")
    expect(page.get_by_text("60 of 110 learners completed the course")).to_be_visible()
    south = page.get_by_role("row", name="canaryharbour south")
    expect(south.get_by_text("hidden")).to_have_count(2)
    page.locator("details.files summary").first.click()
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV – Reach and completion by office").click()
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    assert "canaryharbour south,10,hidden,hidden" in text
    assert "canaryharbour administrator" not in text
    assert clicks.number + 2 <= 3


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_axe_finds_nothing_on_the_summary(
    new_page: NewPage,
    sign_in: SignIn,
    world: World,
    viewport: dict[str, int],
) -> None:
    furnish_offices(world.harbour, OFFICES)
    for scheme in ("light", "dark"):
        page = new_page(viewport=viewport, color_scheme=scheme, java_script_enabled=True)
        sign_in(page, ADMINISTRATOR)
        page.goto("/reports/donor/")
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
