"""Which cases can be put to a room, and the answers one raises a hand for. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from quizzes.kinds import Item
from quizzes.rekeying import is_best

YES, NO = "yes", "no"
NOTHING = "nothing"  # of a text with lines: nothing here
KINDS = ("verdict", "highlight", "next_step", "choice")


@dataclass(frozen=True, slots=True)
class RoomChoice:
    """One answer. `text` is empty for yes, no and nothing, which the page puts into words."""

    key: str
    text: Mapping[str, str]
    is_right: bool


def fits_a_room(item: Item) -> bool:
    """Whether an item has one short answer; a heavy one is nothing to spring on a room."""
    if item.sensitive or item.kind not in KINDS:
        return False
    return getattr(item, "choose", "one") == "one"


def in_order_of(shown: Mapping[str, Any], choices: list[RoomChoice]) -> list[RoomChoice]:
    """The same answers as the question shows them: the order of the file may give hints."""
    order = [one["id"] for one in shown.get("options", ())]
    return sorted(choices, key=lambda one: order.index(one.key)) if order else choices


def choices_in_room(item: Item) -> list[RoomChoice]:
    """The answers, in the order they are shown and counted."""
    thing: Any = item
    if item.kind == "verdict":
        is_sign = thing.vignette.kind == "signal"
        return [RoomChoice(YES, {}, is_sign), RoomChoice(NO, {}, not is_sign)]
    if item.kind == "highlight":
        lines = [RoomChoice(one.id, one.text, one.kind == "signal") for one in thing.segments]
        return [*lines, RoomChoice(NOTHING, {}, not any(one.is_right for one in lines))]
    return [RoomChoice(one.id, one.text, is_best(one)) for one in thing.options]
