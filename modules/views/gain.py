"""Did the course help this cohort? Before and after, with what is not known."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from course.access import KenaliRequest, get_cohort_or_404, requires
from course.roles import Ability
from modules.pictures import interval_picture
from modules.reports.gain import cohort_gain


@requires(Ability.SEE_REPORTS, methods=("GET",))
def gain(request: KenaliRequest, cohort_id: UUID) -> HttpResponse:
    """Counts first, then the words, then the interval; nothing at all below the gate."""
    cohort = get_cohort_or_404(request.kenali, cohort_id)
    found = cohort_gain(request.kenali, cohort)
    percent = found.gain.percent
    interval = percent["gain_ci95"] if percent else None
    drawn = interval and interval_picture(percent["mean_gain"], *interval)
    page = {"cohort": cohort, "found": found, "gain": found.gain, "picture": drawn}
    return render(request, "modules/gain.html", page)
