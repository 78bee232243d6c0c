"""The sums beside the facts: recompute them, find what differs, mend it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q

from course.models import Membership, Organization
from quizzes.models import Evidence, Tally

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
    """Every sum of one organisation, counted again from its evidence: one query."""
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
    return {
        (person, mode, stage, tactic): (signals, hits, noise, alarms)
        for person, mode, stage, tactic, signals, hits, noise, alarms in grouped
    }


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
