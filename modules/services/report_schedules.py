"""Setting up, changing, pausing and stopping reports that are sent regularly."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from course.models import Membership
from course.services import Refused, require_one_organization
from course.services.audit import lock_organization, record_event
from modules.models import ReportRecipient, ReportSchedule
from modules.rhythm import Often, next_due
from modules.services.report_planning import (
    looker,
    may_see_reports,
    plan_one,
    possible_recipients,
    today_of,
)
from modules.services.report_stopping import drop_waiting

MOST_RECIPIENTS: Final = 50
MOST_SCHEDULES: Final = 100  # that run, of one organisation


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is sent when, as the form has it."""

    name: str
    query: str
    often: Often
    weekday: int
    day: int
    hour: int
    until: date | None = None

    def columns(self) -> dict[str, Any]:
        """As the table has it."""
        return {
            "name": self.name,
            "query": self.query,
            "often": self.often.value,
            "weekday": self.weekday,
            "day": self.day,
            "hour": self.hour,
            "until": self.until,
        }


def make_schedule(
    *, actor: Membership, plan: Plan, people: Collection[Membership], at: datetime
) -> ReportSchedule:
    """Set a report up; its maker owns it. Raises Refused."""
    _check(plan, actor, people, at)
    with transaction.atomic():
        lock_organization(actor.organization)
        rows = ReportSchedule.objects.in_organization(actor.organization_id)
        if rows.filter(stopped_at__isnull=True).count() >= MOST_SCHEDULES:
            raise Refused(_("There are 100 of these already. Stop one that nobody reads."))
        schedule: ReportSchedule = ReportSchedule.objects.create(
            organization_id=actor.organization_id,
            owner_id=actor.id,
            made_at=at,
            changed_at=at,
            **plan.columns(),
        )
        _set_people(schedule, actor, people, at)
        told = _told(schedule, recipient_ids(schedule))
        _record("report.schedule", schedule, actor, at, after=told)
    return schedule


def change_schedule(
    *,
    schedule: ReportSchedule,
    actor: Membership,
    plan: Plan,
    people: Collection[Membership],
    at: datetime,
) -> None:
    """Send something else, at another time or to others; from now on. Raises Refused.

    What came due before still goes to those who still get it. A new name changes nothing else.
    When whoever owns it opens no reports any more, nothing goes out; whoever saves it then owns it.
    """
    _check(plan, actor, people, at)
    with transaction.atomic():
        live = _locked(schedule)
        before, renamed = _told(live, recipient_ids(live)), live.name != plan.name
        plan_one(live, at=at)
        if not may_see_reports(live.owner):
            live.owner = actor
        for name, value in plan.columns().items():
            setattr(live, name, value)
        _set_people(live, actor, people, at)
        after = _told(live, recipient_ids(live))
        if before == after and not renamed:
            return
        if before != after:
            live.changed_at = at
            if before["query"] != after["query"] or _comes_today(live, at):
                drop_waiting(live.organization_id, at=at, schedule_id=live.id)
        live.save()
        _record("report.schedule_change", live, actor, at, before=before, after=after)


def _comes_today(schedule: ReportSchedule, at: datetime) -> bool:
    """Whether one more is to come today: it tells all that one from before the change would."""
    return today_of(next_due(schedule.rhythm, at)) == today_of(at)


def set_paused(*, schedule: ReportSchedule, actor: Membership, paused: bool, at: datetime) -> None:
    """Hold it, or let it go on from now. What waits is held back too."""
    with transaction.atomic():
        live = _locked(schedule)
        if (live.paused_at is not None) == paused:
            return
        live.paused_at = at if paused else None
        live.changed_at = at
        live.save()
        if paused:
            drop_waiting(live.organization_id, at=at, schedule_id=live.id)
        action = "report.schedule_pause" if paused else "report.schedule_resume"
        _record(action, live, actor, at)


