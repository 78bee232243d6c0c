"""Which database a row lives in, when SQLite keeps short-lived rows in a file of their own."""

from __future__ import annotations

from typing import Any

from django.db.models import Model

TRANSIENT = "transient"


class TransientRouter:
    """Sessions and throttle counters go to the second file, everything else to the first.

    They are written on requests that otherwise only read; in their own file they never wait for,
    or hold up, the lock under which answers are stored. They can be lost without losing a fact.
    """

    def db_for_read(self, model: type[Model], **_hints: Any) -> str | None:
        """The alias for reading rows of `model`; None leaves the choice to Django."""
        return TRANSIENT if is_transient(model._meta.app_label, model._meta.model_name) else None

    db_for_write = db_for_read

    def allow_relation(self, one: Model, other: Model, **_hints: Any) -> bool:
        """Two rows may only point at each other inside one file."""
        return is_transient(one._meta.app_label, one._meta.model_name) == is_transient(
            other._meta.app_label, other._meta.model_name
        )

    def allow_migrate(
        self, db: str, app_label: str, model_name: str | None = None, **_hints: Any
    ) -> bool:
        """Each table exists in one file only; data migrations run on the first."""
        return is_transient(app_label, model_name) == (db == TRANSIENT)


def is_transient(app_label: str, model_name: str | None) -> bool:
    """True for the tables of the second file."""
    return app_label == "sessions" or (app_label, model_name) == ("course", "throttlecounter")
