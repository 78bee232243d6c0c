"""Coming in and going out: passphrase, one-time link, code, welcome, sign-out, language."""

from typing import Any, cast

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters

from course.access import (
    ORGANIZATION_KEY,
    KenaliRequest,
    public,
    safe_next,
    see_other,
)
from course.account_forms import CodeForm, JoinForm, LanguageForm, LinkForm, SignInForm, WelcomeForm
from course.models import Invitation, Membership, User
from course.names import suggest_username
from course.recent import note_proof
from course.services import Refused
from course.services.accounts import (
    NoActivePlace,
    check_passphrase,
    choose_language,
    hashed,
    record_sign_in,
)
from course.services.codes import SIGN_IN_LENGTH, grouped, normalized
from course.services.invitations import (
    accept_as_existing_person,
    accept_as_new_person,
    find_invitation,
)
from course.services.sign_in_links import use_sign_in_link
from course.services.throttle import origin_of, remember_device, reserve_guess
from course.views import answer_with_form, posted

INVITATION_KEY = "invitation"  # session: [organisation id, invitation id] of a code that was right
OWN_DEVICE_KEY = "own_device"  # session: read by SessionLimitsMiddleware
LANGUAGE_SECONDS = 365 * 24 * 3600


@public(methods=("GET", "POST"))
@sensitive_post_parameters()
def sign_in(request: KenaliRequest) -> HttpResponse:
    """Name and passphrase."""
    address = safe_next(request.POST.get("next") or request.GET.get("next"))
    if request.kenali.user is not None and request.method != "POST":
        return redirect(address)
    form = SignInForm(posted(request))
    refusal = None
    if form.is_valid():
        try:
            user = check_passphrase(
                username=form.cleaned_data["username"],
                passphrase=form.cleaned_data["passphrase"],
                origin=origin_of(request),
                at=request.kenali.at,
            )
            own_device = form.cleaned_data["own_device"]
            return enter(request, user, "passphrase", own_device=own_device, address=address)
        except Refused as caught:
            refusal = caught
    page = {"form": form, "next": address}
    return answer_with_form(request, "course/sign_in.html", page, form=form, refusal=refusal)


def enter(
    request: KenaliRequest,
    user: User,
    way: str,
    *,
    own_device: bool,
    address: str = "/",
    membership: Membership | None = None,
) -> HttpResponse:
    """Start a session of this person with a fresh key and go on. Raises NoActivePlace."""
    membership = membership or Membership.objects.of_user(user).active().first()
    if membership is None:
        raise NoActivePlace
    login(request, user)
    request.session[ORGANIZATION_KEY] = str(membership.organization_id)
    request.session[OWN_DEVICE_KEY] = own_device
    note_proof(request.session, at=request.kenali.at)
    request.session.pop(INVITATION_KEY, None)
    record_sign_in(membership=membership, way=way, at=request.kenali.at)
    response = see_other(address)
    remember_device(request, response, user)
    set_language_cookie(response, user.language)
    return response


@public(methods=("GET", "POST"))
def link(request: KenaliRequest, code: str) -> HttpResponse:
    """A one-time link. Opening it shows a button and touches nothing; the button signs in.

    Mail and chat programs open every link for their previews, and must not use this one up.
    """
    form = LinkForm(posted(request))
    refusal = None
    if form.is_valid():
        try:
            return _enter_by_code(request, code, own_device=form.cleaned_data["own_device"])
        except Refused as caught:
            refusal = caught
    page = {"form": form, "code": code}
    return answer_with_form(request, "course/link.html", page, form=form, refusal=refusal)


def _enter_by_code(request: KenaliRequest, code: str, *, own_device: bool) -> HttpResponse:
    user = use_sign_in_link(text=code, origin=origin_of(request), at=request.kenali.at)
    return enter(request, user, "link", own_device=own_device)


@public(methods=("GET", "POST"))
def join(request: KenaliRequest) -> HttpResponse:
    """Any printed code: an invitation leads to the welcome page, a sign-in code straight in."""
    form = CodeForm(posted(request))
    refusal = None
    if form.is_valid():
        text = form.cleaned_data["code"]
        try:
            if len(normalized(text)) == SIGN_IN_LENGTH:
                return _enter_by_code(request, text, own_device=False)
            invitation = find_invitation(text=text, origin=origin_of(request), at=request.kenali.at)
            request.session[INVITATION_KEY] = [
                str(invitation.organization_id),
                str(invitation.id),
            ]
            return see_other(reverse("course:welcome"))
        except Refused as caught:
            refusal = caught
    page = {"form": form}
    return answer_with_form(request, "course/join.html", page, form=form, refusal=refusal)


