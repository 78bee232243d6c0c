"""Sending the mails of notices: each one once, by as many machines at once as you like.

How a mail is sent: a sender *claims* a few rows by writing its lease into them and committing; only
then does it talk to the mail server, and only the holder of the lease writes down how it ended. A
sender that is killed leaves its leases behind; they run out, and another sender takes the rows.

What remains: a sender killed after the server has taken a mail and before "sent" is committed. That
one mail goes out again when the lease runs out, under the same Message-ID, so that most mailboxes
show one. No order of the two steps closes this window without a mail server that takes part in the
transaction; the other order would lose the mail instead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from course.env_values import host_of
from course.models import Membership, Organization
from modules.models import Mail, Notice, NoticePreference
from modules.quiet import local_date, next_allowed
from modules.reminders import MOST_TRIES
from modules.services.mailing import (
    FAULTS,
    Outcome,
    ServerDown,
    close_mailer,
    fate_of,
    open_mailer,
)
from modules.services.noticing import preferences_of, stop_token

BATCH: Final = 50
LEASE: Final = timedelta(minutes=10)
# One mail takes a few exchanges of at most EMAIL_TIMEOUT seconds; it is not begun later than this
# before the lease runs out, so that a slow sender never meets its successor.
MARGIN: Final = timedelta(minutes=2)

Clock = Callable[[], datetime]


def send_waiting(*, clock: Clock = timezone.now) -> Outcome:
    """Send what is due, a few at a time, until nothing is left or the server fails."""
    outcome = Outcome()
    try:
        for organization in Organization.objects.order_by("key"):
            give_up_exhausted(organization, at=clock(), outcome=outcome)
            while batch := claim_batch(organization, at=clock()):
                send_batch(batch, clock=clock, outcome=outcome)
    except ServerDown as reason:
        outcome.down = str(reason)
    return outcome


def waiting_count(*, at: datetime) -> int:
    """How many mails could go now: for words before and after a run."""
    return sum(
        Notice.objects.in_organization(organization).to_send(at).count()
        for organization in Organization.objects.order_by("key")
    )


# --- claiming -----------------------------------------------------------------------------------


def claim_batch(organization: Organization, *, at: datetime) -> list[Notice]:
    """Lease the next few mails to this sender, one a person; committed before anything is sent.

    PostgreSQL locks the rows and passes over those another sender is just leasing; on SQLite the
    transaction holds the only write lock from its first statement (IMMEDIATE). A try is counted
    here and not at the end, so that a mail that kills its sender is not tried for ever.
    """
    lease = uuid4()
    with transaction.atomic():
        rows = Notice.objects.in_organization(organization)
        due = rows.to_send(at).filter(tries__lt=MOST_TRIES)
        due = due.exclude(membership_id__in=rows.leased(at).order_by().values("membership_id"))
        found = due.select_for_update(skip_locked=True).values_list("membership_id", "id")
        first: dict[UUID, UUID] = {}
        for person, key in found[:BATCH]:
            first.setdefault(person, key)
        mine = _only_mine(organization, first, at)
        if not mine:
            return []
        chosen = rows.filter(id__in=mine)
        chosen.update(lease=lease, leased_until=at + LEASE, tries=F("tries") + 1)
    held = rows.filter(lease=lease, mail=Mail.WAITING.value)
    return list(held.select_related("membership__user").order_by("send_after", "id"))


def _only_mine(organization: Organization, first: Mapping[UUID, UUID], at: datetime) -> list[UUID]:
    """The rows of those people whom no other sender has at this moment.

    All mails say the same, so nobody may get two at once: of one person's rows only one is leased
    at a time, and leases are given under a lock on the person.
    """
    if not first:
        return []
    people = Membership.objects.in_organization(organization).filter(id__in=list(first))
    locked = people.order_by("id").select_for_update(skip_locked=True, no_key=True)
    free = set(locked.values_list("id", flat=True))
    rows = Notice.objects.in_organization(organization).leased(at)
    free -= set(rows.filter(membership_id__in=list(free)).values_list("membership_id", flat=True))
    return [key for person, key in first.items() if person in free]


def give_up_exhausted(organization: Organization, *, at: datetime, outcome: Outcome) -> None:
    """Rows whose senders died each time, once too often."""
    rows = Notice.objects.in_organization(organization).to_send(at).filter(tries__gte=MOST_TRIES)
    outcome.given_up += rows.order_by().update(
        mail=Mail.DEAD.value, lease=None, leased_until=None, last_error="SenderDied"
    )


def _end(notice: Notice, others: Mapping[str, Any] | None = None, **changes: Any) -> bool:
    """Write how it ended and give the lease back; False when the lease was no longer ours.

    `others` is what that means for the person's other mails, as all say the same: in one commit,
    or a second sender would find them free in between.
    """
    rows = Notice.objects.in_organization(notice.organization_id)
    with transaction.atomic():
        same = rows.filter(membership_id=notice.membership_id, mail=Mail.WAITING.value)
        if others:
            same.locked()
        mine = rows.filter(id=notice.id, lease=notice.lease)
        ended = mine.update(lease=None, leased_until=None, **changes)
        if ended and others:
            same.filter(lease__isnull=True).exclude(id=notice.id).update(**others)
    return bool(ended)


def _give_back(batch: Sequence[Notice]) -> None:
    """Leave these to the next sender, as if they had never been claimed."""
    if batch and batch[0].lease is not None:
        rows = Notice.objects.in_organization(batch[0].organization_id)
        mine = rows.filter(id__in=[one.id for one in batch], lease=batch[0].lease)
        mine.update(lease=None, leased_until=None, tries=F("tries") - 1)


# --- sending ------------------------------------------------------------------------------------


def send_batch(batch: Sequence[Notice], *, clock: Clock, outcome: Outcome) -> None:
    """Send the claimed mails over one connection. Raises ServerDown after giving back the rest."""
    wishes = preferences_of(notice.membership for notice in batch)
    mailer = get_connection()
    left = list(batch)
    try:
        open_mailer(mailer)
        while left and clock() < _latest_start(left[0]):
            notice = left[0]
            _send_one(notice, wishes[notice.membership_id], mailer, clock, outcome)
            left.pop(0)
    finally:
        _give_back(left)
        close_mailer(mailer)


def _latest_start(notice: Notice) -> datetime:
    until: datetime = notice.leased_until or timezone.now()
    return until - MARGIN


def _send_one(
    notice: Notice, wishes: NoticePreference, mailer: Any, clock: Clock, outcome: Outcome
) -> None:
    at = clock()
    if not _is_wanted(notice, wishes, at):
        outcome.dropped += _end(notice, mail=Mail.NONE.value)
        return
    allowed = next_allowed(at, wishes.quiet)
    if allowed > at:
        later = {"send_after": allowed}
        outcome.put_off += _end(notice, later, tries=F("tries") - 1, **later)
        return
    try:
        message_of(notice, mailer).send()
    except FAULTS as error:
        _failed(notice, error, clock(), outcome)
    else:
        done = {"mail": Mail.SENT.value, "sent_at": clock(), "last_error": ""}
        _end(notice, done, **done)
        outcome.sent += 1


def _is_wanted(notice: Notice, wishes: NoticePreference, at: datetime) -> bool:
    """Whether the mail may still go: much can happen between the evening and the morning."""
    person: Membership = notice.membership
    paused = wishes.paused_until is not None and local_date(at, wishes.zone) < wishes.paused_until
    return (
        bool(person.user.email)
        and person.is_active
        and person.user.is_active
        and wishes.mail
        and not paused
        and notice.seen_at is None
        and notice.closed_at is None
    )


def _failed(notice: Notice, error: Exception, at: datetime, outcome: Outcome) -> None:
    """Write down what becomes of it. Raises ServerDown when nobody's mail can go."""
    fate = fate_of(error, tries=notice.tries, at=at)
    if not fate.counts:
        _end(notice, tries=F("tries") - 1, last_error=fate.kept)
    elif fate.again is None:
        outcome.given_up += _end(notice, mail=Mail.DEAD.value, last_error=fate.kept)
    else:
        later = {"send_after": fate.again}
        ended = _end(notice, later, last_error=fate.kept, **later)
        outcome.put_off += ended and not fate.down
    if fate.down:
        raise ServerDown(fate.kept) from error


# --- the words ----------------------------------------------------------------------------------


def message_of(notice: Notice, mailer: Any = None) -> EmailMessage:
    """The mail of a notice: the same neutral words whatever it is about, as others may read it."""
    user = notice.membership.user
    stop = settings.KENALI_SITE_URL + reverse("modules:stop", args=[stop_token(notice)])
    with translation.override(user.language):
        return EmailMessage(
            subject=_("Something is waiting for you in Kenali"),
            body=_(
                "Hello,\n\n"
                "something is waiting for you in Kenali. Sign in to see what it is:\n"
                "%(site)s/\n\n"
                "You get this message because you asked for reminders. To stop them, open this "
                "address and press the button; you do not have to sign in:\n"
                "%(stop)s\n"
            )
            % {"site": settings.KENALI_SITE_URL, "stop": stop},
            to=[user.email],
            connection=mailer,
            headers={
                "Message-ID": f"<{notice.id}@{host_of(settings.KENALI_SITE_URL)}>",
                "List-Unsubscribe": f"<{stop}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",  # RFC 8058
                "Auto-Submitted": "auto-generated",  # no out-of-office answers, please
            },
        )
