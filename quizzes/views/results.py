"""After handing in: what was found, missed and flagged in vain; and what is solid by now."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render

from course.access import KenaliRequest, requires
from course.framework.loading import published_framework
from course.roles import Ability
from quizzes import kinds
from quizzes.access import get_own_attempt_or_404, member_of
from quizzes.charts import hit_alarm_plot
from quizzes.mastery_map import draw_map
from quizzes.models import Attempt
from quizzes.policy import shows_key_after
from quizzes.published import quiz_version
from quizzes.reading import facts_of_attempt, facts_of_person, model_of
from quizzes.services.grading import Graded, grade_items
from quizzes.summary import summarise
from quizzes.telling import tell


@requires(Ability.TAKE_COURSE, methods=("GET",))
def results(request: KenaliRequest, attempt_id: UUID) -> HttpResponse:
    """The sentence first, the picture second, numbers on request; then every case."""
    attempt = get_own_attempt_or_404(request.kenali, attempt_id)
    if attempt.submitted_at is None:
        return redirect("quizzes:overview", attempt.id)
    framework, quiz = published_framework(), quiz_version(attempt.quiz_version_id)
    model = model_of(framework)
    summary = summarise(facts_of_attempt(attempt), [stage for stage, _tactics in model])
    graded = grade_items(attempt)
    page = {
        "attempt": attempt,
        "quiz": quiz,
        "summary": summary,
        "plot": hit_alarm_plot(summary.overall),
        "stage_names": _stage_names(request.kenali.language),
        "skipped": sum(one.outcome is None for one in graded),
        "total": len(graded),
        "cases": _cases(request, attempt, graded) if shows_key_after(quiz) else [],
    }
    return render(request, "quizzes/results.html", page)


def _stage_names(language: str) -> dict[str, str]:
    stages: Any = published_framework().stages
    return {key: stage.short_name.get(language, key) for key, stage in stages.items()}


def _cases(request: KenaliRequest, attempt: Attempt, graded: list[Graded]) -> list[dict[str, Any]]:
    language: Any = request.kenali.language
    framework = published_framework()
    cases = []
    for one in graded:
        if one.outcome is None:
            continue
        answer = one.response.answer if one.response else None
        shown = kinds.shown(one.item, language, seed=attempt.seed, so_far=answer)
        cases.append(
            {
                "position": one.drawn.position,
                "shown": shown,
                "unsafe": one.outcome.critical_error,
                "template": f"quizzes/told/{one.item.kind}.html",
                "told": tell(one.item, answer, language, framework, shown=shown),
            }
        )
    return cases


@requires(Ability.TAKE_COURSE, methods=("GET",))
def my_map(request: KenaliRequest) -> HttpResponse:
    """Stage by tactic: solid, or too few cases to say; the learner's own."""
    framework, language = published_framework(), request.kenali.language
    facts = facts_of_person(member_of(request.kenali))
    rows = draw_map(facts, model_of(framework))
    tactics: Any = framework.tactics
    page = {
        "rows": rows,
        "stage_names": _stage_names(language),
        "tactic_names": {key: one.name.get(language, key) for key, one in tactics.items()},
        "summary": summarise(facts, [row.stage for row in rows]),
    }
    return render(request, "quizzes/map.html", page)
