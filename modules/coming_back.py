"""What comes back after a module and after the course, and when. Pure.

Measurement design 10.2 and U8. A card is a tactic and a kind: its signs, or its look-alikes. The
cards of a stage come alive when its module is completed and are first due two days later; from then
on the schedule (`quizzes.measures.schedule`) says when. A session is short, one a day, and mixed.
Check-ups come 30, 90 and 180 days after the course; one that was missed is not owed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, zip_longest
from typing import Final

from quizzes.measures import fsrs_replay, refresher_rating
from quizzes.measures.schedule import FsrsConfig, PastReview

MOST_ITEMS: Final = 6
SECONDS_AN_ITEM: Final = 40
FIRST_AFTER: Final = timedelta(days=2)
KINDS: Final = ("signal", "noise")
CHECK_UP_DAYS: Final = (30, 90, 180)
CHECK_UPS_END: Final = 360  # days; whoever comes back later renews instead


@dataclass(frozen=True, slots=True)
class Card:
    """A tactic and a kind, and when it is due."""

    tactic: str
    kind: str
    due_at: datetime


# --- cards ----------------------------------------------------------------------------------------


def living_cards(
    model: Iterable[tuple[str, Sequence[str]]],
    completed: Mapping[str, datetime],
    reviewed: Mapping[tuple[str, str], datetime],
) -> list[Card]:
    """The cards of this person, in the order of the model.

    `model`: stages with their tactics; `completed`: stage -> when its module was; `reviewed`: card
    -> when the schedule says it is due. A card that was reviewed stays, whatever else happens.
    """
    return [
        Card(tactic, kind, due_at)
        for stage, tactics in model
        for tactic in tactics
        for kind in KINDS
        if (due_at := _due_at(stage, (tactic, kind), completed, reviewed)) is not None
    ]


def _due_at(
    stage: str,
    card: tuple[str, str],
    completed: Mapping[str, datetime],
    reviewed: Mapping[tuple[str, str], datetime],
) -> datetime | None:
    if card in reviewed:
        return reviewed[card]
    return completed[stage] + FIRST_AFTER if stage in completed else None


def due_tactics(cards: Iterable[Card], at: datetime) -> set[str]:
    """Tactics of which a card is due."""
    return {card.tactic for card in cards if card.due_at <= at}


def choose_cards(cards: Iterable[Card], at: datetime) -> list[Card]:
    """The cards of one session: the longest due first, signs and look-alikes in turn.

    When only one kind is due, the next card of the other comes along early: if everything were a
    sign, saying yes to all would look like skill.
    """
    waiting = sorted(cards, key=lambda card: (card.due_at, card.tactic, card.kind))
    due = {kind: [c for c in waiting if c.kind == kind and c.due_at <= at] for kind in KINDS}
    if not any(due.values()):
        return []
    for kind in KINDS:
        due[kind] = due[kind] or [card for card in waiting if card.kind == kind][:1]
    first, second = sorted(due.values(), key=lambda side: side[0].due_at if side else at)
    in_turn = chain.from_iterable(zip_longest(first, second))
    return [card for card in in_turn if card is not None][:MOST_ITEMS]


def minutes_for(items: int) -> int:
    """About how long so many items take, in whole minutes."""
    return -(-items * SECONDS_AN_ITEM // 60)


def choose_item(
    keys: Iterable[str], last_met: Mapping[str, datetime], taken: Collection[str], *, seed: str
) -> str | None:
    """The item of a card: one never met if there is one, else the one met longest ago."""
    free = [key for key in keys if key not in taken]
    return min(
        free,
        key=lambda key: (
            key in last_met,
            last_met[key].timestamp() if key in last_met else 0.0,
            lot(seed, key),
        ),
        default=None,
    )


def lot(seed: str, key: str) -> bytes:
    """A place by chance that the same seed gives again."""
    return hashlib.sha256(f"{seed}/{key}".encode()).digest()


# --- reviews --------------------------------------------------------------------------------------


def rate(*, right: bool, confidence: float | None) -> str:
    """What a yes or no says to the schedule."""
    return refresher_rating(credit=float(right), confidence=confidence)["rating"]


def due_after(history: Sequence[PastReview], *, spread: bool) -> datetime:
    """When a card is due after these reviews, of which the last has just happened.

    `spread`: move due dates a little by chance, so that not everything falls on one day.
    """
    config: FsrsConfig = {"enable_fuzzing": spread}
    last = fsrs_replay(config=config, reviews=history)["reviews"][-1]
    return datetime.fromisoformat(last["due"])


# --- check-ups ------------------------------------------------------------------------------------


def slot_at(base: datetime, at: datetime) -> int | None:
    """The check-up whose time it is: 30, 90 or 180; None before the first and after a year."""
    days = (at - base) // timedelta(days=1)
    if days >= CHECK_UPS_END:
        return None
    return max((slot for slot in CHECK_UP_DAYS if slot <= days), default=None)


def slots_by(base: datetime, at: datetime) -> frozenset[int]:
    """All check-ups whose time has come by now."""
    return frozenset(slot for slot in CHECK_UP_DAYS if base + timedelta(days=slot) <= at)


def check_up_due(base: datetime, taken: Collection[int], at: datetime) -> int | None:
    """The check-up that can be taken now. An earlier one that was missed is let go."""
    slot = slot_at(base, at)
    return None if slot in taken else slot


def next_check_up(base: datetime, at: datetime) -> datetime | None:
    """When the next one comes, after the present slot."""
    ahead = (base + timedelta(days=slot) for slot in CHECK_UP_DAYS)
    return next((when for when in ahead if when > at), None)


@dataclass(frozen=True, slots=True)
class Case:
    """A case that a check-up may use. `rank` is the place of its pool: the lowest is taken first.

    The pools that come first are those least likely to be needed for another final.
    """

    key: str
    stage: str
    kind: str
    rank: int


def choose_cases(cases: Iterable[Case], stages: Sequence[str], *, seed: str) -> list[str]:
    """Keys of one case a stage, of both kinds if possible. `cases`: only such as were never met.

    When a stage has none left, another stage lends one.
    """
    ordered = sorted(cases, key=lambda case: (case.rank, lot(seed, case.key)))
    picked: list[Case] = []
    for stage in sorted(stages, key=lambda stage: lot(seed, stage)):
        here = [case for case in ordered if case.stage == stage]
        picked += here[:1]
    spare = [case for case in ordered if case not in picked]
    picked += spare[: max(0, len(stages) - len(picked))]
    if len({case.kind for case in picked}) == 1 and len(picked) > 1:
        picked = _with_both_kinds(picked, [case for case in ordered if case not in picked])
    return [case.key for case in picked]


def _with_both_kinds(picked: list[Case], spare: Sequence[Case]) -> list[Case]:
    """One of the picked given up for a case of the other kind, of its stage if there is one."""
    others = [case for case in spare if case.kind != picked[0].kind]
    for place, one in enumerate(picked):
        for other in others:
            if other.stage == one.stage:
                return [*picked[:place], other, *picked[place + 1 :]]
    return [*others[:1], *picked[1:]] if others else picked
