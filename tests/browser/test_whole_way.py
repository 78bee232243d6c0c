"""The whole way on the real bank: first test, one module's quiz, final, results; with a break.

By thumb, by keyboard alone and without script. What is answered does not matter here (whether
answers are marked right is tested elsewhere): that nothing is lost on the way does.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from modules.services.loading import load_course
from quizzes.listing import entries_for
from quizzes.models import Attempt, Evidence, Response
from quizzes.published import current_bank
from quizzes.services.attempting import items_of
from quizzes.services.rollups import differences
from tests.browser.conftest import DESKTOP, NewPage, SignIn
from tests.personas import LEARNER, World

MODULE_QUIZ = "module-control"
TABS = 90  # no page has more to step through than that


@dataclass
class Hand:
    """One way to press, to choose and to mark; each test brings its own."""

    press: Callable[[Page, Locator], None]
    choose: Callable[[Page, Locator, int], None]


def tap(_page: Page, target: Locator) -> None:
    target.tap()


def click(_page: Page, target: Locator) -> None:
    target.click()


def pick(_page: Page, target: Locator, place: int) -> None:
    target.select_option(index=place)


def tab_to(page: Page, target: Locator) -> None:
    """Step there with Tab, as somebody without a mouse does."""
    for _ in range(TABS):
        if target.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{target} cannot be reached by Tab on {page.url}")


def key_press(page: Page, target: Locator) -> None:
    tab_to(page, target)
    box = target.evaluate("one => one.matches('input')")
    page.keyboard.press("Space" if box else "Enter")


def key_choose(page: Page, target: Locator, place: int) -> None:
    tab_to(page, target)
    for _ in range(place):
        page.keyboard.press("ArrowDown")


THUMB, MOUSE, KEYS = Hand(tap, pick), Hand(click, pick), Hand(key_press, key_choose)


def leave(page: Page, hand: Hand, target: Locator) -> None:
    """Press what brings the next page, and wait for it."""
    with page.expect_navigation():
        hand.press(page, target)


def answer(page: Page, hand: Hand) -> None:
    """Answer the case on the page with whatever it offers, and save."""
    while page.locator("button[name=reply]").count():
        leave(page, hand, page.locator("button[name=reply]").first)
        if page.locator("#told").count() or not page.locator(".item-form").count():
            return
        if not page.locator("button[name=reply]").count():
            break
    names = page.locator(".item-form input[type=radio]").evaluate_all(
        "all => [...new Set(all.map(one => one.name))]"
    )
    for name in names:
        hand.press(page, page.locator(f"input[type=radio][name='{name}']").first)
    boxes = page.locator(".item-form input[type=checkbox]")
    if boxes.count():
        hand.press(page, boxes.first)
    selects = page.locator(".item-form select")
    for number in range(selects.count()):
        offered = selects.nth(number).locator("option").count()
        hand.choose(page, selects.nth(number), min(number + 1, offered - 1))
    save = page.get_by_role("button", name="Save and go on")
    if save.count():
        leave(page, hand, save)


def go_through(page: Page, hand: Hand, *, stop_after: int | None = None) -> None:
    """Answer case after case until all have an answer, or until `stop_after` are saved."""
    done = 0
    while not page.get_by_role("button", name="Hand in").count():
        answer(page, hand)
        done += 1
        if done == stop_after:
            return
        onward = page.get_by_role("link", name="Continue")
        if onward.count():
            leave(page, hand, onward)


def begin(page: Page, hand: Hand, key: str) -> None:
    """From the page of a quiz to its first open case."""
    page.goto(f"/quizzes/{key}/")
    start = page.locator("main form button[type=submit]").first
    leave(page, hand, start)
    expect(page.locator(".item-head")).to_be_visible()


def hand_in(page: Page, hand: Hand) -> None:
    leave(page, hand, page.get_by_role("button", name="Hand in"))
    expect(page).to_have_url(re.compile(r"/results/$"))


def kept(attempt: Attempt) -> list[Any]:
    rows = Response.objects.of_attempt(attempt).order_by("sequence")
    return list(rows.values_list("position", "answer", "client_key"))


def own_quizzes(world: World) -> tuple[str, str, str]:
    """First test, module quiz and final of this learner, whose forms are theirs for ever."""
    entries = entries_for(world.harbour.learner, at=timezone.now())
    keys = {entry.quiz.kind: entry.quiz.key for entry in entries if entry.allowed}
    return keys["pre-test"], MODULE_QUIZ, keys["final"]


def attempt_at(world: World, key: str) -> Attempt:
    mine = Attempt.objects.of_person(world.harbour.learner)
    found: Attempt = mine.get(quiz_id=current_bank().quizzes[key].id)
    return found


WAYS = [
    pytest.param(THUMB, {}, {"viewport": DESKTOP, "has_touch": True}, id="thumb"),
    pytest.param(KEYS, {"has_touch": False}, {"has_touch": False}, id="keyboard"),
    pytest.param(MOUSE, {"java_script_enabled": False}, {"java_script_enabled": False}, id="plain"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("hand", "first", "second"), WAYS)
def test_first_test_module_quiz_final_and_results(
    new_page: NewPage, sign_in: SignIn, world: World, hand: Hand, first: Any, second: Any
) -> None:
    load_course(root=settings.BASE_DIR, at=timezone.now())
    page = new_page(**first)
    sign_in(page, LEARNER)
    *before_final, final = own_quizzes(world)
    for key in before_final:
        begin(page, hand, key)
        go_through(page, hand)
        hand_in(page, hand)
    begin(page, hand, final)
    go_through(page, hand, stop_after=7)
    before = kept(attempt_at(world, final))
    assert len(before) >= 7
    page.context.close()  # the phone died

    other = new_page(**second)
    sign_in(other, LEARNER)
    other.goto("/")
    leave(other, hand, other.locator("main a.button--large").first)
    attempt = attempt_at(world, final)
    expect(other).to_have_url(re.compile(rf"/quizzes/attempt/{attempt.id}/8/$"))
    assert kept(attempt) == before
    go_through(other, hand)
    hand_in(other, hand)
    expect(other.get_by_text("Case by case")).to_be_visible()

    attempt.refresh_from_db()
    answers = kept(attempt)
    assert answers[: len(before)] == before
    assert {position for position, *_rest in answers} == set(
        range(1, items_of(attempt).count() + 1)
    )
    counted = Evidence.objects.of_person(world.harbour.learner).counted().filter(mode="final")
    for stage in ("acquisition", "movement", "control"):
        assert counted.filter(stage=stage, kind="signal").count() == 20
        assert counted.filter(stage=stage, kind="noise").count() == 25
    assert list(differences(world.harbour.organization)) == []
