"""An administrator erases a person: first what goes and what stays, then the deed."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from course.access import KenaliRequest, get_membership_or_404, requires, see_other
from course.models import Membership
from course.roles import Ability
from course.services import Refused
from course.services.privacy import is_erased
from course.views import answer_with_form
from course.views.proof import ask_for_proof
from modules.privacy_forms import EraseForm
from modules.services.erasing import erase_somebody, what_goes, what_stays


@requires(Ability.MANAGE_PEOPLE, methods=("GET", "POST"))
def erase(request: KenaliRequest, person_id: UUID) -> HttpResponse:
    """The counts before, a reason, and a fresh proof of who decides."""
    person = get_membership_or_404(request.kenali, person_id)
    if request.method == "GET":
        return _page(request, person, EraseForm())
    back = reverse("course:person", args=[person.id])
    form = EraseForm(request.POST)
    if not form.is_valid():
        return _page(request, person, form)
    if asked := ask_for_proof(request, back=back):
        return asked
    actor = cast("Membership", request.kenali.membership)
    try:
        erase_somebody(
            membership=person,
            actor=actor,
            reason=form.cleaned_data["reason"],
            at=request.kenali.at,
        )
    except Refused as refusal:
        return _page(request, person, form, refusal)
    messages.success(request, _("Erased. What was done stays as numbers of nobody."))
    return see_other(reverse("course:people"))


def _page(
    request: KenaliRequest, person: Membership, form: EraseForm, refusal: Refused | None = None
) -> HttpResponse:
    page = {
        "person": person,
        "erased": is_erased(person.user),
        "own": person.id == request.kenali.membership_id,
        "goes": [one for one in what_goes(person) if one.number],
        "stays": what_stays(person),
        "form": form,
    }
    return answer_with_form(request, "modules/erase.html", page, form=form, refusal=refusal)
