"""The words of a completion report: which state somebody is in, and how that is decided. Pure.

Every word here has its rule in docs/reference/reports.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple

from modules.certificates import RENEW_BEFORE

PRESENT: Final = "present"  # the round that each person was in on that day


class State(StrEnum):
    """Where somebody stood at the instant of a report. Everybody is in exactly one."""

    NOT_STARTED = "not_started"
    STARTED = "started"
    COMPLETED = "completed"
    EXPIRING = "expiring"  # completed, and it ends within 90 days
    EXPIRED = "expired"  # completed once, and nothing of it counts any more


VALID: Final = frozenset({State.COMPLETED, State.EXPIRING})  # what a report calls completed


class Held(NamedTuple):  # there is one for each row of a large table, so no dataclass
    """What somebody completed in one round, and until when it counts (or counted)."""

    completed_at: datetime
    ends_at: datetime


class Decision(NamedTuple):
    """The state, with the completion that it rests on, if there is one."""

    state: State
    held: Held | None = None


def decide(held: Mapping[int, Held], *, number: int, at: datetime, begun: bool) -> Decision:
    """Where somebody stands who is in round `number` and holds this, by round.

    What was completed in the round itself comes first; without it, what of an earlier round counts
    longest. Nobody is called run out while something still counts.
    """
    chosen = held.get(number)
    if chosen is None or chosen.ends_at <= at:
        chosen = max(held.values(), key=lambda one: one.ends_at, default=None)
    if chosen is None:
        return Decision(State.STARTED if begun else State.NOT_STARTED)
    if chosen.ends_at <= at:
        return Decision(State.EXPIRED, held.get(number, chosen))
    if chosen.ends_at <= at + RENEW_BEFORE:
        return Decision(State.EXPIRING, chosen)
    return Decision(State.COMPLETED, chosen)


__all__ = ["PRESENT", "VALID", "Decision", "Held", "State", "decide"]
