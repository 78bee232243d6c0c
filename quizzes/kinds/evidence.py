"""A verdict on a text, and the lines it rests on. Pure.

A right verdict for wrong reasons is a guess: the credit of a right "yes" is the plus/minus of the
cited lines. Only the verdict is a trial for hits and false alarms; citations are decisions,
because nobody cites after "no".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from course.framework.schema import Key, Keys, Language, Strict
from quizzes.kinds.common import (
    Confidence,
    Feedback,
    InvalidResponse,
    Item,
    Kind,
    Lure,
    Outcome,
    PartFeedback,
    Response,
    Scored,
    Text,
    Told,
    Trial,
    feedback_of,
    head_shown,
    probability,
    shaped,
    summed,
    unique,
)
from quizzes.kinds.highlight import Segments, ids_in, plus_minus, segment_texts, segments_shown

WHOLE = "case"


class Judgement(Strict):
    """The key of the whole text."""

    kind: Literal["signal", "noise"]
    indicator: Key | None = None
    imitates: Key | None = None
    lure: Lure | None = None
    confounder: Key | None = None
    why: Text
    sources: Keys = ()

    @model_validator(mode="after")
    def _names_its_sign(self) -> Self:
        if self.kind == "signal":
            right = bool(self.indicator) and not (self.imitates or self.lure or self.confounder)
        else:
            right = bool(self.imitates and not self.indicator and (self.lure or self.confounder))
        if not right:
            raise ValueError("a signal names its “indicator”; noise “imitates” and a “lure”")
        return self


class EvidenceItem(Item):
    """A text whose lines can be cited."""

    kind: Literal["evidence"]
    material: Literal["note", "chat", "advert", "mail"]
    verdict: Judgement
    segments: Segments

    @model_validator(mode="after")
    def _verdict_fits_the_lines(self) -> Self:
        unique(segment.id for segment in self.segments)
        has_signal = any(part.kind == "signal" for part in self.segments)
        if has_signal != (self.verdict.kind == "signal"):
            raise ValueError("the verdict is a signal exactly when a segment is one")
        return self

    def lines(self) -> Iterator[tuple[str, Scored]]:
        """The lines that count when cited."""
        return ((part.id, part) for part in self.segments if part.is_scored)

    def texts(self) -> Iterator[Told]:
        """The segments, their feedback and the reason for the verdict."""
        yield from segment_texts(self.segments, self.material)
        yield ("verdict", "why"), self.verdict.why, "feedback"


class _Cited(Strict):
    concern: bool | None
    cited: Annotated[list[str], Field(max_length=200)] = []
    confidence: Confidence | None = None


class Evidence(Kind[EvidenceItem]):
    """Answer: `{"concern": true | false | null, "cited": [segment ids], "confidence": …}`."""

    name = "evidence"
    model = EvidenceItem

    def validate(self, item: EvidenceItem, response: object) -> Response | InvalidResponse:
        """A "yes" cites at least one line; after "no" nothing is cited."""
        answer = shaped(_Cited, response)
        if isinstance(answer, InvalidResponse):
            return answer
        cited = ids_in(answer.cited, (part.id for part in item.segments))
        if isinstance(cited, InvalidResponse):
            return cited
        if answer.concern and not cited:
            return InvalidResponse("incomplete")
        return {
            "concern": answer.concern,
            "cited": cited if answer.concern else [],
            "confidence": None if answer.concern is None else answer.confidence,
        }

    def score(self, item: EvidenceItem, response: Response | None) -> Outcome:
        """A right "no" earns 1, a right "yes" the plus/minus of its citations, all else 0."""
        answer = response or {"concern": None, "cited": [], "confidence": None}
        concern, is_signal = answer["concern"], item.verdict.kind == "signal"
        scores = plus_minus(item.lines(), answer["cited"])
        right = concern is not None and concern == is_signal
        credit = scores["plus_minus"] if is_signal else 1.0
        return Outcome(
            credit=credit if right else 0.0,
            trials=(_verdict_trial(item, answer), *_citations(item, answer)),
            answered=concern is not None,
            details=scores,
        )

    def feedback(self, item: EvidenceItem, response: Response | None) -> Feedback:
        """The verdict first, then the lines: found, missed, ordinary."""
        answer = response or {"concern": None, "cited": []}
        concern = answer["concern"]
        right = None if concern is None else concern == (item.verdict.kind == "signal")
        verdict = PartFeedback(
            part=WHOLE,
            result="unanswered" if right is None else "right" if right else "wrong",
            why=item.verdict.why,
            sources=item.verdict.sources or item.sources,
            indicator=item.verdict.indicator,
        )
        flags = None if concern is None else answer["cited"]
        lines = (
            feedback_of(item, part.id, part, flagged=None if flags is None else part.id in flags)
            for part in item.segments
            if part.kind != "context"
        )
        signs = sum(part.kind == "signal" for part in item.segments)
        return summed([verdict, *lines], signs=signs)

    def shown(
        self,
        item: EvidenceItem,
        language: Language,
        *,
        seed: str = "",  # noqa: ARG002 - a text keeps its order
        so_far: Response | None = None,  # noqa: ARG002 - shown at once
    ) -> dict[str, Any]:
        """The text in its segments."""
        return head_shown(
            item,
            language,
            material=item.material,
            segments=segments_shown(item.segments, language),
        )


def _verdict_trial(item: EvidenceItem, answer: Response) -> Trial:
    key = item.verdict
    sign = key.indicator or key.imitates
    place = item.place_of(sign)
    return Trial(
        part=WHOLE,
        kind=key.kind,
        stage=place.stage if place else item.stage,
        tactic=place.tactic if place else None,
        indicator=sign,
        confounder=key.confounder,
        lure=key.lure,
        flagged=answer["concern"],
        confidence=probability(answer["confidence"]),
    )


def _citations(item: EvidenceItem, answer: Response) -> Iterator[Trial]:
    if not answer["concern"]:
        return
    for name, part in item.lines():
        sign = part.indicator or part.imitates
        place = item.place_of(sign)
        cited = name in answer["cited"]
        yield Trial(
            part=name,
            kind="decision",
            stage=place.stage if place else item.stage,
            tactic=place.tactic if place else None,
            indicator=sign,
            confounder=part.confounder,
            lure=part.lure,
            flagged=cited,
            credit=float(cited == (part.kind == "signal")),
        )
