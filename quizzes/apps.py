"""Django's entry to the quizzes floor."""

from django.apps import AppConfig


class QuizzesConfig(AppConfig):
    """Nothing is done at start; the floor is reached through its URLs and commands."""

    name = "quizzes"
    verbose_name = "Quizzes"
