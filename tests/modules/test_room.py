"""A cohort today and its results: who is where, in constant queries, and never a ranking."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from course.models import AuditEntry, Membership
from course.recent import note_proof
from course.roles import Role
from course.spreadsheets import safe_cell, write_csv
from modules.outline import Outline
from modules.reports.gradebook import columns_of, grade_rows
from modules.reports.room import Room, read_room
from modules.services.progress import finish_lesson, move_place
from quizzes.models import Assignment, Attempt
from quizzes.services.attempting import items_of, record_response, start_attempt
from quizzes.services.commenting import add_comment
from quizzes.services.grading import submit_attempt
from tests.personas import (
    ADMINISTRATOR,
    AT,
    TRAINER,
    World,
    make_membership,
    make_user,
    put_into,
)
from tests.quizzes.making import (
    eight_verdicts,
    flag_everything,
    flag_nothing,
    next_step,
    published,
    quiz,
    right_answer,
)
from tests.quizzes.paging import document

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _now() -> Any:
    with time_machine.travel(AT, tick=False):
        yield


class Trainer:
    """Who looks."""

    def __init__(self, world: World) -> None:
        self.organization_id = world.harbour.organization.pk
        self.membership_id = world.harbour.trainer.id
        self.role = Role.TRAINER


def room_of(world: World, outline: Outline, *, days: int = 0) -> Room:
    return read_room(
        outline, Trainer(world), world.harbour.first_cohort, language="en", at=AT + days * DAY
    )


def ask(world: World, kind: str, key: str, **more: Any) -> Assignment:
    given: Assignment = Assignment.objects.create(
        organization=world.harbour.organization,
        target_kind=kind,
        target_key=key,
        cohort_id=world.harbour.first_cohort.id,
        assigned_by_id=world.harbour.trainer.id,
        assigned_at=AT - 30 * DAY,
        **more,
    )
    return given


def take(person: Membership, one: Any, answer: Any, *, at: Any = AT) -> Attempt:
    attempt = start_attempt(membership=person, quiz=one, at=at)
    for drawn in items_of(attempt):
        said = answer(document(attempt, drawn.position))
        record_response(
            attempt=attempt, position=drawn.position, client_key=uuid4(), answer=said, at=at
        )
    return submit_attempt(attempt=attempt, at=at)


# --- today ----------------------------------------------------------------------------------------


def test_who_opened_nothing_has_not_started(world: World, small_course: Outline) -> None:
    room = room_of(world, small_course)
    assert (room.people, room.going_on) == (1, 0)
    assert room.not_started == (world.harbour.learner,)
    move_place(membership=world.harbour.learner, lesson=next(small_course.lessons()), step=1, at=AT)
    room = room_of(world, small_course)
    assert (room.not_started, room.going_on) == ((), 1)


def test_a_lesson_left_for_seven_days_is_stuck(world: World, small_course: Outline) -> None:
    lesson = next(small_course.lessons())
    move_place(membership=world.harbour.learner, lesson=lesson, step=2, at=AT)
    assert room_of(world, small_course, days=6).stuck == ()
    (stuck,) = room_of(world, small_course, days=7).stuck
    assert (stuck.person, stuck.days, stuck.title) == (world.harbour.learner, 7, lesson.titles)


def test_who_finished_what_they_began_and_owes_nothing_is_not_stuck(
    world: World, small_course: Outline
) -> None:
    lesson = next(small_course.lessons())
    finish_lesson(membership=world.harbour.learner, lesson=lesson, at=AT)
    assert room_of(world, small_course, days=30).stuck == ()
    ask(world, "module", "m1", due_at=AT + 20 * DAY)
    (stuck,) = room_of(world, small_course, days=10).stuck
    assert stuck.title == {}


def test_what_opens_later_holds_nobody_up(world: World, small_course: Outline) -> None:
    lesson = next(small_course.lessons())
    finish_lesson(membership=world.harbour.learner, lesson=lesson, at=AT)
    ask(world, "module", "m2", opens_at=AT + 20 * DAY)
    assert room_of(world, small_course, days=10).stuck == ()
    assert len(room_of(world, small_course, days=21).stuck) == 1


def test_an_answer_counts_as_a_touch_of_an_open_quiz(world: World, small_course: Outline) -> None:
    (short,) = published(eight_verdicts(), quiz())
    attempt = start_attempt(membership=world.harbour.learner, quiz=short, at=AT)
    (stuck,) = room_of(world, small_course, days=8).stuck
    assert stuck.title["en"] == "Short quiz"
    record_response(
        attempt=attempt,
        position=1,
        client_key=uuid4(),
        answer={"concern": True, "confidence": None},
        at=AT + 5 * DAY,
    )
    assert room_of(world, small_course, days=8).stuck == ()
    assert room_of(world, small_course, days=12).stuck[0].days == 7


def test_what_is_due_counts_who_has_done_it_and_who_is_late(
    world: World, small_course: Outline
) -> None:
    (short,) = published(eight_verdicts(), quiz())
    second = make_membership(world.harbour.organization, make_user("second"))
    put_into(world.harbour.first_cohort, second)
    ask(world, "quiz", "short", due_at=AT + 3 * DAY)
    ask(world, "course", "")
    take(world.harbour.learner, short, right_answer)
    due, course = room_of(world, small_course).due
    assert (due.title, due.people, due.done, due.late) == ("Short quiz", 2, 1, ())
    assert (course.title, course.done, course.people) == ("The whole course", 0, 2)
    assert room_of(world, small_course, days=4).due[0].late == (second,)


def test_an_unsafe_step_needs_a_look_until_somebody_writes(
    world: World, small_course: Outline
) -> None:
    steps = quiz("steps", draws=[{"kind": "next_step", "pools": ["nn"], "take": 1}])
    (published_steps,) = published([next_step("n1", "nn", "control")], steps)
    attempt = take(world.harbour.learner, published_steps, lambda _item: {"chosen": "d"})
    (look,) = room_of(world, small_course).looks
    assert (look.person, look.attempt_id, look.unsafe) == (world.harbour.learner, attempt.id, 1)
    assert room_of(world, small_course, days=15).looks == ()
    add_comment(
        attempt=attempt, position=1, author=world.harbour.trainer, text="Let us talk.", at=AT
    )
    assert room_of(world, small_course).looks == ()


def test_the_page_says_it_all_on_one_screen(world: World, small_course: Outline) -> None:
    ask(world, "module", "m1", due_at=AT - DAY)
    html = today(world).content.decode()
    for words in ("Module 1", "0 of 1 done", "1 late:", "Nobody is stuck.", "Nothing needs a look"):
        assert words in html
    assert world.harbour.learner.user.shown_name in html
    assert world.harbour.stranger.user.shown_name not in html


def today(world: World, client: Client | None = None) -> Any:
    address = reverse("modules:cohort_today", args=[world.harbour.first_cohort.id])
    answer = (client or world.client(TRAINER)).get(address)
    assert answer.status_code == 200
    return answer


def test_a_cohort_a_trainer_is_not_in_does_not_exist(world: World, small_course: Outline) -> None:
    for name in ("cohort_today", "cohort_results"):
        address = reverse(f"modules:{name}", args=[world.harbour.second_cohort.id])
        assert world.client(TRAINER).get(address).status_code == 404
        assert world.client(ADMINISTRATOR).get(address).status_code == 200


def crowd(world: World, outline: Outline, short: Any, number: int, start: int) -> None:
    """People of every sort: in the middle, with an open quiz, with two attempts, with nothing."""
    lessons = list(outline.lessons())
    for one in range(start, start + number):
        person = make_membership(world.harbour.organization, make_user(f"person-{one:03}"))
        put_into(world.harbour.first_cohort, person)
        if one % 4:
            move_place(membership=person, lesson=lessons[0], step=1, at=AT - 20 * DAY)
        if one % 4 == 1:
            start_attempt(membership=person, quiz=short, at=AT - 9 * DAY)
        if one % 4 == 2:
            take(person, short, right_answer)
            take(person, short, flag_everything)


@pytest.mark.parametrize("name", ["cohort_today", "cohort_results"])
def test_the_room_costs_the_same_queries_for_few_and_for_many(
    world: World, small_course: Outline, queries: Any, name: str
) -> None:
    (short,) = published(eight_verdicts(), quiz())
    ask(world, "quiz", "short", due_at=AT - DAY)
    client = world.client(TRAINER)
    address = reverse(f"modules:{name}", args=[world.harbour.first_cohort.id])
    numbers = []
    for number, start in ((4, 0), (24, 4)):
        crowd(world, small_course, short, number, start)
        client.get(address)
        with queries() as counted:
            client.get(address)
        numbers += counted
    assert numbers[0] == numbers[1]
    assert numbers[0] <= 25


# --- results --------------------------------------------------------------------------------------


def test_best_and_last_are_told_in_counts_by_name(world: World, small_course: Outline) -> None:
    (short,) = published(eight_verdicts(), quiz())
    learner = world.harbour.learner
    for day, answer in enumerate((flag_everything, right_answer, flag_nothing)):
        take(learner, short, answer, at=AT + day * DAY)
    columns = columns_of(small_course)
    (row,) = grade_rows(small_course, Trainer(world), columns, [learner])
    taken = next(one.quiz for one in row.grades if one.quiz)
    assert taken is not None
    assert (taken.attempts, taken.last.hits, taken.last.false_alarms) == (3, 0, 0)
    assert taken.best.hits == taken.best.n_signal
    assert taken.best.false_alarms == 0
    html = results(world).content.decode()
    assert f"0 of {taken.last.n_signal} signs found" in html
    assert f"{taken.best.hits} of {taken.best.n_signal} signs found" in html
    assert "%" not in html[html.index("<table") : html.index("</table")]


def results(world: World) -> Any:
    address = reverse("modules:cohort_results", args=[world.harbour.first_cohort.id])
    return world.client(TRAINER).get(address)


def test_people_stand_by_the_name_that_is_shown(world: World, small_course: Outline) -> None:
    for sign_in, name in (("zz", "Aminah"), ("aa", "zulkifli"), ("mm", "")):
        user = make_user(sign_in, display_name=name)
        put_into(world.harbour.first_cohort, make_membership(world.harbour.organization, user))
    names = [row.person.user.shown_name for row in results(world).context["rows"]]
    assert names == ["Aminah", world.harbour.learner.user.shown_name, "mm", "zulkifli"]


def test_the_file_holds_the_same_rows_and_is_kept_in_the_record(
    world: World, small_course: Outline
) -> None:
    (short,) = published(eight_verdicts(), quiz())
    evil = make_user("evil", display_name='=HYPERLINK("x")')
    person = make_membership(world.harbour.organization, evil)
    put_into(world.harbour.first_cohort, person)
    take(person, short, right_answer)
    address = reverse("modules:cohort_results_file", args=[world.harbour.first_cohort.id])
    client = world.client(TRAINER)
    assert client.post(address).status_code == 403  # an old session is asked for the passphrase
    session = client.session
    note_proof(session, at=AT)
    session.save()
    answer = client.post(address)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="results-2026-11-24.csv"'
    read = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["Person"] for row in read] == [
        '\'=HYPERLINK("x")',
        world.harbour.learner.user.shown_name,
    ]
    shown = results(world).context["rows"]
    taken = next(one.quiz for one in shown[0].grades if one.quiz)
    found = next(value for name, value in read[0].items() if name.endswith("last: signs found"))
    assert int(found) == taken.last.hits > 0
    entry = AuditEntry.objects.in_organization(world.harbour.organization).get(
        action="export.results"
    )
    assert entry.subject == f"cohort:{world.harbour.first_cohort.id}"
    assert world.client(TRAINER).get(address).status_code == 405


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@x", "\t=1", " =1", "＝1", "\u00a0-2", "\r=2"]
)
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("value", ["", "Ali", "a=b", "7 - 8", -3, 2.5])
def test_everything_else_stays_as_it_is(value: Any) -> None:
    assert safe_cell(value) == value


def test_a_file_opens_in_every_program() -> None:
    content = write_csv(["Nama"], [["Zoë"], [None], ["a,b\nc"]])
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert rows == [["Nama"], ["Zoë"], [""], ["a,b\nc"]]
