"""Django's flush, which empties tables in any order: our immediate keys must not look meanwhile."""

from typing import Any

from django.core.management.commands.flush import Command as DjangoCommand
from django.db import connections


class Command(DjangoCommand):
    """Empty all tables. Used after each test that commits."""

    def handle(self, **options: Any) -> None:
        """As in Django. PostgreSQL truncates all tables in one statement and needs no help."""
        with connections[options["database"]].constraint_checks_disabled():
            super().handle(**options)
