"""Notes that trainers write beside an answer, and the fact that the learner has read them."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from course.models import (
    AppendOnlyModel,
    AppendOnlyQuerySet,
    Membership,
    TenantForeignKey,
    TenantModel,
    belongs_to,
)
from quizzes.models.attempts import Attempt

COMMENT_LENGTH = 500


def _read() -> Exists:
    return Exists(
        CommentRead.objects.filter(
            organization_id=OuterRef("organization_id"), comment_id=OuterRef("id")
        )
    )


class CommentQuerySet(AppendOnlyQuerySet["Comment"]):
    """Reads of notes. Nothing here changes or removes a row, but for people who are erased."""

    def forget(self, membership: Membership) -> None:
        """Remove the notes to somebody who is erased: what was written to a person may name them.

        The one way out of append-only, for the transaction that erases the person.
        """
        mine = self.of_person(membership)
        key = membership.organization_id
        reads = CommentRead.objects.in_organization(key)
        reads.filter(comment_id__in=mine.values("id")).delete()
        models.QuerySet.delete(mine)

    def of_attempt(self, attempt: Attempt) -> Self:
        """The notes on one attempt with who wrote them, the oldest first: one query."""
        mine = self.filter(organization_id=attempt.organization_id, attempt_id=attempt.id)
        return mine.select_related("author__user").order_by("made_at", "id")

    def unread(self) -> Self:
        """Those that the learner has not marked as read."""
        return self.exclude(_read())

    def with_reading(self) -> Self:
        """Each with `is_read`: whether the learner has marked it."""
        return self.annotate(is_read=_read())


class Comment(AppendOnlyModel):
    """A note of a trainer on one handed-in attempt, for the learner. Append-only.

    Personal data: what somebody was told about their answers. `position` is the case it is about,
    null for the whole attempt. A correction is a new note.
    """

    attempt_id = models.UUIDField()
    attempt = belongs_to(Attempt, "attempt_id", "comments")
    membership_id = models.UUIDField()
    membership = belongs_to(Membership, "membership_id")
    position = models.PositiveSmallIntegerField(null=True, blank=True)
    author_id = models.UUIDField()
    author = belongs_to(Membership, "author_id")
    text = models.CharField(max_length=COMMENT_LENGTH)
    made_at = models.DateTimeField()

    APPEND_ONLY = "A note is never changed and never removed; a correction is a new one."

    objects: ClassVar[Any] = CommentQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(text=""), name="quizzes_comment_not_empty"),
            TenantForeignKey(
                column="attempt_id", table="quizzes_attempt", name="quizzes_comment_attempt_fk"
            ),
            TenantForeignKey(
                column="membership_id",
                table="course_membership",
                name="quizzes_comment_person_fk",
            ),
            TenantForeignKey(
                column="author_id", table="course_membership", name="quizzes_comment_author_fk"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["organization", "attempt_id", "made_at"], name="quizzes_comment_attempt"
            ),
            # "Is there a note for me" is asked on the home page.
            models.Index(fields=["organization", "membership_id"], name="quizzes_comment_person"),
        ]

    def __str__(self) -> str:
        return f"note on case {self.position}" if self.position else "note"


class CommentRead(TenantModel):
    """That the learner has read a note, since when. Personal data: the date."""

    comment_id = models.UUIDField()
    comment = belongs_to(Comment, "comment_id", "reads")
    read_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # Marked twice, or on two devices at once, is one fact.
            models.UniqueConstraint(
                fields=["organization", "comment_id"], name="quizzes_comment_read_once"
            ),
            TenantForeignKey(
                column="comment_id", table="quizzes_comment", name="quizzes_comment_read_fk"
            ),
        ]

    def __str__(self) -> str:
        return f"read {self.read_at:%Y-%m-%d}"
