"""A person's private calendar address, and the calendar behind it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from course.access import KenaliRequest, public, requires, see_other
from course.roles import Ability
from modules.access import get_person_of_feed_or_404, member_of
from modules.services.feeds import calendar_of, has_feed, make_feed, stop_feed


@requires(Ability.USE_ACCOUNT, methods=("GET", "POST"))
def settings(request: KenaliRequest) -> HttpResponse:
    """Make, renew or stop it. The address is shown once, in the answer, never again."""
    membership, at = member_of(request.kenali), request.kenali.at
    address = ""
    if request.method == "POST":
        if request.POST.get("wants") == "stop":
            stop_feed(membership=membership, at=at)
            messages.success(request, _("Stopped. The address shows nothing any more."))
            return see_other(reverse("modules:calendar"))
        code = make_feed(membership=membership, at=at)
        address = request.build_absolute_uri(reverse("modules:feed", args=[code]))
    page = {"address": address, "has_feed": has_feed(membership)}
    response = render(request, "modules/calendar.html", page)
    response["Cache-Control"] = "no-store"
    return response


@public(methods=("GET",))
def feed(request: KenaliRequest, code: str) -> HttpResponse:
    """For calendar programs: the secret in the address is all they send."""
    membership = get_person_of_feed_or_404(code)
    response = HttpResponse(
        calendar_of(membership, at=request.kenali.at), content_type="text/calendar; charset=utf-8"
    )
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
