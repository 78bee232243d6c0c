"""Offices: the tree, and one office with what can be done about it. For administrators."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from course.access import KenaliRequest, get_office_or_404, requires, see_other
from course.forms import PageForm
from course.models import Membership, Office
from course.office_forms import OfficeForm, OfficeMoveForm, OfficeNameForm
from course.people_forms import ActiveForm
from course.roles import Ability
from course.services import Refused
from course.services.offices import (
    create_office,
    move_office,
    office_choices,
    office_tree,
    rename_office,
    set_office_open,
)
from course.views import answer_with_form, posted
from course.views.organisation import PAGE_SIZE, acting, page_number


@requires(Ability.MANAGE_PEOPLE, methods=("GET", "POST"))
def offices(request: KenaliRequest) -> HttpResponse:
    """The tree with its numbers of people, and a form for one more office."""
    organization_id = acting(request).organization_id
    form = OfficeForm(posted(request), offices=office_choices(organization_id))
    refusal = None
    if form.is_valid():
        try:
            made = create_office(
                name=form.cleaned_data["name"],
                parent=form.chosen(),
                actor=acting(request),
                at=request.kenali.at,
            )
            return see_other(reverse("course:office", args=[made.id]))
        except Refused as caught:
            refusal = caught
    top, branches = office_tree(organization_id)
    people = Membership.objects.visible_to(request.kenali).active()
    page = {
        "form": form,
        "tree": top,
        "number": len(branches),
        "nowhere": people.filter(office_id__isnull=True).count(),
    }
    return answer_with_form(request, "course/offices.html", page, form=form, refusal=refusal)


@requires(Ability.MANAGE_PEOPLE, methods=("GET",))
def office(request: KenaliRequest, office_id: UUID) -> HttpResponse:
    """One office with its people."""
    return _office_page(request, get_office_or_404(request.kenali, office_id))


@requires(Ability.MANAGE_PEOPLE, methods=("POST",))
def office_name(request: KenaliRequest, office_id: UUID) -> HttpResponse:
    """Give the office another name."""
    found = get_office_or_404(request.kenali, office_id)
    form = OfficeNameForm(request.POST)
    if not form.is_valid():
        return _office_page(request, found, name=form)
    try:
        rename_office(
            office=found,
            name=form.cleaned_data["name"],
            actor=acting(request),
            at=request.kenali.at,
        )
    except Refused as refusal:
        return _office_page(request, found, name=form, refusal=refusal)
    return _back_to(request, found)


@requires(Ability.MANAGE_PEOPLE, methods=("POST",))
def office_move(request: KenaliRequest, office_id: UUID) -> HttpResponse:
    """Put the office below another one, or at the top."""
    found = get_office_or_404(request.kenali, office_id)
    form = _move_form(found, request.POST)
    if not form.is_valid():
        return _office_page(request, found, move=form)
    try:
        move_office(
            office=found,
            parent=form.chosen(),
            actor=acting(request),
            reason=form.cleaned_data["reason"],
            at=request.kenali.at,
        )
    except Refused as refusal:
        return _office_page(request, found, move=form, refusal=refusal)
    return _back_to(request, found)


@requires(Ability.MANAGE_PEOPLE, methods=("POST",))
def office_open(request: KenaliRequest, office_id: UUID) -> HttpResponse:
    """Close the office, or open it again."""
    found = get_office_or_404(request.kenali, office_id)
    form = ActiveForm(request.POST, auto_id="active_%s")
    if not form.is_valid():
        return _office_page(request, found, active=form)
    set_office_open(
        office=found,
        is_open=form.cleaned_data["active"] == "yes",
        actor=acting(request),
        reason=form.cleaned_data["reason"],
        at=request.kenali.at,
    )
    return _back_to(request, found)


def _move_form(found: Office, data: object = None) -> OfficeMoveForm:
    # A closed office that it is in already may stay chosen.
    rows = office_choices(found.organization_id, without=found.id, keep=found.parent_id)
    initial = {"parent": str(found.parent_id or "")}
    return OfficeMoveForm(data, offices=rows, initial=initial, auto_id="move_%s")


def _back_to(request: KenaliRequest, found: Office) -> HttpResponse:
    messages.success(request, _("Saved."))
    return see_other(reverse("course:office", args=[found.id]))


def _office_page(
    request: KenaliRequest,
    found: Office,
    *,
    name: PageForm | None = None,
    move: PageForm | None = None,
    active: PageForm | None = None,
    refusal: Refused | None = None,
) -> HttpResponse:
    _top, branches = office_tree(found.organization_id)
    people = Membership.objects.visible_to(request.kenali).filter(office_id=found.id)
    other = "no" if found.closed_at is None else "yes"
    page = {
        "office": found,
        "branch": branches[found.id],
        "page": Paginator(people.for_people_page(), PAGE_SIZE).get_page(page_number(request)),
        "name_form": name or OfficeNameForm(initial={"name": found.name}),
        "move_form": move or _move_form(found),
        "active_form": active or ActiveForm(initial={"active": other}, auto_id="active_%s"),
    }
    form = name or move or active or cast("PageForm", page["name_form"])
    return answer_with_form(request, "course/office.html", page, form=form, refusal=refusal)
