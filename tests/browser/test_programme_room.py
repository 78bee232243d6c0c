"""The trainer's walks 1, 4 and 7: Monday's look, what they see, a note beside an answer."""

import re
from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from quizzes.models import Attempt, Comment
from quizzes.services.attempting import items_of, record_response
from quizzes.services.grading import submit_attempt
from tests.browser.conftest import DESKTOP, PHONE, NewPage, SignIn
from tests.personas import LEARNER, TRAINER, World


class Clicks:
    """Taps, counted against the budget of the walk."""

    def __init__(self, page: Page) -> None:
        self.page, self.number = page, 0

    def link(self, name: str | re.Pattern[str]) -> None:
        self.number += 1
        self.page.get_by_role("link", name=name).first.click()

    def button(self, name: str) -> None:
        self.number += 1
        self.page.get_by_role("button", name=name).first.click()


def hand_in(world: World) -> Attempt:
    """The learner's open attempt of `furnish`, answered and handed in."""
    attempt = Attempt.objects.of_person(world.harbour.learner).get()
    for drawn in items_of(attempt):
        record_response(
            attempt=attempt,
            position=drawn.position,
            client_key=uuid4(),
            answer={"concern": True, "confidence": 95},
            at=timezone.now(),
        )
    return submit_attempt(attempt=attempt, at=timezone.now())


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP])
def test_mondays_look_is_one_click(
    new_page: NewPage, sign_in: SignIn, world: World, viewport: dict[str, int]
) -> None:
    page = new_page(viewport=viewport)
    sign_in(page, TRAINER)
    page.goto("/")
    clicks = Clicks(page)
    clicks.link(re.compile(world.harbour.first_cohort.name))
    for name in ("What is due", "Stuck", "Not started", "Needs a look"):
        expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()
    assert clicks.number <= 1
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_note_beside_an_answer_takes_two_clicks_and_reaches_the_learner(
    new_page: NewPage, sign_in: SignIn, world: World
) -> None:
    attempt = hand_in(world)
    page = new_page()
    sign_in(page, TRAINER)
    page.goto(f"/organisation/people/{attempt.membership_id}/attempts/")
    page.get_by_role("button", name="Open the answers").click()
    clicks, case = Clicks(page), page.locator("#case-1")
    case.get_by_text("Write a note", exact=True).click()
    clicks.number += 1
    case.get_by_label("Your note").fill("Read the first line once more.")
    case.get_by_role("button", name="Send").click()
    clicks.number += 1
    expect(page.locator("#case-1")).to_contain_text("Read the first line once more.")
    assert clicks.number <= 2
    assert Comment.objects.of_attempt(attempt).get().position == 1

    theirs = new_page()
    sign_in(theirs, LEARNER)
    theirs.goto(f"/quizzes/attempt/{attempt.id}/results/")
    expect(theirs.get_by_text("There is a note for you.")).to_be_visible()
    expect(theirs.locator("#case-1")).to_contain_text("Read the first line once more.")
    theirs.get_by_role("button", name="I have read it").click()
    expect(theirs.get_by_text("There is a note for you.")).to_have_count(0)


@pytest.mark.parametrize("script", [True, False])
def test_what_a_learner_sees_is_one_click_away_and_leaves_nothing(
    new_page: NewPage, sign_in: SignIn, world: World, *, script: bool
) -> None:
    page = new_page(java_script_enabled=script)
    sign_in(page, TRAINER)
    before = Attempt.objects.in_organization(world.harbour.organization).count()
    page.goto("/quizzes/short/")
    clicks = Clicks(page)
    clicks.link("Preview as a learner")
    expect(page.get_by_text("Preview, nothing is kept.")).to_be_visible()
    assert clicks.number <= 1
    clicks.link("Bahasa Melayu")
    expect(page.locator("html")).to_have_attribute("lang", "ms")
    page.goto("/preview/items/pp-v1/?quiz=short&on=2027-01-31")
    expect(page.get_by_text("31 January 2027")).to_be_visible()
    page.locator('input[name="concern"][value="yes"]').check(force=True)
    clicks.button("Save and go on")
    expect(page.locator("#told")).to_be_visible()
    assert Attempt.objects.in_organization(world.harbour.organization).count() == before
