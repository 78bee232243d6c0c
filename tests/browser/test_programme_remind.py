"""A learner is reminded on the first page, chooses how, and stops mails without signing in."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from modules.models import Mail, Notice, NoticePreference
from modules.services.noticing import Wishes, save_wishes, stop_token
from modules.services.planning import plan_notices
from quizzes.models import Assignment, Late, Target
from tests.browser.conftest import DESKTOP, NewPage, SignIn
from tests.personas import LEARNER, TRAINER, World


def assign(world: World, *, days: int, key: str = "m2") -> None:
    place, now = world.harbour, timezone.now()  # `furnish` gave the first module a date far away
    Assignment.objects.create(
        organization=place.organization,
        target_kind=Target.MODULE.value,
        target_key=key,
        cohort_id=place.first_cohort.id,
        due_at=now + timedelta(days=days),
        late=Late.ACCEPT.value,
        assigned_by_id=place.trainer.id,
        assigned_at=now - timedelta(days=9),
    )


def settled_notices(world: World) -> None:
    """Only what this test plans; `furnish` made one for the access table."""
    Notice.objects.in_organization(world.harbour.organization).delete()
    plan_notices(at=timezone.now())


@pytest.mark.parametrize("script", [True, False])
def test_a_learner_sees_a_notice_and_puts_it_away(
    script: bool, new_page: NewPage, sign_in: SignIn, world: World
) -> None:
    assign(world, days=2)
    settled_notices(world)
    page = new_page(java_script_enabled=script)
    sign_in(page, LEARNER)
    page.goto("/")
    card = page.locator("section", has=page.get_by_role("heading", name="For you", exact=True))
    link = card.get_by_role("link")
    expect(link).to_have_text(re.compile("until"))
    wide = page.evaluate("document.documentElement.scrollWidth") if script else 360
    assert wide <= 360
    card.get_by_role("button", name="Seen").tap()
    expect(page).to_have_url(re.compile(r"://[^/]+/$"))
    expect(page.get_by_role("heading", name="For you", exact=True)).to_have_count(0)


def test_a_trainer_goes_from_the_number_to_the_people_in_one_click(
    new_page: NewPage, sign_in: SignIn, world: World
) -> None:
    assign(world, days=-1)
    settled_notices(world)
    page = new_page(viewport=DESKTOP)
    sign_in(page, TRAINER)
    page.goto("/")
    page.get_by_role("link", name=re.compile("1 person in your cohorts is past a date")).click()
    expect(page).to_have_url(re.compile("/today/$"))
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_a_learner_asks_for_mail_with_an_address_and_not_without(
    page: Page, sign_in: SignIn, world: World
) -> None:
    sign_in(page, LEARNER)
    page.goto("/account/")
    page.get_by_label("Send me reminders by e-mail").check()
    box = page.locator("section", has=page.locator("#reminders"))
    box.get_by_role("button", name="Save").tap()
    expect(page.get_by_text("Write your e-mail under").first).to_be_visible()
    page.goto("/account/")
    page.get_by_label("E-mail", exact=False).first.fill("mel@example.org")
    page.locator("section", has=page.locator("#details")).get_by_role("button", name="Save").tap()
    page.get_by_label("Send me reminders by e-mail").check()
    box.locator("summary").tap()
    page.get_by_label("No e-mail from").fill("20:00")
    box.get_by_role("button", name="Save").tap()
    expect(page).to_have_url(re.compile("/account/$"))
    expect(page.get_by_label("Send me reminders by e-mail")).to_be_checked()
    kept = NoticePreference.objects.in_organization(world.harbour.organization).get()
    assert (kept.mail, kept.quiet_from.hour) == (True, 20)


def test_the_stop_link_asks_first_and_needs_no_sign_in(
    page: Page, world: World, live_server: LiveServer
) -> None:
    learner = world.harbour.learner
    save_wishes(membership=learner, wishes=Wishes(mail=True), at=timezone.now())
    notice = Notice.objects.of_person(learner).get()
    page.goto(f"/stop/{stop_token(notice)}/")
    rows = NoticePreference.objects.in_organization(learner.organization_id)
    assert rows.get().mail, "a preview that opens the link stops nothing"
    expect(page).to_have_title(re.compile("^Messages"))
    page.get_by_role("button", name="Stop the messages").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("Stopped")
    assert not rows.get().mail
    notice.refresh_from_db()
    assert notice.mail == Mail.NONE
