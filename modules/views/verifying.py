"""What anybody may ask: does this certificate count? No account, no cookie, nothing more."""

from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render

from course.access import KenaliRequest, public
from modules.access import get_public_certificate_or_404
from modules.certificates import State
from modules.models import Certificate
from modules.views.papers import key_address, key_ring, show

NO_INDEX = "noindex, nofollow, noarchive"


@public(methods=("GET",))
def verify(request: KenaliRequest, number: UUID) -> HttpResponse:
    """Valid, run out, withdrawn or replaced; beyond that only what the holder lets be read."""
    paper = get_public_certificate_or_404(number)
    shown = show(paper, language=request.kenali.language, at=request.kenali.at)
    page = {
        "shown": shown if shown.is_standing else None,
        "state": shown.state,
        "number": number,
        "withdrawn": paper.withdrawn,
        "newer": _newer(paper) if shown.state == State.REPLACED else None,
    }
    response = render(request, "modules/verify.html", page)
    response["X-Robots-Tag"] = NO_INDEX
    return response


def _newer(paper: Certificate) -> Certificate | None:
    """The one in its place, if strangers may know that both belong to one person.

    A holder who changed the name must not be followed from the old name to the new one.
    """
    withdrawn = paper.withdrawn
    if withdrawn is None or withdrawn.replacement is None:
        return None
    newer: Certificate = withdrawn.replacement
    return newer if newer.name == paper.name else None


@public(methods=("GET",))
def verify_keys(request: KenaliRequest) -> JsonResponse:  # noqa: ARG001 -- a view
    """The public keys of every credential that was signed here, as a JSON Web Key Set."""
    response = JsonResponse({"keys": key_ring().public_keys(key_address=key_address())})
    response["X-Robots-Tag"] = NO_INDEX
    return response
