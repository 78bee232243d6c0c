"""Every case of a handed-in attempt with what there is to tell, for the learner and the trainer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from course.framework.loading import published_framework
from quizzes import kinds
from quizzes.kinds import Item
from quizzes.models import Attempt, Comment
from quizzes.services.grading import Graded
from quizzes.telling import tell

Json = dict[str, Any]


def stage_names(language: str) -> dict[str, str]:
    """Key of a stage -> its short name."""
    stages: Any = published_framework().stages
    return {key: stage.short_name.get(language, key) for key, stage in stages.items()}


def cases_of(attempt: Attempt, graded: Iterable[Graded], language: str) -> list[Json]:
    """The cases as the learner sees them: what was skipped is left out."""
    return [
        told_case(
            attempt,
            one.drawn.position,
            one.item,
            one.response.answer if one.response else None,
            language,
            unsafe=one.outcome.critical_error,
        )
        for one in graded
        if one.outcome is not None
    ]


def cases_for_trainer(attempt: Attempt, graded: Iterable[Graded], language: str) -> list[Json]:
    """The same for somebody else: without how sure the learner was.

    What was skipped looks like what was left open, because the learner was promised that nobody is
    told about a skip.
    """
    return [
        told_case(
            attempt,
            one.drawn.position,
            one.item,
            without_confidence(one.response.answer) if one.response else None,
            language,
            unsafe=one.outcome is not None and one.outcome.critical_error,
        )
        | {"key": one.item.key}
        for one in graded
    ]


def without_confidence(answer: Json | None) -> Json | None:
    """The answer with every statement of confidence empty, at whatever depth it stands."""
    if answer is None:
        return None
    return {
        name: None
        if name == "confidence"
        else without_confidence(value)
        if isinstance(value, dict)
        else value
        for name, value in answer.items()
    }


def told_case(
    attempt: Attempt, position: int, item: Item, answer: Json | None, language: Any, *, unsafe: bool
) -> Json:
    """One case with its template, its text and what is told about the answer."""
    shown = kinds.shown(item, language, seed=attempt.seed, so_far=answer)
    return {
        "position": position,
        "shown": shown,
        "unsafe": unsafe,
        "corrections": [],  # filled by marks.place_corrections
        "template": f"quizzes/told/{item.kind}.html",
        "told": tell(item, answer, language, published_framework(), shown=shown),
    }


def place_notes(attempt: Attempt, cases: list[Json]) -> list[Comment]:
    """Put each note beside its case, and give back those that stand beside none. One query.

    That is a note on the whole, or one on a case that this reader is not shown.
    """
    by_position: dict[int | None, Json] = {case["position"]: case for case in cases}
    for case in cases:
        case["notes"] = []
    others: list[Comment] = []
    for note in Comment.objects.of_attempt(attempt).with_reading():
        place = by_position.get(note.position)
        (place["notes"] if place else others).append(note)
    return others
