"""The pages of the course: what they show, where they lead, what they keep."""

from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from course.access import ORGANIZATION_KEY
from course.models import Cohort
from modules.models import LessonCompletion, LessonPlace
from modules.outline import Outline
from modules.services.progress import finish_lesson, move_place
from tests.modules.making import Size, made_up_shelves, publish, publish_made_up
from tests.personas import ADMINISTRATOR, AT, LEARNER, TRAINER, World

pytestmark = pytest.mark.django_db


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_a_newcomer_is_told_one_thing_and_why(world: World, small_course: Outline) -> None:
    page = text_of(world.client(LEARNER), "/")
    assert "Start here" in page
    assert page.count("button--large") == 1, "one thing is next, not several"
    assert 'href="/modules/m1/l1/1/"' in page
    assert "6 minutes" in page


def test_without_a_course_home_says_whom_to_tell(world: World) -> None:
    assert "No lesson has been published" in text_of(world.client(LEARNER), "/")


def test_going_on_keeps_the_place_for_another_device(world: World, small_course: Outline) -> None:
    phone, other = world.client(LEARNER), world.client(LEARNER)
    answer = phone.post("/modules/m1/l1/1/")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/modules/m1/l1/2/")
    assert "You stopped at step 2 of 3" in text_of(other, "/")
    answer = other.get("/modules/m1/l1/")
    assert answer.headers["Location"] == "/modules/m1/l1/2/"


def test_reading_writes_nothing(world: World, small_course: Outline) -> None:
    client = world.client(LEARNER)
    for address in ("/", "/modules/m1/", "/modules/m1/l1/2/", "/modules/m1/l1/handout/"):
        text_of(client, address)
    assert LessonPlace.objects.of_person(world.harbour.learner).count() == 0


def test_after_the_last_step_the_lesson_is_a_dated_fact(
    world: World, small_course: Outline
) -> None:
    client = world.client(LEARNER)
    assert client.get("/modules/m1/l1/done/").headers["Location"] == "/modules/m1/l1/"
    assert "Finish lesson" in text_of(client, "/modules/m1/l1/3/")
    answer = client.post("/modules/m1/l1/3/")
    assert answer.headers["Location"] == "/modules/m1/l1/done/"
    assert "Lesson 1.2" in text_of(client, "/modules/m1/l1/done/")
    fact = LessonCompletion.objects.of_person(world.harbour.learner).get()
    assert fact.lesson.key == "m1/l1"
    again = client.post("/modules/m1/l1/3/")
    assert again.status_code == 303
    assert LessonCompletion.objects.of_person(world.harbour.learner).get().pk == fact.pk


def test_a_finished_lesson_stays_open_and_opens_at_its_beginning(
    world: World, small_course: Outline
) -> None:
    lesson = next(small_course.lessons())
    finish_lesson(membership=world.harbour.learner, lesson=lesson, at=AT)
    client = world.client(LEARNER)
    assert client.get("/modules/m1/l1/").headers["Location"] == "/modules/m1/l1/1/"
    assert "finished on" in text_of(client, "/modules/m1/")


def test_the_last_lesson_of_all_ends_the_course(world: World, small_course: Outline) -> None:
    for lesson in small_course.lessons():
        finish_lesson(membership=world.harbour.learner, lesson=lesson, at=AT)
    client = world.client(LEARNER)
    assert "That was the last lesson" in text_of(client, "/modules/m2/l2/done/")
    assert "You have finished every lesson" in text_of(client, "/")


@pytest.mark.parametrize(
    "address",
    [
        "/modules/nothing/",
        "/modules/m1/nothing/",
        "/modules/m1/l1/0/",
        "/modules/m1/l1/4/",
        "/modules/m1/l1/99999999999999999999999/",
        "/modules/m2/nothing/done/",
        "/reference/nothing/",
    ],
)
def test_what_does_not_exist_is_404_also_when_sent(
    world: World, small_course: Outline, address: str
) -> None:
    client = world.client(LEARNER)
    assert client.get(address).status_code == 404
    assert client.post(address).status_code in {404, 405}
    assert LessonPlace.objects.of_person(world.harbour.learner).count() == 0


def test_a_lesson_that_became_shorter_resumes_at_its_last_step(world: World) -> None:
    outline = publish_made_up(steps=5)
    lesson = next(outline.lessons())
    move_place(membership=world.harbour.learner, lesson=lesson, step=5, at=AT)
    publish(made_up_shelves(Size(steps=2)))
    client = world.client(LEARNER)
    assert client.get("/modules/m1/l1/").headers["Location"] == "/modules/m1/l1/2/"
    assert "You stopped at step 2 of 2" in text_of(client, "/")


def test_one_person_in_two_organisations_has_two_pasts(world: World, small_course: Outline) -> None:
    client = world.client("both")
    client.post("/modules/m1/l1/1/")
    session = client.session
    session[ORGANIZATION_KEY] = str(world.lighthouse.organization.pk)
    session.save()
    assert "Start here" in text_of(client, "/")


def test_the_content_note_comes_before_and_skipping_is_said_to_be_free(
    world: World, small_course: Outline
) -> None:
    page = text_of(world.client(LEARNER), "/modules/m1/l1/1/")
    assert "Talks about debt." in page
    assert "It costs nothing" in page
    assert "Talks about debt." not in text_of(world.client(LEARNER), "/modules/m1/l1/2/")


