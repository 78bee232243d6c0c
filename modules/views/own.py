"""A person's own data: taking all of it out, and deleting the account."""

from __future__ import annotations

from collections import Counter
from typing import cast

from django.contrib.auth import logout
from django.db import transaction
from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from course.access import KenaliRequest, requires
from course.models import Membership, User
from course.roles import Ability
from course.services import Refused
from course.services.audit import record_own_event
from course.views import answer_with_form
from course.views.proof import ask_for_proof
from modules.privacy_forms import DeleteForm
from modules.reports.own.packing import pack
from modules.services.erasing import Counted, erase_self, what_goes, what_stays


@requires(Ability.USE_ACCOUNT, methods=("GET",))
def my_data(request: KenaliRequest) -> HttpResponse:
    """What can be taken out, and what would go and stay."""
    return _page(request, DeleteForm(user=_user(request)))


@requires(Ability.USE_ACCOUNT, methods=("POST",))
def my_data_file(request: KenaliRequest) -> HttpResponse:
    """Everything about oneself in one file, after a fresh proof. The record keeps that it was."""
    if asked := ask_for_proof(request, back=reverse("modules:my_data")):
        return asked
    with transaction.atomic():
        membership = cast("Membership", request.kenali.membership)
        record_own_event(membership, "account.data", at=request.kenali.at)
    content = pack(_user(request), at=request.kenali.at)
    # A neutral name: the file lies about in the downloads of a shared computer.
    # A download streams; for Django that is another kind of answer.
    answer = FileResponse(content, as_attachment=True, filename="my-data.zip")
    return cast("HttpResponse", answer)


@requires(Ability.USE_ACCOUNT, methods=("POST",))
def my_data_delete(request: KenaliRequest) -> HttpResponse:
    """The own account goes, at once."""
    form = DeleteForm(request.POST, user=_user(request))
    if not form.is_valid():
        return _page(request, form)
    if asked := ask_for_proof(request, back=reverse("modules:my_data")):
        return asked
    try:
        erase_self(user=_user(request), at=request.kenali.at)
    except Refused as refusal:
        return _page(request, form, refusal)
    logout(request)
    return render(request, "modules/my_data_gone.html")


def _user(request: KenaliRequest) -> User:
    return cast("User", request.kenali.user)


def _page(request: KenaliRequest, form: DeleteForm, refusal: Refused | None = None) -> HttpResponse:
    places = list(Membership.objects.of_user(_user(request)))
    page = {
        "form": form,
        "goes": [one for one in _together([what_goes(one) for one in places]) if one.number],
        "stays": _together([what_stays(one) for one in places]),
        "several": len(places) > 1,
    }
    return answer_with_form(request, "modules/my_data.html", page, form=form, refusal=refusal)


def _together(lists: list[list[Counted]]) -> list[Counted]:
    """The counts of all places as one list, in the same order."""
    sums = Counter[str]()
    for one in (one for some in lists for one in some):
        sums[str(one.title)] += one.number
    return [Counted(one.title, sums[str(one.title)]) for one in lists[0]] if lists else []
