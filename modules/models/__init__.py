"""The tables of the top floor. Import models from here."""

from modules.models.certificates import Certificate, HolderName, Revocation
from modules.models.content import Lesson, LessonVersion, Module, ModuleVersion
from modules.models.days import DayCount
from modules.models.feeds import CalendarFeed
from modules.models.notices import Mail, Notice, NoticeKind, NoticePreference
from modules.models.programme import Completion, Cycle, FactModel
from modules.models.progress import LessonCompletion, LessonPlace
from modules.models.refreshers import CheckUp, Review, ReviewCard
from modules.models.schedules import ReportRecipient, ReportSchedule, ReportSending
from modules.models.tokens import ApiToken
from modules.models.views import ReportView

__all__ = [
    "ApiToken",
    "CalendarFeed",
    "Certificate",
    "CheckUp",
    "Completion",
    "Cycle",
    "DayCount",
    "FactModel",
    "HolderName",
    "Lesson",
    "LessonCompletion",
    "LessonPlace",
    "LessonVersion",
    "Mail",
    "Module",
    "ModuleVersion",
    "Notice",
    "NoticeKind",
    "NoticePreference",
    "ReportRecipient",
    "ReportSchedule",
    "ReportSending",
    "ReportView",
    "Review",
    "ReviewCard",
    "Revocation",
]
