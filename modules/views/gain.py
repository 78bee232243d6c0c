"""Did the course help this cohort? Before and after, with what is not known."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from course.access import KenaliRequest, get_cohort_or_404, requires
from course.roles import Ability
from modules.gain import PERCENT
from modules.pictures import IntervalPicture, curve_picture, interval_picture
from modules.reports.gain import cohort_gain
from modules.reports.retention import curve_of_cohort
from modules.retention import AFTER, PLACES
from quizzes.measures.gain import CohortMean, GroupGain


@requires(Ability.SEE_REPORTS, methods=("GET",))
def gain(request: KenaliRequest, cohort_id: UUID) -> HttpResponse:
    """Counts first, then the words, then the interval; nothing at all below the gate."""
    cohort = get_cohort_or_404(request.kenali, cohort_id)
    found = cohort_gain(request.kenali, cohort)
    drawn = _interval(found.gain.percent)
    page = {"cohort": cohort, "found": found, "gain": found.gain, "picture": drawn}
    return render(request, "modules/gain.html", page)


@requires(Ability.SEE_REPORTS, methods=("GET",))
def later(request: KenaliRequest, cohort_id: UUID) -> HttpResponse:
    """What stayed 30, 90 and 180 days after the course, with who did not take it."""
    cohort = get_cohort_or_404(request.kenali, cohort_id)
    curve = curve_of_cohort(request.kenali, cohort, at=request.kenali.at)
    means = [(AFTER, curve.end), *((str(one.days), one.mean) for one in curve.later)]
    drawn = [point for place, mean in means if (point := _point(place, mean)) is not None]
    page = {
        "cohort": cohort,
        "curve": curve,
        "picture": curve_picture(drawn, PLACES[1:]) if len(drawn) > 1 else None,
    }
    return render(request, "modules/later.html", page)


def _interval(percent: GroupGain | None) -> IntervalPicture | None:
    """The mean gain with its interval, where there is one."""
    if percent is None or percent["mean_gain"] is None or percent["gain_ci95"] is None:
        return None
    low, high = percent["gain_ci95"]
    return interval_picture(percent["mean_gain"], low, high)


def _point(place: str, mean: CohortMean | None) -> tuple[str, float, float, float] | None:
    """A mean with its interval, as shares."""
    if mean is None or mean["mean"] is None or mean["ci95"] is None:
        return None
    low, high = mean["ci95"]
    return place, mean["mean"] / PERCENT, low / PERCENT, high / PERCENT
