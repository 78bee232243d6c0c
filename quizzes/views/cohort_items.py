"""Why did they miss this? What a cohort answered to an item, in counts; and the debrief sheet."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from course.access import KenaliRequest, get_cohort_or_404, requires
from course.framework.loading import published_framework
from course.roles import Ability
from quizzes import kinds, measures
from quizzes.access import get_item_version_or_404
from quizzes.cohort_answers import (
    ItemAnswers,
    PartCount,
    answers_to,
    items_answered,
    pairs_of,
    sure_but_wrong,
    wrong_options,
)
from quizzes.debriefing import FEWEST_SURE, confused, is_enough, pulling, surest_wrong
from quizzes.labels import (
    best_choices,
    choices_of,
    item_label,
    lookalike_label,
    sign_label,
)
from quizzes.measures import limits
from quizzes.published import item_version, item_versions, protected_pools, version_numbers
from quizzes.telling import Told, tell

NEEDED = limits.GATES["item_facility"].provisional


@requires(Ability.SEE_REPORTS, methods=("GET",))
def items(request: KenaliRequest, cohort_id: UUID) -> HttpResponse:
    """Every item the cohort answered, the hardest first; those with too few answers below."""
    cohort = get_cohort_or_404(request.kenali, cohort_id)
    rows = items_answered(cohort)
    names = version_numbers([row.version_id for row in rows])
    documents = item_versions([row.version_id for row in rows])
    language = request.kenali.language
    listed: list[dict[str, Any]] = [
        {
            "row": row,
            "key": names[row.version_id][0],
            "number": names[row.version_id][1],
            "label": item_label(documents[row.version_id], language),
        }
        for row in sorted(rows, key=lambda one: (one.share, str(one.version_id)))
    ]
    page = {
        "cohort": cohort,
        "shown": [one for one in listed if is_enough(one["row"].people)],
        "too_few": [one for one in listed if not is_enough(one["row"].people)],
        "needed": NEEDED[0] if NEEDED else 0,
    }
    return render(request, "quizzes/cohort_items.html", page)


@requires(Ability.SEE_REPORTS, methods=("GET",))
def item(request: KenaliRequest, cohort_id: UUID, item_key: str, number: int) -> HttpResponse:
    """One item with its key and reasons, and what the cohort answered to each part."""
    cohort = get_cohort_or_404(request.kenali, cohort_id)
    version = get_item_version_or_404(item_key, number)
    language: Any = request.kenali.language
    document = item_version(version.pk)
    answers = answers_to(cohort, version.pk)
    told = tell(document, None, language, published_framework())
    shown = is_enough(answers.people)
    page = {
        "cohort": cohort,
        "item_key": item_key,
        "number": number,
        "label": item_label(document, language),
        "shown": kinds.shown(document, language),
        "answers": answers,
        "needed": NEEDED[0] if NEEDED else 0,
        "lines": _lines(document, told, answers, language) if shown else [],
        "is_shown": shown,
        "sure": _sure(answers),
    }
    return render(request, "quizzes/cohort_item.html", page)


def _lines(
    document: kinds.Item, told: Told, answers: ItemAnswers, language: Any
) -> list[dict[str, Any]]:
    """One line for each part: its text, its key, why, and the counts."""
    reasons = {part.part: part.why for part in told.parts}
    names, best = choices_of(document, language), best_choices(document)
    texts = {part.part: part.text for part in told.lines}
    return [
        {
            "text": texts.get(part, ""),
            "why": reasons.get(part, ""),
            "kind": count.kind,
            "count": count,
            "right": round(count.right),
            "choices": _choices(part, count, names, best),
        }
        for part, count in sorted(
            answers.parts.items(), key=lambda one: _place(one[0], list(texts))
        )
    ]


def _place(part: str, order: list[str]) -> tuple[int, str]:
    return (order.index(part) if part in order else len(order), part)


def _choices(
    part: str, count: PartCount, names: dict[str, str], best: set[str]
) -> list[dict[str, Any]]:
    """What was chosen, the most chosen first; options nobody chose are told too."""
    if count.kind != "decision" or part == "order":
        return []
    chosen = count.chosen.copy()
    if part == "answer":
        chosen.update(dict.fromkeys(names, 0))
    return [
        {
            "text": names.get(one) or names.get(f"{part.partition('/')[0]}/{one}") or one,
            "number": number,
            "is_best": one in best,
        }
        for one, number in sorted(chosen.items(), key=lambda pair: (-pair[1], pair[0]))
    ]


def _sure(answers: ItemAnswers) -> dict[str, int] | None:
    """How sure the group was and how often right; None below ten people."""
    if answers.people < FEWEST_SURE or len(answers.rated) < FEWEST_SURE:
        return None
    found = measures.confidence_calibration(
        confidence=[sure for sure, _right in answers.rated],
        correct=[int(right) for _sure, right in answers.rated],
    )
    return {
        "n": found["n"],
        "sure": round(100 * (found["mean_confidence"] or 0)),
        "right": round(100 * (found["accuracy"] or 0)),
    }


@requires(Ability.SEE_REPORTS, methods=("GET",))
def debrief(request: KenaliRequest, cohort_id: UUID) -> HttpResponse:
    """One page to print before the session. No names, and nothing below its gate."""
    cohort = get_cohort_or_404(request.kenali, cohort_id)
    language = request.kenali.language
    secret = protected_pools()
    page = {
        "cohort": cohort,
        "pairs": _pairs(cohort, language),
        "pulling": _pulling(wrong_options(cohort, without=secret), language),
        "sure": _surest(sure_but_wrong(cohort, without=secret), language),
        "at": request.kenali.at,
    }
    return render(request, "quizzes/debrief.html", page)


def _pairs(cohort: Any, language: Any) -> list[dict[str, Any]]:
    framework = published_framework()
    rows = []
    for one in confused(pairs_of(cohort)):
        known = framework.confounders.get(one.lookalike)
        sign = framework.indicators.get(one.sign)
        innocent = sign.innocent_explanations[language][:1] if sign else ()
        rows.append(
            {
                "count": one,
                "sign": sign_label(framework, one.sign, language),
                "lookalike": lookalike_label(framework, one.lookalike, language),
                "what_is_so": known.what_is_so[language] if known else "",
                "innocent": innocent[0] if innocent else "",
            }
        )
    return rows


def _pulling(options: Any, language: Any) -> dict[str, Any] | None:
    found = pulling(options)
    if found is None:
        return None
    document: Any = item_version(found.version_id)
    why = {one.id: one.why[language] for one in document.options}
    situation = getattr(document, "situation", None)
    return {
        "count": found,
        "situation": situation[language] if situation else "",
        "question": document.question[language],
        "option": choices_of(document, language)[found.option],
        "why": why[found.option],
    }


def _surest(cases: Any, language: Any) -> dict[str, Any] | None:
    found = surest_wrong(cases)
    if found is None:
        return None
    document = item_version(found.version_id)
    return {"count": found, "label": item_label(document, language)}
