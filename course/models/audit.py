"""The append-only record of who changed what, chained so that a gap or an edit shows."""

import hashlib
import json
from typing import Any, ClassVar, NoReturn

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from course.models.base import (
    AppendOnlyError,
    TenantForeignKey,
    TenantModel,
    TenantQuerySet,
    belongs_to,
)
from course.models.organizations import Membership


class AuditQuerySet(TenantQuerySet["AuditEntry"]):
    """Reads of the record. Nothing here changes or removes a row."""

    def for_audit_page(self) -> "AuditQuerySet":
        """With the person who acted, the newest first: one query."""
        return self.select_related("actor__user").order_by("-sequence")

    def update(self, **_kwargs: Any) -> NoReturn:
        """Refused."""
        raise AppendOnlyError("Audit entries are never changed.")

    def delete(self) -> NoReturn:
        """Refused."""
        raise AppendOnlyError("Audit entries are never deleted.")

    def bulk_update(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        """Refused."""
        raise AppendOnlyError("Audit entries are never changed.")

    def bulk_create(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        """Refused."""
        raise AppendOnlyError("Audit entries are added one by one, by record_event.")

    def _raw_delete(self, using: str | None) -> NoReturn:  # noqa: ARG002 -- Django's signature
        raise AppendOnlyError("Audit entries are never deleted.")


class AuditEntry(TenantModel):
    """One thing that happened. Personal data: who acted and on whom, by internal id only.

    `subject` is "kind:id". `before` and `after` are small JSON mappings without secrets. `digest`
    covers every other column and the digest of the entry before it.
    """

    sequence = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    actor_id = models.UUIDField(null=True, blank=True)
    actor = belongs_to(Membership, "actor_id", null=True)
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=120)
    # Canonical JSON as text, so that the digest is of exactly what is stored.
    before = models.TextField(default="{}")
    after = models.TextField(default="{}")
    reason = models.CharField(max_length=300, blank=True)
    previous_digest = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    objects: ClassVar[Any] = AuditQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # One chain per organisation: no gap is hidden by a second row of the same number.
            models.UniqueConstraint(
                fields=["organization", "sequence"], name="course_audit_sequence"
            ),
            TenantForeignKey(
                column="actor_id", table="course_membership", name="course_audit_actor_fk"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.action}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert only."""
        if not self._state.adding:
            raise AppendOnlyError("Audit entries are never changed.")
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        """Refused."""
        raise AppendOnlyError("Audit entries are never deleted.")

    def computed_digest(self) -> str:
        """SHA-256, in hexadecimal, over the canonical JSON of all columns but `digest`."""
        document = {
            "organization": str(self.organization_id),
            "id": str(self.id),
            "sequence": self.sequence,
            "at": self.at.isoformat(),
            "actor": str(self.actor_id) if self.actor_id else None,
            "action": self.action,
            "subject": self.subject,
            "before": self.before,
            "after": self.after,
            "reason": self.reason,
            "previous": self.previous_digest,
        }
        return hashlib.sha256(canonical_json(document).encode("ascii")).hexdigest()

    def changes(self) -> list[tuple[str, str, str]]:
        """(word, before, after) for each word that either mapping holds, in order of the words."""
        before, after = json.loads(self.before), json.loads(self.after)
        words = sorted(before.keys() | after.keys())
        return [(word, str(before.get(word, "")), str(after.get(word, ""))) for word in words]


def canonical_json(value: object) -> str:
    """ASCII JSON with sorted keys and no spaces: equal values give equal bytes."""
    return json.dumps(
        value, cls=DjangoJSONEncoder, ensure_ascii=True, sort_keys=True, separators=(",", ":")
    )
