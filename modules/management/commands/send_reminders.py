"""manage.py send_reminders: work out what people should be told, and send what is due by mail."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from modules.services.mailing import Outcome
from modules.services.planning import plan_notices
from modules.services.reminding import send_waiting, waiting_count
from modules.services.report_planning import plan_sendings, remove_old_sendings
from modules.services.report_sending import send_reports, waiting_reports


class Command(BaseCommand):
    """Run it from cron, on one machine or on several. docs/how-to/reminders.md says the rest."""

    help = (
        "Make the reminders and regular reports that are due and send their e-mails. "
        "Safe to run twice and at once."
    )

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
            self.stdout.write(f"reports: {waiting_reports(at=at)} due before this")
            self.stdout.write("Only looked at; nothing was changed or sent.")
            return
        made, removed = plan_sendings(at=at), remove_old_sendings(at=at)
        waiting = waiting_reports(at=at)
        self.stdout.write(f"reports: {made} new, {waiting} waiting, {removed} old ones removed")
        if not settings.KENALI_MAIL:
            self.stdout.write(
                f"e-mails: {waiting_count(at=at)} wait. No mail server is set (KENALI_MAIL_URL), "
                "so nothing is sent; everybody sees their reminders in the course."
            )
            return
        # Both are tried: a fault that one mail of one kind brings must not hold up the other kind.
        outcomes = {"e-mails": send_waiting(), "reports": send_reports()}
        self._tell(outcomes)

    def _tell(self, outcomes: dict[str, Outcome]) -> None:
        for kind, outcome in outcomes.items():
            self.stdout.write(
                f"{kind}: {outcome.sent} sent, {outcome.put_off} put off, "
                f"{outcome.dropped} no longer wanted, {outcome.given_up} given up"
            )
        down = next((one.down for one in outcomes.values() if one.down), "")
        if down:
            now = timezone.now()
            raise CommandError(
                f"The mail server cannot be used ({down}). Nothing is lost: "
                f"{waiting_count(at=now)} e-mails wait for the next run, "
                f"and {waiting_reports(at=now)} reports."
            )
