"""Match what a worker sees to the tactic behind it. Pure.

Targets can be used more than once and one stays unused, so the last pair is never given away.
Wrong pairs feed the table of what gets mixed up.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from course.framework.schema import Key, Keys, Language, Strict
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
    point_at,
    shaped,
    unique,
)


class Target(Strict):
    """A tactic that can be chosen."""

    id: PartId
    tactic: Key
    text: Text


class Sign(Strict):
    """What a worker sees or hears, and the target it belongs to."""

    id: PartId
    text: Text
    target: PartId
    indicator: Key
    why: Text
    sources: Keys = ()


class MatchItem(Item):
    """Signs and the tactics they belong to."""

    kind: Literal["match"]
    situation: Text | None = None
    targets: Annotated[
        tuple[Target, ...], BeforeValidator(as_tuple), Field(min_length=3, max_length=6)
    ]
    signs: Annotated[tuple[Sign, ...], BeforeValidator(as_tuple), Field(min_length=3, max_length=9)]

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        targets = [target.id for target in self.targets]
        unique([*targets, *(sign.id for sign in self.signs)])
        for sign in self.signs:
            point_at(sign.target, targets, "the target")
        return self

    def texts(self) -> Iterator[Told]:
        """Signs, targets and reasons."""
        if self.situation:
            yield ("situation",), self.situation, "situation"
        for index, target in enumerate(self.targets):
            yield ("targets", index, "text"), target.text, "label"
        for index, sign in enumerate(self.signs):
            yield ("signs", index, "text"), sign.text, "card"
            yield ("signs", index, "why"), sign.why, "feedback"


class _Matches(Strict):
    matches: Annotated[dict[str, str | None], Field(max_length=20)]


class Match(Kind[MatchItem]):
    """Answer: `{"matches": {sign id: target id | null}}`."""

    name = "match"
    model = MatchItem

    def validate(self, item: MatchItem, response: object) -> Response | InvalidResponse:
        """A sign that is left out was not matched."""
        answer = shaped(_Matches, response)
        if isinstance(answer, InvalidResponse):
            return answer
        signs = [sign.id for sign in item.signs]
        targets = {target.id for target in item.targets}
        given = {target for target in answer.matches.values() if target is not None}
        if not set(answer.matches) <= set(signs) or not given <= targets:
            return InvalidResponse("unknown-part")
        return {"matches": {name: answer.matches.get(name) for name in signs}}

    def score(self, item: MatchItem, response: Response | None) -> Outcome:
        """Share of the signs matched rightly; confusions are pairs of tactic keys."""
        given = _given(response)
        tactics = {target.id: target.tactic for target in item.targets}
        result = measures.match_score(
            key={sign.id: tactics[sign.target] for sign in item.signs},
            answer={name: tactics[target] for name, target in given.items()},
        )
        return Outcome(
            credit=float(result["proportion"] or 0.0),
            trials=tuple(_trial(item, sign, tactics, given.get(sign.id)) for sign in item.signs),
            answered=bool(given),
            details={"confusions": [list(pair) for pair in result["confusions"]]},
        )

    def feedback(self, item: MatchItem, response: Response | None) -> Feedback:
        """Every sign with its reason."""
        given = _given(response)
        return Feedback(
            tuple(
                PartFeedback(
                    part=sign.id,
                    result="unanswered"
                    if sign.id not in given
                    else "right"
                    if given[sign.id] == sign.target
                    else "wrong",
                    why=sign.why,
                    sources=sign.sources or item.sources,
                    indicator=sign.indicator,
                    chosen=sign.id in given,
                )
                for sign in item.signs
            )
        )

    def shown(
        self,
        item: MatchItem,
        language: Language,
        *,
        seed: str = "",
        so_far: Response | None = None,  # noqa: ARG002 - shown at once
    ) -> dict[str, Any]:
        """Signs and targets, each mixed."""
        return head_shown(
            item,
            language,
            situation=item.situation[language] if item.situation else None,
            signs=[
                {"id": part.id, "text": part.text[language]}
                for part in mixed(item.signs, item, seed)
            ],
            targets=[
                {"id": part.id, "text": part.text[language]}
                for part in mixed(item.targets, item, seed)
            ],
        )


def _given(response: Response | None) -> dict[str, str]:
    matches = response["matches"] if response else {}
    return {name: target for name, target in matches.items() if target is not None}


def _trial(item: MatchItem, sign: Sign, tactics: dict[str, str], target: str | None) -> Trial:
    place = item.place_of(sign.indicator)
    return Trial(
        sign.id,
        "decision",
        stage=place.stage if place else item.stage,
        tactic=tactics[sign.target],
        indicator=sign.indicator,
        chosen=tactics[target] if target else None,
        credit=float(target == sign.target),
    )
