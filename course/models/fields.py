"""A column for published documents."""

import json
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from course.models.audit import canonical_json

if TYPE_CHECKING:
    _Text = models.TextField[Any, Any]
else:  # Django's fields take no type arguments at run time
    _Text = models.TextField


class DocumentField(_Text):
    """JSON kept as canonical text: equal documents are equal bytes, on every database.

    Not Django's JSONField: on SQLite that adds a CHECK with JSON_VALID, which SQLite refuses to run
    while `trusted_schema` is off. Documents are read whole, never searched inside.
    """

    def from_db_value(
        self, value: str | None, _expression: Any, _connection: BaseDatabaseWrapper
    ) -> Any:
        """The document of a row."""
        return None if value is None else json.loads(value)

    def to_python(self, value: Any) -> Any:
        """The document, also when a fixture gives its text."""
        return json.loads(value) if isinstance(value, str) else value

    def get_prep_value(self, value: Any) -> str | None:
        """The text that is stored."""
        return None if value is None else canonical_json(value)
