"""Issuing certificates, withdrawing them, and putting another in the place of one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from course.models import Membership, Organization
from course.services import Refused, require_one_organization
from course.services.audit import record_event
from modules.certificates import Choices, add_months, certificate_document
from modules.completion import COURSE_KEY, Need
from modules.models import Certificate, Completion, HolderName, Revocation
from modules.outline import Outline
from modules.published import current_outline
from modules.services.completing import (
    completions_of,
    current_cycle,
    grant_completions,
    newest_cycle,
)
from modules.services.renewing import end_of_validity
from modules.wording import certificate_texts

MOST_AT_ONCE: Final = 500
NOT_COMPLETE: Final = _("The course is not complete in this round, so there is no certificate yet.")
TOO_OLD: Final = _("This was too long ago for a certificate. Begin a new round first.")


def issue_certificate(*, membership: Membership, choices: Choices, at: datetime) -> Certificate:
    """The holder's own certificate of this round; a second request gives the same. Raises Refused.

    One that an administrator withdrew is not issued again by its holder.
    """
    with transaction.atomic():
        grant_completions(membership=membership, at=at)  # locks the person
        cycle = current_cycle(membership)
        papers = list(Certificate.objects.of_person(membership).filter(cycle=cycle).with_standing())
        standing = next((paper for paper in papers if paper.withdrawn is None), None)
        if standing is not None:
            return standing
        if papers:
            raise Refused(_("Your certificate was withdrawn. Please ask your administrator."))
        mine = completions_of(membership).filter(cycle=cycle, scope="course", key=COURSE_KEY)
        fact = mine.select_related("organization", "release").first()
        if fact is None:
            raise Refused(NOT_COMPLETE)
        if end_of_validity(fact) <= at:
            raise Refused(TOO_OLD)
        return _write([(fact, choices, 1)], at=at)[0]


def reissue_certificate(
    *,
    certificate: Certificate,
    choices: Choices,
    reason: str,
    actor: Membership,
    at: datetime,
) -> Certificate:
    """Another paper for the same fact, with other choices and the same end; the old one links here.

    For the holder, who may change what it shows, and for administrators. Raises Refused.
    """
    require_one_organization(certificate.organization_id, actor.organization_id)
    with transaction.atomic():
        _lock_holders(certificate.organization_id, [certificate.membership_id])
        standing = _standing_or_refuse(certificate)
        if standing.expires_at <= at:
            raise Refused(TOO_OLD)
        fact = Completion.objects.select_related("organization", "release").get(
            organization_id=standing.organization_id, id=standing.completion_id
        )
        number = Certificate.objects.filter(
            organization_id=standing.organization_id,
            membership_id=standing.membership_id,
            cycle=standing.cycle,
        ).count()
        (fresh,) = _write([(fact, choices, number + 1)], at=at, expires_at=standing.expires_at)
        _revoke(standing, reason=reason, actor=actor, at=at, replacement=fresh)
    return fresh


def revoke_certificate(
    *, certificate: Certificate, reason: str, actor: Membership, at: datetime
) -> Revocation:
    """Withdraw a certificate. The fact that the course was completed stays. Raises Refused."""
    require_one_organization(certificate.organization_id, actor.organization_id)
    with transaction.atomic():
        _lock_holders(certificate.organization_id, [certificate.membership_id])
        standing = _standing_or_refuse(certificate)
        return _revoke(standing, reason=reason, actor=actor, at=at)


def _standing_or_refuse(certificate: Certificate) -> Certificate:
    """The row as it is under the lock."""
    rows = Certificate.objects.in_organization(certificate.organization_id).with_standing()
    row: Certificate = rows.get(id=certificate.id)
    if row.withdrawn is not None:
        raise Refused(_("This certificate was withdrawn before."))
    return row


def _revoke(
    certificate: Certificate,
    *,
    reason: str,
    actor: Membership,
    at: datetime,
    replacement: Certificate | None = None,
) -> Revocation:
    revocation = Revocation(
        organization_id=certificate.organization_id,
        membership_id=certificate.membership_id,
        certificate_id=certificate.id,
        revoked_at=at,
        reason=reason,
        replacement_id=replacement.id if replacement else None,
        by_id=actor.id,
    )
    revocation.save(force_insert=True)
    if actor.id != certificate.membership_id:
        record_event(
            organization=actor.organization,
            actor=actor,
            action="certificate.replace" if replacement else "certificate.revoke",
            subject=f"certificate:{certificate.id}",
            after={"replacement": str(replacement.id)} if replacement else {},
            reason=reason,
            at=at,
        )
    return revocation


# --- many at once ---------------------------------------------------------------------------------


def waiting_completions(organization: Organization | UUID, *, at: datetime) -> Any:
    """Completions of the course, in everybody's present round, that never had a paper: one query.

    Of people with an active place only, the newest first; what is too old for one is left out.
    """
    rows = Completion.objects.in_organization(organization).filter(
        scope="course",
        key=COURSE_KEY,
        cycle=newest_cycle(),
        certificates__isnull=True,
        membership__is_active=True,
        completed_at__gt=_oldest(at),
    )
    return rows.select_related("membership__user").order_by("-completed_at", "id")


def _oldest(at: datetime) -> datetime:
    """Completed before this, a certificate would have run out; some slack for short months."""
    return add_months(at, -settings.KENALI_CERTIFICATE_MONTHS) - timedelta(days=3)


def issue_certificates(
    *, completions: Sequence[UUID] | None, actor: Membership, at: datetime
) -> int:
    """Issue for the chosen completions of the actor's organisation, or for all that wait.

    The paper carries the alias people chose themselves (or none), and strangers read no name and no
    organisation until the holder says so. At most 500 at once; the rest waits for the next time.
    A constant number of queries, whatever the number of papers.
    """
    with transaction.atomic():
        waiting = waiting_completions(actor.organization_id, at=at)
        if completions is not None:
            waiting = waiting.filter(id__in=list(completions))
        people = sorted(waiting.values_list("membership_id", flat=True)[:MOST_AT_ONCE])
        _lock_holders(actor.organization_id, people)
        # Read again under the locks: somebody may just have issued their own.
        facts = [
            fact
            for fact in waiting.filter(membership_id__in=people).select_related(
                "membership__user", "organization", "release"
            )
            if end_of_validity(fact) > at
        ]
        papers = _write([(fact, _alias(fact), 1) for fact in facts], at=at)
        if papers:
            record_event(
                organization=actor.organization,
                actor=actor,
                action="certificate.issue",
                subject=f"organization:{actor.organization_id}",
                after={"certificates": [str(paper.id) for paper in papers]},
                at=at,
            )
    return len(papers)


def _alias(fact: Completion) -> Choices:
    user = fact.membership.user
    return Choices(name=user.display_name, language=user.language)


def _lock_holders(organization_id: UUID, people: Iterable[UUID]) -> None:
    """Nobody else issues or withdraws for these people meanwhile."""
    rows = Membership.objects.in_organization(organization_id).filter(id__in=list(people))
    list(rows.select_for_update().order_by("id").values_list("id", flat=True))


# --- writing --------------------------------------------------------------------------------------


def _write(
    wanted: Sequence[tuple[Completion, Choices, int]],
    *,
    at: datetime,
    expires_at: datetime | None = None,
) -> list[Certificate]:
    """The rows: at most two statements for hundreds of papers."""
    outline, papers, names = current_outline(), [], []
    for fact, choices, number in wanted:
        paper = _paper(fact, choices, number, outline, at, expires_at or end_of_validity(fact))
        papers.append(paper)
        if choices.name:
            names.append(
                HolderName(
                    organization_id=fact.organization_id,
                    certificate_id=paper.id,
                    name=choices.name,
                )
            )
    Certificate.objects.bulk_create(papers)
    HolderName.objects.bulk_create(names)
    return papers


def _paper(
    fact: Completion,
    choices: Choices,
    number: int,
    outline: Outline,
    at: datetime,
    expires_at: datetime,
) -> Certificate:
    dates = {"completed": fact.completed_at, "issued": at, "expires": expires_at}
    shortened = Need.MODULES.value not in fact.rule["needs"]
    document = certificate_document(
        choices=choices,
        organization=fact.organization.name,
        dates=dates,
        completion={
            "rule": fact.rule,
            "round": fact.cycle,
            "release": {"number": fact.release.number, "digest": fact.release.digest},
        },
        texts=certificate_texts(
            outline, dates=dates, shortened=shortened, months=settings.KENALI_CERTIFICATE_MONTHS
        ),
    )
    return Certificate(
        organization_id=fact.organization_id,
        membership_id=fact.membership_id,
        completion_id=fact.id,
        cycle=fact.cycle,
        number=number,
        issued_at=at,
        expires_at=expires_at,
        document=document,
    )


def forget_names(membership: Membership) -> int:
    """Take the names off every certificate of a person who is erased; how many there were."""
    removed, _by_table = HolderName.objects.of_person(membership).delete()
    return int(removed)


def papers_by_round(membership: Membership) -> dict[int, list[Certificate]]:
    """Round -> the papers of one person, the newest first: three queries."""
    found: defaultdict[int, list[Certificate]] = defaultdict(list)
    for paper in Certificate.objects.of_person(membership).with_standing():
        found[paper.cycle].append(paper)
    return found
