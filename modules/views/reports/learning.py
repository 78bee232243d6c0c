"""Does it work? What a group learned, for administrators and for trainers of their cohorts."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from course.access import KenaliRequest, requires
from course.framework.loading import published_framework
from course.roles import Ability
from modules.published import current_outline
from modules.report_forms import FilterForm
from modules.reports.asking import instant, question_from
from modules.reports.learning import read_learning
from modules.reports.learning_cards import Cards
from modules.reports.learning_page import LearningPage


@requires(Ability.SEE_REPORTS, methods=("GET",))
def learning(request: KenaliRequest) -> HttpResponse:
    """Sentences, pictures and tables on a group; nothing on a person."""
    context, outline = request.kenali, current_outline()
    question = question_from(request.GET, context)
    found = read_learning(outline, context, question, instant(question, context.at))
    cards = Cards(found, published_framework(), language=context.language)
    page = LearningPage(outline, context, found, language=context.language)
    shown = {"page": page, "cards": cards.all(), "form": FilterForm(page)}
    return render(request, "modules/reports/learning.html", shown)
