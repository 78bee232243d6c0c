"""Many people at once, from a list: looked at first, then done wholly or not at all."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.db.models import Case, UUIDField, Value, When
from django.utils.translation import gettext_lazy as _

from course.models import (
    CohortMember,
    Language,
    Membership,
    Organization,
    PeopleImport,
    User,
    uuid7,
)
from course.people_files import Problem, Table, read_table
from course.people_rows import PersonLine, read_people
from course.services import Refused, require_one_organization
from course.services.audit import lock_organization, record_event
from course.services.placing import note_places, note_stays
from course.services.planning import Plan, Step, batches, plain, plan_people

KEPT: Final = timedelta(hours=1)  # between the look and the deed


class ListHasChanged(Refused):
    """Somebody changed the organisation after the list was looked at."""

    def __init__(self) -> None:
        super().__init__(
            _("Something has changed since you looked. Nothing was done. Please look again.")
        )


@dataclass(frozen=True)
class Reading:
    """A file and what it would do. With `problems` it does nothing."""

    table: Table
    lines: list[PersonLine]
    plan: Plan
    problems: list[Problem]


def read_list(*, organization: Organization, data: bytes) -> Reading:
    """All faults of a file at once: its own, those of its rows, those the organisation knows."""
    table = read_table(data)
    lines, problems = read_people(table)
    plan = plan_people(organization=organization, lines=lines, places=table.places)
    every = sorted([*problems, *plan.problems], key=lambda one: (one.row, one.column))
    return Reading(table, lines, plan, every)


def keep_people_list(
    *, actor: Membership, data: bytes, reading: Reading, at: datetime
) -> PeopleImport:
    """Keep a faultless list for an hour, until its maker has looked and says go."""
    if reading.problems:
        raise ValueError("A list with faults is not kept.")
    kept: PeopleImport = PeopleImport.objects.create(
        organization_id=actor.organization_id,
        created_by_id=actor.id,
        created_at=at,
        expires_at=at + KEPT,
        file_digest=hashlib.sha256(data).hexdigest(),
        rows=[line.as_document() for line in reading.lines],
        outcome={
            "places": reading.table.places,
            "encoding": reading.table.encoding,
            "language": actor.user.language,
        },
    )
    return kept


def plan_of(kept: PeopleImport) -> Plan:
    """What a kept list would do now."""
    lines = [PersonLine.from_document(document) for document in kept.rows]
    places = kept.outcome.get("places", {})
    return plan_people(organization=kept.organization, lines=lines, places=places)


def apply_people_list(
    *, kept: PeopleImport, seen: str, actor: Membership, at: datetime
) -> PeopleImport:
    """Do what was looked at, in one transaction. A second time is harmless and does nothing.

    `seen` is the fingerprint of the plan that was shown. Raises ListHasChanged when the plan of
    this moment is another one.
    """
    require_one_organization(kept.organization_id, actor.organization_id)
    try:
        with transaction.atomic():
            lock_organization(actor.organization)
            fresh: PeopleImport = PeopleImport.objects.select_related("organization").get(
                pk=kept.pk
            )
            if fresh.applied_at is not None:
                return fresh
            plan = plan_of(fresh)
            if fresh.expires_at <= at or plan.problems or plan.digest() != seen:
                raise ListHasChanged
            language = fresh.outcome["language"]
            made = _write(organization=actor.organization, plan=plan, language=language, at=at)
            fresh.outcome = {**plan.counts(), "people": [str(key) for key in made]}
            fresh.rows, fresh.applied_at = [], at
            fresh.save(update_fields=["rows", "outcome", "applied_at"])
            _record(actor.organization, actor, plan, fresh.file_digest, f"import:{fresh.id}", at)
    except IntegrityError:
        # Another organisation took a name meanwhile: the lock is only our own.
        raise ListHasChanged from None
    return fresh


def import_people(*, organization: Organization, data: bytes, apply: bool, at: datetime) -> Reading:
    """For the console: read a file and, when it has no fault and `apply` is set, do it."""
    with transaction.atomic():
        lock_organization(organization)
        reading = read_list(organization=organization, data=data)
        if apply and not reading.problems:
            language = Language.ENGLISH.value
            _write(organization=organization, plan=reading.plan, language=language, at=at)
            digest = hashlib.sha256(data).hexdigest()
            _record(organization, None, reading.plan, digest, f"organization:{organization.pk}", at)
    return reading


def _record(
    organization: Organization,
    actor: Membership | None,
    plan: Plan,
    digest: str,
    subject: str,
    at: datetime,
) -> None:
    """One entry for the whole list: an entry a person would take minutes for thousands."""
    record_event(
        organization=organization,
        actor=actor,
        action="people.import",
        subject=subject,
        after={**plan.counts(), "file": digest[:16]},
        at=at,
    )


# --- writing ------------------------------------------------------------------------------------


def _write(*, organization: Organization, plan: Plan, language: str, at: datetime) -> list[UUID]:
    """All steps. Returns the memberships that are new. A constant number of queries a batch."""
    ids = {name: known.id for name, known in plan.known.items()}
    new = [step for step in plan.steps if step.known is None]
    ids |= {step.line.sign_in_name: uuid7() for step in new}
    for batch in batches(_managers_first(new)):
        _create_people(organization, batch, ids, plan, language, at)
    for batch in batches(step for step in plan.steps if step.cohorts):
        _put_into_cohorts(organization, batch, ids, plan, at)
    for batch in batches(step for step in plan.steps if step.known and step.manager):
        _set_managers(organization, batch, ids)
    for batch in batches(step for step in plan.steps if step.known and step.office):
        _set_offices(organization, batch, plan)
    touched = [ids[step.line.sign_in_name] for step in plan.steps]
    for some in batches(touched):
        note_places(organization_id=organization.pk, people=some, at=at)
        note_stays(organization_id=organization.pk, people=some, at=at)
    return [ids[step.line.sign_in_name] for step in new]


def _managers_first(steps: list[Step]) -> list[Step]:
    """So that nobody is written before the person they report to. There are no circles."""
    new = {step.line.sign_in_name: step for step in steps}
    ordered: dict[str, Step] = {}
    for step in steps:
        chain = []
        here: Step | None = step
        while here is not None and here.line.sign_in_name not in ordered:
            chain.append(here)
            here = new.get(here.manager)
        for one in reversed(chain):
            ordered[one.line.sign_in_name] = one
    return list(ordered.values())


def _create_people(
    organization: Organization,
    steps: list[Step],
    ids: dict[str, UUID],
    plan: Plan,
    language: str,
    at: datetime,
) -> None:
    """Accounts without a passphrase: the printed card is the way in."""
    users = [
        User(
            username=step.line.sign_in_name,
            display_name=step.line.alias,
            email=step.line.email,
            language=step.line.language or language,
            password=make_password(None),
            joined_at=at,
        )
        for step in steps
    ]
    User.objects.bulk_create(users)
    Membership.objects.bulk_create(
        Membership(
            organization=organization,
            id=ids[step.line.sign_in_name],
            user=user,
            role=step.role,
            joined_at=at,
            manager_id=ids[step.manager] if step.manager else None,
            office_id=plan.office_ids[plain(step.office)] if step.office else None,
        )
        for step, user in zip(steps, users, strict=True)
    )


def _put_into_cohorts(
    organization: Organization, steps: list[Step], ids: dict[str, UUID], plan: Plan, at: datetime
) -> None:
    places = [
        CohortMember(
            organization=organization,
            cohort_id=plan.cohort_ids[name.casefold()],
            membership_id=ids[step.line.sign_in_name],
            joined_at=at,
        )
        for step in steps
        for name in step.cohorts
    ]
    # Somebody may just have been put there by hand, which is what was wanted.
    CohortMember.objects.bulk_create(places, ignore_conflicts=True)


def _set_managers(organization: Organization, steps: list[Step], ids: dict[str, UUID]) -> None:
    wanted = {step.known.id: ids[step.manager] for step in steps if step.known}
    _set_each(organization, "manager_id", wanted)


def _set_offices(organization: Organization, steps: list[Step], plan: Plan) -> None:
    wanted = {step.known.id: plan.office_ids[plain(step.office)] for step in steps if step.known}
    _set_each(organization, "office_id", wanted)


def _set_each(organization: Organization, column: str, wanted: dict[UUID, UUID]) -> None:
    """A value of its own for each person, in one statement."""
    cases: list[Any] = [
        When(id=person, then=Value(value, output_field=UUIDField()))
        for person, value in wanted.items()
    ]
    rows = Membership.objects.in_organization(organization).filter(id__in=list(wanted))
    rows.update(**{column: Case(*cases, output_field=UUIDField())})
