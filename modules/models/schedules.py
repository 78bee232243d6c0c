"""Reports that are sent again and again: who set them up, who gets them, and each mail."""

from datetime import date, datetime
from typing import Any, ClassVar, Final, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from course.models import Membership, TenantForeignKey, TenantModel, belongs_to
from course.models.base import TenantQuerySet
from course.roles import Role
from modules.models.notices import ERROR_LENGTH, Mail
from modules.rhythm import LAST_DAY, LATEST_DAY, Often, Rhythm

NAME_LENGTH: Final = 80
QUERY_LENGTH: Final = 400


class ReportScheduleQuerySet(TenantQuerySet["ReportSchedule"]):
    """Reads of schedules."""

    def visible_to(self, viewer: Any) -> Self:
        """Administrators see all of their organisation, trainers their own."""
        rows = super().visible_to(viewer)
        if viewer.role == Role.ADMINISTRATOR:
            return rows
        return rows.filter(owner_id=viewer.membership_id)

    def for_list_page(self) -> Self:
        """With owner and recipients, the running ones first, then the newest: two queries."""
        rows = self.select_related("owner__user").prefetch_related("recipients__membership__user")
        return rows.order_by(models.F("stopped_at").asc(nulls_first=True), "-made_at", "-id")

    def going(self) -> Self:
        """Neither paused nor stopped."""
        return self.filter(paused_at__isnull=True, stopped_at__isnull=True)


class ReportSchedule(TenantModel):
    """A report that somebody wants again and again. Personal data: who set it up.

    `query` is the question as the report's own address has it, without a day. `changed_at` is when
    it was made, changed or went on after a pause: nothing older is caught up with. Stopped for
    good by `stopped_at`; nothing is removed, so the record can be read with it.
    """

    owner_id = models.UUIDField()
    owner = belongs_to(Membership, "owner_id")
    name = models.CharField(max_length=NAME_LENGTH)
    query = models.CharField(max_length=QUERY_LENGTH, blank=True)
    often = models.CharField(max_length=10)
    weekday = models.PositiveSmallIntegerField(default=0)  # 0 is Monday
    day = models.PositiveSmallIntegerField(default=1)  # of the month; 0 is the last
    hour = models.PositiveSmallIntegerField(default=8)
    until = models.DateField(null=True, blank=True)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = ReportScheduleQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(often__in=[one.value for one in Often]), name="modules_schedule_often"
            ),
            models.CheckConstraint(
                condition=Q(weekday__lte=6) & Q(day__lte=LATEST_DAY) & Q(hour__lte=23),
                name="modules_schedule_time",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="modules_schedule_named"),
            TenantForeignKey(
                column="owner_id", table="course_membership", name="modules_schedule_owner_fk"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            # Each run of the sender asks for those that run.
            models.Index(fields=["organization", "stopped_at"], name="modules_schedule_running"),
            models.Index(fields=["organization", "owner_id"], name="modules_schedule_owner"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def rhythm(self) -> Rhythm:
        """When it comes, on the clocks of this site."""
        return Rhythm(
            often=Often(self.often),
            weekday=self.weekday,
            day=self.day,
            hour=self.hour,
            zone=settings.KENALI_TIME_ZONE,
        )

    @property
    def is_last_day(self) -> bool:
        """Whether it comes at the end of the month or quarter."""
        return self.day == LAST_DAY

    def is_over(self, today: date) -> bool:
        """Whether its last day has passed."""
        return self.until is not None and self.until < today


class ReportRecipient(TenantModel):
    """That a colleague gets a report. Personal data: the link.

    Never an address: the person's own is read when the mail goes, and only if they may still see
    the report. `stopped_at`: the person pressed the button of the mail; only they can undo that.
    """

    schedule_id = models.UUIDField()
    schedule = belongs_to(ReportSchedule, "schedule_id", "recipients")
    membership_id = models.UUIDField()
    membership = belongs_to(Membership, "membership_id")
    added_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["organization", "schedule_id", "membership_id"],
                name="modules_report_recipient_once",
            ),
            TenantForeignKey(
                column="schedule_id",
                table="modules_reportschedule",
                name="modules_recipient_schedule_fk",
            ),
            TenantForeignKey(
                column="membership_id",
                table="course_membership",
                name="modules_recipient_person_fk",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            # What is forgotten with an erased person.
            models.Index(
                fields=["organization", "membership_id"], name="modules_report_recipient_who"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.schedule_id}/{self.membership_id}"


class ReportSendingQuerySet(TenantQuerySet["ReportSending"]):
    """Reads of the mails of reports."""

    def to_send(self, at: datetime) -> Self:
        """Those whose time has come and that no sender holds, the oldest first.

        Never a test: whoever pressed its button was told how it went, or saw that it broke off.
        """
        free = Q(leased_until__isnull=True) | Q(leased_until__lte=at)
        rows = self.filter(free, mail=Mail.WAITING.value, send_after__lte=at, is_test=False)
        return rows.order_by("send_after", "id")


class ReportSending(TenantModel):
    """One mail of one report to one person: its own outbox row (decision 0019).

    Personal data: that somebody was sent a report. Rows are added and never planned twice; only how
    far the mail is changes, and only by the holder of the lease. `due` is the moment of the rhythm;
    a test has `is_test`. Kept half a year, as notices are.
    """

    schedule_id = models.UUIDField()
    schedule = belongs_to(ReportSchedule, "schedule_id", "sendings")
    membership_id = models.UUIDField()
    membership = belongs_to(Membership, "membership_id")
    due = models.DateTimeField()
    is_test = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    mail = models.CharField(max_length=8, default=Mail.WAITING.value)
    send_after = models.DateTimeField()
    lease = models.UUIDField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=ERROR_LENGTH, blank=True)

    objects: ClassVar[Any] = ReportSendingQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # Two machines that plan at the same moment make one mail.
            models.UniqueConstraint(
                fields=["organization", "schedule_id", "membership_id", "due", "is_test"],
                name="modules_sending_once",
            ),
            models.CheckConstraint(
                condition=Q(mail__in=[one.value for one in Mail]), name="modules_sending_mail"
            ),
            TenantForeignKey(
                column="schedule_id",
                table="modules_reportschedule",
                name="modules_sending_schedule_fk",
            ),
            TenantForeignKey(
                column="membership_id", table="course_membership", name="modules_sending_person_fk"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["organization", "mail", "send_after"], name="modules_sending_outbox"
            ),
            models.Index(fields=["organization", "membership_id"], name="modules_sending_who"),
            models.Index(fields=["organization", "made_at"], name="modules_sending_age"),
        ]

    def __str__(self) -> str:
        return f"{self.due:%Y-%m-%d} {self.mail}"
