"""Questions that somebody keeps under a name: keeping one, giving it another name, removing it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.http.request import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from course.access import KenaliRequest, requires, see_other
from course.roles import Ability
from course.services import Refused
from course.views import answer_with_form, posted
from modules.access import get_report_view_or_404, member_of
from modules.published import current_outline
from modules.report_forms import ViewNameForm
from modules.reports.asking import question_from
from modules.reports.page import Frame, tab_of
from modules.services.report_views import delete_view, rename_view, save_view

TEMPLATE = "modules/reports/kept.html"


@requires(Ability.SEE_REPORTS, methods=("POST",))
def keep(request: KenaliRequest) -> HttpResponse:
    """Keep the question of the page under a name."""
    context, asked = request.kenali, QueryDict(request.POST.get("query", "")[:1000])
    frame = Frame(
        current_outline(),
        context,
        question_from(asked, context),
        at=context.at,
        language=context.language,
        by=tab_of(asked),
    )
    address = frame.report_address(frame.question)
    form, refusal = ViewNameForm(request.POST), None
    if form.is_valid():
        try:
            view = save_view(
                owner=member_of(context),
                name=form.cleaned_data["name"],
                query=address.partition("?")[2],
                at=context.at,
            )
        except Refused as refused:
            refusal = refused
        else:
            messages.success(request, _("Kept as “%(name)s”.") % {"name": view.name})
            return see_other(address)
    page = {"view": None, "form": form, "query": address.partition("?")[2], "back": address}
    return answer_with_form(request, TEMPLATE, page, form=form, refusal=refusal)


@requires(Ability.SEE_REPORTS, methods=("GET", "POST"))
def kept(request: KenaliRequest, view_id: UUID) -> HttpResponse:
    """One kept question: another name for it, or away with it."""
    view = get_report_view_or_404(request.kenali, view_id)
    form, refusal = ViewNameForm(posted(request), initial={"name": view.name}), None
    if form.is_valid():
        try:
            rename_view(view=view, name=form.cleaned_data["name"])
        except Refused as refused:
            refusal = refused
        else:
            return see_other(f"{reverse('modules:report')}?{view.query}")
    page = {"view": view, "form": form, "back": f"{reverse('modules:report')}?{view.query}"}
    return answer_with_form(request, TEMPLATE, page, form=form, refusal=refusal)


@requires(Ability.SEE_REPORTS, methods=("POST",))
def remove(request: KenaliRequest, view_id: UUID) -> HttpResponse:
    """Remove a kept question."""
    view = get_report_view_or_404(request.kenali, view_id)
    delete_view(view=view)
    messages.success(request, _("“%(name)s” was removed.") % {"name": view.name})
    return see_other(reverse("modules:report"))
