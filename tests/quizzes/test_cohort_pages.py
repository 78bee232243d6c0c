"""What a trainer sees of a cohort's answers: counts behind their gates, and never a name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from course.models import Membership
from course.roles import Role
from quizzes.debriefing import (
    OptionCount,
    PairCount,
    SureCount,
    confused,
    is_enough,
    pulling,
    surest_wrong,
)
from quizzes.models import KeyCorrection
from quizzes.services.attempting import items_of, record_response, start_attempt
from quizzes.services.grading import submit_attempt
from tests.personas import AT, LEARNER, TRAINER, World, make_membership, make_user, put_into
from tests.quizzes.making import eight_verdicts, next_step, published, quiz
from tests.quizzes.test_correcting import ALL_EIGHT

pytestmark = pytest.mark.django_db
Take = Callable[..., list[Membership]]


@pytest.fixture
def whole(world: World) -> Any:
    del world
    secret = quiz("final", kind="final", module=None, draws=[{**ALL_EIGHT[1], "pools": ["ff"]}])
    items = [*eight_verdicts(), next_step("pp-n1", "pp"), next_step("ff-n1", "ff")]
    return published(items, quiz(draws=ALL_EIGHT), secret)


@pytest.fixture
def taken(world: World, whole: Any) -> Take:
    """So many new learners of the trainer's cohort flag everything and choose `chosen`."""

    def take(number: int, *, chosen: str = "d", concern: bool = True, which: int = 0) -> Any:
        people = []
        place = world.harbour
        for _one in range(number):
            user = make_user(f"name-{uuid4().hex[:8]}", display_name=f"Canary {uuid4().hex[:8]}")
            person = make_membership(place.organization, user, Role.LEARNER)
            put_into(place.first_cohort, person)
            people.append(person)
            attempt = start_attempt(membership=person, quiz=whole[which], at=AT)
            for drawn in items_of(attempt).select_related("item"):
                answer: dict[str, Any] = {"concern": concern, "confidence": 95}
                if drawn.item.kind == "next_step":
                    answer = {"chosen": chosen}
                record_response(
                    attempt=attempt,
                    position=drawn.position,
                    client_key=uuid4(),
                    answer=answer,
                    at=AT,
                )
            submit_attempt(attempt=attempt, at=AT)
        return people

    return take


def page(world: World, name: str, *args: Any, persona: str = TRAINER) -> str:
    address = reverse(f"quizzes:{name}", args=[world.harbour.first_cohort.id, *args])
    answer = world.client(persona).get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_below_ten_people_nothing_is_counted_out(world: World, taken: Take) -> None:
    taken(9)
    listed = page(world, "cohort_items")
    assert "Too few answers" in listed
    assert "% right" not in listed
    one = page(world, "cohort_item", "pp-v2", 1)
    assert "saw a concern" not in one
    assert "9 people" in one
    sheet = page(world, "debrief")
    assert "too few answers to name a pair" in sheet
    assert "Questions that always work" in sheet


def test_ten_people_show_counts_and_no_name(world: World, taken: Take) -> None:
    people = taken(10)
    pages = [
        page(world, "cohort_items"),
        page(world, "cohort_item", "pp-v2", 1),
        page(world, "cohort_item", "pp-n1", 1),
        page(world, "debrief"),
    ]
    assert "100 % right, 10 people" in pages[0]
    assert "10 of 10 saw a concern." in pages[1]
    assert "Ordinary." in pages[1]
    assert "they were 95 % sure" in pages[1]
    assert "Do d." in pages[2]
    assert "The look-alike was flagged 40 of 40 times." in pages[3]
    assert "The sign itself was missed 0 of 40 times." in pages[3]
    assert "10 of 10 chose" in pages[3]
    assert "10 of 10 were wrong, and on average 95 % sure." in pages[3]
    for person in people:
        assert all(person.user.display_name not in text for text in pages)
        assert all(person.user.username not in text for text in pages)


def test_how_sure_they_were_needs_ten_people(world: World, taken: Take) -> None:
    taken(10)
    assert "% sure" in page(world, "cohort_item", "pp-v2", 1)
    cohort = world.harbour.first_cohort
    place = cohort.members.exclude(membership_id=world.harbour.trainer.id)
    gone = place.exclude(membership_id=world.harbour.learner.id).first()
    type(gone).objects.filter(pk=gone.pk).delete()
    assert "% sure" not in page(world, "cohort_item", "pp-v2", 1)


def test_the_sheet_never_prints_a_text_of_a_test(world: World, taken: Take) -> None:
    taken(12, which=1)
    assert "Somebody asks for help." not in page(world, "debrief")
    taken(12)
    assert "Somebody asks for help." in page(world, "debrief")


def test_staff_who_try_a_quiz_are_not_counted(world: World, taken: Take, whole: Any) -> None:
    taken(9)
    attempt = start_attempt(membership=world.harbour.trainer, quiz=whole[0], at=AT)
    submit_attempt(attempt=attempt, at=AT)
    assert "9 people" in page(world, "cohort_item", "pp-v2", 1)


