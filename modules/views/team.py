"""My team: for people to whom others report, whatever their role is."""

from typing import Final

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from course.access import KenaliRequest, requires, team_of
from course.roles import Ability
from modules.published import current_outline
from modules.reports.team import team_rows

PEOPLE_ON_A_PAGE: Final = 50


@requires(Ability.TAKE_COURSE, methods=("GET",))
def team(request: KenaliRequest) -> HttpResponse:
    """Who of the people who report to me today has finished what."""
    page = Paginator(team_of(request.kenali), PEOPLE_ON_A_PAGE).get_page(request.GET.get("page"))
    rows = team_rows(current_outline(), request.kenali, list(page))
    return render(request, "modules/team.html", {"page": page, "rows": rows})
