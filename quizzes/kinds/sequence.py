"""Put events in order. Pure.

Measures the model of the three stages; it feeds no hits or false alarms.
"""

from __future__ import annotations

from collections.abc import Iterator
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
    PartFeedback,
    PartId,
    Response,
    Text,
    Told,
    Trial,
    as_tuple,
    head_shown,
    mixed,
    shaped,
    unique,
)


class Event(Strict):
    """One card; cards with the same rank may stand in any order among themselves."""

    id: PartId
    text: Text
    rank: Annotated[int, Field(ge=1, le=9)]


class SequenceItem(Item):
    """Event cards whose order can be told from the texts."""

    kind: Literal["sequence"]
    situation: Text
    events: Annotated[
        tuple[Event, ...], BeforeValidator(as_tuple), Field(min_length=3, max_length=8)
    ]
    why: Text

    @model_validator(mode="after")
    def _has_an_order(self) -> Self:
        unique(event.id for event in self.events)
        if len({event.rank for event in self.events}) < 2:
            raise ValueError("at least two ranks are needed: nothing is to be put in order")
        return self

    def texts(self) -> Iterator[Told]:
        """Situation, cards and the reason for the order."""
        yield ("situation",), self.situation, "situation"
        for index, event in enumerate(self.events):
            yield ("events", index, "text"), event.text, "card"
        yield ("why",), self.why, "feedback"


class _Order(Strict):
    order: Annotated[list[str], Field(max_length=20)]


class Sequence(Kind[SequenceItem]):
    """Answer: `{"order": [every event id, first to last]}`."""

    name = "sequence"
    model = SequenceItem

    def validate(self, item: SequenceItem, response: object) -> Response | InvalidResponse:
        """Every card exactly once."""
        answer = shaped(_Order, response)
        if isinstance(answer, InvalidResponse):
            return answer
        ids = {event.id for event in item.events}
        if not set(answer.order) <= ids:
            return InvalidResponse("unknown-part")
        if len(answer.order) > len(ids):
            return InvalidResponse("too-many")
        if set(answer.order) != ids:
            return InvalidResponse("incomplete")
        return {"order": answer.order}

    def score(self, item: SequenceItem, response: Response | None) -> Outcome:
        """Pairs in the right order minus pairs in the wrong one, not below 0."""
        if response is None:
            trial = Trial("order", "decision", item.stage, credit=0.0)
            return Outcome(0.0, (trial,), answered=False)
        result = measures.sequence_score(
            key_rank={event.id: event.rank for event in item.events}, answer=response["order"]
        )
        credit = float(result["credit"] or 0.0)
        trial = Trial(
            "order", "decision", item.stage, chosen=" ".join(response["order"]), credit=credit
        )
        return Outcome(
            credit,
            (trial,),
            details={name: result[name] for name in ("concordant", "discordant", "tau")},
        )

    def feedback(self, item: SequenceItem, response: Response | None) -> Feedback:
        """Each card in the right order, whether it stood well, and the reason once."""
        order = response["order"] if response else None
        right = sorted(item.events, key=lambda event: event.rank)
        ranks = {event.id: event.rank for event in item.events}
        parts = [
            PartFeedback(
                part=event.id,
                result="unanswered"
                if order is None
                else "right"
                if ranks[order[place]] == event.rank
                else "wrong",
                why=None,
                sources=item.sources,
            )
            for place, event in enumerate(right)
        ]
        return Feedback(tuple(parts), rule=item.why)

    def shown(
        self,
        item: SequenceItem,
        language: Language,
        *,
        seed: str = "",
        so_far: Response | None = None,  # noqa: ARG002 - shown at once
    ) -> dict[str, Any]:
        """The cards, mixed."""
        return head_shown(
            item,
            language,
            situation=item.situation[language],
            events=[
                {"id": event.id, "text": event.text[language]}
                for event in mixed(item.events, item, seed)
            ],
        )
