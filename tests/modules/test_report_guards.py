"""Guards of the reports that no other test would miss: each was taken out once, to see one fail."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

from course.models import AuditEntry
from course.services.exporting import TooManyRowsTaken, rows_left
from modules.reports.exports.door import Asked, Format, export_response
from modules.reports.tables import Column, Kind, Table
from tests.personas import World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", list(Format))
def test_a_file_beyond_the_budget_is_not_written_to_its_end(
    world: World, settings: Any, kind: Format
) -> None:
    """A table of millions must not fill the disk first and be refused then."""
    settings.KENALI_EXPORT_ROWS_PER_HOUR = 5
    read: list[int] = []

    def rows() -> Iterator[int]:
        for number in range(2000):
            read.append(number)
            yield number

    actor, at = world.harbour.administrator, timezone.now()
    table = Table("x", "X", (), (Column("n", "N", Kind.NUMBER, lambda row: row),), rows())
    with pytest.raises(TooManyRowsTaken):
        export_response(Asked(table=table, format=kind, filter="", actor=actor, at=at))
    assert len(read) <= 2 * 5 + 1  # the budget, one more, and counted on as far as it matters
    assert rows_left(actor=actor, at=at) == 5
    entries = AuditEntry.objects.in_organization(world.harbour.organization)
    assert [one.action for one in entries.order_by("sequence")][-1] == "export.refused"
