"""The first page: for visitors the way in, for people who are signed in what comes next."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from course.access import KenaliRequest, public, requires
from course.roles import Ability
from modules.access import get_module_or_404, member_of
from modules.course_map import map_course, map_module
from modules.next_step import choose_next
from modules.outline import Outline
from modules.published import current_outline
from modules.reports.queries import module_totals
from modules.services.progress import read_progress
from modules.services.quizzes import my_quizzes


@public(methods=("GET",))
def home(request: KenaliRequest) -> HttpResponse:
    """What is next and how far one is; for staff also how their people are doing."""
    membership = request.kenali.membership
    if membership is None:
        return render(request, "modules/welcome.html")
    outline, progress = current_outline(), read_progress(membership)
    quizzes = my_quizzes(membership, at=request.kenali.at)
    page: dict[str, Any] = {
        "next": choose_next(outline, progress.done, progress.places, quizzes),
        "quizzes": quizzes,
        "map": map_course(outline, progress.done, progress.places),
        "is_new": not progress.done and not progress.places,
        "totals": None,
    }
    if request.kenali.can(Ability.SEE_REPORTS):
        page["totals"] = module_totals(outline, request.kenali)
    return render(request, "modules/home.html", page)


@requires(Ability.TAKE_COURSE, methods=("GET",))
def module(request: KenaliRequest, module_key: str) -> HttpResponse:
    """One module: what it is about, what one can do afterwards, its lessons."""
    _outline, found = get_module_or_404(module_key)
    membership = member_of(request.kenali)
    progress = read_progress(membership)
    mine = [
        quiz for quiz in my_quizzes(membership, at=request.kenali.at) if quiz.module == found.key
    ]
    page = {
        "module": found,
        "mine": map_module(found, progress.done, progress.places),
        "next": choose_next(Outline((found,)), progress.done, progress.places, mine),
        "quizzes": mine,
    }
    return render(request, "modules/module.html", page)
