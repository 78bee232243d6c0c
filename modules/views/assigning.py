"""Asking a cohort or a person to do something, and what was asked of them."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from course.access import (
    Context,
    KenaliRequest,
    get_cohort_or_404,
    get_membership_or_404,
    requires,
    see_other,
)
from course.models import Cohort, Membership
from course.roles import Ability
from course.services import Refused
from course.views import answer_with_form, posted
from course.views.organisation import page_number
from modules.access import member_of
from modules.assign_forms import AskForm, ExceptionForm, RuleForm
from modules.published import current_outline
from modules.services.finished import finished_by
from modules.targets import Name, Titles
from quizzes.access import get_assignment_or_404
from quizzes.asking import preview, recipients, rows_of, visible_ids
from quizzes.days import day_of
from quizzes.duties import duties_of
from quizzes.models import Assignment, Target
from quizzes.services.accommodating import needs_of
from quizzes.services.assigning import (
    assign,
    check_ask,
    newest_exceptions,
    reaches,
    reschedule,
    set_exception,
    withdraw,
)

PEOPLE_ON_A_PAGE = 50


@requires(Ability.ASSIGN, methods=("GET", "POST"))
def assign_cohort(request: KenaliRequest, cohort_id: UUID) -> HttpResponse:
    """Ask a whole cohort."""
    return _ask(request, get_cohort_or_404(request.kenali, cohort_id))


@requires(Ability.ASSIGN, methods=("GET", "POST"))
def assign_person(request: KenaliRequest, person_id: UUID) -> HttpResponse:
    """Ask one person."""
    return _ask(request, get_membership_or_404(request.kenali, person_id))


def _ask(request: KenaliRequest, to: Cohort | Membership) -> HttpResponse:
    """The form; then whom it reaches and what they have already; then it is done."""
    context, titles = request.kenali, _titles(request)
    form = AskForm(posted(request), groups=titles.choices(), today=day_of(context.at))
    page: dict[str, Any] = {"form": form, "whom": _name_of(to), "back": _list_of(to)}
    wants, refusal = request.POST.get("wants"), None
    if form.is_valid() and wants != "change":
        try:
            if wants == "confirm":
                return _asked(request, form, to)
            check_ask(form.ask(form.name), at=context.at)
        except Refused as caught:
            refusal = caught
        else:
            return render(
                request, "modules/assign_preview.html", page | _seen(context, form, to, titles)
            )
    if wants == "change" and form.is_valid():
        return render(request, "modules/assign.html", page)
    return answer_with_form(request, "modules/assign.html", page, form=form, refusal=refusal)


def _asked(request: KenaliRequest, form: AskForm, to: Cohort | Membership) -> HttpResponse:
    assign(
        ask=form.ask(form.name),
        cohorts=[to] if isinstance(to, Cohort) else [],
        people=[to] if isinstance(to, Membership) else [],
        actor=member_of(request.kenali),
        at=request.kenali.at,
    )
    messages.success(request, _("Done. It is on their home page now."))
    return see_other(_list_of(to))


def _seen(
    context: Context, form: AskForm, to: Cohort | Membership, titles: Titles
) -> dict[str, Any]:
    """What the look before shows."""
    name = form.name
    return {
        "ask": form.ask(name),
        "title": titles.of(name.target, name.key),
        "seen": preview(to, target=name.target, key=name.key, viewer=context, at=context.at),
    }


def _name_of(to: Cohort | Membership) -> str:
    return to.name if isinstance(to, Cohort) else to.user.shown_name


def _list_of(to: Cohort | Membership) -> str:
    name = "modules:assignments" if isinstance(to, Cohort) else "modules:person_assignments"
    return reverse(name, args=[to.id])


@requires(Ability.ASSIGN, methods=("GET",))
def assignments(request: KenaliRequest, cohort_id: UUID) -> HttpResponse:
    """What is asked of a cohort now."""
    context = request.kenali
    cohort, titles = get_cohort_or_404(context, cohort_id), _titles(request)
    rows = [
        {"listed": one, "title": titles.of(one.row.target_kind, one.row.target_key)}
        for one in rows_of(cohort, at=context.at)
    ]
    page = {"cohort": cohort, "rows": rows, "people": recipients(cohort).count()}
    return render(request, "modules/assignments.html", page)


def _titles(request: KenaliRequest) -> Titles:
    return Titles(current_outline(), request.kenali.language)


@requires(Ability.ASSIGN, methods=("GET",))
def person_assignments(request: KenaliRequest, person_id: UUID) -> HttpResponse:
    """What is asked of one person, by name and through cohorts, and what they need."""
    context = request.kenali
    person = get_membership_or_404(context, person_id)
    titles, finished = _titles(request), finished_by([person])
    duties = duties_of(person, at=context.at)
    rows = [
        {
            "duty": duty,
            "title": titles.of(duty.target, duty.key),
            "done": finished.since(person, duty),
        }
        for duty in duties
    ]
    page = {
        "person": person,
        "rows": rows,
        "may_change": visible_ids(context, duties),
        "needs": needs_of(person),
    }
    return render(request, "modules/person_assignments.html", page)


@requires(Ability.ASSIGN, methods=("GET", "POST"))
def assignment(request: KenaliRequest, assignment_id: UUID) -> HttpResponse:
    """One assignment: its rule to change, who has another one."""
    found = get_assignment_or_404(request.kenali, assignment_id)
    form = RuleForm(posted(request), initial=RuleForm.initial_of(found), target=found.target_kind)
    refusal = None
    if form.is_valid():
        try:
            changed = reschedule(
                assignment=found,
                ask=form.ask(Name(Target(found.target_kind), found.target_key)),
                actor=member_of(request.kenali),
                at=request.kenali.at,
            )
        except Refused as caught:
            refusal = caught
        else:
            messages.success(request, _("Changed, from now on. What anybody was given stays."))
            return see_other(reverse("modules:assignment", args=[changed.id]))
    page = {"form": form, **_assignment_page(request, found)}
    return answer_with_form(request, "modules/assignment.html", page, form=form, refusal=refusal)


def _assignment_page(request: KenaliRequest, found: Assignment) -> dict[str, Any]:
    to = _whom(found)
    people = recipients(to).select_related("user").order_by("user__username")
    page = Paginator(people, PEOPLE_ON_A_PAGE).get_page(page_number(request))
    own = newest_exceptions(found)
    return {
        "assignment": found,
        "title": _titles(request).of(found.target_kind, found.target_key),
        "whom": _name_of(to),
        "back": _list_of(to),
        "page": page,
        "rows": [{"person": person, "own": own.get(person.id)} for person in page],
    }


def _whom(found: Assignment) -> Cohort | Membership:
    return cast("Cohort | Membership", found.cohort if found.cohort_id else found.membership)


@requires(Ability.ASSIGN, methods=("POST",))
def assignment_withdraw(request: KenaliRequest, assignment_id: UUID) -> HttpResponse:
    """Take it back."""
    found = get_assignment_or_404(request.kenali, assignment_id)
    try:
        withdraw(assignment=found, actor=member_of(request.kenali), at=request.kenali.at)
    except Refused as refusal:
        messages.error(request, str(refusal.reason))
    else:
        messages.success(request, _("Taken back. What people did stays."))
    return see_other(_list_of(_whom(found)))


@requires(Ability.ASSIGN, methods=("GET", "POST"))
def assignment_exception(
    request: KenaliRequest, assignment_id: UUID, person_id: UUID
) -> HttpResponse:
    """Another rule for one person."""
    context = request.kenali
    found = get_assignment_or_404(context, assignment_id)
    person = get_membership_or_404(context, person_id)
    if not reaches(found, person):
        raise Http404
    form = ExceptionForm(posted(request), assignment=found, initial=_own(found, person))
    refusal = None
    if form.is_valid():
        try:
            set_exception(
                assignment=found,
                membership=person,
                actor=member_of(context),
                at=context.at,
                **form.rule,
            )
        except Refused as caught:
            refusal = caught
        else:
            messages.success(request, _("Saved."))
            return see_other(reverse("modules:person_assignments", args=[person.id]))
    page = {
        "form": form,
        "person": person,
        "assignment": found,
        "title": _titles(request).of(found.target_kind, found.target_key),
    }
    template = "modules/assignment_exception.html"
    return answer_with_form(request, template, page, form=form, refusal=refusal)


def _own(found: Assignment, person: Membership) -> dict[str, Any]:
    """The form filled in with the rule of today."""
    own = newest_exceptions(found).get(person.id)
    if own is None:
        return {}
    due = day_of(own.due_at) if own.due_at else None
    return {"due": due, "attempts": own.attempts, "excused": own.excused}
