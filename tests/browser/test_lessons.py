"""A newcomer goes through a module: by touch, by keyboard alone, without script, on two devices."""

import re

import pytest
from playwright.sync_api import Page, expect

from course.models import SignInLink
from modules.models import LessonCompletion
from tests.browser.conftest import DESKTOP, NewPage, SignIn
from tests.personas import LEARNER, World

# The made-up course of `furnish`: two modules of two lessons of three steps.
STEPS, LESSONS = 3, 2


def finished(world: World) -> int:
    return int(LessonCompletion.objects.of_person(world.harbour.learner).count())


def test_a_newcomer_finishes_a_module_on_a_phone(page: Page, sign_in: SignIn, world: World) -> None:
    sign_in(page, LEARNER)
    page.goto("/")
    page.locator(".map__link", has_text="Module 1").tap()
    page.get_by_role("link", name=re.compile("^Lesson 1.1")).tap()
    expect(page).to_have_url(re.compile("/modules/m1/l1/1/$"))
    for _lesson in range(LESSONS):
        for _step in range(STEPS - 1):
            page.get_by_role("button", name="Continue").tap()
        page.get_by_role("button", name="Finish lesson").tap()
        expect(page.get_by_role("heading", level=1)).to_have_text("Lesson finished")
        page.get_by_role("link", name="Go on").tap()
    assert finished(world) == LESSONS


def test_a_self_check_explains_when_a_choice_is_opened(page: Page, sign_in: SignIn) -> None:
    sign_in(page, LEARNER)
    page.goto("/modules/m1/l1/1/")
    choice = page.locator("details.choice").first
    expect(choice.get_by_text("This fits")).to_be_hidden()
    choice.locator("summary").tap()
    expect(choice.get_by_text("This fits")).to_be_visible()


def press_until_focused(page: Page, name: str, most: int = 60) -> None:
    """Tab along until something with this name has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        told = page.evaluate("document.activeElement.textContent.trim()")
        if told.startswith(name):
            return
    raise AssertionError(f"{name} cannot be reached with Tab")


def test_a_lesson_is_finished_by_keyboard_alone(
    desktop_page: Page, sign_in: SignIn, world: World
) -> None:
    page = desktop_page
    sign_in(page, LEARNER)
    page.goto("/modules/m1/l1/1/")
    for number in range(1, STEPS + 1):
        press_until_focused(page, "Ask")
        page.keyboard.press("Enter")
        expect(page.get_by_text("This fits").first).to_be_visible()
        press_until_focused(page, "Continue" if number < STEPS else "Finish lesson")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(f"/l1/({number + 1}|done)/$"))
    assert finished(world) == 1


def test_a_lesson_works_without_script(new_page: NewPage, sign_in: SignIn, world: World) -> None:
    page = new_page(java_script_enabled=False)
    sign_in(page, LEARNER)
    page.goto("/modules/m1/l1/1/")
    page.locator("details.choice summary").first.tap()
    expect(page.get_by_text("This fits").first).to_be_visible()
    page.locator(".cite").first.tap()
    expect(page.locator("#source-a-report .source__close")).to_be_visible()
    page.locator("#source-a-report .source__close").tap()
    for _ in range(STEPS - 1):
        page.get_by_role("button", name="Continue").tap()
    page.get_by_role("button", name="Finish lesson").tap()
    expect(page).to_have_url(re.compile("/done/$"))
    assert finished(world) == 1


def test_a_lesson_goes_on_at_the_same_step_on_another_device(
    new_page: NewPage, sign_in: SignIn
) -> None:
    phone, desktop = new_page(), new_page(viewport=DESKTOP, has_touch=False)
    sign_in(phone, LEARNER)
    phone.goto("/modules/m1/l1/1/")
    phone.get_by_role("button", name="Continue").tap()
    phone.wait_for_url("**/l1/2/")
    sign_in(desktop, LEARNER)
    desktop.goto("/")
    expect(desktop.get_by_text("You stopped at step 2 of 3.")).to_be_visible()
    desktop.get_by_role("link", name="Continue").click()
    desktop.wait_for_url("**/l1/2/")


def test_a_source_opens_in_place_and_back_closes_it(page: Page, sign_in: SignIn) -> None:
    sign_in(page, LEARNER)
    page.goto("/modules/m1/l1/1/")
    page.locator(".cite").first.tap()
    sheet = page.locator("#source-a-report")
    expect(sheet.get_by_text("What we read:")).to_be_visible()
    page.go_back()
    expect(sheet.locator(".source__close")).to_be_hidden()


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_no_page_of_the_course_scrolls_sideways(
    new_page: NewPage, sign_in: SignIn, width: int
) -> None:
    page = new_page(viewport={"width": width, "height": 740})
    sign_in(page, "administrator")
    for address in (
        "/",
        "/modules/m1/",
        "/modules/m1/l1/1/",
        "/modules/m1/l1/handout/",
        "/progress/",
    ):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address


def test_an_invited_person_is_in_within_three_taps(page: Page, world: World) -> None:
    page.goto(f"/join/{world.harbour.code}/")
    page.get_by_role("button", name="Continue").tap()
    page.get_by_label("I will use printed codes or links instead").check()
    page.get_by_role("button", name="Start").tap()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Welcome")
    assert not SignInLink.objects.exists()
