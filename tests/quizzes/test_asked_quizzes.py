"""What an assignment does to a quiz: when it opens, how often, and when it closes."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from course.models import Membership
from quizzes.days import day_of, first_instant, last_instant
from quizzes.duties import duties_of
from quizzes.models import Attempt, Late
from quizzes.policy import Answer, Needs, Reason, Terms, may_start
from quizzes.published import PublishedQuiz
from quizzes.services.accommodating import set_accommodation
from quizzes.services.attempting import NotAllowed, may_begin, record_response, start_attempt
from quizzes.services.grading import submit_attempt
from tests.personas import AT, LEARNER, TRAINER, World
from tests.quizzes.making import eight_verdicts, published, quiz
from tests.quizzes.test_duties import DAY, asked, exception

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
DUE = AT + 3 * DAY


@pytest.fixture
def learner(world: World) -> Membership:
    return world.harbour.learner


@pytest.fixture
def short(db: None) -> PublishedQuiz:
    return published(eight_verdicts(), quiz())[0]


def answer(attempt: Attempt, at: Any) -> None:
    said = {"concern": True, "confidence": None}
    record_response(attempt=attempt, position=1, client_key=uuid4(), answer=said, at=at)


def test_a_quiz_that_nobody_asked_for_stays_as_it_is() -> None:
    assert may_start(quiz(attempts=1), [], own_form=None, at=AT, terms=Terms())
    refused = may_start(quiz(attempts=1), [AT], own_form=None, at=AT, terms=Terms())
    assert refused.reason == Reason.NO_ATTEMPTS_LEFT


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (AT - MINUTE, Answer(allowed=False, reason=Reason.OPENS_LATER, when=AT)),
        (AT, Answer(allowed=True)),
        (DUE, Answer(allowed=True)),
        (DUE + MINUTE, Answer(allowed=False, reason=Reason.CLOSED, when=DUE)),
    ],
)
def test_it_opens_and_closes_exactly_then(at: Any, expected: Answer) -> None:
    terms = Terms(opens_at=AT, closes_at=DUE)
    assert may_start(quiz(), [], own_form=None, at=at, terms=terms) == expected


@pytest.mark.parametrize(
    ("usual", "asked_for", "taken", "may"),
    [
        (1, 2, 1, True),
        (1, 2, 2, False),
        (None, 1, 1, False),
        (3, 1, 1, False),
        (3, 1, 0, True),
    ],
)
def test_the_number_of_an_assignment_replaces_that_of_the_quiz(
    usual: int | None, asked_for: int, taken: int, may: bool
) -> None:
    terms = Terms(attempts=asked_for)
    got = may_start(quiz(attempts=usual), [AT] * taken, own_form=None, at=AT, terms=terms)
    assert bool(got) == may


def test_late_work_is_taken_unless_the_assignment_says_no(
    world: World, learner: Membership, short: PublishedQuiz
) -> None:
    asked(world.harbour, learner, due_at=DUE)
    assert may_begin(learner, short, at=DUE + DAY)


def test_after_closing_nothing_begins_and_an_open_attempt_takes_no_answer(
    world: World, learner: Membership, short: PublishedQuiz
) -> None:
    attempt = start_attempt(membership=learner, quiz=short, at=AT)
    row = asked(world.harbour, world.harbour.first_cohort, due_at=DUE, late=Late.CLOSE.value)
    answer(attempt, DUE)
    with pytest.raises(NotAllowed) as refused:
        answer(attempt, DUE + MINUTE)
    assert refused.value.answer.reason == Reason.TIME_OVER
    exception(row, learner, due_at=DUE + DAY)
    answer(attempt, DUE + DAY)
    submit_attempt(attempt=attempt, at=DUE + 9 * DAY)  # what was answered in time still counts
    assert may_begin(learner, short, at=DUE + 9 * DAY).reason == Reason.CLOSED


def test_extra_days_set_once_move_what_is_open_already(
    world: World, learner: Membership, short: PublishedQuiz
) -> None:
    attempt = start_attempt(membership=learner, quiz=short, at=AT)
    asked(world.harbour, learner, due_at=DUE, late=Late.CLOSE.value)
    set_accommodation(
        membership=learner, actor=world.harbour.trainer, needs=Needs(extra_days=7), at=AT
    )
    answer(attempt, DUE + 7 * DAY)
    with pytest.raises(NotAllowed):
        answer(attempt, DUE + 7 * DAY + MINUTE)
    assert duties_of(learner, at=AT)[0].due_at == DUE + 7 * DAY


def test_forms_of_one_test_are_asked_and_counted_together(
    world: World, learner: Membership
) -> None:
    finals = published(
        eight_verdicts(), *(quiz(f"final-{n}", kind="final", module=None, form=n) for n in "abc")
    )
    asked(world.harbour, learner, target_key="final", attempts=2)
    for _ in range(2):
        mine = [one for one in finals if may_begin(learner, one, at=AT)]
        assert len(mine) == 1
        submit_attempt(attempt=start_attempt(membership=learner, quiz=mine[0], at=AT), at=AT)
    assert not [one for one in finals if may_begin(learner, one, at=AT)]


def test_pages_say_until_when_and_how_often(
    world: World, learner: Membership, short: PublishedQuiz
) -> None:
    close = last_instant(day_of(AT) + timedelta(days=9000))
    asked(
        world.harbour,
        learner,
        due_at=close,
        late=Late.CLOSE.value,
        attempts=2,
        message="Before our meeting.",
    )
    client = world.client(LEARNER)
    listed = client.get(reverse("quizzes:quizzes")).content.decode()
    page = client.get(reverse("quizzes:quiz", args=["short"])).content.decode()
    day = day_of(close).strftime("%a %-d %b")
    assert f"due {day}" in listed
    for words in ("Before our meeting.", f"by the end of {day}. After that it closes", "2 times"):
        assert words in page


def test_the_page_says_since_when_it_is_closed(
    world: World, learner: Membership, short: PublishedQuiz
) -> None:
    asked(world.harbour, learner, due_at=DUE - 9000 * DAY, late=Late.CLOSE.value)
    client = world.client(LEARNER)
    page = client.get(reverse("quizzes:quiz", args=["short"])).content.decode()
    assert "If you need longer, ask your trainer." in page
    refused = client.post(reverse("quizzes:start", args=["short"]))
    assert refused.status_code == 409
    assert "This closed on" in refused.content.decode()


def test_a_trainer_sets_needs_of_the_own_people_only(world: World) -> None:
    trainer = world.client(TRAINER)
    mine = reverse("quizzes:needs", args=[world.harbour.learner.id])
    got = trainer.post(mine, {"extra_time": 0, "extra_days": 14}, follow=True)
    assert "Saved." in got.content.decode()
    assert 'value="14"' in got.content.decode()
    other = reverse("quizzes:needs", args=[world.harbour.stranger.id])
    assert trainer.post(other, {"extra_time": 0}).status_code == 404
    assert trainer.post(mine, {"extra_time": 0, "extra_days": 91}).status_code == 422


def test_a_day_is_a_day_in_malaysia() -> None:
    day = date(2026, 11, 27)
    assert first_instant(day).isoformat() == "2026-11-26T16:00:00+00:00"
    assert last_instant(day).isoformat() == "2026-11-27T15:59:00+00:00"
    assert day_of(first_instant(day)) == day_of(last_instant(day)) == day
    assert day_of(first_instant(day) - MINUTE) == date(2026, 11, 26)


def test_a_date_days_away_is_no_clock(
    world: World, learner: Membership, short: PublishedQuiz
) -> None:
    attempt = start_attempt(membership=learner, quiz=short, at=AT)
    now = timezone.now()
    row = asked(world.harbour, learner, due_at=now + 3 * DAY, late=Late.CLOSE.value)
    client, page = world.client(LEARNER), reverse("quizzes:item", args=[attempt.id, 1])
    assert client.get(page).context["minutes_left"] is None
    row.due_at = now + 10 * MINUTE
    row.save(update_fields=["due_at"])
    assert client.get(page).context["minutes_left"] in {9, 10}
