"""What of the framework is taught: counts for people, and a rule that nothing is left out. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from course.framework.problems import Problem
from course.framework.schema import Framework
from modules.lint.base import (
    TAUGHT_KINDS,
    Found,
    Teaching,
    about_absence,
    blocks_of,
    fault,
    shown_by,
)
from modules.schema import LessonText, ModuleContent

# A sign may be practised in a scene where its card is not shown again; the others may not.
SHOWN_KINDS = ("tactics", "confounders", "responses")
COVERED_KINDS = (*TAUGHT_KINDS, "claims")
_HOW = {
    "tactics": "List it under tactics: in a lesson, and show it with ::: tactic key={key}.",
    "indicators": "List it under indicators: in a lesson, and show it with ::: sign key={key}.",
    "confounders": "List it under confounders: in a lesson, and show it with ::: myth key={key}.",
    "responses": "List it under responses: in a lesson, and show it with ::: response key={key}.",
    "claims": "Show it in a lesson with ::: claim key={key}.",
}


@dataclass(frozen=True, slots=True)
class Coverage:
    """Of one kind of entry: how many there are, and the keys that no lesson teaches."""

    total: int
    missing: tuple[str, ...]

    @property
    def taught(self) -> int:
        """How many are taught in at least one lesson."""
        return self.total - len(self.missing)


def taught_in(framework: Framework, lesson: LessonText) -> set[tuple[str, str]]:
    """What a lesson teaches: listed in its front matter and shown in its body (claims: shown)."""
    shown = {entry for block in blocks_of(lesson) for entry in shown_by(framework, block)}
    listed = {(kind, key) for kind in TAUGHT_KINDS for key in getattr(lesson.front, kind)}
    return (shown & listed) | {(kind, key) for kind, key in shown if kind == "claims"}


def coverage_of(framework: Framework, modules: Sequence[ModuleContent]) -> dict[str, Coverage]:
    """For every kind that lessons must cover: what is and is not taught in some lesson."""
    taught = {
        entry
        for content in modules
        for lesson in content.reachable()
        for entry in taught_in(framework, lesson)
    }
    return {
        kind: Coverage(
            total=len(getattr(framework, kind)),
            missing=tuple(key for key in getattr(framework, kind) if (kind, key) not in taught),
        )
        for kind in COVERED_KINDS
    }


@about_absence
def everything_taught(teaching: Teaching) -> Found:
    """Every tactic, sign, belief, response and claim is taught in at least one lesson."""
    for kind, coverage in coverage_of(teaching.framework, teaching.modules).items():
        for key in coverage.missing:
            file, line = teaching.framework.place(kind, key)
            yield Problem(
                file,
                line,
                "not-taught",
                f"{key}: no lesson teaches it.",
                _HOW[kind].format(key=key),
            )


@about_absence
def listed_is_shown(teaching: Teaching) -> Found:
    """A tactic, belief or response that a lesson says it teaches is shown in it."""
    for lesson in teaching.lessons():
        taught = taught_in(teaching.framework, lesson)
        for kind in SHOWN_KINDS:
            known = getattr(teaching.framework, kind)
            for index, key in enumerate(getattr(lesson.front, kind)):
                if key in known and (kind, key) not in taught:
                    yield fault(
                        lesson,
                        lesson.line_of(kind, index),
                        "listed-not-shown",
                        f"“{key}” is listed under {kind}, but no block shows it.",
                        "Show it in the lesson, or take it off the list.",
                    )
