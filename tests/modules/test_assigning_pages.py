"""A trainer assigns in four clicks, sees before whom it reaches, changes it and takes it back."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from modules.outline import Outline
from quizzes.days import day_of, last_instant
from quizzes.duties import duties_of
from quizzes.models import Assignment, Late, Target
from quizzes.services.assigning import Ask, assign
from tests.personas import ADMINISTRATOR, LEARNER, TRAINER, Place, World
from tests.quizzes.making import bank_of, eight_verdicts, publish, quiz
from tests.reading_html import read_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(world: World, small_course: Outline) -> Place:
    forms = [quiz(f"final-{n}", kind="final", module=None, form=n) for n in "abc"]
    publish(bank_of(eight_verdicts(), quiz(), *forms))
    return world.harbour


def today() -> Any:
    return day_of(timezone.now())


def sent(**changes: Any) -> dict[str, Any]:
    due = today() + timedelta(days=14)
    return {"what": "quiz:short", "due": due, "late": "accept", "wants": "look", **changes}


def words_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_it_is_looked_at_first_and_then_assigned(world: World, place: Place) -> None:
    trainer = world.client(TRAINER)
    here = reverse("modules:assign_cohort", args=[place.first_cohort.id])
    form = trainer.get(here)
    assert read_page(form.content.decode()).title == "Assign · Kenali"
    for words in ("The whole course", "Module 1", "Short quiz", "See who gets it"):
        assert words in words_of(form)
    assert words_of(form).count('value="quiz:') == 2  # three forms of the final are one thing
    look = trainer.post(here, sent(message="Before Friday."))
    for words in ("Is this right?", "1 person gets it", "canaryharbour learner", "Before Friday."):
        assert words in words_of(look)
    assert "Asked already" not in words_of(look)
    assert not Assignment.objects.in_organization(place.organization).exists()
    done = trainer.post(here, sent(message="Before Friday.", wants="confirm"), follow=True)
    assert done.redirect_chain[0][1] == 303
    assert "Done. It is on their home page now." in words_of(done)
    assert "Assigned by canaryharbour trainer" in words_of(done)
    (duty,) = duties_of(place.learner, at=timezone.now())
    assert (duty.target, duty.key, duty.message) == (Target.QUIZ, "short", "Before Friday.")
    assert duty.due_at == last_instant(today() + timedelta(days=14))


def test_what_overlaps_is_said_with_a_way_to_it(world: World, place: Place) -> None:
    due = last_instant(today() + timedelta(days=3))
    (mine,) = assign(
        ask=Ask(target=Target.QUIZ, key="short", due_at=due),
        cohorts=[place.first_cohort],
        actor=place.trainer,
        at=timezone.now() - timedelta(hours=1),
    )
    here = reverse("modules:assign_person", args=[place.learner.id])
    look = words_of(world.client(TRAINER).post(here, sent()))
    assert "1 person has this already" in look
    assert "the milder rule counts" in look
    assert reverse("modules:assignment", args=[mine.id]) in look


def test_something_to_change_comes_back_filled_in(world: World, place: Place) -> None:
    trainer = world.client(TRAINER)
    here = reverse("modules:assign_cohort", args=[place.first_cohort.id])
    back = trainer.post(here, sent(message="Soon.", wants="change"))
    assert back.status_code == 200
    assert 'value="Soon."' in words_of(back)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"due": "2020-01-01"}, "This day is over."),
        ({"due": "", "late": "close"}, "Without a date nothing can close."),
        ({"what": "course:", "attempts": "1"}, "Only a quiz can close or be counted."),
        ({"what": "quiz:no-such"}, "Select a valid choice."),
        ({"message": "a\u202eb"}, "a sign that cannot be shown"),
        ({"opens": "2100-01-01"}, "It must open before it is due."),
    ],
)
@pytest.mark.parametrize("wants", ["look", "confirm"])
def test_what_cannot_be_is_said_beside_the_field(
    world: World, place: Place, changes: dict[str, Any], words: str, wants: str
) -> None:
    here = reverse("modules:assign_cohort", args=[place.first_cohort.id])
    refused = world.client(TRAINER).post(here, sent(**changes, wants=wants))
    assert refused.status_code == 422
    assert words in words_of(refused)
    assert not Assignment.objects.in_organization(place.organization).exists()


@pytest.fixture
def given(place: Place) -> Assignment:
    (row,) = assign(
        ask=Ask(
            target=Target.QUIZ,
            key="final",
            due_at=last_instant(today() + timedelta(days=5)),
            attempts=1,
            late=Late.CLOSE,
        ),
        cohorts=[place.first_cohort],
        actor=place.trainer,
        at=timezone.now() - timedelta(hours=1),
    )
    return row


def test_it_is_changed_for_everybody_and_taken_back(
    world: World, place: Place, given: Assignment
) -> None:
    trainer = world.client(TRAINER)
    here = reverse("modules:assignment", args=[given.id])
    assert "Then it closes" in words_of(trainer.get(here))
    later = today() + timedelta(days=9)
    changed = {"due": later, "attempts": "2", "late": "accept", "message": ""}
    got = trainer.post(here, changed, follow=True)
    assert "Changed, from now on." in words_of(got)
    (duty,) = duties_of(place.learner, at=timezone.now())
    assert (duty.due_at, duty.attempts, duty.late) == (last_instant(later), 2, Late.ACCEPT)
    assert trainer.get(here).status_code == 404  # the old one is history
    new = reverse("modules:assignment_withdraw", args=[duty.assignment_id])
    assert "Taken back." in words_of(trainer.post(new, follow=True))
    assert duties_of(place.learner, at=timezone.now()) == []


def test_one_person_gets_an_own_rule_on_their_page(
    world: World, place: Place, given: Assignment
) -> None:
    trainer = world.client(TRAINER)
    person = reverse("modules:person_assignments", args=[place.learner.id])
    here = reverse("modules:assignment_exception", args=[given.id, place.learner.id])
    assert here in words_of(trainer.get(person))
    early = trainer.post(here, {"due": today() + timedelta(days=1)})
    assert early.status_code == 422
    assert "earlier than for everybody" in words_of(early)
    day = today() + timedelta(days=20)
    saved = trainer.post(here, {"due": day, "attempts": "3"}, follow=True)
    assert "It can be taken 3 times." in words_of(saved)
    assert day.strftime("%a %-d %b") in words_of(saved)
    assert "until " + day.strftime("%a %-d %b") in words_of(
        trainer.get(reverse("modules:assignment", args=[given.id]))
    )
    assert f'value="{day}"' in words_of(trainer.get(here))
    excused = trainer.post(here, {"excused": "on"}, follow=True)
    assert "Need not do it" in words_of(excused)
    for other in (place.stranger, place.trainer):
        address = reverse("modules:assignment_exception", args=[given.id, other.id])
        assert world.client(ADMINISTRATOR).get(address).status_code == 404


def test_lists_cost_the_same_queries_for_one_and_for_many(
    world: World, place: Place, given: Assignment, queries: Any
) -> None:
    trainer = world.client(TRAINER)
    pages = [
        reverse("modules:assignments", args=[place.first_cohort.id]),
        reverse("modules:person_assignments", args=[place.learner.id]),
    ]

    def cost() -> list[int]:
        found = []
        for page in pages:
            trainer.get(page)
            with queries() as counted:
                assert trainer.get(page).status_code == 200
            found += counted
        return found

    few = cost()
    for key in ("course", "module", "short", "other"):
        target = Target(key) if key in {"course", "module"} else Target.QUIZ
        name = {"course": "", "module": "m1"}.get(key, key)
        assign(
            ask=Ask(target=target, key=name),
            cohorts=[place.first_cohort],
            actor=place.trainer,
            at=timezone.now(),
        )
    assert cost() == few


def test_a_learner_reads_nobodys_list(world: World, place: Place, given: Assignment) -> None:
    learner = world.client(LEARNER)
    for name, key in (("assignments", place.first_cohort.id), ("assignment", given.id)):
        assert learner.get(reverse(f"modules:{name}", args=[key])).status_code == 403
