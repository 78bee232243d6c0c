"""Choose one answer, or every answer that fits. Pure.

For what a worker needs to know. Several answers are scored plus/minus, so that ticking all earns
nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from course.framework.schema import Keys, Language, Strict
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
    Result,
    Text,
    Told,
    Trial,
    as_tuple,
    head_shown,
    mixed,
    shaped,
    unique,
)
from quizzes.kinds.highlight import ids_in


class Option(Strict):
    """One answer, whether it is right, and why."""

    id: PartId
    text: Text
    right: bool
    why: Text
    sources: Keys = ()
    pinned: bool = False  # stays last, for example "None of these facts"


class ChoiceItem(Item):
    """A question with options."""

    kind: Literal["choice"]
    choose: Literal["one", "several"]
    situation: Text | None = None
    question: Text
    options: Annotated[
        tuple[Option, ...], BeforeValidator(as_tuple), Field(min_length=2, max_length=8)
    ]

    @model_validator(mode="after")
    def _can_be_answered(self) -> Self:
        unique(option.id for option in self.options)
        n_right = sum(option.right for option in self.options)
        if self.choose == "one" and n_right != 1:
            raise ValueError("exactly one option must be right")
        if n_right in {0, len(self.options)}:
            raise ValueError("some options must be right and some wrong")
        return self

    def texts(self) -> Iterator[Told]:
        """Situation, question, options and reasons."""
        if self.situation:
            yield ("situation",), self.situation, "situation"
        yield ("question",), self.question, "question"
        for index, option in enumerate(self.options):
            yield ("options", index, "text"), option.text, "option"
            yield ("options", index, "why"), option.why, "feedback"


class _Chosen(Strict):
    chosen: Annotated[list[str], Field(max_length=200)]


class Choice(Kind[ChoiceItem]):
    """Answer: `{"chosen": [option ids]}`; with `choose: one` at most one of them."""

    name = "choice"
    model = ChoiceItem

    def validate(self, item: ChoiceItem, response: object) -> Response | InvalidResponse:
        """Nothing chosen is no answer."""
        answer = shaped(_Chosen, response)
        if isinstance(answer, InvalidResponse):
            return answer
        chosen = ids_in(answer.chosen, (option.id for option in item.options))
        if isinstance(chosen, InvalidResponse):
            return chosen
        if item.choose == "one" and len(chosen) > 1:
            return InvalidResponse("too-many")
        return {"chosen": chosen}

    def score(self, item: ChoiceItem, response: Response | None) -> Outcome:
        """One: right or not. Several: right choices minus wrong ones, of the right ones there."""
        chosen = response["chosen"] if response else []
        rights = [option.id for option in item.options if option.right]
        hits = sum(name in rights for name in chosen)
        scores = measures.highlight_score(
            n_key=len(rights),
            n_nonkey=len(item.options) - len(rights),
            hits=hits,
            false_alarms=len(chosen) - hits,
        )
        return Outcome(
            credit=scores["plus_minus"],
            trials=tuple(_trials(item, chosen)),
            answered=bool(chosen),
            details={"hits": hits, "false_alarms": len(chosen) - hits, "n_key": len(rights)},
        )

    def feedback(self, item: ChoiceItem, response: Response | None) -> Feedback:
        """What was chosen and what would have been right; with `several`, every option."""
        chosen = response["chosen"] if response else []
        parts = tuple(
            PartFeedback(
                part=option.id,
                result=_result(option, option.id in chosen),
                why=option.why,
                sources=option.sources or item.sources,
                chosen=option.id in chosen,
            )
            for option in item.options
            if item.choose == "several" or option.right or option.id in chosen
        )
        return Feedback(parts)

    def shown(
        self,
        item: ChoiceItem,
        language: Language,
        *,
        seed: str = "",
        so_far: Response | None = None,  # noqa: ARG002 - shown at once
    ) -> dict[str, Any]:
        """Question and options; pinned options stay at the end."""
        free = mixed((option for option in item.options if not option.pinned), item, seed)
        pinned = [option for option in item.options if option.pinned]
        return head_shown(
            item,
            language,
            choose=item.choose,
            situation=item.situation[language] if item.situation else None,
            question=item.question[language],
            options=[{"id": part.id, "text": part.text[language]} for part in (*free, *pinned)],
        )


def _trials(item: ChoiceItem, chosen: list[str]) -> Iterator[Trial]:
    if item.choose == "one" or not chosen:
        right = next(option.id for option in item.options if option.right)
        name = chosen[0] if chosen else None
        yield Trial("answer", "decision", item.stage, chosen=name, credit=float(name == right))
        return
    for option in item.options:
        ticked = option.id in chosen
        yield Trial(
            option.id,
            "decision",
            item.stage,
            flagged=ticked,
            credit=float(ticked == option.right),
        )


def _result(option: Option, chosen: bool) -> Result:  # noqa: FBT001 - two plain facts
    if chosen:
        return "right" if option.right else "wrong"
    return "missed" if option.right else "left_alone"
