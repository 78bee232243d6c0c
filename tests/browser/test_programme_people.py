"""People work: in with a printed card, three hundred from a list, and a manager's own team."""

import re
from pathlib import Path

from django.utils import timezone
from playwright.sync_api import Page, expect

from course.access import MOST_AT_ONCE
from course.models import Membership, User
from course.roles import Role
from course.services.cards import create_cards
from course.services.codes import grouped
from course.services.invitations import create_invitation
from course.services.several import set_manager
from tests.browser.conftest import START, NewPage, SignIn
from tests.course.people_lists import BAD_ROWS, bad_file, people_csv
from tests.personas import ADMINISTRATOR, LEARNER, World


class Clicks:
    """Counts taps, so that a walk holds its budget."""

    def __init__(self, page: Page) -> None:
        self.page, self.number = page, 0

    def button(self, name: str | re.Pattern[str]) -> None:
        self.number += 1
        self.page.get_by_role("button", name=name).first.click()

    def link(self, name: str | re.Pattern[str]) -> None:
        self.number += 1
        self.page.get_by_role("link", name=name).first.click()


def test_the_square_of_a_card_lets_one_in_with_one_tap(page: Page, world: World) -> None:
    place = world.harbour
    cards, _ = create_cards(people=[place.learner], actor=place.administrator, at=timezone.now())
    page.goto(f"/link/{grouped(cards[0].code)}/")  # what the camera opens
    clicks = Clicks(page)
    clicks.button("Continue")
    expect(page).to_have_url(START)
    expect(page.get_by_role("heading", level=1)).to_contain_text("canaryharbour learner")
    assert clicks.number == 1


def test_the_code_of_a_card_is_typed_and_lets_one_in(new_page: NewPage, world: World) -> None:
    """3A-1 with a phone that cannot read squares, without script: address, code, one tap."""
    page = new_page(java_script_enabled=False)
    place = world.harbour
    cards, _ = create_cards(people=[place.learner], actor=place.administrator, at=timezone.now())
    page.goto("/join/")
    page.get_by_label("Your code").fill(grouped(cards[0].code).lower().replace("-", " "))
    clicks = Clicks(page)
    clicks.button("Continue")
    expect(page).to_have_url(START)
    assert clicks.number <= 3


def test_a_newcomer_with_an_invitation_is_in_after_three_taps(page: Page, world: World) -> None:
    """3A-1: no e-mail, no legal name; the language of the phone."""
    place = world.harbour
    _invitation, code = create_invitation(
        actor=place.administrator,
        role=Role.LEARNER,
        cohort=place.first_cohort,
        max_uses=1,
        days=3,
        at=timezone.now(),
    )
    page.goto(f"/join/{grouped(code)}/")
    clicks = Clicks(page)
    clicks.button("Continue")
    clicks.number += 1
    page.get_by_label("I will use printed codes").check()
    clicks.button("Start")
    expect(page).to_have_url(START)
    assert clicks.number <= 3
    newest = User.objects.order_by("-joined_at").first()
    assert newest is not None
    assert (newest.email, newest.display_name) == ("", "")


def test_three_hundred_people_come_from_a_list(
    desktop_page: Page, sign_in: SignIn, world: World, tmp_path: Path
) -> None:
    """3C-6: faults row by row, then all of them, within three clicks of the page."""
    page = desktop_page
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_bytes(people_csv(300, cohort=world.harbour.first_cohort.name))
    bad.write_bytes(bad_file())
    sign_in(page, ADMINISTRATOR)
    page.goto("/organisation/people/import/")
    page.get_by_label("File").set_input_files(bad)
    page.get_by_role("button", name="Look first").click()
    expect(page.get_by_text("Nothing was changed.")).to_be_visible()
    expect(page.get_by_text("Row 2, column A (sign_in_name)")).to_be_visible()
    expect(page.get_by_text(f"Row {len(BAD_ROWS) + 1}, column I")).to_be_visible()
    page.get_by_label("File").set_input_files(good)
    clicks = Clicks(page)
    clicks.button("Look first")
    expect(page.get_by_text("300 new people")).to_be_visible()
    clicks.button("Do it")
    expect(page.get_by_role("heading", level=1)).to_have_text("Done")
    assert clicks.number <= 3
    assert Membership.objects.in_organization(world.harbour.organization).count() == 306
    clicks.link("Print cards")
    clicks.button("Make the cards")
    expect(page.locator(".sheet__card")).to_have_count(MOST_AT_ONCE)


def test_a_new_manager_sees_their_team_and_only_it(
    page: Page, sign_in: SignIn, world: World
) -> None:
    """3C-10: from the page of a person, within three clicks; then what the manager sees."""
    place = world.harbour
    sign_in(page, ADMINISTRATOR)
    page.goto(f"/organisation/people/{place.stranger.id}/")
    clicks = Clicks(page)
    clicks.link("Name a manager")
    page.get_by_label("Manager").fill("harbour-learner")
    clicks.button("Save")
    expect(page.get_by_text("canaryharbour learner")).to_be_visible()
    assert clicks.number <= 3
    page.context.clear_cookies()
    sign_in(page, LEARNER)
    page.goto("/team/")
    expect(page.get_by_text("canaryharbour stranger")).to_be_visible()
    expect(page.get_by_text("canaryharbour trainer")).to_have_count(0)


def test_several_people_move_after_a_look(page: Page, sign_in: SignIn, world: World) -> None:
    place = world.harbour
    set_manager(
        people=[place.learner], manager=place.trainer, actor=place.administrator, at=timezone.now()
    )
    sign_in(page, ADMINISTRATOR)
    page.goto(f"/organisation/cohorts/{place.first_cohort.id}/")
    page.get_by_label("Choose canaryharbour learner").check()
    page.get_by_role("button", name="Move to a cohort").click()
    expect(page.get_by_text("This is about 1 person")).to_be_visible()
    page.get_by_label("Into this cohort").select_option(label=place.second_cohort.name)
    page.get_by_role("button", name="Move").click()
    expect(page).to_have_url(re.compile(f"/people/{place.learner.id}/$"))
    assert place.second_cohort.members.filter(membership_id=place.learner.id).exists()
