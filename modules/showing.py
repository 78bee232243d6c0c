"""From a published lesson document to what its pages print: HTML and numbered sources. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from modules.markup import to_html

Json = dict[str, Any]
_TEXT_LISTS = ("parts", "options")
_TEXTS = ("a", "b", "difference", "softer")
_FRAMEWORK = ("sign", "tactic", "myth", "claim", "response", "signs", "stages", "contacts")


@dataclass(frozen=True, slots=True)
class ShownStep:
    """One screen: its number from 1, title, blocks, and the sources cited on it."""

    number: int
    title: str
    blocks: tuple[Json, ...]
    sources: tuple[Json, ...]


def show_steps(text: Mapping[str, Any]) -> tuple[ShownStep, ...]:
    """The steps of one lesson in one language (`document["texts"][language]`)."""
    numbers = {source["key"]: number for number, source in enumerate(text["sources"], 1)}
    shown = []
    blocks_before = 0
    for number, step in enumerate(text["steps"], 1):
        page = _Page(numbers)
        blocks = tuple(
            page.block(block, identity=f"b{blocks_before + place}")
            for place, block in enumerate(step["blocks"], 1)
        )
        blocks_before += len(blocks)
        sources = tuple(
            source | {"number": numbers[source["key"]]}
            for source in text["sources"]
            if source["key"] in page.cited
        )
        shown.append(ShownStep(number, step["title"], blocks, sources))
    return tuple(shown)


class _Page:
    """Draws the blocks of one screen and remembers what it has cited."""

    def __init__(self, numbers: Mapping[str, int]) -> None:
        self.numbers = numbers
        self.cited: set[str] = set()

    def number_of(self, key: str) -> int:
        self.cited.add(key)
        return self.numbers[key]

    def block(self, block: Mapping[str, Any], *, identity: str) -> Json:
        shown = dict(block) | {"id": identity, "html": self.html(block["text"])}
        for name in _TEXT_LISTS:
            if name in block:
                shown[name] = [self.drawn(part) for part in block[name]]
        for name in _TEXTS:
            if name in block:
                shown[name] = self.drawn(block[name])
        for name in _FRAMEWORK:
            if name in block:
                shown[name] = self.cites(block[name])
        return shown

    def html(self, text: str) -> str:
        return to_html(text, self.number_of) if text else ""

    def drawn(self, part: Mapping[str, Any]) -> Json:
        return dict(part) | {"html": self.html(part["text"])}

    def cites(self, entry: Any) -> Any:
        """The same framework text with its source keys as numbered citations."""
        if isinstance(entry, Sequence):
            return [self.cites(one) for one in entry]
        keys = entry.get("sources", ())
        cites = [{"key": key, "number": self.number_of(key)} for key in keys]
        return dict(entry) | ({"sources": cites} if "sources" in entry else {})
