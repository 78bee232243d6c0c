"""What of the quizzes is behind somebody: a final that went badly is not."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from course.models import Membership
from modules.services.completing import completions_of
from modules.services.quizzes import my_quizzes
from tests.modules.finishing import finish_lessons, flag_everything, publish_course, take
from tests.personas import AT, World

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def learner(world: World) -> Membership:
    return world.harbour.learner


def is_behind(learner: Membership, at: datetime) -> list[bool]:
    return [quiz.taken for quiz in my_quizzes(learner, at=at) if quiz.quiz_kind == "final"]


def test_a_final_that_went_badly_is_offered_again_until_it_goes_well(learner: Membership) -> None:
    outline, short, final = publish_course()
    finish_lessons(learner, outline, at=AT)
    take(learner, short, at=AT)
    assert is_behind(learner, AT) == [False]
    take(learner, final, at=AT, answer=flag_everything)
    assert not completions_of(learner).filter(scope="course").exists()
    assert is_behind(learner, AT + 2 * DAY) == [False]
    take(learner, final, at=AT + 2 * DAY)
    assert is_behind(learner, AT + 4 * DAY) == [True]
