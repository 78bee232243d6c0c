"""Which reports are due for whom: the outbox rows that `report_sending` sends."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from urllib.parse import parse_qs
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from course.forms import parsed_uuid
from course.models import Cohort, Membership, Organization
from course.models.base import Viewer
from course.roles import Ability, Role, abilities_of, sees_every_cohort
from modules.models import Mail, NoticePreference, ReportRecipient, ReportSchedule, ReportSending
from modules.quiet import local_date
from modules.rhythm import latest_due
from modules.services.noticing import preferences_of

KEEP: Final = timedelta(days=182)
IN_NONE: Final = "none"  # asks for those in no cohort (`asking.Nowhere`, a room above this one)


@dataclass(frozen=True, slots=True)
class Looker:
    """Somebody as whoever looks at a report, without a request."""

    organization_id: UUID
    membership_id: UUID
    role: Role


def looker(membership: Membership) -> Looker:
    """This person, as a report would see them."""
    return Looker(membership.organization_id, membership.id, Role(membership.role))


def plan_sendings(*, at: datetime) -> int:
    """Make the mails that have come due and are not there yet. Repeating it changes nothing.

    Only the latest time of a rhythm counts: after a month without a run there is one mail. What
    still waits from an earlier time is given up for the newer one, which tells more.
    """
    made = 0
    for organization in Organization.objects.order_by("key"):
        made += _plan(organization, at)
    return made


def remove_old_sendings(*, at: datetime) -> int:
    """Forget mails of half a year ago; returns how many."""
    removed = 0
    for organization in Organization.objects.order_by("key"):
        rows = ReportSending.objects.in_organization(organization)
        old = rows.filter(~Q(mail=Mail.WAITING.value) | Q(is_test=True), made_at__lt=at - KEEP)
        removed += old.delete()[0]
    return removed


def plan_one(schedule: ReportSchedule, *, at: datetime) -> None:
    """The same for one report that is about to change: what has come due still goes out."""
    if schedule.paused_at is None and schedule.stopped_at is None:
        _plan_these(schedule.organization, [schedule], at)


def _plan(organization: Organization, at: datetime) -> int:
    schedules = ReportSchedule.objects.in_organization(organization).going()
    return _plan_these(organization, schedules.select_related("owner__user"), at)


def _plan_these(
    organization: Organization, schedules: Iterable[ReportSchedule], at: datetime
) -> int:
    """A fixed number of queries, however many schedules there are."""
    found = {one.id: one for one in schedules}
    due = {key: when for key, one in found.items() if (when := due_now(one, at)) is not None}
    if not due:
        return 0
    rows = ReportRecipient.objects.in_organization(organization).filter(schedule_id__in=list(due))
    rows = rows.select_related("membership__user").order_by("id")
    people = [one for one in rows if one.added_at < due[one.schedule_id]]
    wishes = preferences_of(one.membership for one in people)
    wanted = [
        ReportSending(
            organization_id=organization.pk,
            schedule_id=one.schedule_id,
            membership_id=one.membership_id,
            due=due[one.schedule_id],
            made_at=at,
            send_after=due[one.schedule_id],
        )
        for one in people
        if gets_it(found[one.schedule_id], one, wishes[one.membership_id])
    ]
    with transaction.atomic():
        new = _missing(organization, wanted)
        ReportSending.objects.bulk_create(new, ignore_conflicts=True)
        _give_up_older(organization, at)
    return len(new)


def due_now(schedule: ReportSchedule, at: datetime) -> datetime | None:
    """The time whose mail is due; None when the rhythm has had none since the last change."""
    due = latest_due(schedule.rhythm, at)
    if due < schedule.changed_at:
        return None
    day = local_date(due, settings.KENALI_TIME_ZONE)
    return None if schedule.until is not None and day > schedule.until else due


def _missing(organization: Organization, wanted: list[ReportSending]) -> list[ReportSending]:
    if not wanted:
        return []
    rows = ReportSending.objects.in_organization(organization)
    rows = rows.filter(due__gte=min(one.due for one in wanted), is_test=False)
    there = set(rows.values_list("schedule_id", "membership_id", "due"))
    return [one for one in wanted if (one.schedule_id, one.membership_id, one.due) not in there]


def _give_up_older(organization: Organization, at: datetime) -> None:
    """One mail and not two after a server that was down over a whole period."""
    rows = ReportSending.objects.in_organization(organization)
    free = Q(leased_until__isnull=True) | Q(leased_until__lte=at)
    newer = rows.filter(
        schedule_id=OuterRef("schedule_id"),
        membership_id=OuterRef("membership_id"),
        due__gt=OuterRef("due"),
        is_test=False,
    )
    waiting = rows.filter(free, mail=Mail.WAITING.value, is_test=False)
    old = list(waiting.filter(Exists(newer)).values_list("id", flat=True))
    if old:
        rows.filter(free, id__in=old, mail=Mail.WAITING.value).update(mail=Mail.NONE.value)


# --- who gets it --------------------------------------------------------------------------------


def may_see_reports(membership: Membership) -> bool:
    """Whether this place, as it is now, opens a report at all."""
    return (
        membership.is_active
        and membership.user.is_active
        and Ability.SEE_REPORTS in abilities_of(membership.role)
    )


def gets_it(schedule: ReportSchedule, recipient: ReportRecipient, wishes: NoticePreference) -> bool:
    """Whether a mail may go to this person now. Nobody is told when not: it simply ends.

    Who set a report up has asked for the mail by doing so; a colleague gets it only if they asked
    for e-mails of this site at all.
    """
    person: Membership = recipient.membership
    return (
        recipient.stopped_at is None
        and may_see_reports(schedule.owner)
        and may_see_reports(person)
        and bool(person.user.email)
        and (person.id == schedule.owner_id or wishes.mail)
        and _sees_cohort(schedule.query, person)
    )


def _sees_cohort(query: str, person: Membership) -> bool:
    """A report on a cohort is for those who may see that cohort; the link would be a dead end."""
    named = parse_qs(query).get("cohort")
    if not named:
        return True
    if named[0] == IN_NONE:  # no question for whoever sees some cohorts only
        return sees_every_cohort(person.role)
    key = parsed_uuid(named[0])
    return key is not None and Cohort.objects.visible_to(looker(person)).filter(id=key).exists()


def possible_recipients(viewer: Viewer) -> list[Membership]:
    """Those whom the viewer may see and whose role opens reports, by name. One query."""
    roles = [role.value for role in Role if Ability.SEE_REPORTS in abilities_of(role)]
    rows = Membership.objects.visible_to(viewer).active().filter(role__in=roles)
    people = rows.filter(user__is_active=True).select_related("user")
    return sorted(people, key=lambda one: (one.user.shown_name.casefold(), str(one.id)))


def today_of(at: datetime) -> date:
    """The day it is for this site."""
    return local_date(at, settings.KENALI_TIME_ZONE)
