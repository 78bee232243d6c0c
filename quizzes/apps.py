"""Django's entry to the quizzes floor."""

from django.apps import AppConfig


class QuizzesConfig(AppConfig):
    """The floor is reached through its URLs and commands."""

    name = "quizzes"
    verbose_name = "Quizzes"

    def ready(self) -> None:
        """Say what this floor writes into the record of changes."""
        import quizzes.audit_words  # noqa: F401, PLC0415 -- registers
