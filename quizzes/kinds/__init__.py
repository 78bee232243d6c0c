"""Kinds of items: how each is read, answered, marked, explained and shown. Pure.

`KINDS` maps the name of a kind to its rules; the functions here find the rules of an item by the
item's own `kind`. A new kind is one new file and one line here.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Any, Final

from course.framework.schema import Language
from quizzes.kinds.choice import Choice
from quizzes.kinds.common import Feedback, InvalidResponse, Item, Kind, Outcome, Response, Trial
from quizzes.kinds.contrast_pair import ContrastPair
from quizzes.kinds.dialogue import Dialogue
from quizzes.kinds.evidence import Evidence
from quizzes.kinds.highlight import Highlight
from quizzes.kinds.match import Match
from quizzes.kinds.next_step import NextStep
from quizzes.kinds.rate_actions import RateActions
from quizzes.kinds.refresher import RefresherKind
from quizzes.kinds.sequence import Sequence
from quizzes.kinds.triage import Triage
from quizzes.kinds.verdict import VerdictKind

__all__ = [
    "KINDS",
    "Feedback",
    "InvalidResponse",
    "Item",
    "Kind",
    "Outcome",
    "Response",
    "Trial",
    "feedback",
    "is_finished",
    "parse",
    "score",
    "shown",
    "validate",
]

_RULES: tuple[Kind[Any], ...] = (
    Highlight(),
    VerdictKind(),
    Choice(),
    NextStep(),
    Sequence(),
    Match(),
    Triage(),
    Dialogue(),
    ContrastPair(),
    RefresherKind(),
    Evidence(),
    RateActions(),
)
KINDS: Final = MappingProxyType({kind.name: kind for kind in _RULES})


def parse(document: dict[str, Any]) -> Item:
    """The item in a stored document (`item.model_dump(mode="json")`).

    Raises KeyError for an unknown kind and pydantic's ValidationError for anything else wrong.
    """
    item: Item = KINDS[document["kind"]].parse(document)
    return item


def validate(item: Item, response: object) -> Response | InvalidResponse:
    """The answer in its normal form, or why it is none. Never raises, whatever comes in."""
    return KINDS[item.kind].validate(item, response)


def score(item: Item, response: Response | None) -> Outcome:
    """Credit and trials of a validated answer; None is an item that was left unanswered."""
    return KINDS[item.kind].score(item, response)


def is_finished(item: Item, response: Response | None) -> bool:
    """Whether a validated answer stands for the whole item: a conversation may stop half way."""
    return bool(score(item, response).details.get("finished", True))


def feedback(item: Item, response: Response | None) -> Feedback:
    """What to tell the learner about a validated answer, in both languages."""
    return KINDS[item.kind].feedback(item, response)


def shown(
    item: Item, language: Language, *, seed: str = "", so_far: Response | None = None
) -> dict[str, Any]:
    """All that may leave the server before the answer (see `Kind.shown`)."""
    return KINDS[item.kind].shown(item, language, seed=seed, so_far=so_far)
