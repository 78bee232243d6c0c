"""The summary for funders and partners: numbers without people, at the ends of quarters."""

from __future__ import annotations

from datetime import date
from http import HTTPStatus
from typing import Any, cast

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from course.access import Context, KenaliRequest, requires
from course.roles import Ability
from course.services.exporting import TooManyRowsTaken, most_rows
from course.views.organisation import acting
from course.views.proof import ask_for_proof
from modules.published import current_outline
from modules.reports.donor import quarters_at, read_donor
from modules.reports.donor_page import DonorPage
from modules.reports.donor_tables import Part, donor_table
from modules.reports.exports.door import Asked, Format, export_response


@requires(Ability.EXPORT_REPORTS, methods=("GET",))
def donor(request: KenaliRequest) -> HttpResponse:
    """The newest quarter, or the one in the address, of which nothing else is looked at."""
    context = request.kenali
    quarters = quarters_at(context.at)
    asked = request.GET.get("as_of", "")
    day = next((one for one in quarters if one.isoformat() == asked), quarters[0])
    found = read_donor(current_outline(), context, day, context.at)
    shown = {
        "page": DonorPage(found, quarters, language=context.language),
        "unknown": bool(asked) and day.isoformat() != asked,
    }
    return render(request, "modules/reports/donor.html", shown)


@requires(Ability.EXPORT_REPORTS, methods=("POST",))
def donor_file(request: KenaliRequest, part: str, kind: str) -> HttpResponse:
    """One table of the summary as a file that names nobody, for the quarter in the address."""
    context = request.kenali
    day = _quarter_or_404(context, request.GET.get("as_of", ""))
    if part not in set(Part) or kind not in set(Format):
        raise Http404
    back = f"{reverse('modules:report_donor')}?as_of={day.isoformat()}"
    if page := ask_for_proof(request, back=back, reason=_("The file leaves this site.")):
        return page
    found = read_donor(current_outline(), context, day, context.at)
    asked = Asked(
        table=donor_table(found, Part(part), language=context.language),
        format=Format(kind),
        filter=day.isoformat(),
        actor=acting(request),
        at=context.at,
        nameless=True,
    )
    try:
        return cast("HttpResponse", export_response(asked))
    except TooManyRowsTaken as refused:
        return _too_many(request, back, refused)


def _too_many(request: KenaliRequest, back: str, refused: TooManyRowsTaken) -> HttpResponse:
    page: dict[str, Any] = {
        "back": back,
        "most": most_rows(),
        "again_at": refused.again_at,
        "holds": None,
    }
    status = HTTPStatus.TOO_MANY_REQUESTS
    return render(request, "modules/reports/too_many.html", page, status=status)


def _quarter_or_404(context: Context, asked: str) -> date:
    """The end of a quarter that may be chosen; a free choice of days would be a filter."""
    for day in quarters_at(context.at):
        if day.isoformat() == asked:
            return day
    raise Http404
