"""What a trainer sees of one learner's quizzes: the list, one attempt as the learner saw it, notes.

Reading answers is a deed: a POST keeps it in the record, and only then the page shows them, in this
session and for a few hours. How sure the learner was is shown nowhere here.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from course.access import KenaliRequest, requires, see_other
from course.framework.loading import published_framework
from course.models import Membership
from course.roles import Ability
from course.services import Refused
from course.views import MENDABLE
from course.views.organisation import page_number
from quizzes.access import get_attempt_of_or_404, get_learner_or_404, member_of
from quizzes.forms import NoteForm
from quizzes.models import Attempt
from quizzes.policy import shows_key_after
from quizzes.published import quiz_version
from quizzes.reading import counts_by_attempt, facts_for_trainer, model_of
from quizzes.services.commenting import add_comment, record_reading
from quizzes.services.grading import grade_items
from quizzes.summary import Counts, summarise
from quizzes.views.marks import place_corrections, typed_by
from quizzes.views.told_cases import cases_for_trainer, place_notes, stage_names

OPENED: Final = "opened"  # of the session: attempt id -> when
OPEN_FOR: Final = timedelta(hours=8)
MOST_OPENED: Final = 40
ATTEMPTS_ON_A_PAGE: Final = 30


@requires(Ability.READ_ANSWERS, methods=("GET",))
def attempts(request: KenaliRequest, person_id: UUID) -> HttpResponse:
    """Every attempt of one learner, the newest first, in counts."""
    person = get_learner_or_404(request.kenali, person_id)
    mine = Attempt.objects.of_person(person).for_trainers()
    rows = mine.for_attempt_page().order_by("-started_at", "-id")
    page = Paginator(rows, ATTEMPTS_ON_A_PAGE).get_page(page_number(request))
    counts = counts_by_attempt(person.organization_id, [one.id for one in page])
    shown = [
        {
            "attempt": one,
            "quiz": quiz_version(one.quiz_version_id),
            "counts": counts.get(one.id, Counts()),
        }
        for one in page
    ]
    return render(request, "quizzes/attempts.html", {"person": person, "page": page, "rows": shown})


@requires(Ability.READ_ANSWERS, methods=("GET",))
def attempt(request: KenaliRequest, person_id: UUID, attempt_id: UUID) -> HttpResponse:
    """One attempt. Its answers only after `open_answers`, and never while it is open."""
    person = get_learner_or_404(request.kenali, person_id)
    found = get_attempt_of_or_404(person, attempt_id)
    return _page(request, person, found)


@requires(Ability.READ_ANSWERS, methods=("POST",))
def open_answers(request: KenaliRequest, person_id: UUID, attempt_id: UUID) -> HttpResponse:
    """Keep in the record that the answers are read, then show them."""
    person = get_learner_or_404(request.kenali, person_id)
    found = get_attempt_of_or_404(person, attempt_id)
    if found.submitted_at is not None:
        record_reading(attempt=found, actor=member_of(request.kenali), at=request.kenali.at)
        _remember(request, found)
    return see_other(reverse("quizzes:person_attempt", args=[person.id, found.id]))


@requires(Ability.READ_ANSWERS, methods=("POST",))
def write_note(request: KenaliRequest, person_id: UUID, attempt_id: UUID) -> HttpResponse:
    """Write a note beside a case, or on the whole attempt."""
    person = get_learner_or_404(request.kenali, person_id)
    found = get_attempt_of_or_404(person, attempt_id)
    here = reverse("quizzes:person_attempt", args=[person.id, found.id])
    if not _is_opened(request, found):
        return see_other(here)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _page(request, person, found, refused=form)
    case = form.cleaned_data["case"]
    try:
        add_comment(
            attempt=found,
            position=case,
            author=member_of(request.kenali),
            text=form.cleaned_data["text"],
            at=request.kenali.at,
        )
    except Refused as refusal:
        form.refuse(refusal)
        return _page(request, person, found, refused=form)
    messages.success(request, _("Kept. The learner sees it beside the answer."))
    return see_other(f"{here}#notes-{case}" if case else here)


def _remember(request: KenaliRequest, opened: Attempt) -> None:
    """This session has opened these answers. Old entries fall out."""
    kept = [*request.session.get(OPENED, {}).items()][-MOST_OPENED + 1 :]
    request.session[OPENED] = dict(kept) | {str(opened.id): request.kenali.at.isoformat()}


def _is_opened(request: KenaliRequest, found: Attempt) -> bool:
    since = request.session.get(OPENED, {}).get(str(found.id))
    if since is None or found.submitted_at is None:
        return False
    return request.kenali.at - datetime.fromisoformat(since) < OPEN_FOR


def _page(
    request: KenaliRequest, person: Membership, found: Attempt, *, refused: NoteForm | None = None
) -> HttpResponse:
    quiz = quiz_version(found.quiz_version_id)
    page: dict[str, Any] = {"person": person, "attempt": found, "quiz": quiz, "cases": []}
    if not _is_opened(request, found):
        return render(request, "quizzes/attempt_closed.html", page)
    stages = [stage for stage, _tactics in model_of(published_framework())]
    language = request.kenali.language
    if shows_key_after(quiz):
        page["cases"] = cases_for_trainer(found, grade_items(found), language)
        place_corrections(found, page["cases"], language)
    summary = summarise(facts_for_trainer(found), stages)
    page |= {
        "overall": summary.overall,
        "stages": summary.stages,
        "critical_errors": summary.critical_errors,
        "stage_names": stage_names(language),
        "notes": place_notes(found, page["cases"]),
        "typed_by": typed_by(found),
        "refused": refused,
        "refused_case": refused.data.get("case", "") if refused else None,
    }
    for case in page["cases"]:
        case["form"] = _note_form(case["position"], refused)
    page["form"] = _note_form(None, refused)
    return render(request, "quizzes/attempt.html", page, status=MENDABLE if refused else 200)


def _note_form(position: int | None, refused: NoteForm | None) -> NoteForm:
    """A fresh form for one case (None: the whole); the refused one where it came from."""
    if refused is not None and refused.data.get("case", "") == (str(position) if position else ""):
        return refused
    return NoteForm(initial={"case": position}, auto_id=f"note_{position or 'whole'}_%s")
