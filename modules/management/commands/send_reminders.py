"""manage.py send_reminders: work out what people should be told, and send what is due by mail."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from modules.services.planning import plan_notices
from modules.services.reminding import Outcome, send_waiting, waiting_count


class Command(BaseCommand):
    """Run it from cron, on one machine or on several. docs/how-to/reminders.md says the rest."""

    help = "Make the reminders that are due and send their e-mails. Safe to run twice and at once."

    def add_arguments(self, parser: CommandParser) -> None:
        """Only looking is possible too."""
        parser.add_argument("--dry-run", action="store_true", help="say what would be done")

    def handle(self, *_: Any, dry_run: bool, **__: Any) -> None:
        """A few lines on what was done; exit 1 when the mail server could not be used."""
        at = timezone.now()
        planned = plan_notices(at=at, dry_run=dry_run)
        self.stdout.write(
            f"notices: {planned.made} new ({planned.mails} with an e-mail), "
            f"{planned.closed} no longer true, {planned.removed} old ones removed"
        )
        if dry_run:
            self.stdout.write(f"e-mails: {waiting_count(at=at)} due before this")
            self.stdout.write("Only looked at; nothing was changed or sent.")
            return
        if not settings.KENALI_MAIL:
            self.stdout.write(
                f"e-mails: {waiting_count(at=at)} wait. No mail server is set (KENALI_MAIL_URL), "
                "so nothing is sent; everybody sees their reminders in the course."
            )
            return
        self._tell(send_waiting())

    def _tell(self, outcome: Outcome) -> None:
        self.stdout.write(
            f"e-mails: {outcome.sent} sent, {outcome.put_off} put off, "
            f"{outcome.dropped} no longer wanted, {outcome.given_up} given up"
        )
        if outcome.down:
            raise CommandError(
                f"The mail server cannot be used ({outcome.down}). Nothing is lost: "
                f"{waiting_count(at=timezone.now())} e-mails wait for the next run."
            )
