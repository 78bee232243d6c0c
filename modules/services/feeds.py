"""The private calendar address of a person: made, renewed, stopped, and what it shows."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils import translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from course.models import Membership
from course.services.audit import record_own_event
from course.services.codes import SIGN_IN_LENGTH, new_code
from course.services.throttle import hash_secret
from modules.ical import Day, calendar
from modules.models import CalendarFeed
from modules.models.feeds import FEED_PURPOSE
from modules.services.finished import finished_by
from modules.services.today import rules_of
from quizzes.days import day_of
from quizzes.duties import Duty, duties_of

LOOK_BACK: Final = timedelta(days=30)


def has_feed(membership: Membership) -> bool:
    """Whether this person has an address now."""
    rows = CalendarFeed.objects.in_organization(membership.organization_id)
    return bool(rows.filter(membership_id=membership.id).exists())


def make_feed(*, membership: Membership, at: datetime) -> str:
    """A new address; an earlier one ends. Returns its code, which is kept nowhere."""
    code = new_code(SIGN_IN_LENGTH)
    with transaction.atomic():
        CalendarFeed.objects.update_or_create(
            organization_id=membership.organization_id,
            membership_id=membership.id,
            defaults={"code_hash": hash_secret(code, purpose=FEED_PURPOSE), "made_at": at},
        )
        record_own_event(membership, "account.calendar", at=at)
    return code


def stop_feed(*, membership: Membership, at: datetime) -> None:
    """End the address. Harmless when there is none."""
    rows = CalendarFeed.objects.in_organization(membership.organization_id)
    with transaction.atomic():
        deleted, _kinds = rows.filter(membership_id=membership.id).delete()
        if deleted:
            record_own_event(membership, "account.calendar_stop", at=at)


def calendar_of(membership: Membership, *, at: datetime) -> bytes:
    """What is due for this person and not done, in their language, without saying what it is."""
    rules = [
        rule
        for rule in rules_of(duties_of(membership, at=at))
        if rule.due_at is not None and rule.due_at > at - LOOK_BACK
    ]
    finished = finished_by([membership] if rules else [])
    with translation.override(membership.user.language):
        title = _("Kenali: one thing is due")
        days = [
            Day(_uid(membership, rule), day_of(rule.due_at), title, rule.assigned_at)
            for rule in rules
            if rule.due_at is not None and not finished.since(membership, rule)
        ]
        return calendar(days, name="Kenali", at=at)


def _uid(membership: Membership, rule: Duty) -> str:
    """The same for the same thing, also when its day moves; it tells nothing to who reads it."""
    text = f"{membership.id}/{rule.target.value}/{rule.key}"
    return f"{salted_hmac('kenali.calendar.uid', text, algorithm='sha256').hexdigest()[:32]}@kenali"
