"""What dies by itself, and when. docs/explanation/privacy.md promises these times."""

from collections.abc import Callable
from datetime import datetime

from django.contrib.sessions.models import Session
from django.db.models import Q

from course.models import PeopleImport, SignInLink
from course.services.throttle import purge_counters

# Chores of the upper floors by the word they are told under; each takes `at`, returns a number.
_more: dict[str, Callable[[datetime], int]] = {}


def also_purge(word: str, chore: Callable[[datetime], int]) -> None:
    """Let an upper floor remove what is over there. A chore does a bounded piece at a time."""
    _more[word] = chore


def purge_expired(*, at: datetime) -> dict[str, int]:
    """Remove what is over at `at`; returns how many rows of each kind went.

    Sessions at their end, one-time links when used or over, lists of people that nobody applied
    after an hour, counters of guesses after a day, and what upper floors registered. Safe to repeat
    and safe while the site is serving.
    """
    links = SignInLink.objects.filter(Q(used_at__isnull=False) | Q(expires_at__lte=at))
    return {
        "sessions": Session.objects.filter(expire_date__lte=at).delete()[0],
        "links": links.delete()[0],
        "lists": PeopleImport.objects.left_over(at).delete()[0],
        "counters": purge_counters(at=at),
        **{word: chore(at) for word, chore in _more.items()},
    }
