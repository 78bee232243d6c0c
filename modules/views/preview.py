"""The course as a learner sees it, for staff: any day, any language, no trace."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse

from course.access import KenaliRequest, requires
from course.models import Cohort
from course.roles import Ability
from course.views.pretending import read_pretence, render_pretending
from modules.access import get_lesson_or_404
from modules.next_step import minutes_left
from modules.published import current_outline
from modules.rendering import draw_lesson
from modules.targets import Titles
from quizzes.duties import Duty
from quizzes.models import Late
from quizzes.newcomers import duties_of_newcomer
from quizzes.published import current_bank


@requires(Ability.PREVIEW, methods=("GET",))
def start(request: KenaliRequest) -> HttpResponse:
    """Choose day, language and cohort; then what is asked on that day, and the whole course."""
    pretence, outline = read_pretence(request), current_outline()
    duties = duties_of_newcomer(pretence.cohort, at=pretence.at) if pretence.cohort else []
    titles = Titles(outline, pretence.language)
    page = {
        "outline": outline,
        "quizzes": [one.quiz for one in current_bank().quizzes.values()],
        "duties": [_told(titles, one, pretence.at) for one in duties],
        "cohorts": list(Cohort.objects.visible_to(request.kenali).order_by("name")),
        "languages": settings.LANGUAGES,
    }
    return render_pretending(request, pretence, "modules/preview.html", page)


def _told(titles: Titles, duty: Duty, at: datetime) -> dict[str, Any]:
    """A duty with its title and its state on that day."""
    state = "open"
    if duty.opens_at is not None and at < duty.opens_at:
        state = "not_yet"
    elif duty.due_at is not None and at > duty.due_at:
        state = "closed" if duty.late == Late.CLOSE else "late"
    return {"title": titles.of(duty.target, duty.key), "duty": duty, "state": state}


@requires(Ability.PREVIEW, methods=("GET",))
def step(request: KenaliRequest, module_key: str, lesson_key: str, number: int) -> HttpResponse:
    """One screen of a lesson. Going on is a link, because there is nothing to keep."""
    page = get_lesson_or_404(module_key, lesson_key, step=number)
    pretence = read_pretence(request)
    drawn = draw_lesson(page.lesson.version_id, pretence.language)
    is_last = number == page.lesson.steps

    def address(step_number: int) -> str:
        here = reverse("modules:preview_step", args=[module_key, lesson_key, step_number])
        return here + pretence.query

    shown = {
        "page": page,
        "drawn": drawn,
        "step": drawn.steps[number - 1],
        "minutes": minutes_left(page.lesson, number),
        "before": address(number - 1) if number > 1 else "",
        "after": "" if is_last else address(number + 1),
    }
    return render_pretending(request, pretence, "modules/preview_step.html", shown)
