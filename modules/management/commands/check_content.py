"""`manage.py check_content`: judge every content file, without a database."""

import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from course.framework.schema import LANGUAGES
from modules.lint.coverage import coverage_of
from modules.reading import Everything, read_everything
from quizzes.schema import items_by_kind

COUNTED = ("sources", "tactics", "indicators", "confounders")


class Command(BaseCommand):
    """Prints every fault with file, line, rule and how to mend it; the exit status tells."""

    help = "Check the framework, the lessons and the item bank. Needs no database; changes nothing."
    requires_system_checks = ()  # an author's machine may have no database at all

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One option: for people or for programs."""
        parser.add_argument("--format", choices=("text", "json"), default="text")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Check, print, and say by the exit status whether all is well."""
        content = read_everything(settings.BASE_DIR, timezone.localdate())
        report = report_on(content)
        if options["format"] == "json":
            self.stdout.write(json.dumps(report, ensure_ascii=False, indent=2))
        else:
            self._print(content, report)
        if content.problems:
            raise SystemExit(1)

    def _print(self, content: Everything, report: dict[str, Any]) -> None:
        for problem in content.problems:
            self.stdout.write(str(problem))
        counts = report["counts"]
        lessons = ", ".join(f"{number} in {name}" for name, number in counts["lessons"].items())
        self.stdout.write(f"Lessons: {lessons}.")
        self.stdout.write(", ".join(f"{counts[name]} {name}" for name in COUNTED) + ".")
        covered = (
            f"{one['taught']} of {one['total']} {kind}" for kind, one in report["coverage"].items()
        )
        self.stdout.write(f"Taught in a lesson: {', '.join(covered)}.")
        kinds = counts["items_by_kind"]
        each = ", ".join(f"{number} {kind}" for kind, number in kinds.items())
        self.stdout.write(f"Items: {sum(kinds.values())} ({each}).")
        found = len(content.problems)
        self.stdout.write(f"{found} to mend." if found else "Nothing to mend.")


def report_on(content: Everything) -> dict[str, Any]:
    """What `--format json` prints: errors, counts and coverage."""
    course = content.course
    return {
        "errors": [problem.as_dict() for problem in content.problems],
        "counts": {
            "lessons": {
                language: sum(lesson.language == language for lesson in course.lessons())
                for language in LANGUAGES
            },
            **{kind: len(getattr(course.framework, kind)) for kind in COUNTED},
            "items_by_kind": items_by_kind(content.bank),
        },
        "coverage": {
            kind: {"total": one.total, "taught": one.taught, "missing": list(one.missing)}
            for kind, one in coverage_of(course.framework, course.modules).items()
        },
    }
