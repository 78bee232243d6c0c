"""Highlight what should raise a concern, in a note, chat, advert or mail. Pure.

One trial per scored segment; credit is plus/minus: found minus false alarms, of the signs there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from course.framework.schema import Language, Strict
from quizzes import measures
from quizzes.kinds.common import (
    Feedback,
    InvalidResponse,
    Item,
    Kind,
    Outcome,
    Response,
    Scored,
    Segment,
    Told,
    as_tuple,
    feedback_of,
    head_shown,
    scored_texts,
    shaped,
    summed,
    trial_of,
    unique,
)

Segments = Annotated[
    tuple[Segment, ...], BeforeValidator(as_tuple), Field(min_length=2, max_length=16)
]


class HighlightItem(Item):
    """A text cut into segments that can be marked one by one."""

    kind: Literal["highlight"]
    material: Literal["note", "chat", "advert", "mail"]
    segments: Segments

    @model_validator(mode="after")
    def _has_something_to_judge(self) -> Self:
        unique(segment.id for segment in self.segments)
        if not any(segment.is_scored for segment in self.segments):
            raise ValueError("no segment is a signal or noise")
        return self

    def scored(self) -> Iterator[tuple[str, Scored]]:
        """Every signal and noise segment."""
        return ((part.id, part) for part in self.segments if part.is_scored)

    def texts(self) -> Iterator[Told]:
        """The segments and their feedback."""
        yield from segment_texts(self.segments, self.material)


class _Marked(Strict):
    marked: Annotated[list[str], Field(max_length=200)]


def ids_in(chosen: Sequence[str], known: Iterable[str]) -> list[str] | InvalidResponse:
    """`chosen` once each and in the order of the item; how often and in what order is no matter."""
    order = list(known)
    if not set(chosen) <= set(order):
        return InvalidResponse("unknown-part")
    return [name for name in order if name in chosen]


def plus_minus(parts: Iterable[tuple[str, Scored]], marked: Iterable[str]) -> dict[str, Any]:
    """Counts and scores of measurement design 5.1 for the marked ids."""
    chosen = set(marked)
    kinds = [(part.kind, part_id in chosen) for part_id, part in parts]
    n_key = sum(kind == "signal" for kind, _ in kinds)
    hits = kinds.count(("signal", True))
    false_alarms = kinds.count(("noise", True))
    scores = measures.highlight_score(
        n_key=n_key, n_nonkey=len(kinds) - n_key, hits=hits, false_alarms=false_alarms
    )
    return {
        "n_key": n_key,
        "n_nonkey": len(kinds) - n_key,
        "hits": hits,
        "false_alarms": false_alarms,
        "plus_minus": scores["plus_minus"],
        "every_decision": scores["every_decision"],
        "all_or_nothing": scores["all_or_nothing"],
    }


def segments_shown(segments: Iterable[Segment], language: Language) -> list[dict[str, str]]:
    """Id, text and speaker of every segment, in reading order."""
    return [
        {"id": part.id, "text": part.text[language]}
        | ({"speaker": part.speaker} if part.speaker else {})
        for part in segments
    ]


class Highlight(Kind[HighlightItem]):
    """Answer: `{"marked": [segment ids]}`; an empty list says "nothing here"."""

    name = "highlight"
    model = HighlightItem

    def validate(self, item: HighlightItem, response: object) -> Response | InvalidResponse:
        """Context and neutral segments may be marked too; they are not counted."""
        answer = shaped(_Marked, response)
        if isinstance(answer, InvalidResponse):
            return answer
        marked = ids_in(answer.marked, (part.id for part in item.segments))
        return marked if isinstance(marked, InvalidResponse) else {"marked": marked}

    def score(self, item: HighlightItem, response: Response | None) -> Outcome:
        """Once submitted, an unmarked segment is an answer: "no"."""
        if response is None:
            trials = tuple(trial_of(item, name, part, flagged=None) for name, part in item.scored())
            return Outcome(0.0, trials, answered=False)
        marked = response["marked"]
        details = plus_minus(item.scored(), marked)
        return Outcome(
            credit=details["plus_minus"],
            trials=tuple(
                trial_of(item, name, part, flagged=name in marked) for name, part in item.scored()
            ),
            details=details,
        )

    def feedback(self, item: HighlightItem, response: Response | None) -> Feedback:
        """Every scored and neutral segment, in reading order."""
        return segments_feedback(
            item, item.segments, None if response is None else response["marked"]
        )

    def shown(
        self,
        item: HighlightItem,
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


def segment_texts(segments: Iterable[Segment], material: str) -> Iterator[Told]:
    """Texts of all segments and their feedback."""
    for index, segment in enumerate(segments):
        yield from scored_texts(("segments", index), segment, f"{material} segment")


def segments_feedback(
    item: Item, segments: Iterable[Segment], marked: Sequence[str] | None
) -> Feedback:
    """Feedback on every scored or neutral segment; `marked` None: not answered."""
    parts = [part for part in segments if part.kind != "context"]
    return summed(
        (
            feedback_of(item, part.id, part, flagged=None if marked is None else part.id in marked)
            for part in parts
        ),
        signs=sum(part.kind == "signal" for part in parts),
    )
