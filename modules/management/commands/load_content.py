"""`manage.py load_content`: bring the course in the database to what the files say."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from course.framework.problems import BrokenContent
from modules.services.loading import Loaded, load_course


class Command(BaseCommand):
    """Plans, prints the plan, applies it in one transaction; a broken file stops everything."""

    help = "Load the framework and the lessons from their files. Safe to repeat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One option: look without touching."""
        parser.add_argument("--dry-run", action="store_true", help="print the plan, write nothing")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Load and say what happened."""
        try:
            loaded = load_course(
                root=settings.BASE_DIR, at=timezone.now(), rehearse=options["dry_run"]
            )
        except BrokenContent as broken:
            for problem in broken.problems:
                self.stderr.write(str(problem))
            raise CommandError(
                f"{len(broken.problems)} problem(s) in the content. Nothing was loaded; the "
                "running course is as it was. Mend the lines above and load again."
            ) from None
        self._report(loaded, verbose=options["verbosity"] > 1 or options["dry_run"])

    def _report(self, loaded: Loaded, *, verbose: bool) -> None:
        if not loaded.changes:
            self.stdout.write("Content: nothing to do.")
            return
        # The first load would print a thousand lines that say nothing.
        if verbose or len(loaded.changes) <= 40:
            for change in loaded.changes:
                self.stdout.write(f"  {change}")
        count = len(loaded.changes)
        if loaded.release is None:
            self.stdout.write(f"Content: {count} changes planned; nothing was written.")
        else:
            self.stdout.write(f"Content: release {loaded.release.number} with {count} changes.")
