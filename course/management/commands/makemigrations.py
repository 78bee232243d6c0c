"""Django's makemigrations with our order of things."""

from django.core.management.commands.makemigrations import Command as DjangoCommand

from course.autodetector import TenantAutodetector


class Command(DjangoCommand):
    """Write migrations."""

    autodetector = TenantAutodetector
