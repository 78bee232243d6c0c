"""Walk 10 of trainers, did it work; and a learner's few minutes, on a phone and without script."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from modules.models import Review
from tests.browser.conftest import DESKTOP, PHONE, NewPage, SignIn
from tests.modules.keeping import CONTROL_MODULE, DAY, complete, publish_keeping
from tests.personas import LEARNER, TRAINER, World

SESSION = 6


@pytest.fixture
def course(world: World) -> World:
    """A bank with refreshers; the learner completed a module about a stage three days ago."""
    publish_keeping()
    complete(world.harbour.learner, key=CONTROL_MODULE, at=timezone.now() - 3 * DAY)
    return world


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP])
def test_did_it_work_is_one_click_from_the_cohort(
    new_page: NewPage, sign_in: SignIn, course: World, viewport: dict[str, int]
) -> None:
    page = new_page(viewport=viewport)
    sign_in(page, TRAINER)
    page.goto(f"/organisation/cohorts/{course.harbour.first_cohort.id}/today/")
    page.get_by_role("link", name="Before and after").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Before and after")
    expect(page.get_by_text("took the first test and the last")).to_be_visible()
    expect(page.get_by_role("heading", name="Who is missing")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("script", [True, False])
def test_a_few_minutes_from_the_home(
    new_page: NewPage, sign_in: SignIn, course: World, script: bool
) -> None:
    page: Page = new_page(viewport=PHONE, java_script_enabled=script)
    sign_in(page, LEARNER)
    page.goto("/refresh/")
    page.get_by_role("button", name=re.compile("^Start")).tap()
    for number in range(1, SESSION + 1):
        expect(page).to_have_url(re.compile(rf"/{number}/$"))
        page.locator("input[name=concern][value=yes]").tap()
        page.get_by_role("button", name="Save and go on").tap()
        expect(page.locator("#told")).to_be_visible()
        page.get_by_role("link", name="Continue").tap()
    page.get_by_role("button", name="Hand in").tap()
    expect(page.get_by_role("heading", name="Case by case")).to_be_visible()
    assert Review.objects.of_person(course.harbour.learner).count() == SESSION
    page.goto("/refresh/")
    expect(page.get_by_text("Done for today.")).to_be_visible()