def stop_schedule(*, schedule: ReportSchedule, actor: Membership, at: datetime) -> None:
    """End it for good; the row stays for the record. Repeating it changes nothing."""
    with transaction.atomic():
        lock_organization(actor.organization)
        rows = ReportSchedule.objects.in_organization(schedule.organization_id)
        if not rows.filter(id=schedule.id, stopped_at__isnull=True).update(stopped_at=at):
            return
        drop_waiting(schedule.organization_id, at=at, schedule_id=schedule.id)
        _record("report.schedule_stop", schedule, actor, at)


def _check(plan: Plan, actor: Membership, people: Collection[Membership], at: datetime) -> None:
    for person in people:
        require_one_organization(actor.organization_id, person.organization_id)
    if not people:
        raise Refused(_("Choose at least one person."), field="people")
    if plan.until is not None and plan.until < today_of(at):
        raise Refused(_("This day has passed."), field="until")


def _locked(schedule: ReportSchedule) -> ReportSchedule:
    """The row as it is now, held until the end. Raises Refused for a stopped one."""
    lock_organization(schedule.organization)
    rows = ReportSchedule.objects.in_organization(schedule.organization_id)
    live: ReportSchedule = rows.select_for_update().get(id=schedule.id)
    if live.stopped_at is not None:
        raise Refused(_("This was stopped. Set up a new one."))
    return live


def _set_people(
    schedule: ReportSchedule, actor: Membership, people: Iterable[Membership], at: datetime
) -> None:
    """Who was left out goes; who is new comes; who pressed the stop link stays stopped.

    Only that person can begin again, by choosing themselves. Nobody is left out by an actor who
    could not have chosen them: an administrator may have added people a trainer does not see.
    """
    chosen = {person.id for person in people}
    offered = {person.id for person in possible_recipients(looker(actor))}
    rows = ReportRecipient.objects.in_organization(schedule.organization_id)
    mine = rows.filter(schedule_id=schedule.id)
    mine.filter(stopped_at__isnull=True, membership_id__in=offered - chosen).delete()
    if actor.id in chosen:
        again = mine.filter(membership_id=actor.id, stopped_at__isnull=False)
        again.update(stopped_at=None, added_at=at)
    there = set(mine.values_list("membership_id", flat=True))
    ReportRecipient.objects.bulk_create(
        ReportRecipient(
            organization_id=schedule.organization_id,
            schedule_id=schedule.id,
            membership_id=person,
            added_at=at,
        )
        for person in sorted(chosen - there)
    )
    if len(recipient_ids(schedule)) > MOST_RECIPIENTS:
        raise Refused(_("At most 50 people can get one report."), field="people")


def _told(schedule: ReportSchedule, people: Iterable[UUID]) -> dict[str, Any]:
    """For the record: ids and times. The name is left out, as anybody may have typed anything."""
    return {
        "owner": str(schedule.owner_id),
        "query": schedule.query,
        "often": schedule.often,
        "weekday": schedule.weekday,
        "day": schedule.day,
        "hour": schedule.hour,
        "until": schedule.until.isoformat() if schedule.until else "",
        "recipients": sorted(str(person) for person in people),
    }


def _record(
    action: str,
    schedule: ReportSchedule,
    actor: Membership,
    at: datetime,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    record_event(
        organization=actor.organization,
        actor=actor,
        action=action,
        subject=f"schedule:{schedule.id}",
        before=before,
        after=after,
        at=at,
    )


def recipient_ids(schedule: ReportSchedule) -> set[UUID]:
    """Who is to get it: those who have not stopped it. One query."""
    rows = ReportRecipient.objects.in_organization(schedule.organization_id)
    mine = rows.filter(schedule_id=schedule.id, stopped_at__isnull=True)
    return set(mine.values_list("membership_id", flat=True))


def others_who_get_it(schedule: ReportSchedule, offered: Iterable[Membership]) -> int:
    """How many get it besides those whom somebody may choose from. One query."""
    rows = ReportRecipient.objects.in_organization(schedule.organization_id)
    mine = rows.filter(schedule_id=schedule.id, stopped_at__isnull=True)
    hidden = mine.exclude(membership_id__in=[one.id for one in offered])
    people = hidden.select_related("membership__user")
    return sum(may_see_reports(one.membership) for one in people)
