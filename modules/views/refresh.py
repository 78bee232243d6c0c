"""What comes back: a few minutes a day, three cases some time after the course, and what stayed."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from course.access import KenaliRequest, requires, see_other
from course.roles import Ability
from modules.access import member_of
from modules.pictures import curve_picture
from modules.reports.retention import my_curve
from modules.retention import PLACES
from modules.services.refreshing import begin_check_up, begin_refresher, coming_back
from quizzes.services.attempting import NotAllowed


@requires(Ability.TAKE_COURSE, methods=("GET",))
def refresh(request: KenaliRequest) -> HttpResponse:
    """What is due today, what comes later, and one button."""
    now = coming_back(member_of(request.kenali), at=request.kenali.at)
    return render(request, "modules/refresh.html", {"now": now})


@requires(Ability.TAKE_COURSE, methods=("POST",))
def start(request: KenaliRequest) -> HttpResponse:
    """Begin today's cases, or go on. When there are none, the page says so."""
    try:
        attempt = begin_refresher(membership=member_of(request.kenali), at=request.kenali.at)
    except NotAllowed:
        return see_other(reverse("modules:refresh"))
    return see_other(reverse("quizzes:resume", args=[attempt.id]))


@requires(Ability.TAKE_COURSE, methods=("POST",))
def check_up(request: KenaliRequest) -> HttpResponse:
    """Begin the three cases whose time it is, or go on."""
    try:
        attempt = begin_check_up(membership=member_of(request.kenali), at=request.kenali.at)
    except NotAllowed:
        return see_other(reverse("modules:refresh"))
    return see_other(reverse("quizzes:resume", args=[attempt.id]))


@requires(Ability.TAKE_COURSE, methods=("GET",))
def stayed(request: KenaliRequest) -> HttpResponse:
    """What stayed after the course: the learner's own."""
    points = my_curve(member_of(request.kenali), at=request.kenali.at)
    drawn = [(one.place, one.share, one.low, one.high) for one in points]
    page = {
        "points": points,
        "picture": curve_picture(drawn, PLACES) if len(points) > 1 else None,
        "has_later": any(one.days for one in points),
    }
    return render(request, "modules/stayed.html", page)
