"""What all senders of mails share: opening the server, and whose fault it is when it fails."""

from __future__ import annotations

import smtplib
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from modules.reminders import next_try

TRY_LATER: Final = 421  # the server closes for everybody
REFUSED_FOR_GOOD: Final = 500


@dataclass(slots=True)
class Outcome:
    """What one run did. `down`: why it stopped, when the mail server could not be used."""

    sent: int = 0
    put_off: int = 0  # quiet hours, or a passing fault
    dropped: int = 0  # no longer wanted or no longer true
    given_up: int = 0
    down: str = ""


class ServerDown(Exception):
    """The mail server cannot be used at all: nobody's mail is at fault."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of a mail that could not be sent.

    `kept` is a class and a number, never the server's sentence, which repeats the address. `down`:
    the run stops here. `counts`: it was a try of this mail. `again`: when it is tried next; None
    gives it up, unless it does not count.
    """

    kept: str
    down: bool
    counts: bool
    again: datetime | None


FAULTS: Final = (smtplib.SMTPException, OSError, ValueError)  # of one mail, or of the server


def fate_of(error: Exception, *, tries: int, at: datetime) -> Fate:
    """Put off, give up, or stop: by whose fault it is."""
    name, code = type(error).__name__, _code_of(error)
    kept = f"{name} {code}".strip() if code else name
    again = next_try(tries=tries, at=at)
    if isinstance(error, smtplib.SMTPSenderRefused) or code == TRY_LATER:
        return Fate(kept, down=True, counts=False, again=None)
    if not isinstance(error, smtplib.SMTPException | ValueError) or isinstance(
        error, smtplib.SMTPServerDisconnected
    ):
        # The connection broke. This one counts as tried: it may be what broke it.
        return Fate(kept, down=True, counts=True, again=again or at)
    if code >= REFUSED_FOR_GOOD or isinstance(error, ValueError):
        again = None
    return Fate(kept, down=False, counts=True, again=again)


def open_mailer(mailer: Any) -> None:
    """Connect. Raises ServerDown."""
    try:
        mailer.open()
    except (OSError, smtplib.SMTPException) as error:
        raise ServerDown(type(error).__name__) from error


def close_mailer(mailer: Any) -> None:
    """Say goodbye; nothing hangs on the answer."""
    try:
        mailer.close()
    except (OSError, smtplib.SMTPException):
        mailer.connection = None  # it is gone anyway, and every mail has its own answer


def _code_of(error: Exception) -> int:
    """The server's number; 0 when it gave none."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return max((answer[0] for answer in error.recipients.values()), default=0)
    return int(getattr(error, "smtp_code", 0) or 0)
