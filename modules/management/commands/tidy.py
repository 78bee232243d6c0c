"""`manage.py tidy`: as on the ground floor, and people who left long ago are forgotten.

Django takes this command before the one of the course floor.
"""

from argparse import ArgumentParser
from typing import Any

from django.utils import timezone

from course.management.commands.tidy import Command as TidyCommand
from modules.services.leaving import forget_people_who_left, people_who_left


class Command(TidyCommand):
    """What the hourly chores do in small pieces, this does to the end."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """A look before the deed."""
        parser.add_argument(
            "--dry-run", action="store_true", help="only say how many people would be forgotten"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Forget everybody whose period is over, then the rest."""
        at = timezone.now()
        if options["dry_run"]:
            number = sum(1 for _ in people_who_left(at=at))
            self.stdout.write(f"people: {number} would be erased; nothing was done")
            return
        forgotten = 0
        while some := forget_people_who_left(at=at):
            forgotten += some
        self.stdout.write(f"people who left: {forgotten} erased")
        super().handle(*args, **options)
