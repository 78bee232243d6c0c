"""From standing corrections to amendments and sums: what handing in and correcting share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from quizzes.models import Amendment, Evidence, KeyCorrection, Tally
from quizzes.rekeying import Change, Mark, Standing, remark

Cell = tuple[UUID, str, str, str]  # membership, mode, stage, tactic
Sums = tuple[int, int, int, int]  # signals, hits, noise, false alarms
COLUMNS = ("n_signal", "hits", "n_noise", "false_alarms")
AT_ONCE = 200


def mark_as_given(row: Evidence) -> Mark:
    """The row as it was marked when it was handed in."""
    return Mark(row.kind, row.counts, row.credit, row.critical_error, row.flagged, row.chosen)


def mark_as_amended(row: Evidence, amendment: Amendment) -> Mark:
    """The row as one correction marks it."""
    return Mark(
        amendment.kind,
        amendment.counts,
        amendment.credit,
        amendment.critical_error,
        row.flagged,
        row.chosen,
    )


def standing_of(correction: KeyCorrection) -> Standing:
    """The decision of a correction, for the pure room."""
    return Standing(correction.part, Change(correction.change), correction.option)


def standing_corrections(
    organization_id: UUID, version_ids: Iterable[UUID]
) -> dict[UUID, list[KeyCorrection]]:
    """Item version -> its corrections that were not taken back: one query."""
    found: dict[UUID, list[KeyCorrection]] = defaultdict(list)
    rows: Any = KeyCorrection.objects.in_organization(organization_id).standing()
    for one in rows.filter(item_version_id__in=set(version_ids)).order_by("made_at", "id"):
        found[one.item_version_id].append(one)
    return found


def amend_row(row: Evidence, correction: KeyCorrection, after: Mark) -> Amendment:
    """The amendment, not yet written."""
    return Amendment(
        organization_id=row.organization_id,
        correction_id=correction.id,
        evidence_id=row.id,
        membership_id=row.membership_id,
        kind=after.kind,
        counts=after.counts,
        credit=after.credit,
        critical_error=after.critical_error,
    )


def amend_new(rows: list[Evidence]) -> list[tuple[Evidence, Mark]]:
    """Mark rows that were written just now by what stands; each row with how it counts.

    Call it in the transaction that wrote them, behind the lock of the person: a correction locks
    all people first, so that no row is ever missed between the two.
    """
    if not rows:
        return []
    standing = standing_corrections(rows[0].organization_id, (row.item_version_id for row in rows))
    amendments, marked = [], []
    for row in rows:
        mark = mark_as_given(row)
        for correction in standing.get(row.item_version_id, ()):
            decision = standing_of(correction)
            after = remark(mark, decision) if decision.reaches(row.part) else mark
            if after != mark:
                amendments.append(amend_row(row, correction, after))
                mark = after
                break
        marked.append((row, mark))
    Amendment.objects.bulk_create(amendments, batch_size=AT_ONCE)
    return marked


def sums_of_marks(marked: Iterable[tuple[Evidence, Mark]]) -> dict[Cell, Sums]:
    """Counted trials by person, mode, stage and tactic. A lure counts where its model stands."""
    cells: dict[Cell, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for row, mark in marked:
        if not mark.counts:
            continue
        cell = cells[row.membership_id, row.mode, row.stage, row.tactic]
        place = 0 if mark.kind == "signal" else 2
        cell[place] += 1
        cell[place + 1] += bool(mark.flagged)
    return {key: (a, b, c, d) for key, (a, b, c, d) in cells.items()}


def difference(after: Mapping[Cell, Sums], before: Mapping[Cell, Sums]) -> dict[Cell, Sums]:
    """What must be added to the sums to come from `before` to `after`."""
    moved: dict[Cell, Sums] = {}
    for key in after.keys() | before.keys():
        one, other = after.get(key, (0, 0, 0, 0)), before.get(key, (0, 0, 0, 0))
        if one != other:
            moved[key] = (
                one[0] - other[0],
                one[1] - other[1],
                one[2] - other[2],
                one[3] - other[3],
            )
    return moved


def move_tallies(organization_id: UUID, moved: Mapping[Cell, Sums]) -> None:
    """Add to the kept sums: one query to read, at most two to write for some hundred rows."""
    people = {key[0] for key in moved}
    mine = Tally.objects.in_organization(organization_id)
    rows = {
        (row.membership_id, row.mode, row.stage, row.tactic): row
        for row in mine.filter(membership_id__in=people)
    }
    fresh, changed = [], []
    for key, added in moved.items():
        row = rows.get(key)
        if row is None:
            person, mode, stage, tactic = key
            row = Tally(
                organization_id=organization_id,
                membership_id=person,
                mode=mode,
                stage=stage,
                tactic=tactic,
            )
            fresh.append(row)
        else:
            changed.append(row)
        for column, number in zip(COLUMNS, added, strict=True):
            setattr(row, column, getattr(row, column) + number)
    Tally.objects.bulk_create(fresh, batch_size=AT_ONCE)
    mine.bulk_update(changed, COLUMNS, batch_size=AT_ONCE)
