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
from modules.services.completing import Round, current_cycle, current_round, grant_completions


@dataclass(frozen=True, kw_only=True)
class Progress:
    """Finished lessons with their dates and places, by lesson id, and the round they are of."""

    done: Mapping[UUID, datetime]
    places: Mapping[UUID, Place]
    round: Round


def read_progress(membership: Membership) -> Progress:
    """What one person has done in this round: three queries, whatever the size of the course.

    In a shortened round the lessons of earlier rounds stay done: they are not asked for again.
    """
    now = current_round(membership)
    facts = LessonCompletion.objects.of_person(membership)
    moved = LessonPlace.objects.of_person(membership)
    if now.since is not None:
        moved = moved.filter(moved_at__gte=now.since)
        facts = facts if now.shortened else facts.filter(cycle=now.number)
    done = facts.order_by("-cycle").values_list("lesson_id", "completed_at")
    places = moved.values_list("lesson_id", "step", "moved_at")
    return Progress(
        done=dict(done),
        places={lesson: Place(step, moved_at) for lesson, step, moved_at in places},
        round=now,
    )


def resume_step(membership: Membership, lesson: OutlineLesson) -> int:
    """Where a lesson opens: where it was left in this round, else at its first step."""
    now = current_round(membership)
    place = LessonPlace.objects.for_lesson(membership, lesson.id)
    if place is None or (now.since is not None and place.moved_at < now.since):
        return 1
    mine = LessonCompletion.objects.of_person(membership).filter(cycle=now.number)
    finished = mine.filter(lesson_id=lesson.id).exists()
    return 1 if finished else min(int(place.step), lesson.steps)


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
    """Record that the lesson was finished in this round, and what that completes.

    Again, or from two devices: the first date of the round stays.
    """
    with transaction.atomic():
        move_place(membership=membership, lesson=lesson, step=lesson.steps, at=at)
        fact, _created = LessonCompletion.objects.get_or_create(
            organization_id=membership.organization_id,
            membership_id=membership.id,
            lesson_id=lesson.id,
            cycle=current_cycle(membership),
            defaults={"lesson_version_id": lesson.version_id, "completed_at": at},
        )
        grant_completions(membership=membership, at=at)
    return fact
