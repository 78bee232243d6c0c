"""All content, read from its files and judged by every rule. Pure: no database.

`check_content` prints the problems; `load_content` refuses to load while there is a fault. Both
read through here, so what is loaded is exactly what was checked.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from course.framework.lint import CLOCK_RULES, lint_framework
from course.framework.problems import Problem
from course.framework.schema import Framework, read_framework
from modules.lint import lint_modules
from modules.schema import LessonText, ModuleContent, read_modules
from quizzes.lint import lint_bank
from quizzes.schema import Bank, read_bank

FRAMEWORK_FOLDER = Path("course/framework/content")
MODULES_FOLDER = Path("modules/content")


class Judged:
    """Content with every problem found in it."""

    problems: tuple[Problem, ...]

    @property
    def faults(self) -> tuple[Problem, ...]:
        """The problems that must stop a load: all but those that depend on the day alone.

        An installation must not lose its course because a year went by or its clock is wrong; the
        check still complains.
        """
        return tuple(problem for problem in self.problems if problem.rule not in CLOCK_RULES)


@dataclass(frozen=True)
class Course(Judged):
    """Framework and lessons, modules in their order, and every problem, sorted by file and line."""

    framework: Framework
    modules: tuple[ModuleContent, ...]
    problems: tuple[Problem, ...]

    def lessons(self) -> Iterator[LessonText]:
        """Every lesson text that learners can reach."""
        for content in self.modules:
            yield from content.reachable()


@dataclass(frozen=True)
class Everything(Judged):
    """The course and the item bank, and every problem of both, sorted by file and line."""

    course: Course
    bank: Bank
    problems: tuple[Problem, ...]


def read_everything(root: Path, today: dt.date) -> Everything:
    """Read and lint the course and the item bank under `root`; see `read_course`."""
    course = read_course(root, today)
    bank, unread = read_bank(root, course.framework)
    problems = [*course.problems, *unread, *lint_bank(bank, course.framework, today=today)]
    return Everything(course, bank, tuple(sorted(set(problems))))


def read_course(root: Path, today: dt.date) -> Course:
    """Read and lint all content under the project folder `root`. Never raises for wrong content.

    `today` is the day against which dates of checks are judged; it is given and not asked from the
    clock, so that a test can ask about another day. Files in problems are relative to `root`.
    """
    framework, unread = read_framework(root / FRAMEWORK_FOLDER, root=root)
    modules, unread_modules = read_modules(root / MODULES_FOLDER, root=root)
    problems = [
        *unread,
        *unread_modules,
        *lint_framework(framework, today=today),
        *lint_modules(framework, modules, complete=not (unread or unread_modules)),
    ]
    return Course(framework, tuple(modules), tuple(sorted(set(problems))))
