"""The trainer's walks 5, 6, 8 and 9: why they missed it, a wrong key, the sheet, the room."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from course.roles import Role
from quizzes.models import KeyCorrection, Room
from quizzes.published import current_bank
from quizzes.services.attempting import items_of, record_response, start_attempt
from quizzes.services.grading import submit_attempt
from tests.access_rows_quizzes import PRACTICE
from tests.browser.conftest import DESKTOP, NewPage, SignIn
from tests.browser.test_programme_room import Clicks
from tests.personas import TRAINER, World, make_membership, make_user, put_into


@pytest.fixture
def answered(world: World) -> World:
    """Ten more learners of the trainer's cohort missed the one practice case, a sign."""
    place, at = world.harbour, timezone.now()
    for number in range(10):
        user = make_user(f"seen-{number}", display_name=f"Somebody {number}")
        person = make_membership(place.organization, user, Role.LEARNER)
        put_into(place.first_cohort, person)
        quiz = current_bank().quizzes[PRACTICE.key]
        attempt = start_attempt(membership=person, quiz=quiz, at=at)
        for drawn in items_of(attempt):
            record_response(
                attempt=attempt,
                position=drawn.position,
                client_key=uuid4(),
                answer={"concern": False, "confidence": 95},
                at=at,
            )
        submit_attempt(attempt=attempt, at=at)
    return world


def from_the_cohort(page: Page, world: World) -> Clicks:
    """The page of the cohort, with no click yet."""
    page.goto(reverse("modules:cohort_today", args=[world.harbour.first_cohort.id]))
    return Clicks(page)


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_why_they_missed_it_and_the_key_corrected(
    page: Page, sign_in: SignIn, answered: World
) -> None:
    sign_in(page, TRAINER)
    clicks = from_the_cohort(page, answered)
    clicks.link("Why did they miss this?")
    assert fits(page)
    clicks.link(re.compile("^Case rr-v1"))
    expect(page.get_by_text("0 of 10 saw a concern.")).to_be_visible()
    expect(page.get_by_text("95 % sure")).to_be_visible()
    assert fits(page)
    assert clicks.number <= 2
    clicks = Clicks(page)
    clicks.link("Correct what counts as right")
    page.get_by_text("is ordinary", exact=True).click()
    clicks.number += 1
    clicks.button("See who changes")
    expect(page.get_by_text("10 results get better.")).to_be_visible()
    assert fits(page)
    page.get_by_label("Why?").fill("The text allows both.")
    clicks.button("Correct it")
    expect(page.get_by_text("You can take it back here at any time.")).to_be_visible()
    assert clicks.number <= 4
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_text("Every result is again what it was.")).to_be_visible()
    organization = answered.harbour.organization
    assert KeyCorrection.objects.in_organization(organization).filter(undo=None).count() == 1


def test_the_sheet_is_one_click_and_holds_no_name(
    desktop_page: Page, sign_in: SignIn, answered: World
) -> None:
    page = desktop_page
    sign_in(page, TRAINER)
    clicks = from_the_cohort(page, answered)
    clicks.link("Sheet for the next session")
    expect(page.get_by_role("heading", level=1)).to_have_text("For the next session")
    assert clicks.number == 1
    expect(page.get_by_role("button", name="Print")).to_be_visible()
    assert "Somebody" not in page.content()
    assert "10 of 10 were wrong" in page.content()


def test_a_case_in_the_room_with_a_phone(new_page: NewPage, sign_in: SignIn, world: World) -> None:
    wall, phone = new_page(viewport=DESKTOP, has_touch=False), new_page(java_script_enabled=False)
    sign_in(wall, TRAINER)
    clicks = from_the_cohort(wall, world)
    clicks.link("A case for the room")
    clicks.button("Case rr-v1.")
    room = Room.objects.of_cohort(world.harbour.first_cohort).filter(closed_at=None).get()
    expect(wall.get_by_text(room.code)).to_be_visible()
    assert clicks.number == 2
    phone.goto("/room/")
    phone.get_by_label("The code on the wall").fill(room.code.lower())
    phone.get_by_role("button", name="Continue").tap()
    phone.get_by_text("Yes, I would want to know more").tap()
    assert fits(phone)
    phone.get_by_role("button", name="Send").tap()
    expect(phone.get_by_text("Your answer is counted.")).to_be_visible()
    expect(wall.locator("[data-answers]")).to_have_text("1", timeout=10_000)  # by itself
    wall.get_by_label("No, this is ordinary").fill("3")
    wall.get_by_role("button", name="Show what is right").click()
    expect(wall.get_by_text("Found.")).to_be_visible()
    expect(wall.locator(".wall__right")).to_contain_text("1")
    assert fits(wall)


def test_the_room_works_without_script(new_page: NewPage, sign_in: SignIn, world: World) -> None:
    wall = new_page(java_script_enabled=False)
    sign_in(wall, TRAINER)
    clicks = from_the_cohort(wall, world)
    clicks.link("A case for the room")
    clicks.button("Case rr-v1.")
    wall.get_by_label("Yes, I would want to know more").fill("4")
    wall.get_by_role("button", name="Keep the hands").tap()
    expect(wall.locator("[data-answers]")).to_have_text("4")
    wall.get_by_role("button", name="Show what is right").tap()
    expect(wall.get_by_text("Found.")).to_be_visible()
