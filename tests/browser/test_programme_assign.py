"""Walks 3A-2, 3B-2 and 3B-3: what do I do today, assign a quiz, one person needs longer."""

import re
import time
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from quizzes.days import day_of
from quizzes.duties import duties_of
from quizzes.models import Accommodation, Assignment
from tests.browser.conftest import NewPage, SignIn
from tests.personas import LEARNER, TRAINER, World


def cohort_page(world: World) -> str:
    return f"/organisation/cohorts/{world.harbour.first_cohort.id}/today/"


@pytest.mark.parametrize("script", [False, True])
def test_a_quiz_is_assigned_in_four_clicks_and_is_the_learners_one_card(
    script: bool, new_page: NewPage, sign_in: SignIn, world: World
) -> None:
    page = new_page(java_script_enabled=script)
    sign_in(page, TRAINER)
    page.goto(cohort_page(world))
    begun, due = time.monotonic(), day_of(timezone.now()) + timedelta(days=3)
    page.get_by_role("link", name="Assign", exact=True).tap()  # 1
    page.get_by_label("What").select_option(label="Short quiz")
    page.get_by_label(re.compile("^Due")).fill(due.isoformat())
    page.get_by_label("A word to them").fill("Before we meet.")
    page.get_by_role("button", name="See who gets it").tap()  # 2
    expect(page.get_by_role("heading", name="1 person gets it")).to_be_visible()
    expect(page.get_by_text("canaryharbour learner")).to_be_visible()
    page.get_by_role("button", name="Assign it").tap()  # 3
    expect(page.get_by_text("Done. It is on their home page now.")).to_be_visible()
    assert time.monotonic() - begun < 45
    assert page.evaluate("document.documentElement.scrollWidth") <= 360

    learner = new_page(java_script_enabled=script)
    sign_in(learner, LEARNER)
    learner.goto("/")
    card = learner.locator(".card.next")
    expect(card).to_contain_text("Short quiz")
    expect(card).to_contain_text(f"due {due:%a} {due.day} {due:%b}")
    expect(card).to_contain_text("minutes")
    assert learner.locator(".button--large").count() == 1  # nothing else is as loud
    expect(learner.get_by_text("“Before we meet.”")).to_be_visible()
    assert learner.title() == "Home · Kenali"


def test_an_overlap_is_never_silent(page: Page, sign_in: SignIn, world: World) -> None:
    sign_in(page, TRAINER)
    page.goto(f"/organisation/cohorts/{world.harbour.first_cohort.id}/assign/")
    page.get_by_label("What").select_option(label="Module 1")  # asked already by the furniture
    page.get_by_role("button", name="See who gets it").tap()
    expect(page.get_by_role("heading", name="Asked already")).to_be_visible()
    page.get_by_role("link", name="Change that one instead").tap()
    expect(page).to_have_url(re.compile("/organisation/assignments/"))
    page.get_by_role("button", name="Take back").tap()
    expect(page.get_by_text("Taken back. What people did stays.")).to_be_visible()
    assert (
        not Assignment.objects.of_cohort(world.harbour.first_cohort)
        .standing(timezone.now())
        .exists()
    )


def test_one_person_gets_longer_for_everything_in_three_clicks(
    page: Page, sign_in: SignIn, world: World
) -> None:
    learner = world.harbour.learner
    (before,) = duties_of(learner, at=timezone.now())
    sign_in(page, TRAINER)
    page.goto(f"/organisation/people/{learner.id}/assignments/")
    page.get_by_role("link", name="More time for everything").tap()  # 1
    page.get_by_label("More days until every due date").fill("7")
    page.get_by_role("button", name="Save").tap()  # 2
    expect(page.get_by_text("Saved.")).to_be_visible()
    assert Accommodation.objects.in_organization(learner.organization_id).get().extra_days == 7
    (after,) = duties_of(learner, at=timezone.now())
    assert after.due_at is not None
    assert before.due_at is not None
    assert after.due_at - before.due_at == timedelta(days=7)


def test_a_calendar_address_is_made_with_one_thumb(page: Page, sign_in: SignIn) -> None:
    sign_in(page, LEARNER)
    page.goto("/account/")
    page.locator("section", has=page.get_by_role("heading", name="My calendar")).get_by_role(
        "link"
    ).tap()
    page.get_by_role("button", name="Make a private address").tap()
    address = page.get_by_role("textbox", name="Address").input_value()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    answer = page.request.get(address)
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert "one thing is due" in answer.text()
