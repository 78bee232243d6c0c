"""Sums of trials, attempt by attempt."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from django.db.models import Count

from quizzes.summary import Counts


def counts_by_attempt(rows: Any) -> dict[UUID, Counts]:
    """Attempt -> its trials that count, as they are marked now: one query. `rows`: evidence."""
    grouped = rows.counted_now().order_by().values_list("attempt_id", "marked_kind", "flagged")
    cells: dict[UUID, dict[tuple[str, bool], int]] = defaultdict(lambda: defaultdict(int))
    for attempt_id, kind, flagged, number in grouped.annotate(number=Count("id")):
        cells[attempt_id][kind, bool(flagged)] += number
    return {
        attempt_id: Counts(
            n_signal=cell["signal", True] + cell["signal", False],
            hits=cell["signal", True],
            n_noise=cell["noise", True] + cell["noise", False],
            false_alarms=cell["noise", True],
        )
        for attempt_id, cell in cells.items()
    }
