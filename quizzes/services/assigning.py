"""Asking cohorts and people to do something, asking otherwise, taking it back, letting one off.

Whoever asks has been shown before whom it reaches (quizzes/asking.py). A cohort is one row, however
many people are in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from course.models import Cohort, CohortMember, Membership
from course.roles import Role
from course.services import Refused, require_one_organization
from course.services.audit import lock_organization, record_event
from quizzes.models import Assignment, AssignmentException, Late, Target
from quizzes.models.assignments import MESSAGE_LENGTH

MOST_ATTEMPTS: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What is asked, the same for everybody it is given to."""

    target: Target
    key: str = ""  # blank for the course
    opens_at: datetime | None = None
    due_at: datetime | None = None
    attempts: int | None = None
    late: Late = Late.ACCEPT
    message: str = ""

    @classmethod
    def of(cls, row: Assignment) -> Ask:
        """What an assignment asks."""
        return cls(
            target=Target(row.target_kind),
            key=row.target_key,
            opens_at=row.opens_at,
            due_at=row.due_at,
            attempts=row.attempts,
            late=Late(row.late),
            message=row.message,
        )

    @property
    def columns(self) -> dict[str, Any]:
        """As it is kept."""
        return {
            "target_kind": self.target.value,
            "target_key": self.key,
            "opens_at": self.opens_at,
            "due_at": self.due_at,
            "attempts": self.attempts,
            "late": self.late.value,
            "message": self.message,
        }

    @property
    def noted(self) -> dict[str, Any]:
        """For the record of changes: never the message, which people wrote to people."""
        noted = {**self.columns, "message": bool(self.message)}
        for name in ("opens_at", "due_at"):
            noted[name] = noted[name].isoformat() if noted[name] else None
        return noted


def check_ask(ask: Ask, *, at: datetime) -> None:
    """Raise Refused when the rule contradicts itself or could never be kept."""
    if ask.due_at is not None and ask.due_at <= at:
        raise Refused(_("This day is over. Choose a later one."), field="due")
    if ask.opens_at and ask.due_at and ask.opens_at >= ask.due_at:
        raise Refused(_("It must open before it is due."), field="opens")
    if ask.attempts is not None and not 1 <= ask.attempts <= MOST_ATTEMPTS:
        raise Refused(_("Choose how often from the list."), field="attempts")
    if len(ask.message) > MESSAGE_LENGTH:
        raise Refused(_("This message is too long."), field="message")
    if ask.late == Late.CLOSE and ask.due_at is None:
        raise Refused(_("Without a date nothing can close. Choose a date."), field="due")
    if ask.target != Target.QUIZ and (ask.late == Late.CLOSE or ask.attempts is not None):
        raise Refused(_("Lessons stay open. Only a quiz can close or be counted."), field="late")


def assign(
    *,
    ask: Ask,
    cohorts: Sequence[Cohort] = (),
    people: Sequence[Membership] = (),
    actor: Membership,
    at: datetime,
) -> list[Assignment]:
    """Ask cohorts and people to do one thing. Asking the same again changes nothing.

    One row for a cohort of any size; for people by name rows are written in batches. Returns the
    new rows. Raises Refused.
    """
    require_one_organization(actor.organization_id, *{one.organization_id for one in cohorts})
    require_one_organization(actor.organization_id, *{one.organization_id for one in people})
    check_ask(ask, at=at)
    with transaction.atomic():
        lock_organization(actor.organization)
        standing = Assignment.objects.in_organization(actor.organization_id).standing(at)
        same = standing.filter(**ask.columns).values_list("cohort_id", "membership_id")
        known = set(same)
        whom = [(one.id, None) for one in cohorts] + [(None, one.id) for one in people]
        made = [
            _row(ask, cohort_id=cohort_id, membership_id=person_id, actor=actor, at=at)
            for cohort_id, person_id in dict.fromkeys(whom)
            if (cohort_id, person_id) not in known
        ]
        Assignment.objects.bulk_create(made, batch_size=500)
        if made:
            record_event(
                organization=actor.organization,
                actor=actor,
                action="assignment.create",
                subject=_subject(made[0]),
                after={**ask.noted, **_counts(made)},
                at=at,
            )
    return made


def _row(ask: Ask, *, actor: Membership, at: datetime, **more: Any) -> Assignment:
    return Assignment(
        organization_id=actor.organization_id,
        assigned_by_id=actor.id,
        assigned_at=at,
        **ask.columns,
        **more,
    )


def _subject(row: Assignment) -> str:
    return f"assignment:{row.id}"


def _counts(rows: Iterable[Assignment]) -> dict[str, int]:
    named = [row.membership_id is not None for row in rows]
    return {"cohorts": named.count(False), "people": named.count(True)}


