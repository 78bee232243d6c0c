"""The passphrase once more, before personal data leaves this site.

    if page := ask_for_proof(request):
        return page

For views that take POST. The page sends everything that was posted once more, with the passphrase,
to the same address: nothing the person had chosen is lost, and the deed follows at once.
"""

from __future__ import annotations

from typing import Final, cast

from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from course.access import KenaliRequest, safe_next
from course.forms import PageForm, PassphraseField
from course.models import User
from course.recent import is_recent, note_proof
from course.services import Refused
from course.services.accounts import check_passphrase
from course.services.throttle import origin_of
from course.views import status_of

PROOF: Final = "proof"  # name of the field
NOT_YET: Final = 403


class ProofForm(PageForm):
    """The passphrase once more."""

    proof = PassphraseField(label=_("Passphrase"), autocomplete="current-password")


def ask_for_proof(
    request: KenaliRequest, *, back: str = "/", reason: str = ""
) -> HttpResponse | None:
    """None when the person may go on, else the page that asks for the passphrase.

    `reason`: one sentence on why this step needs it. `back`: where the page leads whoever would
    rather not. Wrong guesses are counted with those of the sign-in page, and refused with them.
    """
    if is_recent(request.session, at=request.kenali.at):
        return None
    user = cast("User", request.kenali.user)
    form = ProofForm(request.POST if PROOF in request.POST else None)
    refusal = None
    if form.is_valid():
        try:
            _prove(request, user, form.cleaned_data[PROOF])
        except Refused as caught:
            refusal = caught
            form.refuse(refusal)
        else:
            return None
    page = {
        "form": form,
        "reason": reason,
        "carried": _carried(request),
        "back": safe_next(back),
        "has_passphrase": user.has_usable_password(),
        "minutes": int(settings.KENALI_RECENT_SIGN_IN.total_seconds() // 60),
    }
    status = status_of(refusal) if form.is_bound else NOT_YET
    return render(request, "course/proof.html", page, status=status)


def _prove(request: KenaliRequest, user: User, passphrase: str) -> None:
    """Raises what `check_passphrase` raises."""
    proved = check_passphrase(
        username=user.username,
        passphrase=passphrase,
        origin=origin_of(request),
        at=request.kenali.at,
    )
    if proved.password != user.password:  # hashed anew on this occasion: keep this session alive
        update_session_auth_hash(request, proved)
    note_proof(request.session, at=request.kenali.at)


def _carried(request: KenaliRequest) -> list[tuple[str, str]]:
    """What was posted, but for the token (the page has its own) and the secret."""
    return [
        (name, value)
        for name, values in request.POST.lists()
        if name not in {PROOF, "csrfmiddlewaretoken"}
        for value in values
    ]
