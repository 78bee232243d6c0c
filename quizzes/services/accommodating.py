"""What one person needs in every quiz: set once, applied everywhere, also to what is open now."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from django.db import transaction

from course.models import Membership
from course.services import require_one_organization
from course.services.audit import record_event
from course.services.placing import IN_ONE_GO
from quizzes.models import Accommodation, Attempt, ExtraDays
from quizzes.policy import NO_NEEDS, Needs, closes_at
from quizzes.published import quiz_version


def needs_of(membership: Membership) -> Needs:
    """The person's needs; none when nothing was set. One query."""
    rows = Accommodation.objects.in_organization(membership.organization_id)
    row = rows.filter(membership_id=membership.id).first()
    return Needs(row.extra_time, row.no_time_limit, row.extra_days) if row else NO_NEEDS


def set_accommodation(
    *, membership: Membership, actor: Membership, needs: Needs, at: datetime
) -> None:
    """Set what the person needs; closing times and due dates move with it."""
    require_one_organization(membership.organization_id, actor.organization_id)
    with transaction.atomic():
        before = needs_of(membership)
        Accommodation.objects.update_or_create(
            organization_id=membership.organization_id,
            membership_id=membership.id,
            defaults={**asdict(needs), "set_at": at},
        )
        note_extra_days(organization_id=membership.organization_id, people=[membership.id], at=at)
        for attempt in Attempt.objects.of_person(membership).open().select_for_update():
            attempt.closes_at = closes_at(
                quiz_version(attempt.quiz_version_id), needs, attempt.started_at
            )
            attempt.save(update_fields=["closes_at"])
        record_event(
            organization=actor.organization,
            actor=actor,
            action="person.accommodation",
            subject=f"membership:{membership.id}",
            before=asdict(before),
            after=asdict(needs),
            at=at,
        )


def note_extra_days(*, organization_id: UUID, people: Iterable[UUID], at: datetime) -> None:
    """Write down how many extra days these people have now. For after the change.

    Once too often does no harm. Three statements for up to 500 people.
    """
    ids = list(dict.fromkeys(people))
    for start in range(0, len(ids), IN_ONE_GO):
        named = {
            "organization_id": organization_id,
            "membership_id__in": ids[start : start + IN_ONE_GO],
        }
        needs = Accommodation.objects.filter(**named, extra_days__gt=0)
        now = dict(needs.values_list("membership_id", "extra_days"))
        lasting = ExtraDays.objects.filter(**named).lasting()
        known = dict(lasting.values_list("membership_id", "days"))
        over = [person for person, days in known.items() if now.get(person) != days]
        if over:
            lasting.filter(membership_id__in=over).end(at)
        ExtraDays.objects.bulk_create(
            ExtraDays(organization_id=organization_id, membership_id=person, days=days, since=at)
            for person, days in now.items()
            if known.get(person) != days
        )


def days_differences(organization_id: UUID) -> list[str]:
    """Of whom the history of extra days says otherwise than what is set today. Ids only."""
    set_today = Accommodation.objects.in_organization(organization_id).filter(extra_days__gt=0)
    now = set(set_today.values_list("membership_id", "extra_days"))
    lasting = ExtraDays.objects.in_organization(organization_id).lasting()
    told = set(lasting.values_list("membership_id", "days"))
    return [f"extra days of {person}" for person in {row[0] for row in now ^ told}]
