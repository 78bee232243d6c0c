"""Cohorts: made, named and filled by administrators."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from course.access import KenaliRequest, get_cohort_or_404, requires, see_other
from course.forms import PageForm
from course.models import Cohort, Membership
from course.people_forms import CohortForm, CohortPlaceForm
from course.roles import Ability
from course.services import Refused
from course.services.members import (
    add_to_cohort,
    create_cohort,
    remove_from_cohort,
    rename_cohort,
)
from course.views import answer_with_form, posted
from course.views.organisation import acting


@requires(Ability.MANAGE_COHORTS, methods=("GET", "POST"))
def cohorts(request: KenaliRequest) -> HttpResponse:
    """The list, and a form for one more."""
    form = CohortForm(posted(request))
    refusal = None
    if form.is_valid():
        try:
            made = create_cohort(
                name=form.cleaned_data["name"], actor=acting(request), at=request.kenali.at
            )
            return see_other(reverse("course:cohort", args=[made.id]))
        except Refused as caught:
            refusal = caught
    rows = Cohort.objects.visible_to(request.kenali).with_member_count().order_by("name")
    page = {"form": form, "cohorts": rows}
    return answer_with_form(request, "course/cohorts.html", page, form=form, refusal=refusal)


@requires(Ability.MANAGE_COHORTS, methods=("GET",))
def cohort(request: KenaliRequest, cohort_id: UUID) -> HttpResponse:
    """One cohort with its people."""
    return _cohort_page(request, get_cohort_or_404(request.kenali, cohort_id))


@requires(Ability.MANAGE_COHORTS, methods=("POST",))
def cohort_name(request: KenaliRequest, cohort_id: UUID) -> HttpResponse:
    """Give the cohort another name."""
    found = get_cohort_or_404(request.kenali, cohort_id)
    form = CohortForm(request.POST)
    if not form.is_valid():
        return _cohort_page(request, found, name=form)
    try:
        rename_cohort(
            cohort=found,
            name=form.cleaned_data["name"],
            actor=acting(request),
            at=request.kenali.at,
        )
    except Refused as refusal:
        return _cohort_page(request, found, name=form, refusal=refusal)
    return _back_to(request, found)


@requires(Ability.MANAGE_COHORTS, methods=("POST",))
def cohort_add(request: KenaliRequest, cohort_id: UUID) -> HttpResponse:
    """Put a person of the organisation into the cohort."""
    found = get_cohort_or_404(request.kenali, cohort_id)
    form = _place_form(request, request.POST)
    if not form.is_valid():
        return _cohort_page(request, found, place=form)
    person = form.people[form.cleaned_data["person"]]
    add_to_cohort(cohort=found, membership=person, actor=acting(request), at=request.kenali.at)
    return _back_to(request, found)


@requires(Ability.MANAGE_COHORTS, methods=("POST",))
def cohort_remove(request: KenaliRequest, cohort_id: UUID) -> HttpResponse:
    """Take a person out of the cohort. What they did in it stays."""
    found = get_cohort_or_404(request.kenali, cohort_id)
    form = _place_form(request, request.POST)
    if not form.is_valid():
        return _cohort_page(request, found, place=form)
    person = form.people[form.cleaned_data["person"]]
    remove_from_cohort(cohort=found, membership=person, actor=acting(request), at=request.kenali.at)
    return _back_to(request, found)


def _place_form(request: KenaliRequest, data: object = None) -> CohortPlaceForm:
    people = Membership.objects.visible_to(request.kenali).select_related("user")
    return CohortPlaceForm(data, people=people.order_by("user__username"), auto_id="place_%s")


def _back_to(request: KenaliRequest, found: Cohort) -> HttpResponse:
    messages.success(request, _("Saved."))
    return see_other(reverse("course:cohort", args=[found.id]))


def _cohort_page(
    request: KenaliRequest,
    found: Cohort,
    *,
    name: PageForm | None = None,
    place: PageForm | None = None,
    refusal: Refused | None = None,
) -> HttpResponse:
    rows = Membership.objects.visible_to(request.kenali).filter(cohort_places__cohort=found)
    page = {
        "cohort": found,
        "people": rows.select_related("user").order_by("user__username"),
        "name_form": name or CohortForm(initial={"name": found.name}),
        "place_form": place or _place_form(request),
    }
    form = name or place or cast("PageForm", page["name_form"])
    return answer_with_form(request, "course/cohort.html", page, form=form, refusal=refusal)
