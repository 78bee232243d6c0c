"""Every write that touches more than one row: keyword-only functions named verb_object.

Each checks, writes, records in the audit in one transaction. They take objects that the view has
already looked up within its organisation, and trust no one to have done so: rows of two
organisations in one call are a programming error and raise ValueError.

Whoever changes a row that others may change too calls `lock_organization` first: organisation, then
rows, always in this order, so that two operations never wait for each other.
"""

from uuid import UUID

from django.utils.functional import Promise


class Refused(Exception):
    """A rule of the house says no. `reason` is a sentence for the person, translated when shown.

    `field` is the name of the form field it is about, if it is about one.
    """

    def __init__(self, reason: str | Promise, *, field: str | None = None) -> None:
        super().__init__(str(reason))
        self.reason = reason
        self.field = field


def require_one_organization(*organization_ids: UUID) -> None:
    """Raise ValueError when the rows of one call belong to several organisations."""
    if len(set(organization_ids)) > 1:
        raise ValueError("Rows of different organisations in one operation.")
