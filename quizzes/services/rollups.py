"""The sums beside the facts: recompute them, find what differs, mend it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q

from course.models import Membership, Organization
from quizzes.models import Amendment, Evidence, Tally
from quizzes.services.amending import difference, mark_as_amended, mark_as_given, sums_of_marks

Key = tuple[UUID, str, str, str]  # membership, mode, stage, tactic
Sums = tuple[int, int, int, int]  # signals, hits, noise, false alarms
NOTHING: Sums = (0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Difference:
    """A sum that is not what the facts say."""

    organization: str
    key: Key
    kept: Sums
    facts: Sums

    def __str__(self) -> str:
        person, *where = self.key
        place = "/".join(part or "-" for part in where)
        return f"{self.organization}: {person} {place}: kept {self.kept}, facts say {self.facts}"


def sums_from_facts(organization: Organization) -> dict[Key, Sums]:
    """Every sum of one organisation, counted again from evidence and corrections: two queries."""
    rows: Any = Evidence.objects.in_organization(organization).counted()
    grouped = (
        rows.values_list("membership_id", "mode", "stage", "tactic")
        .order_by()
        .annotate(
            n_signal=Count("id", filter=Q(kind="signal")),
            hits=Count("id", filter=Q(kind="signal", flagged=True)),
            n_noise=Count("id", filter=Q(kind="noise")),
            false_alarms=Count("id", filter=Q(kind="noise", flagged=True)),
        )
    )
    as_given: dict[Key, Sums] = {
        (person, mode, stage, tactic): (signals, hits, noise, alarms)
        for person, mode, stage, tactic, signals, hits, noise, alarms in grouped
    }
    return _corrected(organization, as_given)


def _corrected(organization: Organization, sums: dict[Key, Sums]) -> dict[Key, Sums]:
    """The sums with what standing corrections move in them."""
    standing: Any = Amendment.objects.in_organization(organization)
    pairs = [
        (one.evidence, one)
        for one in standing.filter(correction__undo__isnull=True).select_related("evidence")
    ]
    after = sums_of_marks((row, mark_as_amended(row, one)) for row, one in pairs)
    before = sums_of_marks((row, mark_as_given(row)) for row, _one in pairs)
    moved = difference(after, before)
    for key, added in moved.items():
        one = sums.get(key, NOTHING)
        sums[key] = (one[0] + added[0], one[1] + added[1], one[2] + added[2], one[3] + added[3])
    return sums


def kept_sums(organization: Organization) -> dict[Key, Sums]:
    """Every sum as it is kept: one query."""
    rows: Any = Tally.objects.in_organization(organization)
    columns = ("n_signal", "hits", "n_noise", "false_alarms")
    return {
        (person, mode, stage, tactic): tuple(sums)
        for person, mode, stage, tactic, *sums in rows.values_list(
            "membership_id", "mode", "stage", "tactic", *columns
        )
    }


def differences(organization: Organization) -> Iterator[Difference]:
    """What is kept and not so, in a stable order."""
    facts, kept = sums_from_facts(organization), kept_sums(organization)
    for key in sorted(facts.keys() | kept.keys(), key=str):
        one, other = kept.get(key, NOTHING), facts.get(key, NOTHING)
        if one != other:
            yield Difference(organization.key, key, one, other)


def rebuild(organization: Organization) -> list[Difference]:
    """Put the sums of one organisation right, in one transaction; what was wrong before."""
    with transaction.atomic():
        # Handing in locks people; locking them all keeps every new fact out until this is done.
        people: Any = Membership.objects.in_organization(organization)
        list(people.select_for_update().values_list("id"))
        wrong = list(differences(organization))
        rows = Tally.objects.in_organization(organization)
        for one in wrong:
            person, mode, stage, tactic = one.key
            signals, hits, noise, alarms = one.facts
            rows.update_or_create(
                organization_id=organization.pk,
                membership_id=person,
                mode=mode,
                stage=stage,
                tactic=tactic,
                defaults={
                    "n_signal": signals,
                    "hits": hits,
                    "n_noise": noise,
                    "false_alarms": alarms,
                },
            )
    return wrong
