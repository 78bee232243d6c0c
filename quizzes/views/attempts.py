"""Taking a quiz: begin, answer one by one, leave and come back, look over, hand in, see."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from course.access import KenaliRequest, requires, see_other
from course.framework.loading import published_framework
from course.roles import Ability
from quizzes import kinds
from quizzes.access import get_own_attempt_or_404, get_quiz_or_404, member_of
from quizzes.answers import filled, places_of
from quizzes.forms import Sent, Unreadable, fresh_key, read_answer, words_about
from quizzes.models import Attempt, AttemptItem, Response
from quizzes.models.attempts import newest_answers
from quizzes.policy import shows_feedback_now
from quizzes.published import item_version, quiz_version
from quizzes.reasons import words_for
from quizzes.schema import Quiz
from quizzes.services.attempting import (
    BadAnswer,
    NotAllowed,
    is_complete,
    items_of,
    last_instant,
    mark_later,
    record_response,
    shown_end,
    start_attempt,
)
from quizzes.services.grading import submit_attempt
from quizzes.telling import tell

CONFLICT, MENDABLE = 409, 422
NEAR = timedelta(hours=2)


@requires(Ability.TAKE_COURSE, methods=("POST",))
def start(request: KenaliRequest, quiz_key: str) -> HttpResponse:
    """Begin, or go on with the attempt that is open."""
    quiz = get_quiz_or_404(quiz_key)
    membership = member_of(request.kenali)
    try:
        attempt = start_attempt(membership=membership, quiz=quiz, at=request.kenali.at)
    except NotAllowed as refusal:
        return _refused(request, refusal)
    return see_other(reverse("quizzes:resume", args=[attempt.id]))


@requires(Ability.TAKE_COURSE, methods=("GET",))
def resume(request: KenaliRequest, attempt_id: UUID) -> HttpResponse:
    """The first item without a complete answer; when there is none, the look over everything."""
    attempt = get_own_attempt_or_404(request.kenali, attempt_id)
    if attempt.submitted_at is not None:
        return redirect("quizzes:results", attempt.id)
    for row in _rows(attempt):
        if not row["answered"]:
            return redirect("quizzes:item", attempt.id, row["drawn"].position)
    return redirect("quizzes:overview", attempt.id)


def _rows(attempt: Attempt) -> list[dict[str, Any]]:
    """Every item with whether it is done: answered to its end, or skipped."""
    answers = newest_answers(Response.objects.of_attempt(attempt))
    rows = []
    for drawn in items_of(attempt):
        kept = answers.get(drawn.position)
        skipped = kept is not None and kept.skipped
        answered = kept is not None and _is_done(item_version(drawn.item_version_id), kept)
        rows.append({"drawn": drawn, "answered": answered, "skipped": skipped})
    return rows


def _is_done(document: kinds.Item, kept: Response) -> bool:
    if kept.skipped:
        return True
    return is_complete(document, kept) and kinds.score(document, kept.answer).answered


@requires(Ability.TAKE_COURSE, methods=("GET", "POST"))
def item(request: KenaliRequest, attempt_id: UUID, number: int) -> HttpResponse:
    """One item. A POST keeps the answer and only then draws what comes next."""
    attempt = get_own_attempt_or_404(request.kenali, attempt_id)
    drawn = items_of(attempt).filter(position=number).first()
    if drawn is None:
        raise Http404
    if request.method == "POST":
        return _answer(request, attempt, drawn)
    if attempt.submitted_at is not None:
        return redirect("quizzes:results", attempt.id)
    return _show(request, attempt, drawn)


def _answer(request: KenaliRequest, attempt: Attempt, drawn: AttemptItem) -> HttpResponse:
    document = item_version(drawn.item_version_id)
    before = Response.objects.of_attempt(attempt).filter(position=drawn.position).last()
    try:
        sent = read_answer(request, document, so_far=before.answer if before else None)
        _require_something(attempt, document, sent)
        recorded = record_response(
            attempt=attempt,
            position=drawn.position,
            client_key=sent.client_key,
            answer=sent.answer,
            skipped=sent.wants == "skip",
            language=sent.language,
            at=request.kenali.at,
        )
    except Unreadable as problem:
        return HttpResponseBadRequest(str(problem), content_type="text/plain")
    except NotAllowed as refusal:
        return _refused(request, refusal, attempt)
    except BadAnswer as problem:
        return _not_an_answer(request, attempt, drawn, problem, sent)
    if request.content_type == "application/json":
        return JsonResponse(
            {"received": recorded.response.answered_at, "replayed": recorded.replayed}
        )
    return see_other(_after(attempt, drawn, document, recorded.response, sent))


def _require_something(attempt: Attempt, document: kinds.Item, sent: Sent) -> None:
    """Where the reasons follow at once, an empty answer would use the item up. Raises BadAnswer."""
    if sent.wants == "skip" or not shows_feedback_now(quiz_version(attempt.quiz_version_id)):
        return
    answer = kinds.validate(document, sent.answer)
    if isinstance(answer, dict) and not kinds.score(document, answer).answered:
        raise BadAnswer("incomplete")


def _after(
    attempt: Attempt, drawn: AttemptItem, document: kinds.Item, kept: Response, sent: Sent
) -> str:
    """Where a kept answer leads: to its feedback, on in the conversation, or to the next item."""
    here = reverse("quizzes:item", args=[attempt.id, drawn.position])
    if not is_complete(document, kept):
        return f"{here}#now"
    if shows_feedback_now(quiz_version(attempt.quiz_version_id)) and not kept.skipped:
        return f"{here}#told"
    if sent.wants == "overview":
        return reverse("quizzes:overview", args=[attempt.id])
    return next_address(attempt, drawn.position)


def next_address(attempt: Attempt, position: int) -> str:
    """The item after this one, or the look over everything after the last."""
    if items_of(attempt).filter(position=position + 1).exists():
        return reverse("quizzes:item", args=[attempt.id, position + 1])
    return reverse("quizzes:overview", args=[attempt.id])


def _show(
    request: KenaliRequest,
    attempt: Attempt,
    drawn: AttemptItem,
    *,
    problem: str = "",
    typed: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of an item. `typed`: an answer that was refused, to be mended on the page."""
    document, quiz = item_version(drawn.item_version_id), quiz_version(attempt.quiz_version_id)
    kept = Response.objects.of_attempt(attempt).filter(position=drawn.position).last()
    given = kept.answer if kept else None
    language: Any = request.kenali.language
    shown = kinds.shown(document, language, seed=attempt.seed, so_far=given)
    told = None
    if kept is not None and shows_feedback_now(quiz) and is_complete(document, kept):
        told = tell(document, given, language, published_framework(), shown=shown)
    page = {
        "attempt": attempt,
        "quiz": quiz,
        "drawn": drawn,
        "total": items_of(attempt).count(),
        "minutes_left": _minutes_left(attempt, quiz, request.kenali.at),
        "shown": shown,
        "language": language,
        "template": f"quizzes/items/{document.kind}.html",
        "given": filled(typed or given),
        "skipped": kept is not None and kept.skipped,
        "must_answer": shows_feedback_now(quiz),
        "asks_confidence": quiz.confidence,
        "told": told,
        "told_template": f"quizzes/told/{document.kind}.html",
        "key": fresh_key(),
        "problem": problem,
        "next": next_address(attempt, drawn.position),
        "item_key": document.key if request.kenali.can(Ability.PREVIEW) else "",
    }
    return render(request, "quizzes/item.html", page, status=status)


