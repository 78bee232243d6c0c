"""Rate each action from 1 (do not do this) to 5 (do this). Pure.

Scored by side of the midpoint only: raw distances mix in how extreme people like to answer
(measurement design 6.2).
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

SCALE = (1, 5)
MIDDLE = 3
Rating = Annotated[int, Field(ge=SCALE[0], le=SCALE[1])]


class Action(Strict):
    """Something a worker may do; `rating` is the authors' until a panel has rated."""

    id: PartId
    text: Text
    rating: Rating
    harmful: bool = False
    why: Text
    sources: Keys = ()


class RateActionsItem(Item):
    """A situation and actions that are rated one by one."""

    kind: Literal["rate_actions"]
    situation: Text
    actions: Annotated[
        tuple[Action, ...], BeforeValidator(as_tuple), Field(min_length=3, max_length=8)
    ]

    @model_validator(mode="after")
    def _actions_differ(self) -> Self:
        unique(action.id for action in self.actions)
        if any(action.harmful and action.rating >= MIDDLE for action in self.actions):
            raise ValueError("a harmful action is rated 1 or 2")
        return self

    def texts(self) -> Iterator[Told]:
        """Situation, actions and reasons."""
        yield ("situation",), self.situation, "situation"
        for index, action in enumerate(self.actions):
            yield ("actions", index, "text"), action.text, "option"
            yield ("actions", index, "why"), action.why, "feedback"


class _Ratings(Strict):
    ratings: Annotated[dict[str, Rating | None], Field(max_length=20)]


class RateActions(Kind[RateActionsItem]):
    """Answer: `{"ratings": {action id: 1..5 | null}}`."""

    name = "rate_actions"
    model = RateActionsItem

    def validate(self, item: RateActionsItem, response: object) -> Response | InvalidResponse:
        """An action that is left out was not rated."""
        answer = shaped(_Ratings, response)
        if isinstance(answer, InvalidResponse):
            return answer
        ids = [action.id for action in item.actions]
        if not set(answer.ratings) <= set(ids):
            return InvalidResponse("unknown-part")
        return {"ratings": {name: answer.ratings.get(name) for name in ids}}

    def score(self, item: RateActionsItem, response: Response | None) -> Outcome:
        """Share of all actions put on the panel's side; an action without rating is not."""
        ratings = _given(response)
        credit, distance = 0.0, None
        if ratings:
            panel = panel_ratings(item)
            result = measures.sjt_rate_actions(
                ratings=ratings, panel={name: panel[name] for name in ratings}, scale=list(SCALE)
            )
            credit = (
                float(result["dichotomous_consensus"] or 0.0) * len(ratings) / len(item.actions)
            )
            distance = result["distance"]
        trials = tuple(_trial(item, action, ratings.get(action.id)) for action in item.actions)
        return Outcome(
            credit=credit,
            trials=trials,
            answered=bool(ratings),
            critical_error=any(trial.critical_error for trial in trials),
            details={"distance": distance, "rated": len(ratings)},
        )

    def feedback(self, item: RateActionsItem, response: Response | None) -> Feedback:
        """Every action with its reason."""
        ratings = _given(response)
        return Feedback(
            tuple(
                PartFeedback(
                    part=action.id,
                    result=_result(item, action, ratings.get(action.id)),
                    why=action.why,
                    sources=action.sources or item.sources,
                    chosen=action.id in ratings,
                )
                for action in item.actions
            )
        )

    def shown(
        self,
        item: RateActionsItem,
        language: Language,
        *,
        seed: str = "",
        so_far: Response | None = None,  # noqa: ARG002 - shown at once
    ) -> dict[str, Any]:
        """Situation, scale and actions."""
        return head_shown(
            item,
            language,
            situation=item.situation[language],
            scale=list(SCALE),
            actions=[
                {"id": action.id, "text": action.text[language]}
                for action in mixed(item.actions, item, seed)
            ],
        )


def panel_ratings(item: RateActionsItem) -> dict[str, list[int]]:
    """The panel's ratings by action; the authors' one rating where no panel rated."""
    votes = item.panel.votes if item.panel else {}
    result: dict[str, list[int]] = {}
    for action in item.actions:
        given = votes.get(action.id, ())
        result[action.id] = list(given) if isinstance(given, tuple) and given else [action.rating]
    return result


def _given(response: Response | None) -> dict[str, int]:
    ratings = response["ratings"] if response else {}
    return {name: rating for name, rating in ratings.items() if rating is not None}


def _agrees(item: RateActionsItem, action: Action, rating: int) -> bool:
    result = measures.sjt_rate_actions(
        ratings={action.id: rating},
        panel={action.id: panel_ratings(item)[action.id]},
        scale=list(SCALE),
    )
    return bool(result["dichotomous_consensus"] == 1)


def _is_critical(action: Action, rating: int | None) -> bool:
    return action.harmful and rating is not None and rating > MIDDLE


def _trial(item: RateActionsItem, action: Action, rating: int | None) -> Trial:
    return Trial(
        action.id,
        "decision",
        item.stage,
        chosen=None if rating is None else str(rating),
        credit=0.0 if rating is None else float(_agrees(item, action, rating)),
        critical_error=_is_critical(action, rating),
    )


def _result(item: RateActionsItem, action: Action, rating: int | None) -> Result:
    if rating is None:
        return "unanswered"
    if _is_critical(action, rating):
        return "harmful"
    return "right" if _agrees(item, action, rating) else "wrong"
