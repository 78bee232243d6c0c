"""manage.py seed_demo: two demo organisations. The modules floor adds progress to them."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from course.env_values import host_of, is_loopback
from course.services.demo import seed_people


def refuse_outside_this_machine() -> None:
    """Raise CommandError unless the site is only reached from this machine."""
    if not is_loopback(host_of(settings.KENALI_SITE_URL)):
        raise CommandError(
            "Demo people are never made on a site that others can reach "
            f"(KENALI_SITE_URL is {settings.KENALI_SITE_URL})."
        )


class Command(BaseCommand):
    """Make the demo people."""

    help = "Make two demo organisations with people. Safe to repeat; only on one's own machine."

    def handle(self, *_: Any, **__: Any) -> None:
        """Raises CommandError where others could reach the site."""
        refuse_outside_this_machine()
        for organization in seed_people(timezone.now()):
            self.stdout.write(f"{organization.key}: ready")
        self.stdout.write("Sign in with: manage.py sign_in_link learner (or trainer, admin, ...)")
