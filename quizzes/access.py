"""From an address of the middle floor to what it names. An attempt is only its owner's."""

from uuid import UUID

from django.http import Http404

from course.access import Context, get_or_404
from course.models import Membership
from quizzes.models import Attempt
from quizzes.published import PublishedQuiz, current_bank


def member_of(context: Context) -> Membership:
    """The place of whoever asks. Views behind an ability always have one."""
    if context.membership is None:
        raise Http404
    return context.membership


def get_quiz_or_404(key: str) -> PublishedQuiz:
    """The quiz with this key, if it is published now."""
    quiz = current_bank().quizzes.get(key)
    if quiz is None:
        raise Http404
    return quiz


def get_own_attempt_or_404(context: Context, attempt_id: UUID) -> Attempt:
    """An attempt of the person who asks; anybody else's does not exist."""
    rows = Attempt.objects.of_person(member_of(context)).for_attempt_page()
    attempt: Attempt = get_or_404(rows, id=attempt_id)
    return attempt
