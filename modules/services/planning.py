"""Working out what people should be told now, and writing it down once.

One idea carries it: `wanted` says everything that is true now for some people, each with a key of
its own. What is wanted and not there is made; what is there and no longer wanted is closed. So a
finished quiz, another date or an exception takes its reminders away without being told to.

People are read in groups, and the number of queries for a group does not depend on its size.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from course.models import CohortMember, Membership, Organization
from course.roles import Role
from modules.models import Certificate, Mail, Notice, NoticeKind, NoticePreference
from modules.quiet import local_date, next_allowed
from modules.reminders import (
    FIRST_LOOK_BACK,
    REFRESHER_PAUSE,
    When,
    expiry_step,
    nearness,
)
from modules.services.finished import finished_by
from modules.services.noticing import BY_HAND, cancel_mail, preferences_of
from modules.services.refreshing import due_counts
from modules.services.today import rules_of
from quizzes.duties import Duty, duties_of_many

GROUP: Final = 500
KEPT: Final = timedelta(days=180)
# Digests are looked after by `_digests`, which sees a whole organisation.
OF_ONE_PERSON: Final = (
    NoticeKind.DUE_SOON,
    NoticeKind.DUE_TODAY,
    NoticeKind.CERTIFICATE,
    NoticeKind.REFRESHER,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One thing that is true now and that somebody should know."""

    person: Membership
    kind: NoticeKind
    key: str  # what it is about; with the person it makes the notice unique
    facts: Mapping[str, Any]

    @property
    def dedupe(self) -> str:
        """The same for every machine that works it out."""
        return f"{self.kind.value}:{self.person.id.hex}:{self.key}"


@dataclass(slots=True)
class Planned:
    """What a run made, closed and removed; with `dry_run` what it would have."""

    made: int = 0
    mails: int = 0
    closed: int = 0
    removed: int = 0


@dataclass(slots=True)
class _Run:
    """One organisation in one run. `overdue`: cohort -> (person, date) of what is past its date."""

    organization: Organization
    at: datetime
    dry_run: bool
    planned: Planned
    cohorts: Mapping[UUID, Sequence[UUID]] = field(default_factory=dict)
    overdue: dict[UUID, list[tuple[UUID, datetime]]] = field(
        default_factory=lambda: defaultdict(list)
    )


def plan_notices(*, at: datetime, dry_run: bool = False) -> Planned:
    """Bring the notices of every organisation up to date. Safe to repeat, also by two at once."""
    planned = Planned()
    for organization in Organization.objects.order_by("key"):
        run = _Run(organization, at, dry_run, planned, _cohorts_of_people(organization))
        staff: list[Membership] = []
        for people in _groups(organization):
            _plan_group(run, people)
            staff += [person for person in people if person.role != Role.LEARNER.value]
        _plan_digests(run, staff)
        _remove_old(run)
    return planned


def _groups(organization: Organization) -> Iterator[list[Membership]]:
    """The active people of an organisation, some at a time, in the order of their ids."""
    rows = Membership.objects.in_organization(organization).active()
    rows = rows.filter(user__is_active=True).select_related("user").order_by("id")
    group = list(rows[:GROUP])
    while group:
        yield group
        group = list(rows.filter(id__gt=group[-1].id)[:GROUP])


def _cohorts_of_people(organization: Organization) -> dict[UUID, list[UUID]]:
    places = CohortMember.objects.in_organization(organization)
    found: dict[UUID, list[UUID]] = defaultdict(list)
    for person, cohort in places.values_list("membership_id", "cohort_id"):
        found[person].append(cohort)
    return found


# --- one group of people ------------------------------------------------------------------------


def _plan_group(run: _Run, people: Sequence[Membership]) -> None:
    wishes = preferences_of(people)
    wanted = [
        *_about_dates(run, people, wishes),
        *_about_certificates(run, people),
        *_about_refreshers(run, people),
    ]
    _close(run, people, OF_ONE_PERSON, keep={one.dedupe for one in wanted})
    _make(run, wanted, wishes)


