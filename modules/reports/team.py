"""What a manager sees of the people who report to them: what is finished and when. Nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from course.models import Membership
from course.models.base import Viewer
from modules.models import Completion, LessonCompletion
from modules.outline import Outline
from modules.services.completing import newest_cycle


@dataclass(frozen=True, slots=True)
class TeamRow:
    """One person in their round of today. `completed_at`: the day the course was complete."""

    person: Membership
    lessons: int
    lessons_total: int
    modules: int
    modules_total: int
    completed_at: datetime | None


def team_rows(outline: Outline, viewer: Viewer, people: Sequence[Membership]) -> list[TeamRow]:
    """A row for each of these people, whom the caller took from `access.team_of`: two queries."""
    ids = [person.id for person in people]
    lesson_ids = [lesson.id for lesson in outline.lessons()]
    lessons = dict(
        LessonCompletion.objects.visible_to(viewer)
        .filter(membership_id__in=ids, lesson_id__in=lesson_ids, cycle=newest_cycle())
        .values_list("membership_id")
        .annotate(done=Count("lesson_id", distinct=True))
        .order_by()
    )
    keys = {module.key for module in outline.modules}
    course, modules = {}, dict.fromkeys(ids, 0)
    facts = Completion.objects.visible_to(viewer).filter(
        membership_id__in=ids, cycle=newest_cycle()
    )
    for person, scope, key, at in facts.values_list(
        "membership_id", "scope", "key", "completed_at"
    ):
        if scope == "course":
            course[person] = at
        elif key in keys:
            modules[person] += 1
    return [
        TeamRow(
            person=person,
            lessons=lessons.get(person.id, 0),
            lessons_total=len(lesson_ids),
            modules=modules[person.id],
            modules_total=len(keys),
            completed_at=course.get(person.id),
        )
        for person in people
    ]
