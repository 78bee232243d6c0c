"""Who has completed what: the page of numbers, and the list of people behind each of them."""

from __future__ import annotations

from typing import Final

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from course.access import KenaliRequest, requires
from course.roles import Ability
from course.views.organisation import page_number
from modules.published import current_outline
from modules.report_forms import FilterForm, ViewNameForm
from modules.reports.asking import instant, question_from
from modules.reports.completion import read_people, read_summary
from modules.reports.page import CompletionPage, Frame, tab_of
from modules.reports.people_page import PeoplePage
from quizzes.access import learners_seen_by

PEOPLE_ON_A_PAGE: Final = 50


@requires(Ability.SEE_REPORTS, methods=("GET",))
def report(request: KenaliRequest) -> HttpResponse:
    """How many have completed, of whom, as of when, and who is left out."""
    context, outline = request.kenali, current_outline()
    question, by = question_from(request.GET, context), tab_of(request.GET)
    summary = read_summary(outline, context, question, instant(question, context.at), by=by)
    page = CompletionPage(outline, context, question, summary, language=context.language)
    shown = {"page": page, "form": FilterForm(page), "keep": ViewNameForm()}
    return render(request, "modules/reports/completion.html", shown)


@requires(Ability.SEE_REPORTS, methods=("GET",))
def people(request: KenaliRequest) -> HttpResponse:
    """The people behind a number, fifty to a page."""
    context, outline = request.kenali, current_outline()
    question = question_from(request.GET, context)
    at = instant(question, context.at)
    teller, ids = read_people(outline, context, question, at)
    page = Paginator(ids, PEOPLE_ON_A_PAGE).get_page(page_number(request))
    with_page = learners_seen_by(context).filter(id__in=list(page))
    shown = {
        "frame": PeoplePage(Frame(outline, context, question, at=at, language=context.language)),
        "page": page,
        "lines": teller.tell(list(page)),
        "with_page": set(with_page.values_list("id", flat=True)),
        "reads_answers": context.can(Ability.READ_ANSWERS),
        "manages": context.can(Ability.MANAGE_PEOPLE),
    }
    return render(request, "modules/reports/people.html", shown)
