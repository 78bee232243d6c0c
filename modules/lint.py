"""Rules that modules and lessons must keep. Pure.

Each rule is a function from the whole content to problems, so that a rule can be switched off and
its test seen to fail.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from course.framework.problems import Problem
from course.framework.schema import Framework
from modules.schema import ModuleContent

Found = Iterator[Problem]
Rule = Callable[[Framework, Sequence[ModuleContent]], Found]


def lint_modules(framework: Framework, modules: Sequence[ModuleContent]) -> list[Problem]:
    """Every fault of the modules and lessons, sorted by file and line."""
    return sorted(problem for rule in RULES for problem in rule(framework, modules))


RULES: tuple[Rule, ...] = ()
