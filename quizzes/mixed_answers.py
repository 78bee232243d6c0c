"""What a group of learners takes for something else: counts from first answers, never a name.

As marked now: what a correction accepted is no mistake, what it dropped is not counted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from quizzes.models import Evidence, KeyCorrection

RIGHT_FROM = 0.5


@dataclass(frozen=True, slots=True)
class Taken:
    """Of `n` answers of `people` to one part (or about one tactic), this was said by so many."""

    kind: str
    version_id: UUID
    part: str
    tactic: str
    chosen: str
    n: int
    people: int
    wrong: int


def taken(organization_id: UUID, people: Any, kinds: frozenset[str]) -> list[Taken]:
    """Every answer to every decision of items of these kinds, with how many gave it.

    `people` are memberships, as a query. Three queries, whatever the number of answers.
    """
    corrections: Any = KeyCorrection.objects.in_organization(organization_id)
    corrected = corrections.standing().values("item_version_id")
    rows: Any = Evidence.objects.in_organization(organization_id)
    rows = rows.filter(
        kind="decision",
        exposure=1,
        flagged__isnull=True,
        item_version__thing__kind__in=kinds,
        membership_id__in=people,
    ).exclude(chosen="")
    plain = rows.exclude(item_version_id__in=corrected).filter(credit__isnull=False)
    marked = rows.filter(item_version_id__in=corrected).corrected()
    marked = marked.filter(marked_credit__isnull=False)
    return [*_grouped(plain, "credit"), *_grouped(marked, "marked_credit")]


def _grouped(rows: Any, credit: str) -> Iterator[Taken]:
    names = ("item_version__thing__kind", "item_version_id", "part", "tactic", "chosen")
    grouped = (
        rows.order_by()
        .values_list(*names)
        .annotate(
            n=Count("id"),
            people=Count("membership_id", distinct=True),
            wrong=Count("id", filter=Q(**{f"{credit}__lt": RIGHT_FROM})),
        )
    )
    for row in grouped:
        yield Taken(*row)


def answers_by_part(found: list[Taken]) -> dict[tuple[UUID, str], int]:
    """How many answered each part."""
    totals: dict[tuple[UUID, str], int] = defaultdict(int)
    for one in found:
        totals[one.version_id, one.part] += one.n
    return totals
