"""A quiz as it is taken: by thumb, by keyboard, without script, on two devices, by everybody."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect

from quizzes.models import Attempt, Response
from quizzes.published import current_bank, item_version
from quizzes.services.attempting import items_of, record_response, start_attempt
from quizzes.services.grading import submit_attempt
from tests.browser.conftest import DESKTOP, NewPage, SignIn
from tests.browser.test_look import SMALL, violations
from tests.personas import AT, LEARNER, World
from tests.quizzes.making import quiz
from tests.quizzes.sampled import KIND_NAMES, POOLS, answer_to, kind_quiz, publish_samples

MIXED = quiz(
    "mixed",
    feedback="after-item",
    shuffle=False,
    draws=[
        {"kind": kind, "pools": POOLS, "take": 1}
        for kind in ("highlight", "verdict", "contrast_pair", "sequence", "dialogue")
    ],
)
OPEN_ALL = "document.querySelectorAll('details').forEach(one => { one.open = true })"
LABELS = """() => [...document.querySelectorAll(".segment, .answer, .scale__step, .case-link")]
  .map((one) => one.getBoundingClientRect()).filter((box) => box.height < 48 || box.width < 48)"""
TOO_WIDE = "document.documentElement.scrollWidth - innerWidth"


def begin(world: World, *quizzes: Any) -> Attempt:
    publish_samples(*quizzes)
    published = current_bank().quizzes[quizzes[0].key]
    return start_attempt(membership=world.harbour.learner, quiz=published, at=AT)


def address(attempt: Attempt, position: int) -> str:
    return f"/quizzes/attempt/{attempt.id}/{position}/"


def document(attempt: Attempt, position: int) -> Any:
    return item_version(items_of(attempt).get(position=position).item_version_id)


def kept(attempt: Attempt) -> list[Any]:
    rows = Response.objects.of_attempt(attempt).order_by("sequence")
    return list(rows.values_list("position", "answer"))


def save(page: Page) -> Locator:
    return page.get_by_role("button", name="Save and go on")


def walk(page: Page, attempt: Attempt, use: Any) -> None:
    """Answer the five items of the mixed quiz, each told before the next; `use` presses things."""
    signs = [name for name, part in document(attempt, 1).scored() if part.kind == "signal"]
    for name in signs:
        use(page.locator(f"input[name=marked][value={name}]"))
    use(save(page))
    expect(page.locator("#told")).to_contain_text(f"You found {len(signs)} of {len(signs)} sign")
    use(page.get_by_role("link", name="Continue"))
    use(page.locator("input[name=concern][value=yes]"))
    use(save(page))
    expect(page.locator("#told .sentence")).to_be_visible()
    use(page.get_by_role("link", name="Continue"))
    for half in document(attempt, 3).vignettes:
        use(page.locator(f"input[name=concern-{half.id}][value=yes]"))
    use(save(page))
    expect(page.locator("#told")).to_contain_text("What makes the difference:")
    use(page.get_by_role("link", name="Continue"))
    for place, event in enumerate(answer_to(document(attempt, 4), right=True)["order"], 1):
        page.locator(f"#place-{event}").select_option(str(place))
    use(save(page))
    expect(page.locator("#told")).to_contain_text("Every card is in a right place.")
    use(page.get_by_role("link", name="Continue"))
    for step in answer_to(document(attempt, 5), right=True)["path"]:
        use(page.locator(f"button[value='{step['node']}/{step['reply']}']"))
        page.wait_for_load_state()
    expect(page.locator("#told")).to_contain_text("You chose the best reply")
    use(page.get_by_role("link", name="Continue"))
    expect(page.get_by_text("Every case has an answer.")).to_be_visible()
    use(page.get_by_role("button", name="Hand in"))
    expect(page.get_by_text("Case by case")).to_be_visible()
    attempt.refresh_from_db()
    assert attempt.submitted_at is not None
    assert {position for position, _answer in kept(attempt)} == {1, 2, 3, 4, 5}


def test_a_quiz_by_one_thumb(page: Page, sign_in: SignIn, world: World) -> None:
    attempt = begin(world, MIXED)
    sign_in(page, LEARNER)
    page.goto("/quizzes/mixed/")
    page.get_by_role("link", name="Continue").tap()
    # A finger lands on the words: the box itself lies over its whole card.
    walk(page, attempt, lambda target: target.tap())


def test_a_quiz_without_script(new_page: NewPage, sign_in: SignIn, world: World) -> None:
    attempt = begin(world, MIXED)
    page = new_page(java_script_enabled=False)
    sign_in(page, LEARNER)
    page.goto(address(attempt, 1))
    walk(page, attempt, lambda target: target.click())


def test_a_quiz_by_keyboard_alone(desktop_page: Page, sign_in: SignIn, world: World) -> None:
    page, attempt = desktop_page, begin(world, MIXED)
    sign_in(page, LEARNER)
    page.goto(address(attempt, 1))

    def press(target: Locator) -> None:
        for _ in range(60):
            if target.evaluate("one => one === document.activeElement"):
                break
            page.keyboard.press("Tab")
        else:
            pytest.fail(f"{target} cannot be reached by Tab")
        box = target.evaluate("one => one.matches('input')")
        page.keyboard.press("Space" if box else "Enter")

    walk(page, attempt, press)


def test_leave_in_the_middle_and_go_on_elsewhere(
    new_page: NewPage, sign_in: SignIn, world: World
) -> None:
    attempt = begin(world, MIXED)
    phone = new_page()
    sign_in(phone, LEARNER)
    phone.goto(address(attempt, 1))
    save(phone).tap()
    phone.get_by_role("link", name="Continue").tap()
    phone.locator("input[name=concern][value=no]").tap()
    save(phone).tap()
    expect(phone.locator("#told")).to_be_visible()
    phone.context.close()
    before = kept(attempt)
    desk = new_page(viewport=DESKTOP, has_touch=False)
    sign_in(desk, LEARNER)
    desk.goto("/quizzes/mixed/")
    desk.get_by_role("link", name="Continue").click()
    desk.wait_for_url(f"**{address(attempt, 3)}")
    assert kept(attempt) == before
    desk.goto(address(attempt, 2))
    expect(desk.locator("#told")).to_be_visible()


def test_half_a_conversation_goes_on_where_it_stopped(
    new_page: NewPage, sign_in: SignIn, world: World
) -> None:
    attempt = begin(world, kind_quiz("dialogue", "after-item"))
    first, second, *_ = answer_to(document(attempt, 1), right=True)["path"]
    phone = new_page()
    sign_in(phone, LEARNER)
    phone.goto(address(attempt, 1))
    phone.locator(f"button[value='{first['node']}/{first['reply']}']").tap()
    expect(phone.locator("#now")).to_be_in_viewport()
    phone.context.close()
    other = new_page()
    sign_in(other, LEARNER)
    other.goto(f"/quizzes/attempt/{attempt.id}/")
    other.wait_for_url(f"**{address(attempt, 1)}")
    expect(other.locator(".talk__me")).to_have_count(1)
    expect(other.locator(f"button[value^='{second['node']}/']").first).to_be_visible()


def test_cards_move_by_buttons(desktop_page: Page, sign_in: SignIn, world: World) -> None:
    page, attempt = desktop_page, begin(world, kind_quiz("sequence", "after-item"))
    sign_in(page, LEARNER)
    page.goto(address(attempt, 1))
    card = page.locator(".placed__card").nth(1)
    name = card.locator("select").get_attribute("name")
    card.get_by_role("button", name="Earlier").focus()
    page.keyboard.press("Enter")
    moved = page.locator(".placed__card").first
    expect(moved.locator("select")).to_have_attribute("name", name or "")
    expect(moved.get_by_role("button", name="Earlier")).to_be_focused()
    expect(page.get_by_role("status")).to_have_text("Now at place 1")
    values = page.locator(".placed__card select").evaluate_all("all => all.map(one => one.value)")
    assert values == [str(place) for place in range(1, len(values) + 1)]
    page.keyboard.press("Enter")  # the first cannot go further
    expect(page.locator(".placed__card").first.locator("select")).to_have_attribute(
        "name", name or ""
    )
    shown = page.locator(".placed__card select").evaluate_all("all => all.map(one => one.name)")
    save(page).click()
    expect(page.locator("#told")).to_be_visible()
    assert kept(attempt)[0][1] == {"order": [one.removeprefix("place-") for one in shown]}


def test_a_case_is_not_used_up_by_an_empty_tap(page: Page, sign_in: SignIn, world: World) -> None:
    attempt = begin(world, kind_quiz("verdict", "after-item"))
    sign_in(page, LEARNER)
    page.goto(address(attempt, 1))
    save(page).tap()
    assert page.locator("input:invalid").count() == 2
    assert kept(attempt) == []


@pytest.mark.parametrize("kind", KIND_NAMES)
def test_every_kind_is_for_everybody(
    new_page: NewPage, sign_in: SignIn, world: World, kind: str
) -> None:
    """Asked and told: axe finds nothing in both schemes, nothing scrolls sideways at 320 px."""
    attempt = begin(world, kind_quiz(kind, "after-item"))
    page = new_page()
    sign_in(page, LEARNER)
    for state in ("asked", "told"):
        for position in range(1, items_of(attempt).count() + 1):
            page.goto(address(attempt, position))
            page.evaluate(
                "document.querySelectorAll('details').forEach(one => { one.open = true })"
            )
            expect(page.locator("#told")).to_have_count(int(state == "told"))
            check(page, f"{kind} {position} {state}")
            if state == "asked":
                answer = answer_to(document(attempt, position), right=position == 2)
                options: Any = {"client_key": uuid4(), "answer": answer, "at": AT}
                record_response(attempt=attempt, position=position, **options)


@pytest.mark.parametrize("where", ["list", "intro", "overview", "results", "map", "taster"])
def test_the_pages_around_are_for_everybody(
    new_page: NewPage, sign_in: SignIn, world: World, where: str
) -> None:
    attempt = begin(world, MIXED)
    for position in range(1, 6):
        answer = answer_to(document(attempt, position), right=position % 2 == 0)
        options: Any = {"client_key": uuid4(), "answer": answer, "at": AT}
        record_response(attempt=attempt, position=position, **options)
    if where in {"results", "map"}:
        submit_attempt(attempt=attempt, at=AT)
    addresses = {
        "list": "/quizzes/",
        "intro": "/quizzes/mixed/",
        "overview": f"/quizzes/attempt/{attempt.id}/overview/",
        "results": f"/quizzes/attempt/{attempt.id}/results/",
        "map": "/quizzes/map/",
        "taster": "/taster/1/",
    }
    page = new_page()
    sign_in(page, LEARNER)
    page.goto(addresses[where])
    page.evaluate(OPEN_ALL)
    check(page, where)


def check(page: Page, what: str) -> None:
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        assert violations(page) == [], f"{what}, {scheme}"
    assert page.evaluate(SMALL) == [], what
    assert page.evaluate(LABELS) == [], what
    for width in (320, 360, 1280):
        page.set_viewport_size({"width": width, "height": 640})
        assert page.evaluate(TOO_WIDE) <= 0, f"{what} at {width} px"
    page.set_viewport_size({"width": 360, "height": 740})
