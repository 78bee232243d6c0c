"""A notice as one sentence with the place it leads to. For the person alone, behind the sign-in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from modules.models import Notice, NoticeKind
from modules.quiet import zone_of
from modules.targets import Titles
from quizzes.models import Target

DATES = frozenset({NoticeKind.DUE_SOON.value, NoticeKind.DUE_TODAY.value})


@dataclass(frozen=True, slots=True)
class Line:
    """One notice as it is shown."""

    id: UUID
    text: str
    address: str


def line_of(notice: Notice, titles: Titles, *, zone: str) -> Line:
    """The sentence in the language of the page, with dates on the person's clock."""
    facts = notice.facts
    if notice.kind in DATES:
        text, address = _about_date(notice.kind, facts, titles, zone)
    elif notice.kind == NoticeKind.OVERDUE.value:
        text, address = _about_people(facts)
    elif facts.get("by_hand"):
        text = _to_renew(facts, zone, notice.made_at)
        address = reverse("modules:certificate")
    elif notice.kind == NoticeKind.CERTIFICATE.value:
        day = _day(facts["expires_at"], zone)
        text = gettext("Your certificate ends on %(day)s.") % {"day": day}
        address = reverse("modules:certificate")
    else:
        text = gettext("A few minutes of practice are ready for you.")
        address = reverse("modules:refresh")
    return Line(notice.id, text, address)


def _about_date(kind: str, facts: Mapping[str, Any], titles: Titles, zone: str) -> tuple[str, str]:
    title = titles.of(facts["target"], facts["key"])
    if kind == NoticeKind.DUE_TODAY.value:
        text = gettext("Today is the day: %(title)s") % {"title": title}
    else:
        day = _day(facts["due_at"], zone)
        text = gettext("%(title)s: until %(day)s") % {"title": title, "day": day}
    if facts["target"] == Target.MODULE and facts["key"] in titles.modules:
        return text, reverse("modules:module", args=[facts["key"]])
    if facts["target"] == Target.QUIZ:
        return text, reverse("quizzes:quizzes")
    return text, reverse("modules:home")


def _to_renew(facts: Mapping[str, Any], zone: str, made_at: datetime) -> str:
    """What an administrator asks for; it does not say who asked."""
    day = _day(facts["expires_at"], zone)
    if datetime.fromisoformat(facts["expires_at"]) <= made_at:
        text = gettext("What you completed ended on %(day)s. A new round is open for you.")
    else:
        text = gettext("What you completed ends on %(day)s. A new round is open for you.")
    return text % {"day": day}


def _about_people(facts: Mapping[str, Any]) -> tuple[str, str]:
    """A number, and the page of the cohort where most of them are."""
    number, cohorts = facts["people"], facts["cohorts"]
    text = ngettext(
        "%(number)s person in your cohorts is past a date.",
        "%(number)s people in your cohorts are past a date.",
        number,
    ) % {"number": number}
    return text, reverse("modules:cohort_today", args=[max(cohorts, key=cohorts.get)])


def _day(written: str, zone: str) -> str:
    """The last day with time left, on the person's clock: "Fri 27 Nov"."""
    last = datetime.fromisoformat(written) - timedelta(microseconds=1)
    return date_format(last.astimezone(zone_of(zone)), "D j M")
