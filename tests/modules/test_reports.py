"""Totals and rows: who counts, and what finished means."""

import pytest

from course.roles import Role
from modules.course_map import State
from modules.outline import Outline
from modules.reports.queries import learners_for, module_totals, person_rows
from modules.services.progress import finish_lesson, move_place
from tests.personas import AT, World, make_membership, make_user

pytestmark = pytest.mark.django_db


class Administrator:
    """Somebody who looks at one organisation."""

    def __init__(self, world: World) -> None:
        self.organization_id = world.harbour.organization.pk
        self.membership_id = world.harbour.administrator.id
        self.role = Role.ADMINISTRATOR


def test_a_module_is_finished_when_every_lesson_is(world: World, small_course: Outline) -> None:
    viewer, lessons = Administrator(world), list(small_course.lessons())
    first, second, *_rest = lessons
    learner, stranger = world.harbour.learner, world.harbour.stranger
    finish_lesson(membership=learner, lesson=first, at=AT)
    finish_lesson(membership=learner, lesson=second, at=AT)
    finish_lesson(membership=stranger, lesson=first, at=AT)
    one, two = module_totals(small_course, viewer)
    # three learners: learner, stranger, and "both", who is a learner here
    assert (one.people, one.not_started, one.started, one.finished) == (3, 1, 1, 1)
    assert (two.people, two.not_started, two.started, two.finished) == (3, 3, 0, 0)


def test_the_three_numbers_always_add_up(world: World, small_course: Outline) -> None:
    viewer = Administrator(world)
    for number, lesson in enumerate(small_course.lessons()):
        move_place(membership=world.harbour.learner, lesson=lesson, step=1, at=AT)
        if number % 2:
            finish_lesson(membership=world.harbour.stranger, lesson=lesson, at=AT)
    for total in module_totals(small_course, viewer):
        assert total.not_started + total.started + total.finished == total.people


def test_paused_people_and_staff_are_left_out(world: World, small_course: Outline) -> None:
    viewer = Administrator(world)
    before = learners_for(viewer).count()
    make_membership(world.harbour.organization, make_user("gone"), is_active=False)
    make_membership(world.harbour.organization, make_user("boss"), Role.ADMINISTRATOR)
    assert learners_for(viewer).count() == before
    finish_lesson(membership=world.harbour.trainer, lesson=next(small_course.lessons()), at=AT)
    assert module_totals(small_course, viewer)[0].not_started == before


def test_another_organisations_work_is_never_counted(world: World, small_course: Outline) -> None:
    for lesson in small_course.lessons():
        finish_lesson(membership=world.lighthouse.learner, lesson=lesson, at=AT)
    assert all(total.finished == 0 for total in module_totals(small_course, Administrator(world)))


def test_a_row_says_how_many_lessons_and_when(world: World, small_course: Outline) -> None:
    viewer, lessons = Administrator(world), list(small_course.lessons())
    finish_lesson(membership=world.harbour.learner, lesson=lessons[0], at=AT)
    finish_lesson(membership=world.harbour.learner, lesson=lessons[1], at=AT)
    move_place(membership=world.harbour.learner, lesson=lessons[2], step=2, at=AT)
    row = person_rows(small_course, viewer, [world.harbour.learner])[0]
    finished, begun = row.cells
    assert (finished.state, finished.finished_at) == (State.DONE, AT)
    assert (begun.state, begun.done, begun.total) == (State.STARTED, 0, 2)
