"""Reminders: seeing one off, choosing how to be reminded, and stopping mails without signing in."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from course.access import KenaliRequest, public, requires, safe_next, see_other
from course.roles import Ability
from course.views import answer_with_form, posted
from modules.access import get_notice_or_404, member_of
from modules.forms import wishes_form
from modules.services.noticing import mark_seen, save_wishes, stop_mail, stopped_by


@requires(Ability.USE_ACCOUNT, methods=("GET", "POST"))
def reminders(request: KenaliRequest) -> HttpResponse:
    """How the person wants to be reminded, on a page of its own and on /account/."""
    membership = member_of(request.kenali)
    form = wishes_form(membership, at=request.kenali.at, data=posted(request))
    if form.is_valid():
        save_wishes(membership=membership, wishes=form.wishes(), at=request.kenali.at)
        messages.success(request, _("Saved."))
        return see_other(reverse("course:account"))
    return answer_with_form(request, "modules/reminders.html", {"form": form}, form=form)


@requires(Ability.USE_ACCOUNT, methods=("POST",))
def seen(request: KenaliRequest, notice_id: UUID) -> HttpResponse:
    """The person has seen a notice."""
    notice = get_notice_or_404(request.kenali, notice_id)
    mark_seen(notice=notice, at=request.kenali.at)
    return see_other(safe_next(request.POST.get("next")))


@csrf_exempt  # Mail programs press this button by themselves (RFC 8058); the address is the secret.
@public(methods=("GET", "POST"))
def stop(request: KenaliRequest, token: str) -> HttpResponse:
    """No more mails for whoever the signed address names. Looking at the page stops nothing."""
    names = stopped_by(token)
    if names is None:
        raise Http404
    if request.method == "POST":
        stop_mail(organization_id=names[0], membership_id=names[1], at=request.kenali.at)
    page = {"token": token, "is_stopped": request.method == "POST"}
    return render(request, "modules/stop.html", page)
