"""What the page of regular reports shows of each: when it comes next, who gets it, how it went."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from course.models import Membership
from course.models.base import Viewer
from modules.models import Mail, ReportRecipient, ReportSchedule, ReportSending
from modules.outline import Outline
from modules.quiet import local_date
from modules.reports.asking import Question
from modules.reports.columns import STATE_WORDS
from modules.reports.page import Frame
from modules.rhythm import next_due
from modules.services.report_planning import may_see_reports, today_of

MOST_SHOWN: Final = 100


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """One line of the page. `next_at` is None when it does not run.

    `people` names those whom the viewer may see; `others` counts the rest.
    """

    schedule: ReportSchedule
    people: tuple[str, ...]
    others: int
    stopped_people: tuple[str, ...]
    next_at: datetime | None
    last_sent_at: datetime | None
    is_waiting: bool  # a mail is due and has not left
    is_over: bool
    is_orphaned: bool


def is_running(schedule: ReportSchedule, *, at: datetime) -> bool:
    """Whether it will be sent again."""
    return next_at(schedule, at=at) is not None


def is_orphaned(schedule: ReportSchedule) -> bool:
    """Whether nothing is sent because whoever set it up opens no reports any more."""
    return schedule.stopped_at is None and not may_see_reports(schedule.owner)


def next_at(schedule: ReportSchedule, *, at: datetime) -> datetime | None:
    """When it comes next; None when it is paused, stopped, orphaned, or over before that."""
    if schedule.paused_at is not None or schedule.stopped_at is not None:
        return None
    if is_orphaned(schedule):
        return None
    due = next_due(schedule.rhythm, at)
    day = local_date(due, settings.KENALI_TIME_ZONE)
    return None if schedule.until is not None and day > schedule.until else due


def read_rows(viewer: Viewer, *, at: datetime) -> list[ScheduleRow]:
    """All that the viewer may see: four queries, however many there are."""
    found = list(ReportSchedule.objects.visible_to(viewer).for_list_page()[:MOST_SHOWN])
    went, seen = _went(found, at), _seen(viewer, found)
    return [_row(schedule, went, seen, at) for schedule in found]


def _seen(viewer: Viewer, schedules: Iterable[ReportSchedule]) -> frozenset[UUID]:
    """Whom of the recipients the viewer may see: an administrator may have added others."""
    people = {each.membership_id for one in schedules for each in one.recipients.all()}
    rows = Membership.objects.visible_to(viewer).filter(id__in=people)
    return frozenset(rows.values_list("id", flat=True))


def _went(
    schedules: Iterable[ReportSchedule], at: datetime
) -> dict[UUID, tuple[datetime | None, datetime | None]]:
    """Schedule -> when it was last sent, and since when something waits."""
    ids = {one.id: one.organization_id for one in schedules}
    if not ids:
        return {}
    rows = ReportSending.objects.in_organization(next(iter(ids.values())))
    rows = rows.filter(schedule_id__in=list(ids), is_test=False).order_by()
    waiting = Max("due", filter=Q(mail=Mail.WAITING.value, due__lte=at))
    found = rows.values_list("schedule_id").annotate(sent=Max("sent_at"), waits=waiting)
    return {key: (sent, waits) for key, sent, waits in found}


def _row(
    schedule: ReportSchedule,
    went: dict[UUID, tuple[datetime | None, datetime | None]],
    seen: frozenset[UUID],
    at: datetime,
) -> ScheduleRow:
    sent, waits = went.get(schedule.id, (None, None))
    rows = [one for one in schedule.recipients.all() if may_see_reports(one.membership)]
    named = [one for one in rows if one.membership_id in seen]
    return ScheduleRow(
        schedule=schedule,
        people=_names(one for one in named if not one.stopped_at),
        others=sum(not one.stopped_at for one in rows if one.membership_id not in seen),
        stopped_people=_names(one for one in named if one.stopped_at),
        next_at=next_at(schedule, at=at),
        last_sent_at=sent,
        is_waiting=waits is not None,
        is_over=schedule.is_over(today_of(at)),
        is_orphaned=is_orphaned(schedule),
    )


def _names(recipients: Iterable[ReportRecipient]) -> tuple[str, ...]:
    names = (one.membership.user.shown_name for one in recipients)
    return tuple(sorted(names, key=str.casefold))


@dataclass(frozen=True, slots=True)
class Asked:
    """What is sent, in words, and its address as of now."""

    words: tuple[str, ...]
    address: str


def asked_words(
    outline: Outline, viewer: Viewer, question: Question, *, at: datetime, language: str
) -> Asked:
    """The filters that are set, one line each; none: the whole report."""
    frame = Frame(outline, viewer, question, at=at, language=language)
    words = [one.words for one in frame.filters(frame.report_address)]
    if question.overdue:
        words.append(_("Only people who are late"))
    if question.state is not None:
        words.append(str(STATE_WORDS[question.state]))
    narrowed = question != question.population
    address = frame.people_address if narrowed else frame.report_address
    return Asked(tuple(words), address(question))


__all__ = [
    "Asked",
    "ScheduleRow",
    "asked_words",
    "is_orphaned",
    "is_running",
    "next_at",
    "read_rows",
]
