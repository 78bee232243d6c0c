"""The addresses under /api/v1/: completions, the summary, and their description."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse

from course.access import KenaliRequest, public
from modules.models import ApiToken
from modules.published import current_outline
from modules.reports.asking import Question, instant, question_from
from modules.reports.completion import BY, read_summary
from modules.reports.openapi import COMPLETIONS_PARAMETERS, SUMMARY_PARAMETERS, document
from modules.reports.outside import (
    MOST_LINES,
    USUAL_LINES,
    Cursor,
    cursor_from,
    lines_values,
    read_page,
    summary_values,
)
from modules.reports.population import Staff
from modules.scopes import Scope
from modules.views.api.door import Problem, reads

LONGEST_VALUE: Final = 200


@reads(Scope.COMPLETIONS)
def completions(request: KenaliRequest, token: ApiToken) -> HttpResponse:
    """A page of people with what they completed, in the order of their ids."""
    data = _parameters(request, COMPLETIONS_PARAMETERS)
    question, now = _question(data, token), request.kenali.at
    cursor = _cursor(data.get("cursor", ""), now)
    walk = _Walk(_limit(data.get("limit", "")), _since(data.get("updated_since", "")), cursor)
    at = instant(question, walk.cursor.at if walk.cursor else now)
    page = read_page(
        current_outline(),
        Staff(token.organization_id),
        question,
        at,
        after=walk.cursor.after if walk.cursor else None,
        limit=walk.limit,
        since=walk.since,
    )
    answer = JsonResponse(lines_values(page, at))
    if page.next is not None:
        following = urlencode({**data, "cursor": page.next.text()})
        answer["Link"] = f'<{settings.KENALI_SITE_URL}{request.path}?{following}>; rel="next"'
    return answer


@reads(Scope.SUMMARY)
def summary(request: KenaliRequest, token: ApiToken) -> HttpResponse:
    """The numbers of the report; names of offices, cohorts and modules, none of people."""
    data = _parameters(request, SUMMARY_PARAMETERS)
    question, by = _question(data, token), data.get("by", BY[0])
    if by not in BY:
        raise Problem(400, "A parameter is wrong.", errors=(f"by: one of {', '.join(BY)}",))
    at = instant(question, request.kenali.at)
    viewer = Staff(token.organization_id)
    return JsonResponse(
        summary_values(read_summary(current_outline(), viewer, question, at, by=by))
    )


@reads(None)
def nothing(_request: KenaliRequest, _token: ApiToken) -> HttpResponse:
    """Whatever else is asked for."""
    raise Http404


@public(methods=("GET",))
def openapi(_request: KenaliRequest) -> HttpResponse:
    """The description of all this for programs (OpenAPI 3.1). It tells nothing about anybody."""
    return JsonResponse(document(settings.KENALI_SITE_URL))


# --- what was asked -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Walk:
    limit: int
    since: datetime | None
    cursor: Cursor | None


def _parameters(request: KenaliRequest, known: Collection[str]) -> dict[str, str]:
    """Each parameter once, and none that is not known: a slip would silently widen the answer."""
    wrong = []
    for name, values in request.GET.lists():
        if name not in known:
            wrong.append(f"{name[:40]}: not a parameter here")
        elif len(values) > 1:
            wrong.append(f"{name}: given more than once")
        elif len(values[0]) > LONGEST_VALUE or not values[0].isprintable():
            wrong.append(f"{name}: too long or not plain text")
    if wrong:
        raise Problem(400, "A parameter is wrong.", errors=tuple(wrong))
    return {name: values[0] for name, values in request.GET.lists()}


def _question(data: dict[str, str], token: ApiToken) -> Question:
    """The question of a report. A page says what it did not understand; a program must be told."""
    question = question_from(data, Staff(token.organization_id))
    if question.problems:
        raise Problem(400, "A parameter is wrong.", errors=question.problems)
    return question


def _limit(text: str) -> int:
    if not text:
        return USUAL_LINES
    if text.isascii() and text.isdigit() and len(text) < 4 and 1 <= int(text) <= MOST_LINES:
        return int(text)
    raise Problem(400, "A parameter is wrong.", errors=(f"limit: 1 to {MOST_LINES}",))


def _since(text: str) -> datetime | None:
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
        if found.tzinfo is not None:
            return found.astimezone(UTC)
    except (ValueError, OverflowError):  # also at the ends of the calendar
        pass
    words = "updated_since: an instant with its offset, like 2026-12-31T00:00:00Z"
    raise Problem(400, "A parameter is wrong.", errors=(words,))


def _cursor(text: str, now: datetime) -> Cursor | None:
    if not text:
        return None
    found = cursor_from(text, now)
    if found is None:
        raise Problem(400, "A parameter is wrong.", errors=("cursor: take it from an answer",))
    return found
