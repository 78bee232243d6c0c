"""What a trainer sees of one learner's attempts, and the notes beside the answers."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from course.models import AppendOnlyError, AuditEntry, Membership
from course.services import Refused
from quizzes.models import Attempt, Comment, CommentRead
from quizzes.services.attempting import items_of, record_response, start_attempt
from quizzes.services.commenting import add_comment, comments_unread, mark_comments_read
from quizzes.services.grading import submit_attempt
from quizzes.views.told_cases import without_confidence
from tests.personas import ADMINISTRATOR, AT, LEARNER, OUTSIDER, TRAINER, World
from tests.quizzes.making import published, quiz, verdict
from tests.quizzes.paging import address, begin, document, evidence_of
from tests.quizzes.sampled import POOLS, answer_to, publish_samples

pytestmark = pytest.mark.django_db
RATED = ("verdict", "evidence", "contrast_pair")


def page_of(attempt: Attempt, name: str = "person_attempt") -> str:
    return reverse(f"quizzes:{name}", args=[attempt.membership_id, attempt.id])


def surely(answer: Any, sure: int) -> Any:
    """The answer with this confidence wherever one can be stated."""
    if not isinstance(answer, dict):
        return answer
    return {
        name: sure if name == "confidence" else surely(value, sure)
        for name, value in answer.items()
    }


def handed_in(
    learner: Membership, kind: str = "verdict", when: str = "after-form", *, sure: int = 80
) -> Attempt:
    # Every sample of the kind, so that two attempts ask the same.
    draws = [{"kind": kind, "pools": POOLS, "take": 60}]
    whole = quiz(f"all-{when}", feedback=when, shuffle=False, draws=draws)
    attempt = start_attempt(membership=learner, quiz=publish_samples(whole)[whole.key], at=AT)
    for drawn in items_of(attempt):
        answer = surely(answer_to(document(attempt, drawn.position), right=False), sure)
        record_response(
            attempt=attempt, position=drawn.position, client_key=uuid4(), answer=answer, at=AT
        )
    return submit_attempt(attempt=attempt, at=AT)


def opened(world: World, attempt: Attempt, persona: str = TRAINER) -> tuple[Any, Any]:
    client = world.client(persona)
    client.post(page_of(attempt, "open_answers"))
    return client, client.get(page_of(attempt))


def everything_in(value: Any, seen: set[int]) -> Iterator[tuple[str, Any]]:
    """(name, value) of all that a template could reach: mappings, lists, dataclasses."""
    if id(value) in seen:
        return
    seen.add(id(value))
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        value = {one.name: getattr(value, one.name) for one in dataclasses.fields(value)}
    if isinstance(value, dict):
        for name, inner in value.items():
            yield str(name), inner
            yield from everything_in(inner, seen)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from everything_in(inner, seen)


def told_words(page: Any) -> dict[str, Counter[str]]:
    """Key of a case -> the words told about it, without what is random in a page."""
    articles = page.content.decode().split("<article")[1:]
    plain = [re.sub(r'<input type="hidden"[^>]*>|[0-9a-f-]{36}', "", one) for one in articles]
    words = [Counter(re.findall(r"[^\W\d]+", one.partition("</article>")[0])) for one in plain]
    keys = [case["key"] for case in page.context["cases"]]
    return dict(zip(keys, words, strict=True))


@pytest.mark.parametrize("kind", RATED)
def test_confidence_is_nowhere_on_the_page(world: World, kind: str) -> None:
    words = []
    for sure in (50, 95):
        attempt = handed_in(world.harbour.learner, kind, sure=sure)
        evidence = evidence_of(attempt).exclude(confidence=None)
        assert evidence.exists(), "nothing to hide, so the test would prove nothing"
        _client, page = opened(world, attempt)
        html = page.content.decode()
        assert not re.search(r"[Hh]ow sure|onfiden|Fairly sure|Guessing|calibrat", html)
        inputs = {name: value for one in page.context for name, value in of_view(one).items()}
        held = [one for one in everything_in(inputs, set()) if "confiden" in one[0]]
        assert [one for one in held if one[1] is not None] == []
        words.append(told_words(page))
    # Of twins each attempt asks another one; what both asked reads the same.
    shared = words[0].keys() & words[1].keys()
    assert shared
    assert [words[0][key] for key in shared] == [words[1][key] for key in shared]


def of_view(context: Any) -> dict[str, Any]:
    return {name: value for name, value in context.flatten().items() if name != "request"}


def test_how_sure_is_emptied_at_every_depth() -> None:
    answer = {"confidence": 65, "answers": {"a": {"concern": True, "confidence": 80}}}
    assert without_confidence(answer) == {
        "confidence": None,
        "answers": {"a": {"concern": True, "confidence": None}},
    }


def test_a_skip_looks_like_what_was_left_open(world: World) -> None:
    heavy = verdict("heavy", "pp", "control", signal=True, sensitive=True)
    light = verdict("light", "pp", "control", signal=False)
    short = published([heavy, light], quiz(shuffle=False))[0]
    words = []
    for skips in (True, False):
        attempt = start_attempt(membership=world.harbour.learner, quiz=short, at=AT)
        for drawn in items_of(attempt):
            if not document(attempt, drawn.position).sensitive:
                said, skipped = {"concern": False, "confidence": None}, False
            elif skips:
                said, skipped = None, True
            else:
                continue
            record_response(
                attempt=attempt,
                position=drawn.position,
                client_key=uuid4(),
                answer=said,
                skipped=skipped,
                at=AT,
            )
        submit_attempt(attempt=attempt, at=AT)
        _client, page = opened(world, attempt)
        assert len(page.context["cases"]) == 2
        assert "skipped" not in page.content.decode()
        words.append(told_words(page))
    assert words[0] == words[1]


def test_reading_is_kept_in_the_record_before_anything_is_shown(world: World) -> None:
    attempt = handed_in(world.harbour.learner)
    client = world.client(TRAINER)
    closed = client.get(page_of(attempt)).content.decode()
    assert "Case 1" not in closed
    assert "Open the answers" in closed
    rows = AuditEntry.objects.in_organization(world.harbour.organization)
    assert not rows.filter(action="answers.read").exists()
    answer = client.post(page_of(attempt, "open_answers"))
    assert answer.headers["Location"] == page_of(attempt)
    entry = rows.get(action="answers.read")
    assert entry.actor_id == world.harbour.trainer.id
    assert entry.subject == f"attempt:{attempt.id}"
    assert "Case 1" in client.get(page_of(attempt)).content.decode()
    # Another session has opened nothing.
    assert "Case 1" not in world.client(TRAINER).get(page_of(attempt)).content.decode()


def test_an_open_attempt_is_not_shown_case_by_case(world: World) -> None:
    attempt = begin(world.harbour.learner, "verdict", "after-form")
    client, page = opened(world, attempt)
    html = page.content.decode()
    assert "Still open" in html
    assert "Case" not in html
    listed = client.get(reverse("quizzes:person_attempts", args=[attempt.membership_id]))
    assert "Still open" in listed.content.decode()
    rows = AuditEntry.objects.in_organization(world.harbour.organization)
    assert not rows.filter(action="answers.read").exists()


def test_only_who_shares_a_cohort_may_read(world: World) -> None:
    attempt = handed_in(world.harbour.stranger)
    for persona, status in ((TRAINER, 404), (OUTSIDER, 404), (LEARNER, 403), (ADMINISTRATOR, 200)):
        assert world.client(persona).get(page_of(attempt)).status_code == status
        answer = world.client(persona).post(page_of(attempt, "open_answers"))
        assert answer.status_code == (303 if status == 200 else status)


def test_the_answers_of_staff_are_not_shown(world: World) -> None:
    attempt = handed_in(world.harbour.trainer)
    assert world.client(ADMINISTRATOR).get(page_of(attempt)).status_code == 404


def test_an_attempt_is_only_found_under_its_own_person(world: World) -> None:
    attempt = handed_in(world.harbour.stranger)
    address = reverse("quizzes:person_attempt", args=[world.harbour.learner.id, attempt.id])
    assert world.client(ADMINISTRATOR).get(address).status_code == 404


def test_after_a_quiz_that_tells_nothing_the_trainer_sees_counts_only(world: World) -> None:
    _client, page = opened(world, handed_in(world.harbour.learner, when="never"))
    assert page.context["cases"] == []
    assert "counts only" in page.content.decode()


def test_the_list_takes_the_same_queries_for_one_attempt_and_for_many(world: World) -> None:
    client = world.client(TRAINER)
    target = reverse("quizzes:person_attempts", args=[world.harbour.learner.id])
    numbers = []
    for _round in range(2):
        handed_in(world.harbour.learner)
        client.get(target)
        with CaptureQueriesContext(connection) as counted:
            client.get(target)
        numbers.append(len(counted))
        handed_in(world.harbour.learner)
        handed_in(world.harbour.learner)
    assert numbers[0] == numbers[1]


# --- notes --------------------------------------------------------------------------------------


def test_a_note_stands_beside_the_answer_for_the_learner(world: World) -> None:
    attempt = handed_in(world.harbour.learner)
    client, _page = opened(world, attempt)
    answer = client.post(
        page_of(attempt, "write_note"), {"case": 2, "text": "Look at\nthe second line again."}
    )
    assert answer.headers["Location"].endswith("#notes-2")
    learner = world.client(LEARNER)
    results = learner.get(address(attempt, name="results"))
    html = results.content.decode()
    assert "There is a note for you." in html
    assert html.count("Look at the second line again.") == 1
    case = results.context["cases"][1]
    assert [note.text for note in case["notes"]] == ["Look at the second line again."]
    assert world.harbour.trainer.user.shown_name in html
    assert len(comments_unread(world.harbour.learner)) == 1
    assert learner.post(address(attempt, name="notes_read")).status_code == 303
    assert comments_unread(world.harbour.learner) == []
    again = learner.get(address(attempt, name="results")).content.decode()
    assert "There is a note for you." not in again
    assert "Look at the second line again." in again


def test_a_note_on_the_whole_and_a_correction(world: World) -> None:
    attempt = handed_in(world.harbour.learner)
    client, _page = opened(world, attempt)
    for text in ("Good work.", "Very good work."):
        client.post(page_of(attempt, "write_note"), {"case": "", "text": text})
    html = world.client(LEARNER).get(address(attempt, name="results")).content.decode()
    assert html.index("Good work.") < html.index("Very good work.")


def test_the_text_of_a_note_is_not_in_the_record(world: World) -> None:
    attempt = handed_in(world.harbour.learner)
    note = add_comment(
        attempt=attempt, position=1, author=world.harbour.trainer, text="secretword", at=AT
    )
    entry = AuditEntry.objects.in_organization(world.harbour.organization).get(
        action="attempt.note"
    )
    assert str(note.id) in entry.after
    assert "secretword" not in entry.after


@pytest.mark.parametrize("text", ["", "   ", "x" * 501])
def test_what_is_no_note_comes_back_with_a_reason(world: World, text: str) -> None:
    attempt = handed_in(world.harbour.learner)
    client, _page = opened(world, attempt)
    answer = client.post(page_of(attempt, "write_note"), {"case": 1, "text": text})
    assert answer.status_code == 422
    assert not Comment.objects.of_attempt(attempt).exists()


def test_a_note_needs_opened_answers_and_a_case_that_is_there(world: World) -> None:
    attempt = handed_in(world.harbour.learner)
    sent = {"case": 1, "text": "Hello."}
    assert world.client(TRAINER).post(page_of(attempt, "write_note"), sent).status_code == 303
    assert not Comment.objects.of_attempt(attempt).exists()
    client, _page = opened(world, attempt)
    assert client.post(page_of(attempt, "write_note"), sent | {"case": 99}).status_code == 422
    assert not Comment.objects.of_attempt(attempt).exists()


def test_no_note_on_an_open_attempt(world: World) -> None:
    attempt = begin(world.harbour.learner, "verdict", "after-form")
    with pytest.raises(Refused):
        add_comment(attempt=attempt, position=1, author=world.harbour.trainer, text="No.", at=AT)


def test_a_note_never_crosses_organisations(world: World) -> None:
    attempt = handed_in(world.harbour.learner)
    with pytest.raises(ValueError, match="organisation"):
        add_comment(attempt=attempt, position=1, author=world.lighthouse.trainer, text="No.", at=AT)


def test_notes_are_facts(world: World) -> None:
    attempt = handed_in(world.harbour.learner)
    note = add_comment(
        attempt=attempt, position=None, author=world.harbour.trainer, text="Yes.", at=AT
    )
    for deed in (note.save, note.delete, Comment.objects.of_attempt(attempt).delete):
        with pytest.raises(AppendOnlyError):
            deed()
    with pytest.raises(AppendOnlyError):
        Comment.objects.of_attempt(attempt).update(text="Other.")


def test_reading_twice_is_one_fact(world: World) -> None:
    attempt = handed_in(world.harbour.learner)
    add_comment(attempt=attempt, position=None, author=world.harbour.trainer, text="Yes.", at=AT)
    assert mark_comments_read(attempt=attempt, at=AT) == 1
    assert mark_comments_read(attempt=attempt, at=AT) == 0
    assert CommentRead.objects.in_organization(attempt.organization_id).count() == 1
