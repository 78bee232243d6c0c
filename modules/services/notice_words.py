"""A notice as one sentence with the place it leads to. For the person alone, behind the sign-in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, ngettext

from modules.compiling import in_language
from modules.models import Notice, NoticeKind
from modules.published import current_outline
from modules.quiet import zone_of
from quizzes.models import Target
from quizzes.policy import assigned_as
from quizzes.published import current_bank


@dataclass(frozen=True, slots=True)
class Line:
    """One notice as it is shown."""

    id: UUID
    text: str
    address: str


def line_of(notice: Notice, *, zone: str) -> Line:
    """The sentence in the language of the page, with dates on the person's clock."""
    facts = notice.facts
    if notice.kind in {NoticeKind.DUE_SOON.value, NoticeKind.DUE_TODAY.value}:
        title, address = _thing(Target(facts["target"]), facts["key"])
        if notice.kind == NoticeKind.DUE_TODAY.value:
            text = gettext("Today is the day: %(title)s") % {"title": title}
        else:
            day = _day(facts["due_at"], zone)
            text = gettext("%(title)s: until %(day)s") % {"title": title, "day": day}
        return Line(notice.id, text, address)
    if notice.kind == NoticeKind.OVERDUE.value:
        number = facts["people"]
        text = ngettext(
            "%(number)s person in your cohorts is past a date.",
            "%(number)s people in your cohorts are past a date.",
            number,
        ) % {"number": number}
        return Line(notice.id, text, reverse("modules:progress"))
    if notice.kind == NoticeKind.CERTIFICATE.value:
        day = _day(facts["expires_at"], zone)
        return Line(notice.id, gettext("Your certificate ends on %(day)s.") % {"day": day}, "/")
    return Line(notice.id, gettext("A few minutes of practice are ready for you."), "/")


def _day(written: str, zone: str) -> str:
    return date_format(datetime.fromisoformat(written).astimezone(zone_of(zone)), "j F")


def _thing(target: Target, key: str) -> tuple[str, str]:
    """Title and address of what was asked for; the first page for what is no longer published."""
    language = get_language() or "en"
    if target == Target.COURSE:
        return gettext("the whole course"), reverse("modules:home")
    if target == Target.MODULE:
        module = current_outline().module(key)
        if module is not None:
            return module.title(language), reverse("modules:module", args=[key])
    else:
        for published in current_bank().quizzes.values():
            if assigned_as(published.quiz) == key:
                titles = {str(one): text for one, text in published.quiz.title.items()}
                return in_language(titles, language), reverse("quizzes:quizzes")
    return gettext("Something that was asked of you"), reverse("modules:home")
