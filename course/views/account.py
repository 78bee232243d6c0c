"""A person's own page: alias, e-mail, language, passphrase, other devices, organisation."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from course.access import ORGANIZATION_KEY, KenaliRequest, requires, see_other
from course.account_forms import DetailsForm, LanguageForm, PassphraseForm, SwitchForm
from course.forms import PageForm
from course.models import Membership, User
from course.roles import Ability
from course.services import Refused
from course.services.accounts import change_details, change_passphrase, end_sessions
from course.services.throttle import origin_of, remember_device
from course.views import answer_with_form
from course.views.proof import ask_for_proof


@requires(Ability.USE_ACCOUNT, methods=("GET",))
def account(request: KenaliRequest) -> HttpResponse:
    """Everything on one page."""
    return _page(request)


@requires(Ability.USE_ACCOUNT, methods=("POST",))
def details(request: KenaliRequest) -> HttpResponse:
    """Save alias and e-mail."""
    user, membership = _person(request)
    form = DetailsForm(request.POST, auto_id="details_%s")

    def save() -> None:
        change_details(user=user, membership=membership, at=request.kenali.at, **form.cleaned_data)

    return _submit(request, form, "details", save)


@requires(Ability.USE_ACCOUNT, methods=("POST",))
@sensitive_post_parameters()
def passphrase(request: KenaliRequest) -> HttpResponse:
    """Save a new passphrase. All other sessions end; this one gets a new key."""
    user, membership = _person(request)
    if page := _first_passphrase_needs_proof(request, user):
        return page
    form = PassphraseForm(request.POST, user=user, auto_id="passphrase_%s")

    def save() -> None:
        change_passphrase(
            user=user,
            membership=membership,
            old=form.cleaned_data.get("old", ""),
            new=form.cleaned_data["new"],
            origin=origin_of(request),
            at=request.kenali.at,
        )
        update_session_auth_hash(request, user)

    response = _submit(request, form, "passphrase", save)
    if response.status_code == 303:
        remember_device(request, response, user)
    return response


@requires(Ability.USE_ACCOUNT, methods=("POST",))
def other_devices(request: KenaliRequest) -> HttpResponse:
    """Sign out everywhere but here."""
    user, membership = _person(request)
    end_sessions(user=user, membership=membership, at=request.kenali.at)
    update_session_auth_hash(request, user)
    messages.success(request, _("All other devices are signed out."))
    return see_other(reverse("course:account"))


@requires(Ability.USE_ACCOUNT, methods=("POST",))
def switch(request: KenaliRequest) -> HttpResponse:
    """Act in another organisation of one's own. Any other id is as good as none: 404."""
    form = SwitchForm(request.POST)
    wanted = form.cleaned_data["organization"] if form.is_valid() else None
    if wanted not in {place.organization_id for place in request.kenali.places}:
        raise Http404
    request.session.cycle_key()
    request.session[ORGANIZATION_KEY] = str(wanted)
    return see_other("/")


def _person(request: KenaliRequest) -> tuple[User, Membership]:
    """Both are there: `requires` has looked."""
    return cast("User", request.kenali.user), cast("Membership", request.kenali.membership)


def _first_passphrase_needs_proof(request: KenaliRequest, user: User) -> HttpResponse | None:
    """For those who take out files: whoever finds an open screen must not make the proof for it."""
    if user.has_usable_password() or not request.kenali.can(Ability.EXPORT_RESULTS):
        return None
    return ask_for_proof(request, back=reverse("course:account"))


def _submit(
    request: KenaliRequest, form: PageForm, name: str, save: Callable[[], None]
) -> HttpResponse:
    """Save and come back, or the page with what to mend."""
    refusal = None
    if form.is_valid():
        try:
            save()
        except Refused as caught:
            refusal = caught
        else:
            messages.success(request, _("Saved."))
            return see_other(reverse("course:account"))
    return _page(request, form=form, name=name, refusal=refusal)


def _page(
    request: KenaliRequest,
    *,
    form: PageForm | None = None,
    name: str = "",
    refusal: Refused | None = None,
) -> HttpResponse:
    user, _membership = _person(request)
    initial = {"display_name": user.display_name, "email": user.email}
    forms: dict[str, Any] = {
        "details": DetailsForm(initial=initial, auto_id="details_%s"),
        "passphrase": PassphraseForm(user=user, auto_id="passphrase_%s"),
        "language": LanguageForm(initial={"language": user.language}),
    }
    shown = form or forms["details"]
    if name:
        forms[name] = shown
    page = {"forms": forms, "places": request.kenali.places}
    return answer_with_form(request, "course/account.html", page, form=shown, refusal=refusal)
