"""`manage.py erase_person`: as on the ground floor, and what the upper floors know goes too.

Django takes this command before the one of the course floor.
"""

from django.db import transaction
from django.utils import timezone

from course.management.commands.erase_person import Command as PersonCommand
from course.models import Membership, User
from modules.services.forgetting import forget_person


class Command(PersonCommand):
    """Erase a person on every floor."""

    def erase(self, user: User, reason: str) -> None:
        """Account and the rest go together, or, when a rule says no, neither."""
        with transaction.atomic():
            super().erase(user, reason)
            at = timezone.now()
            for place in Membership.objects.of_user(user):
                forget_person(place, at=at)
