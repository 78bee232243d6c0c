"""Reports that come regularly: the list, a new one, a change, a pause, the end, and a test."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from course.access import KenaliRequest, public, requires, see_other
from course.models import Membership
from course.roles import Ability
from course.services import Refused
from course.views import answer_with_form, posted
from modules.access import get_schedule_or_404, member_of
from modules.models import ReportSchedule
from modules.published import current_outline
from modules.reports.asking import Question, question_from
from modules.reports.schedules import asked_words, is_orphaned, is_running, read_rows
from modules.schedule_forms import ScheduleForm, kept_values
from modules.services.report_planning import possible_recipients
from modules.services.report_schedules import (
    change_schedule,
    make_schedule,
    others_who_get_it,
    recipient_ids,
    set_paused,
    stop_schedule,
)
from modules.services.report_sending import send_test
from modules.services.report_stopping import stop_for_person, stopped_by


@requires(Ability.SEE_REPORTS, methods=("GET",))
def schedules(request: KenaliRequest) -> HttpResponse:
    """What is sent when and to whom: of the organisation for administrators, else one's own."""
    rows = read_rows(request.kenali, at=request.kenali.at)
    page = {"rows": rows, "has_mail": settings.KENALI_MAIL}
    return render(request, "modules/reports/schedules.html", page)


@requires(Ability.SEE_REPORTS, methods=("GET", "POST"))
def schedule_new(request: KenaliRequest) -> HttpResponse:
    """Send the report that the address asks for. It carries the filter, but no day."""
    actor, at = member_of(request.kenali), request.kenali.at
    question = question_from(request.GET, request.kenali).but(as_of=None)
    form = _form(request, actor)
    refusal = None
    if form.is_valid():
        try:
            plan, people = form.plan(question.query()), form.chosen()
            made = make_schedule(actor=actor, plan=plan, people=people, at=at)
            messages.success(request, _("Saved. Try it now: send yourself a test."))
            return see_other(reverse("modules:report_schedule", args=[made.id]))
        except Refused as caught:
            refusal = caught
    page = _page(request, question, form)
    return answer_with_form(
        request, "modules/reports/schedule_new.html", page, form=form, refusal=refusal
    )


@requires(Ability.SEE_REPORTS, methods=("GET", "POST"))
def schedule(request: KenaliRequest, schedule_id: UUID) -> HttpResponse:
    """Change what is sent when and to whom, and the other buttons."""
    found, actor = get_schedule_or_404(request.kenali, schedule_id), member_of(request.kenali)
    form = _form(request, actor, found)
    refusal = None
    if form.is_valid():
        try:
            change_schedule(
                schedule=found,
                actor=actor,
                plan=form.plan(found.query),
                people=form.chosen(),
                at=request.kenali.at,
            )
            messages.success(request, _("Saved."))
            return see_other(reverse("modules:report_schedule", args=[found.id]))
        except Refused as caught:
            refusal = caught
    page = _page(request, _kept_question(request, found), form) | {
        "schedule": found,
        "running": is_running(found, at=request.kenali.at),
        "orphaned": is_orphaned(found),
    }
    return answer_with_form(
        request, "modules/reports/schedule.html", page, form=form, refusal=refusal
    )


@requires(Ability.SEE_REPORTS, methods=("POST",))
def schedule_pause(request: KenaliRequest, schedule_id: UUID) -> HttpResponse:
    """Hold it, or let it go on."""
    found, paused = get_schedule_or_404(request.kenali, schedule_id), "pause" in request.POST
    try:
        set_paused(
            schedule=found, actor=member_of(request.kenali), paused=paused, at=request.kenali.at
        )
        messages.success(request, _("Paused.") if paused else _("It goes on."))
    except Refused as refusal:
        messages.error(request, str(refusal.reason))
    return see_other(reverse("modules:report_schedule", args=[found.id]))


@requires(Ability.SEE_REPORTS, methods=("POST",))
def schedule_stop(request: KenaliRequest, schedule_id: UUID) -> HttpResponse:
    """End it."""
    found = get_schedule_or_404(request.kenali, schedule_id)
    stop_schedule(schedule=found, actor=member_of(request.kenali), at=request.kenali.at)
    messages.success(request, _("Stopped. Nothing more is sent."))
    return see_other(reverse("modules:report_schedules"))


@requires(Ability.SEE_REPORTS, methods=("POST",))
def schedule_test(request: KenaliRequest, schedule_id: UUID) -> HttpResponse:
    """Send it now, to whoever presses the button and nobody else."""
    found = get_schedule_or_404(request.kenali, schedule_id)
    try:
        fault = send_test(
            schedule=found, membership=member_of(request.kenali), at=request.kenali.at
        )
    except Refused as refusal:
        messages.error(request, str(refusal.reason))
    else:
        if fault:
            words = _("The mail server did not take it (%(fault)s). Nothing else was changed.")
            messages.error(request, words % {"fault": fault})
        else:
            messages.success(request, _("Sent to your own e-mail. Please look whether it came."))
    return see_other(reverse("modules:report_schedule", args=[found.id]))


@csrf_exempt  # Mail programs press this button by themselves (RFC 8058); the address is the secret.
@public(methods=("GET", "POST"))
def stop(request: KenaliRequest, token: str) -> HttpResponse:
    """No more of this report for whoever the signed address names. Looking stops nothing."""
    names = stopped_by(token)
    if names is None:
        raise Http404
    if request.method == "POST":
        organization, schedule_id, person = names
        stop_for_person(
            organization_id=organization,
            schedule_id=schedule_id,
            membership_id=person,
            at=request.kenali.at,
        )
    page = {"token": token, "is_stopped": request.method == "POST"}
    return render(request, "modules/reports/stop.html", page)


def _form(
    request: KenaliRequest, actor: Membership, schedule: ReportSchedule | None = None
) -> ScheduleForm:
    people = possible_recipients(request.kenali)
    if schedule is None:
        return ScheduleForm(posted(request), people=people, own=actor.id)
    return ScheduleForm(
        posted(request),
        initial=kept_values(schedule, recipient_ids(schedule)),
        people=people,
        own=actor.id,
        unseen=others_who_get_it(schedule, people),
    )


def _page(request: KenaliRequest, question: Question | None, form: ScheduleForm) -> dict[str, Any]:
    actor = member_of(request.kenali)
    context = request.kenali
    asked = question and asked_words(
        current_outline(), context, question, at=context.at, language=context.language
    )
    return {
        "form": form,
        "asked": asked,
        "query": question.query() if question else "",
        "problems": question.problems if question else (),
        "has_mail": settings.KENALI_MAIL,
        "has_email": bool(actor.user.email),
        "zone": settings.KENALI_TIME_ZONE,
    }


def _kept_question(request: KenaliRequest, schedule: ReportSchedule) -> Question | None:
    """What it shows; None when the viewer can no longer open it (a cohort that is gone)."""
    try:
        return question_from(QueryDict(schedule.query).dict(), request.kenali)
    except Http404:
        return None
