"""A quiz on paper: letters and numbers instead of fields, and back to answers. Pure.

An answer on paper is a few signs: Y or N for a case, letters for options, numbers for lines (0 for
none), letters in order for cards, one letter for each sign to match. `read_line` reads what was
typed; `key_line` writes the key the same way, so that the one is the test of the other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from string import ascii_uppercase
from typing import Any

from quizzes import kinds
from quizzes.kinds import Item

Json = dict[str, Any]
Shown = Mapping[str, Any]
ON_PAPER = ("verdict", "highlight", "choice", "next_step", "match", "sequence")
# Tests stay on the screen: a printed test is a test that goes round.
QUIZZES_ON_PAPER = frozenset({"module", "practice"})
NONE = "0"
YES, NO = frozenset("YJ"), frozenset("NT")  # yes, ya; no, tidak


class Unreadable(Exception):
    """What was typed is no answer to this question."""


def lettered(parts: Sequence[Mapping[str, Any]]) -> list[tuple[str, Mapping[str, Any]]]:
    """Each part with its letter: (A, first), (B, second)."""
    return list(zip(ascii_uppercase, parts, strict=False))


def read_line(item: Item, shown: Shown, typed: str) -> Json | None:
    """The answer in its normal form; None when nothing was answered. Raises Unreadable."""
    marks = re.findall(r"[A-Z]|\d+", typed.upper())
    if re.sub(r"[A-Z\d\s,;./-]", "", typed.upper()):
        raise Unreadable
    if not marks:
        return None
    answer = kinds.validate(item, _READERS[item.kind](shown, marks))
    if not isinstance(answer, dict):
        raise Unreadable
    return answer


def key_line(item: Item, shown: Shown) -> str:
    """The key, written as one writes an answer."""
    return _KEYS[item.kind](item, shown)


def _verdict(_shown: Shown, marks: list[str]) -> Json:
    if len(marks) != 1 or not set(marks) <= YES | NO | {"0"}:
        raise Unreadable
    return {"concern": marks[0] in YES, "confidence": None}


def _highlight(shown: Shown, marks: list[str]) -> Json:
    parts = shown["segments"]
    if marks == [NONE]:
        return {"marked": []}
    return {"marked": [_numbered(parts, mark) for mark in marks]}


def _numbered(parts: Sequence[Mapping[str, Any]], mark: str) -> str:
    if not mark.isdecimal() or len(mark) > 2 or not 1 <= int(mark) <= len(parts):
        raise Unreadable
    return str(parts[int(mark) - 1]["id"])


def _letters(parts: Sequence[Mapping[str, Any]], marks: Sequence[str]) -> list[str]:
    known = {letter: str(part["id"]) for letter, part in lettered(parts)}
    if not set(marks) <= set(known):
        raise Unreadable
    return [known[mark] for mark in marks]


def _choice(shown: Shown, marks: list[str]) -> Json:
    return {"chosen": _letters(shown["options"], marks)}


def _next_step(shown: Shown, marks: list[str]) -> Json:
    chosen = _letters(shown["options"], marks)
    if len(chosen) != 1:
        raise Unreadable
    return {"chosen": chosen[0]}


def _match(shown: Shown, marks: list[str]) -> Json:
    """One letter for each sign, in order; a number before a letter is only the sign's own."""
    letters = [mark for mark in marks if mark.isalpha()]
    numbers = [int(mark) for mark in marks if mark.isdecimal() and len(mark) < 3]
    signs = [str(sign["id"]) for sign in shown["signs"]]
    if len(letters) != len(signs) or (numbers and numbers != list(range(1, len(signs) + 1))):
        raise Unreadable
    return {"matches": dict(zip(signs, _letters(shown["targets"], letters), strict=True))}


def _sequence(shown: Shown, marks: list[str]) -> Json:
    order = _letters(shown["events"], marks)
    if sorted(order) != sorted(str(event["id"]) for event in shown["events"]):
        raise Unreadable
    return {"order": order}


_READERS = {
    "verdict": _verdict,
    "highlight": _highlight,
    "choice": _choice,
    "next_step": _next_step,
    "match": _match,
    "sequence": _sequence,
}


def _letters_of(parts: Sequence[Mapping[str, Any]], wanted: Sequence[str]) -> str:
    by_id = {str(part["id"]): letter for letter, part in lettered(parts)}
    return " ".join(by_id[name] for name in wanted)


def _verdict_key(item: Any, _shown: Shown) -> str:
    return "Y" if item.vignette.kind == "signal" else "N"


def _highlight_key(item: Any, shown: Shown) -> str:
    signs = {one.id for one in item.segments if one.kind == "signal"}
    numbers = [str(n) for n, part in enumerate(shown["segments"], 1) if part["id"] in signs]
    return " ".join(numbers) or NONE


def _options_key(item: Any, shown: Shown) -> str:
    right = {
        one.id
        for one in item.options
        if getattr(one, "right", False) or getattr(one, "grade", "") == "best"
    }
    return _letters_of(
        shown["options"], [str(one["id"]) for one in shown["options"] if one["id"] in right]
    )


def _match_key(item: Any, shown: Shown) -> str:
    target = {one.id: one.target for one in item.signs}
    return _letters_of(shown["targets"], [target[str(sign["id"])] for sign in shown["signs"]])


def _sequence_key(item: Any, shown: Shown) -> str:
    order = sorted(item.events, key=lambda event: (event.rank, event.id))
    return _letters_of(shown["events"], [event.id for event in order])


_KEYS = {
    "verdict": _verdict_key,
    "highlight": _highlight_key,
    "choice": _options_key,
    "next_step": _options_key,
    "match": _match_key,
    "sequence": _sequence_key,
}
