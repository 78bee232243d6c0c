"""Writing and checking the append-only record."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.db.transaction import TransactionManagementError

from course.models import AuditEntry, Membership, Organization
from course.models.audit import canonical_json
from course.services import require_one_organization

REASON_LENGTH = 300


def record_event(
    *,
    organization: Organization,
    actor: Membership | None,
    action: str,
    subject: str,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
    at: datetime,
) -> AuditEntry:
    """Add one entry to the chain of the organisation. Call it in the transaction of the change.

    `actor` is None for commands run on the console. Never put secrets, names or answers into
    `before` and `after`. Raises TransactionManagementError outside a transaction.
    """
    if actor is not None:
        require_one_organization(organization.pk, actor.organization_id)
    lock_organization(organization)
    last = (
        AuditEntry.objects.in_organization(organization)
        .order_by("-sequence")
        .only("organization_id", "id", "sequence", "digest")
        .first()
    )
    entry = AuditEntry(
        organization=organization,
        sequence=last.sequence + 1 if last else 1,
        at=at.astimezone(UTC),
        actor_id=actor.id if actor else None,
        action=action,
        subject=subject,
        before=canonical_json(dict(before or {})),
        after=canonical_json(dict(after or {})),
        reason=reason[:REASON_LENGTH],
        previous_digest=last.digest if last else first_digest(organization),
    )
    entry.digest = entry.computed_digest()
    entry.save()
    return entry


def record_own_event(membership: Membership, action: str, *, at: datetime) -> AuditEntry:
    """Add what somebody did with their own account."""
    return record_event(
        organization=membership.organization,
        actor=membership,
        action=action,
        subject=f"membership:{membership.id}",
        at=at,
    )


def lock_organization(organization: Organization) -> None:
    """Let one transaction at a time change this organisation's people and audit chain.

    PostgreSQL locks the row without hindering foreign keys that point to it; on SQLite the
    transaction already holds the only write lock (IMMEDIATE).
    """
    if not transaction.get_connection().in_atomic_block:
        raise TransactionManagementError("The record and the change belong in one transaction.")
    rows = Organization.objects.select_for_update(no_key=True).filter(pk=organization.pk)
    rows.values_list("pk").get()


def first_digest(organization: Organization) -> str:
    """What the first entry of a chain points back to."""
    return hashlib.sha256(f"kenali audit {organization.pk}".encode()).hexdigest()


@dataclass(frozen=True, kw_only=True)
class ChainReport:
    """Result of a check: how many entries hold, and what is wrong with the first that does not.

    `digest` is that of the last entry that holds.
    """

    entries: int
    digest: str
    problem: str = ""

    @property
    def sound(self) -> bool:
        """True when nothing was changed, removed or put in between."""
        return not self.problem


def verify_chain(organization: Organization) -> ChainReport:
    """Recompute the whole chain of one organisation, in order.

    Removal of the newest entries shows only against a digest written down elsewhere, which is why
    `self_check` prints the last one.
    """

    def broken(digest: str, number: int, how: str) -> ChainReport:
        return ChainReport(entries=number - 1, digest=digest, problem=f"entry {number} {how}")

    previous, expected = first_digest(organization), 1
    rows = AuditEntry.objects.in_organization(organization).order_by("sequence")
    for entry in rows.iterator(chunk_size=500):
        if entry.sequence != expected:
            return broken(previous, expected, "is missing")
        if entry.previous_digest != previous:
            return broken(previous, expected, "breaks the chain")
        if entry.digest != entry.computed_digest():
            return broken(previous, expected, "was changed")
        previous, expected = entry.digest, expected + 1
    return ChainReport(entries=expected - 1, digest=previous)
