"""Django's entry to the modules floor."""

from django.apps import AppConfig


class ModulesConfig(AppConfig):
    """The floor is reached through its URLs and commands, and listens to quizzes handed in."""

    name = "modules"
    verbose_name = "Modules"

    def ready(self) -> None:
        """Listen to the one signal of the project."""
        import modules.audit_words  # noqa: F401, PLC0415 -- registers
        from course.services.retention import also_purge  # noqa: PLC0415
        from modules.audit_names import register  # noqa: PLC0415 -- models are ready now
        from modules.listening import complete_after_quiz  # noqa: PLC0415 -- models are ready now
        from modules.services.leaving import forget_people_who_left  # noqa: PLC0415
        from modules.services.reviewing import on_graded  # noqa: PLC0415
        from quizzes.services.grading import attempt_graded  # noqa: PLC0415

        register()
        also_purge("people", lambda at: forget_people_who_left(at=at))
        attempt_graded.connect(complete_after_quiz, dispatch_uid="modules.complete_after_quiz")
        attempt_graded.connect(on_graded, dispatch_uid="modules.on_graded")
