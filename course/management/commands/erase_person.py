"""manage.py erase_person USERNAME: forget who somebody is. Cannot be undone."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from course.models import User
from course.services import Refused
from course.services.privacy import erase_person


class Command(BaseCommand):
    """Asks for the sign-in name twice: there is no way back except an old backup."""

    help = (
        "Erase a person: name, alias, e-mail, passphrase, sessions. Their results stay, nameless."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The sign-in name, once more to be sure, and a word on why."""
        parser.add_argument("username")
        parser.add_argument("--again", required=True, metavar="USERNAME", help="the same name")
        parser.add_argument("--reason", default="", help="kept in the record; no personal details")

    def handle(self, *_: Any, **options: Any) -> None:
        """Raises CommandError when the names differ, nobody has it, or a rule says no."""
        name = User.normalize_username(options["username"])
        if name != User.normalize_username(options["again"]):
            raise CommandError("The two names differ; nothing was done.")
        user = User.objects.filter(username=name).first()
        if user is None:
            raise CommandError(f"There is nobody called {name!r}.")
        try:
            self.erase(user, options["reason"])
        except Refused as refusal:
            raise CommandError(str(refusal)) from None
        call_command("checkpoint", stdout=self.stdout)
        self.stdout.write(
            "Erased. Backups made before still hold the name until they are replaced."
        )

    def erase(self, user: User, reason: str) -> None:
        """What is forgotten, all of it or nothing. Upper floors add to it. Raises Refused."""
        erase_person(user=user, reason=reason, at=timezone.now())
