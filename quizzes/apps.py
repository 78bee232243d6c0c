"""Django's entry to the quizzes floor."""

from django.apps import AppConfig


class QuizzesConfig(AppConfig):
    """The floor is reached through its URLs and commands."""

    name = "quizzes"
    verbose_name = "Quizzes"

    def ready(self) -> None:
        """Say what this floor writes into the record of changes, and have its history looked at."""
        import quizzes.audit_words  # noqa: F401, PLC0415 -- registers
        from course.services.placing import also_compare  # noqa: PLC0415 -- models are ready now
        from quizzes.services.accommodating import days_differences  # noqa: PLC0415

        also_compare("extra days", days_differences)
