"""The learner's home: the one next thing, then what is due and what is done."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from course.models import Membership
from modules.outline import Outline
from modules.services.progress import finish_lesson
from modules.services.today import State, rules_of, state_of
from quizzes.days import day_of, last_instant
from quizzes.duties import duties_of
from quizzes.models import Assignment, Late, Target
from quizzes.published import current_bank
from quizzes.services.assigning import Ask, assign, set_exception
from quizzes.services.attempting import start_attempt
from quizzes.services.grading import submit_attempt
from tests.personas import LEARNER, Place, World
from tests.quizzes.making import bank_of, eight_verdicts, publish, quiz

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def place(world: World, small_course: Outline) -> Place:
    forms = [quiz(f"final-{n}", kind="final", module=None, form=n) for n in "abc"]
    practice = quiz("practice", kind="practice", module=None, title={"en": "Try", "ms": "Cuba"})
    publish(bank_of(eight_verdicts(), quiz(), practice, *forms))
    return world.harbour


def due(days: int) -> Any:
    return last_instant(day_of(timezone.now()) + days * DAY)


def give(place: Place, ask: Ask, to: Membership | None = None) -> Assignment:
    """Given some time ago, so that it may be past its date by now."""
    (row,) = assign(
        ask=ask,
        cohorts=[] if to else [place.first_cohort],
        people=[to] if to else [],
        actor=place.trainer,
        at=timezone.now() - 30 * DAY,
    )
    return row


def home(world: World, persona: str = LEARNER) -> Any:
    return world.client(persona).get("/")


def words_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_without_assignments_the_home_is_as_it_was(world: World, place: Place) -> None:
    page = words_of(home(world))
    assert 'id="due-title"' not in page
    assert 'id="done-title"' not in page


def test_the_card_is_what_is_due_and_the_lists_say_the_rest(world: World, place: Place) -> None:
    give(place, Ask(target=Target.QUIZ, key="practice", due_at=due(2), message="For Friday."))
    give(place, Ask(target=Target.MODULE, key="m2", due_at=due(20)))
    give(place, Ask(target=Target.QUIZ, key="final", opens_at=due(30), due_at=due(40)))
    response = home(world)
    page, (soon, later, last) = words_of(response), response.context["today"].due
    assert (soon.title, later.title, last.title) == ("Try", "Module 2", "Short quiz")
    assert [one.state for one in (soon, later, last)] == [State.OPEN, State.OPEN, State.OPENS]
    card = page[page.index('class="card next"') : page.index("</section>")]
    day = day_of(due(2)).strftime("%a %-d %b")
    assert "Your trainer asks you to do this." in card
    assert f"due {day}" in card
    assert "Try" in card
    assert "“For Friday.”" in page
    assert f"by the end of {day}" in page
    assert "opens " + day_of(due(30)).strftime("%a %-d %b") in page
    assert page.count("button--large") == 1  # one card, one thing


def test_what_is_done_moves_down_and_the_next_comes_up(world: World, place: Place) -> None:
    give(place, Ask(target=Target.QUIZ, key="short", due_at=due(2)))
    give(place, Ask(target=Target.QUIZ, key="practice", due_at=due(3)))
    published = current_bank().quizzes["short"]
    attempt = start_attempt(membership=place.learner, quiz=published, at=timezone.now())
    assert "Continue" in words_of(home(world))
    submit_attempt(attempt=attempt, at=timezone.now())
    response = home(world)
    assert [one.title for one in response.context["today"].done] == ["Short quiz"]
    assert [one.title for one in response.context["today"].due] == ["Try"]
    assert response.context["next"].quiz.key == "practice"


def test_lesson_by_lesson_through_an_asked_module(world: World, place: Place) -> None:
    give(place, Ask(target=Target.MODULE, key="m2", due_at=due(1)))
    lessons = home(world).context["map"][1].module.lessons
    assert home(world).context["next"].lesson == lessons[0]
    finish_lesson(membership=place.learner, lesson=lessons[0], at=timezone.now())
    assert home(world).context["next"].lesson == lessons[1]


@pytest.mark.parametrize(
    ("late", "state", "words"),
    [(Late.ACCEPT, State.LATE, "still welcome"), (Late.CLOSE, State.CLOSED, "ask your trainer")],
)
def test_what_is_past_its_date_says_what_can_be_done(
    world: World, place: Place, late: Late, state: State, words: str
) -> None:
    give(place, Ask(target=Target.QUIZ, key="practice", due_at=due(-2), late=late))
    response = home(world)
    assert response.context["today"].due[0].state == state
    assert words in words_of(response)
    is_next = getattr(response.context["next"], "kind", "") == "quiz"
    assert is_next == (late == Late.ACCEPT)


def test_who_is_excused_sees_nothing_of_it(world: World, place: Place) -> None:
    row = give(place, Ask(target=Target.QUIZ, key="practice", due_at=due(2)))
    now = timezone.now()
    set_exception(
        assignment=row, membership=place.learner, excused=True, actor=place.trainer, at=now
    )
    assert home(world).context["today"].due == ()


def test_the_same_thing_twice_is_one_line_with_the_milder_date(world: World, place: Place) -> None:
    give(place, Ask(target=Target.QUIZ, key="practice", due_at=due(2), late=Late.CLOSE))
    give(place, Ask(target=Target.QUIZ, key="practice", due_at=due(9)), to=place.learner)
    (only,) = rules_of(duties_of(place.learner, at=timezone.now()))
    assert only.due_at == due(9)
    assert state_of(only, due(5)) == State.OPEN
    assert len(home(world).context["today"].due) == 1


def test_the_home_costs_the_same_for_one_thing_and_for_many(
    world: World, place: Place, queries: Any
) -> None:
    client = world.client(LEARNER)

    def cost() -> list[int]:
        client.get("/")
        with queries() as counted:
            client.get("/")
        return counted

    give(place, Ask(target=Target.QUIZ, key="practice", due_at=due(2)))
    few = cost()
    for target, key in ((Target.QUIZ, "final"), (Target.QUIZ, "short"), (Target.COURSE, "")):
        give(place, Ask(target=target, key=key, due_at=due(4)))
        give(place, Ask(target=target, key=key, due_at=due(6)), to=place.learner)
    assert cost() == few
