"""Django's entry to the quizzes floor."""

from django.apps import AppConfig


class QuizzesConfig(AppConfig):
    """The floor has no models yet; the label is taken so that later migrations have their name."""

    name = "quizzes"
    verbose_name = "Quizzes"
