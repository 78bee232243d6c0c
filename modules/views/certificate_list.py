"""For administrators: everybody's certificates, which run out, issuing many, withdrawing one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from course.access import KenaliRequest, requires, see_other
from course.roles import Ability
from course.services import Refused
from course.views import answer_with_form
from course.views.organisation import page_number
from modules.access import get_certificate_or_404, member_of
from modules.certificate_forms import IssueForm, WithdrawForm
from modules.certificates import LIST_DAYS, Choices
from modules.models import Certificate
from modules.services.certifying import (
    issue_certificates,
    reissue_certificate,
    revoke_certificate,
    waiting_completions,
)
from modules.views.papers import show

PAGE_SIZE = 50
MOST_BOXES = 50  # people to tick on one page; the rest are issued with the other button


@requires(Ability.MANAGE_CERTIFICATES, methods=("GET",))
def certificates(request: KenaliRequest) -> HttpResponse:
    """All of them, the newest first; with `?days=30` those that run out by then."""
    context, days = request.kenali, _days(request)
    rows = Certificate.objects.visible_to(context).with_standing()
    rows = rows.select_related("membership__user")
    if days is None:
        rows = rows.order_by("-issued_at", "-id")
    else:
        until = context.at + timedelta(days=days)
        rows = rows.standing().ending(after=context.at, until=until)
    page = Paginator(rows, PAGE_SIZE).get_page(page_number(request))
    waiting = waiting_completions(member_of(context).organization_id, at=context.at)
    boxes = list(waiting[: MOST_BOXES + 1])
    shown = {
        "page": page,
        "rows": [show(one, language=context.language, at=context.at) for one in page],
        "days": days,
        "choices": LIST_DAYS,
        "waiting": boxes[:MOST_BOXES],
        "number_waiting": len(boxes) if len(boxes) <= MOST_BOXES else waiting.count(),
    }
    return render(request, "modules/certificates.html", shown)


def _days(request: KenaliRequest) -> int | None:
    """The number of days in the query, if it is one of those that are offered."""
    asked = request.GET.get("days", "")
    return next((days for days in LIST_DAYS if str(days) == asked), None)


@requires(Ability.MANAGE_CERTIFICATES, methods=("POST",))
def issue_many(request: KenaliRequest) -> HttpResponse:
    """Issue to the ticked people, or to all who wait."""
    actor = member_of(request.kenali)
    waiting = waiting_completions(actor.organization_id, at=request.kenali.at)
    form = IssueForm(
        request.POST, waiting=[str(one) for one in waiting.values_list("id", flat=True)]
    )
    if not form.is_valid():
        messages.warning(request, _("The list has changed meanwhile. Please look again."))
        return see_other(reverse("modules:certificates"))
    chosen = [UUID(one) for one in form.cleaned_data["chosen"]]
    everybody = form.cleaned_data["who"] == "all"
    number = issue_certificates(
        completions=None if everybody else chosen, actor=actor, at=request.kenali.at
    )
    told = ngettext(
        "%(number)s certificate was issued.", "%(number)s certificates were issued.", number
    )
    messages.success(request, told % {"number": number})
    return see_other(reverse("modules:certificates"))


@requires(Ability.MANAGE_CERTIFICATES, methods=("GET",))
def one_certificate(request: KenaliRequest, number: UUID) -> HttpResponse:
    """One certificate, without the name its holder chose."""
    return _page(request, get_certificate_or_404(request.kenali, number))


@requires(Ability.MANAGE_CERTIFICATES, methods=("POST",))
def withdraw(request: KenaliRequest, number: UUID) -> HttpResponse:
    """Withdraw a certificate; with `again`, issue another in its place as it was."""
    paper = get_certificate_or_404(request.kenali, number)
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        return _page(request, paper, form=form)
    facts: dict[str, Any] = {
        "certificate": paper,
        "reason": form.cleaned_data["reason"],
        "actor": member_of(request.kenali),
        "at": request.kenali.at,
    }
    try:
        if request.POST.get("again") == "yes":
            fresh = reissue_certificate(choices=_same(paper), **facts)
            return see_other(reverse("modules:one_certificate", args=[fresh.uuid]))
        revoke_certificate(**facts)
    except Refused as refusal:
        return _page(request, paper, form=form, refusal=refusal)
    return see_other(reverse("modules:one_certificate", args=[number]))


def _same(paper: Certificate) -> Choices:
    """What the holder chose stays."""
    document = paper.document
    return Choices(
        name=paper.name,
        public_name=document["public"]["name"],
        public_organization=document["public"]["organization"],
        language=document["language"],
    )


def _page(
    request: KenaliRequest,
    paper: Certificate,
    *,
    form: WithdrawForm | None = None,
    refusal: Refused | None = None,
) -> HttpResponse:
    shown = show(paper, language=request.kenali.language, at=request.kenali.at)
    page: dict[str, Any] = {
        "shown": shown,
        "withdrawn": paper.withdrawn,
        "newer": paper.withdrawn.replacement if paper.withdrawn else None,
        "older": [one.certificate for one in paper.replaces.select_related("certificate")],
        "form": form or WithdrawForm(),
    }
    return answer_with_form(
        request, "modules/certificate_admin.html", page, form=page["form"], refusal=refusal
    )
