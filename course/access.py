"""Who asks, in which organisation, and may they: the only way from a request to an object.

Rules, each proven by tests/course/test_access_table.py:
- Every view says `@public` or `@requires(Ability...)`. One that says nothing answers nobody.
- The organisation comes from the session, never from the address, the query or the body.
- An object of another organisation does not exist: the same 404, byte for byte, as no object.
- A missing ability is a 403 that says why.

The personas of the tests, and what each is for, are described in tests/personas.py.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, update_wrapper
from typing import Any, Concatenate, Final, ParamSpec, TypeVar, cast
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import models
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from course.models import Cohort, Invitation, Membership, Office, Organization, PeopleImport, User
from course.models.organizations import MembershipQuerySet
from course.roles import Ability, Role, abilities_of

P = ParamSpec("P")
T = TypeVar("T", bound=models.Model)

ORGANIZATION_KEY: Final = "organization_id"
# Neutral on purpose: cookies are read on seized phones.
EXIT_COOKIE: Final = f"{settings.KENALI_COOKIE_PREFIX}month"
EXIT_SECONDS: Final = 600

# What still answers while somebody has just left in a hurry.
_OPEN_AFTER_EXIT: Final = frozenset({"/calendar/", "/calendar/start/", "/exit/", "/healthz"})


@dataclass(frozen=True, eq=False)
class Context:
    """The person behind a request and the organisation they act in; read once per request.

    `user` is None for anonymous visitors, `membership` also for people without an active place.
    `at` is the one instant (aware, UTC) of everything this request does.
    """

    user: User | None
    membership: Membership | None
    organization: Organization | None
    language: str
    at: datetime

    @property
    def organization_id(self) -> UUID | None:
        """Key of the organisation all reads are fenced in."""
        return self.membership.organization_id if self.membership else None

    @property
    def membership_id(self) -> UUID | None:
        """Key, within the organisation, of the person's place."""
        return self.membership.id if self.membership else None

    @property
    def role(self) -> Role | None:
        """The role in this organisation."""
        return Role(self.membership.role) if self.membership else None

    @cached_property
    def abilities(self) -> frozenset[Ability]:
        """What the role allows. Templates ask `"manage_people" in request.kenali.abilities`."""
        return abilities_of(self.membership.role) if self.membership else frozenset()

    def can(self, ability: Ability) -> bool:
        """True when the role has this ability."""
        return ability in self.abilities

    @cached_property
    def places(self) -> list[Membership]:
        """All active memberships of the person, for the switch of organisation."""
        return [] if self.user is None else _places_of(self.user)


class KenaliRequest(HttpRequest):
    """A request that has passed ContextMiddleware. For type hints only."""

    kenali: Context


class MissingAbility(PermissionDenied):
    """The person may not do this; the text is shown on the 403 page."""


class ContextMiddleware:
    """Puts `request.kenali` in place, in the person's language, and keeps left pages closed.

    Comes last: the session, the language of the visitor and the user are already there.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the calendar after a quick exit, otherwise with the page."""
        if request.COOKIES.get(EXIT_COOKIE) and request.path not in _OPEN_AFTER_EXIT:
            return see_other(reverse("course:exit_calendar"))
        context = build_context(request, at=timezone.now())
        cast("KenaliRequest", request).kenali = context
        if context.user is not None and translation.get_language() != context.language:
            translation.activate(context.language)
            request.LANGUAGE_CODE = context.language
        with timezone.override(settings.KENALI_TIME_ZONE):  # how times are shown and typed
            return self.get_response(request)


def build_context(request: HttpRequest, *, at: datetime) -> Context:
    """The context of a request: no query for visitors, who have no session cookie."""
    has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
    user = request.user if has_session and request.user.is_authenticated else None
    if not isinstance(user, User):
        language = translation.get_language() or "en"
        return Context(user=None, membership=None, organization=None, language=language, at=at)
    membership = _chosen_membership(request, user)
    return Context(
        user=user,
        membership=membership,
        organization=membership.organization if membership else None,
        language=user.language,
        at=at,
    )


def _chosen_membership(request: HttpRequest, user: User) -> Membership | None:
    """The active place the session names, or the oldest one. The role is read at each request."""
    places = _places_of(user)
    chosen = request.session.get(ORGANIZATION_KEY)
    for membership in places:
        if str(membership.organization_id) == chosen:
            return membership
    return places[0] if places else None


def _places_of(user: User) -> list[Membership]:
    """The active places, the oldest first: no query for the person of a session (backends.py)."""
    if user.active_places is not None:
        return user.active_places
    return list(Membership.objects.of_user(user).active())


def see_other(address: str) -> HttpResponseRedirect:
    """A redirect after which the browser asks with GET, whatever it asked with before."""
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return response


# --- what a view says about itself --------------------------------------------------------------


@dataclass(frozen=True)
class Rule:
    """What a view demands: `ability` None means public. Read by the access table test."""

    ability: Ability | None
    methods: tuple[str, ...]


View = Callable[Concatenate[KenaliRequest, P], HttpResponse]
Marked = Callable[Concatenate[HttpRequest, P], HttpResponse]


def public(*, methods: tuple[str, ...]) -> Callable[[View[P]], Marked[P]]:
    """Mark a view that anybody may call: `@public(methods=("GET", "POST"))`."""

    def decorate(view: View[P]) -> Marked[P]:
        marked = login_not_required(_only_with(methods, view))
        marked.kenali_rule = Rule(None, methods)  # type: ignore[attr-defined]
        return marked

    return decorate


