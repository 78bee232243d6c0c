"""manage.py import_people FILE --organisation KEY [--apply]: many people from a list."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from course.models import Organization
from course.services.import_words import sentence, where
from course.services.importing import import_people


class Command(BaseCommand):
    """Look at a list of people, or bring them in."""

    help = "Say what a CSV or XLSX list of people would do; with --apply do it, wholly or not."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """A file, an organisation, and the word to go ahead."""
        parser.add_argument("file")
        parser.add_argument("--organisation", required=True, metavar="KEY")
        parser.add_argument("--apply", action="store_true", help="do it, if nothing is wrong")

    def handle(self, *_: Any, **options: Any) -> None:
        """Raises CommandError with every fault of the list, by row and column."""
        try:
            organization = Organization.objects.get(key=options["organisation"])
        except Organization.DoesNotExist:
            raise CommandError(
                f"No organisation has the key {options['organisation']!r}."
            ) from None
        try:
            data = Path(options["file"]).read_bytes()
        except OSError as error:
            raise CommandError(f"Cannot read {options['file']}: {error.strerror}.") from None
        reading = import_people(
            organization=organization, data=data, apply=options["apply"], at=timezone.now()
        )
        if reading.problems:
            faults = [f"{where(one)}: {sentence(one)}" for one in reading.problems]
            raise CommandError("Nothing was changed.\n" + "\n".join(faults))
        for word, number in reading.plan.counts().items():
            self.stdout.write(f"{word}: {number}")
        self.stdout.write("Done." if options["apply"] else "Nothing was changed; add --apply.")
