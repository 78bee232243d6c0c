"""What was handed in of a form stays handed in, also after the form was withdrawn."""

from __future__ import annotations

from datetime import timedelta

import pytest

from modules.published import current_outline
from modules.reports.asking import Question
from modules.reports.completion import Staff, read_summary
from modules.reports.gradebook import Taken, columns_of, grade_rows
from modules.reports.past import count_days
from modules.services.finished import finished_by
from quizzes.listing import entries_for
from quizzes.models import Target
from quizzes.policy import first_form, form_for
from tests.modules.keeping import publish_keeping, take
from tests.modules.reminded import assign
from tests.personas import AT, World

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def handed_in(world: World) -> World:
    """The learner took both tests on the day before the final was due."""
    publish_keeping()
    learner = world.harbour.learner
    for days, key in enumerate(forms_of(world), start=1):
        take(learner, key, at=AT + days * DAY)
    assign(world, due_at=AT + 3 * DAY, target_kind=Target.QUIZ.value, target_key="final")
    return world


def forms_of(world: World) -> list[str]:
    """The forms of the learner."""
    person = world.harbour.learner.id
    return [f"pre-{first_form(person)}", f"final-{form_for('final', person, finals_taken=0)}"]


def withdraw(world: World) -> None:
    """A later release leaves the forms out."""
    publish_keeping(without=forms_of(world), at=AT + 6 * DAY)


def test_nobody_gets_late_in_the_past(handed_in: World) -> None:
    staff = Staff(handed_in.harbour.organization.pk)
    day, at = (AT + 4 * DAY).date(), AT + 8 * DAY
    question = Question(as_of=day)
    before = read_summary(current_outline(), staff, question, AT + 4 * DAY)
    assert before.overdue == 0
    rolled = list(count_days(current_outline(), staff.organization_id, [day], at))
    withdraw(handed_in)
    assert read_summary(current_outline(), staff, question, AT + 4 * DAY) == before
    assert list(count_days(current_outline(), staff.organization_id, [day], at)) == rolled


def test_nobody_is_asked_again(handed_in: World) -> None:
    learner, gone = handed_in.harbour.learner, forms_of(handed_in)

    def listed() -> dict[str, object]:
        entries = entries_for(learner, at=AT + 7 * DAY)
        return {one.quiz.key: (one.allowed, one.duty) for one in entries}

    before = listed()
    withdraw(handed_in)
    done = finished_by([learner]).done
    assert done[learner.id, Target.QUIZ, "final"] == AT + 2 * DAY
    assert {key: one for key, one in before.items() if key not in gone} == listed()


def test_marks_stay(handed_in: World) -> None:
    place = handed_in.harbour
    outline, viewer = current_outline(), Staff(place.organization.pk)

    def told() -> tuple[Taken | None, ...]:
        columns = columns_of(outline)
        [row] = grade_rows(outline, viewer, columns, [place.learner])
        marks = {one.quiz: grade.quiz for one, grade in zip(columns, row.grades, strict=True)}
        return marks["pre-test"], marks["final"]

    before = told()
    assert all(one is not None and one.last is not None for one in before)
    withdraw(handed_in)
    assert told() == before
