"""Which quizzes there are for me, and what each is."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from course.access import KenaliRequest, requires
from course.models import Membership
from course.roles import Ability
from quizzes.access import get_quiz_or_404, member_of
from quizzes.models import Attempt
from quizzes.policy import Answer, form_for, may_start
from quizzes.published import PublishedQuiz, current_bank
from quizzes.reasons import words_for

SHOWN = ("pre-test", "module", "final", "follow-up", "practice", "inbox")


@requires(Ability.TAKE_COURSE, methods=("GET",))
def quizzes(request: KenaliRequest) -> HttpResponse:
    """Every quiz that is mine, with where I stand."""
    entries = entries_for(member_of(request.kenali), request.kenali.at)
    groups: dict[str, list[Any]] = defaultdict(list)
    for entry in entries:
        groups[entry["quiz"].kind].append(entry)
    ordered = [(kind, groups[kind]) for kind in SHOWN if groups[kind]]
    return render(request, "quizzes/quizzes.html", {"groups": ordered})


def entries_for(membership: Membership, at: datetime) -> list[dict[str, Any]]:
    """Each quiz of this person: rules, open and earlier attempts, may it begin: two queries."""
    bank = current_bank()
    taken: dict[Any, list[Attempt]] = defaultdict(list)
    for attempt in Attempt.objects.of_person(membership).order_by("number"):
        taken[attempt.quiz_id].append(attempt)
    finals = sum(
        attempt.submitted_at is not None
        for quiz in bank.quizzes.values()
        if quiz.quiz.kind == "final"
        for attempt in taken[quiz.id]
    )
    entries = []
    for quiz in bank.quizzes.values():
        entry = _entry(quiz, taken[quiz.id], membership, finals, at)
        mine = entry["allowed"].reason != "other_form" or entry["attempts"]
        if quiz.quiz.kind in SHOWN and mine:
            entries.append(entry)
    return entries


def _entry(
    quiz: PublishedQuiz, attempts: list[Attempt], membership: Membership, finals: int, at: datetime
) -> dict[str, Any]:
    handed_in = [one.submitted_at for one in attempts if one.submitted_at]
    has_form = quiz.quiz.form is not None
    own = form_for(quiz.quiz.kind, membership.id, finals_taken=finals) if has_form else None
    allowed: Answer = may_start(quiz.quiz, handed_in, own_form=own, at=at)
    return {
        "published": quiz,
        "quiz": quiz.quiz,
        "attempts": [one for one in attempts if one.submitted_at],
        "open": next((one for one in attempts if not one.submitted_at), None),
        "allowed": allowed,
        "why_not": words_for(allowed),
    }


@requires(Ability.TAKE_COURSE, methods=("GET",))
def quiz(request: KenaliRequest, quiz_key: str) -> HttpResponse:
    """What this quiz is, its rules in words, and one button."""
    published = get_quiz_or_404(quiz_key)
    membership = member_of(request.kenali)
    entry = next(
        (
            one
            for one in entries_for(membership, request.kenali.at)
            if one["published"].id == published.id
        ),
        None,
    )
    if entry is None:  # a form that is not mine, or the taster
        finals = 0
        entry = _entry(published, [], membership, finals, request.kenali.at)
    return render(request, "quizzes/quiz.html", entry)
