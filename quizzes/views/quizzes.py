"""Which quizzes there are for me, and what each is."""

from __future__ import annotations

from collections import defaultdict

from django.http import HttpResponse
from django.shortcuts import render

from course.access import KenaliRequest, requires
from course.roles import Ability
from quizzes.access import get_quiz_or_404, member_of
from quizzes.listing import LISTED, Entry, entries_for, entry_of
from quizzes.reasons import words_for


@requires(Ability.TAKE_COURSE, methods=("GET",))
def quizzes(request: KenaliRequest) -> HttpResponse:
    """Every quiz that is mine, with where I stand."""
    groups: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries_for(member_of(request.kenali), at=request.kenali.at):
        groups[entry.quiz.kind].append(entry)
    ordered = [(kind, groups[kind]) for kind in LISTED if groups[kind]]
    return render(request, "quizzes/quizzes.html", {"groups": ordered})


@requires(Ability.TAKE_COURSE, methods=("GET",))
def quiz(request: KenaliRequest, quiz_key: str) -> HttpResponse:
    """What this quiz is, its rules in words, and one button."""
    published = get_quiz_or_404(quiz_key)
    membership, at = member_of(request.kenali), request.kenali.at
    entries = {entry.published.id: entry for entry in entries_for(membership, at=at)}
    entry = entries.get(published.id) or entry_of(published, [], membership, {}, duties=[], at=at)
    page = {"entry": entry, "quiz": entry.quiz, "why_not": words_for(entry.allowed)}
    return render(request, "quizzes/quiz.html", page)
