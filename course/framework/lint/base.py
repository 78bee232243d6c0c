"""What every framework rule uses: its shape, and how it says what is wrong. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

from course.framework.problems import Problem
from course.framework.schema import Entry, Framework

Place = tuple[str | int, ...]  # the way to a value inside an entry
Found = Iterator[Problem]
Rule = Callable[[Framework, dt.date], Found]


def problem_at(
    framework: Framework,
    kind: str,
    key: str,
    rule: str,
    message: str,
    fix: str,
    *,
    at: Place = (),
) -> Problem:
    """A problem of one entry, or of the value at `at` inside it."""
    file, line = framework.place(kind, key, *at)
    return Problem(file, line, rule, f"{key}: {message}", fix)


def texts_of(entry: Entry) -> Iterator[tuple[Place, dict[str, Any]]]:
    """Every bilingual value of an entry as (way to it, mapping by language)."""
    for name in type(entry).model_fields:
        value = getattr(entry, name)
        if isinstance(value, dict):
            yield (name,), value
        elif name == "steps":
            for index, step in enumerate(value):
                yield (name, index, "who"), step.who
                yield (name, index, "what"), step.what


def lines_of(value: str | tuple[str, ...]) -> tuple[str, ...]:
    """A text, or each of several texts."""
    return (value,) if isinstance(value, str) else value


def name_of(at: Place) -> str:
    """The way to a value, as an author says it: “steps 1 who”."""
    return " ".join(str(part + 1 if isinstance(part, int) else part) for part in at)


def printed(entry: Entry) -> Iterator[tuple[Place, str, str]]:
    """Every single text of an entry as (way to it, language, text)."""
    for at, by_language in texts_of(entry):
        for language, value in by_language.items():
            if isinstance(value, str):
                yield (*at, language), language, value
            else:
                for index, line in enumerate(value):
                    yield (*at, language, index), language, line
