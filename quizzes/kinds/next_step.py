"""Choose the best next step. Pure.

Credit comes from a panel's votes when there is one, else from the authors' grades. A harmful
choice earns nothing and is a critical error, which is reported apart and never averaged away.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from course.framework.schema import Keys, Language, Strict
from quizzes import measures
from quizzes.kinds.common import (
    Feedback,
    Grade,
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

# Authors' grades stand in for votes until a panel has voted.
AUTHORS_VOTES: dict[Grade, int] = {"best": 2, "acceptable": 1, "poor": 0, "harmful": 0}


class Graded(Strict):
    """Something a worker may do or say, how good it is, and why."""

    id: PartId
    text: Text
    grade: Grade
    why: Text
    sources: Keys = ()


class NextStepItem(Item):
    """A situation with options, one of them best and at least one harmful."""

    kind: Literal["next_step"]
    situation: Text
    question: Text
    options: Annotated[
        tuple[Graded, ...], BeforeValidator(as_tuple), Field(min_length=3, max_length=5)
    ]

    @model_validator(mode="after")
    def _one_is_best(self) -> Self:
        unique(option.id for option in self.options)
        one_best(self.options)
        return self

    def texts(self) -> Iterator[Told]:
        """Situation, question, options and reasons."""
        yield ("situation",), self.situation, "situation"
        yield ("question",), self.question, "question"
        for index, option in enumerate(self.options):
            yield ("options", index, "text"), option.text, "option"
            yield ("options", index, "why"), option.why, "feedback"


def one_best(options: Sequence[Graded]) -> None:
    """Raise unless exactly one option is graded best."""
    if sum(option.grade == "best" for option in options) != 1:
        raise ValueError("exactly one option must have grade “best”")


def worth(options: Sequence[Graded], chosen: str, votes: Mapping[str, int]) -> tuple[float, bool]:
    """Credit of one choice and whether it is a critical error; without votes, authors' grades."""
    result = measures.sjt_choose_best(
        panel_votes=votes or {option.id: AUTHORS_VOTES[option.grade] for option in options},
        choice=chosen,
        harmful=[option.id for option in options if option.grade == "harmful"],
    )
    return float(result["credit"] or 0.0), bool(result["critical_error"])


def counts_of(item: Item, ids: Sequence[str], prefix: str = "") -> dict[str, int]:
    """The panel's votes for the parts `ids`; empty when no panel voted."""
    votes = item.panel.votes if item.panel else {}
    found = {name: votes.get(f"{prefix}{name}", 0) for name in ids}
    counts = {name: count for name, count in found.items() if isinstance(count, int)}
    return counts if any(counts.values()) else {}


class _Chosen(Strict):
    chosen: str | None


class NextStep(Kind[NextStepItem]):
    """Answer: `{"chosen": option id | null}`."""

    name = "next_step"
    model = NextStepItem

    def validate(self, item: NextStepItem, response: object) -> Response | InvalidResponse:
        """Null is no answer."""
        answer = shaped(_Chosen, response)
        if isinstance(answer, InvalidResponse):
            return answer
        if answer.chosen is not None and answer.chosen not in {one.id for one in item.options}:
            return InvalidResponse("unknown-part")
        return {"chosen": answer.chosen}

    def score(self, item: NextStepItem, response: Response | None) -> Outcome:
        """Votes for the choice over votes for the most chosen option."""
        chosen = response["chosen"] if response else None
        if chosen is None:
            trial = Trial("answer", "decision", item.stage, credit=0.0)
            return Outcome(0.0, (trial,), answered=False)
        votes = counts_of(item, [option.id for option in item.options])
        credit, critical = worth(item.options, chosen, votes)
        trial = Trial(
            "answer",
            "decision",
            item.stage,
            chosen=chosen,
            credit=credit,
            critical_error=critical,
        )
        return Outcome(credit, (trial,), critical_error=critical)

    def feedback(self, item: NextStepItem, response: Response | None) -> Feedback:
        """The chosen option and the best one; if they are one, that one."""
        chosen = response["chosen"] if response else None
        return Feedback(
            tuple(
                graded_feedback(item, option, option.id, chosen=option.id == chosen)
                for option in item.options
                if option.grade == "best" or option.id == chosen
            )
        )

    def shown(
        self,
        item: NextStepItem,
        language: Language,
        *,
        seed: str = "",
        so_far: Response | None = None,  # noqa: ARG002 - shown at once
    ) -> dict[str, Any]:
        """Situation, question and options."""
        return head_shown(
            item,
            language,
            situation=item.situation[language],
            question=item.question[language],
            options=[
                {"id": option.id, "text": option.text[language]}
                for option in mixed(item.options, item, seed)
            ],
        )


def graded_feedback(item: Item, option: Graded, part: str, *, chosen: bool) -> PartFeedback:
    """What to say about one graded option."""
    return PartFeedback(
        part=part,
        result=option.grade,
        why=option.why,
        sources=option.sources or item.sources,
        chosen=chosen,
    )
