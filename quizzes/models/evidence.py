"""What answers prove: one row per scored segment or decision, and the sums kept beside them."""

from typing import Any, ClassVar, Self

from django.apps import apps
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce

from course.models import (
    AppendOnlyModel,
    AppendOnlyQuerySet,
    Membership,
    TenantForeignKey,
    TenantModel,
    belongs_to,
)
from quizzes.models.attempts import Attempt
from quizzes.models.content import WORD_LENGTH, ItemVersion

KEY_LENGTH = 80


class EvidenceQuerySet(AppendOnlyQuerySet["Evidence"]):
    """Reads of evidence. Nothing here changes or removes a row."""

    def counted(self) -> Self:
        """Trials that enter hits and false alarms (measurement design 1.1)."""
        return self.filter(counts=True)

    def corrected(self) -> Self:
        """With `marked_kind`, `marked_counts`, `marked_credit` and `marked_critical`.

        They are the row as it is marked now: by the standing correction of its key, where there is
        one, else as it was. What a correction dropped is a decision without credit that counts for
        nothing. Read these wherever a number is shown, never the bare columns.
        """
        model = apps.get_model("quizzes", "Amendment")
        undo = apps.get_model("quizzes", "CorrectionUndo")
        undone = undo.objects.filter(
            organization_id=OuterRef("organization_id"), correction_id=OuterRef("correction_id")
        )
        rows = model.objects.filter(
            organization_id=OuterRef("organization_id"), evidence_id=OuterRef("id")
        ).exclude(Exists(undone))
        return self.annotate(
            marked_kind=Coalesce(Subquery(rows.values("kind")[:1]), F("kind")),
            marked_counts=Coalesce(Subquery(rows.values("counts")[:1]), F("counts")),
            marked_critical=Coalesce(
                Subquery(rows.values("critical_error")[:1]), F("critical_error")
            ),
            # The credit of an amended row may be null on purpose.
            marked_credit=Case(
                When(Exists(rows), then=Subquery(rows.values("credit")[:1])), default=F("credit")
            ),
        )

    def counted_now(self) -> Self:
        """Trials that enter hits and false alarms, as they are marked now."""
        return self.corrected().filter(marked_counts=True)


class Evidence(AppendOnlyModel):
    """One scored segment, case or decision of a handed-in attempt. Personal data.

    `kind` is signal, noise or decision; a lure carries the stage and tactic it imitates. `flagged`
    is null without an answer. `confidence` (0..1) is the learner's own and shown to nobody else.
    `counts` is true for first exposures, answered, in a quiz that counts.
    """

    membership_id = models.UUIDField()
    membership = belongs_to(Membership, "membership_id")
    attempt_id = models.UUIDField()
    attempt = belongs_to(Attempt, "attempt_id", "evidence")
    item_version = models.ForeignKey(ItemVersion, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    part = models.CharField(max_length=KEY_LENGTH)
    mode = models.CharField(max_length=WORD_LENGTH)  # the kind of the quiz
    kind = models.CharField(max_length=8)
    stage = models.CharField(max_length=WORD_LENGTH, blank=True)
    tactic = models.CharField(max_length=WORD_LENGTH, blank=True)
    indicator = models.CharField(max_length=WORD_LENGTH, blank=True)
    confounder = models.CharField(max_length=WORD_LENGTH, blank=True)
    lure = models.CharField(max_length=WORD_LENGTH, blank=True)
    flagged = models.BooleanField(null=True)
    chosen = models.CharField(max_length=KEY_LENGTH, blank=True)
    credit = models.FloatField(null=True)
    critical_error = models.BooleanField(default=False)
    confidence = models.FloatField(null=True)
    exposure = models.PositiveSmallIntegerField()
    counts = models.BooleanField()
    at = models.DateTimeField()

    APPEND_ONLY = "Evidence is never changed and never removed."

    objects: ClassVar[Any] = EvidenceQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # Handing in twice cannot count an answer twice.
            models.UniqueConstraint(
                fields=["organization", "attempt_id", "position", "part"],
                name="quizzes_evidence_once",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["signal", "noise", "decision"]), name="quizzes_evidence_kind"
            ),
            TenantForeignKey(
                column="attempt_id", table="quizzes_attempt", name="quizzes_evidence_attempt_fk"
            ),
            TenantForeignKey(
                column="membership_id",
                table="course_membership",
                name="quizzes_evidence_person_fk",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            # The mastery map reads the newest trials of one person.
            models.Index(
                fields=["organization", "membership_id", "-at"], name="quizzes_evidence_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.part}"


class Tally(TenantModel):
    """Sums of counted trials of one person by mode, stage and tactic. Personal data.

    Kept in the transaction that adds the evidence; `manage.py rebuild_rollups --check` recomputes
    them from the facts and must find no difference.
    """

    membership_id = models.UUIDField()
    membership = belongs_to(Membership, "membership_id")
    mode = models.CharField(max_length=WORD_LENGTH)
    stage = models.CharField(max_length=WORD_LENGTH, blank=True)
    tactic = models.CharField(max_length=WORD_LENGTH, blank=True)
    n_signal = models.PositiveIntegerField(default=0)
    hits = models.PositiveIntegerField(default=0)
    n_noise = models.PositiveIntegerField(default=0)
    false_alarms = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["organization", "membership_id", "mode", "stage", "tactic"],
                name="quizzes_tally_once",
            ),
            models.CheckConstraint(
                condition=Q(hits__lte=F("n_signal")) & Q(false_alarms__lte=F("n_noise")),
                name="quizzes_tally_within",
            ),
            TenantForeignKey(
                column="membership_id", table="course_membership", name="quizzes_tally_person_fk"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stage} {self.tactic}"
