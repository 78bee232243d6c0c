"""What is dated after the day of a report is not in it, whichever kind of fact it is.

Everything that a report reads happens before a day to some people, and after it to all: a bound in
time that is forgotten changes a number of that day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from course.models import Membership
from course.services.privacy import erase_person
from modules.models import Certificate, Cycle, Revocation
from modules.outline import Outline
from modules.published import current_outline
from modules.reports.asking import Question, instant
from modules.reports.completion import BY, Staff, lines, read_summary
from modules.reports.learning import read_learning
from modules.services.progress import finish_lesson, move_place
from modules.services.refreshing import begin_check_up
from quizzes.models import Target
from quizzes.policy import first_form, form_for
from quizzes.published import current_bank
from quizzes.services.assigning import Ask, assign, set_exception
from quizzes.services.attempting import start_attempt
from tests.modules.keeping import DAY, answer_all, complete, publish_keeping, take
from tests.modules.test_gain import cohort_of, one_of
from tests.personas import AT, Place, World

pytestmark = pytest.mark.django_db
THEN = AT + 100 * DAY
LATER = THEN + 20 * DAY
NOW = THEN + 300 * DAY


def told(outline: Outline, place: Place, day: datetime) -> list[tuple[str, Any]]:
    """Everything that is told of a day."""
    viewer, found = Staff(place.organization.pk), {}
    whole = Question(as_of=day.date())
    asked = [(whole, by) for by in BY]
    asked += [(whole.but(module="m1"), "office"), (whole.but(round="2"), "office")]
    at = instant(whole, NOW)
    for question, by in asked:
        found[f"{question.query()} by {by}"] = read_summary(outline, viewer, question, at, by=by)
    for question in (whole, whole.but(module="m1")):
        found[f"{question.query()} lines"] = list(lines(outline, viewer, question, at))
    found["learning"] = read_learning(outline, viewer, whole, at)
    return list(found.items())


def happen(outline: Outline, people: Sequence[Membership], *, at: datetime) -> None:
    """One of everything for each of these people, by the services or as the dated fact."""
    lesson = next(iter(outline.lessons()))
    for person in people:
        form = first_form(person.id)
        move_place(membership=person, lesson=lesson, step=1, at=at)
        finish_lesson(membership=person, lesson=lesson, at=at)
        take(person, f"pre-{form}", one_of(3), at=at)
        take(person, f"final-{'b' if form == 'a' else 'a'}", one_of(9), at=at + DAY)
        complete(person, at=at + DAY, key="m1")
        course = complete(person, at=at + DAY)
        Certificate.objects.create(
            organization_id=person.organization_id,
            membership_id=person.id,
            completion_id=course.id,
            cycle=1,
            number=1,
            issued_at=at + DAY,
            expires_at=at + 300 * DAY,
            document={},
        )
        Cycle.objects.create(
            organization_id=person.organization_id,
            membership_id=person.id,
            number=2,
            opened_at=at + 5 * DAY,
        )


def go_on(people: Sequence[Membership], *, at: datetime) -> None:
    """A check-up each, and their papers are withdrawn."""
    for person in people:
        answer_all(begin_check_up(membership=person, at=at), one_of(2), at=at)
        Revocation.objects.create(
            organization_id=person.organization_id,
            membership_id=person.id,
            certificate_id=Certificate.objects.of_person(person).get().id,
            revoked_at=at,
            reason="why",
        )


@pytest.mark.slow
def test_nothing_that_is_dated_later_is_told(world: World) -> None:
    publish_keeping(tests=2)
    outline, place, people = current_outline(), world.harbour, cohort_of(world, 13)
    ask = Ask(target=Target.COURSE, key="", due_at=AT + 60 * DAY)
    (rule,) = assign(ask=ask, cohorts=[place.first_cohort], actor=place.administrator, at=AT + DAY)
    happen(outline, people[:6], at=AT + 2 * DAY)
    first = current_bank().quizzes[f"pre-{first_form(people[12].id)}"]
    begun = start_attempt(membership=people[12], quiz=first, at=AT + 2 * DAY)
    before = told(outline, place, THEN)
    whole = before[0][1]
    assert (whole.completed, whole.population) == (6, 16)
    assert whole.overdue

    happen(outline, people[6:12], at=LATER)
    answer_all(begun, one_of(3), at=LATER)
    go_on(people[:6], at=LATER)
    set_exception(
        assignment=rule,
        membership=people[6],
        due_at=None,
        excused=True,
        actor=place.administrator,
        at=LATER,
    )
    erase_person(user=people[11].user, at=LATER + 10 * DAY)
    after = told(outline, place, THEN)
    for (part, said), (_part, again) in zip(before, after, strict=True):
        assert nameless(again) == nameless(said), part
    # The proof that it could have been seen: on a later day all of it is told otherwise.
    last = told(outline, place, LATER + 60 * DAY)
    for (part, said), (_part, again) in zip(before, last, strict=True):
        assert again != said, part


def nameless(said: Any) -> Any:
    """Names are those of today, and so is their order: somebody was erased since."""
    if not isinstance(said, list):
        return said
    return sorted((replace(one, name="") for one in said), key=lambda one: one.membership_id)


def test_a_test_handed_in_late_was_late_on_the_days_before(world: World) -> None:
    publish_keeping()
    person, viewer = world.harbour.learner, Staff(world.harbour.organization.pk)
    ask = Ask(target=Target.QUIZ, key="final", due_at=THEN + DAY)
    assign(ask=ask, people=[person], actor=world.harbour.trainer, at=THEN)
    take(person, f"final-{form_for('final', person.id, finals_taken=0)}", at=THEN + 5 * DAY)
    late = [
        read_summary(current_outline(), viewer, Question(), THEN + days * DAY).overdue
        for days in (0, 2, 4, 6)
    ]
    assert late == [0, 1, 1, 0]