@public(methods=("GET",))
def join_code(request: KenaliRequest, code: str) -> HttpResponse:
    """An invitation link: one button that sends the code on. Opening it touches nothing."""
    return render(request, "course/join_code.html", {"code": grouped(normalized(code))})


@public(methods=("GET", "POST"))
@sensitive_post_parameters()
def welcome(request: KenaliRequest) -> HttpResponse:
    """The few questions to a new person, or one button for somebody who is signed in."""
    invitation = _invitation_of(request)
    if invitation is None:
        return see_other(reverse("course:join"))
    if request.kenali.user is not None:
        return _join_as_known(request, invitation)
    first = {"username": suggest_username, "language": translation.get_language()}
    form = WelcomeForm(posted(request), initial=first)
    refusal = None
    if form.is_valid():
        try:
            return _join_as_new(request, invitation, form.cleaned_data)
        except Refused as caught:
            refusal = _counted(request, caught)
    page = {"form": form, "invitation": invitation}
    return answer_with_form(request, "course/welcome.html", page, form=form, refusal=refusal)


def _invitation_of(request: KenaliRequest) -> Invitation | None:
    """The invitation whose code was right a moment ago in this session, if it is still open."""
    kept = request.session.get(INVITATION_KEY)
    if not kept:
        return None
    rows = Invitation.objects.in_organization(kept[0]).open_at(request.kenali.at)
    found: Invitation | None = (
        rows.select_related("organization", "cohort").filter(id=kept[1]).first()
    )
    return found


def _join_as_new(
    request: KenaliRequest, invitation: Invitation, data: dict[str, Any]
) -> HttpResponse:
    membership = accept_as_new_person(
        invitation=invitation,
        username=data["username"],
        display_name=data["display_name"],
        language=data["language"],
        password=hashed(data["passphrase"]),
        at=request.kenali.at,
    )
    own_device = data["own_device"]
    user = membership.user
    return enter(request, user, "invitation", own_device=own_device, membership=membership)


def _join_as_known(request: KenaliRequest, invitation: Invitation) -> HttpResponse:
    """One person in two organisations: the account stays, a place is added."""
    user = cast("User", request.kenali.user)  # the caller has looked
    form = JoinForm(posted(request))
    refusal = None
    if form.is_valid():
        try:
            membership = accept_as_existing_person(
                invitation=invitation, user=user, at=request.kenali.at
            )
            request.session.cycle_key()
            request.session[ORGANIZATION_KEY] = str(membership.organization_id)
            request.session.pop(INVITATION_KEY, None)
            return see_other("/")
        except Refused as caught:
            refusal = caught
    page = {"form": form, "invitation": invitation, "known": True}
    return answer_with_form(request, "course/welcome.html", page, form=form, refusal=refusal)


def _counted(request: KenaliRequest, refusal: Refused) -> Refused:
    """Asking for taken names is a way of guessing who is here, so it counts as a guess."""
    if refusal.field != "username":
        return refusal
    try:
        reserve_guess(origin=origin_of(request), at=request.kenali.at)
    except Refused as stronger:
        return stronger
    return refusal


@public(methods=("POST",))
def sign_out(request: KenaliRequest) -> HttpResponse:
    """End the session and have the browser forget what it kept."""
    logout(request)
    response = see_other(settings.LOGOUT_REDIRECT_URL)
    response["Clear-Site-Data"] = '"storage"'
    return response


@csrf_exempt  # Its form is on every page; a token in each would cost visitors a cookie for nothing.
@public(methods=("POST",))
def language(request: KenaliRequest) -> HttpResponse:
    """Choose the language: remembered on the account, and in a cookie for visitors."""
    form = LanguageForm(request.POST)
    response = see_other(safe_next(request.POST.get("next"), doors=True))
    elsewhere = request.headers.get("Sec-Fetch-Site") in {"cross-site", "same-site"}
    if form.is_valid() and not elsewhere:
        chosen = form.cleaned_data["language"]
        if request.kenali.user is not None:
            choose_language(user=request.kenali.user, language=chosen)
        set_language_cookie(response, chosen)
    return response


def set_language_cookie(response: HttpResponse, language_code: str) -> None:
    """Remember the language in this browser for a year."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language_code,
        max_age=LANGUAGE_SECONDS,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )
