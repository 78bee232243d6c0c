"""What dies by itself, and when. docs/explanation/privacy.md promises these times."""

from datetime import datetime

from django.contrib.sessions.models import Session
from django.db.models import Q

from course.models import PeopleImport, SignInLink
from course.services.throttle import purge_counters


def purge_expired(*, at: datetime) -> dict[str, int]:
    """Remove what is over at `at`; returns how many rows of each kind went.

    Sessions at their end, one-time links when used or over, lists of people that nobody applied
    after an hour, counters of guesses after a day. Safe to repeat and safe while the site is
    serving.
    """
    links = SignInLink.objects.filter(Q(used_at__isnull=False) | Q(expires_at__lte=at))
    return {
        "sessions": Session.objects.filter(expire_date__lte=at).delete()[0],
        "links": links.delete()[0],
        "lists": PeopleImport.objects.left_over(at).delete()[0],
        "counters": purge_counters(at=at),
    }
