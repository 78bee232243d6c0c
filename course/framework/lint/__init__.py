"""Rules that the framework must keep: sourced, dated, complete in each language, safe. Pure.

Each rule is a function from the framework (and the day) to problems, so that a rule can be
switched off and its test seen to fail. While a file or entry could not be read, rules about what
is absent keep quiet: the entry may only be unreadable.
"""

from __future__ import annotations

import datetime as dt

from course.framework.lint import entries, texts
from course.framework.lint.base import Rule
from course.framework.problems import Problem
from course.framework.schema import Framework

# What depends on the day alone: a reason to work, not a reason to stop a running course.
CLOCK_RULES = frozenset({"over-age-source", "over-age-contact", "date-in-future"})


def lint_framework(framework: Framework, *, today: dt.date) -> list[Problem]:
    """Every fault of the framework, sorted by file and line."""
    return sorted(problem for rule in RULES for problem in rule(framework, today))


RULES: tuple[Rule, ...] = (
    entries.sourced,
    entries.known_sources,
    entries.known_keys,
    entries.labelled,
    texts.complete_languages,
    texts.translated,
    texts.honest_status,
    entries.fresh_sources,
    entries.fresh_contacts,
    entries.placed_in_palermo,
    entries.honest_strength,
    texts.safe_wording,
    texts.readable,
    entries.whole,
    entries.honest_certainty,
)
