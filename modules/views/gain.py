"""Did the course help this cohort? Before and after, with what is not known."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from course.access import KenaliRequest, get_cohort_or_404, requires
from course.roles import Ability
from modules.gain import PERCENT
from modules.pictures import curve_picture, interval_picture
from modules.reports.gain import cohort_gain
from modules.reports.retention import curve_of_cohort
from modules.retention import AFTER, PLACES


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


@requires(Ability.SEE_REPORTS, methods=("GET",))
def later(request: KenaliRequest, cohort_id: UUID) -> HttpResponse:
    """What stayed 30, 90 and 180 days after the course, with who did not take it."""
    cohort = get_cohort_or_404(request.kenali, cohort_id)
    curve = curve_of_cohort(request.kenali, cohort, at=request.kenali.at)
    shown = [(AFTER, curve.end), *((str(one.days), one.mean) for one in curve.later)]
    drawn = [
        (place, mean["mean"] / PERCENT, *(end / PERCENT for end in mean["ci95"]))
        for place, mean in shown
        if mean is not None and mean["mean"] is not None and mean["ci95"] is not None
    ]
    page = {
        "cohort": cohort,
        "curve": curve,
        "picture": curve_picture(drawn, PLACES[1:]) if len(drawn) > 1 else None,
    }
    return render(request, "modules/later.html", page)