def _minutes_left(attempt: Attempt, quiz: Quiz, at: datetime) -> int | None:
    """Whole minutes until the end that is shown, before the grace; None when none is near."""
    end = shown_end(attempt, quiz, at=at)
    if end is None or (attempt.closes_at is None and end - at > NEAR):
        return None  # a date that is days away is no clock to hurry by
    return max(0, math.ceil((end - at) / timedelta(minutes=1)))


def _not_an_answer(
    request: KenaliRequest,
    attempt: Attempt,
    drawn: AttemptItem,
    problem: BadAnswer,
    sent: Sent,
) -> HttpResponse:
    document = item_version(drawn.item_version_id)
    words = words_about(document.kind, problem.reason)
    if request.content_type == "application/json":
        return JsonResponse({"error": problem.reason, "message": words}, status=MENDABLE)
    # A conversation is shown as it is kept; everything else as it was just filled in.
    typed = None if document.kind == "dialogue" else sent.answer
    if document.kind == "sequence":
        typed = {"places": places_of(document, request.POST)}
    return _show(request, attempt, drawn, problem=words, typed=typed, status=MENDABLE)


def _refused(
    request: KenaliRequest, refusal: NotAllowed, attempt: Attempt | None = None
) -> HttpResponse:
    words = words_for(refusal.answer)
    if request.content_type == "application/json":
        body = {"error": str(refusal.answer.reason), "message": words}
        return JsonResponse(body, status=CONFLICT)
    page = {"words": words, "attempt": attempt}
    return render(request, "quizzes/refused.html", page, status=CONFLICT)


@requires(Ability.TAKE_COURSE, methods=("POST",))
def later(request: KenaliRequest, attempt_id: UUID, number: int) -> HttpResponse:
    """The learner's own mark to come back to an item, on or off."""
    attempt = get_own_attempt_or_404(request.kenali, attempt_id)
    if not items_of(attempt).filter(position=number).exists():
        raise Http404
    try:
        mark_later(attempt=attempt, position=number, later=request.POST.get("later") == "yes")
    except NotAllowed as refusal:
        return _refused(request, refusal, attempt)
    return see_other(reverse("quizzes:item", args=[attempt.id, number]))


@requires(Ability.TAKE_COURSE, methods=("GET",))
def overview(request: KenaliRequest, attempt_id: UUID) -> HttpResponse:
    """Everything at a glance before handing in: answered, open, marked."""
    attempt = get_own_attempt_or_404(request.kenali, attempt_id)
    if attempt.submitted_at is not None:
        return redirect("quizzes:results", attempt.id)
    rows, quiz = _rows(attempt), quiz_version(attempt.quiz_version_id)
    end = last_instant(attempt, quiz, at=request.kenali.at)
    page = {
        "attempt": attempt,
        "quiz": quiz,
        "rows": rows,
        "open": sum(not row["answered"] for row in rows),
        "is_over": end is not None and request.kenali.at > end,
    }
    return render(request, "quizzes/overview.html", page)


@requires(Ability.TAKE_COURSE, methods=("POST",))
def submit(request: KenaliRequest, attempt_id: UUID) -> HttpResponse:
    """Hand in. Twice is once."""
    attempt = get_own_attempt_or_404(request.kenali, attempt_id)
    submit_attempt(attempt=attempt, at=request.kenali.at)
    return see_other(reverse("quizzes:results", args=[attempt.id]))
