"""Places and completions: kept on the server, once, for the person they belong to."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from course.models import AppendOnlyError
from modules.models import LessonCompletion, LessonPlace
from modules.outline import Outline
from modules.services.progress import finish_lesson, move_place, read_progress
from tests.personas import AT, World

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=3)


def test_a_place_moves_and_keeps_when_it_was_begun(world: World, small_course: Outline) -> None:
    learner, lesson = world.harbour.learner, next(small_course.lessons())
    move_place(membership=learner, lesson=lesson, step=2, at=AT)
    move_place(membership=learner, lesson=lesson, step=3, at=LATER)
    place = LessonPlace.objects.for_lesson(learner, lesson.id)
    assert (place.step, place.started_at, place.moved_at) == (3, AT, LATER)
    assert LessonPlace.objects.of_person(learner).count() == 1


def test_finishing_twice_keeps_the_first_date(world: World, small_course: Outline) -> None:
    learner, lesson = world.harbour.learner, next(small_course.lessons())
    finish_lesson(membership=learner, lesson=lesson, at=AT)
    finish_lesson(membership=learner, lesson=lesson, at=LATER)
    fact = LessonCompletion.objects.of_person(learner).get()
    assert fact.completed_at == AT
    assert fact.lesson_version_id == lesson.version_id


def test_the_database_refuses_a_second_fact(world: World, small_course: Outline) -> None:
    learner, lesson = world.harbour.learner, next(small_course.lessons())
    fact = finish_lesson(membership=learner, lesson=lesson, at=AT)
    double = LessonCompletion(
        organization_id=learner.organization_id,
        membership_id=learner.id,
        lesson_id=lesson.id,
        lesson_version_id=lesson.version_id,
        completed_at=LATER,
        cycle=fact.cycle,
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        double.save()


def test_the_database_refuses_a_person_of_another_organisation(
    world: World, small_course: Outline
) -> None:
    lesson = next(small_course.lessons())
    stray = LessonPlace(
        organization_id=world.lighthouse.organization.pk,
        membership_id=world.harbour.learner.id,
        lesson_id=lesson.id,
        lesson_version_id=lesson.version_id,
        step=1,
        started_at=AT,
        moved_at=AT,
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        stray.save()


def test_a_completion_is_never_changed_or_removed(world: World, small_course: Outline) -> None:
    learner, lesson = world.harbour.learner, next(small_course.lessons())
    fact = finish_lesson(membership=learner, lesson=lesson, at=AT)
    mine = LessonCompletion.objects.of_person(learner)
    for attempt in (fact.save, mine.delete, lambda: mine.update(completed_at=LATER)):
        with pytest.raises(AppendOnlyError):
            attempt()


def test_each_person_sees_only_their_own_progress(world: World, small_course: Outline) -> None:
    lesson = next(small_course.lessons())
    finish_lesson(membership=world.harbour.learner, lesson=lesson, at=AT)
    assert lesson.id in read_progress(world.harbour.learner).done
    for other in (world.harbour.stranger, world.lighthouse.learner):
        assert read_progress(other).done == {}
        assert read_progress(other).places == {}
