"""One case shown to a whole room, the answers of phones, and attempts that came on paper."""

from typing import Any, ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q

from course.models import (
    AppendOnlyModel,
    Cohort,
    Membership,
    TenantForeignKey,
    TenantModel,
    belongs_to,
)
from course.models.base import TenantQuerySet
from course.models.fields import DocumentField
from quizzes.models.attempts import Attempt
from quizzes.models.content import ItemVersion, Quiz
from quizzes.models.evidence import KEY_LENGTH


class RoomQuerySet(TenantQuerySet["Room"]):
    """Reads of rooms."""

    def of_cohort(self, cohort: Cohort) -> Any:
        """The rooms of one cohort, the newest first."""
        rows = self.filter(organization_id=cohort.organization_id, cohort_id=cohort.id)
        return rows.order_by("-opened_at")

    def with_code(self, code: str, at: Any) -> Any:
        """The open room that this short code names: phones know nothing else."""
        rows = self.unscoped("the code names the organisation").filter(code=code)
        return rows.filter(closed_at__isnull=True, closes_at__gt=at).order_by("-opened_at")


class Room(TenantModel):
    """One case on the projector of one cohort. No personal data but who opened it.

    `hands` holds the counts of raised hands as they were typed in, by answer. A room closes by
    itself at `closes_at`, so that a forgotten code lets nobody in tomorrow.
    """

    cohort_id = models.UUIDField()
    cohort = belongs_to(Cohort, "cohort_id")
    item_version = models.ForeignKey(ItemVersion, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=12)
    hands = DocumentField(default=dict)
    opened_by_id = models.UUIDField()
    opened_by = belongs_to(Membership, "opened_by_id")
    opened_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    revealed_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = RoomQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["organization", "code"], name="quizzes_room_code_once"),
            TenantForeignKey(
                column="cohort_id", table="course_cohort", name="quizzes_room_cohort_fk"
            ),
            TenantForeignKey(
                column="opened_by_id", table="course_membership", name="quizzes_room_maker_fk"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            # Codes arrive without their organisation.
            models.Index(fields=["code"], name="quizzes_room_code"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_revealed(self) -> bool:
        """Whether what is right is on the wall."""
        return self.revealed_at is not None


class RoomAnswer(TenantModel):
    """One answer of one phone. Not personal data: neither who nor when is kept.

    `ticket` is the keyed hash of a random word in the form, so that one form counts once. The id is
    random and not made of the time, unlike everywhere else.
    """

    id = models.UUIDField(default=uuid4, editable=False)
    room_id = models.UUIDField()
    room = belongs_to(Room, "room_id", "answers")
    ticket = models.CharField(max_length=64)
    choice = models.CharField(max_length=KEY_LENGTH)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["organization", "room_id", "ticket"], name="quizzes_room_answer_once"
            ),
            TenantForeignKey(
                column="room_id", table="quizzes_room", name="quizzes_room_answer_room_fk"
            ),
        ]

    def __str__(self) -> str:
        return self.choice


class PaperSheet(TenantModel):
    """A printed quiz of one cohort, pinned to the texts on it. No personal data but who made it.

    `code` stands on the paper, decides the order of what is shuffled, and finds the sheet again;
    `versions` are the ids of the item versions, in order.
    """

    cohort_id = models.UUIDField()
    cohort = belongs_to(Cohort, "cohort_id")
    quiz = models.ForeignKey(Quiz, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=20)
    versions = DocumentField()
    made_by_id = models.UUIDField()
    made_by = belongs_to(Membership, "made_by_id")
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["organization", "code"], name="quizzes_sheet_code_once"
            ),
            TenantForeignKey(
                column="cohort_id", table="course_cohort", name="quizzes_sheet_cohort_fk"
            ),
            TenantForeignKey(
                column="made_by_id", table="course_membership", name="quizzes_sheet_maker_fk"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["organization", "cohort_id", "-made_at"], name="quizzes_sheet_newest"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class PaperEntry(AppendOnlyModel):
    """That an attempt was answered on paper and typed in by somebody else. Written once.

    Personal data: who typed, for whom. `form` names the printed sheet; a sheet that is typed in
    twice for one person is refused by the constraint.
    """

    APPEND_ONLY = "Who typed an attempt in is never changed and never removed."

    attempt_id = models.UUIDField()
    attempt = belongs_to(Attempt, "attempt_id", "paper")
    membership_id = models.UUIDField()
    membership = belongs_to(Membership, "membership_id")
    form = models.CharField(max_length=20)
    entered_by_id = models.UUIDField()
    entered_by = belongs_to(Membership, "entered_by_id")
    entered_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["organization", "attempt_id"], name="quizzes_paper_attempt_once"
            ),
            models.UniqueConstraint(
                fields=["organization", "membership_id", "form"], name="quizzes_paper_sheet_once"
            ),
            models.CheckConstraint(condition=~Q(form=""), name="quizzes_paper_form"),
            TenantForeignKey(
                column="attempt_id", table="quizzes_attempt", name="quizzes_paper_attempt_fk"
            ),
            TenantForeignKey(
                column="membership_id", table="course_membership", name="quizzes_paper_person_fk"
            ),
            TenantForeignKey(
                column="entered_by_id", table="course_membership", name="quizzes_paper_maker_fk"
            ),
        ]

    def __str__(self) -> str:
        return self.form
