"""What every kind of item shares: answers, trials, outcomes, feedback, and how a kind works. Pure.

The words follow the measurement design: a *signal* should raise a concern, *noise* looks like one
and should not, *neutral* is shown and discussed but not scored, *context* tells the story.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, Literal, Protocol, TypeVar

from pydantic import ValidationError

from course.framework.schema import Language, Strict
from quizzes.kinds.documents import (
    AWAITING_PANEL,
    BOTH,
    SECTORS,
    Confidence,
    Grade,
    Item,
    Lure,
    Material,
    Panel,
    PartId,
    Person,
    Place,
    Scored,
    Segment,
    Text,
    Told,
    Vignette,
    Way,
    as_tuple,
    digest_of,
    point_at,
    scored_texts,
    unique,
)

__all__ = [
    "AWAITING_PANEL",
    "BOTH",
    "SECTORS",
    "Confidence",
    "Feedback",
    "Grade",
    "InvalidResponse",
    "Item",
    "Kind",
    "Lure",
    "Material",
    "Outcome",
    "Panel",
    "PartFeedback",
    "PartId",
    "Person",
    "Place",
    "Response",
    "Result",
    "Scored",
    "Segment",
    "Text",
    "Told",
    "Trial",
    "Vignette",
    "Way",
    "as_tuple",
    "digest_of",
    "feedback_of",
    "head_shown",
    "mixed",
    "point_at",
    "probability",
    "scored_texts",
    "shaped",
    "summed",
    "trial_of",
    "unique",
]

Response = dict[str, Any]


@dataclass(frozen=True, slots=True)
class InvalidResponse:
    """Why an answer cannot be used: `shape`, `unknown-part`, `too-many`, `incomplete`, `path`."""

    reason: Literal["shape", "unknown-part", "too-many", "incomplete", "path"]


@dataclass(frozen=True, slots=True)
class Trial:
    """One piece of evidence. Only `signal` and `noise` trials enter hits and false alarms.

    `flagged` is None when there was no answer. `decision` trials (a next step, a reply, a match)
    carry `chosen` and `credit` instead. `confidence` is a probability (0..1) of being right.
    """

    part: str
    kind: Literal["signal", "noise", "decision"]
    stage: str | None = None
    tactic: str | None = None
    indicator: str | None = None
    confounder: str | None = None
    lure: str | None = None
    flagged: bool | None = None
    chosen: str | None = None
    credit: float | None = None
    critical_error: bool = False
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an answer is worth: credit 0..1 for feedback and item analysis, trials for reports."""

    credit: float
    trials: tuple[Trial, ...]
    answered: bool = True
    critical_error: bool = False
    details: Mapping[str, Any] = field(default_factory=dict)


Result = Literal[
    "found",
    "missed",
    "false_alarm",
    "left_alone",
    "unanswered",
    "discuss",
    "right",
    "wrong",
    "best",
    "acceptable",
    "poor",
    "harmful",
]


@dataclass(frozen=True, slots=True)
class PartFeedback:
    """What to say about one part: how it went, why, and what that rests on.

    `chosen` is false for parts that are explained although the learner did not choose them.
    """

    part: str
    result: Result
    why: Mapping[Language, str] | None
    sources: tuple[str, ...]
    indicator: str | None = None
    chosen: bool = True


@dataclass(frozen=True, slots=True)
class Feedback:
    """What to say after an answer. `rule` is the one line to remember, when the item has one."""

    parts: tuple[PartFeedback, ...]
    signs: int = 0
    found: int = 0
    missed: int = 0
    false_alarms: int = 0
    rule: Mapping[Language, str] | None = None


I = TypeVar("I", bound=Item)  # noqa: E741 - the usual name of the one type of a kind
S = TypeVar("S", bound=Strict)


class HasId(Protocol):
    """A part with an id."""

    @property
    def id(self) -> str: ...


P = TypeVar("P", bound=HasId)