def reschedule(*, assignment: Assignment, ask: Ask, actor: Membership, at: datetime) -> Assignment:
    """Ask otherwise from now on: a new row in place of the old one, with its exceptions.

    What is asked for stays the same. Raises Refused.
    """
    require_one_organization(assignment.organization_id, actor.organization_id)
    ask = replace(ask, target=Target(assignment.target_kind), key=assignment.target_key)
    if ask == Ask.of(assignment):
        return assignment
    check_ask(ask, at=at)
    with transaction.atomic():
        old = _take_back(assignment, actor, at)
        new = _row(
            ask,
            cohort_id=old.cohort_id,
            membership_id=old.membership_id,
            replaces_id=old.id,
            actor=actor,
            at=at,
        )
        new.save(force_insert=True)
        AssignmentException.objects.bulk_create(_carried(old, new), batch_size=500)
        record_event(
            organization=actor.organization,
            actor=actor,
            action="assignment.reschedule",
            subject=_subject(new),
            before={**Ask.of(old).noted, "assignment": str(old.id)},
            after=ask.noted,
            at=at,
        )
    return new


def _carried(old: Assignment, new: Assignment) -> list[AssignmentException]:
    """The exceptions that count in the old row, for the new one: who gave them and when stays."""
    newest = newest_exceptions(old)
    return [
        AssignmentException(
            organization_id=row.organization_id,
            assignment_id=new.id,
            membership_id=row.membership_id,
            due_at=row.due_at,
            attempts=row.attempts,
            excused=row.excused,
            set_by_id=row.set_by_id,
            set_at=row.set_at,
        )
        for row in newest.values()
    ]


def newest_exceptions(assignment: Assignment) -> dict[Any, AssignmentException]:
    """Membership id -> the exception that counts: one query."""
    rows = AssignmentException.objects.in_organization(assignment.organization_id)
    mine = rows.filter(assignment_id=assignment.id).order_by("set_at", "id")
    return {row.membership_id: row for row in mine}


def withdraw(*, assignment: Assignment, actor: Membership, at: datetime) -> None:
    """Take an assignment back. What people did stays. Raises Refused when it is gone already."""
    require_one_organization(assignment.organization_id, actor.organization_id)
    with transaction.atomic():
        old = _take_back(assignment, actor, at)
        record_event(
            organization=actor.organization,
            actor=actor,
            action="assignment.withdraw",
            subject=_subject(old),
            before=Ask.of(old).noted,
            at=at,
        )


def _take_back(assignment: Assignment, actor: Membership, at: datetime) -> Assignment:
    lock_organization(actor.organization)
    standing = Assignment.objects.in_organization(assignment.organization_id).standing(at)
    old: Assignment | None = standing.filter(id=assignment.id).first()
    if old is None:
        raise Refused(_("This was taken back or changed meanwhile. Look at the list again."))
    old.withdrawn_at = at
    old.save(update_fields=["withdrawn_at"])
    return old


def set_exception(
    *,
    assignment: Assignment,
    membership: Membership,
    due_at: datetime | None = None,
    attempts: int | None = None,
    excused: bool = False,
    actor: Membership,
    at: datetime,
) -> AssignmentException:
    """Give one person an own rule; the newest counts. It only ever gives more. Raises Refused."""
    require_one_organization(
        assignment.organization_id, membership.organization_id, actor.organization_id
    )
    if assignment.due_at and due_at and due_at < assignment.due_at:
        raise Refused(_("This is earlier than for everybody. Choose a later day."), field="due")
    if attempts is not None and not (assignment.attempts or 1) <= attempts <= MOST_ATTEMPTS:
        raise Refused(_("This is less often than for everybody."), field="attempts")
    with transaction.atomic():
        lock_organization(actor.organization)
        if not reaches(assignment, membership):
            raise Refused(_("This person is not asked to do this."))
        row = AssignmentException(
            organization_id=assignment.organization_id,
            assignment_id=assignment.id,
            membership_id=membership.id,
            due_at=due_at,
            attempts=attempts,
            excused=excused,
            set_by_id=actor.id,
            set_at=at,
        )
        row.save(force_insert=True)
        record_event(
            organization=actor.organization,
            actor=actor,
            action="assignment.exception",
            subject=_subject(assignment),
            after={
                "membership": str(membership.id),
                "due_at": due_at.isoformat() if due_at else None,
                "attempts": attempts,
                "excused": excused,
            },
            at=at,
        )
    return row


def reaches(assignment: Assignment, membership: Membership) -> bool:
    """Whether an assignment is this person's today: by name, or as a learner of its cohort."""
    if assignment.membership_id is not None:
        return bool(assignment.membership_id == membership.id)
    if membership.role != Role.LEARNER or assignment.cohort_id is None:
        return False
    places = CohortMember.objects.in_organization(assignment.organization_id)
    mine = places.filter(cohort_id=assignment.cohort_id, membership_id=membership.id)
    return bool(mine.exists())
