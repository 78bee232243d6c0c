"""How a trainer's or an administrator's people are doing, in the simplest words."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from course.access import KenaliRequest, get_cohort_or_404, requires
from course.forms import parsed_uuid
from course.models import Cohort
from course.roles import Ability
from modules.published import current_outline
from modules.reports.queries import learners_for, module_totals, person_rows

PEOPLE_ON_A_PAGE = 50


@requires(Ability.SEE_REPORTS, methods=("GET",))
def progress(request: KenaliRequest) -> HttpResponse:
    """Who has started and finished which module; of one cohort with `?cohort=`."""
    context, outline = request.kenali, current_outline()
    cohort = _asked_cohort(request)
    people = learners_for(context, cohort).select_related("user").order_by("user__username")
    page = Paginator(people, PEOPLE_ON_A_PAGE).get_page(request.GET.get("page"))
    shown = {
        "cohort": cohort,
        "cohorts": list(Cohort.objects.visible_to(context).order_by("name")),
        "totals": module_totals(outline, context, cohort),
        "modules": outline.modules,
        "page": page,
        "rows": person_rows(outline, context, list(page)),
    }
    return render(request, "modules/progress.html", shown)


def _asked_cohort(request: KenaliRequest) -> Cohort | None:
    """The cohort in the query; anything that is not an id means all people."""
    asked = parsed_uuid(request.GET.get("cohort", ""))
    return get_cohort_or_404(request.kenali, asked) if asked else None
