"""What a person was told, in the app, and how they want to be told.

Planning (`planning`) makes notices, sending (`reminding`) turns some into mails; pages and the stop
link come here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final
from uuid import UUID

from django.core import signing
from django.db import transaction
from django.db.models import Q

from course.models import Membership
from modules.models import Mail, Notice, NoticeKind, NoticePreference
from modules.models.notices import QUIET_FROM, QUIET_TO
from modules.quiet import DEFAULT_ZONE

STOP_SALT: Final = "kenali.reminders.stop"
MOST_SHOWN: Final = 5
BY_HAND: Final = ":hand:"  # in the key of a notice that an administrator asked for


def open_notices(membership: Membership) -> list[Notice]:
    """The newest notices the person has not seen and that still hold: one query."""
    return list(Notice.objects.of_person(membership).open()[:MOST_SHOWN])


def mark_seen(*, notice: Notice, at: datetime) -> None:
    """Remember that it was seen, the first time. Who saw it in the app needs no mail about it."""
    rows = Notice.objects.in_organization(notice.organization_id).filter(id=notice.id)
    with transaction.atomic():
        rows.filter(seen_at__isnull=True).update(seen_at=at)
        cancel_mail(rows, at=at)


def cancel_mail(rows: Any, *, at: datetime) -> int:
    """Take back the waiting mails among `rows`, but for those somebody is sending right now.

    Call it in the transaction of the change.
    """
    rows.filter(mail=Mail.WAITING.value).locked()
    free = Q(leased_until__isnull=True) | Q(leased_until__lte=at)
    waiting = rows.filter(free, mail=Mail.WAITING.value)
    return int(waiting.update(mail=Mail.NONE.value))


def close_asked(membership: Membership, *, at: datetime) -> None:
    """Nobody is asked any more for what they have begun. For the transaction that begins it."""
    rows = Notice.objects.in_organization(membership.organization_id)
    asked = rows.filter(
        membership_id=membership.id,
        kind=NoticeKind.CERTIFICATE.value,
        dedupe__contains=BY_HAND,
        closed_at__isnull=True,
        seen_at__isnull=True,
    )
    ended = rows.filter(id__in=asked.locked())
    ended.update(closed_at=at)
    cancel_mail(ended, at=at)


# --- wishes -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """How somebody wants to be reminded, as the form has it."""

    mail: bool = False
    quiet_from: time = QUIET_FROM
    quiet_to: time = QUIET_TO
    zone: str = DEFAULT_ZONE
    paused_until: date | None = None


def preference_of(membership: Membership) -> NoticePreference:
    """The wishes of one person; without a row the usual ones, not saved. One query."""
    rows = NoticePreference.objects.in_organization(membership.organization_id)
    found: NoticePreference | None = rows.filter(membership_id=membership.id).first()
    return found or usual(membership)


def preferences_of(people: Iterable[Membership]) -> dict[UUID, NoticePreference]:
    """Membership id -> wishes, for people of one organisation: one query, none for nobody."""
    by_id = {person.id: person for person in people}
    if not by_id:
        return {}
    organization_id = next(iter(by_id.values())).organization_id
    rows = NoticePreference.objects.in_organization(organization_id)
    said = {one.membership_id: one for one in rows.filter(membership_id__in=list(by_id))}
    return {key: said.get(key) or usual(person) for key, person in by_id.items()}


def usual(membership: Membership) -> NoticePreference:
    """The wishes of somebody who never said any: in the app, no mail."""
    return NoticePreference(organization_id=membership.organization_id, membership_id=membership.id)


def save_wishes(*, membership: Membership, wishes: Wishes, at: datetime) -> None:
    """Keep the wishes. Who no longer wants mail gets none of those that wait."""
    with transaction.atomic():
        NoticePreference.objects.update_or_create(
            organization_id=membership.organization_id,
            membership_id=membership.id,
            defaults={
                "mail": wishes.mail,
                "quiet_from": wishes.quiet_from,
                "quiet_to": wishes.quiet_to,
                "zone": wishes.zone,
                "paused_until": wishes.paused_until,
            },
        )
        if not wishes.mail:
            cancel_mail(Notice.objects.of_person(membership), at=at)


# --- the stop link ------------------------------------------------------------------------------


def stop_token(notice: Notice) -> str:
    """What the link at the end of a mail carries: whose mails to stop, signed, without an end.

    It can do nothing else, so it needs no sign-in and may lie in a mailbox for years.
    """
    names = f"{notice.organization_id.hex}{notice.membership_id.hex}"
    return signing.Signer(salt=STOP_SALT, sep=".").sign(names)


def stopped_by(token: str) -> tuple[UUID, UUID] | None:
    """(organisation, membership) of a stop link; None for anything we did not sign."""
    try:
        names = signing.Signer(salt=STOP_SALT, sep=".").unsign(token)
        return UUID(hex=names[:32]), UUID(hex=names[32:])
    except (signing.BadSignature, ValueError):
        return None


def stop_mail(*, organization_id: UUID, membership_id: UUID, at: datetime) -> None:
    """No more mails for this person. Repeating it, or for somebody who is gone, changes nothing."""
    with transaction.atomic():
        rows = NoticePreference.objects.in_organization(organization_id)
        rows.filter(membership_id=membership_id).update(mail=False)
        waiting = Notice.objects.in_organization(organization_id)
        cancel_mail(waiting.filter(membership_id=membership_id), at=at)
