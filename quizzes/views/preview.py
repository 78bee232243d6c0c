"""A quiz and its cases as a learner sees them, for trainers and administrators. Nothing is kept."""

from __future__ import annotations

from typing import Any, Final

from django.http import Http404, HttpResponse
from django.urls import reverse

from course.access import KenaliRequest, requires
from course.framework.loading import published_framework
from course.roles import Ability
from course.views.pretending import Pretence, read_pretence, render_pretending
from quizzes import kinds
from quizzes.access import get_quiz_or_404
from quizzes.answers import filled
from quizzes.duties import governing, terms_of
from quizzes.forms import UNTRIED, try_answer
from quizzes.kinds import InvalidResponse
from quizzes.models import Target
from quizzes.newcomers import duties_of_newcomer
from quizzes.policy import assigned_as, draw_items, may_start
from quizzes.published import PublishedQuiz, current_bank, item_version
from quizzes.reasons import words_for
from quizzes.telling import tell

Json = dict[str, Any]
SEED: Final = "preview"
LONGEST_TALK: Final = 60  # replies; the longest conversation of the bank has far fewer


def drawn_keys(published: PublishedQuiz) -> list[str]:
    """The cases that this quiz draws in a preview: each time the same."""
    bank, quiz = current_bank(), published.quiz
    return draw_items(
        quiz.draws,
        bank.candidates,
        {},
        seed=SEED,
        shuffle=quiz.shuffle,
        sensitive=bank.sensitive,
    )


@requires(Ability.PREVIEW, methods=("GET",))
def quiz(request: KenaliRequest, quiz_key: str) -> HttpResponse:
    """Its rules in words, whether it can be begun on that day, and the way to each case."""
    published = get_quiz_or_404(quiz_key)
    pretence = read_pretence(request)
    duties = duties_of_newcomer(pretence.cohort, at=pretence.at) if pretence.cohort else []
    rules = published.quiz
    allowed = may_start(rules, [], own_form=None, at=pretence.at, terms=terms_of(duties, rules))
    page = {
        "quiz": rules,
        "duty": governing(duties, Target.QUIZ, assigned_as(rules), usual=rules.attempts),
        "why_not": words_for(allowed),
        "keys": drawn_keys(published),
    }
    return render_pretending(request, pretence, "quizzes/preview_quiz.html", page)


@requires(Ability.PREVIEW, methods=("GET", "POST"))
def item(request: KenaliRequest, item_key: str) -> HttpResponse:
    """One case, in its current version, asked and told. Sending an answer keeps nothing."""
    published = current_bank().items.get(item_key)
    if published is None:
        raise Http404
    document, pretence = item_version(published.version_id), read_pretence(request)
    asked_in = current_bank().quizzes.get(request.GET.get("quiz", ""))
    page = _page(request, document, pretence, asked_in)
    status = 422 if page["problem"] else 200
    return render_pretending(request, pretence, "quizzes/preview_item.html", page, status=status)


def _page(
    request: KenaliRequest, item: kinds.Item, pretence: Pretence, asked_in: PublishedQuiz | None
) -> Json:
    given, typed, problem = _read(request, item) if request.method == "POST" else UNTRIED
    language: Any = pretence.language
    shown = kinds.shown(item, language, seed=SEED, so_far=given)
    is_over = given is not None and kinds.is_finished(item, given)
    told = tell(item, given, language, published_framework(), shown=shown) if is_over else None
    return {
        "item_key": item.key,
        "quiz": asked_in.quiz if asked_in else None,
        "shown": shown,
        "template": f"quizzes/items/{item.kind}.html",
        "given": filled(typed or given),
        "said": _spoken(given) if given and not is_over else "",
        "must_answer": True,
        "asks_confidence": asked_in is not None and asked_in.quiz.confidence,
        "told": told,
        "told_template": f"quizzes/told/{item.kind}.html",
        "problem": problem,
        **_neighbours(item.key, asked_in, pretence),
    }


def _neighbours(key: str, asked_in: PublishedQuiz | None, pretence: Pretence) -> Json:
    """Where "Continue" leads, and the number of the case; without a quiz the case stands alone."""
    if asked_in is None:
        return {"next": "", "number": 0, "total": 0, "here": _address(key, None, pretence)}
    keys = drawn_keys(asked_in)
    place = keys.index(key) if key in keys else -1
    follows = keys[place + 1] if 0 <= place < len(keys) - 1 else None
    over = reverse("quizzes:preview_quiz", args=[asked_in.quiz.key]) + pretence.query
    return {
        "next": _address(follows, asked_in, pretence) if follows else over,
        "number": place + 1,
        "total": len(keys),
        "here": _address(key, asked_in, pretence),
    }


def _address(key: str, asked_in: PublishedQuiz | None, pretence: Pretence) -> str:
    here = reverse("quizzes:preview_item", args=[key]) + pretence.query
    return f"{here}&quiz={asked_in.quiz.key}" if asked_in else here


def _read(request: KenaliRequest, item: kinds.Item) -> tuple[Json | None, Json, str]:
    """(The answer or None, what was filled in wrongly, what is wrong with it)."""
    so_far = _talk(item, request.POST.get("said", ""))
    answer, typed, problem = try_answer(item, request.POST, so_far=so_far)
    return (so_far, typed, problem) if problem else (answer, {}, "")


def _spoken(answer: Json) -> str:
    """A conversation so far, for a hidden field: the page remembers it, and nobody else."""
    return " ".join(f"{step['node']}/{step['reply']}" for step in answer.get("path", ()))


def _talk(item: kinds.Item, said: str) -> Json | None:
    """The conversation in the hidden field; nothing when it is none."""
    words = said.split(" ", LONGEST_TALK)[:LONGEST_TALK] if item.kind == "dialogue" else []
    steps = [word.partition("/") for word in words if word]
    if not steps:
        return None
    path = {"path": [{"node": node, "reply": reply} for node, _slash, reply in steps]}
    return None if isinstance(kinds.validate(item, path), InvalidResponse) else path
