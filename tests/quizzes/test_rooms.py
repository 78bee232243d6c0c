"""One case for a room: two taps to the wall, phones without an account, and no trace of anybody."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from course.services import Refused
from course.services.throttle import PER_NETWORK
from quizzes.models import Attempt, Evidence, Response, Room, RoomAnswer
from quizzes.published import current_bank, practice_pools
from quizzes.roomwork import choices_in_room, fits_a_room, in_order_of
from quizzes.services.presenting import (
    MOST_ANSWERS,
    OPEN_FOR,
    answer_in_room,
    answers_by_choice,
    count_hands,
    find_room,
    open_room,
    reveal,
)
from tests.personas import AT, TRAINER, World
from tests.quizzes.making import (
    eight_verdicts,
    highlight,
    next_step,
    published,
    quiz,
    verdict,
)
from tests.quizzes.sampled import items_of_kind

pytestmark = pytest.mark.django_db
DOOR = "/room/"


@pytest.fixture(autouse=True)
def _now() -> Any:
    with time_machine.travel(AT + timedelta(minutes=5), tick=False):
        yield


@pytest.fixture
def bank(world: World) -> None:
    """Practice cases of three kinds, a heavy one, and a quiz that counts."""
    del world
    draws = [
        {"kind": kind, "pools": ["rr", "pp"], "take": 1}
        for kind in ("verdict", "highlight", "next_step")
    ]
    practice = quiz("practice", kind="practice", module=None, counts=False, draws=draws)
    published(
        [
            *eight_verdicts(),
            verdict("rr-v1", "rr", "control", signal=True),
            verdict("rr-v2", "rr", "control", signal=True, sensitive=True),
            highlight("rr-h1", "rr", "control", signals=1, noise=2),
            next_step("rr-n1", "rr", "control"),
        ],
        quiz(),
        practice,
    )


def opened(world: World, key: str = "rr-v1") -> Room:
    place = world.harbour
    return open_room(
        cohort=place.first_cohort,
        version_id=current_bank().items[key].version_id,
        actor=place.trainer,
        at=AT,
    )


def wall(world: World, room: Room) -> str:
    cohort = world.harbour.first_cohort.id
    address = reverse("quizzes:room", args=[cohort, room.id])
    return world.client(TRAINER).get(address).content.decode()


def step(world: World, room: Room, **fields: Any) -> Any:
    cohort = world.harbour.first_cohort.id
    address = reverse("quizzes:room_step", args=[cohort, room.id])
    return world.client(TRAINER).post(address, fields)


def ticket_of(answer: Any) -> str:
    return str(answer.context["ticket"])


def test_only_light_practice_cases_are_offered(world: World, bank: None) -> None:
    assert practice_pools() == {"rr"}
    address = reverse("quizzes:present", args=[world.harbour.first_cohort.id])
    client = world.client(TRAINER)
    text = client.get(address).content.decode()
    assert 'value="rr-v1"' in text
    assert 'value="rr-v2"' not in text
    assert 'value="pp-v1"' not in text
    assert client.post(address, {"case": "pp-v1"}).status_code == 404
    heavy = client.post(address, {"case": "rr-v2"}, follow=True)
    assert "no short answer" in heavy.content.decode()
    assert not Room.objects.in_organization(world.harbour.organization).exists()


def test_a_case_is_on_the_wall_with_two_taps(world: World, bank: None) -> None:
    address = reverse("quizzes:present", args=[world.harbour.first_cohort.id])
    answer = world.client(TRAINER).post(address, {"case": "rr-v1"}, follow=True)
    room = Room.objects.of_cohort(world.harbour.first_cohort).get()
    text = answer.content.decode()
    assert room.code in text
    assert "Case rr-v1." in text
    assert "Found." not in text


def test_phones_answer_without_an_account_and_once_a_form(world: World, bank: None) -> None:
    room = opened(world)
    phone = Client()
    page = phone.post(DOOR, {"code": f" {room.code.lower()} "})
    assert "Case rr-v1." in page.content.decode()
    assert world.harbour.canary not in page.content.decode()
    sent = {"code": room.code, "choice": "yes", "ticket": ticket_of(page)}
    assert "Your answer is counted" in phone.post(DOOR, sent).content.decode()
    assert "Your answer is counted" in phone.post(DOOR, sent).content.decode()
    assert answers_by_choice(room) == {"yes": 1}
    other = Client().post(DOOR, {"code": room.code})
    Client().post(DOOR, {"code": room.code, "choice": "no", "ticket": ticket_of(other)})
    assert answers_by_choice(room) == {"yes": 1, "no": 1}


def test_looking_writes_nothing_and_a_link_may_bring_the_code(
    world: World, bank: None, django_assert_num_queries: Any
) -> None:
    room = opened(world)
    with django_assert_num_queries(0):
        page = Client().get(DOOR, {"code": room.code})
    assert f'value="{room.code}"' in page.content.decode()
    assert "Case rr-v1." not in page.content.decode()


def test_nothing_about_a_person_is_stored(world: World, bank: None) -> None:
    room = opened(world)
    page = Client().post(DOOR, {"code": room.code})
    ticket = ticket_of(page)
    Client().post(DOOR, {"code": room.code, "choice": "yes", "ticket": ticket})
    [row] = RoomAnswer.objects.in_organization(room.organization_id).values()
    assert set(row) == {"organization_id", "id", "room_id", "ticket", "choice"}
    assert ticket not in row["ticket"]
    assert row["id"].version == 4  # random, so that not even the time is in it
    assert "sessionid" not in " ".join(page.cookies)
    for model in (Attempt, Response, Evidence):
        assert not model.objects.in_organization(room.organization_id).exists()


def test_the_counts_come_with_what_is_right(world: World, bank: None) -> None:
    room = opened(world)
    answer_in_room(room=room, choice="no", ticket="a", at=AT)
    before = wall(world, room)
    assert "<meter" not in before
    assert "<strong data-answers>1</strong>" in before
    assert step(world, room, **{"hands-yes": "7", "wants": "keep"}).status_code == 303
    assert "<strong data-answers>8</strong>" in wall(world, room)
    step(world, room, **{"hands-yes": "9", "hands-bogus": "3", "wants": "reveal"})
    after = wall(world, room)
    assert answers_by_choice(Room.objects.of_cohort(world.harbour.first_cohort).get()) == {
        "yes": 9,
        "no": 1,
    }
    assert "<strong>9</strong>" in after
    assert "Found." in after
    late = Client().post(DOOR, {"code": room.code})
    told = Client().post(DOOR, {"code": room.code, "choice": "yes", "ticket": ticket_of(late)})
    assert told.status_code == 422
    assert "This case is over" in told.content.decode()


def test_a_script_may_ask_for_the_number_alone(world: World, bank: None) -> None:
    room = opened(world)
    answer_in_room(room=room, choice="no", ticket="a", at=AT)
    address = reverse("quizzes:room", args=[world.harbour.first_cohort.id, room.id])
    answer = world.client(TRAINER).get(address, headers={"accept": "application/json"})
    assert answer.json() == {"answers": 1}


@pytest.mark.parametrize(
    ("key", "right", "words"),
    [("rr-h1", "p1", "Nothing here"), ("rr-n1", "a", "Do a."), ("rr-v1", "yes", "No, this")],
)
def test_each_kind_is_asked_and_told(
    world: World, bank: None, key: str, right: str, words: str
) -> None:
    room = opened(world, key)
    assert words in wall(world, room)
    page = Client().post(DOOR, {"code": room.code})
    assert words in page.content.decode()
    answer_in_room(room=room, choice=right, ticket="a", at=AT)
    reveal(room=room, at=AT)
    assert "wall__right" in wall(world, room)


def test_another_case_closes_the_one_before_and_a_room_closes_by_itself(
    world: World, bank: None
) -> None:
    first, second = opened(world), opened(world, "rr-n1")
    assert find_room(first.code, at=AT) is None
    assert find_room(second.code, at=AT + OPEN_FOR - timedelta(seconds=1)) == second
    assert find_room(second.code, at=AT + OPEN_FOR) is None
    with pytest.raises(Refused, match="over"):
        answer_in_room(room=second, choice="a", ticket="a", at=AT + OPEN_FOR + timedelta(seconds=1))


def test_a_room_of_another_cohort_or_house_is_not_there(world: World, bank: None) -> None:
    room = opened(world)
    client = world.client("administrator")
    address = reverse("quizzes:room", args=[world.harbour.second_cohort.id, room.id])
    assert client.get(address).status_code == 404
    with pytest.raises(ValueError, match="different organisations"):
        open_room(
            cohort=world.lighthouse.first_cohort,
            version_id=current_bank().items["rr-v1"].version_id,
            actor=world.harbour.trainer,
            at=AT,
        )


def test_wrong_codes_are_braked_and_right_ones_are_not(world: World, bank: None) -> None:
    room = opened(world)
    client = Client()
    for _one in range(3):
        assert client.post(DOOR, {"code": room.code}).status_code == 200
    for _one in range(PER_NETWORK):
        assert client.post(DOOR, {"code": "ZZZZZZ"}).status_code == 422
    assert client.post(DOOR, {"code": "ZZZZZZ"}).status_code == 429


def test_a_room_has_room_for_so_many_answers_only(world: World, bank: None) -> None:
    room = opened(world)
    RoomAnswer.objects.bulk_create(
        RoomAnswer(
            organization_id=room.organization_id, room_id=room.id, ticket=f"t{n}", choice="no"
        )
        for n in range(MOST_ANSWERS)
    )
    with pytest.raises(Refused, match="over"):
        answer_in_room(room=room, choice="no", ticket="one more", at=AT)


def test_a_made_up_answer_counts_nothing(world: World, bank: None) -> None:
    room = opened(world)
    with pytest.raises(Refused, match="choose one"):
        answer_in_room(room=room, choice="maybe", ticket="a", at=AT)
    count_hands(room=room, hands={"yes": -1, "no": 1000, "maybe": 4})
    assert answers_by_choice(room).total() == 0


@pytest.mark.parametrize("kind", ["verdict", "highlight", "next_step", "choice"])
def test_every_real_case_of_these_kinds_has_a_right_answer(kind: str) -> None:
    for item in items_of_kind(kind):
        if fits_a_room(item):
            choices = choices_in_room(item)
            assert any(one.is_right for one in choices)
            assert len(in_order_of({}, choices)) == len(choices)


def test_other_kinds_stay_out_of_the_room() -> None:
    for kind in ("dialogue", "match", "sequence", "triage", "contrast_pair"):
        assert not any(fits_a_room(item) for item in items_of_kind(kind))
