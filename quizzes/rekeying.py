"""How a corrected key marks what was answered, and whose result would fall by it. Pure.

A correction names one part of one item and one change. What it does to a row of evidence is decided
here alone, for the preview, for the facts that are written, and for attempts handed in later.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from quizzes import kinds
from quizzes.kinds import Item
from quizzes.telling import parts_of

DECISION = "decision"
FALLING = 1e-9  # shares closer than this are the same


class Change(StrEnum):
    """What an organisation may decide about a part."""

    SIGNAL = "signal"  # it should raise a concern; of an option to tick: it belongs
    NOISE = "noise"  # it is ordinary; of an option to tick: it does not belong
    ACCEPT = "accept"  # this option is right too
    DROP = "drop"  # it counts for nobody


@dataclass(frozen=True, slots=True)
class Mark:
    """How one row of evidence is marked. `flagged` and `chosen` are the answer and never change."""

    kind: str
    counts: bool
    credit: float | None
    critical_error: bool
    flagged: bool | None
    chosen: str

    @property
    def points(self) -> float:
        """1 for a sign found or an ordinary thing left alone, the credit of a decision, else 0."""
        if self.kind == DECISION:
            return self.credit or 0.0
        return float(self.flagged is (self.kind == "signal"))


@dataclass(frozen=True, slots=True)
class Standing:
    """A decision about one part that holds."""

    part: str
    change: Change
    option: str = ""

    def reaches(self, part: str) -> bool:
        """Whether a row of this part is meant; a moment tried again is the same moment."""
        return part == self.part or part.startswith(f"{self.part}/")


def remark(mark: Mark, standing: Standing) -> Mark:
    """The row as the correction marks it; the same row when nothing changes for it."""
    if standing.change is Change.DROP:
        # A decision without credit is what nobody counts: neither trials nor decisions see it.
        return replace(mark, kind=DECISION, counts=False, credit=None, critical_error=False)
    if standing.change is Change.ACCEPT:
        if mark.kind != DECISION or mark.chosen != standing.option:
            return mark
        return replace(mark, credit=1.0, critical_error=False)
    if mark.kind == DECISION:
        belongs = standing.change is Change.SIGNAL
        credit = None if mark.flagged is None else float(mark.flagged is belongs)
        return replace(mark, credit=credit)
    return replace(mark, kind=standing.change.value)


@dataclass(frozen=True, slots=True)
class Score:
    """Points of so many judgements: an attempt in two numbers."""

    points: float
    of: int

    def moved(self, before: Mark, after: Mark) -> Score:
        """The attempt when one of its rows is marked differently."""
        gone = is_dropped(after) and not is_dropped(before)
        return Score(
            self.points - before.points + (0.0 if gone else after.points), self.of - int(gone)
        )

    def falls_to(self, other: Score) -> bool:
        """Whether the other is the worse result: the share of what was right is smaller."""
        mine = self.points / self.of if self.of else 0.0
        theirs = other.points / other.of if other.of else mine
        return theirs < mine - FALLING


def is_dropped(mark: Mark) -> bool:
    """Whether a row stands for nothing."""
    return mark.kind == DECISION and mark.credit is None


@dataclass(frozen=True, slots=True)
class Option:
    """One answer that could be right too. `text` in every language of the item."""

    key: str
    text: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Correctable:
    """A part of an item whose key can be corrected: what it is now, and what it may become."""

    part: str
    text: Mapping[str, str]
    now: str  # signal, noise, or "" where the key is not one of the two
    changes: tuple[Change, ...]
    options: tuple[Option, ...] = ()

    def allows(self, change: Change, option: str) -> bool:
        """Whether this decision makes sense here."""
        if change is Change.ACCEPT:
            return change in self.changes and option in {one.key for one in self.options}
        return change in self.changes and not option


def correctable(item: Item) -> list[Correctable]:
    """Every part with a key, in reading order."""
    texts = {name: getattr(part, "text", None) or {} for name, part in parts_of(item)}
    return list(_parts(item, texts))


def _parts(item: Item, texts: Mapping[str, Mapping[str, str]]) -> Iterator[Correctable]:
    if item.kind == "dialogue":
        for node in getattr(item, "nodes", ()):
            yield Correctable(node.id, node.says, "", (Change.DROP,))
        return
    several = item.kind == "choice" and getattr(item, "choose", "one") == "several"
    for trial in () if several else kinds.score(item, None).trials:
        text = texts.get(trial.part) or {}
        if trial.kind != DECISION:
            other = Change.NOISE if trial.kind == "signal" else Change.SIGNAL
            yield Correctable(trial.part, text, trial.kind, (other, Change.DROP))
        elif options := _options(item, trial.part):
            yield Correctable(trial.part, text, "", (Change.ACCEPT, Change.DROP), options)
        else:
            yield Correctable(trial.part, text, "", (Change.DROP,))
    for option in getattr(item, "options", ()) if several else ():
        now = "signal" if option.right else "noise"
        other = Change.NOISE if option.right else Change.SIGNAL
        yield Correctable(option.id, option.text, now, (other, Change.DROP))


def _options(item: Item, part: str) -> tuple[Option, ...]:
    """The answers of a decision that are not the best one already."""
    if item.kind == "match":
        sign = next((one for one in getattr(item, "signs", ()) if one.id == part), None)
        targets = getattr(item, "targets", ())
        wrong = [one for one in targets if sign and one.id != sign.target]
        return tuple(Option(one.tactic, one.text) for one in wrong)
    if part != "answer":
        return ()
    options = getattr(item, "options", ())
    wrong = [one for one in options if not is_best(one)]
    return tuple(Option(one.id, one.text) for one in wrong)


def is_best(option: object) -> bool:
    """Whether an option of a choice or a next step is the right one."""
    return bool(getattr(option, "right", False)) or getattr(option, "grade", "") == "best"


def find(parts: Iterable[Correctable], name: str) -> Correctable | None:
    """The part with this name."""
    return next((one for one in parts if one.part == name), None)
