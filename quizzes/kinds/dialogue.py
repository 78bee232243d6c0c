"""A conversation that branches; every reply is kept and marked. Pure.

After a harmful reply the person closes up, gently, and the learner tries another way at the same
moment. Only the first reply of each moment counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
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
from quizzes.kinds.next_step import Graded, counts_of, graded_feedback, one_best, worth

END = "end"


class Reply(Graded):
    """What the worker says; `next` is the moment it leads to (harmful replies lead nowhere)."""

    next: PartId | None = None
    reaction: Text

    @model_validator(mode="after")
    def _leads_somewhere(self) -> Self:
        if (self.grade == "harmful") != (self.next is None):
            raise ValueError("a reply has a “next” node (or “end”) exactly when it is not harmful")
        return self


class Node(Strict):
    """A moment: what the person says or does, and the worker's possible replies."""

    id: PartId
    says: Text
    replies: Annotated[
        tuple[Reply, ...], BeforeValidator(as_tuple), Field(min_length=2, max_length=4)
    ]


class DialogueItem(Item):
    """A conversation; it begins at the first node."""

    kind: Literal["dialogue"]
    situation: Text
    nodes: Annotated[tuple[Node, ...], BeforeValidator(as_tuple), Field(min_length=2, max_length=9)]

    @model_validator(mode="after")
    def _can_be_walked(self) -> Self:
        order = [node.id for node in self.nodes]
        unique([*order, END])
        for place, node in enumerate(self.nodes):
            unique(reply.id for reply in node.replies)
            one_best(node.replies)
            # Leading on only to later nodes makes loops impossible, so every walk ends.
            for reply in node.replies:
                if reply.next is not None:
                    point_at(reply.next, [*order[place + 1 :], END], "the (later) node")
        return self

    def node(self, name: str) -> Node:
        """The node with this id."""
        return next(node for node in self.nodes if node.id == name)

    def reachable(self) -> set[str]:
        """Every node a learner can come to."""
        reached = {self.nodes[0].id}
        for node in self.nodes:  # links lead to later nodes only
            if node.id in reached:
                reached.update(reply.next for reply in node.replies if reply.next)
        return reached - {END}

    def shortest_from(self, name: str) -> int:
        """How many replies are needed at least from this node to the end."""
        if name == END:
            return 0
        return 1 + min(
            self.shortest_from(reply.next) for reply in self.node(name).replies if reply.next
        )

    def texts(self) -> Iterator[Told]:
        """Everything that is said, and the reasons."""
        yield ("situation",), self.situation, "situation"
        for index, node in enumerate(self.nodes):
            yield ("nodes", index, "says"), node.says, "says"
            for place, reply in enumerate(node.replies):
                way = ("nodes", index, "replies", place)
                yield (*way, "text"), reply.text, "reply"
                yield (*way, "reaction"), reply.reaction, "says"
                yield (*way, "why"), reply.why, "feedback"


class _Step(Strict):
    node: str
    reply: str


class _Path(Strict):
    path: Annotated[list[_Step], Field(max_length=60)]


@dataclass(slots=True)
class Walk:
    """A path through the conversation: the replies, which of them count, and where it stands."""

    at: str
    steps: list[tuple[Node, Reply, bool]] = field(default_factory=list)


def walk(item: DialogueItem, path: list[dict[str, str]]) -> Walk | None:
    """Follow `path` from the first node; None when it is no way through this conversation."""
    result = Walk(item.nodes[0].id)
    fresh = True
    for step in path:
        if result.at == END or step["node"] != result.at:
            return None
        node = item.node(result.at)
        reply = next((one for one in node.replies if one.id == step["reply"]), None)
        if reply is None:
            return None
        result.steps.append((node, reply, fresh))
        fresh = reply.next is not None
        result.at = reply.next or result.at
    return result


class Dialogue(Kind[DialogueItem]):
    """Answer: `{"path": [{"node": id, "reply": id}, …]}`, from the first moment on."""

    name = "dialogue"
    model = DialogueItem

    def validate(self, item: DialogueItem, response: object) -> Response | InvalidResponse:
        """A path may stop early (pause, leave); it must not jump."""
        answer = shaped(_Path, response)
        if isinstance(answer, InvalidResponse):
            return answer
        path = [{"node": step.node, "reply": step.reply} for step in answer.path]
        return {"path": path} if walk(item, path) is not None else InvalidResponse("path")

    def score(self, item: DialogueItem, response: Response | None) -> Outcome:
        """Mean credit of the first reply of each moment; moments left out earn nothing."""
        way = _way(item, response)
        trials = []
        earned: list[float] = []
        for node, reply, counts in way.steps:
            votes = counts_of(item, [one.id for one in node.replies], f"{node.id}/")
            credit, critical = worth(node.replies, reply.id, votes)
            if counts:
                earned.append(credit)
            trials.append(
                Trial(
                    node.id if counts else f"{node.id}/again",
                    "decision",
                    item.stage,
                    chosen=reply.id,
                    credit=credit if counts else None,
                    critical_error=critical and counts,
                )
            )
        # A harmful reply leaves the walk at a moment that has been answered already.
        left = item.shortest_from(way.at) - (1 if _is_stuck(way) else 0)
        return Outcome(
            credit=sum(earned) / (len(earned) + max(0, left)) if earned else 0.0,
            trials=tuple(trials),
            answered=bool(way.steps),
            critical_error=any(trial.critical_error for trial in trials),
            details={"finished": way.at == END, "moments": len(earned)},
        )

    def feedback(self, item: DialogueItem, response: Response | None) -> Feedback:
        """Every reply on the path with its reason, and the best reply where another was chosen."""
        parts = []
        for node, reply, _ in _way(item, response).steps:
            parts.append(graded_feedback(item, reply, f"{node.id}/{reply.id}", chosen=True))
            if reply.grade not in {"best", "harmful"}:  # after a harmful one they try again
                best = next(one for one in node.replies if one.grade == "best")
                parts.append(graded_feedback(item, best, f"{node.id}/{best.id}", chosen=False))
        return Feedback(tuple(parts))

    def shown(
        self,
        item: DialogueItem,
        language: Language,
        *,
        seed: str = "",
        so_far: Response | None = None,
    ) -> dict[str, Any]:
        """What has been said so far, and the replies that can be chosen now."""
        way = _way(item, so_far)
        said = [
            {
                "node": node.id,
                "says": node.says[language],
                "reply": reply.text[language],
                "reaction": reply.reaction[language],
            }
            for node, reply, _ in way.steps
        ]
        now = None
        if way.at != END:
            node = item.node(way.at)
            tried = {reply.id for one, reply, _ in way.steps if one.id == node.id}
            replies = [reply for reply in node.replies if reply.id not in tried]
            now = {
                "node": node.id,
                "says": node.says[language],
                "replies": [
                    {"id": reply.id, "text": reply.text[language]}
                    for reply in mixed(replies, item, f"{seed}/{node.id}")
                ],
            }
        return head_shown(item, language, situation=item.situation[language], said=said, now=now)


def _way(item: DialogueItem, response: Response | None) -> Walk:
    return walk(item, response["path"] if response else []) or Walk(item.nodes[0].id)


def _is_stuck(way: Walk) -> bool:
    return bool(way.steps) and way.steps[-1][1].next is None
