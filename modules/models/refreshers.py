"""What keeps the skill alive: cards, their reviews, and check-ups some time after the course."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from course.models import Membership, TenantForeignKey, TenantModel, belongs_to
from modules.models.programme import FactModel
from quizzes.models.content import WORD_LENGTH

CARD_KINDS = ["signal", "noise"]
CHECK_UP_DAYS = [30, 90, 180]


class ReviewCard(TenantModel):
    """Where one person stands with one card: a tactic, and its signs or its look-alikes.

    Personal data. Derived: the last `Review` of the card holds the same numbers, and
    `modules.services.reviewing.rebuild_cards` makes the row again. A card that was never
    reviewed has no row; it is due from the day its module's completion says.
    """

    membership_id = models.UUIDField()
    membership = belongs_to(Membership, "membership_id")
    tactic = models.CharField(max_length=WORD_LENGTH)
    kind = models.CharField(max_length=8)
    reviews = models.PositiveIntegerField()
    last_at = models.DateTimeField()
    due_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["organization", "membership_id", "tactic", "kind"],
                name="modules_card_once",
            ),
            models.CheckConstraint(condition=Q(kind__in=CARD_KINDS), name="modules_card_kind"),
            models.CheckConstraint(condition=Q(reviews__gte=1), name="modules_card_reviewed"),
            TenantForeignKey(
                column="membership_id", table="course_membership", name="modules_card_person_fk"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tactic} {self.kind}"


class Review(FactModel):
    """That a card came up and how it went. Personal data: how well somebody remembers.

    `due_at` is what the schedule said then: production spreads due dates by chance, so it cannot be
    computed again. The confidence that the rating rests on stays with the answer.
    """

    tactic = models.CharField(max_length=WORD_LENGTH)
    kind = models.CharField(max_length=8)
    attempt_id = models.UUIDField()
    attempt = belongs_to("quizzes.Attempt", "attempt_id")
    position = models.PositiveSmallIntegerField()
    rating = models.CharField(max_length=8)
    credit = models.FloatField()
    at = models.DateTimeField()
    due_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # Told twice that an attempt was handed in, the schedule moves once.
            models.UniqueConstraint(
                fields=["organization", "attempt_id", "position"], name="modules_review_once"
            ),
            models.CheckConstraint(condition=Q(kind__in=CARD_KINDS), name="modules_review_kind"),
            models.CheckConstraint(
                condition=Q(rating__in=["again", "hard", "good"]), name="modules_review_rating"
            ),
            TenantForeignKey(
                column="membership_id", table="course_membership", name="modules_review_person_fk"
            ),
            TenantForeignKey(
                column="attempt_id", table="quizzes_attempt", name="modules_review_attempt_fk"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            # A card is scheduled by its whole history.
            models.Index(
                fields=["organization", "membership_id", "tactic", "kind", "at"],
                name="modules_review_history",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tactic} {self.kind} {self.rating}"


class CheckUp(FactModel):
    """That a person began the check-up of some day after the course. Personal data.

    `base_at` is the instant the days are counted from, as it was then. The answers are those of the
    attempt; whether it was handed in, the attempt says.
    """

    cycle = models.PositiveSmallIntegerField()
    days = models.PositiveSmallIntegerField()
    base_at = models.DateTimeField()
    attempt_id = models.UUIDField()
    attempt = belongs_to("quizzes.Attempt", "attempt_id")
    begun_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["organization", "membership_id", "cycle", "days"],
                name="modules_check_up_once",
            ),
            # One attempt is one check-up.
            models.UniqueConstraint(
                fields=["organization", "attempt_id"], name="modules_check_up_attempt"
            ),
            models.CheckConstraint(
                condition=Q(days__in=CHECK_UP_DAYS), name="modules_check_up_day"
            ),
            TenantForeignKey(
                column="membership_id",
                table="course_membership",
                name="modules_check_up_person_fk",
            ),
            TenantForeignKey(
                column="attempt_id", table="quizzes_attempt", name="modules_check_up_attempt_fk"
            ),
        ]

    def __str__(self) -> str:
        return f"after {self.days} days"
