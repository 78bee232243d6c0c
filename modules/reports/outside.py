"""What other programs read: the lines and the numbers of the completion report, as plain values.

The same people, the same states and the same counts as on the page; a test holds them equal.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from course.models.base import Viewer
from modules.outline import Outline
from modules.reports.asking import Question
from modules.reports.completion import Rate, Summary
from modules.reports.lines import Line, Teller, is_in_state
from modules.reports.population import Scene

MOST_LINES: Final = 200  # a page
USUAL_LINES: Final = 100
SLICE: Final = 500
MOST_LOOKED_AT: Final = 2000  # people a page, when a filter lets few of them through


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page begins: after this person, in the report of this instant.

    The instant travels along, so that all pages of one walk tell of the same moment.
    """

    at: datetime
    after: UUID

    def text(self) -> str:
        """For an address."""
        plain = f"{int(self.at.timestamp() * 1_000_000)}.{self.after.hex}"
        return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


def cursor_from(text: str, now: datetime) -> Cursor | None:
    """What a text means; None when we did not write it."""
    try:
        padded = text + "=" * (-len(text) % 4)
        plain = base64.urlsafe_b64decode(padded.encode("ascii")).decode("ascii")
        micros, _dot, key = plain.partition(".")
        at = datetime.fromtimestamp(int(micros) // 1_000_000, UTC)
        at = at.replace(microsecond=int(micros) % 1_000_000)
        found = Cursor(at, UUID(hex=key))
    except (ValueError, UnicodeError, binascii.Error, OverflowError, OSError):
        return None
    return found if at <= now and found.text() == text else None


@dataclass(frozen=True, slots=True)
class LinePage:
    """Some lines, and where the next ones begin; None at the end."""

    lines: list[Line]
    next: Cursor | None


def read_page(
    outline: Outline,
    viewer: Viewer,
    question: Question,
    at: datetime,
    *,
    after: UUID | None,
    limit: int,
    since: datetime | None = None,
) -> LinePage:
    """The next people in the order of their ids, which never changes as names do.

    `since` leaves out those for whom nothing happened from then on. A page looks at a bounded
    number of people, so it may hold few lines or none and still have a next one.
    """
    scene = Scene(outline, viewer, question, at)
    teller = Teller(scene)
    narrow = question.state is not None or question.overdue or since is not None
    size = SLICE if narrow else limit
    lines: list[Line] = []
    looked_at = 0
    while looked_at < MOST_LOOKED_AT:
        ids = _ids(scene, after, size)
        for line in teller.tell(ids):
            if not _is_asked_for(question, line, since):
                continue
            if len(lines) == limit:
                return LinePage(lines, Cursor(at, lines[-1].membership_id))
            lines.append(line)
        if len(ids) < size:
            return LinePage(lines, None)
        after, looked_at = ids[-1], looked_at + len(ids)
        if len(lines) == limit:
            break
    return LinePage(lines, Cursor(at, after) if after else None)


def _ids(scene: Scene, after: UUID | None, size: int) -> list[UUID]:
    rows = scene.wanted().order_by("membership_id")
    if after is not None:
        rows = rows.filter(membership_id__gt=after)
    return list(rows.values_list("membership_id", flat=True)[:size])


def _is_asked_for(question: Question, line: Line, since: datetime | None) -> bool:
    if question.overdue and not line.overdue:
        return False
    if since is not None and not any(
        each is not None and each >= since for each in (line.last_at, line.completed_at)
    ):
        return False
    return is_in_state(question, line.state)


# --- as plain values ----------------------------------------------------------------------------


def instant_text(at: datetime | None) -> str | None:
    """2026-12-31T16:00:00Z."""
    if at is None:
        return None
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def line_values(line: Line) -> dict[str, Any]:
    """One person. Codes and not words: they are the same in every language."""
    return {
        "id": str(line.membership_id),
        "name": line.name,
        "office": line.office or None,
        "cohorts": list(line.cohorts),
        "manager": line.manager or None,
        "role": line.role.value,
        "state": line.state.value,
        "overdue": line.overdue,
        "round": line.round,
        "started_at": instant_text(line.started_at),
        "completed_at": instant_text(line.completed_at),
        "expires_at": instant_text(line.expires_at),
        "last_activity_at": instant_text(line.last_at),
        "lessons_done": line.lessons_done,
        "lessons_total": line.lessons_total,
        "modules_done": line.modules_done,
        "modules_total": line.modules_total,
    }


def lines_values(page: LinePage, at: datetime) -> dict[str, Any]:
    """A page of people."""
    return {
        "as_of": instant_text(at),
        "data": [line_values(line) for line in page.lines],
        "next_cursor": page.next.text() if page.next else None,
    }


def rate_values(rate: Rate) -> dict[str, Any]:
    """A share with its interval; nulls below five people."""
    return {"gate": rate.gate, "rate": rate.rate, "low": rate.low, "high": rate.high}


def summary_values(summary: Summary) -> dict[str, Any]:
    """The numbers."""
    return {
        "as_of": instant_text(summary.at),
        "population": summary.population,
        "completed": summary.completed,
        "completion": rate_values(summary.rate),
        "states": {state.value: number for state, number in summary.counts.items()},
        "overdue": summary.overdue,
        "left_out": {reason.value: number for reason, number in summary.left_out.items()},
        "by": summary.by,
        "groups": _groups(summary.groups),
    }


def _groups(groups: Iterable[Any]) -> list[dict[str, Any]]:
    return [
        {
            "key": group.key,
            "name": group.name,
            "depth": group.depth,
            "population": group.population,
            "completed": group.completed,
            "overdue": group.overdue,
            "completion": rate_values(group.rate),
        }
        for group in groups
    ]


__all__ = [
    "MOST_LINES",
    "USUAL_LINES",
    "Cursor",
    "LinePage",
    "cursor_from",
    "line_values",
    "lines_values",
    "read_page",
    "summary_values",
]
