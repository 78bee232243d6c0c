"""Keys for other programs: the list, a new one (shown once), the end of one, how to use them."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from course.access import KenaliRequest, requires, see_other
from course.roles import Ability
from course.services import Refused
from course.views import answer_with_form, posted
from course.views.proof import ask_for_proof
from modules.access import get_token_or_404, member_of
from modules.models import ApiToken
from modules.reports.outside import MOST_LINES
from modules.services.tokens import ASKED_AN_HOUR, make_token, revoke_token
from modules.token_forms import SCOPE_CHOICES, TokenForm

MOST_SHOWN = 100


@requires(Ability.MANAGE_TOKENS, methods=("GET", "POST"))
def tokens(request: KenaliRequest) -> HttpResponse:
    """The keys there are, and a form for one more. A new one is shown once, in the answer."""
    form = TokenForm(posted(request))
    refusal, secret = None, ""
    if form.is_valid():
        back = reverse("modules:tokens")
        if page := ask_for_proof(request, back=back, reason=_("A key lets a program read names.")):
            return page
        try:
            _token, secret = make_token(
                actor=member_of(request.kenali), at=request.kenali.at, **form.cleaned_data
            )
            form = TokenForm()
        except Refused as caught:
            refusal = caught
    found = ApiToken.objects.visible_to(request.kenali).for_list_page()[:MOST_SHOWN]
    rows = [(one, one.is_open(request.kenali.at), _words(one)) for one in found]
    shown = {"form": form, "rows": rows, "secret": secret}
    response = answer_with_form(
        request, "modules/reports/tokens.html", shown, form=form, refusal=refusal
    )
    response["Cache-Control"] = "no-store"
    return response


@requires(Ability.MANAGE_TOKENS, methods=("POST",))
def token_revoke(request: KenaliRequest, token_id: UUID) -> HttpResponse:
    """End a key at once. To make something safer no proof is asked."""
    token = get_token_or_404(request.kenali, token_id)
    revoke_token(token=token, actor=member_of(request.kenali), at=request.kenali.at)
    messages.success(request, _("Revoked. The key opens nothing any more."))
    return see_other(reverse("modules:tokens"))


@requires(Ability.MANAGE_TOKENS, methods=("GET",))
def token_help(request: KenaliRequest) -> HttpResponse:
    """For whoever writes the other program: addresses, an example, limits."""
    page = {
        "site": settings.KENALI_SITE_URL,
        "most_lines": MOST_LINES,
        "asked_an_hour": ASKED_AN_HOUR,
    }
    return render(request, "modules/reports/token_help.html", page)


def _words(token: ApiToken) -> list[str]:
    words = dict(SCOPE_CHOICES)
    return [str(words[scope.value]) for scope in sorted(token.allowed)]
