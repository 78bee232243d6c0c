"""Django's entry to the modules floor."""

from django.apps import AppConfig


class ModulesConfig(AppConfig):
    """Nothing is done at start; the floor is reached through its URLs and commands."""

    name = "modules"
    verbose_name = "Modules"