def _about_dates(
    run: _Run, people: Sequence[Membership], wishes: Mapping[UUID, NoticePreference]
) -> Iterator[Wanted]:
    """What is near for each learner; what is past its date goes to `run.overdue` on the way."""
    learners = [one for one in people if one.role == Role.LEARNER.value]
    duties = duties_of_many(learners, at=run.at)
    busy = [one for one in learners if duties[one.id]]
    done = finished_by(busy)
    for person in busy:
        for duty in rules_of(duties[person.id]):
            if done.since(person, duty):
                continue
            if duty.due_at is not None and duty.due_at <= run.at:
                _note_overdue(run, person, duty)
            near = nearness(
                opens_at=duty.opens_at,
                due_at=duty.due_at,
                at=run.at,
                zone=wishes[person.id].zone,
            )
            if near is not None and duty.due_at is not None:
                yield _about_date(person, duty, near, duty.due_at)


def _about_date(person: Membership, duty: Duty, near: When, due_at: datetime) -> Wanted:
    """Another date is another thing to be told of, so the date is part of the key."""
    return Wanted(
        person=person,
        kind=NoticeKind(near.value),
        key=f"{duty.target.value}:{duty.key}:{due_at:%Y%m%d%H%M}",
        facts={"target": duty.target.value, "key": duty.key, "due_at": due_at.isoformat()},
    )


def _note_overdue(run: _Run, person: Membership, duty: Duty) -> None:
    cohorts = [duty.cohort_id] if duty.cohort_id else run.cohorts.get(person.id, ())
    for cohort in cohorts:
        if duty.due_at is not None:
            run.overdue[cohort].append((person.id, duty.due_at))


def _about_certificates(run: _Run, people: Sequence[Membership]) -> Iterator[Wanted]:
    """Each person's newest certificate that stands, when it ends soon: one query."""
    rows = Certificate.objects.in_organization(run.organization).standing()
    rows = rows.filter(membership_id__in=[one.id for one in people]).order_by("issued_at")
    newest = {
        person: (key, expires_at)
        for person, key, expires_at in rows.values_list("membership_id", "id", "expires_at")
    }
    for person in people:
        key, expires_at = newest.get(person.id, (None, run.at))
        step = expiry_step(expires_at=expires_at, at=run.at)
        if key is not None and step is not None:
            yield Wanted(
                person=person,
                kind=NoticeKind.CERTIFICATE,
                key=f"{key.hex}:{step}",
                facts={"certificate": str(key), "expires_at": expires_at.isoformat()},
            )


def _about_refreshers(run: _Run, people: Sequence[Membership]) -> Iterator[Wanted]:
    """Who has something to look at again; after a notice of it, a week passes before the next."""
    waiting = due_counts(people, at=run.at)
    ready = [one for one in people if waiting.get(one.id)]
    if not ready:
        return
    told = Notice.objects.in_organization(run.organization).filter(
        kind=NoticeKind.REFRESHER.value, membership_id__in=[one.id for one in ready]
    )
    newest = dict(told.order_by().values_list("membership_id").annotate(Max("made_at")))
    for person in ready:
        before: datetime | None = newest.get(person.id)
        recent = before is not None and run.at - before < REFRESHER_PAUSE
        since = before if before is not None and recent else run.at
        yield Wanted(
            person=person,
            kind=NoticeKind.REFRESHER,
            key=f"{local_date(since, 'UTC'):%Y%m%d}",
            facts={},
        )


# --- trainers -----------------------------------------------------------------------------------


def _plan_digests(run: _Run, staff: Sequence[Membership]) -> None:
    """One message a day for whoever looks after cohorts, when somebody new passed a date there.

    It holds numbers by cohort and neither names nor reasons: those are on the page of the cohort,
    behind the rules of who may see it.
    """
    wishes = preferences_of(staff)
    rows = Notice.objects.in_organization(run.organization).filter(kind=NoticeKind.OVERDUE.value)
    mine = rows.filter(membership_id__in=[one.id for one in staff]).order_by()
    told = dict(mine.values_list("membership_id").annotate(Max("made_at")))
    wanted = []
    for person in staff:
        late = {cohort: run.overdue[cohort] for cohort in run.cohorts.get(person.id, ())}
        since = told.get(person.id) or run.at - FIRST_LOOK_BACK
        if any(due_at > since for pairs in late.values() for _person, due_at in pairs):
            wanted.append(_digest(person, late, run.at, wishes[person.id].zone))
    caught_up = [
        person
        for person in staff
        if not any(run.overdue[cohort] for cohort in run.cohorts.get(person.id, ()))
    ]
    renewed = [one.person for one in wanted]
    keep = {one.dedupe for one in wanted}
    _close(run, [*caught_up, *renewed], (NoticeKind.OVERDUE,), keep=keep)
    _make(run, wanted, wishes)