def test_pages_cost_the_same_for_ten_people_and_for_twenty(world: World, taken: Take) -> None:
    client = world.client(TRAINER)
    cohort = world.harbour.first_cohort.id
    pages = [
        reverse("quizzes:cohort_items", args=[cohort]),
        reverse("quizzes:debrief", args=[cohort]),
        reverse("quizzes:cohort_item", args=[cohort, "pp-v2", 1]),
    ]

    def cost(address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    taken(10)
    for address in pages:
        cost(address)  # what a process reads once
    ten = [cost(address) for address in pages]
    taken(10)
    assert [cost(address) for address in pages] == ten


# --- correcting on the page ---------------------------------------------------------------------

CHANGE = "?change=case%7Cnoise%7C"


def test_from_the_item_to_the_corrected_key_and_back(world: World, taken: Take) -> None:
    [up] = taken(1, concern=False)
    [down] = taken(1)
    client = world.client(TRAINER)
    item = page(world, "cohort_item", "pp-v1", 1)
    address = reverse("quizzes:correct", args=["pp-v1", 1])
    assert address in item
    assert "is ordinary" in client.get(address).content.decode()
    preview = client.get(address + CHANGE)
    text = preview.content.decode()
    assert "1 result gets better." in text
    assert "1 result would get worse" in text
    assert up.user.display_name in text
    assert down.user.display_name in text
    assert "4 of 9" in text
    assert "5 of 9" in text
    key = preview.context["form"].initial["key"]
    refused = client.post(address + CHANGE, {"key": key, "reason": ""})
    assert refused.status_code == 422
    sent = {"key": key, "reason": "Both are right."}
    for _twice in range(2):
        assert client.post(address + CHANGE, sent).status_code == 303
    made = KeyCorrection.objects.in_organization(world.harbour.organization).get()
    assert made.lower is False
    stands = client.get(address).content.decode()
    assert "Both are right." in stands
    again = client.get(address + CHANGE)
    assert again.status_code == 409
    assert "corrected before" in again.content.decode()
    assert client.post(reverse("quizzes:undo", args=[made.id])).status_code == 303
    assert "Both are right." not in client.get(address).content.decode()


def test_names_of_other_cohorts_are_only_counted(world: World, whole: Any) -> None:
    person = world.harbour.stranger
    attempt = start_attempt(membership=person, quiz=whole[0], at=AT)
    for drawn in items_of(attempt).select_related("item"):
        if drawn.item.kind == "verdict":
            record_response(
                attempt=attempt,
                position=drawn.position,
                client_key=uuid4(),
                answer={"concern": False, "confidence": None},
                at=AT,
            )
    submit_attempt(attempt=attempt, at=AT)
    address = reverse("quizzes:correct", args=["pp-v1", 1]) + CHANGE
    text = world.client(TRAINER).get(address).content.decode()
    assert person.user.shown_name not in text
    assert "And 1 result of other cohorts." in text
    assert person.user.shown_name in world.client("administrator").get(address).content.decode()


@pytest.mark.parametrize("change", ["", "case", "case|", "case|magic|", "|drop|"])
def test_an_address_that_makes_no_sense_is_not_there(world: World, whole: Any, change: str) -> None:
    address = reverse("quizzes:correct", args=["pp-v1", 1])
    client = world.client(TRAINER)
    assert client.get(address, {"change": change}).status_code == 404
    assert client.get(reverse("quizzes:correct", args=["pp-v1", 9])).status_code == 404
    assert world.client(LEARNER).get(address).status_code == 403


# --- the pure room ------------------------------------------------------------------------------


def pair(sign: str, alarms: int, n: int, **more: Any) -> PairCount:
    facts = {"n_signal": 0, "misses": 0, "people": 12} | more
    return PairCount(sign, "a-lure", True, n, alarms, **facts)


def test_a_pair_needs_ten_people_and_a_false_alarm() -> None:
    assert confused([pair("s-1", 9, 20, people=9), pair("s-3", 0, 20)]) == []
    assert is_enough(10)


def test_three_pairs_of_three_signs_the_surest_first() -> None:
    many = [
        pair("s-1", 3, 10),
        pair("s-2", 30, 31),
        pair("s-3", 10, 10),
        pair("s-3", 9, 10),
        pair("s-4", 5, 10),
    ]
    assert [one.sign for one in confused(many)] == ["s-2", "s-3", "s-4"]


def test_a_missed_sign_weighs_as_much_as_a_flagged_look_alike() -> None:
    missed = pair("s-1", 2, 10, n_signal=10, misses=10)
    assert confused([pair("s-2", 5, 20), missed])[0].sign == "s-1"


def test_the_option_that_pulls_and_the_surest_mistake() -> None:
    few, many = OptionCount(1, "b", 9, 9), OptionCount(2, "c", 6, 12)
    assert pulling([few]) is None
    assert pulling([few, many]) == many
    rare, common = SureCount(1, 30, 9, 0.95), SureCount(2, 30, 12, 0.8)
    assert surest_wrong([rare]) is None
    assert surest_wrong([rare, common]) == common
