"""`manage.py seed_demo`: the demo people of the ground floor, and on top of that their progress.

Django takes this command before the one of the course floor, which makes the people only.
"""

from typing import Any

from django.utils import timezone

from course.management.commands.seed_demo import Command as PeopleCommand
from course.models import Organization
from course.services.demo import PLANS
from modules.services.demo import seed_progress
from modules.services.demo_asking import seed_assignments


class Command(PeopleCommand):
    """Make the demo people and give them a past."""

    help = "Make two demo organisations with people and progress. Safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError where others could reach the site."""
        super().handle(*args, **options)
        organizations = list(Organization.objects.filter(key__in=[plan.key for plan in PLANS]))
        at = timezone.now()
        seed_progress(organizations, at=at)
        seed_assignments(organizations, at=at)
