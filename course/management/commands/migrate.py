"""Django's migrate with our order of things."""

from django.core.management.commands.migrate import Command as DjangoCommand

from course.autodetector import TenantAutodetector


class Command(DjangoCommand):
    """Apply migrations."""

    autodetector = TenantAutodetector
