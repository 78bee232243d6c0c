"""The report as a file. A download writes into the record, so it is a form and not a link."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, cast

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from course.access import KenaliRequest, requires
from course.roles import Ability
from course.services.exporting import TooManyRowsTaken, most_rows
from course.views import MENDABLE
from course.views.organisation import acting
from course.views.proof import ask_for_proof
from modules.published import current_outline
from modules.reports.asking import question_from
from modules.reports.exports.completion import TELLERS
from modules.reports.exports.door import Asked, Format, export_response
from modules.reports.exports.xlsx_file import TooManyRows
from modules.reports.page import tab_of


@requires(Ability.EXPORT_REPORTS, methods=("POST",))
def report_file(request: KenaliRequest, table_key: str, kind: str) -> HttpResponse:
    """The rows of the question in the address, as the kind of file in the address."""
    if table_key not in TELLERS or kind not in set(Format):
        raise Http404
    context = request.kenali
    question, by = question_from(request.GET, context), tab_of(request.GET)
    told = TELLERS[table_key](
        context, current_outline(), question, by, now=context.at, language=context.language
    )
    reason = _("The file leaves the protection of this site.")
    if page := ask_for_proof(request, back=told.address, reason=reason):
        return page
    asked = Asked(
        table=told.table,
        format=Format(kind),
        filter=told.filter,
        actor=acting(request),
        at=context.at,
    )
    return file_answer(request, asked=asked, back=told.address)


def file_answer(request: KenaliRequest, *, asked: Asked, back: str) -> HttpResponse:
    """The file, or the page that says why not."""
    try:
        # A download streams; for Django that is another kind of answer.
        return cast("HttpResponse", export_response(asked))
    except TooManyRowsTaken as refused:
        return too_many_rows(request, back, refused)
    except TooManyRows as refused:
        return _too_long(request, back, refused.most)


def too_many_rows(request: KenaliRequest, back: str, refused: TooManyRowsTaken) -> HttpResponse:
    """The page that says how many rows may leave within an hour, and when this file is possible."""
    page: dict[str, Any] = {
        "back": back,
        "most": most_rows(),
        "again_at": refused.again_at,
        "holds": None,
    }
    answer = render(
        request, "modules/reports/too_many.html", page, status=HTTPStatus.TOO_MANY_REQUESTS
    )
    if refused.again_at is not None:
        wait = (refused.again_at - request.kenali.at).total_seconds()
        answer["Retry-After"] = str(max(1, int(wait)))
    return answer


def _too_long(request: KenaliRequest, back: str, holds: int) -> HttpResponse:
    page = {"back": back, "holds": holds}
    return render(request, "modules/reports/too_many.html", page, status=MENDABLE)