def requires(ability: Ability, *, methods: tuple[str, ...]) -> Callable[[View[P]], Marked[P]]:
    """Mark a view that needs an ability: `@requires(Ability.TAKE_COURSE, methods=("GET",))`.

    Strangers are sent to the sign-in page, people without the ability get a 403 with the reason.
    Only then is the method looked at, so that a refusal tells nothing about the page.
    """

    def decorate(view: View[P]) -> Marked[P]:
        inner = _only_with(methods, view)

        def checked(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            context = cast("KenaliRequest", request).kenali
            if context.user is None:
                return redirect_to_login(request.get_full_path(), reverse("course:sign_in"))
            require_ability(context, ability)
            return inner(request, *args, **kwargs)

        marked = cast("Marked[P]", update_wrapper(checked, view))
        marked.kenali_rule = Rule(ability, methods)  # type: ignore[attr-defined]
        return marked

    return decorate


def _only_with(methods: tuple[str, ...], view: View[P]) -> Marked[P]:
    """The view behind a 405 for all other methods; who may GET may also ask for the head."""
    head = ("HEAD",) if "GET" in methods else ()
    return cast("Marked[P]", require_http_methods([*methods, *head])(view))


def require_ability(context: Context, ability: Ability) -> None:
    """Raise MissingAbility, with the reason in the reader's language, unless it is there."""
    if context.membership is None:
        raise MissingAbility(
            _("You have no active place in an organisation. Ask your administrator to let you in.")
        )
    if not context.can(ability):
        raise MissingAbility(reason_for(ability))


def reason_for(ability: Ability) -> str:
    """One sentence on what is missing and who can help."""
    if ability in abilities_of(Role.TRAINER):
        return _("This page is for trainers and administrators of your organisation.")
    return _("This page is for administrators of your organisation.")


# --- from an id to an object --------------------------------------------------------------------


def get_or_404(rows: "models.QuerySet[T]", **conditions: Any) -> T:
    """The one row, or the 404 that never says which of the two reasons it was.

    `rows` must already be fenced (`visible_to`); a tenant queryset that is not raises by itself.
    """
    try:
        return rows.get(**conditions)
    except (ObjectDoesNotExist, ValueError, OverflowError):
        raise Http404 from None


def get_membership_or_404(context: Context, membership_id: UUID) -> Membership:
    """A person of the own organisation whom the asker may see."""
    rows = Membership.objects.visible_to(context).select_related("user", "manager__user", "office")
    return get_or_404(rows, id=membership_id)


MOST_AT_ONCE: Final = 120  # people in one step; a request takes at most 200 fields


def get_people_or_404(context: Context, ids: Sequence[str]) -> list[Membership]:
    """The people with these ids, by sign-in name; 404 when one of them may not be seen."""
    try:
        wanted = {UUID(one) for one in ids}
    except ValueError:
        raise Http404 from None
    rows = Membership.objects.visible_to(context).for_people_page().filter(id__in=wanted)
    found = sorted(rows, key=lambda one: one.user.username)
    if len(found) < len(wanted) or len(wanted) > MOST_AT_ONCE:
        raise Http404
    return found


def team_of(context: Context) -> MembershipQuerySet:
    """The people who report to the asker today, or a 403: this page hangs on no role."""
    if context.membership is None or not context.membership.leads:
        raise MissingAbility(_("This page is for people to whom others report."))
    team: MembershipQuerySet = Membership.objects.reporting_to(context.membership)
    return team


def get_cohort_or_404(context: Context, cohort_id: UUID) -> Cohort:
    """A cohort the asker may see: any for administrators, their own for trainers."""
    return get_or_404(Cohort.objects.visible_to(context), id=cohort_id)


def get_office_or_404(context: Context, office_id: UUID) -> Office:
    """An office of the own organisation, closed or not."""
    rows = Office.objects.visible_to(context).select_related("parent")
    return get_or_404(rows, id=office_id)


def get_invitation_or_404(context: Context, invitation_id: UUID) -> Invitation:
    """An invitation of the own organisation."""
    rows = Invitation.objects.visible_to(context).select_related("cohort")
    return get_or_404(rows, id=invitation_id)


def get_people_import_or_404(context: Context, import_id: UUID) -> PeopleImport:
    """A list that the asker sent in: nobody else looks at somebody's file, not even a colleague."""
    if context.membership_id is None:
        raise Http404
    mine = PeopleImport.objects.visible_to(context).filter(created_by_id=context.membership_id)
    live = mine.filter(Q(expires_at__gt=context.at) | Q(applied_at__isnull=False))
    return get_or_404(live.select_related("organization"), id=import_id)


# --- where to go next ---------------------------------------------------------------------------

_NEVER_NEXT: Final = frozenset(
    {"course:sign_in", "course:link", "course:join", "course:join_code", "course:welcome"}
)


def safe_next(address: str | None, default: str = "/", *, doors: bool = False) -> str:
    """The address when it is a page of this site that GET may open, otherwise the default.

    Everything else (other hosts, backslash tricks, addresses that only take POST) is dropped, not
    repaired. So are the doors themselves, where nobody wants to be after signing in; whoever only
    changes the language there stays in front of the door (`doors`).
    """
    if not address or len(address) > 2000 or not address.startswith("/"):
        return default
    if not url_has_allowed_host_and_scheme(address, allowed_hosts=None):
        return default
    try:
        match = resolve(address.partition("?")[0].partition("#")[0])
    except (Resolver404, ValueError):
        return default
    rule = getattr(match.func, "kenali_rule", None)
    if rule is None or (match.view_name in _NEVER_NEXT and not doors):
        return default
    return address if "GET" in rule.methods else default
