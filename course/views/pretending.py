"""Seeing the site as a learner does: on another day, in any language, without leaving a trace.

What is pretended stands in the address, so nothing has to be kept anywhere: `in` is a language,
`on` a day, `cohort` the cohort of an imaginary newcomer. Views that pretend only read.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import translation

from course.access import Context, KenaliRequest, get_cohort_or_404
from course.forms import parsed_uuid
from course.models import Cohort
from course.roles import Role

LONGEST_DAY = len("2026-11-24")


@dataclass(frozen=True, slots=True)
class Pretence:
    """What is pretended. `day` is None for today, `cohort` None for nobody's."""

    language: str
    day: date | None
    at: datetime
    cohort: Cohort | None

    @property
    def query(self) -> str:
        """For the links of the page, with its question mark."""
        said: dict[str, Any] = {"in": self.language}
        if self.day:
            said["on"] = self.day.isoformat()
        if self.cohort:
            said["cohort"] = self.cohort.id
        return f"?{urlencode(said)}"

    def in_language(self, language: str) -> str:
        """The same in another language."""
        return replace(self, language=language).query


def read_pretence(request: KenaliRequest) -> Pretence:
    """What the address says; what makes no sense means: as it is now. 404 for a strange cohort."""
    known = dict(settings.LANGUAGES)
    language = request.GET.get("in", "")
    day = _day(request.GET.get("on", ""))
    wanted: UUID | None = parsed_uuid(request.GET.get("cohort", ""))
    now = request.kenali.at
    return Pretence(
        language=language if language in known else request.kenali.language,
        day=day,
        # The time of day stays that of the watch on the wall.
        at=datetime.combine(day, now.timetz()) if day else now,
        cohort=get_cohort_or_404(request.kenali, wanted) if wanted else None,
    )


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text[:LONGEST_DAY])
    except ValueError:
        return None
    # Sums with days before or after it must stay within what a date can be.
    return found if 2000 <= found.year <= 2100 else None


def render_pretending(
    request: KenaliRequest,
    pretence: Pretence,
    template: str,
    page: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    """Draw the page as a learner sees it, under a line that says so."""
    real = request.kenali
    request.kenali = _as_learner(real, pretence)
    languages = [
        (code, name, pretence.in_language(code))
        for code, name in settings.LANGUAGES
        if code != pretence.language
    ]
    shown = {**page, "pretence": pretence, "other_languages_here": languages}
    try:
        with translation.override(pretence.language):
            return render(request, template, shown, status=status)
    finally:
        request.kenali = real


def _as_learner(context: Context, pretence: Pretence) -> Context:
    membership = copy.copy(context.membership)
    if membership is not None:
        membership.role = Role.LEARNER.value  # of a copy that is never saved
    return replace(context, membership=membership, language=pretence.language, at=pretence.at)
