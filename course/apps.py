"""Django's entry to the course floor."""

from django.apps import AppConfig
from django.core.signals import request_finished


class CourseConfig(AppConfig):
    """Registers the checks and makes the database files private before anything opens them."""

    name = "course"
    verbose_name = "Course"

    def ready(self) -> None:
        """Called once per process when all apps are loaded."""
        from course import checks, housekeeping, sqlite  # noqa: PLC0415 -- need the loaded apps

        checks.register_all()
        for database in sqlite.sqlite_files().values():
            sqlite.create_private_file(database)
        request_finished.connect(sqlite.tidy_up, dispatch_uid="course.sqlite.tidy_up")
        request_finished.connect(housekeeping.hourly_purge, dispatch_uid="course.hourly_purge")
