"""Seeing the course as a learner does: any day, any language, and not a byte is kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.conf import settings
from django.db import connections, router
from django.urls import reverse
from django.utils.html import escape

from modules.outline import Outline
from quizzes.models import Assignment
from quizzes.views.preview import drawn_keys
from tests.personas import ADMINISTRATOR, AT, LEARNER, TRAINER, World
from tests.quizzes.making import eight_verdicts, published, quiz, verdict
from tests.quizzes.paging import secrets_of
from tests.quizzes.sampled import (
    KIND_NAMES,
    answer_to,
    fields_of,
    items_of_kind,
    kind_quiz,
    publish_samples,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _now() -> Any:
    with time_machine.travel(AT, tick=False):
        yield


def contents() -> dict[str, list[str]]:
    """Table -> every row of it, in both databases. A changed row shows as well as a new one."""
    rows = {}
    for model in apps.get_models():
        table = model._meta.db_table
        with connections[router.db_for_read(model)].cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 -- ours
            rows[table] = sorted(repr(row) for row in cursor.fetchall())
    return rows


def signed_in(client: Any) -> dict[str, list[str]]:
    """What there is after a page of the ordinary site, which keeps the session alive."""
    assert client.get("/account/").status_code == 200
    return contents()


def test_walking_a_lesson_leaves_no_trace(world: World, small_course: Outline) -> None:
    client = world.client(TRAINER)
    before, cookies = signed_in(client), set(client.cookies)
    address, seen = "/preview/modules/m1/l1/1/?in=ms&on=2027-01-01", []
    while address:
        page = client.get(address)
        assert page.status_code == 200
        html = page.content.decode()
        assert '<article class="step" lang="ms"' in html
        seen.append(page.context["step"].number)
        assert f"Step {seen[-1]} ms" in html
        address = page.context["after"]
    assert seen == [1, 2, 3]
    assert contents() == before
    assert set(client.cookies) <= cookies | {settings.CSRF_COOKIE_NAME}


@pytest.mark.parametrize("kind", KIND_NAMES)
@pytest.mark.parametrize("right", [True, False])
def test_answering_a_case_of_any_kind_tells_and_keeps_nothing(
    world: World, kind: str, right: bool
) -> None:
    publish_samples(kind_quiz(kind, "after-form"))
    item = items_of_kind(kind)[0]
    client = world.client(TRAINER)
    address = reverse("quizzes:preview_item", args=[item.key])
    before, cookies = signed_in(client), set(client.cookies)
    asked = client.get(address)
    html = asked.content.decode()
    assert "nothing is kept" in html
    assert not [one for one in secrets_of(item) if escape(one) in html]
    told = send(client, address, answer_to(item, right=right))
    assert told.context["told"] is not None
    assert [one for one in secrets_of(item) if escape(one) in told.content.decode()]
    assert contents() == before
    assert set(client.cookies) <= cookies | {settings.CSRF_COOKIE_NAME}


def send(client: Any, address: str, answer: Any) -> Any:
    """As the page does it; a conversation reply by reply, carried by the page itself."""
    said = ""
    for place in range(len(answer.get("path", [None]))):
        fields = {"path": answer["path"][: place + 1]} if "path" in answer else answer
        got = client.post(address, fields_of(fields) | ({"said": said} if said else {}))
        assert got.status_code == 200
        said = got.context["said"]
    return got


@pytest.mark.parametrize("said", ["x", "a/b c/d", "n1/zz", " " * 900, "/" * 500])
def test_a_made_up_conversation_is_no_conversation(world: World, said: str) -> None:
    publish_samples(kind_quiz("dialogue", "after-form"))
    item = items_of_kind("dialogue")[0]
    address = reverse("quizzes:preview_item", args=[item.key])
    first = fields_of({"path": answer_to(item, right=True)["path"][:1]})
    got = world.client(TRAINER).post(address, first | {"said": said})
    assert got.status_code == 200
    assert len(got.context["shown"]["said"]) == 1


def test_an_empty_answer_is_asked_for_again(world: World) -> None:
    published(eight_verdicts(), quiz())
    got = world.client(TRAINER).post(reverse("quizzes:preview_item", args=["pp-v1"]), {})
    assert got.status_code == 422
    assert got.context["told"] is None


def test_the_cases_of_a_quiz_follow_each_other_and_end_at_the_quiz(world: World) -> None:
    (short,) = published(eight_verdicts(), quiz())
    client, keys = world.client(TRAINER), drawn_keys(short)
    start = client.get(reverse("quizzes:preview_quiz", args=["short"]) + "?in=ms")
    assert start.context["keys"] == keys
    address, seen = f"/preview/items/{keys[0]}/?in=ms&quiz=short", []
    while "/items/" in address:
        page = client.post(address, {"concern": "yes"})
        seen.append(page.context["item_key"])
        address = page.context["next"]
    assert seen == keys
    assert address == "/preview/quizzes/short/?in=ms"


def test_it_is_told_when_a_learner_would_not_read_it_yet(world: World) -> None:
    published(eight_verdicts(), quiz(), quiz("silent", feedback="never"))
    client = world.client(TRAINER)
    for key, words in (("short", "after handing in"), ("silent", "counts only")):
        page = client.post(f"/preview/items/pp-v1/?quiz={key}", {"concern": "yes"})
        assert words in page.content.decode()


def test_the_newest_version_of_a_case_is_shown(world: World) -> None:
    published([verdict("one", "pp", "control", signal=True)], quiz())
    changed = verdict("one", "pp", "movement", signal=True)
    published([changed], quiz())
    page = world.client(TRAINER).get("/preview/items/one/")
    assert page.context["shown"]["text"] == "Case one."
    page = world.client(TRAINER).post("/preview/items/one/", {"concern": "yes"})
    assert page.status_code == 200


def asked(world: World, **dates: Any) -> None:
    Assignment.objects.create(
        organization=world.harbour.organization,
        target_kind="quiz",
        target_key="short",
        cohort_id=world.harbour.first_cohort.id,
        assigned_by_id=world.harbour.trainer.id,
        assigned_at=AT - 5 * DAY,
        **dates,
    )


@pytest.mark.parametrize(
    ("day", "state", "can_begin"),
    [
        ("2026-11-18", None, True),  # not asked yet
        ("2026-11-25", "not_yet", False),
        ("2026-12-01", "open", True),
        ("2026-12-20", "closed", False),
    ],
)
def test_the_day_decides_what_is_open_and_due(
    world: World, small_course: Outline, day: str, state: str | None, can_begin: bool
) -> None:
    published(eight_verdicts(), quiz())
    asked(world, opens_at=AT + 3 * DAY, due_at=AT + 20 * DAY, late="close")
    client, cohort = world.client(TRAINER), world.harbour.first_cohort.id
    query = f"?on={day}&cohort={cohort}"
    duties = client.get(reverse("modules:preview") + query).context["duties"]
    assert [one["state"] for one in duties] == ([state] if state else [])
    page = client.get(reverse("quizzes:preview_quiz", args=["short"]) + query)
    assert (page.context["why_not"] == "") is can_begin


def test_what_is_late_may_still_be_possible(world: World, small_course: Outline) -> None:
    published(eight_verdicts(), quiz())
    asked(world, due_at=AT - DAY)
    address = f"/preview/?cohort={world.harbour.first_cohort.id}"
    (duty,) = world.client(TRAINER).get(address).context["duties"]
    assert duty["state"] == "late"


def test_the_frame_is_that_of_a_learner_in_the_asked_language(
    world: World, small_course: Outline
) -> None:
    client = world.client(ADMINISTRATOR)
    html = client.get("/preview/?in=ms").content.decode()
    assert '<html lang="ms">' in html
    assert "/organisation/" not in html[html.index("<nav") : html.index("</nav>")]
    # Nor the button that would change the language of the person for good.
    assert "/language/" not in html
    # Only this page: the next one is the administrator's own again.
    after = client.get("/").content.decode()
    assert '<html lang="en">' in after
    assert "/organisation/" in after


@pytest.mark.parametrize("query", ["in=xx", "on=2026-13-45", "on=9999-12-31", "on=x", "cohort=x"])
def test_nonsense_means_as_it_is_now(world: World, small_course: Outline, query: str) -> None:
    page = world.client(TRAINER).get(f"/preview/?{query}")
    assert page.status_code == 200
    pretence = page.context["pretence"]
    assert (pretence.day, pretence.at, pretence.cohort) == (None, AT, None)
    assert pretence.language == "en"


def test_a_strange_cohort_does_not_exist(world: World, small_course: Outline) -> None:
    for cohort in (world.harbour.second_cohort, world.lighthouse.first_cohort):
        assert world.client(TRAINER).get(f"/preview/?cohort={cohort.id}").status_code == 404


def test_what_is_not_published_is_not_there(world: World, small_course: Outline) -> None:
    client = world.client(TRAINER)
    for address in ("modules/m9/l1/1", "modules/m1/l1/9", "quizzes/none", "items/none"):
        assert client.get(f"/preview/{address}/").status_code == 404


def test_staff_come_from_a_lesson_or_a_quiz_with_one_click(
    world: World, small_course: Outline
) -> None:
    published(eight_verdicts(), quiz())
    for persona, shown in ((TRAINER, True), (LEARNER, False)):
        client = world.client(persona)
        lesson = client.get("/modules/m1/l1/1/").content.decode()
        assert ("/preview/modules/m1/l1/1/" in lesson) is shown
        assert (
            "/preview/quizzes/short/" in client.get("/quizzes/short/").content.decode()
        ) is shown
        case = client.post("/quizzes/short/start/", follow=True).content.decode()
        assert ("/preview/items/pp-v" in case) is shown