def test_malay_readers_get_malay_and_see_that_it_is_a_draft(
    world: World, small_course: Outline
) -> None:
    user = world.users[LEARNER]
    user.language = "ms"
    user.save()
    page = text_of(world.client(LEARNER), "/modules/m1/l1/1/")
    assert "Step 1 ms" in page
    assert '<html lang="ms">' in page
    assert "Step 1 en" not in page


def test_a_handout_holds_every_step_with_everything_open(
    world: World, small_course: Outline
) -> None:
    page = text_of(world.client(LEARNER), "/modules/m1/l1/handout/")
    assert all(f"Step {number} en" in page for number in (1, 2, 3))
    body = page[page.index("<main") : page.index("</main>")]
    assert body.count("<details") == body.count("<details open")
    assert body.count("<details") == 6


def test_home_module_and_lesson_cost_the_same_queries_for_one_and_for_fifty_modules(
    world: World, queries: Any
) -> None:
    client = world.client(LEARNER)
    for modules in (1, 50):
        outline = publish_made_up(modules=modules)
        for lesson in list(outline.lessons())[: modules * 2 - 1]:
            finish_lesson(membership=world.harbour.learner, lesson=lesson, at=AT)
        text_of(client, "/")  # the first request after a load reads the new outline
        text_of(client, "/modules/m1/l1/1/")
        # session, person with places, newest release; home and module also the round, completions,
        # places, and for the quizzes the newest release again, what is asked, and the attempts;
        # home also what comes back and notices
        for address, expected in (("/", 17), ("/modules/m1/", 9), ("/modules/m1/l1/1/", 3)):
            with queries() as counted:
                text_of(client, address)
            assert counted == [expected], f"{address} of {modules} modules"


def test_home_costs_the_same_queries_with_every_quiz_of_the_real_course(
    world: World, real_course: Outline, queries: Any
) -> None:
    client = world.client(LEARNER)
    text_of(client, "/")
    with queries() as counted:
        text_of(client, "/")
    assert counted == [11]


def test_a_trainer_sees_only_people_of_their_cohorts(world: World, small_course: Outline) -> None:
    lessons = list(small_course.lessons())
    finish_lesson(membership=world.harbour.learner, lesson=lessons[0], at=AT)
    page = text_of(world.client(TRAINER), "/progress/")
    assert "canaryharbour learner" in page
    assert "canaryharbour stranger" not in page
    assert "1 of 2" in page
    everybody = text_of(world.client(ADMINISTRATOR), "/progress/")
    assert "canaryharbour stranger" in everybody
    assert "canarylighthouse" not in everybody


def test_progress_of_one_cohort_and_of_none_that_is_mine(
    world: World, small_course: Outline
) -> None:
    client = world.client(ADMINISTRATOR)
    second = world.harbour.second_cohort
    page = text_of(client, f"/progress/?cohort={second.id}")
    assert "canaryharbour stranger" in page
    assert "canaryharbour learner" not in page
    foreign: Cohort = world.lighthouse.first_cohort
    assert client.get(f"/progress/?cohort={foreign.id}").status_code == 404
    trainer = world.client(TRAINER)
    assert trainer.get(f"/progress/?cohort={second.id}").status_code == 404
    assert text_of(client, "/progress/?cohort=%00nonsense&page=-3")


def test_progress_costs_the_same_queries_for_few_and_for_many(world: World, queries: Any) -> None:
    client = world.client(ADMINISTRATOR)
    for modules in (1, 50):
        outline = publish_made_up(modules=modules)
        for person in (world.harbour.learner, world.harbour.stranger):
            finish_lesson(membership=person, lesson=next(outline.lessons()), at=AT)
        text_of(client, "/progress/")
        # session, person with places, release; people counted, page of people; cohorts;
        # totals: count, completions, places; rows: completions, places
        with queries() as counted:
            text_of(client, "/progress/")
        assert counted == [11]


def test_visitors_may_read_one_lesson_and_nothing_is_kept(real_course: Outline) -> None:
    client = Client()
    steps = next(real_course.lessons()).steps
    for number in range(1, steps + 1):
        answer = client.get(f"/taster/lesson/{number}/")
        assert answer.status_code == 200
        assert set(answer.cookies) <= {settings.CSRF_COOKIE_NAME}
    assert 'href="/taster/"' in answer.content.decode()
    assert client.get(f"/taster/lesson/{steps + 1}/").status_code == 404
    assert not Session.objects.exists()


def test_every_lesson_and_every_shelf_of_the_real_course_can_be_drawn(
    world: World, real_course: Outline
) -> None:
    for language in ("en", "ms"):
        user = world.users[LEARNER]
        user.language = language
        user.save()
        client = world.client(LEARNER)
        for lesson in real_course.lessons():
            text_of(client, reverse("modules:handout", args=[lesson.module_key, lesson.key]))
            text_of(client, reverse("modules:step", args=[lesson.module_key, lesson.key, 1]))
        for kind in ("signs", "beliefs", "steps", "contacts", "certainty", "sources"):
            text_of(client, reverse("modules:shelf", args=[kind]))
