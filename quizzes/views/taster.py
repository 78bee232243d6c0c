"""A first taste for visitors: one case at a time, told at once, nothing kept anywhere."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render

from course.access import KenaliRequest, public
from course.framework.loading import published_framework
from quizzes import kinds
from quizzes.answers import filled
from quizzes.forms import UNTRIED, try_answer
from quizzes.policy import draw_items
from quizzes.published import current_bank, item_version
from quizzes.telling import tell

Json = dict[str, Any]
KEY, SEED = "taster", "taster"


def taster_keys() -> list[str]:
    """The cases of the taster, the same for everybody."""
    bank = current_bank()
    quiz = bank.quizzes.get(KEY)
    if quiz is None:
        return []
    return draw_items(quiz.quiz.draws, bank.candidates, {}, seed=SEED, shuffle=quiz.quiz.shuffle)


@public(methods=("GET",))
def taster(request: KenaliRequest) -> HttpResponse:
    """What it is, and where it begins."""
    return render(request, "quizzes/taster.html", {"total": len(taster_keys())})


@public(methods=("GET", "POST"))
def taster_item(request: KenaliRequest, number: int) -> HttpResponse:
    """One case; sending it tells at once. Nothing is stored, here or in the browser."""
    keys = taster_keys()
    if not 1 <= number <= len(keys):
        raise Http404
    item = item_version(current_bank().items[keys[number - 1]].version_id)
    language: Any = request.kenali.language
    given, typed, problem = try_answer(item, request.POST) if request.method == "POST" else UNTRIED
    shown = kinds.shown(item, language, seed=SEED, so_far=given)
    page = {
        "number": number,
        "total": len(keys),
        "shown": shown,
        "template": f"quizzes/items/{item.kind}.html",
        "given": filled(typed),
        "must_answer": True,
        "asks_confidence": False,  # it would only be for the learner, who does not come back here
        "told": tell(item, given, language, published_framework(), shown=shown) if given else None,
        "told_template": f"quizzes/told/{item.kind}.html",
        "problem": problem,
    }
    return render(request, "quizzes/taster_item.html", page, status=422 if problem else 200)
