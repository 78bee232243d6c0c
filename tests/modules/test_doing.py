"""What a line says of lessons, modules and the last sign of life, for rounds, days and modules."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from course.models import Membership
from modules.models import Cycle, LessonCompletion
from modules.outline import Outline
from modules.reports.asking import Question
from modules.reports.completion import read_people
from modules.reports.facts import Doing, read_doing, read_rounds
from modules.reports.lines import lines
from modules.reports.population import Scene, Staff
from modules.reports.states import State
from modules.services.progress import finish_lesson
from quizzes.models import Target
from quizzes.services.assigning import Ask, assign
from tests.modules.keeping import complete
from tests.personas import AT, Place, World, make_membership, make_user

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def doing(outline: Outline, place: Place, question: Question, at: datetime) -> Doing:
    scene = Scene(outline, Staff(place.organization.pk), question, at)
    ids = [place.learner.id]
    return read_doing(scene, read_rounds(scene, ids), ids)[place.learner.id]


def again(person: Membership, lesson: object, *, cycle: int, at: datetime) -> None:
    LessonCompletion.objects.create(
        organization_id=person.organization_id,
        membership_id=person.id,
        lesson_id=lesson.id,  # type: ignore[attr-defined]
        lesson_version_id=lesson.version_id,  # type: ignore[attr-defined]
        cycle=cycle,
        completed_at=at,
    )


def test_lessons_and_modules_are_those_of_the_round_the_day_and_the_module(
    world: World, small_course: Outline
) -> None:
    place, person = world.harbour, world.harbour.learner
    first, second = small_course.modules[0], small_course.modules[1]
    lessons = list(small_course.lessons())
    for number, lesson in enumerate(lessons[:3]):  # all of the first module, one of the second
        finish_lesson(membership=person, lesson=lesson, at=AT + number * DAY)
    Cycle.objects.create(
        organization_id=person.organization_id,
        membership_id=person.id,
        number=2,
        opened_at=AT + 10 * DAY,
    )
    again(person, lessons[0], cycle=2, at=AT + 11 * DAY)

    def told(question: Question, at: datetime) -> tuple[int, int, datetime | None]:
        found = doing(small_course, place, question, at)
        return found.lessons, found.modules, found.last_at

    assert told(Question(), AT + DAY / 2) == (1, 0, AT)
    assert told(Question(), AT + 5 * DAY) == (3, 1, AT + 2 * DAY)
    assert told(Question(), AT + 12 * DAY) == (1, 0, AT + 11 * DAY)  # the second round
    assert told(Question(round="1"), AT + 12 * DAY) == (3, 1, AT + 11 * DAY)
    of_second = Question(module=second.key)
    assert told(of_second, AT + 5 * DAY) == (1, 0, AT + 2 * DAY)
    assert told(of_second, AT + 12 * DAY) == (0, 0, AT + 2 * DAY)
    of_first = Question(module=first.key, round="1")
    assert told(of_first, AT + 12 * DAY) == (2, 1, AT + 11 * DAY)
    assert told(Question(module="gone"), AT + 12 * DAY) == (0, 0, None)


@pytest.mark.parametrize("most", [2, 500])
def test_who_is_picked_is_who_the_lines_tell_of(
    world: World, small_course: Outline, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr("modules.reports.completion.SLICE", most)
    place = world.harbour
    for number in range(4):
        person = make_membership(place.organization, make_user(f"one-{number}"))
        ask = Ask(target=Target.COURSE, key="", due_at=AT + (number + 1) * DAY)
        assign(ask=ask, actor=place.administrator, at=AT, people=[person])
        if number == 0:
            complete(person, at=AT)
    staff = Staff(place.organization.pk)
    seen = []
    for question in (
        Question(),
        Question(overdue=True),
        Question(state=State.COMPLETED),
        Question(state=State.NOT_STARTED, overdue=True),
    ):
        _teller, ids = read_people(small_course, staff, question, AT + 4 * DAY)
        told = list(lines(small_course, staff, question, AT + 4 * DAY))
        assert ids == [one.membership_id for one in told]
        seen.append(len(ids))
    assert seen == [7, 2, 1, 2]
    _teller, ids = read_people(small_course, staff, Question(overdue=True), AT)
    assert ids == []  # nothing was due yet
