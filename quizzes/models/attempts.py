"""Attempts, the items drawn for them, and every answer that was given."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q

from course.models import (
    AppendOnlyModel,
    AppendOnlyQuerySet,
    Membership,
    TenantForeignKey,
    TenantModel,
    belongs_to,
)
from course.models.base import TenantQuerySet
from course.models.fields import DocumentField
from quizzes.models.content import Item, ItemVersion, Quiz, QuizVersion
from quizzes.schema import SCHEDULED

LANGUAGE_LENGTH = 8
UNKNOWN = ""  # the language of an answer that came without one


class Accommodation(TenantModel):
    """What one person needs in every quiz, set once. Personal data: it may hint at health.

    It says what to do, never why. `extra_time` is in per cent of every time limit; `extra_days` are
    added to every due date.
    """

    membership_id = models.UUIDField()
    membership = belongs_to(Membership, "membership_id")
    extra_time = models.PositiveSmallIntegerField(default=0)
    no_time_limit = models.BooleanField(default=False)
    extra_days = models.PositiveSmallIntegerField(default=0)
    set_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # Set once and applied everywhere: there is one row a person, changed in place.
            models.UniqueConstraint(
                fields=["organization", "membership_id"], name="quizzes_accommodation_once"
            ),
            models.CheckConstraint(
                condition=Q(extra_time__lte=400), name="quizzes_accommodation_time"
            ),
            TenantForeignKey(
                column="membership_id",
                table="course_membership",
                name="quizzes_accommodation_person_fk",
            ),
        ]

    def __str__(self) -> str:
        return "no limit" if self.no_time_limit else f"+{self.extra_time} %"


class AttemptQuerySet(TenantQuerySet["Attempt"]):
    """Reads of attempts."""

    def open(self) -> Self:
        """Those that are not handed in."""
        return self.filter(submitted_at__isnull=True)

    def for_trainers(self) -> Self:
        """Without what the schedule began: how well somebody remembers is theirs alone."""
        return self.exclude(quiz__kind__in=SCHEDULED)

    def for_attempt_page(self) -> Self:
        """With the quiz version it was begun on: one query."""
        return self.select_related("quiz", "quiz_version")


class Attempt(TenantModel):
    """One go of one person at one quiz, on the versions it was begun with.

    Personal data: what somebody did. `number` counts from 1 per person and quiz; `seed` decides
    what is drawn and in which order; `closes_at` is the last instant at which an answer counts,
    with grace and accommodation included, or null when there is no limit.
    """

    membership_id = models.UUIDField()
    membership = belongs_to(Membership, "membership_id")
    quiz = models.ForeignKey(Quiz, on_delete=models.PROTECT, related_name="+")
    quiz_version = models.ForeignKey(QuizVersion, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    seed = models.CharField(max_length=32)
    started_at = models.DateTimeField()
    closes_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = AttemptQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["organization", "membership_id", "quiz", "number"],
                name="quizzes_attempt_number",
            ),
            # Two devices that start at once share one attempt.
            models.UniqueConstraint(
                fields=["organization", "membership_id", "quiz"],
                condition=Q(submitted_at__isnull=True),
                name="quizzes_attempt_open_once",
            ),
            TenantForeignKey(
                column="membership_id",
                table="course_membership",
                name="quizzes_attempt_person_fk",
            ),
        ]

    def __str__(self) -> str:
        return f"attempt {self.number}"


class AttemptItem(TenantModel):
    """An item as drawn for an attempt, in its version. Personal data: what somebody was shown.

    `position` counts from 1. `exposure` is the how-manieth time this person meets the item (any
    version): only the first counts in reports. `later` is the learner's own mark.
    """

    attempt_id = models.UUIDField()
    attempt = belongs_to(Attempt, "attempt_id", "items")
    membership_id = models.UUIDField()
    position = models.PositiveSmallIntegerField()
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    item_version = models.ForeignKey(ItemVersion, on_delete=models.PROTECT, related_name="+")
    exposure = models.PositiveSmallIntegerField()
    later = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["organization", "attempt_id", "position"], name="quizzes_drawn_position"
            ),
            # Nobody answers the same case twice in one go.
            models.UniqueConstraint(
                fields=["organization", "attempt_id", "item"], name="quizzes_drawn_once"
            ),
            TenantForeignKey(
                column="attempt_id", table="quizzes_attempt", name="quizzes_drawn_attempt_fk"
            ),
            TenantForeignKey(
                column="membership_id",
                table="course_membership",
                name="quizzes_drawn_person_fk",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            # "How often has this person met these items" is asked at every start.
            models.Index(
                fields=["organization", "membership_id", "item"], name="quizzes_drawn_exposure"
            ),
        ]

    def __str__(self) -> str:
        return f"item {self.position}"


class ResponseQuerySet(AppendOnlyQuerySet["Response"]):
    """Reads of answers. Nothing here changes or removes a row."""

    def of_attempt(self, attempt: Attempt) -> Self:
        """Every answer of an attempt, the oldest first."""
        rows = self.filter(organization_id=attempt.organization_id, attempt_id=attempt.id)
        return rows.order_by("sequence")


class Response(AppendOnlyModel):
    """One answer to one item, as it was given. Personal data: what somebody thought.

    Append-only: another answer to the same item is another row, and the newest counts until the
    attempt is handed in. `client_key` is made by the browser, so that a repeated sending is the
    same answer. `skipped` marks a penalty-free skip of a heavy item; then `answer` is null.
    `language` is the one in which the item was shown; "" where nobody knows: on paper, or before it
    was kept.
    """

    attempt_id = models.UUIDField()
    attempt = belongs_to(Attempt, "attempt_id", "responses")
    position = models.PositiveSmallIntegerField()
    sequence = models.PositiveIntegerField()
    client_key = models.UUIDField()
    answer = DocumentField(null=True)
    skipped = models.BooleanField(default=False)
    language = models.CharField(max_length=LANGUAGE_LENGTH, blank=True, default=UNKNOWN)
    answered_at = models.DateTimeField()

    APPEND_ONLY = "Answers are never changed and never removed."

    objects: ClassVar[Any] = ResponseQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # A repeated sending finds its first copy.
            models.UniqueConstraint(
                fields=["organization", "attempt_id", "client_key"], name="quizzes_answer_once"
            ),
            models.UniqueConstraint(
                fields=["organization", "attempt_id", "sequence"], name="quizzes_answer_sequence"
            ),
            models.CheckConstraint(
                condition=Q(skipped=True, answer__isnull=True)
                | Q(skipped=False, answer__isnull=False),
                name="quizzes_answer_or_skip",
            ),
            TenantForeignKey(
                column="attempt_id", table="quizzes_attempt", name="quizzes_answer_attempt_fk"
            ),
        ]

    def __str__(self) -> str:
        return f"answer {self.sequence}"


def newest_answers(rows: Any) -> dict[int, Response]:
    """Position -> the answer that counts, from rows in order of `sequence`."""
    return {row.position: row for row in rows}
