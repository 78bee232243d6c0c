"""Invitations: made, printed and revoked by administrators."""

from typing import Final
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from course.access import KenaliRequest, get_invitation_or_404, requires, see_other
from course.models import Cohort, Invitation
from course.people_forms import InvitationForm
from course.roles import Ability, Role
from course.services import Refused
from course.services.codes import grouped
from course.services.invitations import create_invitation, revoke_invitation
from course.views import answer_with_form, posted
from course.views.organisation import acting

FRESH_KEY: Final = "fresh_codes"  # session: codes just made; nothing else can show them again
FRESH_KEPT: Final = 5


@requires(Ability.MANAGE_INVITATIONS, methods=("GET", "POST"))
def invitations(request: KenaliRequest) -> HttpResponse:
    """The list, and a form for one more."""
    rows = Cohort.objects.visible_to(request.kenali).order_by("name")
    form = InvitationForm(posted(request), cohorts=rows)
    refusal = None
    if form.is_valid():
        try:
            made, code = create_invitation(
                actor=acting(request),
                role=Role(form.cleaned_data["role"]),
                cohort=form.chosen_cohort(),
                max_uses=form.cleaned_data["max_uses"],
                days=form.cleaned_data["days"],
                at=request.kenali.at,
            )
            keep_fresh_code(request, made, code)
            return see_other(reverse("course:invitation_card", args=[made.id]))
        except Refused as caught:
            refusal = caught
    found = Invitation.objects.visible_to(request.kenali).for_list_page()[:100]
    page = {"form": form, "invitations": found, "at": request.kenali.at}
    return answer_with_form(request, "course/invitations.html", page, form=form, refusal=refusal)


def keep_fresh_code(request: KenaliRequest, invitation: Invitation, code: str) -> None:
    """Keep the last few new codes in the maker's session, so that a card can be printed twice.

    The database holds only hashes; when the session ends nobody can show the code again.
    """
    fresh = dict(request.session.get(FRESH_KEY, {}))
    fresh[str(invitation.id)] = code
    request.session[FRESH_KEY] = dict(list(fresh.items())[-FRESH_KEPT:])


@requires(Ability.MANAGE_INVITATIONS, methods=("GET",))
def invitation_card(request: KenaliRequest, invitation_id: UUID) -> HttpResponse:
    """A card to print, while the session of its maker still knows the code."""
    invitation = get_invitation_or_404(request.kenali, invitation_id)
    code = request.session.get(FRESH_KEY, {}).get(str(invitation.id), "")
    page = {"invitation": invitation, "code": grouped(code), "address": ""}
    if code:
        path = reverse("course:join_code", args=[grouped(code)])
        page["address"] = request.build_absolute_uri(path)
        page["door"] = request.build_absolute_uri(reverse("course:join"))
    return render(request, "course/invitation_card.html", page)


@requires(Ability.MANAGE_INVITATIONS, methods=("POST",))
def invitation_revoke(request: KenaliRequest, invitation_id: UUID) -> HttpResponse:
    """Make the invitation stop working."""
    invitation = get_invitation_or_404(request.kenali, invitation_id)
    revoke_invitation(invitation=invitation, actor=acting(request), at=request.kenali.at)
    return see_other(reverse("course:invitations"))
