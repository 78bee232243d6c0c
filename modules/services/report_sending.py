"""Sending the mails of reports: each one once, with a link and never a number or a name.

The way is that of reminders (decision 0019): a lease is written and committed, then the mail server
is spoken to, and only the holder of the lease writes how it ended.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import parse_qs
from uuid import UUID, uuid4

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from course.env_values import host_of
from course.models import Membership, Organization
from course.services import Refused
from modules.models import Mail, NoticePreference, ReportRecipient, ReportSchedule, ReportSending
from modules.reminders import MOST_TRIES
from modules.rhythm import day_before
from modules.services.mailing import (
    FAULTS,
    Outcome,
    ServerDown,
    close_mailer,
    fate_of,
    open_mailer,
)
from modules.services.noticing import preferences_of
from modules.services.report_planning import gets_it
from modules.services.report_stopping import stop_token

BATCH: Final = 50
LEASE: Final = timedelta(minutes=10)
MARGIN: Final = timedelta(minutes=2)  # as in `reminding`: no mail is begun near the lease's end
MOST_TESTS: Final = 5  # an hour, of one schedule to one person

Clock = Callable[[], datetime]


def send_reports(*, clock: Clock = timezone.now) -> Outcome:
    """Send what is due, a few at a time, until nothing is left or the server fails."""
    outcome = Outcome()
    try:
        for organization in Organization.objects.order_by("key"):
            _give_up_exhausted(organization, at=clock(), outcome=outcome)
            while batch := claim_batch(organization, at=clock()):
                _send_batch(batch, clock=clock, outcome=outcome)
    except ServerDown as reason:
        outcome.down = str(reason)
    return outcome


def waiting_reports(*, at: datetime) -> int:
    """How many mails could go now."""
    return sum(
        ReportSending.objects.in_organization(organization).to_send(at).count()
        for organization in Organization.objects.order_by("key")
    )


# --- claiming -----------------------------------------------------------------------------------


def claim_batch(organization: Organization, *, at: datetime) -> list[ReportSending]:
    """Lease the next few mails to this sender; committed before anything is sent."""
    lease = uuid4()
    rows = ReportSending.objects.in_organization(organization)
    with transaction.atomic():
        due = rows.to_send(at).filter(tries__lt=MOST_TRIES)
        mine = list(due.select_for_update(skip_locked=True).values_list("id", flat=True)[:BATCH])
        if not mine:
            return []
        chosen = rows.filter(id__in=mine)
        chosen.update(lease=lease, leased_until=at + LEASE, tries=F("tries") + 1)
    held = rows.filter(lease=lease, mail=Mail.WAITING.value)
    held = held.select_related("membership__user", "schedule__owner__user")
    return list(held.order_by("send_after", "id"))


def _give_up_exhausted(organization: Organization, *, at: datetime, outcome: Outcome) -> None:
    """Rows whose senders died each time, once too often."""
    rows = ReportSending.objects.in_organization(organization).to_send(at)
    outcome.given_up += (
        rows.filter(tries__gte=MOST_TRIES)
        .order_by()
        .update(mail=Mail.DEAD.value, lease=None, leased_until=None, last_error="SenderDied")
    )


def _end(sending: ReportSending, **changes: Any) -> bool:
    """Write how it ended and give the lease back; False when the lease was no longer ours."""
    rows = ReportSending.objects.in_organization(sending.organization_id)
    mine = rows.filter(id=sending.id, lease=sending.lease)
    return bool(mine.update(lease=None, leased_until=None, **changes))


def _give_back(batch: Sequence[ReportSending]) -> None:
    """Leave these to the next sender, as if they had never been claimed."""
    for sending in batch:
        _end(sending, tries=F("tries") - 1)


# --- sending ------------------------------------------------------------------------------------


def _send_batch(batch: Sequence[ReportSending], *, clock: Clock, outcome: Outcome) -> None:
    wishes = preferences_of(one.membership for one in batch)
    recipients = _recipients_of(batch)
    mailer = get_connection()
    left = list(batch)
    try:
        open_mailer(mailer)
        while left and clock() < _latest_start(left[0]):
            one = left.pop(0)
            recipient = recipients.get((one.schedule_id, one.membership_id))
            if is_wanted(one, recipient, wishes[one.membership_id]):
                _send_one(one, mailer, clock, outcome)
            else:
                outcome.dropped += _end(one, mail=Mail.NONE.value)
    finally:
        _give_back(left)
        close_mailer(mailer)


def _recipients_of(batch: Sequence[ReportSending]) -> dict[tuple[UUID, UUID], ReportRecipient]:
    rows = ReportRecipient.objects.in_organization(batch[0].organization_id)
    rows = rows.filter(schedule_id__in={one.schedule_id for one in batch})
    rows = rows.select_related("membership__user")
    return {(one.schedule_id, one.membership_id): one for one in rows}


def _latest_start(sending: ReportSending) -> datetime:
    until: datetime = sending.leased_until or timezone.now()
    return until - MARGIN


def is_wanted(
    sending: ReportSending, recipient: ReportRecipient | None, wishes: NoticePreference
) -> bool:
    """Whether the mail may still go: much can happen between planning and a server that is back."""
    schedule: ReportSchedule = sending.schedule
    running = schedule.stopped_at is None and schedule.paused_at is None
    return running and recipient is not None and gets_it(schedule, recipient, wishes)


def _send_one(sending: ReportSending, mailer: Any, clock: Clock, outcome: Outcome) -> None:
    try:
        message_of(sending, mailer).send()
    except FAULTS as error:
        _failed(sending, error, clock(), outcome)
    else:
        _end(sending, mail=Mail.SENT.value, sent_at=clock(), last_error="")
        outcome.sent += 1


def _failed(sending: ReportSending, error: Exception, at: datetime, outcome: Outcome) -> None:
    fate = fate_of(error, tries=sending.tries, at=at)
    if not fate.counts:
        _end(sending, tries=F("tries") - 1, last_error=fate.kept)
    elif fate.again is None:
        outcome.given_up += _end(sending, mail=Mail.DEAD.value, last_error=fate.kept)
    else:
        ended = _end(sending, send_after=fate.again, last_error=fate.kept)
        outcome.put_off += ended and not fate.down
    if fate.down:
        raise ServerDown(fate.kept) from error


# --- a test -------------------------------------------------------------------------------------


def send_test(*, schedule: ReportSchedule, membership: Membership, at: datetime) -> str:
    """Send the mail of a schedule to whoever asks, at once; "" or, in a word, what went wrong.

    The one mail that is sent inside a request: whoever presses the button waits for the answer, at
    most as long as the mail server may take. It is not tried again. Raises Refused.
    """
    if not settings.KENALI_MAIL:
        raise Refused(gettext_lazy("No mail server is set up here, so nothing can be sent yet."))
    if not membership.user.email:
        raise Refused(gettext_lazy("Write your e-mail under “My account” first."))
    rows = ReportSending.objects.of_person(membership)
    rows = rows.filter(schedule_id=schedule.id, is_test=True)
    if rows.filter(made_at__gt=at - timedelta(hours=1)).count() >= MOST_TESTS:
        raise Refused(gettext_lazy("That were many tests. Please wait an hour."))
    sending = ReportSending.objects.create(
        organization_id=schedule.organization_id,
        schedule_id=schedule.id,
        membership_id=membership.id,
        due=at,
        is_test=True,
        made_at=at,
        send_after=at,
        lease=uuid4(),  # what `_end` writes under; `to_send` leaves tests out
        leased_until=at + LEASE,
        tries=1,
    )
    sending.schedule, sending.membership = schedule, membership
    return _send_now(sending, at)


def _send_now(sending: ReportSending, at: datetime) -> str:
    mailer = get_connection()
    try:
        open_mailer(mailer)
        message_of(sending, mailer).send()
    except (ServerDown, *FAULTS) as error:
        name = str(error) if isinstance(error, ServerDown) else fate_of(error, tries=1, at=at).kept
        _end(sending, mail=Mail.DEAD.value, last_error=name)
        return name
    finally:
        close_mailer(mailer)
    _end(sending, mail=Mail.SENT.value, sent_at=at)
    return ""


# --- the words ----------------------------------------------------------------------------------


def report_address(schedule: ReportSchedule, due: datetime) -> str:
    """The report as it stood at the end of the day before: the same whenever it is opened.

    A question about some people within the population ("only") is the list of these people.
    """
    day = f"as_of={day_before(due, settings.KENALI_TIME_ZONE).isoformat()}"
    query = f"{schedule.query}&{day}" if schedule.query else day
    page = "modules:report_people" if "only" in parse_qs(schedule.query) else "modules:report"
    return f"{settings.KENALI_SITE_URL}{reverse(page)}?{query}"


def message_of(sending: ReportSending, mailer: Any = None) -> EmailMessage:
    """The mail: the same neutral words whichever report it is; others may read it."""
    user = sending.membership.user
    token = stop_token(sending.schedule, sending.membership_id)
    stop = settings.KENALI_SITE_URL + reverse("modules:report_stop", args=[token])
    with translation.override(user.language):
        return EmailMessage(
            subject=_("Something is ready for you in Kenali"),
            body=_(
                "Hello,\n\n"
                "something that was to be ready for you today is ready. "
                "Sign in to see it:\n"
                "%(report)s\n\n"
                "This message comes regularly, because you or a colleague set it up. To get it no "
                "more, open this address and press the button; you do not have to sign in:\n"
                "%(stop)s\n"
            )
            % {"report": report_address(sending.schedule, sending.due), "stop": stop},
            to=[user.email],
            connection=mailer,
            headers={
                "Message-ID": f"<{sending.id}@{host_of(settings.KENALI_SITE_URL)}>",
                "List-Unsubscribe": f"<{stop}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",  # RFC 8058
                "Auto-Submitted": "auto-generated",  # no out-of-office answers, please
            },
        )
