"""Two cases that differ in one or two facts; both are judged. Pure.

Two trials, and credit only for telling the two apart: "yes to all" and "no to all" earn nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from course.framework.schema import Language, Strict
from quizzes.kinds.common import (
    Feedback,
    InvalidResponse,
    Item,
    Kind,
    Outcome,
    PartId,
    Response,
    Scored,
    Text,
    Told,
    Vignette,
    as_tuple,
    feedback_of,
    head_shown,
    mixed,
    scored_texts,
    shaped,
    summed,
    trial_of,
    unique,
)
from quizzes.kinds.highlight import plus_minus
from quizzes.kinds.verdict import Verdict, verdict_response


class PairHalf(Vignette):
    """One of the two cases."""

    id: PartId


class ContrastPairItem(Item):
    """A signal and its look-alike, and the rule that the comparison teaches."""

    kind: Literal["contrast_pair"]
    vignettes: Annotated[
        tuple[PairHalf, ...], BeforeValidator(as_tuple), Field(min_length=2, max_length=2)
    ]
    rule: Text

    @model_validator(mode="after")
    def _one_of_each(self) -> Self:
        unique(half.id for half in self.vignettes)
        if {half.kind for half in self.vignettes} != {"signal", "noise"}:
            raise ValueError("a contrast pair has one signal and one noise")
        return self

    def scored(self) -> Iterator[tuple[str, Scored]]:
        """Both halves."""
        return ((half.id, half) for half in self.vignettes)

    def texts(self) -> Iterator[Told]:
        """Both halves, their feedback and the rule."""
        for index, half in enumerate(self.vignettes):
            yield from scored_texts(("vignettes", index), half, "vignette")
        yield ("rule",), self.rule, "feedback"


class _Answers(Strict):
    answers: Annotated[dict[str, Verdict], Field(max_length=2)]


class ContrastPair(Kind[ContrastPairItem]):
    """Answer: `{"answers": {id: {"concern": true | false | null, "confidence": …}}}`."""

    name = "contrast_pair"
    model = ContrastPairItem

    def validate(self, item: ContrastPairItem, response: object) -> Response | InvalidResponse:
        """A half that is not named was not answered."""
        answer = shaped(_Answers, response)
        if isinstance(answer, InvalidResponse):
            return answer
        ids = [half.id for half in item.vignettes]
        if not set(answer.answers) <= set(ids):
            return InvalidResponse("unknown-part")
        skipped = Verdict(concern=None)
        return {
            "answers": {name: verdict_response(answer.answers.get(name, skipped)) for name in ids}
        }

    def score(self, item: ContrastPairItem, response: Response | None) -> Outcome:
        """Plus/minus with one sign and one lure: 1 when both are right, else 0."""
        answers = _answers_of(item, response)
        flagged = [name for name, answer in answers.items() if answer["concern"]]
        complete = all(answer["concern"] is not None for answer in answers.values())
        scores = plus_minus(item.scored(), flagged)
        return Outcome(
            credit=scores["plus_minus"] if complete else 0.0,
            trials=tuple(
                trial_of(item, half.id, half, **_kept(answers[half.id])) for half in item.vignettes
            ),
            answered=any(answer["concern"] is not None for answer in answers.values()),
            details=scores,
        )

    def feedback(self, item: ContrastPairItem, response: Response | None) -> Feedback:
        """Both halves, then the rule: it helps more after the comparison than before."""
        answers = _answers_of(item, response)
        return summed(
            (
                feedback_of(item, half.id, half, flagged=answers[half.id]["concern"])
                for half in item.vignettes
            ),
            signs=1,
            rule=item.rule,
        )

    def shown(
        self,
        item: ContrastPairItem,
        language: Language,
        *,
        seed: str = "",
        so_far: Response | None = None,  # noqa: ARG002 - shown at once
    ) -> dict[str, Any]:
        """Both texts, in an order that tells nothing."""
        return head_shown(
            item,
            language,
            vignettes=[
                {"id": half.id, "text": half.text[language]}
                for half in mixed(item.vignettes, item, seed)
            ],
        )


def _answers_of(item: ContrastPairItem, response: Response | None) -> dict[str, Response]:
    if response is None:
        return {half.id: {"concern": None, "confidence": None} for half in item.vignettes}
    answers: dict[str, Response] = response["answers"]
    return answers


def _kept(answer: Response) -> dict[str, Any]:
    return {"flagged": answer["concern"], "confidence": answer["confidence"]}
