"""Moments of a learner and their clicks: what to do today, going on, a wrong answer, a map.

The others are in test_programme_people (first sign-in), test_quick_exit and
test_programme_certificates.
"""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, NewPage, SignIn
from tests.browser.test_quizzes import MIXED, address, begin, document, kept, save
from tests.personas import LEARNER, World
from tests.quizzes.sampled import kind_quiz

PERCENT = re.compile(r"\d\s*%")


def test_what_to_do_today_is_one_card_without_a_click(page: Page, sign_in: SignIn) -> None:
    sign_in(page, LEARNER)
    page.goto("/")
    card = page.locator(".card.next")
    expect(card).to_have_count(1)
    expect(card).to_be_in_viewport()
    expect(card.get_by_text(re.compile(r"\d+ minutes?"))).to_be_visible()
    # One thing stands out: there is no second large button to choose from.
    expect(page.locator("main .button--large")).to_have_count(1)


def test_a_phone_that_died_goes_on_with_one_click_at_the_exact_case(
    new_page: NewPage, sign_in: SignIn, world: World
) -> None:
    attempt = begin(world, MIXED)
    phone = new_page()
    sign_in(phone, LEARNER)
    phone.goto(address(attempt, 1))
    phone.locator("input[name=marked]").first.tap()
    save(phone).tap()
    expect(phone.locator("#told")).to_be_visible()
    phone.context.close()
    before = kept(attempt)
    other = new_page(viewport=DESKTOP, has_touch=False)
    sign_in(other, LEARNER)
    other.goto("/")
    other.get_by_role("link", name="Continue", exact=True).first.click()
    other.wait_for_url(f"**{address(attempt, 2)}")
    assert kept(attempt) == before


def test_a_wrong_answer_tells_which_why_and_whence_without_a_click(
    page: Page, sign_in: SignIn, world: World
) -> None:
    attempt = begin(world, kind_quiz("highlight", "after-item"))
    sign_in(page, LEARNER)
    page.goto(address(attempt, 1))
    item = document(attempt, 1)
    lure = next(name for name, part in item.scored() if part.kind == "noise")
    page.locator(f"input[name=marked][value={lure}]").tap()
    save(page).tap()
    told = page.locator("#told")
    marked = next(part for part in item.segments if part.id == lure)
    missed = next(part for part in item.segments if part.kind == "signal")
    for part, why in ((marked, "false_alarm"), (missed, "miss")):  # the line, and why
        expect(told).to_contain_text(part.text["en"])
        expect(told).to_contain_text(part.feedback[why]["en"])
    sources = told.locator("details, .sources").last
    sources.evaluate("one => { one.open = true }")
    expect(sources.get_by_role("listitem").first).to_be_visible()


def test_am_i_ready_is_one_click_and_never_a_bare_percentage(
    page: Page, sign_in: SignIn, world: World
) -> None:
    begin(world, MIXED)
    sign_in(page, LEARNER)
    page.goto("/")
    page.get_by_role("link", name="My map: what is solid").tap()
    page.wait_for_url("**/quizzes/map/")
    main = page.locator("main")
    expect(main).to_contain_text("not seen yet", ignore_case=True)
    expect(main).to_contain_text(re.compile(r"12"))  # the rule in words names its smallest number
    assert PERCENT.findall(main.inner_text()) == []
