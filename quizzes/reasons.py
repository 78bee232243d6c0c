"""The policy's reasons in the reader's words."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from quizzes.days import ZONE
from quizzes.policy import Answer, Reason

WORDS: dict[Reason, str | Promise] = {
    Reason.OTHER_FORM: _("You take another form of this test. It is in your list."),
    Reason.NO_ATTEMPTS_LEFT: _("You have taken this as often as it may be taken."),
    Reason.WAIT: _("Let it settle first. You can take it again from %(when)s."),
    Reason.HANDED_IN: _("This is handed in. Your answers stand as they were."),
    Reason.TIME_OVER: _("The time is over. What you answered until then counts."),
    Reason.WITHDRAWN: _("This case was taken out of the course. Please go on with the next one."),
    Reason.ANSWERED: _("You have answered this one and read why. The first answer stands."),
    Reason.NOT_YET_HANDED_IN: _("The result comes after you hand in."),
    Reason.EMPTY: _("There are no cases here yet."),
    Reason.OPENS_LATER: _("This opens later. You can begin from %(when)s."),
    Reason.CLOSED: _("This closed on %(when)s. If you need longer, ask your trainer."),
}


def words_for(answer: Answer) -> str:
    """Why not, and when it will be possible if that is known."""
    if answer.reason is None:
        return ""
    when = (
        date_format(timezone.localtime(answer.when, ZONE), "DATETIME_FORMAT") if answer.when else ""
    )
    return str(WORDS[answer.reason]) % {"when": when}
