"""The pages of the completion report."""

from __future__ import annotations

import pytest
from django.utils import timezone

from modules.outline import Outline
from tests.modules.keeping import complete
from tests.personas import ADMINISTRATOR, OUTSIDER, TRAINER, World

pytestmark = pytest.mark.django_db


def test_the_page_says_the_number_its_population_and_who_is_left_out(
    world: World, small_course: Outline
) -> None:
    complete(world.harbour.learner, at=timezone.now())
    page = world.client(ADMINISTRATOR).get("/reports/").content.decode()
    assert "1 of 3 learners have completed the course" in page
    assert "Counted: learners with an active place on that day." in page
    assert "2 people with another role; 1 person who was paused" in page
    for by in ("cohort", "module"):
        assert world.client(ADMINISTRATOR).get(f"/reports/?by={by}").status_code == 200
    people = world.client(ADMINISTRATOR).get("/reports/people/?only=completed").content.decode()
    assert "canaryharbour learner" in people
    assert "canaryharbour stranger" not in people


def test_trainers_count_only_the_people_of_their_cohorts(
    world: World, small_course: Outline
) -> None:
    complete(world.harbour.stranger, at=timezone.now())
    client = world.client(TRAINER)
    page = client.get("/reports/").content.decode()
    assert "0 of 1 learner has completed the course" in page
    assert "Only people of your cohorts." in page
    assert "canaryharbour stranger" not in client.get("/reports/people/").content.decode()
    assert client.get(f"/reports/?cohort={world.harbour.second_cohort.id}").status_code == 404


@pytest.mark.parametrize(
    "part", ["office=x", "cohort=x", "cohort=00000000-0000-0000-0000-000000000000"]
)
def test_what_may_not_be_seen_does_not_exist(
    world: World, part: str, small_course: Outline
) -> None:
    assert world.client(OUTSIDER).get(f"/reports/?{part}").status_code == 404
    cohort = world.harbour.first_cohort.id
    for page in ("reports/", "reports/people/"):
        assert world.client(OUTSIDER).get(f"/{page}?cohort={cohort}").status_code == 404


@pytest.mark.parametrize(
    "part", ["as_of=yesterday", "as_of=2999-01-01", "role=boss", "module=x", "round=-1", "only=x"]
)
def test_nonsense_is_named_and_the_default_kept(
    world: World, part: str, small_course: Outline
) -> None:
    page = world.client(ADMINISTRATOR).get(f"/reports/?{part}")
    assert page.status_code == 200
    text = page.content.decode()
    assert "Some of it was not understood" in text
    assert "0 of 3 learners have completed the course" in text


def test_a_question_is_kept_renamed_and_removed(world: World, small_course: Outline) -> None:
    client = world.client(ADMINISTRATOR)
    asked = {"name": "Trainers", "query": "role=trainer&by=cohort&page=3&secret=x"}
    answer = client.post("/reports/kept/", asked)
    assert (answer.status_code, answer["Location"]) == (303, "/reports/?role=trainer&by=cohort")
    assert client.post("/reports/kept/", asked).status_code == 422
    page = client.get("/reports/").content.decode()
    assert 'href="/reports/?role=trainer&amp;by=cohort"' in page
    address = page.split('class="report-kept__change" href="')[1].split('"')[0]
    assert client.post(address, {"name": "Ours"}).status_code == 303
    assert "Ours" in client.get("/reports/").content.decode()
    assert world.client(TRAINER).post(f"{address}remove/").status_code == 404
    assert client.post(f"{address}remove/").status_code == 303
    assert "Ours</span></a>" not in client.get("/reports/").content.decode()
