"""Correcting a key: who changes and by how much, one deed, and its undo. Decision 0017.

The bank is shared by all organisations of a site. A correction belongs to one organisation and
reaches that organisation's attempts only: those handed in, and those that will be. Evidence stays
as it is; beside it stand amendments, and readers take `Evidence.objects…corrected()`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Case, Count, F, FloatField, Q, Sum, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from course.models import Membership
from course.services import Refused, require_one_organization
from course.services.audit import lock_organization, record_event
from quizzes.models import Amendment, CorrectionUndo, Evidence, ItemVersion, KeyCorrection
from quizzes.published import item_version
from quizzes.rekeying import Mark, Score, Standing, correctable, find, remark
from quizzes.services.amending import (
    AT_ONCE,
    amend_row,
    difference,
    mark_as_amended,
    mark_as_given,
    move_tallies,
    sums_of_marks,
)


@dataclass(frozen=True, slots=True)
class Effect:
    """One handed-in attempt that a correction changes: its points before and after."""

    membership_id: UUID
    attempt_id: UUID
    before: Score
    after: Score
    rows: tuple[tuple[Evidence, Mark, Mark], ...]

    @property
    def falls(self) -> bool:
        """Whether the result would be worse."""
        return self.before.falls_to(self.after)

    @property
    def rises(self) -> bool:
        """Whether it would be better."""
        return self.after.falls_to(self.before)


def effects_of(organization_id: UUID, version_id: UUID, standing: Standing) -> list[Effect]:
    """Every attempt of one organisation that would change: two queries, whatever the number."""
    changed: dict[UUID, list[tuple[Evidence, Mark, Mark]]] = {}
    rows: Any = Evidence.objects.in_organization(organization_id)
    for row in rows.filter(item_version_id=version_id, part__startswith=standing.part):
        if not standing.reaches(row.part):
            continue
        before = mark_as_given(row)
        after = remark(before, standing)
        if after != before:
            changed.setdefault(row.attempt_id, []).append((row, before, after))
    scores = _scores(organization_id, changed)
    effects = []
    for attempt_id, moves in changed.items():
        after_all = score = scores[attempt_id]
        for _row, before, after in moves:
            after_all = after_all.moved(before, after)
        person = moves[0][0].membership_id
        effects.append(Effect(person, attempt_id, score, after_all, tuple(moves)))
    return sorted(effects, key=lambda one: str(one.attempt_id))


def _scores(organization_id: UUID, attempts: Iterable[UUID]) -> dict[UUID, Score]:
    """Points of whole attempts as they are marked now."""
    right = Q(marked_kind="signal", flagged=True) | Q(marked_kind="noise", flagged=False)
    points = Case(
        When(marked_kind="decision", then=Coalesce(F("marked_credit"), 0.0)),
        When(right, then=Value(1.0)),
        default=Value(0.0),
        output_field=FloatField(),
    )
    judged = ~Q(marked_kind="decision") | Q(marked_credit__isnull=False)
    rows: Any = Evidence.objects.in_organization(organization_id).corrected()
    rows = rows.filter(attempt_id__in=list(attempts)).annotate(points=points)
    grouped = rows.values_list("attempt_id").order_by()
    totals = grouped.annotate(total=Sum("points"), of=Count("id", filter=judged))
    return {attempt: Score(total, of) for attempt, total, of in totals}


def standing_on(organization_id: UUID, version_id: UUID) -> list[KeyCorrection]:
    """The corrections of one item version that hold, the oldest first: one query."""
    rows: Any = KeyCorrection.objects.in_organization(organization_id).standing()
    found = rows.filter(item_version_id=version_id).select_related("made_by__user")
    return list(found.order_by("made_at", "id"))


def require_possible(actor: Membership, version: ItemVersion, standing: Standing) -> None:
    """Raise Refused unless the part has a key that may become this, and none stands on it."""
    part = find(correctable(item_version(version.pk)), standing.part)
    if part is None or not part.allows(standing.change, standing.option):
        raise Refused(_("This part cannot be marked like that. Please choose again."))
    held = standing_on(actor.organization_id, version.pk)
    if any(one.part == standing.part for one in held):
        raise Refused(_("This part was corrected before. Take that correction back first."))


def correct_key(
    *,
    actor: Membership,
    version: ItemVersion,
    standing: Standing,
    reason: str,
    lower: bool,
    client_key: UUID,
    at: datetime,
) -> KeyCorrection:
    """Correct a key for the actor's organisation. Sending it twice is once. Raises Refused.

    Whoever's result would fall keeps it, unless `lower` says otherwise.
    """
    with transaction.atomic():
        _lock_everything(actor)
        mine: Any = KeyCorrection.objects.in_organization(actor.organization_id)
        known: KeyCorrection | None = mine.filter(client_key=client_key).first()
        if known is not None:
            return known
        require_possible(actor, version, standing)
        effects = effects_of(actor.organization_id, version.pk, standing)
        correction = KeyCorrection(
            organization_id=actor.organization_id,
            item_version=version,
            part=standing.part,
            change=standing.change.value,
            option=standing.option,
            lower=lower,
            reason=reason,
            client_key=client_key,
            made_by_id=actor.id,
            made_at=at,
        )
        correction.save(force_insert=True)
        reached = [one for one in effects if lower or not one.falls]
        _amend(correction, [move for one in reached for move in one.rows])
        _record(actor, "key.correct", correction, reached, reason=reason, at=at)
    return correction


def undo_correction(*, actor: Membership, correction: KeyCorrection, at: datetime) -> None:
    """Take a correction back: every number is again exactly what it was. Twice is once."""
    require_one_organization(actor.organization_id, correction.organization_id)
    with transaction.atomic():
        _lock_everything(actor)
        if correction.undo.exists():
            return
        CorrectionUndo(
            organization_id=correction.organization_id,
            correction_id=correction.id,
            made_by_id=actor.id,
            made_at=at,
        ).save(force_insert=True)
        pairs = _amended(correction)
        now = sums_of_marks((row, mark_as_amended(row, one)) for row, one in pairs)
        first = sums_of_marks((row, mark_as_given(row)) for row, _one in pairs)
        move_tallies(correction.organization_id, difference(first, now))
        _record(actor, "key.undo", correction, pairs, at=at)


def _lock_everything(actor: Membership) -> None:
    """One correction at a time, and no attempt is handed in meanwhile: handing in locks people."""
    lock_organization(actor.organization)
    people: Any = Membership.objects.in_organization(actor.organization_id)
    list(people.order_by("id").select_for_update(no_key=True).values_list("id"))


def _amend(correction: KeyCorrection, moves: list[tuple[Evidence, Mark, Mark]]) -> None:
    fresh = [amend_row(row, correction, after) for row, _before, after in moves]
    Amendment.objects.bulk_create(fresh, batch_size=AT_ONCE)
    before = sums_of_marks((row, mark) for row, mark, _after in moves)
    after = sums_of_marks((row, mark) for row, _before, mark in moves)
    move_tallies(correction.organization_id, difference(after, before))


def _amended(correction: KeyCorrection) -> list[tuple[Evidence, Amendment]]:
    rows: Any = Amendment.objects.in_organization(correction.organization_id)
    found = rows.filter(correction_id=correction.id).select_related("evidence")
    return [(one.evidence, one) for one in found]


def _record(
    actor: Membership,
    action: str,
    correction: KeyCorrection,
    reached: list[Any],
    *,
    reason: str = "",
    at: datetime,
) -> None:
    record_event(
        organization=actor.organization,
        actor=actor,
        action=action,
        subject=f"item:{correction.item_version.thing.key}",
        after={
            "part": correction.part,
            "change": correction.change,
            "option": correction.option,
            "lower": correction.lower,
            "reached": len(reached),
        },
        reason=reason,
        at=at,
    )
