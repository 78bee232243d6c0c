"""Whether the person before the screen has proved a moment ago that it is them.

A session lives for hours, often on a computer that others use. What takes personal data out of the
protection of this site asks for a proof that is minutes old: a sign-in (passphrase, one-time link
or code), or the passphrase once more (`course.views.proof.ask_for_proof`).
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase

PROVED: Final = "proved"  # session key: when the person proved who they are, seconds since 1970
_CLOCK_STEP: Final = 1.0  # parts of seconds are cut off when it is kept


def note_proof(session: SessionBase, *, at: datetime) -> None:
    """Call it when somebody has just shown a secret that is theirs alone."""
    session[PROVED] = int(at.timestamp())


def is_recent(session: SessionBase, *, at: datetime) -> bool:
    """True while the last proof is fresh. A clock that was put back makes nothing fresh."""
    seconds = session.get(PROVED)
    if not isinstance(seconds, int):
        return False
    age = at - datetime.fromtimestamp(seconds, tz=UTC)
    return bool(
        -_CLOCK_STEP <= age.total_seconds() < settings.KENALI_RECENT_SIGN_IN.total_seconds()
    )
