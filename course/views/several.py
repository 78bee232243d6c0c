"""One step for several people: who it is about and what would happen, then the deed."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from course.access import (
    MOST_AT_ONCE,
    KenaliRequest,
    get_people_or_404,
    requires,
    see_other,
)
from course.forms import PageForm
from course.models import Cohort, Membership, User
from course.office_forms import OfficePickForm
from course.people_forms import ManagerForm, MoveForm, ReasonForm
from course.roles import Ability
from course.services import Refused
from course.services.offices import office_choices
from course.services.several import move_people, set_manager, set_office, set_several_active
from course.views import answer_with_form, posted
from course.views.organisation import acting


@requires(Ability.MANAGE_PEOPLE, methods=("GET", "POST"))
def several(request: KenaliRequest) -> HttpResponse:
    """`do` is the step, `person` whom it is about. POST does it, unless it says `look`.

    Whoever ticks many people looks with POST too: their ids are too long for an address.
    """
    sent = request.POST if request.method == "POST" else request.GET
    deed, ids = sent.get("do", ""), sent.getlist("person")
    if deed not in _DEEDS:
        raise Http404
    if not 0 < len(ids) <= MOST_AT_ONCE:
        return not_so_many(request, reverse("course:people"))
    people = get_people_or_404(request.kenali, ids)
    form = _form(request, deed, sent, people)
    refusal = None
    if form.is_valid():
        try:
            _DEEDS[deed](request, people, form)
            return _done(request, people)
        except Refused as caught:
            refusal = caught
    page = {"form": form, "people": people, "deed": deed}
    return answer_with_form(request, "course/several.html", page, form=form, refusal=refusal)


def not_so_many(request: KenaliRequest, address: str) -> HttpResponse:
    """Back, with a word on how many people one step takes."""
    text = _("Tick at least one person, and at most %(most)s at once.")
    messages.error(request, text % {"most": MOST_AT_ONCE})
    return see_other(address)


def _form(request: KenaliRequest, deed: str, sent: QueryDict, people: list[Membership]) -> PageForm:
    data = None if "look" in sent else posted(request)
    if deed == "move":
        rows: QuerySet[Cohort] = Cohort.objects.visible_to(request.kenali).order_by("name")
        first = {"out_of": sent.get("out_of", "")}
        return MoveForm(data, cohorts=rows, initial=first)
    if deed == "office":
        return _office_form(data, people)
    return (ManagerForm if deed == "manager" else ReasonForm)(data)


def _office_form(data: QueryDict | None, people: list[Membership]) -> OfficePickForm:
    """Their office of today is chosen when they share one, so that Save alone changes nothing."""
    shared = {one.office_id for one in people}
    now = shared.pop() if len(shared) == 1 else None
    offices = office_choices(people[0].organization_id, keep=now)
    return OfficePickForm(data, offices=offices, initial={"office": str(now or "")})


def _done(request: KenaliRequest, people: list[Membership]) -> HttpResponse:
    messages.success(request, _("Saved."))
    if len(people) == 1:
        return see_other(reverse("course:person", args=[people[0].id]))
    return see_other(reverse("course:people"))


# --- the steps ----------------------------------------------------------------------------------


def _common(request: KenaliRequest, people: list[Membership], form: PageForm) -> dict[str, Any]:
    return {
        "people": people,
        "actor": acting(request),
        "reason": form.cleaned_data["reason"],
        "at": request.kenali.at,
    }


def _move(request: KenaliRequest, people: list[Membership], form: PageForm) -> None:
    assert isinstance(form, MoveForm)  # noqa: S101 -- for the type checker
    out_of, into = form.chosen("out_of"), form.chosen("into")
    move_people(out_of=out_of, into=into, **_common(request, people, form))


def _manager(request: KenaliRequest, people: list[Membership], form: PageForm) -> None:
    name = User.normalize_username(form.cleaned_data["manager"])
    manager = None
    if name:
        rows = Membership.objects.visible_to(request.kenali)
        manager = rows.filter(user__username=name).first()
        if manager is None:
            raise Refused(_("Nobody here has this sign-in name."), field="manager")
    set_manager(manager=manager, **_common(request, people, form))


def _office(request: KenaliRequest, people: list[Membership], form: PageForm) -> None:
    assert isinstance(form, OfficePickForm)  # noqa: S101 -- for the type checker
    set_office(office=form.chosen(), **_common(request, people, form))


def _pause(request: KenaliRequest, people: list[Membership], form: PageForm) -> None:
    set_several_active(active=False, **_common(request, people, form))


def _let_in(request: KenaliRequest, people: list[Membership], form: PageForm) -> None:
    set_several_active(active=True, **_common(request, people, form))


_DEEDS: Final[Mapping[str, Callable[[KenaliRequest, list[Membership], PageForm], None]]] = {
    "move": _move,
    "manager": _manager,
    "office": _office,
    "pause": _pause,
    "let_in": _let_in,
}
