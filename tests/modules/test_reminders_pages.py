"""Reminders on pages: seeing one off, choosing how, and the words of each kind."""

from __future__ import annotations

from typing import Any

import pytest

from modules.models import (
    Mail,
    Notice,
    NoticeKind,
    NoticePreference,
)
from modules.outline import Outline
from modules.quiet import DEFAULT_ZONE
from modules.services.notice_words import line_of
from modules.services.planning import plan_notices
from modules.targets import Titles
from tests.modules.reminded import (
    DAY,
    NIGHT,
    NOON,
    assign,
    one_waiting,
)
from tests.personas import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(world: World, small_course: Outline) -> Notice:
    """The learner's mail that waits, at noon."""
    return one_waiting(world)


# --- pages --------------------------------------------------------------------------------------


def test_the_wishes_are_kept_and_need_an_address(world: World) -> None:
    client, learner = world.client("learner"), world.harbour.learner
    wishes = {"mail": "on", "quiet_from": "22:00", "quiet_to": "07:30", "zone": "Asia/Jakarta"}
    answer = client.post("/account/reminders/", wishes)
    assert answer.status_code == 422
    assert "Write your e-mail under" in answer.content.decode()
    learner.user.email = "mel@example.org"
    learner.user.save()
    assert client.post("/account/reminders/", wishes).status_code == 303
    kept = NoticePreference.objects.in_organization(learner.organization_id).get()
    assert (kept.mail, str(kept.quiet_from), kept.zone) == (True, "22:00:00", "Asia/Jakarta")
    page = client.get("/account/").content.decode()
    assert 'value="22:00"' in page
    assert 'id="reminders_mail"' in page
    wishes.pop("mail")
    client.post("/account/reminders/", wishes)
    kept.refresh_from_db()
    assert not kept.mail


@pytest.mark.parametrize(
    "wrong", [{"zone": "Mars/Base"}, {"quiet_from": "25:00"}, {"paused_until": "2999-01-01"}]
)
def test_wishes_that_cannot_be_are_refused(wrong: dict[str, str], world: World) -> None:
    wishes = {"quiet_from": "22:00", "quiet_to": "07:30", "zone": "UTC"} | wrong
    assert world.client("learner").post("/account/reminders/", wishes).status_code == 422


def test_a_notice_is_put_away_by_its_person_only(waiting: Notice, world: World) -> None:
    address = f"/notices/{waiting.id}/seen/"
    assert world.client("trainer").post(address).status_code == 404
    assert world.client("learner").post(address).status_code == 303
    waiting.refresh_from_db()
    assert waiting.seen_at is not None
    assert waiting.mail == Mail.NONE, "who saw it needs no mail"
    first = waiting.seen_at
    world.client("learner").post(address)
    waiting.refresh_from_db()
    assert waiting.seen_at == first


# --- the first page -----------------------------------------------------------------------------


def first_page(world: World, persona: str) -> str:
    return world.client(persona).get("/").content.decode()


def test_a_notice_is_on_the_first_page_until_it_is_put_away(waiting: Notice, world: World) -> None:
    page = first_page(world, "learner")
    assert 'href="/modules/m1/">' in page
    assert "until Thu 26 Nov" in page
    address = f"/notices/{waiting.id}/seen/"
    assert f'action="{address}"' in page
    world.client("learner").post(address)
    assert "until Thu 26 Nov" not in first_page(world, "learner").partition("Due")[0]


def test_a_trainer_reads_a_number_and_no_name(world: World, small_course: Outline) -> None:
    assign(world, due_at=NOON - DAY)
    plan_notices(at=NOON)
    page = first_page(world, "trainer")
    assert "1 person in your cohorts is past a date." in page
    assert f"/organisation/cohorts/{world.harbour.first_cohort.id}/today/" in page


@pytest.mark.parametrize(
    ("kind", "facts", "words", "address"),
    [
        (
            NoticeKind.DUE_TODAY,
            {"target": "quiz", "key": "gone", "due_at": NOON.isoformat()},
            "Today is the day: A quiz of earlier",
            "/quizzes/",
        ),
        (
            NoticeKind.DUE_SOON,
            {"target": "course", "key": "", "due_at": NIGHT.isoformat()},
            "The whole course: until Tue 24 Nov",
            "/",
        ),
        (
            NoticeKind.CERTIFICATE,
            {"certificate": "x", "expires_at": NOON.isoformat()},
            "Your certificate ends on Tue 24 Nov.",
            "/certificate/",
        ),
        (NoticeKind.REFRESHER, {}, "A few minutes of practice are ready for you.", "/refresh/"),
    ],
)
def test_every_kind_has_its_words_and_its_place(
    kind: NoticeKind, facts: dict[str, Any], words: str, address: str, small_course: Outline
) -> None:
    notice = Notice(kind=kind.value, facts=facts)
    line = line_of(notice, Titles(small_course, "en"), zone=DEFAULT_ZONE)
    assert (line.text, line.address) == (words, address)
