"""Walks 3C-8 and 3C-9: delete me, and who changed this, within their clicks."""

import os
from pathlib import Path

from django.contrib.auth.hashers import make_password
from django.utils import timezone
from playwright.sync_api import Page, expect

from course.models import Membership, User
from course.roles import Role
from course.services.members import change_role
from course.services.privacy import is_erased
from tests.browser.conftest import DESKTOP, NewPage
from tests.browser.test_programme_people import Clicks
from tests.personas import PASSPHRASE, World

PICTURES = os.environ.get("KENALI_TEST_PICTURES", "")


def enter(page: Page, user: User) -> None:
    """By name and passphrase, as people do: that is the proof."""
    User.objects.filter(pk=user.pk).update(password=make_password(PASSPHRASE))
    page.goto("/sign-in/")
    page.get_by_role("textbox", name="Sign-in name").fill(user.username)
    page.get_by_role("textbox", name="Passphrase").fill(PASSPHRASE)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("link", name="Account").first).to_be_visible()


def picture(page: Page, name: str) -> None:
    """Only when somebody wants to look."""
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


def test_delete_me_in_three_clicks_on_a_phone_without_script(
    new_page: NewPage, world: World
) -> None:
    """3C-8: what goes, what stays as a number, who decided."""
    page, place = new_page(java_script_enabled=False), world.harbour
    enter(page, place.administrator.user)
    page.goto(f"/organisation/people/{place.learner.id}/")
    clicks = Clicks(page)
    clicks.link("Erase this person")
    expect(page.get_by_role("heading", name="This goes")).to_be_visible()
    expect(page.get_by_role("heading", name="This stays, as numbers of nobody")).to_be_visible()
    expect(page.get_by_text("keeps that you decided it")).to_be_visible()
    picture(page, "erase-phone")
    page.get_by_label("Reason").fill("asked for it on 3 May")
    clicks.button("Erase")
    expect(page.get_by_text("Erased. What was done stays as numbers of nobody.")).to_be_visible()
    assert clicks.number <= 3
    assert is_erased(User.objects.get(pk=Membership.objects.get(pk=place.learner.pk).user_id))


def test_who_changed_this_and_a_file_in_two_clicks(new_page: NewPage, world: World) -> None:
    """3C-9: who, when, before, after, reason; and export."""
    page, place = new_page(viewport=DESKTOP, has_touch=False, accept_downloads=True), world.harbour
    change_role(
        membership=place.learner,
        role=Role.TRAINER,
        actor=place.administrator,
        reason="runs the evening group",
        at=timezone.now(),
    )
    enter(page, place.administrator.user)
    page.goto("/organisation/")
    clicks = Clicks(page)
    clicks.link("Record of changes")
    row = page.get_by_role("row").filter(has_text="Role changed")
    for words in ("canaryharbour administrator", "canaryharbour learner", "Learner → Trainer"):
        expect(row).to_contain_text(words)
    expect(row).to_contain_text("runs the evening group")
    picture(page, "record-desktop")
    with page.expect_download() as waiting:
        clicks.button("Export as Excel (XLSX)")
    assert waiting.value.suggested_filename.startswith("record-")
    assert clicks.number <= 2
    page.get_by_role("button", name="Check that it is whole").click()
    expect(page.get_by_text("The record is whole:")).to_be_visible()


def test_my_own_file_and_my_own_end(new_page: NewPage, world: World) -> None:
    """Everything about oneself in one file, then the account deleted, in the dark, on a phone."""
    page = new_page(color_scheme="dark", accept_downloads=True)
    enter(page, world.harbour.learner.user)
    page.goto("/account/")
    clicks = Clicks(page)
    clicks.link("My data")
    with page.expect_download() as waiting:
        clicks.button("Make my file")
    assert waiting.value.suggested_filename == "my-data.zip"
    assert clicks.number == 2
    picture(page, "my-data-phone-dark")
    page.get_by_label("Write your sign-in name").fill("harbour-learner")
    page.get_by_role("button", name="Delete my account").click()
    expect(page.get_by_role("heading", name="Your account is deleted")).to_be_visible()
    page.goto("/account/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Sign in")


def test_the_record_and_what_is_kept_on_a_phone(new_page: NewPage, world: World) -> None:
    """Nothing is wider than the phone."""
    page = new_page()
    enter(page, world.harbour.administrator.user)
    for address, name in (("/organisation/record/", "record"), ("/privacy/kept/", "kept")):
        page.goto(address)
        wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        picture(page, f"{name}-phone")
        assert not wide, address
