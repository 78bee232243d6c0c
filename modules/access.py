"""From an address of the top floor to what it names.

Lessons are the same for every organisation; what a person did with them is fenced by their place.
"""

from dataclasses import dataclass
from uuid import UUID

from django.http import Http404

from course.access import Context, get_or_404
from course.models import Membership
from course.services.codes import normalized
from course.services.throttle import hash_secret
from modules.models import ApiToken, CalendarFeed, Certificate, Notice, ReportSchedule, ReportView
from modules.models.feeds import FEED_PURPOSE
from modules.outline import Outline, OutlineLesson, OutlineModule
from modules.published import current_outline


@dataclass(frozen=True, slots=True)
class LessonPage:
    """What a lesson's address names: the outline it stands in, its module, the lesson."""

    outline: Outline
    module: OutlineModule
    lesson: OutlineLesson


def member_of(context: Context) -> Membership:
    """The place of whoever asks. Views behind an ability always have one."""
    if context.membership is None:
        raise Http404
    return context.membership


def get_module_or_404(key: str) -> tuple[Outline, OutlineModule]:
    """The outline and the module with this key, if it is published now."""
    outline = current_outline()
    module = outline.module(key)
    if module is None:
        raise Http404
    return outline, module


def get_lesson_or_404(module_key: str, key: str, *, step: int | None = None) -> LessonPage:
    """The lesson with these keys; with `step`, only if it has that step."""
    outline, module = get_module_or_404(module_key)
    lesson = outline.lesson(module_key, key)
    if lesson is None or (step is not None and not 1 <= step <= lesson.steps):
        raise Http404
    return LessonPage(outline, module, lesson)


def get_notice_or_404(context: Context, notice_id: UUID) -> Notice:
    """A notice of whoever asks; those of others do not exist."""
    return get_or_404(Notice.objects.of_person(member_of(context)), id=notice_id)


def get_own_certificate_or_404(context: Context, number: UUID) -> Certificate:
    """A certificate of the person who asks, by its public number; anybody else's does not exist."""
    rows = Certificate.objects.of_person(member_of(context)).with_standing()
    found: Certificate = get_or_404(rows, uuid=number)
    return found


def get_certificate_or_404(context: Context, number: UUID) -> Certificate:
    """A certificate of the own organisation, by its public number. For administrators."""
    rows = Certificate.objects.visible_to(context).with_standing()
    found: Certificate = get_or_404(rows.select_related("membership__user"), uuid=number)
    return found


def get_public_certificate_or_404(number: UUID) -> Certificate:
    """The certificate with this public number, for anybody who has it."""
    found: Certificate = get_or_404(Certificate.objects.all().with_standing().with_uuid(number))
    return found


def get_person_of_feed_or_404(code: str) -> Membership:
    """Whose calendar address this is; a code that opens nothing is a page that does not exist."""
    secret = hash_secret(normalized(code), purpose=FEED_PURPOSE)
    found = CalendarFeed.objects.with_code_hash(secret).first()
    if found is None:
        raise Http404
    person: Membership = found.membership
    return person


def get_schedule_or_404(context: Context, schedule_id: UUID) -> ReportSchedule:
    """A regular report: any of the organisation for administrators, else one's own."""
    rows = ReportSchedule.objects.visible_to(context).select_related("owner__user", "organization")
    found: ReportSchedule = get_or_404(rows, id=schedule_id)
    return found


def get_token_or_404(context: Context, token_id: UUID) -> ApiToken:
    """A key of the own organisation for another program."""
    found: ApiToken = get_or_404(ApiToken.objects.visible_to(context), id=token_id)
    return found


def get_report_view_or_404(context: Context, view_id: UUID) -> ReportView:
    """A question that whoever asks has kept; those of others do not exist."""
    found: ReportView = get_or_404(ReportView.objects.visible_to(context), id=view_id)
    return found
