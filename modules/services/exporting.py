"""Taking results out of the protection of this site."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from course.models import Membership
from course.services.audit import record_event


def record_export(*, actor: Membership, what: str, subject: str, rows: int, at: datetime) -> None:
    """Keep in the record who took which rows out, before the file is handed over."""
    with transaction.atomic():
        record_event(
            organization=actor.organization,
            actor=actor,
            action=f"export.{what}",
            subject=subject,
            after={"rows": rows},
            at=at,
        )
