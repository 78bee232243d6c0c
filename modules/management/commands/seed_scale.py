"""`manage.py seed_scale --learners N --organisations M`: bulk data for benchmarks."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from course.management.commands.seed_demo import refuse_outside_this_machine
from modules.services.scale import Wanted, seed_scale


class Command(BaseCommand):
    """Fill the database with made-up people and everything they did."""

    help = (
        "Make N learners in M organisations, each with lessons, two or more tests of at least 20 "
        "answers and their evidence. May be stopped and begun again; only on one's own machine."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """How much is wanted in all."""
        parser.add_argument("--learners", type=int, required=True, metavar="N")
        parser.add_argument("--organisations", type=int, default=1, metavar="M")
        parser.add_argument(
            "--light",
            action="store_true",
            help="only one of fifty has answers; for a million on a small disk",
        )

    def handle(self, *_: Any, **options: Any) -> None:
        """Raises CommandError where others could reach the site, and for impossible numbers."""
        refuse_outside_this_machine()
        wanted = Wanted(options["learners"], options["organisations"], options["light"])
        try:
            seed_scale(wanted=wanted, at=timezone.now(), say=self._say)
        except ValueError as error:
            raise CommandError(str(error)) from None

    def _say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()
