"""Two languages compared: by what was shown, not by what somebody reads in today."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from course.models import User
from modules.reports.item_words import item_table
from modules.reports.items import FormReport
from modules.reports.own.reading import plan_of
from modules.reports.own.tables import OWN
from quizzes.models import Attempt, Response
from quizzes.published import item_version
from quizzes.services.attempting import items_of, record_response, start_attempt
from quizzes.services.grading import submit_attempt
from tests.modules.classes import KEYS, learners, publish_form, take_all
from tests.modules.test_report_items import report
from tests.personas import ADMINISTRATOR, AT, World
from tests.quizzes.making import right_answer

BOTH = ("en", "ms")
NO_ANSWER_KNOWN = ("",)
PAGE = "modules:report_item"


@pytest.fixture
def readers(world: World) -> World:
    """Fourteen who read English, twelve who read Malay."""
    form = publish_form()
    take_all(learners(world.harbour, 14, word="e"), form, seed=1)
    take_all(learners(world.harbour, 12, word="m", language="ms"), form, seed=2)
    return world


def more(world: World, word: str, number: int, languages: tuple[str, ...]) -> None:
    """More people, whose answers were shown in these languages in turn."""
    take_all(learners(world.harbour, number, word=word), publish_form(), languages=languages)


def page_of(client: Client, key: str = "pp-n1") -> str:
    text = client.get(reverse(PAGE, args=[key, 1])).content.decode()
    return " ".join(text.split())


def compared(found: FormReport) -> list[tuple[int, int, float | None]]:
    """People in each language and their difference, item by item."""
    lines = [line.languages for line in found.lines]
    return [(one.first.n, one.second.n, one.difference) for one in lines if one is not None]


def test_who_switches_later_changes_no_number(readers: World) -> None:
    client = readers.client(ADMINISTRATOR)
    before, pages = report(readers), [page_of(client, key) for key in KEYS]
    assert before.answers.languages.count("en") == 14
    people = User.objects.filter(username__startswith="harbour-")
    assert people.filter(language="ms").count() == 12
    people.filter(username__regex="-[em][0-9]+$").update(language="ms")
    after = report(readers)
    assert after.answers.languages == before.answers.languages
    assert compared(after) == compared(before)
    assert len(compared(after)) == len(KEYS)
    assert _without_secrets([page_of(client, key) for key in KEYS]) == _without_secrets(pages)
    assert "The language is the one in which each person was shown the cases." in pages[0]


def _without_secrets(pages: list[str]) -> list[str]:
    """The part of a page that says something; forms around it carry a fresh secret each time."""
    return [one[one.index("<main") : one.index("</main>")] for one in pages]


def test_who_answered_in_both_is_in_the_whole_and_not_compared(readers: World) -> None:
    client = readers.client(ADMINISTRATOR)
    before = compared(report(readers))
    assert "compared:" not in page_of(client)
    assert "not compared" not in page_of(client)
    more(readers, "x", 1, BOTH)
    assert "1 person answered in both languages and is not compared." in page_of(client)
    more(readers, "y", 2, BOTH)
    found = report(readers)
    assert found.answers.people == 29
    assert {line.numbers.facility.n for line in found.lines} == {29}
    assert compared(found) == before
    page = page_of(client)
    assert "3 people answered in both languages and are not compared." in page
    assert "the language is not known" not in page


def test_who_answered_in_no_known_language_is_in_the_whole_and_not_compared(
    readers: World,
) -> None:
    client = readers.client(ADMINISTRATOR)
    before = compared(report(readers))
    more(readers, "x", 1, NO_ANSWER_KNOWN)
    assert "1 person is not compared: the language is not known" in page_of(client)
    more(readers, "y", 1, ("en", ""))  # one case on paper is enough
    found = report(readers)
    assert found.answers.people == 28
    assert compared(found) == before
    page = page_of(client)
    assert "2 people are not compared: the language is not known" in page
    assert "both languages and" not in page


def test_the_list_and_its_file_say_it_where_languages_are_compared(readers: World) -> None:
    client = readers.client(ADMINISTRATOR)
    more(readers, "x", 3, BOTH)
    words = "3 people answered in both languages and are not compared."
    assert words in client.get(reverse("modules:report_items")).content.decode()
    assert words in item_table(report(readers), "", "").about


def test_a_house_with_one_language_compares_nothing(world: World) -> None:
    form = publish_form()
    take_all(learners(world.harbour, 12), form)
    client = world.client(ADMINISTRATOR)
    assert "English and Malay" not in page_of(client)
    more(world, "x", 2, BOTH)
    page = page_of(client)
    assert "There is nothing to compare yet" in page
    assert "2 people answered in both languages" in page
    listed = client.get(reverse("modules:report_items")).content.decode()
    assert "answered in both languages" not in listed


def test_every_answer_has_its_say_also_one_that_was_given_again(world: World) -> None:
    """Whoever read a case in Malay and once more in English has read both."""
    place, form = world.harbour, publish_form()
    attempts = [_begun(one, form) for one in learners(place, 3)]
    for attempt in attempts:
        for drawn in items_of(attempt):
            _answer(attempt, drawn, "ms")
    _answer(attempts[1], items_of(attempts[1]).first(), "en")
    for drawn in items_of(attempts[2]):
        _answer(attempts[2], drawn, "en")
    for attempt in attempts:
        submit_attempt(attempt=attempt, at=AT)
    _begun(learners(place, 1, word="open")[0], form)
    nothing = _begun(learners(place, 1, word="empty")[0], form)
    submit_attempt(attempt=nothing, at=AT)  # handed in without an answer
    answers = report(world).answers
    ids = {one.id: answers.languages[answers.places[one.id]] for one in [*attempts, nothing]}
    assert list(ids.values()) == ["ms", "mixed", "mixed", ""]


def _begun(person: Any, form: Any) -> Attempt:
    return start_attempt(membership=person, quiz=form, at=AT)


def _answer(attempt: Attempt, drawn: Any, language: str) -> None:
    record_response(
        attempt=attempt,
        position=drawn.position,
        client_key=uuid4(),
        answer=right_answer(item_version(drawn.item_version_id)),
        language=language,
        at=AT,
    )


def test_the_console_counts_languages_over_all_organisations(readers: World) -> None:
    form = publish_form()
    take_all(learners(readers.lighthouse, 4, word="z", language="ms"), form)
    more(readers, "x", 3, BOTH)
    more(readers, "y", 2, NO_ANSWER_KNOWN)
    out = StringIO()
    call_command("item_statistics", form="short", format="json", stdout=out)
    found = json.loads(out.getvalue())
    assert found["languages"] == {"en": 14, "ms": 16, "mixed": 3, "unknown": 2}
    assert found["people"] == 35


def test_the_own_copy_has_it() -> None:
    """Whatever is kept with an answer is handed out with it."""
    (mine,) = [one for one in OWN if one.model is Response]
    assert plan_of(mine).asked["language"] == "language"
