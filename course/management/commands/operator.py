"""manage.py operator USERNAME: let somebody see the administration pages, or no longer."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from course.models import User


class Command(BaseCommand):
    """The only way to become an operator is from the console."""

    help = "Let a person see the administration pages (KENALI_ADMIN=1), or take that away."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The sign-in name, and the direction."""
        parser.add_argument("username")
        parser.add_argument("--remove", action="store_true", help="take it away again")

    def handle(self, *_: Any, **options: Any) -> None:
        """Raises CommandError when there is no such person."""
        name = User.normalize_username(options["username"])
        becomes = not options["remove"]
        if not User.objects.filter(username=name).update(is_operator=becomes):
            raise CommandError(f"There is nobody called {name!r}.")
        self.stdout.write(f"{name} is {'now' if becomes else 'no longer'} an operator.")
