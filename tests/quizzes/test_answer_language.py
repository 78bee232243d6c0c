"""An answer knows in which language its case was shown, whatever happens afterwards."""

from __future__ import annotations

import json
import re
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client

from course.models import AppendOnlyError, Membership
from course.services.accounts import choose_language
from modules.services.demo_quizzes import take_quiz
from quizzes.models import Attempt, ItemVersion, Response
from quizzes.rekeying import Change, Standing
from quizzes.services.attempting import items_of, record_response, start_attempt
from quizzes.services.correcting import correct_key
from quizzes.services.grading import submit_attempt
from quizzes.services.papering import enter_sheet, make_sheet
from quizzes.simulating import SimulatedLearner
from tests.personas import AT, LEARNER, World
from tests.quizzes.making import eight_verdicts, published, quiz
from tests.quizzes.paging import address
from tests.quizzes.sampled import fields_of

pytestmark = pytest.mark.django_db
YES: Any = {"concern": True, "confidence": 95}


@pytest.fixture(autouse=True)
def _now() -> Any:
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def attempt(world: World) -> Attempt:
    (short,) = published(eight_verdicts(), quiz())
    return start_attempt(membership=world.harbour.learner, quiz=short, at=AT)


@pytest.fixture
def client(world: World) -> Client:
    return world.client(LEARNER)


def languages_of(attempt: Attempt) -> list[str]:
    return list(Response.objects.of_attempt(attempt).values_list("language", flat=True))


def sent_by(page: str) -> dict[str, str]:
    """The hidden fields of the form, as a browser sends them."""
    form = page[page.index('class="item-form"') :]
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form))


def read_in(person: Membership, language: str) -> None:
    choose_language(user=person.user, language=language)


def test_the_page_that_was_answered_says_its_language(
    client: Client, attempt: Attempt, world: World
) -> None:
    """Not the language at the moment of sending: another window may have switched it."""
    learner = world.harbour.learner
    fields = sent_by(client.get(address(attempt)).content.decode())
    assert fields["shown_in"] == "en"
    read_in(learner, "ms")
    assert client.post(address(attempt), fields | fields_of(YES)).status_code == 303
    assert languages_of(attempt) == ["en"]
    fields = sent_by(client.get(address(attempt, 2)).content.decode())
    client.post(address(attempt, 2), fields | fields_of(YES))
    assert languages_of(attempt) == ["en", "ms"]


def test_a_page_that_asks_again_is_answered_in_its_own_language(
    client: Client, attempt: Attempt, world: World
) -> None:
    """What could not be read comes back in the language of now, and counts in that."""
    fields = sent_by(client.get(address(attempt)).content.decode())
    read_in(world.harbour.learner, "ms")
    refused = client.post(address(attempt), fields | {"concern": "perhaps"})
    assert refused.status_code == 422
    again = sent_by(refused.content.decode())
    client.post(address(attempt), again | fields_of(YES))
    assert languages_of(attempt) == ["ms"]


def test_the_same_answer_sent_again_in_another_language_is_the_same(
    client: Client, attempt: Attempt
) -> None:
    fields = sent_by(client.get(address(attempt)).content.decode()) | fields_of(YES)
    client.post(address(attempt), fields)
    client.post(address(attempt), fields | {"shown_in": "ms"})
    assert languages_of(attempt) == ["en"]
    first = Response.objects.of_attempt(attempt).get()
    told = record_response(
        attempt=attempt,
        position=1,
        client_key=first.client_key,
        answer=YES,
        language="ms",
        at=AT,
    )
    assert told.replayed
    assert told.response.language == "en"


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ({"shown_in": "ms"}, "ms"),
        ({"shown_in": "mixed"}, ""),
        ({"shown_in": "en-GB-oxendict"}, ""),
        ({"shown_in": ["en"]}, ""),
        ({"shown_in": None}, ""),
        ({}, ""),
    ],
)
def test_a_program_says_it_too_and_nothing_is_lost_without(
    client: Client, attempt: Attempt, sent: dict[str, Any], kept: str
) -> None:
    body = json.dumps({"key": str(uuid4()), "answer": YES} | sent)
    got = client.post(address(attempt), body, content_type="application/json")
    assert got.status_code == 200
    assert languages_of(attempt) == [kept]


def test_what_was_skipped_was_shown_all_the_same(client: Client, world: World) -> None:
    heavy = [one.model_copy(update={"sensitive": True}) for one in eight_verdicts()]
    (short,) = published(heavy, quiz())
    attempt = start_attempt(membership=world.harbour.learner, quiz=short, at=AT)
    fields = sent_by(client.get(address(attempt)).content.decode())
    client.post(address(attempt), fields | {"wants": "skip"})
    assert list(Response.objects.of_attempt(attempt).values_list("skipped", "language")) == [
        (True, "en")
    ]


def test_it_outlives_handing_in_correcting_and_counting_again(
    attempt: Attempt, world: World
) -> None:
    place = world.harbour
    for drawn in items_of(attempt):
        language = "en" if drawn.position == 1 else "ms"
        record_response(
            attempt=attempt,
            position=drawn.position,
            client_key=uuid4(),
            answer=YES,
            language=language,
            at=AT,
        )
    submit_attempt(attempt=attempt, at=AT)
    read_in(place.learner, "ms")
    correct_key(
        actor=place.administrator,
        version=ItemVersion.objects.get(pk=items_of(attempt).first().item_version_id),
        standing=Standing("case", Change.DROP),
        reason="The panel said so.",
        lower=True,
        client_key=uuid4(),
        at=AT,
    )
    call_command("rebuild_rollups", verbosity=0)
    assert languages_of(attempt) == ["en", "ms", "ms", "ms"]
    with pytest.raises(AppendOnlyError):
        Response.objects.of_attempt(attempt).update(language="en")


def test_nobody_knows_which_side_of_a_sheet_was_read(world: World) -> None:
    place = world.harbour
    (short,) = published(eight_verdicts(), quiz())
    sheet = make_sheet(cohort=place.first_cohort, quiz=short, actor=place.trainer, at=AT)
    attempt = enter_sheet(
        sheet=sheet,
        quiz=short,
        person=place.learner,
        lines={1: "Y", 2: "N"},
        actor=place.trainer,
        at=AT,
    )
    assert languages_of(attempt) == ["", ""]


def test_made_up_people_read_in_the_language_they_are_given(world: World) -> None:
    import random

    (short,) = published(eight_verdicts(), quiz())
    who = SimulatedLearner(0.9, 0.1, 0.8, random.Random(1))  # noqa: S311 -- a game
    attempt = take_quiz(person=world.harbour.learner, quiz=short, who=who, at=AT, language="ms")
    assert set(languages_of(attempt)) == {"ms"}
