"""manage.py tidy: remove what has expired, and empty SQLite's logs of it."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone

from course.services.retention import purge_expired


class Command(BaseCommand):
    """The site does this by itself each hour while it is used; on a quiet site, run it daily."""

    help = "Remove expired sessions, links and counters now. Safe while the site is serving."

    def handle(self, *_: Any, **__: Any) -> None:
        """One line per kind, then what the checkpoint says."""
        for kind, number in purge_expired(at=timezone.now()).items():
            self.stdout.write(f"{kind}: {number} removed")
        call_command("checkpoint", stdout=self.stdout)
