"""manage.py create_organisation KEY NAME ADMINISTRATOR: the first person of a new organisation."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from course.models import User
from course.roles import Role
from course.services import Refused
from course.services.accounts import create_person
from course.services.codes import grouped
from course.services.members import create_membership, create_organization
from course.services.sign_in_links import create_sign_in_link


class Command(BaseCommand):
    """Make an organisation and its first administrator."""

    help = "Make an organisation and print a one-time address for its first administrator."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Key, name and sign-in name."""
        parser.add_argument("key", help="short and lower case, for commands and files")
        parser.add_argument("name", help="as people call it")
        parser.add_argument("administrator", help="sign-in name; made when it does not exist")

    def handle(self, *_: Any, **options: Any) -> None:
        """Everything or nothing. Raises CommandError with the reason."""
        at = timezone.now()
        try:
            with transaction.atomic():
                organization = create_organization(key=options["key"], name=options["name"], at=at)
                name = User.normalize_username(options["administrator"])
                user = User.objects.filter(username=name).first() or create_person(
                    username=name,
                    display_name="",
                    language="en",
                    password=make_password(None),
                    at=at,
                )
                create_membership(
                    organization=organization, user=user, role=Role.ADMINISTRATOR, at=at
                )
                code = create_sign_in_link(user=user, at=at)
        except Refused as refusal:
            raise CommandError(str(refusal)) from None
        path = reverse("course:link", args=[grouped(code)])
        self.stdout.write(f"{settings.KENALI_SITE_URL}{path}")
