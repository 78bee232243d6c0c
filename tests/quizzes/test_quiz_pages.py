"""The pages of a quiz: each kind asked, told and summed up; what is refused and what stays."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from course.models import Membership
from quizzes import kinds
from quizzes.models import Response
from quizzes.services.attempting import items_of, start_attempt
from quizzes.services.grading import submit_attempt
from quizzes.telling import tell
from quizzes.told_words import told_sentence
from tests.personas import ADMINISTRATOR, AT, LEARNER, OUTSIDER, TRAINER, World
from tests.quizzes.making import (
    bank_of,
    eight_verdicts,
    publish,
    published,
    quiz,
    verdict,
)
from tests.quizzes.paging import (
    address,
    begin,
    document,
    evidence_of,
    secrets_of,
    send,
)
from tests.quizzes.sampled import (
    KIND_NAMES,
    answer_to,
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


# --- the three states of every kind ---------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "ms"])
@pytest.mark.parametrize("kind", KIND_NAMES)
def test_every_kind_is_asked_answered_and_told(
    client: Client, world: World, learner: Membership, kind: str, language: str
) -> None:
    learner.user.language = language
    learner.user.save()
    attempt = begin(learner, kind, "after-item")
    for drawn in items_of(attempt):
        item, target = document(attempt, drawn.position), address(attempt, drawn.position)
        asked = client.get(target)
        assert asked.status_code == 200
        assert read_page(asked.content.decode()).unclosed == []
        answer = answer_to(item, right=drawn.position == 1)
        got = send(client, attempt, answer, drawn.position)
        assert got.status_code == 303
        assert got.headers["Location"] == f"{target}#told"
        told = client.get(target)
        html = told.content.decode()
        page = read_page(html)
        assert page.unclosed == []
        assert len(page.ids) == len(set(page.ids))
        shown = kinds.shown(item, language, seed=attempt.seed, so_far=answer)  # type: ignore[arg-type]
        words = tell(item, answer, language, samples()[0], shown=shown)  # type: ignore[arg-type]
        assert escape(told_sentence_in(language, words)) in html
        for part in words.parts:
            assert escape(part.why) in html
        assert "data-summary" not in html
        assert '<form method="post" action="' + target not in html, "it cannot be answered again"


def told_sentence_in(language: str, words: Any) -> str:
    from django.utils import translation

    with translation.override(language):
        return told_sentence(words)


@pytest.mark.parametrize("kind", KIND_NAMES)
def test_nothing_of_the_key_leaves_before_the_answer(
    client: Client, learner: Membership, kind: str
) -> None:
    attempt = begin(learner, kind, "after-item")
    for drawn in items_of(attempt):
        item = document(attempt, drawn.position)
        html = client.get(address(attempt, drawn.position)).content.decode()
        leaked = [text for text in secrets_of(item) if escape(text) in html]
        assert leaked == []
        signs = {part.indicator or part.imitates for _name, part in item.scored()}
        assert not [one for one in [*signs, item.key] if one in html]
        assert "result--" not in html
    item = document(attempt)
    if secrets_of(item):
        send(client, attempt, answer_to(item, right=False))
        html = client.get(address(attempt)).content.decode()
        assert [text for text in secrets_of(item) if escape(text) in html], "the guard sees nothing"


@pytest.mark.parametrize("kind", KIND_NAMES)
def test_an_answer_is_still_there_and_can_be_changed_until_handing_in(
    client: Client, learner: Membership, kind: str
) -> None:
    attempt = begin(learner, kind, "after-form")
    item = document(attempt)
    send(client, attempt, answer_to(item, right=False))
    html = client.get(address(attempt)).content.decode()
    assert 'id="told"' not in html
    assert not [text for text in secrets_of(item) if escape(text) in html]
    if kind == "dialogue":
        assert escape(item.nodes[0].says["en"]) in html
    else:
        page = read_page(html)
        chosen = [*page.all("input", checked=""), *page.all("option", selected="")]
        assert [one for one in chosen if "checked" in one or "selected" in one]
        send(client, attempt, answer_to(item, right=True))
        kept = list(Response.objects.of_attempt(attempt).values_list("answer", flat=True))
        assert kept == [answer_to(item, right=False), answer_to(item, right=True)]


@pytest.mark.parametrize("kind", KIND_NAMES)
def test_every_kind_is_summed_up_after_handing_in(
    client: Client, learner: Membership, kind: str
) -> None:
    attempt = begin(learner, kind, "after-form")
    drawn = list(items_of(attempt))
    send(client, attempt, answer_to(document(attempt), right=False))
    got = client.post(address(attempt, name="submit"))
    assert got.headers["Location"] == address(attempt, name="results")
    html = client.get(address(attempt, name="results")).content.decode()
    page = read_page(html)
    assert page.unclosed == []
    assert len(page.ids) == len(set(page.ids))
    for one in drawn:
        assert f'id="case-{one.position}"' in html
    assert [text for text in secrets_of(document(attempt)) if escape(text) in html] or not (
        secrets_of(document(attempt))
    )
    assert client.get(address(attempt)).status_code == 302


# --- what is refused ----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KIND_NAMES)
def test_a_malformed_answer_changes_nothing_and_says_what_is_wrong(
    client: Client, learner: Membership, kind: str
) -> None:
    attempt = begin(learner, kind, "after-item")
    target, key = address(attempt), str(uuid4())
    odd: list[Any] = [None, 7, "yes", [], {"marked": 7}, {"path": [{"node": "n1"}]}, {"x": {}}]
    for answer in odd:
        got = client.post(target, {"key": key, "answer": answer}, content_type="application/json")
        assert got.status_code == 422, answer
        assert set(got.json()) == {"error", "message"}
    for body in (b"", b"{", b"[]", b'{"key": 1}', b'{"answer": {}}', b"[" * 5000):
        got = client.post(target, body, content_type="application/json")
        assert got.status_code == 400, body
    for fields in ({}, {"key": "no-uuid", "marked": "s1"}):
        assert client.post(target, fields).status_code == 400
    huge = {"key": key, "answer": {"marked": ["s1" * 40000]}}
    assert client.post(target, huge, content_type="application/json").status_code == 400
    assert not Response.objects.of_attempt(attempt).exists()


def test_the_page_of_a_refused_answer_keeps_what_was_filled_in(
    client: Client, learner: Membership
) -> None:
    attempt = begin(learner, "evidence", "after-item")
    got = client.post(address(attempt), {"key": str(uuid4()), "concern": "yes", "confidence": 80})
    html = got.content.decode()
    assert got.status_code == 422
    assert 'role="alert"' in html
    assert "After yes, mark a line that shows it." in html
    checked = [one for one in read_page(html).all("input") if "checked" in one]
    assert [(one["name"], one["value"]) for one in checked] == [
        ("concern", "yes"),
        ("confidence", "80"),
    ]


def test_places_that_are_taken_twice_are_shown_again(client: Client, learner: Membership) -> None:
    attempt = begin(learner, "sequence", "after-item")
    events = document(attempt).events
    fields = {f"place-{event.id}": 2 for event in events}
    got = client.post(address(attempt), {"key": str(uuid4()), **fields})
    html = got.content.decode()
    assert got.status_code == 422
    assert "Give every card a place of its own" in html
    selected = [one["value"] for one in read_page(html).all("option") if "selected" in one]
    assert selected == ["2"] * len(events)


@pytest.mark.parametrize("kind", sorted(set(KIND_NAMES) - {"highlight"}))
def test_an_empty_answer_does_not_use_up_a_case(
    client: Client, learner: Membership, kind: str
) -> None:
    attempt = begin(learner, kind, "after-item")
    got = client.post(address(attempt), {"key": str(uuid4())})
    assert got.status_code == 422
    assert not Response.objects.of_attempt(attempt).exists()


def test_marking_nothing_is_an_answer(client: Client, learner: Membership) -> None:
    attempt = begin(learner, "highlight", "after-item")
    assert client.post(address(attempt), {"key": str(uuid4())}).status_code == 303
    assert Response.objects.of_attempt(attempt).get().answer == {"marked": []}


def test_an_attempt_is_only_its_owners(world: World, learner: Membership) -> None:
    attempt = begin(learner, "verdict", "after-item")
    for persona in (TRAINER, ADMINISTRATOR, OUTSIDER):
        stranger = world.client(persona)
        for name in ("item", "overview", "results", "resume"):
            assert stranger.get(address(attempt, name=name)).status_code == 404
        for name in ("item", "later", "submit"):
            assert stranger.post(address(attempt, name=name)).status_code == 404
    assert not Response.objects.of_attempt(attempt).exists()
    attempt.refresh_from_db()
    assert attempt.submitted_at is None


def test_after_handing_in_answers_stand(client: Client, learner: Membership) -> None:
    attempt = begin(learner, "verdict", "after-form")
    send(client, attempt, answer_to(document(attempt), right=True))
    submit_attempt(attempt=attempt, at=AT)
    got = send(client, attempt, answer_to(document(attempt), right=False))
    assert got.status_code == 409
    assert "Your answers stand as they were." in got.content.decode()
    assert client.post(address(attempt, name="later")).status_code == 409
    assert Response.objects.of_attempt(attempt).count() == 1
    assert client.post(address(attempt, name="submit")).status_code == 303
    assert evidence_of(attempt).count() == len(items_of(attempt))


def test_a_withdrawn_case_takes_no_answer(client: Client, learner: Membership) -> None:
    short = published(eight_verdicts(), quiz(shuffle=False))[0]
    attempt = start_attempt(membership=learner, quiz=short, at=AT)
    gone = document(attempt).key
    publish(bank_of([one for one in eight_verdicts() if one.key != gone], quiz(shuffle=False)))
    got = send(client, attempt, {"concern": True})
    assert got.status_code == 409
    assert "taken out of the course" in got.content.decode()
    fields = {"key": str(uuid4()), "answer": {"concern": True}}
    got = client.post(address(attempt), fields, content_type="application/json")
    assert (got.status_code, got.json()["error"]) == (409, "withdrawn")
    assert not Response.objects.of_attempt(attempt).exists()


def test_the_same_post_twice_is_kept_once(client: Client, learner: Membership) -> None:
    attempt = begin(learner, "verdict", "after-item")
    fields = {"key": str(uuid4()), "concern": "yes"}
    first, second = (client.post(address(attempt), fields) for _ in range(2))
    assert first.status_code == second.status_code == 303
    assert first.headers["Location"] == second.headers["Location"]
    assert Response.objects.of_attempt(attempt).count() == 1
    body = {"key": fields["key"], "answer": {"concern": True}}
    got = client.post(address(attempt), body, content_type="application/json")
    assert got.json()["replayed"] is True
    other = client.post(address(attempt), {"key": str(uuid4()), "concern": "no"})
    assert other.status_code == 409, "the reasons were read, so the first answer stands"


def test_too_late_is_said_and_nothing_kept(client: Client, learner: Membership) -> None:
    short = published(eight_verdicts(), quiz(time_limit=10, grace=2))[0]
    attempt = start_attempt(membership=learner, quiz=short, at=AT)
    assert "10 minutes left" in client.get(address(attempt)).content.decode()
    with time_machine.travel(AT + timedelta(minutes=13), tick=False):
        got = send(client, attempt, {"concern": True})
        assert got.status_code == 409
        assert "The time is over" in client.get(address(attempt, name="overview")).content.decode()
    assert not Response.objects.of_attempt(attempt).exists()


def test_what_is_not_there_is_404(client: Client, learner: Membership) -> None:
    attempt = begin(learner, "verdict", "after-item")
    for number in (0, 99, 10**30):
        assert client.get(f"/quizzes/attempt/{attempt.id}/{number}/").status_code == 404
        assert client.post(f"/quizzes/attempt/{attempt.id}/{number}/").status_code == 404
        assert client.post(f"/quizzes/attempt/{attempt.id}/{number}/later/").status_code == 404
    assert client.get("/quizzes/nothing/").status_code == 404
    assert client.post("/quizzes/nothing/start/").status_code == 404


def test_a_second_try_waits_and_says_until_when(client: Client, learner: Membership) -> None:
    short = published(eight_verdicts(), quiz(wait_hours=12))[0]
    attempt = start_attempt(membership=learner, quiz=short, at=AT)
    submit_attempt(attempt=attempt, at=AT)
    html = client.get(reverse("quizzes:quiz", args=["short"])).content.decode()
    assert "Let it settle first. You can take it again from" in html
    assert address(attempt, name="results") in html
    got = client.post(reverse("quizzes:start", args=["short"]))
    assert got.status_code == 409
    assert "Let it settle first." in got.content.decode()


# --- heavy cases, marks, confidence ---------------------------------------------------------------


def heavy(when: str) -> Any:
    items = [verdict("pp-v1", "pp", "control", signal=True, sensitive=True), *eight_verdicts()[1:]]
    draws = [{"kind": "verdict", "pools": ["pp"], "take": 8}]
    return published(items, quiz(feedback=when, shuffle=False, draws=draws))[0]


@pytest.mark.parametrize("when", ["after-item", "after-form"])
def test_a_heavy_case_has_a_note_and_may_be_skipped(
    client: Client, learner: Membership, when: str
) -> None:
    attempt = start_attempt(membership=learner, quiz=heavy(when), at=AT)
    place = next(
        one.position for one in items_of(attempt) if document(attempt, one.position).sensitive
    )
    light = next(one.position for one in items_of(attempt) if one.position != place)
    assert "heavy subject" in client.get(address(attempt, place)).content.decode()
    assert "heavy subject" not in client.get(address(attempt, light)).content.decode()
    skip = {"key": str(uuid4()), "wants": "skip"}
    got = client.post(address(attempt, place), skip)
    assert got.status_code == 303
    assert got.headers["Location"] != f"{address(attempt, place)}#told"
    assert client.post(address(attempt, light), skip | {"key": str(uuid4())}).status_code == 422
    html = client.get(address(attempt, place)).content.decode()
    assert "You skipped this one." in html
    assert "Missed" not in html
    assert "skipped" in client.get(address(attempt, name="overview")).content.decode()
    submit_attempt(attempt=attempt, at=AT)
    assert not evidence_of(attempt).filter(position=place).exists()
    html = client.get(address(attempt, name="results")).content.decode()
    assert "1 case was skipped. That is fine and changes nothing." in html
    assert f'id="case-{place}"' not in html


def test_a_mark_is_set_and_taken_away(client: Client, learner: Membership) -> None:
    attempt = begin(learner, "verdict", "after-form")
    client.post(address(attempt, name="later"), {"later": "yes"})
    assert items_of(attempt).get(position=1).later
    assert "Marked to come back" in client.get(address(attempt)).content.decode()
    assert "marked" in client.get(address(attempt, name="overview")).content.decode()
    client.post(address(attempt, name="later"), {"later": "no"})
    assert not items_of(attempt).get(position=1).later


def test_confidence_is_asked_only_where_the_quiz_asks(client: Client, learner: Membership) -> None:
    for asks in (True, False):
        short = published(eight_verdicts(), quiz(f"short-{asks}".lower(), confidence=asks))[0]
        attempt = start_attempt(membership=learner, quiz=short, at=AT)
        html = client.get(address(attempt)).content.decode()
        assert ('name="confidence"' in html) is asks
        assert ("Nobody else ever sees this" in html) is asks
