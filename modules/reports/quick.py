"""Ids and instants of tens of thousands of rows, made with less work than Django's converters.

SQLite keeps ids as text and instants without a zone. Making a UUID of the former costs more than
reading the row it stands in, and one person stands in many rows. Ask for a column with `raw` and
make its value with `as_id` or `as_moment`; the values are the ones that Django would have made.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from django.db.models import ExpressionWrapper, F, TextField

REMEMBERED: Final = 2**15  # ids, about 6 MB; in larger organisations the oldest are made again


def raw(column: str) -> Any:
    """A column as the driver of the database gives it, for `values_list`."""
    return ExpressionWrapper(F(column), output_field=TextField())


def as_id(value: Any) -> UUID:
    """The id in a raw column; PostgreSQL has made it already. None stays None."""
    return _made(value) if isinstance(value, str) else value


@lru_cache(maxsize=REMEMBERED)
def _made(text: str) -> UUID:
    return UUID(text)


def as_moment(value: Any) -> datetime:
    """The instant in a raw column or aggregate. SQLite keeps them in UTC and does not say so."""
    at: datetime = datetime.fromisoformat(value) if isinstance(value, str) else value
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)


__all__ = ["as_id", "as_moment", "raw"]
