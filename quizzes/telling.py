"""What a page tells after an answer: found, missed, false alarm, with why and source. Pure.

From `kinds.feedback` (both languages, ids) to words in one language, in the order of reading.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from course.framework.schema import Framework, Language
from quizzes import kinds
from quizzes.kinds import Feedback, Item, Response
from quizzes.kinds.common import AWAITING_PANEL, PartFeedback

Json = dict[str, Any]


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
    def sources(self) -> tuple[ToldSource, ...]:
        """Every work named, once."""
        return tuple({one.key: one for part in self.parts for one in part.sources}.values())


def tell(item: Item, response: Response | None, language: Language, framework: Framework) -> Told:
    """The words about one validated answer (None: left unanswered)."""
    feedback: Feedback = kinds.feedback(item, response)
    words = _Words(item, response, language, framework)
    parts = tuple(words.part(one) for one in feedback.parts)
    by_id = {one.part: one for one in parts}
    lines = tuple(by_id.get(name) or words.plain(name) for name in words.reading_order())
    return Told(
        kind=item.kind,
        signs=feedback.signs,
        found=feedback.found,
        missed=feedback.missed,
        false_alarms=feedback.false_alarms,
        parts=parts,
        lines=lines,
        rule=feedback.rule[language] if feedback.rule else "",
        key_status=item.key_status,
    )


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

    def reading_order(self) -> list[str]:
        return list(self.texts)

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
