"""What a certificate is, when it counts, and when the course may be renewed. Pure.

The paper is a snapshot: everything it says is written down on the day it is issued, in both
languages, so that later texts, rules and settings change nothing that was handed out.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from quizzes import measures
from quizzes.measures import limits
from quizzes.summary import TrialFact, count

RENEW_BEFORE: Final = timedelta(days=90)
SOLID_WITHIN: Final = timedelta(days=180)
LIST_DAYS: Final = (30, 60, 90)
LIST_WITHIN: Final = timedelta(days=LIST_DAYS[-1])
DOCUMENT_VERSION: Final = 1


class State(StrEnum):
    """What a visitor is told."""

    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"
    REPLACED = "replaced"


def state_at(
    *, expires_at: datetime, at: datetime, withdrawn: bool = False, replaced: bool = False
) -> State:
    """The state of a certificate. One that was withdrawn stays so, also after it ran out."""
    if replaced:
        return State.REPLACED
    if withdrawn:
        return State.REVOKED
    return State.VALID if at < expires_at else State.EXPIRED


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What the holder decides: the name, its language, and what strangers may read."""

    name: str = ""
    public_name: bool = False
    public_organization: bool = False
    language: str = "en"


def add_months(day: datetime, months: int) -> datetime:
    """The same day so many months later; the last of the month where there is no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return day.replace(
        year=year, month=month, day=min(day.day, calendar.monthrange(year, month)[1])
    )


def may_renew(*, expires_at: datetime, at: datetime) -> bool:
    """Renewal opens 90 days before the end, and stays open afterwards."""
    return at >= expires_at - RENEW_BEFORE


def still_solid(recent: Iterable[TrialFact], stages: Iterable[str]) -> tuple[bool, dict[str, Any]]:
    """Whether every stage is mastered by recent evidence, and the counts that this rests on.

    `recent`: counted trials of the last 180 days, the newest first. A stage takes the newest 30
    signals and 30 look-alikes (section 8.2); without a stage nobody is solid.
    """
    trials = list(recent)
    facts: dict[str, Any] = {}
    for stage in stages:
        here = [one for one in trials if one.stage == stage]
        newest = [
            one
            for kind in ("signal", "noise")
            for one in [each for each in here if each.kind == kind][: limits.STAGE_RECENT_TRIALS]
        ]
        counts = count(newest).as_measure()
        facts[stage] = {**counts, "state": measures.mastery_stage(**counts)["state"]}
    solid = bool(facts) and all(one["state"] == "mastered" for one in facts.values())
    return solid, facts


def certificate_document(
    *,
    choices: Choices,
    organization: str,
    dates: Mapping[str, datetime],
    completion: Mapping[str, Any],
    texts: Mapping[str, Mapping[str, Any]],
) -> dict[str, Any]:
    """The snapshot. `dates`: completed, issued, expires; `completion`: rule, round and release.

    `texts`: every word of the paper by language. The name is not in it: see `HolderName`.
    """
    return {
        "version": DOCUMENT_VERSION,
        "organization": organization,
        "language": choices.language,
        "public": {"name": choices.public_name, "organization": choices.public_organization},
        "dates": {name: day.isoformat() for name, day in dates.items()},
        "completion": dict(completion),
        "texts": {language: dict(words) for language, words in texts.items()},
    }
