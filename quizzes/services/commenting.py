"""Reading one attempt of a learner, writing a note beside an answer, and reading a note."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from course.models import Membership
from course.services import Refused, require_one_organization
from course.services.audit import record_event
from quizzes.models import Attempt, Comment, CommentRead
from quizzes.services.attempting import items_of


def record_reading(*, attempt: Attempt, actor: Membership, at: datetime) -> None:
    """Keep in the record that somebody opened another person's answers. Before they see them."""
    require_one_organization(attempt.organization_id, actor.organization_id)
    with transaction.atomic():
        record_event(
            organization=actor.organization,
            actor=actor,
            action="answers.read",
            subject=f"attempt:{attempt.id}",
            after={"membership": str(attempt.membership_id)},
            at=at,
        )


def add_comment(
    *, attempt: Attempt, position: int | None, author: Membership, text: str, at: datetime
) -> Comment:
    """Write a note on one case of a handed-in attempt, or on the whole of it (`position` None).

    The record keeps that there is a note, not what it says. Raises Refused.
    """
    require_one_organization(attempt.organization_id, author.organization_id)
    if attempt.submitted_at is None:
        raise Refused(_("This attempt is still open. A note can be written once it is handed in."))
    if position is not None and not items_of(attempt).filter(position=position).exists():
        raise Refused(_("This case is not part of the attempt."))
    with transaction.atomic():
        comment = Comment(
            organization_id=attempt.organization_id,
            attempt_id=attempt.id,
            membership_id=attempt.membership_id,
            position=position,
            author_id=author.id,
            text=text,
            made_at=at,
        )
        comment.save(force_insert=True)
        record_event(
            organization=author.organization,
            actor=author,
            action="attempt.note",
            subject=f"attempt:{attempt.id}",
            after={"note": str(comment.id), "case": position},
            at=at,
        )
    return comment


def comments_unread(membership: Membership) -> list[Comment]:
    """The notes this person has not marked as read, the newest first: one query."""
    return list(Comment.objects.of_person(membership).unread().order_by("-made_at", "-id"))


def mark_comments_read(*, attempt: Attempt, at: datetime) -> int:
    """The learner has read every note on this attempt. Again: nothing happens. How many were new.

    The caller has made sure that it is the learner who says so.
    """
    unread = Comment.objects.of_attempt(attempt).unread()
    facts = [
        CommentRead(organization_id=attempt.organization_id, comment_id=one.id, read_at=at)
        for one in unread
    ]
    CommentRead.objects.bulk_create(facts, ignore_conflicts=True)
    return len(facts)
