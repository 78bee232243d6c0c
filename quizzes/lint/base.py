"""What every bank rule uses: what it is given, its shape, and how it says what is wrong. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from course.framework.problems import Problem
from course.framework.schema import Framework
from quizzes.kinds.common import Item, Scored, Way
from quizzes.kinds.contrast_pair import ContrastPairItem
from quizzes.kinds.evidence import EvidenceItem
from quizzes.kinds.highlight import HighlightItem
from quizzes.kinds.verdict import WHOLE, VignetteItem
from quizzes.schema import Bank, Quiz


@dataclass(frozen=True, slots=True)
class Context:
    """What the rules judge: the bank, the model it rests on, and the day."""

    bank: Bank
    framework: Framework
    today: dt.date


Found = Iterator[Problem]
Rule = Callable[[Context], Found]


def item_problem(
    context: Context, item: Item, rule: str, message: str, fix: str, *, at: Way = ()
) -> Problem:
    """A problem of one item, or of the value at `at` inside it."""
    file, line = context.bank.place("items", item.key, *at)
    return Problem(file, line, rule, f"{item.key}: {message}", fix)


def quiz_problem(context: Context, quiz: Quiz, rule: str, message: str, fix: str) -> Problem:
    """A problem of one quiz."""
    file, line = context.bank.place("quizzes", quiz.key)
    return Problem(file, line, rule, f"{quiz.key}: {message}", fix)


def bank_problem(context: Context, rule: str, message: str, fix: str) -> Problem:
    """A problem of the bank as a whole."""
    file, line = context.bank.place("bank", "")
    return Problem(file, line, rule, message, fix)


def parts_of(item: Item) -> Iterator[tuple[str, Scored, Way]]:
    """Every segment or vignette as (part id, part, way to it), scored or not."""
    if isinstance(item, HighlightItem | EvidenceItem):
        for index, segment in enumerate(item.segments):
            yield segment.id, segment, ("segments", index)
    elif isinstance(item, VignetteItem):
        yield WHOLE, item.vignette, ("vignette",)
    elif isinstance(item, ContrastPairItem):
        for index, half in enumerate(item.vignettes):
            yield half.id, half, ("vignettes", index)


def judged(item: Item) -> Iterator[tuple[str, Scored]]:
    """The parts that are signal or noise; of an evidence item its lines."""
    return ((name, part) for name, part, _ in parts_of(item) if part.is_scored)


def trials_of(item: Item) -> list[tuple[str, str]]:
    """The item's trials as (stage, signal or noise); of an evidence item its one verdict."""
    if isinstance(item, EvidenceItem):
        place = item.place_of(item.verdict.indicator or item.verdict.imitates)
        return [(place.stage if place else "", item.verdict.kind)]
    found: list[tuple[str, str]] = []
    for _, part in item.scored():
        place = item.place_of(part.indicator or part.imitates)
        found.append((place.stage if place else "", part.kind))
    return found


def name_of(way: Way) -> str:
    """The way to a value, as an author says it: "options 2 text"."""
    return " ".join(str(step + 1 if isinstance(step, int) else step) for step in way)
