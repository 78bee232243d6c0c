"""Walks of administrators through the completion report: 3C-1, 3C-2 and 3C-5, on a phone."""

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import expect

from course.models import Membership
from course.services.offices import create_office
from course.services.placing import note_places
from quizzes.models import Assignment, Target
from tests.browser.conftest import NewPage, SignIn
from tests.browser.test_programme_people import Clicks
from tests.personas import ADMINISTRATOR, AT, BOTH, World


def test_number_office_people_and_the_day_before(
    new_page: NewPage, sign_in: SignIn, world: World
) -> None:
    """One click to the number, two to who is late in the north, two to how it was."""
    place, now = world.harbour, timezone.now()
    north = create_office(name="North", parent=None, actor=place.administrator, at=AT)
    # The others of this world have completed the course today.
    late = Membership.objects.get(organization=place.organization, user=world.users[BOTH])
    Membership.objects.filter(pk=late.pk).update(office_id=north.id)
    note_places(organization_id=place.organization.pk, people=[late.id], at=AT)
    Assignment.objects.create(
        organization_id=place.organization.pk,
        target_kind=Target.COURSE.value,
        membership_id=late.id,
        due_at=now - timedelta(minutes=1),
        assigned_by_id=place.administrator.id,
        assigned_at=AT,
    )
    page = new_page()
    sign_in(page, ADMINISTRATOR)
    page.goto("/")
    clicks = Clicks(page)
    clicks.link("Reports")
    expect(page.get_by_text("2 of 3 learners have completed the course")).to_be_visible()
    assert clicks.number == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    clicks.link("North")
    expect(page.get_by_text("0 of 1 learner has completed the course")).to_be_visible()
    clicks.link("Overdue")
    expect(page.get_by_role("heading", level=1)).to_have_text("Overdue: 1 person")
    expect(page.get_by_role("link", name=world.users[BOTH].shown_name)).to_be_visible()
    assert clicks.number == 3
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.goto("/reports/")
    page.get_by_text("Another day, other people").click()
    yesterday = timezone.localtime(now).date() - timedelta(days=1)
    page.get_by_label("As of the end of this day").fill(yesterday.isoformat())
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_text("As it was at the end of").first).to_be_visible()
    expect(page.get_by_text("0 of ").first).to_be_visible()
