"""From the evidence of one item of one attempt back to its credit, 0 to 1. Pure.

`kinds.score` says what an answer is worth under the key of the bank. Item analysis needs the same
number under the key as it is corrected now, and evidence is all that a correction reaches. So the
rules of the kinds are told here once more, from the other side; a test holds the two equal for
every kind and any answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from quizzes import measures
from quizzes.kinds import Item
from quizzes.kinds.dialogue import END
from quizzes.kinds.triage import LEVELS, TOP

DECISION: Final = "decision"
# Their credit hangs on what was chosen, not on how often it was right.
BY_CHOICE: Final = frozenset({"triage", "dialogue"})


class Sums(NamedTuple):
    """The rows of one item of one attempt, counted. A trial is a sign or a look-alike."""

    n_signal: int = 0
    hits: int = 0
    n_noise: int = 0
    alarms: int = 0
    blank: int = 0  # trials without an answer
    decisions: int = 0
    credit: float = 0.0  # of the decisions together
    ticked_right: int = 0  # decisions that are ticked or left: options, cited lines
    ticked_wrong: int = 0
    missed: int = 0  # should have been ticked
    left: int = 0  # rightly not ticked


class Row(NamedTuple):
    """One row of evidence as it is marked now."""

    part: str
    kind: str
    flagged: bool | None
    chosen: str
    credit: float | None


def sums_of(rows: Iterable[Row]) -> Sums:
    """The rows counted, as the database counts them for many attempts at once."""
    found = list(rows)
    signs = [row for row in found if row.kind == "signal"]
    noise = [row for row in found if row.kind == "noise"]
    decided = [row for row in found if row.kind == DECISION and row.credit is not None]
    ticks = [(row.flagged, bool(row.credit)) for row in decided if row.flagged is not None]
    return Sums(
        n_signal=len(signs),
        hits=sum(row.flagged is True for row in signs),
        n_noise=len(noise),
        alarms=sum(row.flagged is True for row in noise),
        blank=sum(row.flagged is None for row in (*signs, *noise)),
        decisions=len(decided),
        credit=sum(row.credit or 0.0 for row in decided),
        ticked_right=ticks.count((True, True)),
        ticked_wrong=ticks.count((True, False)),
        missed=ticks.count((False, False)),
        left=ticks.count((False, True)),
    )


def credit_of(item: Item, rows: Iterable[Row]) -> float | None:
    """What the answer is worth now; None when nothing of the item counts any more."""
    found = list(rows)
    if item.kind == "triage":
        return _triage(item, {row.part: row.chosen for row in found if row.credit is not None})
    if item.kind == "dialogue":
        return _dialogue(item, found)
    return credit_of_sums(item.kind, sums_of(found))


def credit_of_sums(kind: str, sums: Sums) -> float | None:
    """The same from counts, for the kinds where counts are enough."""
    trials = sums.n_signal + sums.n_noise
    if not trials and not sums.decisions:
        return None
    if kind == "evidence":
        return _evidence(sums)
    if trials:
        return 0.0 if sums.blank else _plus_minus(sums)
    if sums.ticked_right + sums.ticked_wrong + sums.missed + sums.left:
        return _ticks(sums)
    return sums.credit / sums.decisions


def _plus_minus(sums: Sums) -> float:
    return measures.highlight_score(
        n_key=sums.n_signal, n_nonkey=sums.n_noise, hits=sums.hits, false_alarms=sums.alarms
    )["plus_minus"]


def _ticks(sums: Sums) -> float:
    """Found minus wrongly ticked, of what there was to tick."""
    return measures.highlight_score(
        n_key=sums.ticked_right + sums.missed,
        n_nonkey=sums.ticked_wrong + sums.left,
        hits=sums.ticked_right,
        false_alarms=sums.ticked_wrong,
    )["plus_minus"]


def _evidence(sums: Sums) -> float:
    """A right "no" is worth 1, a right "yes" what its cited lines are worth, all else nothing."""
    if sums.n_signal + sums.n_noise == 0:  # the verdict counts for nobody any more
        return _ticks(sums)
    if sums.blank or sums.alarms or (sums.n_signal and not sums.hits):
        return 0.0
    return _ticks(sums) if sums.n_signal else 1.0


def _triage(item: Any, chosen: Mapping[str, str]) -> float | None:
    """As the kind does it: what was left out costs what the worst answer would."""
    reports = [report for report in item.reports if report.id in chosen]
    if not reports:
        return None
    if not any(chosen.values()):
        return 0.0
    truth = [LEVELS.index(report.level) for report in reports]
    given = [
        LEVELS.index(chosen[report.id]) if chosen[report.id] else _worst(level)
        for report, level in zip(reports, truth, strict=True)
    ]
    return float(measures.triage_score(truth=truth, response=given, top=TOP)["score"] or 0.0)


def _worst(level: int) -> int:
    return max(range(TOP + 1), key=lambda answer: abs(level - answer))


@dataclass(slots=True)
class _Moment:
    """One moment of a conversation as it was walked."""

    replies: list[str]
    credit: float | None


def _dialogue(item: Any, rows: Iterable[Row]) -> float | None:
    """Mean of the first replies; moments that were not reached on the shortest way earn nothing."""
    moments: dict[str, _Moment] = {}
    for row in rows:
        name = row.part.partition("/")[0]
        moment = moments.setdefault(name, _Moment([], None))
        moment.replies.append(row.chosen)
        if "/" not in row.part:
            moment.credit = row.credit
    if not moments:
        return 0.0
    earned = [one.credit for one in moments.values() if one.credit is not None]
    # Replies lead on to later moments only, so the walk stands at the last one that was met.
    order = [node.id for node in item.nodes]
    last = max(moments, key=order.index)
    left = _left(item, last, moments[last].replies)
    return sum(earned) / (len(earned) + left) if earned else 0.0


def _left(item: Any, last: str, replies: Iterable[str]) -> int:
    """How many moments were still to come, at least."""
    nexts = {reply.id: reply.next for reply in item.node(last).replies}
    leads = next((nexts[one] for one in replies if nexts.get(one)), None)
    if leads is None:  # stuck after a harmful reply: this moment is answered already
        return max(0, int(item.shortest_from(last)) - 1)
    return 0 if leads == END else int(item.shortest_from(leads))
