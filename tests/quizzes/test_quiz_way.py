"""The way through a quiz: list, items, resuming, results; the map, the taster, and needs."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
import time_machine
from django.apps import apps
from django.conf import settings
from django.db import connections, router
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from course.models import Membership
from quizzes.models import Accommodation, Attempt
from quizzes.policy import Needs
from quizzes.published import current_bank, item_version
from quizzes.services.attempting import items_of, record_response, start_attempt
from quizzes.services.grading import submit_attempt
from tests.personas import ADMINISTRATOR, AT, LEARNER, World
from tests.quizzes.making import (
    bank_of,
    eight_verdicts,
    full_form,
    full_quiz,
    publish,
    published,
    quiz,
    right_answer,
)
from tests.quizzes.paging import (
    address,
    begin,
    document,
    evidence_of,
    secrets_of,
    send,
    words_of,
)
from tests.quizzes.sampled import (
    answer_to,
    fields_of,
    kind_quiz,
    publish_samples,
    samples,
)
from tests.reading_html import read_page

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now() -> Any:
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def learner(world: World) -> Membership:
    return world.harbour.learner


@pytest.fixture
def client(world: World) -> Client:
    return world.client(LEARNER)


# --- the way through ------------------------------------------------------------------------------


def test_a_quiz_from_its_list_to_its_end(client: Client, learner: Membership) -> None:
    published(eight_verdicts(), quiz())
    assert "Short quiz" in client.get("/quizzes/").content.decode()
    intro = client.get("/quizzes/short/").content.decode()
    assert "You read why after the last answer." in intro
    got = client.post("/quizzes/short/start/", follow=True)
    assert "Case 1 of 4" in got.content.decode()
    attempt = Attempt.objects.of_person(learner).get()
    assert "Continue" in client.get("/quizzes/short/").content.decode()
    for place in (1, 2, 3):
        got = send(client, attempt, right_answer(document(attempt, place)), place)
        assert got.headers["Location"] == address(attempt, place + 1)
    resumed = client.get(address(attempt, name="resume"))
    assert resumed.headers["Location"] == address(attempt, 4)
    assert "1 case is still open." in client.get(address(attempt, name="overview")).content.decode()
    got = send(client, attempt, right_answer(document(attempt, 4)), 4)
    assert got.headers["Location"] == address(attempt, name="overview")
    assert client.get(address(attempt, name="resume")).headers["Location"].endswith("/overview/")
    client.post(address(attempt, name="submit"))
    html = words_of(client.get(address(attempt, name="results")).content.decode())
    signs = evidence_of(attempt).filter(kind="signal").count()
    assert f"You spotted {signs} of {signs} signs. You flagged 0 of {4 - signs}" in html
    assert "In real work signs are rarer" in html


def test_an_answer_left_empty_is_still_open(client: Client, learner: Membership) -> None:
    attempt = begin(learner, "verdict", "after-form")
    total = len(items_of(attempt))
    assert client.post(address(attempt), {"key": str(uuid4())}).status_code == 303
    html = client.get(address(attempt, name="overview")).content.decode()
    assert f"{total} cases are still open." in html


def test_half_a_conversation_is_still_open(client: Client, learner: Membership) -> None:
    attempt = begin(learner, "dialogue", "after-item")
    item = document(attempt)
    first = answer_to(item, right=True)["path"][:1]
    got = send(client, attempt, {"path": first})
    assert got.headers["Location"] == f"{address(attempt)}#now"
    html = client.get(address(attempt)).content.decode()
    assert 'id="now"' in html
    assert client.get(address(attempt, name="resume")).headers["Location"] == address(attempt)
    total = len(items_of(attempt))
    html = client.get(address(attempt, name="overview")).content.decode()
    assert f"{total} cases are still open." in html
    got = client.post(address(attempt), {"key": str(uuid4()), "reply": f"{first[0]['node']}/a"})
    assert got.status_code == 422, "what was said cannot be said again"
    assert "The conversation has moved on." in got.content.decode()


def test_a_harmful_reply_leads_back_to_the_same_moment(client: Client, learner: Membership) -> None:
    attempt = begin(learner, "dialogue", "after-item")
    steps = answer_to(document(attempt), right=False)["path"]
    assert steps[0]["node"] == steps[1]["node"], "the first reply was harmful"
    send(client, attempt, {"path": steps[:1]})
    html = client.get(address(attempt)).content.decode()
    assert "The same moment again. Try another way." in html
    assert f'value="{steps[0]["node"]}/{steps[0]["reply"]}"' not in html


def test_a_pre_test_shows_counts_and_no_answers(client: Client, learner: Membership) -> None:
    attempt = begin(learner, "verdict", "never")
    item = document(attempt)
    got = send(client, attempt, answer_to(item, right=False))
    assert got.headers["Location"] == address(attempt, 2)
    client.post(address(attempt, name="submit"))
    html = client.get(address(attempt, name="results")).content.decode()
    assert "You spotted" in html or "You flagged" in html  # the one case answered decides which
    assert "Case by case" not in html
    for drawn in items_of(attempt):
        texts = secrets_of(document(attempt, drawn.position))
        assert not [text for text in texts if escape(text) in html]


def hand_in(learner: Membership, key: str, answer: Any) -> Attempt:
    attempt = start_attempt(membership=learner, quiz=current_bank().quizzes[key], at=AT)
    for drawn in items_of(attempt):
        said = answer(item_version(drawn.item_version_id))
        options = {"client_key": uuid4(), "answer": said, "at": AT}
        record_response(attempt=attempt, position=drawn.position, **options)  # type: ignore[arg-type]
    submit_attempt(attempt=attempt, at=AT)
    return attempt


def test_a_whole_final_shows_its_numbers_behind_their_gates(
    client: Client, learner: Membership
) -> None:
    publish_samples()  # for the names of the stages
    publish(bank_of(full_form(), full_quiz()))
    attempt = hand_in(learner, "final", right_answer)
    html = words_of(client.get(address(attempt, name="results")).content.decode())
    assert "You spotted all 60 signs. You flagged none of 75 ordinary things." in html
    assert "Telling signs apart" in html
    assert "Provisional" not in html
    assert "you were right in 100 % of the cases, and 80 % sure on average" in html
    assert "60 of 60 signs spotted, 0 of 75 ordinary things flagged" in html
    assert html.count("<tr>") == 4, "one row for each stage"


def test_few_cases_hide_what_they_cannot_carry(client: Client, learner: Membership) -> None:
    published(eight_verdicts(), quiz())
    attempt = hand_in(learner, "short", right_answer)
    html = client.get(address(attempt, name="results")).content.decode()
    assert "More numbers" not in html
    assert "tend to" not in html


def test_unsafe_steps_stand_apart_and_open(client: Client, learner: Membership) -> None:
    attempt = begin(learner, "next_step", "after-form")
    send(client, attempt, answer_to(document(attempt), right=False))
    submit_attempt(attempt=attempt, at=AT)
    html = words_of(client.get(address(attempt, name="results")).content.decode())
    assert "1 step here was not safe for the person. Look at it first." in html
    assert 'href="#case-1"' in html
    assert 'id="case-1" open' in html


# --- map, taster, needs ---------------------------------------------------------------------------


def test_the_map_says_too_few_before_it_says_solid(client: Client, learner: Membership) -> None:
    publish_samples(kind_quiz("highlight", "after-form"))
    assert "Not seen yet" in client.get(reverse("quizzes:map")).content.decode()
    attempt = start_attempt(
        membership=learner, quiz=current_bank().quizzes["highlight-after-form"], at=AT
    )
    send(client, attempt, answer_to(document(attempt), right=True))
    submit_attempt(attempt=attempt, at=AT)
    html = words_of(client.get(reverse("quizzes:map")).content.decode())
    assert "Not enough cases yet (1 of 12)" in html
    assert "You spotted" in html
    assert read_page(html).unclosed == []


def test_the_taster_tells_at_once_and_keeps_nothing(world: World) -> None:
    publish_samples()
    visitor = Client()
    before = rows_everywhere()
    assert visitor.get("/taster/").status_code == 200
    place, seen = 0, []
    while True:
        place += 1
        target = f"/taster/{place}/"
        asked = visitor.get(target)
        if asked.status_code == 404:
            break
        item: Any = samples()[1].items[taster_key(place)]
        assert not [one for one in secrets_of(item) if escape(one) in asked.content.decode()]
        told = visitor.post(target, fields_of(answer_to(item, right=False)))
        assert told.status_code == 200
        assert [one for one in secrets_of(item) if escape(one) in told.content.decode()]
        seen.append(item.kind)
    assert sorted(seen) == ["contrast_pair", "highlight", "verdict", "verdict", "verdict"]
    assert rows_everywhere() == before
    assert set(visitor.cookies) <= {settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME}


def rows_everywhere() -> dict[str, int]:
    """Table -> number of rows, in both databases."""
    counts = {}
    for model in apps.get_models():
        database = router.db_for_read(model)
        with connections[database].cursor() as cursor:
            cursor.execute(f'SELECT COUNT(*) FROM "{model._meta.db_table}"')  # noqa: S608 -- ours
            counts[model._meta.db_table] = cursor.fetchone()[0]
    return counts


def taster_key(place: int) -> str:
    from quizzes.views.taster import taster_keys

    return taster_keys()[place - 1]


def test_the_taster_asks_for_an_answer(world: World) -> None:
    publish_samples()
    got = Client().post("/taster/2/", {})
    assert got.status_code == 422
    assert "Something is still open." in got.content.decode()


def test_without_a_bank_the_taster_says_so(world: World) -> None:
    publish(bank_of([]))
    assert "There are no cases here yet." in Client().get("/taster/").content.decode()
    assert Client().get("/taster/1/").status_code == 404


def test_needs_are_set_once_for_every_quiz(world: World, learner: Membership) -> None:
    from quizzes.services.accommodating import needs_of

    administrator = world.client(ADMINISTRATOR)
    target = reverse("quizzes:needs", args=[learner.id])
    assert read_page(administrator.get(target).content.decode()).unclosed == []
    got = administrator.post(
        target, {"extra_time": 50, "no_time_limit": "on", "extra_days": 7}, follow=True
    )
    assert "Saved. It holds for everything from now on." in got.content.decode()
    assert needs_of(learner) == Needs(extra_time=50, no_time_limit=True, extra_days=7)
    assert administrator.post(target, {"extra_time": 7}).status_code == 422
    assert Accommodation.objects.in_organization(learner.organization_id).count() == 1


def test_every_page_is_neutral_in_the_history(client: Client, learner: Membership) -> None:
    """Addresses carry no word of a case; titles neither (tests/course/test_pages.py)."""
    attempt = begin(learner, "verdict", "after-item")
    key = document(attempt).key
    send(client, attempt, answer_to(document(attempt), right=True))
    for name in ("item", "overview"):
        got = client.get(address(attempt, name=name))
        assert read_page(got.content.decode()).title == "Quiz · Kenali"
        assert key not in urlsplit(address(attempt, name=name)).path
