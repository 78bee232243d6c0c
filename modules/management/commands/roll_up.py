"""`manage.py roll_up`: keep the sums of closed days; `--check` counts them again from the facts."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from modules.published import current_outline
from modules.reports.days import check_days, read_everywhere, roll_up


class Command(BaseCommand):
    """Write what is missing, check, or show the sums of all organisations."""

    help = (
        "Keep the sums of closed days (run it once a night). --check: count random days again from "
        "the facts. --show: the sums of all organisations on the newest closed day."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """What to do instead of writing."""
        parser.add_argument("--check", action="store_true")
        parser.add_argument("--points", type=int, default=100, help="how many sums to check")
        parser.add_argument("--seed", type=int, default=0, help="which ones, to repeat a check")
        parser.add_argument("--show", action="store_true")

    def handle(self, *_: Any, **options: Any) -> None:
        """Raises CommandError when sums and facts differ."""
        at = timezone.now()
        if options["check"]:
            self._check(options["points"], options["seed"])
            return
        if options["show"]:
            self._show()
            return
        for key, days in roll_up(current_outline(), at=at):
            self.stdout.write(f"{key}: {days} days")
            self.stdout.flush()
        self.stdout.write("Sums are complete.")

    def _check(self, points: int, seed: int) -> None:
        looked, found = check_days(current_outline(), points=points, at=timezone.now(), seed=seed)
        for one in found[:20]:
            what = f"{one.kept} is kept, {one.counted} counted" if one.kept else "is missing"
            self.stderr.write(f"{one.organization} {one.day} {one.module or 'course'}: {what}")
        if found:
            raise CommandError(
                f"{len(found)} differences in {looked} sums. Somebody changed rows by hand; "
                "restore a backup, or find out who."
            )
        self.stdout.write(f"{looked} sums counted again from the facts: no difference.")

    def _show(self) -> None:
        found = read_everywhere()
        if found is None:
            raise CommandError("No day is kept yet. Run manage.py roll_up first.")
        self.stdout.write(
            f"At the end of {found.day}, {found.organizations} organisations: {found.completed} of "
            f"{found.population} learners have a completion that counts ({found.expiring} of them "
            f"end within 90 days), {found.started} are on the way, {found.not_started} have not "
            f"begun, {found.expired} ran out, {found.overdue} are late with something."
        )
