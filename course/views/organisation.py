"""What administrators do with people; trainers see the list of their cohorts."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from course.access import KenaliRequest, get_membership_or_404, requires, see_other
from course.forms import PageForm
from course.models import Cohort, Membership
from course.people_forms import ActiveForm, RoleForm
from course.roles import Ability, Role
from course.services import Refused
from course.services.codes import grouped
from course.services.members import change_role, set_active
from course.services.sign_in_links import create_link_for_member
from course.views import answer_with_form

PAGE_SIZE = 50


def acting(request: KenaliRequest) -> Membership:
    """The membership that acts; `requires` has made sure that there is one."""
    return cast("Membership", request.kenali.membership)


def page_number(request: KenaliRequest) -> str:
    """The wanted page of a list; nonsense of any length means the first."""
    text = request.GET.get("page", "1")
    return text if text.isascii() and text.isdigit() and len(text) < 7 else "1"


@requires(Ability.SEE_COHORTS, methods=("GET",))
def organisation(request: KenaliRequest) -> HttpResponse:
    """The way to people, cohorts, invitations and the record of changes."""
    cohorts = Cohort.objects.visible_to(request.kenali).with_member_count().order_by("name")
    return render(request, "course/organisation.html", {"cohorts": cohorts})


@requires(Ability.MANAGE_PEOPLE, methods=("GET",))
def people(request: KenaliRequest) -> HttpResponse:
    """Everybody of the organisation, fifty to a page."""
    rows = Membership.objects.visible_to(request.kenali).for_people_page()
    page = Paginator(rows, PAGE_SIZE).get_page(page_number(request))
    return render(request, "course/people.html", {"page": page})


@requires(Ability.MANAGE_PEOPLE, methods=("GET",))
def person(request: KenaliRequest, person_id: UUID) -> HttpResponse:
    """One person: role, place, cohorts, a new way in."""
    return _person_page(request, get_membership_or_404(request.kenali, person_id))


@requires(Ability.MANAGE_PEOPLE, methods=("POST",))
def person_role(request: KenaliRequest, person_id: UUID) -> HttpResponse:
    """Give the person another role."""
    membership = get_membership_or_404(request.kenali, person_id)
    form = RoleForm(request.POST)
    if not form.is_valid():
        return _person_page(request, membership, role=form)
    try:
        change_role(
            membership=membership,
            role=Role(form.cleaned_data["role"]),
            actor=acting(request),
            reason=form.cleaned_data["reason"],
            at=request.kenali.at,
        )
    except Refused as refusal:
        return _person_page(request, membership, role=form, refusal=refusal)
    return _back_to(request, membership)


@requires(Ability.MANAGE_PEOPLE, methods=("POST",))
def person_active(request: KenaliRequest, person_id: UUID) -> HttpResponse:
    """Pause the person's place, or let them in again."""
    membership = get_membership_or_404(request.kenali, person_id)
    form = ActiveForm(request.POST, auto_id="active_%s")
    if not form.is_valid():
        return _person_page(request, membership, active=form)
    try:
        set_active(
            membership=membership,
            active=form.cleaned_data["active"] == "yes",
            actor=acting(request),
            reason=form.cleaned_data["reason"],
            at=request.kenali.at,
        )
    except Refused as refusal:
        return _person_page(request, membership, active=form, refusal=refusal)
    return _back_to(request, membership)


@requires(Ability.MANAGE_PEOPLE, methods=("POST",))
def person_link(request: KenaliRequest, person_id: UUID) -> HttpResponse:
    """A one-time link for somebody who cannot get in. Shown once, in the answer, never again."""
    membership = get_membership_or_404(request.kenali, person_id)
    try:
        code = create_link_for_member(
            membership=membership, actor=acting(request), at=request.kenali.at
        )
    except Refused as refusal:
        messages.error(request, str(refusal.reason))
        return see_other(reverse("course:person", args=[membership.id]))
    address = request.build_absolute_uri(reverse("course:link", args=[grouped(code)]))
    page = {"person": membership, "code": grouped(code), "address": address}
    return render(request, "course/sign_in_card.html", page)


def _back_to(request: KenaliRequest, membership: Membership) -> HttpResponse:
    messages.success(request, _("Saved."))
    return see_other(reverse("course:person", args=[membership.id]))


def _person_page(
    request: KenaliRequest,
    membership: Membership,
    *,
    role: PageForm | None = None,
    active: PageForm | None = None,
    refusal: Refused | None = None,
) -> HttpResponse:
    other = "no" if membership.is_active else "yes"
    places = membership.cohort_places.select_related("cohort").order_by("cohort__name")
    page = {
        "person": membership,
        "places": places,
        "role_form": role or RoleForm(initial={"role": membership.role}),
        "active_form": active or ActiveForm(initial={"active": other}, auto_id="active_%s"),
        "other": other,
    }
    form = role or active or cast("PageForm", page["role_form"])
    return answer_with_form(request, "course/person.html", page, form=form, refusal=refusal)
