"""manage.py sign_in_link USERNAME: a one-time address, the way in for people without e-mail."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse
from django.utils import timezone

from course.models import Membership, User
from course.services.codes import grouped
from course.services.sign_in_links import create_sign_in_link


class Command(BaseCommand):
    """Print a one-time sign-in address."""

    help = "Print an address that signs this person in once, within a day."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One sign-in name."""
        parser.add_argument("username")

    def handle(self, *_: Any, **options: Any) -> None:
        """Raises CommandError when there is no such person or nothing to sign in to."""
        try:
            user = User.objects.get_by_natural_key(options["username"])
        except User.DoesNotExist:
            raise CommandError(f"There is nobody called {options['username']!r}.") from None
        if not user.is_active or not Membership.objects.of_user(user).active().exists():
            raise CommandError(f"{user.username} has no active place in an organisation.")
        code = create_sign_in_link(user=user, at=timezone.now())
        path = reverse("course:link", args=[grouped(code)])
        self.stdout.write(f"{settings.KENALI_SITE_URL}{path}")
