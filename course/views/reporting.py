"""Who reports to one person: seen, added to and taken away from by administrators."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from course.access import (
    KenaliRequest,
    get_membership_or_404,
    get_people_or_404,
    requires,
    see_other,
)
from course.models import Cohort, Membership
from course.roles import Ability
from course.services import Refused
from course.services.offices import office_choices
from course.services.several import set_manager
from course.team_forms import TeamForm
from course.views import answer_with_form
from course.views.organisation import PAGE_SIZE, acting, page_number
from course.views.several import not_so_many


@requires(Ability.MANAGE_PEOPLE, methods=("GET", "POST"))
def person_team(request: KenaliRequest, person_id: UUID) -> HttpResponse:
    """The people who report to somebody today. POST `do=add` names more, `do=remove` fewer."""
    manager = get_membership_or_404(request.kenali, person_id)
    deed = request.POST.get("do", "") if request.method == "POST" else ""
    if request.method == "POST" and deed not in {"add", "remove"}:
        raise Http404
    if deed == "remove":
        return _remove(request, manager)
    form = _form(request, manager)
    refusal = None
    if form.is_valid():
        try:
            return _add(request, manager, form)
        except Refused as caught:
            refusal = caught
    team = Membership.objects.reporting_to(manager).select_related("user", "office")
    page = {
        "person": manager,
        "form": form,
        "page": Paginator(team, PAGE_SIZE).get_page(page_number(request)),
    }
    return answer_with_form(request, "course/person_team.html", page, form=form, refusal=refusal)


def _form(request: KenaliRequest, manager: Membership) -> TeamForm:
    cohorts = Cohort.objects.visible_to(request.kenali).order_by("name")
    return TeamForm(
        request.POST if request.method == "POST" else None,
        people=Membership.objects.visible_to(request.kenali).active().exclude(id=manager.id),
        cohorts=cohorts,
        offices=office_choices(manager.organization_id),
    )


def _add(request: KenaliRequest, manager: Membership, form: TeamForm) -> HttpResponse:
    people = form.chosen_people()
    set_manager(
        people=people,
        manager=manager,
        actor=acting(request),
        reason=form.cleaned_data["reason"],
        at=request.kenali.at,
    )
    told = ngettext(
        "%(number)s person reports to %(name)s from now on.",
        "%(number)s people report to %(name)s from now on.",
        len(people),
    )
    facts = {"number": len(people), "name": manager.user.shown_name}
    messages.success(request, told % facts)
    return see_other(reverse("course:person_team", args=[manager.id]))


def _remove(request: KenaliRequest, manager: Membership) -> HttpResponse:
    address = reverse("course:person_team", args=[manager.id])
    ids = request.POST.getlist("person")
    if not ids:
        return not_so_many(request, address)
    people = get_people_or_404(request.kenali, ids)
    # Somebody may have been given to another manager meanwhile: that stays.
    mine = [one for one in people if one.manager_id == manager.id]
    set_manager(people=mine, manager=None, actor=acting(request), at=request.kenali.at)
    messages.success(request, _("Saved."))
    return see_other(address)
