"""The first page: for visitors the way in, for people who are signed in what comes next."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from course.access import KenaliRequest, public, requires
from course.models import Cohort
from course.roles import Ability
from modules.access import get_module_or_404, member_of
from modules.course_map import map_course, map_module
from modules.next_step import choose_next
from modules.outline import Outline
from modules.published import current_outline
from modules.reports.queries import module_totals
from modules.services.progress import read_progress
from modules.services.quizzes import my_quizzes
from modules.services.refreshing import coming_back
from modules.services.today import Today, read_today
from modules.targets import Titles
from quizzes.duties import duties_of
from quizzes.services.commenting import comments_unread

COHORTS_AT_HOME = 6  # the others are behind "People"


@public(methods=("GET",))
def home(request: KenaliRequest) -> HttpResponse:
    """What is next and how far one is; for staff also how their people are doing."""
    membership = request.kenali.membership
    if membership is None:
        return render(request, "modules/welcome.html")
    outline, progress = current_outline(), read_progress(membership)
    at, duties = request.kenali.at, duties_of(membership, at=request.kenali.at)
    quizzes = my_quizzes(membership, at=at, duties=duties, now=progress.round)
    today = Today()
    if duties:
        titles = Titles(outline, request.kenali.language)
        today = read_today(membership, duties, quizzes, titles, at=at)
    page: dict[str, Any] = {
        "next": choose_next(outline, progress.done, progress.places, quizzes, today.asked),
        "today": today,
        "coming_back": coming_back(membership, at=at) if progress.done else None,
        "quizzes": quizzes,
        "map": map_course(outline, progress.done, progress.places),
        "is_new": not progress.done and not progress.places,
        "totals": None,
        "new_notes": comments_unread(membership),
        "cohorts": [],
    }
    if request.kenali.can(Ability.SEE_REPORTS):
        page["totals"] = module_totals(outline, request.kenali)
        cohorts = Cohort.objects.visible_to(request.kenali).order_by("name")
        page["cohorts"] = list(cohorts[:COHORTS_AT_HOME])
    return render(request, "modules/home.html", page)


@requires(Ability.TAKE_COURSE, methods=("GET",))
def module(request: KenaliRequest, module_key: str) -> HttpResponse:
    """One module: what it is about, what one can do afterwards, its lessons."""
    _outline, found = get_module_or_404(module_key)
    membership = member_of(request.kenali)
    progress = read_progress(membership)
    quizzes = my_quizzes(membership, at=request.kenali.at, now=progress.round)
    mine = [quiz for quiz in quizzes if quiz.module == found.key]
    page = {
        "module": found,
        "mine": map_module(found, progress.done, progress.places),
        "next": choose_next(Outline((found,)), progress.done, progress.places, mine),
        "quizzes": mine,
    }
    return render(request, "modules/module.html", page)
