"""Quizzes on paper: make a sheet, print it with its key, type the answers of one person in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from course.access import KenaliRequest, get_cohort_or_404, requires, see_other
from course.framework.schema import LANGUAGES
from course.models import Cohort, Membership
from course.roles import Ability, Role
from course.services import Refused
from course.views import answer_with_form, posted
from quizzes.access import get_quiz_or_404, get_sheet_or_404, member_of
from quizzes.models import PaperSheet
from quizzes.paper import key_line, lettered
from quizzes.paper_forms import PaperForm
from quizzes.published import current_bank
from quizzes.reasons import words_for
from quizzes.services.attempting import NotAllowed
from quizzes.services.papering import (
    BadLines,
    Question,
    can_be_printed,
    enter_sheet,
    make_sheet,
    questions_of,
)

MOST_SHEETS = 50


@requires(Ability.TEACH, methods=("GET", "POST"))
def papers(request: KenaliRequest, cohort_id: UUID) -> HttpResponse:
    """The sheets of the cohort, and a button for a new one of each quiz."""
    cohort = get_cohort_or_404(request.kenali, cohort_id)
    if request.method == "POST":
        try:
            sheet = make_sheet(
                cohort=cohort,
                quiz=get_quiz_or_404(request.POST.get("quiz", "")),
                actor=member_of(request.kenali),
                at=request.kenali.at,
            )
        except Refused as refusal:
            messages.error(request, str(refusal.reason))
            return see_other(reverse("quizzes:papers", args=[cohort.id]))
        return see_other(reverse("quizzes:paper", args=[cohort.id, sheet.id]))
    page = {
        "cohort": cohort,
        "quizzes": [one.quiz for one in current_bank().quizzes.values() if can_be_printed(one)],
        "sheets": _sheets(cohort),
    }
    return render(request, "quizzes/papers.html", page)


def _sheets(cohort: Cohort) -> list[PaperSheet]:
    rows: Any = PaperSheet.objects.in_organization(cohort.organization_id)
    mine = rows.filter(cohort_id=cohort.id).select_related("quiz__current")
    return list(mine.order_by("-made_at")[:MOST_SHEETS])


@requires(Ability.TEACH, methods=("GET",))
def paper(request: KenaliRequest, cohort_id: UUID, sheet_id: UUID) -> HttpResponse:
    """The sheet, and on a page of its own the key."""
    cohort = get_cohort_or_404(request.kenali, cohort_id)
    sheet = get_sheet_or_404(cohort, sheet_id)
    quiz: Any = sheet.quiz
    asked = request.GET.get("language", "")
    language: Any = asked if asked in LANGUAGES else request.kenali.language
    page = {
        "cohort": cohort,
        "sheet": sheet,
        "title": quiz.current.document["title"],
        "language": language,
        "languages": LANGUAGES,
        "questions": [_printed(one) for one in questions_of(sheet, language)],
    }
    return render(request, "quizzes/paper.html", page)


def _printed(one: Question) -> dict[str, Any]:
    """A question with its parts lettered."""
    lists = {name: lettered(one.shown.get(name, ())) for name in ("options", "events", "targets")}
    return {
        "number": one.number,
        "shown": one.shown,
        "key": key_line(one.item, one.shown),
        **lists,
    }


@requires(Ability.TEACH, methods=("GET", "POST"))
def paper_enter(request: KenaliRequest, cohort_id: UUID, sheet_id: UUID) -> HttpResponse:
    """Type in what one person answered, who agreed to it."""
    cohort = get_cohort_or_404(request.kenali, cohort_id)
    sheet = get_sheet_or_404(cohort, sheet_id)
    quiz = current_bank().quizzes.get(sheet.quiz.key)
    if quiz is None:
        raise Http404
    questions = questions_of(sheet, request.kenali.language)
    form = PaperForm(posted(request), people=_people(request, cohort), questions=questions)
    refusal = None
    if form.is_valid():
        try:
            enter_sheet(
                sheet=sheet,
                quiz=quiz,
                person=form.people[form.cleaned_data["person"]],
                lines=form.lines(),
                actor=member_of(request.kenali),
                at=request.kenali.at,
            )
            messages.success(request, _("Kept. It counts like an attempt on the screen."))
            return see_other(reverse("quizzes:paper_enter", args=[cohort.id, sheet.id]))
        except BadLines as problem:
            form.refuse_lines(problem.numbers)
        except NotAllowed as problem:
            refusal = Refused(words_for(problem.answer))
        except Refused as caught:
            refusal = caught
    page = {"cohort": cohort, "sheet": sheet, "form": form}
    return answer_with_form(request, "quizzes/paper_enter.html", page, form=form, refusal=refusal)


def _people(request: KenaliRequest, cohort: Cohort) -> list[Membership]:
    rows = Membership.objects.visible_to(request.kenali).active()
    learners = rows.filter(role=Role.LEARNER.value, cohort_places__cohort=cohort)
    return list(learners.select_related("user").order_by("user__username"))
