"""The holder's own pages: what is missing, the certificate, its paper, and another round."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from course.access import KenaliRequest, requires, see_other
from course.roles import Ability
from course.services import Refused
from course.views import answer_with_form
from modules.access import get_own_certificate_or_404, member_of
from modules.certificate_forms import ChoicesForm
from modules.certificates import RENEW_BEFORE, Choices
from modules.interop.paper import NoLetters
from modules.models import Certificate
from modules.outline import Outline
from modules.published import current_outline
from modules.services.certifying import issue_certificate, papers_by_round, reissue_certificate
from modules.services.completing import Standing, read_standing
from modules.services.renewing import can_renew, renew_course
from modules.views.papers import Shown, drawn_code, pdf_of, show, token_of
from modules.wording import missing_words
from quizzes.views.told_cases import stage_names

HOLDERS_CHOICE = "holder's choice"  # kept as a fact; pages say it in their own words


@requires(Ability.TAKE_COURSE, methods=("GET",))
def certificate(request: KenaliRequest) -> HttpResponse:
    """Your certificate: what is missing, or the paper, and when it can be renewed."""
    return _page(request)


@requires(Ability.TAKE_COURSE, methods=("POST",))
def issue(request: KenaliRequest) -> HttpResponse:
    """Issue it, with what the holder chose to show."""
    form = ChoicesForm(request.POST)
    if not form.is_valid():
        return _page(request, form=form)
    choices = form.choices(request.kenali.language)
    try:
        issue_certificate(
            membership=member_of(request.kenali), choices=choices, at=request.kenali.at
        )
    except Refused as refusal:
        return _page(request, form=form, refusal=refusal)
    return see_other(reverse("modules:certificate"))


@requires(Ability.TAKE_COURSE, methods=("POST",))
def change(request: KenaliRequest, number: UUID) -> HttpResponse:
    """Another paper with other choices; the old one says that it was replaced."""
    paper = get_own_certificate_or_404(request.kenali, number)
    form = ChoicesForm(request.POST)
    if not form.is_valid():
        return _page(request, form=form)
    try:
        reissue_certificate(
            certificate=paper,
            choices=form.choices(request.kenali.language),
            reason=HOLDERS_CHOICE,
            actor=member_of(request.kenali),
            at=request.kenali.at,
        )
    except Refused as refusal:
        return _page(request, form=form, refusal=refusal)
    return see_other(reverse("modules:certificate"))


@requires(Ability.TAKE_COURSE, methods=("POST",))
def renew(request: KenaliRequest) -> HttpResponse:
    """Begin another round of the course."""
    try:
        renew_course(membership=member_of(request.kenali), at=request.kenali.at)
    except Refused as refusal:
        return _page(request, form=ChoicesForm({}), refusal=refusal)
    return see_other(reverse("modules:certificate"))


@requires(Ability.TAKE_COURSE, methods=("GET",))
def printed(request: KenaliRequest, number: UUID) -> HttpResponse:
    """The certificate on the screen, for showing and for printing."""
    return _printed(request, get_own_certificate_or_404(request.kenali, number))


@requires(Ability.TAKE_COURSE, methods=("GET",))
def pdf(request: KenaliRequest, number: UUID, language: str) -> HttpResponse:
    """The certificate as a PDF; where this machine lacks the letters of the name, the page."""
    paper = get_own_certificate_or_404(request.kenali, number)
    if language not in paper.document["texts"] or paper.withdrawn is not None:
        raise Http404
    try:
        made = pdf_of(paper, language=language)
    except NoLetters:
        return _printed(request, paper, status=422)
    return _file(made, "application/pdf", "kenali.pdf")


@requires(Ability.TAKE_COURSE, methods=("GET",))
def badge(request: KenaliRequest, number: UUID) -> HttpResponse:
    """The certificate as a signed credential, for wallets and personnel systems."""
    paper = get_own_certificate_or_404(request.kenali, number)
    if paper.withdrawn is not None:
        raise Http404
    token = token_of(paper, language=paper.document["language"])
    return _file(token.encode(), "application/vc+jwt", "kenali.jwt")


# --- what they share ------------------------------------------------------------------------------


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _printed(request: KenaliRequest, paper: Certificate, status: int = 200) -> HttpResponse:
    shown = show(paper, language=request.kenali.language, at=request.kenali.at)
    page = {"shown": shown, "square": drawn_code(shown), "no_letters": status != 200}
    return render(request, "modules/certificate_print.html", page, status=status)


def _page(
    request: KenaliRequest, *, form: ChoicesForm | None = None, refusal: Refused | None = None
) -> HttpResponse:
    membership, language, at = member_of(request.kenali), request.kenali.language, request.kenali.at
    standing, papers = read_standing(membership), papers_by_round(membership)
    shown = [show(paper, language=language, at=at) for rows in papers.values() for paper in rows]
    current = next((one for one in shown if one.is_standing), None)
    this_round = papers.get(standing.round.number, [])
    is_complete = standing.course_fact is not None or standing.course.complete
    is_ready = is_complete and not this_round
    page: dict[str, Any] = {
        "current": current,
        "older": [one for one in shown if one is not current],
        "withdrawn": _withdrawn(this_round),
        "is_ready": is_ready,
        "round": standing.round,
        "missing": [] if is_complete else _missing(standing, current_outline(), language),
        "can_renew": can_renew(membership, at=at),
        "renew_from": current.certificate.expires_at - RENEW_BEFORE if current else None,
        "form": form or ChoicesForm(initial=_initial(request, current)),
    }
    return answer_with_form(
        request, "modules/certificate.html", page, form=page["form"], refusal=refusal
    )


def _withdrawn(this_round: list[Certificate]) -> Any:
    """Why this round has no certificate any more, if an administrator withdrew it."""
    standing = [one for one in this_round if one.withdrawn is None]
    newest = this_round[0] if this_round and not standing else None
    return newest.withdrawn if newest is not None else None


def _initial(request: KenaliRequest, current: Shown | None) -> dict[str, Any]:
    """What the paper says now; before the first one the alias, which strangers do not read."""
    if current is None:
        user = request.kenali.user
        return vars_of(Choices(name=user.display_name if user else ""))
    public = current.certificate.document["public"]
    return vars_of(
        Choices(
            name=current.name,
            public_name=public["name"],
            public_organization=public["organization"],
        )
    )


def vars_of(choices: Choices) -> dict[str, Any]:
    """The fields of the form."""
    names = ("name", "public_name", "public_organization")
    return {name: getattr(choices, name) for name in names}


def _missing(standing: Standing, outline: Outline, language: str) -> list[dict[str, Any]]:
    """Module by module and the final: complete, or what is missing, in sentences."""
    stages = stage_names(language)
    rows: list[dict[str, Any]] = []
    if not standing.round.shortened:
        for module in outline.modules:
            outcome = standing.modules[module.key]
            done = standing.ids[module.key] is not None
            told = [] if done else [missing_words(one) for one in outcome.missing]
            address = reverse("modules:module", args=[module.key])
            rows.append({"title": module.title(language), "told": told, "address": address})
    told = [missing_words(one, stages) for one in standing.course.missing if one.key != "modules"]
    rows.append({"title": _("Final"), "told": told, "address": reverse("quizzes:quizzes")})
    return rows
