"""What the site tells a person in the app, and, if they asked for it, by e-mail; and their wishes.

A notice is its own outbox row: the words in the app and the state of the mail stand side by side,
so a mail that cannot leave never takes the notice with it.
"""

from datetime import datetime, time
from enum import StrEnum
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q

from course.models import Membership, TenantForeignKey, TenantModel, belongs_to
from course.models.base import TenantQuerySet
from course.models.fields import DocumentField
from modules.quiet import DEFAULT_ZONE, QuietHours

DEDUPE_LENGTH = 160
ERROR_LENGTH = 60
ZONE_LENGTH = 40
QUIET_FROM = time(21, 0)
QUIET_TO = time(8, 0)


class NoticeKind(StrEnum):
    """What a notice is about."""

    DUE_SOON = "due_soon"
    DUE_TODAY = "due_today"
    OVERDUE = "overdue"  # for trainers: people of their cohorts are past a date
    CERTIFICATE = "certificate"  # runs out soon
    REFRESHER = "refresher"  # something is ready to be looked at again


class Mail(StrEnum):
    """How far the e-mail of a notice is. `none`: nobody asked for one, or it is no longer true."""

    NONE = "none"
    WAITING = "waiting"
    SENT = "sent"
    DEAD = "dead"


class NoticeQuerySet(TenantQuerySet["Notice"]):
    """Reads of notices."""

    def open(self) -> Self:
        """What is still true and not yet seen, the newest first."""
        rows = self.filter(seen_at__isnull=True, closed_at__isnull=True)
        return rows.order_by("-made_at", "-id")

    def leased(self, at: datetime) -> Self:
        """Those a sender is working on."""
        return self.filter(mail=Mail.WAITING.value, leased_until__gt=at)

    def to_send(self, at: datetime) -> Self:
        """Mails whose time has come, of people to whom nobody is sending, the oldest first."""
        free = Q(leased_until__isnull=True) | Q(leased_until__lte=at)
        rows = self.filter(free, mail=Mail.WAITING.value, send_after__lte=at)
        return rows.order_by("send_after", "id")

    def locked(self) -> list[Any]:
        """The ids, locked in one order for everybody, so that two writers never wait in a ring."""
        rows = self.order_by("id").select_for_update()
        return list(rows.values_list("id", flat=True))


class Notice(TenantModel):
    """One thing a person is told once. Personal data: that something was due for somebody.

    `dedupe` says what it is about and for whom, so two machines that plan at once make one row.
    `facts` holds ids, dates and counts, never names or answers. `closed_at`: it stopped being true
    before it was seen. A mail is leased by `lease` until `leased_until`, and only the holder of the
    lease may say how it ended. `last_error` is a class and a code, never a server's sentence, which
    would repeat the address. Rows are removed after half a year.
    """

    membership_id = models.UUIDField()
    membership = belongs_to(Membership, "membership_id")
    kind = models.CharField(max_length=12)
    dedupe = models.CharField(max_length=DEDUPE_LENGTH)
    facts = DocumentField(default=dict)
    made_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    mail = models.CharField(max_length=8, default=Mail.NONE.value)
    send_after = models.DateTimeField(null=True, blank=True)
    lease = models.UUIDField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=ERROR_LENGTH, blank=True)

    objects: ClassVar[Any] = NoticeQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # Two machines that plan at the same moment make one notice.
            models.UniqueConstraint(fields=["organization", "dedupe"], name="modules_notice_once"),
            models.CheckConstraint(
                condition=Q(kind__in=[one.value for one in NoticeKind]), name="modules_notice_kind"
            ),
            models.CheckConstraint(
                condition=Q(mail__in=[one.value for one in Mail]), name="modules_notice_mail"
            ),
            # What waits must have a time, or it would wait for ever without anybody seeing it.
            models.CheckConstraint(
                condition=~Q(mail=Mail.WAITING.value) | Q(send_after__isnull=False),
                name="modules_notice_waits",
            ),
            TenantForeignKey(
                column="membership_id", table="course_membership", name="modules_notice_person_fk"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["organization", "mail", "send_after"], name="modules_notice_outbox"
            ),
            models.Index(
                fields=["organization", "membership_id", "-made_at"], name="modules_notice_who"
            ),
            # What is half a year old is looked for at each run.
            models.Index(fields=["organization", "made_at"], name="modules_notice_age"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.made_at:%Y-%m-%d}"


class NoticePreference(TenantModel):
    """How a person wants to be reminded. Without a row: in the app, and no e-mail at all.

    Personal data: the hours somebody does not want to be disturbed. `paused_until` keeps new
    notices of any kind away up to that day.
    """

    membership_id = models.UUIDField()
    membership = belongs_to(Membership, "membership_id")
    mail = models.BooleanField(default=False)  # nothing is sent unless somebody asks for it
    quiet_from = models.TimeField(default=QUIET_FROM)
    quiet_to = models.TimeField(default=QUIET_TO)
    zone = models.CharField(max_length=ZONE_LENGTH, default=DEFAULT_ZONE)
    paused_until = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["organization", "membership_id"], name="modules_preference_once"
            ),
            TenantForeignKey(
                column="membership_id",
                table="course_membership",
                name="modules_preference_person_fk",
            ),
        ]

    def __str__(self) -> str:
        return "mail" if self.mail else "no mail"

    @property
    def quiet(self) -> QuietHours:
        """The hours in which no mail goes out."""
        return QuietHours(start=self.quiet_from, end=self.quiet_to, zone=self.zone)
