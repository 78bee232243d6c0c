"""Lessons, one screen a step. Going on is a POST that keeps the place; everything else reads."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from course.access import KenaliRequest, public, requires, see_other
from course.roles import Ability
from modules.access import LessonPage, get_lesson_or_404, member_of
from modules.models import LessonCompletion
from modules.next_step import minutes_left
from modules.rendering import draw_lesson
from modules.services.progress import finish_lesson, move_place, resume_step


def step_address(page: LessonPage, step: int) -> str:
    """The address of a step."""
    return reverse("modules:step", args=[page.module.key, page.lesson.key, step])


@requires(Ability.TAKE_COURSE, methods=("GET",))
def lesson(request: KenaliRequest, module_key: str, lesson_key: str) -> HttpResponse:
    """Open a lesson where the person left it; a finished one, or a new one, at its first step."""
    page = get_lesson_or_404(module_key, lesson_key)
    return redirect(step_address(page, resume_step(member_of(request.kenali), page.lesson)))


@requires(Ability.TAKE_COURSE, methods=("GET", "POST"))
def step(request: KenaliRequest, module_key: str, lesson_key: str, number: int) -> HttpResponse:
    """One screen of a lesson. Sending its form goes on, and after the last one finishes."""
    page = get_lesson_or_404(module_key, lesson_key, step=number)
    if request.method == "POST":
        return _go_on(request, page, number)
    drawn = draw_lesson(page.lesson.version_id, request.kenali.language)
    shown = {
        "page": page,
        "drawn": drawn,
        "step": drawn.steps[number - 1],
        "before": number - 1,
        "is_last": number == page.lesson.steps,
        "minutes": minutes_left(page.lesson, number),
    }
    return render(request, "modules/step.html", shown)


def _go_on(request: KenaliRequest, page: LessonPage, number: int) -> HttpResponse:
    membership, at = member_of(request.kenali), request.kenali.at
    if number < page.lesson.steps:
        move_place(membership=membership, lesson=page.lesson, step=number + 1, at=at)
        return see_other(step_address(page, number + 1))
    finish_lesson(membership=membership, lesson=page.lesson, at=at)
    return see_other(reverse("modules:done", args=[page.module.key, page.lesson.key]))


@requires(Ability.TAKE_COURSE, methods=("GET",))
def done(request: KenaliRequest, module_key: str, lesson_key: str) -> HttpResponse:
    """After the last step: the date, a breath, and what could come next."""
    page = get_lesson_or_404(module_key, lesson_key)
    membership = member_of(request.kenali)
    facts = LessonCompletion.objects.of_person(membership).filter(lesson_id=page.lesson.id)
    fact = facts.order_by("-cycle").first()
    if fact is None:
        return redirect("modules:lesson", module_key, lesson_key)
    follows = page.outline.after(page.lesson)
    shown = {
        "page": page,
        "fact": fact,
        "follows": follows,
        "is_module_end": follows is None or follows.module_key != page.module.key,
    }
    return render(request, "modules/done.html", shown)


@requires(Ability.TAKE_COURSE, methods=("GET",))
def handout(request: KenaliRequest, module_key: str, lesson_key: str) -> HttpResponse:
    """The whole lesson on paper: the same text, everything opened."""
    page = get_lesson_or_404(module_key, lesson_key)
    drawn = draw_lesson(page.lesson.version_id, request.kenali.language, printed=True)
    return render(request, "modules/handout.html", {"page": page, "drawn": drawn})


TASTE = ("foundations", "what-it-is")  # the lesson that visitors may read


@public(methods=("GET",))
def taste(request: KenaliRequest, number: int) -> HttpResponse:
    """One lesson for visitors, step by step. Nothing is kept, here or in the browser."""
    page = get_lesson_or_404(*TASTE, step=number)
    drawn = draw_lesson(page.lesson.version_id, request.kenali.language)
    is_last = number == page.lesson.steps
    shown = {
        "page": page,
        "drawn": drawn,
        "step": drawn.steps[number - 1],
        "before": number - 1,
        "after": 0 if is_last else number + 1,
    }
    return render(request, "modules/taste.html", shown)
