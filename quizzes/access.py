"""From an address of the middle floor to what it names. An attempt is only its owner's."""

from uuid import UUID

from django.http import Http404

from course.access import Context, get_or_404
from course.models import Membership
from course.roles import Role
from quizzes.models import Attempt
from quizzes.published import PublishedQuiz, current_bank
from quizzes.schema import SCHEDULED


def member_of(context: Context) -> Membership:
    """The place of whoever asks. Views behind an ability always have one."""
    if context.membership is None:
        raise Http404
    return context.membership


def get_quiz_or_404(key: str) -> PublishedQuiz:
    """The quiz with this key, if it is published now and has no door of its own."""
    quiz = current_bank().quizzes.get(key)
    if quiz is None or quiz.quiz.kind in SCHEDULED:
        raise Http404
    return quiz


def get_own_attempt_or_404(context: Context, attempt_id: UUID) -> Attempt:
    """An attempt of the person who asks; anybody else's does not exist."""
    rows = Attempt.objects.of_person(member_of(context)).for_attempt_page()
    attempt: Attempt = get_or_404(rows, id=attempt_id)
    return attempt


def get_learner_or_404(context: Context, person_id: UUID) -> Membership:
    """A learner whom the asker may see. The answers of staff are nobody else's business."""
    rows = Membership.objects.visible_to(context).filter(role=Role.LEARNER.value)
    return get_or_404(rows.select_related("user"), id=person_id)


def get_attempt_of_or_404(person: Membership, attempt_id: UUID) -> Attempt:
    """An attempt of this person, whom `get_learner_or_404` has found."""
    attempt: Attempt = get_or_404(
        Attempt.objects.of_person(person).for_attempt_page(), id=attempt_id
    )
    return attempt
