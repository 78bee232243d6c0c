"""Reads of what a whole cohort answered: counts only, with the corrections of keys.

First answers of learners who are in the cohort now. No name ever leaves this room.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Avg, Case, Count, F, FloatField, Q, Sum, Value, When
from django.db.models.functions import Coalesce

from course.models import Cohort, CohortMember
from course.roles import Role
from quizzes.debriefing import OptionCount, PairCount, SureCount
from quizzes.models import Evidence, Item

RIGHT = Q(marked_kind="signal", flagged=True) | Q(marked_kind="noise", flagged=False)
POINTS = Case(
    When(marked_kind="decision", then=Coalesce(F("marked_credit"), 0.0)),
    When(RIGHT, then=Value(1.0)),
    default=Value(0.0),
    output_field=FloatField(),
)
PEOPLE = Count("membership_id", distinct=True)


def answers_of(cohort: Cohort) -> Any:
    """First answers of the cohort's learners, as they are marked now; what was dropped is out."""
    places: Any = CohortMember.objects.in_organization(cohort.organization_id)
    learners = places.filter(cohort_id=cohort.id, membership__role=Role.LEARNER.value)
    rows: Any = Evidence.objects.in_organization(cohort.organization_id)
    mine = rows.filter(membership_id__in=learners.values("membership_id"), exposure=1)
    return mine.corrected().exclude(marked_kind="decision", marked_credit__isnull=True).order_by()


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One item version: how many people answered it and what share of its points they have."""

    version_id: UUID
    people: int
    points: float
    judgements: int

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return self.points / self.judgements if self.judgements else 0.0

    @property
    def per_cent(self) -> int:
        """For the page."""
        return round(100 * self.share)


def items_answered(cohort: Cohort) -> list[ItemRow]:
    """Every item version somebody answered: one query."""
    rows = answers_of(cohort).annotate(points=POINTS).values_list("item_version_id")
    totals = rows.annotate(people=PEOPLE, total=Sum("points"), of=Count("id"))
    return [ItemRow(*row) for row in totals]


@dataclass(slots=True)
class PartCount:
    """One part of an item: how many people answered it, flagged it, and what they chose."""

    kind: str
    people: int = 0
    flagged: int = 0
    right: float = 0.0
    chosen: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class ItemAnswers:
    """One item version in counts. `sure` and `right` are pairs of how sure and whether right."""

    people: int
    parts: dict[str, PartCount]
    rated: list[tuple[float, bool]]


def answers_to(cohort: Cohort, version_id: UUID) -> ItemAnswers:
    """Counts by part of one item version: one query."""
    rows = answers_of(cohort).filter(item_version_id=version_id).annotate(points=POINTS)
    parts: dict[str, PartCount] = {}
    people: set[UUID] = set()
    rated: list[tuple[float, bool]] = []
    columns = ("membership_id", "part", "marked_kind", "flagged", "chosen", "points", "confidence")
    for person, part, kind, flagged, chosen, points, confidence in rows.values_list(*columns):
        people.add(person)
        one = parts.setdefault(part, PartCount(kind))
        one.people += 1
        one.flagged += bool(flagged)
        one.right += points
        if chosen:
            one.chosen[chosen] += 1
        if confidence is not None and flagged is not None:
            rated.append((confidence, points == 1.0))
    return ItemAnswers(len(people), parts, rated)


def pairs_of(cohort: Cohort) -> list[PairCount]:
    """Every sign and look-alike that came up together: two queries."""
    rows = answers_of(cohort).filter(flagged__isnull=False)
    signs = rows.filter(marked_kind="signal").values_list("indicator")
    known = {
        sign: (n, misses)
        for sign, n, misses in signs.annotate(
            n=Count("id"), misses=Count("id", filter=Q(flagged=False))
        )
    }
    noise = rows.filter(marked_kind="noise").exclude(indicator="")
    grouped = noise.values_list("indicator", "confounder", "lure").annotate(
        n=Count("id"), alarms=Count("id", filter=Q(flagged=True)), people=PEOPLE
    )
    pairs = []
    for sign, confounder, lure, n, alarms, people in grouped:
        if not (confounder or lure):
            continue  # a sign that a correction made ordinary has no look-alike
        n_signal, misses = known.get(sign, (0, 0))
        pairs.append(
            PairCount(
                sign, confounder or lure, bool(confounder), n, alarms, n_signal, misses, people
            )
        )
    return pairs


def wrong_options(cohort: Cohort, *, without: Collection[str]) -> list[OptionCount]:
    """Every wrong option somebody chose, but not of the pools `without`: one query."""
    rows = answers_of(cohort).filter(marked_kind="decision", part="answer").exclude(chosen="")
    rows = rows.exclude(item_version__thing__in=_items_in(without))
    grouped = rows.values_list("item_version_id", "chosen").annotate(
        n=Count("id"), right=Count("id", filter=Q(marked_credit__gte=0.5))
    )
    totals: dict[UUID, int] = defaultdict(int)
    wrong: list[tuple[UUID, str, int]] = []
    for version_id, chosen, n, right in grouped:
        totals[version_id] += n
        if not right:
            wrong.append((version_id, chosen, n))
    return [OptionCount(version, option, n, totals[version]) for version, option, n in wrong]


def sure_but_wrong(cohort: Cohort, *, without: Collection[str]) -> list[SureCount]:
    """How sure those were who got a case wrong: one query, means only."""
    rows = answers_of(cohort).filter(flagged__isnull=False, confidence__isnull=False)
    rows = rows.exclude(item_version__thing__in=_items_in(without))
    grouped = rows.values_list("item_version_id").annotate(
        people=PEOPLE,
        wrong=Count("membership_id", distinct=True, filter=~RIGHT),
        sure=Avg("confidence", filter=~RIGHT),
    )
    return [
        SureCount(version_id, people, wrong, sure)
        for version_id, people, wrong, sure in grouped
        if wrong
    ]


def _items_in(pools: Iterable[str]) -> Any:
    return Item.objects.filter(pool__in=list(pools)).values("pk")
