"""An administrator lets a report come every month: walk 3C-4, four clicks from the report."""

import re

import pytest
from django.conf import settings
from django.core import mail
from playwright.sync_api import expect

from modules.models import ReportSchedule
from tests.browser.conftest import DESKTOP, NewPage, SignIn
from tests.personas import ADMINISTRATOR, World


@pytest.mark.parametrize("script", [True, False])
def test_from_the_report_to_a_test_mail_in_four_clicks(
    script: bool, new_page: NewPage, sign_in: SignIn, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a phone, with and without JavaScript. The filter goes along, personal data does not."""
    monkeypatch.setattr(settings, "KENALI_MAIL", True)
    user = world.harbour.administrator.user
    user.email = "administrator@example.org"
    user.save()
    cohort = world.harbour.first_cohort
    page = new_page(java_script_enabled=script)
    sign_in(page, ADMINISTRATOR)
    page.goto(f"/reports/?cohort={cohort.id}")
    page.get_by_role("link", name="Send this regularly").tap()  # 1
    expect(page.get_by_text(cohort.name).first).to_be_visible()
    page.get_by_label("Day of the month").select_option("0")
    page.get_by_role("button", name="Save").tap()  # 2
    expect(page.get_by_text("On the last day of every month at 08:00")).to_be_visible()
    page.get_by_role("button", name="Send me a test now").tap()  # 3
    expect(page.get_by_text("Sent to your own e-mail")).to_be_visible()
    if script:
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
    made = ReportSchedule.objects.in_organization(world.harbour.organization)
    assert made.filter(query=f"cohort={cohort.id}").count() == 1
    (message,) = mail.outbox
    assert message.to == ["administrator@example.org"]
    assert world.harbour.canary not in f"{message.subject}{message.body}"
    stop = re.search(r"http\S+(/stop/report/\S+)", message.body)
    assert stop is not None
    stranger = new_page(java_script_enabled=script)
    stranger.goto(stop[1])
    stranger.get_by_role("button", name="Stop the message").tap()
    expect(stranger.get_by_role("heading", name="Stopped")).to_be_visible()
    page.goto("/reports/schedules/")
    expect(page.get_by_text("Stopped it:")).to_be_visible()


def test_a_key_needs_a_fresh_proof_on_a_desktop(
    new_page: NewPage, sign_in: SignIn, world: World
) -> None:
    """The session of the test proved nothing; tests/modules/test_api.py makes the key itself."""
    page = new_page(viewport=DESKTOP)
    sign_in(page, ADMINISTRATOR)
    page.goto("/organisation/tokens/")
    page.get_by_label("Which program").fill("payroll")
    page.get_by_label("The numbers of the report, without people").check()
    page.get_by_role("button", name="Make a key").click()
    expect(page.get_by_role("heading", name="Please show once more")).to_be_visible()
    page.goto("/organisation/tokens/help/")
    expect(page.get_by_role("heading", name="How a program uses a key")).to_be_visible()
