"""Believable progress for the made-up people, so that every page has something to show."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from course.models import Membership, Organization
from course.roles import Role
from modules.models import LessonCompletion, LessonPlace
from modules.outline import Outline, OutlineLesson
from modules.published import current_outline
from modules.services.completing import grant_completions
from modules.services.demo_quizzes import take_quizzes
from modules.services.progress import move_place

# Left as it is, so that whoever follows the printed link begins at the beginning.
NEWCOMER: Final = "learner"
# Lessons each person has finished, in the order of their sign-in names; the half means "and is in
# the middle of the next one". From nobody to everything, as in a real group.
LESSONS_DONE: Final = (3.5, 31, 0, 12, 5.5, 22.5, 9, 0.5, 17, 31, 2, 14.5, 7)
DAYS_BACK: Final = 60


def seed_progress(organizations: Sequence[Organization], *, at: datetime) -> None:
    """Give the learners of these organisations a past. Whoever has one keeps it: safe to repeat."""
    outline = current_outline()
    for organization in organizations:
        learners = Membership.objects.in_organization(organization).filter(role=Role.LEARNER.value)
        ordered = learners.select_related("user").order_by("user__username")
        people = [one for one in ordered if one.user.username != NEWCOMER]
        for number, person in enumerate(people):
            if not LessonPlace.objects.of_person(person).exists():
                live_through(outline, person, LESSONS_DONE[number % len(LESSONS_DONE)], at)


def live_through(outline: Outline, person: Membership, lessons_done: float, at: datetime) -> None:
    """A lesson every other day in the 60 days before `at`, and the quizzes on the way.

    `lessons_done` with a half means "and in the middle of the next one". For somebody who has no
    past yet: the rows of a module are written together.
    """
    lessons = list(outline.lessons())
    whole = min(int(lessons_done), len(lessons))
    begin = at - timedelta(days=DAYS_BACK)
    ends: dict[str, datetime] = {}
    with transaction.atomic():
        days: dict[str, list[tuple[OutlineLesson, datetime]]] = defaultdict(list)
        for number, lesson in enumerate(lessons[:whole]):
            day = begin + timedelta(days=1.8 * number, minutes=37 * number % 300)
            days[lesson.module_key].append((lesson, min(day, at)))
        for key, finished in days.items():
            ends[key] = finished[-1][1]
            _finish(person, finished)
        if lessons_done > whole and whole < len(lessons):
            when = min(begin + timedelta(days=1.8 * whole), at)
            step = max(2, lessons[whole].steps // 2)
            move_place(membership=person, lesson=lessons[whole], step=step, at=when)
        if lessons_done:
            last = lessons[whole - 1] if whole else None
            through = [(key, end) for key, end in ends.items() if _is_through(outline, key, last)]
            take_quizzes(
                person,
                modules=through,
                begun=begin - timedelta(hours=1),
                finished=whole == len(lessons),
            )


def _is_through(outline: Outline, module_key: str, last: OutlineLesson | None) -> bool:
    """Whether the lessons done, in order and up to `last`, hold all of a module."""
    if last is None or last.module_key != module_key:
        return True
    follows = outline.after(last)
    return follows is None or follows.module_key != module_key


def _finish(person: Membership, lessons: Sequence[tuple[OutlineLesson, datetime]]) -> None:
    """As `finish_lesson` does for one: their places, the facts, and then what they complete."""
    places, facts = [], []
    for lesson, begun in lessons:
        end = begun + timedelta(minutes=lesson.minutes)
        common = {
            "organization_id": person.organization_id,
            "membership_id": person.id,
            "lesson_id": lesson.id,
            "lesson_version_id": lesson.version_id,
        }
        places.append(LessonPlace(**common, step=lesson.steps, started_at=begun, moved_at=end))
        facts.append(LessonCompletion(**common, completed_at=end))
    LessonPlace.objects.bulk_create(places)
    LessonCompletion.objects.bulk_create(facts)
    grant_completions(membership=person, at=facts[-1].completed_at)
