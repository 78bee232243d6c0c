"""Taking rows out of the protection of this site: how many, and that it is kept in the record.

- Each account has a budget of rows within an hour, so that an account that was taken over cannot
  carry everything away in one night. Like the throttle it is counted in slices of ten minutes.
- The entry in the record is written before the first byte leaves.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.db import transaction

from course.models import Membership
from course.services.audit import record_event
from course.services.throttle import SLICE, WINDOW, read_slices, security_log, spend

PURPOSE: Final = "rows taken out"


class TooManyRowsTaken(Exception):
    """The budget of this hour does not reach. `again_at`: when it will; None: it never does."""

    def __init__(self, *, rows: int, again_at: datetime | None) -> None:
        super().__init__(f"{rows} rows are more than may be taken out now")
        self.rows = rows
        self.again_at = again_at


def most_rows() -> int:
    """How many rows one account may take out within an hour."""
    return int(settings.KENALI_EXPORT_ROWS_PER_HOUR)


def rows_left(*, actor: Membership, at: datetime) -> int:
    """How many rows this account may still take out at this moment."""
    used = sum(read_slices(purpose=PURPOSE, account=str(actor.user_id), at=at).values())
    return max(0, most_rows() - used)


def reserve_rows(*, actor: Membership, rows: int, at: datetime) -> None:
    """Take the rows from the budget of the account, in whichever organisation it acts.

    Of two requests at once only what fits passes. Raises TooManyRowsTaken, having taken nothing.
    """
    account = str(actor.user_id)
    if not spend(purpose=PURPOSE, account=account, number=rows, limit=most_rows(), at=at):
        raise TooManyRowsTaken(rows=rows, again_at=possible_again(actor=actor, rows=rows, at=at))


def possible_again(*, actor: Membership, rows: int, at: datetime) -> datetime | None:
    """When that many rows fit into the budget again; None when they never will."""
    limit = most_rows()
    if rows > limit:
        return None
    slices = read_slices(purpose=PURPOSE, account=str(actor.user_id), at=at)
    used, again = sum(slices.values()), at
    for start, number in sorted(slices.items()):
        if used + rows <= limit:
            break
        used -= number
        again = start + WINDOW + SLICE
    return again


def record_export(
    *,
    actor: Membership,
    what: str,
    subject: str,
    rows: int,
    at: datetime,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Keep in the record who took which rows out, before the file is handed over.

    `details`: what else says which rows these were (table, filter, format); names nobody.
    """
    with transaction.atomic():
        record_event(
            organization=actor.organization,
            actor=actor,
            action=f"export.{what}",
            subject=subject,
            after={"rows": rows, **(details or {})},
            at=at,
        )


def record_refusal(
    *, actor: Membership, subject: str, at: datetime, details: Mapping[str, Any] | None = None
) -> None:
    """Keep in the record that somebody wanted more than the budget of the hour."""
    security_log.warning("a file was refused: the rows of this hour are used up")
    with transaction.atomic():
        record_event(
            organization=actor.organization,
            actor=actor,
            action="export.refused",
            subject=subject,
            after=details,
            at=at,
        )
