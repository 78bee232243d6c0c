"""`manage.py rebuild_rollups`: compare the sums with the facts, and put right what differs."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from course.models import Organization
from quizzes.services.rollups import differences, rebuild


class Command(BaseCommand):
    """Facts are never changed by it; sums are."""

    help = "Recompute the sums of all organisations from the evidence."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One option: look without touching."""
        parser.add_argument(
            "--check", action="store_true", help="only compare; fail on a difference"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Raises CommandError when `--check` finds a difference."""
        wrong = 0
        for organization in Organization.objects.order_by("key"):
            found = list(differences(organization)) if options["check"] else rebuild(organization)
            for one in found:
                self.stdout.write(str(one))
            wrong += len(found)
        if options["check"] and wrong:
            raise CommandError(f"{wrong} sums differ from the facts. Run rebuild_rollups to mend.")
        self.stdout.write(f"Sums: {wrong} {'differ' if options['check'] else 'put right'}.")
