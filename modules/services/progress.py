"""How far a person is: reading it, moving on, finishing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from course.models import Membership
from modules.models import LessonCompletion, LessonPlace
from modules.next_step import Place
from modules.outline import OutlineLesson

FIRST_CYCLE = 1


@dataclass(frozen=True, kw_only=True)
class Progress:
    """Finished lessons with their dates, and places, both by lesson id."""

    done: Mapping[UUID, datetime]
    places: Mapping[UUID, Place]


def read_progress(membership: Membership) -> Progress:
    """Everything one person has done: two queries, whatever the size of the course."""
    done = LessonCompletion.objects.of_person(membership).values_list("lesson_id", "completed_at")
    places = LessonPlace.objects.of_person(membership).values_list("lesson_id", "step", "moved_at")
    return Progress(
        done=dict(done),
        places={lesson: Place(step, moved_at) for lesson, step, moved_at in places},
    )


def move_place(
    *, membership: Membership, lesson: OutlineLesson, step: int, at: datetime
) -> LessonPlace:
    """Remember the step at which the person goes on, on whichever device. Steps count from 1."""
    place, _created = LessonPlace.objects.update_or_create(
        organization_id=membership.organization_id,
        membership_id=membership.id,
        lesson_id=lesson.id,
        defaults={"lesson_version_id": lesson.version_id, "step": step, "moved_at": at},
        create_defaults={
            "lesson_version_id": lesson.version_id,
            "step": step,
            "moved_at": at,
            "started_at": at,
        },
    )
    return place


def finish_lesson(
    *, membership: Membership, lesson: OutlineLesson, at: datetime
) -> LessonCompletion:
    """Record that the lesson was finished. Again, or from two devices: the first date stays."""
    with transaction.atomic():
        move_place(membership=membership, lesson=lesson, step=lesson.steps, at=at)
        fact, _created = LessonCompletion.objects.get_or_create(
            organization_id=membership.organization_id,
            membership_id=membership.id,
            lesson_id=lesson.id,
            cycle=FIRST_CYCLE,
            defaults={"lesson_version_id": lesson.version_id, "completed_at": at},
        )
    return fact
