"""Corrections of a key: facts beside the evidence, which itself is never changed."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from course.models import (
    AppendOnlyModel,
    AppendOnlyQuerySet,
    Membership,
    TenantForeignKey,
    belongs_to,
)
from quizzes.models.content import ItemVersion
from quizzes.models.evidence import KEY_LENGTH, Evidence

REASON_LENGTH = 300
CHANGES = ("signal", "noise", "accept", "drop")


class CorrectionQuerySet(AppendOnlyQuerySet[Any]):
    """Reads of corrections. Nothing here changes or removes a row."""

    def standing(self) -> Any:
        """Those that were not taken back."""
        return self.filter(undo__isnull=True)


class CorrectionFact(AppendOnlyModel):
    """Base of what is written once about a correction."""

    APPEND_ONLY = "A correction is taken back by another fact, never changed or removed."

    objects: ClassVar[Any] = CorrectionQuerySet.as_manager()

    class Meta:
        abstract = True


class KeyCorrection(CorrectionFact):
    """That an organisation marks one part of one item version differently from the bank.

    Personal data: who decided. `change`: the part should raise a concern ("signal"), is ordinary
    ("noise"), an option is right too ("accept", with `option`), or the part counts for nobody
    ("drop"). `lower`: results may fall. `client_key` is made with the form, so that sending it
    twice is one correction. The bank is shared and stays as it is; authors mend it in a version.
    """

    item_version = models.ForeignKey(ItemVersion, on_delete=models.PROTECT, related_name="+")
    part = models.CharField(max_length=KEY_LENGTH)
    change = models.CharField(max_length=8)
    option = models.CharField(max_length=KEY_LENGTH, blank=True)
    lower = models.BooleanField(default=False)
    reason = models.CharField(max_length=REASON_LENGTH)
    client_key = models.UUIDField()
    made_by_id = models.UUIDField()
    made_by = belongs_to(Membership, "made_by_id")
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["organization", "client_key"], name="quizzes_correction_once"
            ),
            models.CheckConstraint(
                condition=Q(change__in=CHANGES), name="quizzes_correction_change"
            ),
            models.CheckConstraint(
                condition=Q(change="accept", option__gt="") | (~Q(change="accept") & Q(option="")),
                name="quizzes_correction_option",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="quizzes_correction_reason"),
            TenantForeignKey(
                column="made_by_id", table="course_membership", name="quizzes_correction_maker_fk"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            # Handing in asks for the corrections of the items of one attempt.
            models.Index(fields=["organization", "item_version"], name="quizzes_correction_item"),
        ]

    def __str__(self) -> str:
        return f"{self.part} {self.change}"


class CorrectionUndo(CorrectionFact):
    """That a correction was taken back: every number is again what it was. Personal data: who."""

    correction_id = models.UUIDField()
    correction = belongs_to(KeyCorrection, "correction_id", "undo")
    made_by_id = models.UUIDField()
    made_by = belongs_to(Membership, "made_by_id")
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["organization", "correction_id"], name="quizzes_undone_once"
            ),
            TenantForeignKey(
                column="correction_id",
                table="quizzes_keycorrection",
                name="quizzes_undone_correction_fk",
            ),
            TenantForeignKey(
                column="made_by_id", table="course_membership", name="quizzes_undone_maker_fk"
            ),
        ]

    def __str__(self) -> str:
        return f"undone {self.correction_id}"


class Amendment(CorrectionFact):
    """How one row of evidence is marked under one correction. Personal data: what somebody did.

    Written for each row the correction reaches; not for a person whose result would fall unasked.
    At most one standing correction reaches a row. Readers take `Evidence.objects…corrected()`.
    """

    correction_id = models.UUIDField()
    correction = belongs_to(KeyCorrection, "correction_id", "amendments")
    evidence_id = models.UUIDField()
    evidence = belongs_to(Evidence, "evidence_id", "amendments")
    membership_id = models.UUIDField()
    kind = models.CharField(max_length=8)
    counts = models.BooleanField()
    credit = models.FloatField(null=True)
    critical_error = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["organization", "evidence_id", "correction_id"],
                name="quizzes_amendment_once",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["signal", "noise", "decision"]), name="quizzes_amendment_kind"
            ),
            TenantForeignKey(
                column="correction_id",
                table="quizzes_keycorrection",
                name="quizzes_amendment_correction_fk",
            ),
            TenantForeignKey(
                column="evidence_id", table="quizzes_evidence", name="quizzes_amendment_evidence_fk"
            ),
            TenantForeignKey(
                column="membership_id",
                table="course_membership",
                name="quizzes_amendment_person_fk",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["organization", "correction_id"], name="quizzes_amendment_correction"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.credit}"
