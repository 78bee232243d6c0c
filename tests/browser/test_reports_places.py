"""Walks of administrators: a list with offices, renewals, a new manager (3C-6, 3C-7, 3C-10)."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Page, expect

from course.models import Membership, Office
from course.services.placing import differences
from modules.certificates import add_months
from modules.models import Cycle, Notice
from tests.browser.conftest import NewPage, SignIn
from tests.browser.test_programme_people import Clicks
from tests.course.people_lists import HEAD
from tests.modules.keeping import complete
from tests.personas import ADMINISTRATOR, LEARNER, World, make_membership, make_user


def ending(world: World, name: str, days: int) -> Membership:
    """Somebody whose completion ends in so many days."""
    person = make_membership(world.harbour.organization, make_user(name))
    end = timezone.now() + timedelta(days=days)
    complete(person, at=add_months(end, -settings.KENALI_CERTIFICATE_MONTHS))
    return person


@pytest.mark.parametrize("script", [True, False])
def test_what_runs_out_is_found_and_people_reminded(
    new_page: NewPage, sign_in: SignIn, world: World, *, script: bool
) -> None:
    """3C-7: from the reports two clicks; then the next round with one more. On a phone."""
    page = new_page(java_script_enabled=script)
    soon, later = ending(world, "ends-soon", 20), ending(world, "ends-later", 70)
    sign_in(page, ADMINISTRATOR)
    page.goto("/reports/")
    clicks = Clicks(page)
    clicks.link("Renewals")
    expect(page.get_by_role("link", name="ends-soon")).to_be_visible()
    clicks.button("Remind those ticked")
    expect(page.get_by_text("1 person was reminded.")).to_be_visible()
    assert clicks.number <= 2
    assert Notice.objects.of_person(soon).count() == 1
    assert not Notice.objects.of_person(later).exists()
    clicks.button("Begin the next round")
    expect(page.get_by_text("The next round of 1 person is open.")).to_be_visible()
    expect(page.get_by_text("Has begun")).to_be_visible()
    assert Cycle.objects.of_person(soon).get().number == 2
    wide = page.evaluate("document.documentElement.scrollWidth") if script else 360
    assert wide <= 360


def test_a_cohort_gets_a_new_manager_who_sees_only_it(
    page: Page, sign_in: SignIn, world: World
) -> None:
    """3C-10: from the page of a person three clicks; it holds from that moment."""
    place = world.harbour
    sign_in(page, LEARNER)
    answer = page.goto("/team/")
    assert answer is not None
    assert answer.status == 403  # nobody reports to them yet
    page.context.clear_cookies()
    sign_in(page, ADMINISTRATOR)
    page.goto(f"/organisation/people/{place.learner.id}/")
    clicks = Clicks(page)
    clicks.link("Who reports to this person")
    clicks.number += 1
    page.get_by_label("Everybody of this cohort").select_option(label=place.second_cohort.name)
    clicks.button("Save")
    expect(page.get_by_text("1 person reports to canaryharbour learner")).to_be_visible()
    assert clicks.number <= 3
    page.context.clear_cookies()
    sign_in(page, LEARNER)
    page.goto("/team/")
    expect(page.get_by_text("canaryharbour stranger")).to_be_visible()
    expect(page.get_by_text("canaryharbour trainer")).to_have_count(0)
    expect(page.get_by_text("What people answered, and how sure they were")).to_be_visible()
    # A manager is no trainer: neither reports nor what somebody answered.
    for closed in ("/reports/", f"/organisation/people/{place.stranger.id}/"):
        answer = page.goto(closed)
        assert answer is not None
        assert answer.status == 403


def test_an_office_is_made_and_filled_from_a_list(
    desktop_page: Page, sign_in: SignIn, world: World, tmp_path: Path
) -> None:
    """3C-6 with offices: three clicks from the page of the list."""
    page, place = desktop_page, world.harbour
    sign_in(page, ADMINISTRATOR)
    page.goto("/organisation/offices/")
    page.get_by_label("Name of the office").fill("Hill Street branch")
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hill Street branch")
    good = tmp_path / "good.csv"
    rows = "".join(f"hill-{number},,,,,,,hill street  BRANCH\n" for number in range(40))
    good.write_text(f"{HEAD}\n{rows}", encoding="utf-8")
    page.goto("/organisation/people/import/")
    page.get_by_label("File").set_input_files(good)
    clicks = Clicks(page)
    clicks.button("Look first")
    expect(page.get_by_text("40 people get an office")).to_be_visible()
    clicks.button("Do it")
    expect(page.get_by_role("heading", level=1)).to_have_text("Done")
    assert clicks.number <= 3
    page.goto("/organisation/offices/")
    expect(page.get_by_text("40 people").first).to_be_visible()
    office = Office.objects.get(organization=place.organization, name="Hill Street branch")
    people = Membership.objects.in_organization(place.organization)
    assert people.filter(office_id=office.id).count() == 40
    assert differences(place.organization.pk) == []
