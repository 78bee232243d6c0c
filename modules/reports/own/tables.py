"""Which tables hold something about a person, by which columns, and what is held back and why.

One line for each table, on all three floors. Tables that are about nobody stand in ABOUT_NOBODY,
with the reason. A test fails for a table that stands in neither, for a column that points to a
person (or to something of a person) and is in neither `by` nor ELSEWHERE, and for a column that
points to a cohort and is in neither WITH_COHORTS nor GROUP_ONLY: a new table cannot be forgotten.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from course.models import (
    CohortMember,
    CohortStay,
    Invitation,
    Membership,
    PeopleImport,
    Placement,
)
from modules.models import (
    ApiToken,
    CalendarFeed,
    Certificate,
    CheckUp,
    Completion,
    Cycle,
    HolderName,
    LessonCompletion,
    LessonPlace,
    Notice,
    NoticePreference,
    ReportRecipient,
    ReportSchedule,
    ReportSending,
    ReportView,
    Review,
    ReviewCard,
    Revocation,
)
from quizzes.models import (
    Accommodation,
    Amendment,
    Assignment,
    AssignmentException,
    Attempt,
    AttemptItem,
    Comment,
    CommentRead,
    CorrectionUndo,
    Evidence,
    ExtraDays,
    KeyCorrection,
    PaperEntry,
    PaperSheet,
    Response,
    Room,
    Tally,
)

HASHED: Final = "a secret, kept as a hash only; whoever holds it could act as you"
OTHERS: Final = "may say something about other people"
WORKINGS: Final = "only for the machine; says nothing about you"


@dataclass(frozen=True)
class Own:
    """One table. `by`: the columns that may hold the person's place; one of them must.

    `without`: column -> why it is left out.
    """

    model: Any
    title: str | Promise
    by: tuple[str, ...] = ("membership_id",)
    without: Mapping[str, str] = field(default_factory=dict)
    key: str = ""

    @property
    def name(self) -> str:
        """The name of the table in the files."""
        return self.key or self.model._meta.model_name


OWN: Final[tuple[Own, ...]] = (
    # The place.
    Own(Membership, _("My place"), by=("id",), without={"user_id": WORKINGS}),
    Own(CohortMember, _("My cohorts")),
    Own(Placement, _("How my place was, over time")),
    Own(CohortStay, _("My cohorts, over time")),
    # Learning.
    Own(LessonPlace, _("How far I am in each lesson")),
    Own(LessonCompletion, _("Lessons I finished")),
    Own(Cycle, _("Rounds I began")),
    Own(Completion, _("What I completed")),
    Own(Certificate, _("My certificates")),
    Own(HolderName, _("Names on my certificates"), by=("certificate__membership_id",)),
    Own(Revocation, _("My certificates that were withdrawn or replaced")),
    Own(ReviewCard, _("When each tactic comes back")),
    Own(Review, _("Refreshers I did")),
    Own(CheckUp, _("Checks after the course")),
    # Answering.
    Own(Attempt, _("Quizzes I took"), without={"seed": WORKINGS}),
    Own(AttemptItem, _("Cases I was shown")),
    Own(Response, _("My answers, and how sure I was"), by=("attempt__membership_id",)),
    Own(Evidence, _("What my answers count for")),
    Own(Amendment, _("Results that changed after a correction")),
    Own(Tally, _("My sums by tactic")),
    Own(Comment, _("Notes trainers wrote to me")),
    Own(CommentRead, _("When I read them"), by=("comment__membership_id",)),
    Own(PaperEntry, _("Answers typed in from my paper")),
    # What I am asked to do, and what I asked for.
    Own(Assignment, _("What I was asked to do, by name")),
    Own(AssignmentException, _("Exceptions made for me")),
    Own(Accommodation, _("What I need in quizzes")),
    Own(ExtraDays, _("More days I had, over time")),
    Own(Notice, _("Reminders"), without=dict.fromkeys(("lease", "leased_until"), WORKINGS)),
    Own(NoticePreference, _("How I want to be reminded")),
    Own(CalendarFeed, _("My calendar address"), without={"code_hash": HASHED}),
    Own(ReportView, _("Questions to reports that I kept")),
    Own(ReportRecipient, _("Reports that come to me by mail")),
    Own(
        ReportSending,
        _("Mails with reports to me"),
        without=dict.fromkeys(("lease", "leased_until"), WORKINGS),
    ),
    # What I did for others. Who they are is not mine to take out.
    Own(Invitation, _("Invitations I made"), by=("created_by_id",), without={"code_hash": HASHED}),
    Own(
        PeopleImport,
        _("Lists of people I brought in"),
        by=("created_by_id",),
        without=dict.fromkeys(("rows", "outcome"), OTHERS),
    ),
    Own(
        Assignment,
        _("What I asked others to do"),
        by=("assigned_by_id",),
        without={"message": OTHERS},
        key="assignment_made",
    ),
    Own(
        AssignmentException,
        _("Exceptions I made"),
        by=("set_by_id",),
        key="assignmentexception_made",
    ),
    Own(
        Comment,
        _("Notes I wrote"),
        by=("author_id",),
        without={"text": OTHERS, "attempt_id": OTHERS},
        key="comment_written",
    ),
    Own(
        PaperEntry,
        _("Papers I typed in"),
        by=("entered_by_id",),
        without={"attempt_id": OTHERS},
        key="paperentry_typed",
    ),
    Own(PaperSheet, _("Sheets I printed"), by=("made_by_id",)),
    Own(Room, _("Cases I showed to a room"), by=("opened_by_id",)),
    Own(
        KeyCorrection,
        _("Keys I corrected"),
        by=("made_by_id",),
        without={"reason": OTHERS},
    ),
    Own(CorrectionUndo, _("Corrections I took back"), by=("made_by_id",)),
    Own(
        Revocation,
        _("Certificates I withdrew"),
        by=("by_id",),
        without={"reason": OTHERS, "certificate_id": OTHERS, "replacement_id": OTHERS},
        key="revocation_made",
    ),
    Own(ReportSchedule, _("Reports by mail I set up"), by=("owner_id",)),
    Own(ApiToken, _("Keys for other programs I made"), by=("made_by_id",),
        without={"token_hash": HASHED}),
)  # fmt: skip

# What reached the person because they were in a cohort, and only for as long as they were.
WITH_COHORTS: Final[tuple[Own, ...]] = (
    Own(
        Assignment,
        _("What I was asked to do with my cohorts"),
        by=("cohort_id",),
        without={"membership_id": "names one person, and so nobody where a cohort is asked"},
        key="assignment_with_cohort",
    ),
)

# Columns that point to a cohort and say nothing about the people in it.
GROUP_ONLY: Final[Mapping[str, str]] = {
    "course.CohortMember.cohort_id": "the row is about one person",
    "course.CohortStay.cohort_id": "the row is about one person",
    "course.Invitation.cohort_id": "where newcomers will be put; who came is not kept with it",
    "quizzes.PaperSheet.cohort_id": "what was printed; what I answered on paper is mine by name",
    "quizzes.Room.cohort_id": "what was shown; who was there and who answered is not kept",
}

# Told apart, in a way of their own: the account, the links into it, the record of changes.
BY_HAND: Final[Mapping[str, str]] = {
    "course.User": "the part `account` of everything.json",
    "course.SignInLink": "the part `links` of everything.json",
    "course.AuditEntry": "the table `record`: entries by me and about me",
}

ABOUT_NOBODY: Final[Mapping[str, str]] = {
    "course.Organization": "names a body; its name stands above each part",
    "course.Cohort": "names a group; its name stands in my places",
    "course.Office": "names an office; its name stands in my places",
    "course.OfficeStay": "where an office belonged",
    "course.ContentRelease": "what was published",
    "course.FrameworkEntry": "what is taught",
    "course.FrameworkVersion": "what is taught",
    "course.ThrottleCounter": "keyed hashes that nobody can turn back into a person; a day",
    "quizzes.Item": "what is asked",
    "quizzes.ItemVersion": "what is asked",
    "quizzes.Quiz": "what is asked",
    "quizzes.QuizVersion": "what is asked",
    "quizzes.RoomAnswer": "answers of a room, without who and when",
    "modules.Module": "what is taught",
    "modules.ModuleVersion": "what is taught",
    "modules.Lesson": "what is taught",
    "modules.LessonVersion": "what is taught",
    "modules.DayCount": "sums of a day, without people",
}

# Columns that point to a person and do not make a row this person's.
ELSEWHERE: Final[Mapping[str, str]] = {
    "course.Membership.manager_id": "who reports to me is something about them",
    "course.Membership.user_id": "the same person, followed from the account",
    "course.Placement.manager_id": "who reported to me is something about them",
    "quizzes.RoomAnswer.room_id": "the room is whoever opened it; an answer in it is nobody's",
}

__all__ = ["ABOUT_NOBODY", "BY_HAND", "ELSEWHERE", "GROUP_ONLY", "OWN", "WITH_COHORTS", "Own"]
