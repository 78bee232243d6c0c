"""After handing in: what was found, missed and flagged in vain; and what is solid by now."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from course.access import KenaliRequest, requires, see_other
from course.framework.loading import published_framework
from course.roles import Ability
from quizzes.access import get_own_attempt_or_404, member_of
from quizzes.charts import hit_alarm_plot
from quizzes.mastery_map import draw_map
from quizzes.policy import shows_key_after
from quizzes.published import quiz_version
from quizzes.reading import facts_of_attempt, facts_of_person, model_of
from quizzes.services.commenting import mark_comments_read
from quizzes.services.grading import grade_items
from quizzes.summary import summarise
from quizzes.views.marks import place_corrections, typed_by
from quizzes.views.told_cases import cases_of, place_notes, stage_names


@requires(Ability.TAKE_COURSE, methods=("GET",))
def results(request: KenaliRequest, attempt_id: UUID) -> HttpResponse:
    """The sentence first, the picture second, numbers on request; then every case."""
    attempt = get_own_attempt_or_404(request.kenali, attempt_id)
    if attempt.submitted_at is None:
        return redirect("quizzes:overview", attempt.id)
    framework, quiz = published_framework(), quiz_version(attempt.quiz_version_id)
    model = model_of(framework)
    summary = summarise(facts_of_attempt(attempt), [stage for stage, _tactics in model])
    graded, language = grade_items(attempt), request.kenali.language
    cases = cases_of(attempt, graded, language) if shows_key_after(quiz) else []
    notes = place_notes(attempt, cases)
    place_corrections(attempt, cases, language)
    page = {
        "attempt": attempt,
        "quiz": quiz,
        "summary": summary,
        "plot": hit_alarm_plot(summary.overall),
        "stage_names": stage_names(language),
        "skipped": sum(one.outcome is None for one in graded),
        "total": len(graded),
        "cases": cases,
        "notes": notes,
        "typed_by": typed_by(attempt),
        "new_notes": [
            note
            for group in (notes, *(case["notes"] for case in cases))
            for note in group
            if not note.is_read
        ],
    }
    return render(request, "quizzes/results.html", page)


@requires(Ability.TAKE_COURSE, methods=("POST",))
def notes_read(request: KenaliRequest, attempt_id: UUID) -> HttpResponse:
    """The learner has read the notes on this attempt."""
    attempt = get_own_attempt_or_404(request.kenali, attempt_id)
    mark_comments_read(attempt=attempt, at=request.kenali.at)
    return see_other(reverse("quizzes:results", args=[attempt.id]))


@requires(Ability.TAKE_COURSE, methods=("GET",))
def my_map(request: KenaliRequest) -> HttpResponse:
    """Stage by tactic: solid, or too few cases to say; the learner's own."""
    framework, language = published_framework(), request.kenali.language
    facts = facts_of_person(member_of(request.kenali))
    rows = draw_map(facts, model_of(framework))
    tactics: Any = framework.tactics
    page = {
        "rows": rows,
        "stage_names": stage_names(language),
        "tactic_names": {key: one.name.get(language, key) for key, one in tactics.items()},
        "summary": summarise(facts, [row.stage for row in rows]),
    }
    return render(request, "quizzes/map.html", page)