class Kind(Generic[I]):
    """How one kind of item is read, answered, marked, explained and shown."""

    name: ClassVar[str]
    model: type[I]

    def parse(self, document: object) -> I:
        """The item in a stored document; raises pydantic's ValidationError when it is not one."""
        return self.model.model_validate(document)

    def validate(self, item: I, response: object) -> Response | InvalidResponse:
        """The answer in its one normal form, or why it is none. Never raises, whatever comes."""
        raise NotImplementedError

    def score(self, item: I, response: Response | None) -> Outcome:
        """Credit and trials of a validated answer; None is an item that was left unanswered."""
        raise NotImplementedError

    def feedback(self, item: I, response: Response | None) -> Feedback:
        """What to tell the learner about a validated answer."""
        raise NotImplementedError

    def shown(
        self, item: I, language: Language, *, seed: str = "", so_far: Response | None = None
    ) -> dict[str, Any]:
        """All that may leave the server before the answer: no key, no feedback, no sign.

        `seed` (of the attempt) decides the order of what may be shuffled; `so_far` is only used by
        conversations, which show one step at a time.
        """
        raise NotImplementedError


def head_shown(item: Item, language: Language, **more: object) -> dict[str, Any]:
    """What every kind shows of its header."""
    return {
        "kind": item.kind,
        "language": language,
        "setting": item.setting,
        "sensitive": item.sensitive,
        **more,
    }


def mixed(parts: Iterable[P], item: Item, seed: str) -> list[P]:
    """`parts` in an order that depends on the seed only: the order of the file may give hints."""

    def place(part: P) -> str:
        return hashlib.sha256(f"{seed}/{item.key}/{part.id}".encode()).hexdigest()

    return sorted(parts, key=place)


def shaped(model: type[S], response: object) -> S | InvalidResponse:
    """`response` read as `model`, or an invalid response."""
    try:
        return model.model_validate(response)
    except (ValidationError, RecursionError):
        return InvalidResponse("shape")


def probability(confidence: int | None) -> float | None:
    """80 (per cent) -> 0.8."""
    return None if confidence is None else confidence / 100


def trial_of(
    item: Item, part_id: str, part: Scored, *, flagged: bool | None, confidence: int | None = None
) -> Trial:
    """The signal-detection trial of a scored part: a lure stands where what it imitates stands."""
    sign = part.indicator if part.kind == "signal" else part.imitates
    place = item.place_of(sign)
    return Trial(
        part=part_id,
        kind="signal" if part.kind == "signal" else "noise",
        stage=place.stage if place else item.stage,
        tactic=place.tactic if place else None,
        indicator=sign,
        confounder=part.confounder,
        lure=part.lure,
        flagged=flagged,
        confidence=probability(confidence),
    )


def feedback_of(item: Item, part_id: str, part: Scored, *, flagged: bool | None) -> PartFeedback:
    """The feedback of one scored or neutral part after it was flagged, left or not answered."""
    result: Result
    name: str
    if part.kind == "neutral":
        result, name = "discuss", "discuss"
    elif flagged is None:
        result, name = "unanswered", "miss" if part.kind == "signal" else "left"
    elif part.kind == "signal":
        result, name = ("found", "hit") if flagged else ("missed", "miss")
    else:
        result, name = ("false_alarm", "false_alarm") if flagged else ("left_alone", "left")
    # What is ordinary, and what would change that, is worth reading after a right "no" as well.
    fallback = part.feedback.get("false_alarm") if name == "left" else None
    return PartFeedback(
        part=part_id,
        result=result,
        why=next((text for key, text in part.feedback.items() if key == name), fallback),
        sources=part.sources or item.sources,
        indicator=part.indicator if part.kind == "signal" else None,
        chosen=bool(flagged),
    )


def summed(
    parts: Iterable[PartFeedback], *, signs: int, rule: Mapping[Language, str] | None = None
) -> Feedback:
    """Feedback on marked parts with its counts."""
    told = tuple(parts)
    results = [part.result for part in told]
    return Feedback(
        parts=told,
        signs=signs,
        found=results.count("found"),
        missed=signs - results.count("found"),
        false_alarms=results.count("false_alarm"),
        rule=rule,
    )
