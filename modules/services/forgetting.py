"""What the upper floors forget when a person is erased: what is about the person and no result."""

from datetime import datetime

from course.models import Membership
from modules.models import (
    CalendarFeed,
    Notice,
    NoticePreference,
    ReportRecipient,
    ReportSending,
    ReportView,
)
from modules.services.certifying import forget_names
from quizzes.models import Accommodation, Assignment, Comment
from quizzes.services.accommodating import note_extra_days


def forget_person(membership: Membership, *, at: datetime) -> None:
    """Names on certificates, needs, wishes, notices, notes, kept questions, the calendar address.

    Needs may hint at health, and an address that still answers would be a way to watch somebody.
    What was answered and completed stays, nameless, and so does until when due dates were moved.
    For the transaction that erases the person.
    """
    forget_names(membership)
    Comment.objects.forget(membership)
    # What was written to one person by name; what a whole cohort was told belongs to the others.
    asked = Assignment.objects.in_organization(membership.organization_id)
    asked.filter(membership_id=membership.id).exclude(message="").update(message="")
    mails = (ReportSending, ReportRecipient)
    for table in (Accommodation, NoticePreference, Notice, CalendarFeed, ReportView, *mails):
        rows = table.objects.in_organization(membership.organization_id)
        rows.filter(membership_id=membership.id).delete()
    note_extra_days(organization_id=membership.organization_id, people=[membership.id], at=at)
