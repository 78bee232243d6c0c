"""What the upper floors forget when a person is erased: what is about the person and no result."""

from course.models import Membership
from modules.models import CalendarFeed, Notice, NoticePreference
from modules.services.certifying import forget_names
from quizzes.models import Accommodation


def forget_person(membership: Membership) -> None:
    """Names on certificates, needs, wishes, notices and the calendar address of one place.

    Needs may hint at health, and an address that still answers would be a way to watch somebody.
    What was answered and completed stays, nameless. For the transaction that erases the person.
    """
    forget_names(membership)
    for table in (Accommodation, NoticePreference, Notice, CalendarFeed):
        rows = table.objects.in_organization(membership.organization_id)
        rows.filter(membership_id=membership.id).delete()
