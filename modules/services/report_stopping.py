"""The stop link of a report's mail: it ends one report for one person, without signing in."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from django.core import signing
from django.db import transaction
from django.db.models import Q

from course.models import Organization
from course.services.audit import lock_organization, record_event
from modules.models import Mail, ReportRecipient, ReportSchedule, ReportSending

STOP_SALT: Final = "kenali.reports.stop"
ID_LENGTH: Final = 32


def stop_token(schedule: ReportSchedule, membership_id: UUID) -> str:
    """What the link carries: which report to stop for whom, signed, without an end.

    It can do nothing else, so it needs no sign-in and may lie in a mailbox for years.
    """
    names = f"{schedule.organization_id.hex}{schedule.id.hex}{membership_id.hex}"
    return signing.Signer(salt=STOP_SALT, sep=".").sign(names)


def stopped_by(token: str) -> tuple[UUID, UUID, UUID] | None:
    """(organisation, schedule, membership) of a stop link; None for what we did not sign."""
    try:
        names = signing.Signer(salt=STOP_SALT, sep=".").unsign(token)
        parts = [names[start : start + ID_LENGTH] for start in (0, ID_LENGTH, 2 * ID_LENGTH)]
        organization, schedule, person = (UUID(hex=part) for part in parts)
    except (signing.BadSignature, ValueError):
        return None
    return organization, schedule, person


def stop_for_person(
    *, organization_id: UUID, schedule_id: UUID, membership_id: UUID, at: datetime
) -> None:
    """This report comes no more to this person. Repeating it changes nothing."""
    schedules = ReportSchedule.objects.in_organization(organization_id)
    if not schedules.filter(id=schedule_id).exists():
        return
    organization = Organization.objects.get(pk=organization_id)
    with transaction.atomic():
        lock_organization(organization)
        rows = ReportRecipient.objects.in_organization(organization_id)
        mine = rows.filter(schedule_id=schedule_id, membership_id=membership_id)
        if mine.filter(stopped_at__isnull=True).update(stopped_at=at):
            record_event(
                organization=organization,
                actor=None,  # whoever has the mail; nobody is signed in
                action="report.schedule_left",
                subject=f"schedule:{schedule_id}",
                after={"recipient": str(membership_id)},
                at=at,
            )
        drop_waiting(organization_id, at=at, schedule_id=schedule_id, membership_id=membership_id)


def drop_waiting(organization_id: UUID, *, at: datetime, **which: UUID) -> None:
    """Take back the waiting mails, but for those somebody is sending at this moment."""
    free = Q(leased_until__isnull=True) | Q(leased_until__lte=at)
    rows = ReportSending.objects.in_organization(organization_id)
    rows.filter(free, mail=Mail.WAITING.value, **which).update(mail=Mail.NONE.value)
