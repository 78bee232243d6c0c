"""What a page tells after an answer: found, missed, false alarm, with why and source. Pure.

From `kinds.feedback` (both languages, ids) to words in one language, in the order of reading.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from course.framework.schema import Framework, Language
from quizzes import kinds
from quizzes.kinds import Feedback, Item, Response
from quizzes.kinds.common import AWAITING_PANEL, PartFeedback

Json = dict[str, Any]
OPEN = "unanswered"
LEFT_ALONE = "left_alone"
DISCUSS = "discuss"
# Kinds whose parts have an order of their own: urgent first, the right order, as it was said.
ORDERED = frozenset({"triage", "sequence", "dialogue"})
# Kinds of which only the choice and the best answer are told: the choice comes first.
CHOICES = frozenset({"choice", "next_step"})
SHOWN_LISTS = ("vignettes", "options", "actions", "signs")
FEWEST_WORDS = 3  # alike between two differences; fewer would make confetti of a sentence
MOST_DIFFERENT = 0.7  # of the words; beyond it, marking them helps nobody


@dataclass(frozen=True, slots=True)
class ToldSource:
    """A work that a statement rests on."""

    key: str
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class ToldPart:
    """One part with its text, how it went (`kinds.common.Result`), and why."""

    part: str
    text: str
    speaker: str
    result: str
    why: str
    sign: str
    chosen: bool
    answer: str
    key: str
    sources: tuple[ToldSource, ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """One exchange of a conversation: what they said, the reply, what came of it.

    `better` is the best reply where another was chosen that could work.
    """

    says: str
    part: ToldPart
    reaction: str
    better: ToldPart | None


@dataclass(frozen=True, slots=True)
class Told:
    """Everything to say about one answer.

    `lines` are all parts of the text in reading order (also context, with result ""); `parts` are
    those with something to say. `rule` is the one line to remember.
    """

    kind: str
    signs: int
    found: int
    missed: int
    false_alarms: int
    parts: tuple[ToldPart, ...]
    lines: tuple[ToldPart, ...]
    rule: str
    key_status: str

    @property
    def is_panel_keyed(self) -> bool:
        """Whether a panel of experts decided what is right here."""
        return self.key_status != AWAITING_PANEL

    @property
    def is_open(self) -> bool:
        """Whether nothing at all was answered."""
        return all(part.result in {OPEN, DISCUSS} for part in self.parts)

    @property
    def sources(self) -> tuple[ToldSource, ...]:
        """Every work named, once."""
        return tuple({one.key: one for part in self.parts for one in part.sources}.values())

    @property
    def left_alone(self) -> tuple[ToldPart, ...]:
        """What was rightly left, where there is a word on why it is ordinary."""
        return tuple(one for one in self.lines if one.result == LEFT_ALONE and one.why)

    @property
    def halves(self) -> tuple[tuple[ToldPart, tuple[tuple[str, bool], ...]], ...]:
        """The two cases of a pair, each as (part, ((words, whether they differ), ...))."""
        first, second = self.lines
        return (
            (first, tuple(differing(first.text, second.text))),
            (second, tuple(differing(second.text, first.text))),
        )

    def count(self, *results: str, chosen: bool | None = None) -> int:
        """How many parts went like this; `chosen` True or False: only those."""
        fitting = (one for one in self.parts if one.result in results)
        return sum(chosen is None or one.chosen == chosen for one in fitting)

    def with_reasons(self) -> tuple[ToldPart, ...]:
        """The parts in the order in which they are told."""
        if self.kind in CHOICES:
            return tuple(sorted(self.parts, key=lambda one: not one.chosen))
        return self.parts


def tell(
    item: Item,
    response: Response | None,
    language: Language,
    framework: Framework,
    *,
    shown: Mapping[str, Any] | None = None,
) -> Told:
    """The words about one validated answer (None: left unanswered).

    `shown` (of `kinds.shown`): what was mixed for the question keeps its place in the answer.
    """
    feedback: Feedback = kinds.feedback(item, response)
    words = _Words(item, response, language, framework)
    parts = [words.part(one) for one in feedback.parts]
    by_id = {one.part: one for one in parts}
    lines = [by_id.get(name) or words.plain(name) for name in words.texts]
    places = {} if item.kind in ORDERED else _places(shown or {})
    if places:
        parts.sort(key=lambda one: places.get(one.part, 0))
        lines.sort(key=lambda one: places.get(one.part, 0))
    return Told(
        kind=item.kind,
        signs=feedback.signs,
        found=feedback.found,
        missed=feedback.missed,
        false_alarms=feedback.false_alarms,
        parts=tuple(parts),
        lines=tuple(lines),
        rule=feedback.rule[language] if feedback.rule else "",
        key_status=item.key_status,
    )


def _places(shown: Mapping[str, Any]) -> dict[str, int]:
    ids = (part["id"] for field in SHOWN_LISTS for part in shown.get(field, ()))
    return {name: place for place, name in enumerate(ids)}


def turns(told: Told, said: Sequence[Mapping[str, str]]) -> list[Turn]:
    """The conversation with its reasons. `said` (of `kinds.shown`) has one entry for each reply."""
    result: list[Turn] = []
    replies = iter(said)
    for part in told.parts:
        if part.chosen:
            turn = next(replies)
            result.append(Turn(turn["says"], part, turn["reaction"], better=None))
        else:
            last = result.pop()
            result.append(Turn(last.says, last.part, last.reaction, better=part))
    return result


def differing(text: str, other: str) -> Iterator[tuple[str, bool]]:
    """`text` in pieces, each with whether its words differ from those of `other`."""
    mine, theirs = text.split(), other.split()
    alike = [False] * len(mine)
    for block in SequenceMatcher(None, mine, theirs, autojunk=False).get_matching_blocks():
        at_an_end = block.a == 0 or block.a + block.size == len(mine)
        if block.size >= FEWEST_WORDS or at_an_end:
            alike[block.a : block.a + block.size] = [True] * block.size
    if alike.count(False) > MOST_DIFFERENT * len(mine):
        yield text, False
        return
    piece: list[str] = []
    for place, word in enumerate(mine):
        if piece and alike[place] != alike[place - 1]:
            yield " ".join(piece), not alike[place - 1]
            piece = []
        piece.append(word)
    if piece:
        yield " ".join(piece), not alike[-1]


class _Words:
    """Looks up the words of one item in one language."""

    def __init__(
        self, item: Item, response: Response | None, language: Language, framework: Framework
    ) -> None:
        self.item = item
        self.response = response or {}
        self.language = language
        self.framework = framework
        self.texts = dict(parts_of(item))

    def plain(self, name: str) -> ToldPart:
        """A part about which there is nothing to say."""
        return self._told(name, result="", why="", sign="", chosen=False, sources=())

    def part(self, told: PartFeedback) -> ToldPart:
        sign = self.framework.indicators.get(told.indicator or "")
        return self._told(
            told.part,
            result=told.result,
            why=told.why[self.language] if told.why else "",
            sign=sign.text.get(self.language, "") if sign else "",
            chosen=told.chosen,
            sources=tuple(self._source(key) for key in told.sources),
        )

    def _told(self, name: str, **more: Any) -> ToldPart:
        part = self.texts.get(name)
        text = getattr(part, "text", None) or {}
        return ToldPart(
            part=name,
            text=text.get(self.language, ""),
            speaker=getattr(part, "speaker", None) or "",
            answer=self._answer(name),
            key=self._key(part),
            **more,
        )

    def _answer(self, name: str) -> str:
        """What was answered to this part, where it is more than chosen or not."""
        for field in ("ratings", "levels"):
            if field in self.response:
                return str(self.response[field].get(name) or "")
        if "matches" in self.response:
            return self._target(self.response["matches"].get(name))
        if "order" in self.response and name in self.response["order"]:
            return str(self.response["order"].index(name) + 1)
        return ""

    def _key(self, part: Any) -> str:
        """What would have been right, where it is more than chosen or not."""
        if self.item.kind == "match" and part is not None:
            return self._target(part.target)
        for field in ("level", "rating", "rank"):
            if hasattr(part, field):
                return str(getattr(part, field))
        return ""

    def _target(self, name: str | None) -> str:
        targets: Any = getattr(self.item, "targets", ())
        return next((one.text[self.language] for one in targets if one.id == name), "")

    def _source(self, key: str) -> ToldSource:
        source = self.framework.sources.get(key)
        return ToldSource(key, source.title if source else key, source.url if source else "")


_LISTS = ("segments", "vignettes", "options", "actions", "events", "signs", "reports")


def parts_of(item: Item) -> Iterator[tuple[str, Any]]:
    """(id, part) of everything in an item that has a text of its own, in reading order."""
    whole: Mapping[str, str] = {"vignette": "case", "verdict": "case"}
    for field, name in whole.items():
        if hasattr(item, field):
            yield name, getattr(item, field)
    for field in _LISTS:
        for part in getattr(item, field, ()):
            yield part.id, part
    for node in getattr(item, "nodes", ()):
        for reply in node.replies:
            yield f"{node.id}/{reply.id}", reply
