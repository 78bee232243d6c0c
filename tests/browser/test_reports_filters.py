"""Those with no office and in no cohort on a phone; renewals as a file; the record in words."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.utils import timezone
from playwright.sync_api import Page, expect

from course.models import User
from course.services.several import set_office
from modules.certificates import add_months
from tests.browser.conftest import NewPage, SignIn
from tests.browser.test_programme_people import Clicks
from tests.modules.keeping import complete
from tests.personas import (
    ADMINISTRATOR,
    PASSPHRASE,
    World,
    make_membership,
    make_user,
    office_of,
)


@pytest.mark.parametrize("script", [True, False])
def test_who_has_no_office_and_no_cohort_is_three_clicks_away(
    new_page: NewPage, sign_in: SignIn, world: World, *, script: bool
) -> None:
    """From the report: the row, by cohort, the row there; then the people. On a phone."""
    page, place = new_page(java_script_enabled=script), world.harbour
    office = office_of(place, "north")
    boss = place.administrator
    set_office(people=[place.learner], office=office, actor=boss, at=timezone.now())
    make_membership(place.organization, make_user("in-none"))
    sign_in(page, ADMINISTRATOR)
    page.goto("/reports/")
    clicks = Clicks(page)
    clicks.link("No office said")
    expect(page.get_by_text("Only people of whom no office is said.")).to_be_visible()
    clicks.link("By cohort")
    clicks.link("In no cohort")
    expect(page.get_by_text("Only people in no cohort.")).to_be_visible()
    assert clicks.number <= 3
    clicks.link("See everybody")
    expect(page.get_by_text("in-none").first).to_be_visible()
    expect(page.get_by_text("canaryharbour learner")).to_have_count(0)
    page.goto("/reports/")
    page.get_by_text("Another day, other people").click()
    page.get_by_label("Cohort").select_option(label="In no cohort")
    page.get_by_role("button", name="Show", exact=True).click()
    assert page.url.rpartition("?")[2].count("cohort=none") == 1
    wide = page.evaluate("document.documentElement.scrollWidth") if script else 360
    assert wide <= 360


def test_renewals_are_taken_out_and_the_record_says_so(
    page: Page, sign_in: SignIn, world: World, tmp_path: Path
) -> None:
    """Two clicks and a passphrase; the record names the table and the rows in words."""
    user = world.users[ADMINISTRATOR]
    User.objects.filter(pk=user.pk).update(password=make_password(PASSPHRASE))
    user.refresh_from_db()
    person = make_membership(world.harbour.organization, make_user("ends-soon"))
    end = timezone.now() + timedelta(days=20)
    complete(person, at=add_months(end, -settings.KENALI_CERTIFICATE_MONTHS))
    sign_in(page, ADMINISTRATOR)
    page.goto("/reports/renewals/")
    clicks = Clicks(page)
    page.get_by_text("Save as a file").click()
    clicks.number += 1
    clicks.button("CSV")
    page.get_by_label("Passphrase").fill(PASSPHRASE)
    with page.expect_download() as download:
        page.get_by_role("button", name="Go on").click()
    assert clicks.number <= 2
    assert download.value.suggested_filename.startswith("renewals-")
    saved = tmp_path / "renewals.csv"
    download.value.save_as(saved)
    assert "ends-soon" in saved.read_text(encoding="utf-8-sig")
    page.goto("/organisation/record/")
    expect(page.get_by_role("row").filter(has_text="Report taken out")).to_contain_text("Renewals")
    expect(page.get_by_text("Which rows: Within 30 days")).to_be_visible()


@pytest.mark.parametrize("width", [360, 1280])
def test_each_filter_stands_below_its_own_label(
    new_page: NewPage, sign_in: SignIn, world: World, width: int
) -> None:
    """A grid once laid labels and controls out one by one, so that they were mixed up."""
    page = new_page(viewport={"width": width, "height": 800})
    office_of(world.harbour, "north")
    sign_in(page, ADMINISTRATOR)
    page.goto("/reports/")
    page.get_by_text("Another day, other people").click()
    for name in ("as_of", "office", "cohort", "role", "module", "round"):
        label = page.locator(f"label[for=filter-{name}]").bounding_box()
        control = page.locator(f"#filter-{name}").bounding_box()
        assert label
        assert control
        assert abs(label["x"] - control["x"]) < 2, name
        assert 0 <= control["y"] - (label["y"] + label["height"]) < 40, name