def _digest(
    person: Membership,
    late: Mapping[UUID, Sequence[tuple[UUID, datetime]]],
    at: datetime,
    zone: str,
) -> Wanted:
    counted = {
        str(cohort): len({one for one, _due_at in pairs}) for cohort, pairs in late.items() if pairs
    }
    people = {one for pairs in late.values() for one, _due_at in pairs}
    return Wanted(
        person=person,
        kind=NoticeKind.OVERDUE,
        key=f"{local_date(at, zone):%Y%m%d}",
        facts={"cohorts": counted, "people": len(people)},
    )


# --- writing ------------------------------------------------------------------------------------


def _close(
    run: _Run, people: Sequence[Membership], kinds: Iterable[NoticeKind], *, keep: set[str]
) -> None:
    """End the open notices of these people that are not among `keep`, and their waiting mails.

    What an administrator asked for by hand stays until it is seen (`services.renewals`).
    """
    rows = Notice.objects.in_organization(run.organization).exclude(dedupe__contains=BY_HAND)
    open_ones = rows.filter(
        membership_id__in=[one.id for one in people],
        kind__in=[kind.value for kind in kinds],
        closed_at__isnull=True,
        seen_at__isnull=True,
    )
    over = [key for key, dedupe in open_ones.values_list("id", "dedupe") if dedupe not in keep]
    run.planned.closed += len(over)
    if over and not run.dry_run:
        with transaction.atomic():
            ended = rows.filter(id__in=over)
            ended.locked()
            ended.update(closed_at=run.at)
            cancel_mail(ended, at=run.at)


def _make(run: _Run, wanted: Sequence[Wanted], wishes: Mapping[UUID, NoticePreference]) -> None:
    """Write what is not there yet. Another machine may write the same row at the same moment."""
    if not wanted:
        return
    rows = Notice.objects.in_organization(run.organization)
    keys = [one.dedupe for one in wanted]
    there = set(rows.filter(dedupe__in=keys).values_list("dedupe", flat=True))
    fresh = [
        notice_from(one, wishes[one.person.id], at=run.at)
        for one in wanted
        if one.dedupe not in there and not is_paused(wishes[one.person.id], run.at)
    ]
    run.planned.made += len(fresh)
    run.planned.mails += sum(one.mail == Mail.WAITING.value for one in fresh)
    if fresh and not run.dry_run:
        Notice.objects.bulk_create(fresh, ignore_conflicts=True)


def notice_from(one: Wanted, wishes: NoticePreference, *, at: datetime) -> Notice:
    """The row, not yet saved; it goes out by mail too when the person wants that."""
    by_mail = wishes.mail and bool(one.person.user.email)
    return Notice(
        organization_id=one.person.organization_id,
        membership_id=one.person.id,
        kind=one.kind.value,
        dedupe=one.dedupe,
        facts=dict(one.facts),
        made_at=at,
        mail=(Mail.WAITING if by_mail else Mail.NONE).value,
        send_after=next_allowed(at, wishes.quiet) if by_mail else None,
    )


def is_paused(wishes: NoticePreference, at: datetime) -> bool:
    """Whether somebody wants to hear of nothing now."""
    return wishes.paused_until is not None and local_date(at, wishes.zone) < wishes.paused_until


def _remove_old(run: _Run) -> None:
    rows = Notice.objects.in_organization(run.organization).filter(made_at__lt=run.at - KEPT)
    run.planned.removed += rows.count() if run.dry_run else rows.delete()[0]
