"""A column for published documents."""

import json
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from course.models.audit import canonical_json


class DocumentField(models.TextField):  # type: ignore[type-arg]
    """JSON kept as canonical text: equal documents are equal bytes, on every database.

    Not Django's JSONField: on SQLite that adds a CHECK with JSON_VALID, which SQLite refuses to run
    while `trusted_schema` is off. Documents are read whole, never searched inside.
    """

    _pyi_private_set_type: Any  # what the type checker takes for the column's values
    _pyi_private_get_type: Any

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
