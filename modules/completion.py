"""When a module, or the course, is complete: rules as data, evidence in, outcome out. Pure.

The rules in words:

- A module is complete when all its lessons were finished in this round and its quiz was handed in
  with at least three of four questions answered. A module quiz is practice: it tells after each
  answer what was right and why, so that its mark would only say who read the feedback first. What
  somebody can do is decided by the final alone. A module without a quiz needs its lessons only.
- The course is complete when all modules are complete in this round and one final passes by
  section 8.2 of the measurement design. Each final is judged alone; forms are never added up. A
  question of the final that was left without an answer counts as not right, or the hard ones could
  be left out; cases skipped because they are too close to home count for nothing, as everywhere.
- A shortened round needs the final only.

A rule is written into the fact it granted, word for word, with its version: a later rule changes
nothing that was granted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from quizzes import measures
from quizzes.measures import limits
from quizzes.summary import Counts

RULE_VERSION: Final = 1
ANSWERED_PARTS: Final = (3, 4)  # of the questions of a module quiz, at least
COURSE_KEY: Final = ""


class Need(StrEnum):
    """One thing that a rule asks for."""

    LESSONS = "lessons"  # every lesson of the module, in this round
    QUIZ = "quiz"  # the quiz of the module handed in, if it has one
    MODULES = "modules"  # every module complete, in this round
    FINAL = "final"  # one final passed, in this round


@dataclass(frozen=True, slots=True)
class Rule:
    """What must be there. `document` is what a granted fact keeps."""

    scope: str
    needs: tuple[Need, ...]
    version: int = RULE_VERSION

    def document(self) -> dict[str, Any]:
        """The rule with every number it uses."""
        kept: dict[str, Any] = {
            "version": self.version,
            "scope": self.scope,
            "needs": [need.value for need in self.needs],
        }
        if Need.QUIZ in self.needs:
            kept["answered"] = list(ANSWERED_PARTS)
        if Need.FINAL in self.needs:
            kept["final"] = {
                "cut": limits.MASTERY_CUT,
                "floor": limits.MASTERY_FLOOR,
                "confidence": limits.MASTERY_CONFIDENCE,
                "min_n": limits.MASTERY_MIN_N,
                "most_critical_errors": limits.CERTIFICATE_MAX_CRITICAL_ERRORS,
            }
        return kept


MODULE_RULE: Final = Rule("module", (Need.LESSONS, Need.QUIZ))
COURSE_RULE: Final = Rule("course", (Need.MODULES, Need.FINAL))
SHORT_RULE: Final = Rule("course", (Need.FINAL,))


def course_rule(*, shortened: bool) -> Rule:
    """The rule of a round."""
    return SHORT_RULE if shortened else COURSE_RULE


# --- evidence -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LessonFact:
    """That a lesson was finished."""

    id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class QuizFact:
    """A module quiz that was handed in, with how many of its questions have an answer or a skip."""

    attempt: UUID
    at: datetime
    questions: int
    answered: int

    @property
    def is_answered(self) -> bool:
        """Whether enough of it was answered to count as taken."""
        part, whole = ANSWERED_PARTS
        return self.questions > 0 and self.answered * whole >= self.questions * part


@dataclass(frozen=True, slots=True)
class FinalFact:
    """A final that was handed in: counts by stage, every stage it asks about among them.

    `met_before`: how many trials came from cases this person had met in an earlier quiz.
    """

    attempt: UUID
    at: datetime
    stages: Mapping[str, Counts]
    critical_errors: int
    met_before: int = 0


@dataclass(frozen=True, slots=True)
class ModuleEvidence:
    """What one person did in one module in this round. `lessons` has every lesson it has now."""

    key: str
    lessons: Mapping[UUID, LessonFact | None]
    has_quiz: bool
    quizzes: Sequence[QuizFact] = ()


@dataclass(frozen=True, slots=True)
class CourseEvidence:
    """What one person did in the course in this round. `modules`: key -> id of the completion."""

    modules: Mapping[str, UUID | None]
    has_final: bool
    finals: Sequence[FinalFact] = ()


# --- outcome --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that is not there yet; `modules.wording` puts it into a sentence."""

    key: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Complete, or what is missing. `facts`: ids and dates it rests on, never an answer."""

    missing: tuple[Missing, ...]
    facts: Mapping[str, Any]

    @property
    def complete(self) -> bool:
        """Nothing is missing."""
        return not self.missing


def newest_evidence(facts: Mapping[str, Any]) -> datetime | None:
    """When the last thing happened that an outcome rests on; None when it names no date."""
    dated = [*facts.get("lessons", ()), facts.get("quiz"), facts.get("final")]
    return max((datetime.fromisoformat(one["at"]) for one in dated if one), default=None)


def decide_module(evidence: ModuleEvidence, rule: Rule = MODULE_RULE) -> Outcome:
    """Whether a module is complete. A module without lessons never is."""
    missing: list[Missing] = []
    facts: dict[str, Any] = {}
    for need in rule.needs:
        lacking, rests_on = _MODULE_NEEDS[need](evidence)
        missing += lacking
        facts |= rests_on
    return Outcome(tuple(missing), facts)


def decide_course(evidence: CourseEvidence, rule: Rule = COURSE_RULE) -> Outcome:
    """Whether the course is complete. A course without modules or without a final never is."""
    missing: list[Missing] = []
    facts: dict[str, Any] = {}
    for need in rule.needs:
        lacking, rests_on = _COURSE_NEEDS[need](evidence)
        missing += lacking
        facts |= rests_on
    return Outcome(tuple(missing), facts)


Part = tuple[list[Missing], dict[str, Any]]


def _lessons(evidence: ModuleEvidence) -> Part:
    done = [fact for fact in evidence.lessons.values() if fact is not None]
    total = len(evidence.lessons)
    if total == 0 or len(done) < total:
        return [Missing("lessons", {"done": len(done), "total": total})], {}
    return [], {"lessons": [_dated(fact.id, fact.at) for fact in done]}


def _quiz(evidence: ModuleEvidence) -> Part:
    if not evidence.has_quiz:
        return [], {"quiz": None}
    if not evidence.quizzes:
        return [Missing("quiz")], {}
    taken = next((one for one in evidence.quizzes if one.is_answered), None)
    if taken is None:
        best = max(evidence.quizzes, key=lambda one: one.answered)
        told = {"answered": best.answered, "questions": best.questions}
        return [Missing("quiz_answers", told)], {}
    return [], {"quiz": _dated(taken.attempt, taken.at)}


def _modules(evidence: CourseEvidence) -> Part:
    done = {key: str(fact) for key, fact in evidence.modules.items() if fact is not None}
    total = len(evidence.modules)
    if total == 0 or len(done) < total:
        return [Missing("modules", {"done": len(done), "total": total})], {}
    return [], {"modules": done}


def _final(evidence: CourseEvidence) -> Part:
    if not evidence.finals:
        return [Missing("final" if evidence.has_final else "no_final")], {}
    for final in evidence.finals:
        if _decision(final)["result"] == "pass":
            facts = {**_dated(final.attempt, final.at), "met_before": final.met_before}
            return [], {"final": facts}
    newest = max(evidence.finals, key=lambda final: final.at)
    decision = _decision(newest)
    reasons = decision["reasons"] or ["insufficient"]
    return [_final_reason(reason) for reason in reasons], {}


def _decision(final: FinalFact) -> Any:
    stages: Any = {name: counts.as_measure() for name, counts in final.stages.items()}
    return measures.certificate_decision(stages=stages, critical_errors=final.critical_errors)


def _final_reason(reason: str) -> Missing:
    name, _, stage = reason.partition(":")
    return Missing(f"final_{name}", {"stage": stage} if stage else {})


def _dated(key: UUID, at: datetime) -> dict[str, str]:
    return {"id": str(key), "at": at.isoformat()}


_MODULE_NEEDS: Final = {Need.LESSONS: _lessons, Need.QUIZ: _quiz}
_COURSE_NEEDS: Final = {Need.MODULES: _modules, Need.FINAL: _final}
