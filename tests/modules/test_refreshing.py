"""Refreshers and check-ups with the real attempt machinery."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import TestCase

from course.access import Context
from course.models import AppendOnlyError
from modules.models import CheckUp, Review, ReviewCard
from modules.published import current_outline
from modules.reports.room import read_room
from modules.services.refreshing import (
    begin_check_up,
    begin_refresher,
    coming_back,
    coming_back_many,
    due_count,
    due_counts,
)
from modules.services.reviewing import make_up_reviews, rebuild_cards, record_reviews
from quizzes.models import Attempt, AttemptItem, Evidence, Tally
from quizzes.policy import first_form
from quizzes.published import item_version
from quizzes.services.attempting import NotAllowed, items_of, record_response
from quizzes.services.grading import submit_attempt
from tests.modules.keeping import (
    CONTROL_MODULE,
    DAY,
    TACTICS,
    answer_all,
    badly,
    complete,
    publish_keeping,
    take,
    well,
)
from tests.personas import AT, World, make_membership, make_user

pytestmark = pytest.mark.django_db
READY = AT + 2 * DAY  # when the first cards are due


@pytest.fixture
def course(world: World) -> World:
    """The bank and the made-up course; the learner of harbour has finished the stage of control."""
    publish_keeping()
    complete(world.harbour.learner, key=CONTROL_MODULE, at=AT)
    return world


def cards_in(attempt: Any) -> Counter[str]:
    """How many of each kind a session asks."""
    found = [item_version(one.item_version_id) for one in items_of(attempt)]
    return Counter(item.vignette.kind for item in found)


def session(world: World, answer: Any = well, *, at: Any) -> Any:
    """A whole session, with what follows its end."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        return answer_all(begin_refresher(membership=world.harbour.learner, at=at), answer, at=at)


# --- coming alive ---------------------------------------------------------------------------------


def test_nothing_comes_back_before_a_module_is_complete(world: World) -> None:
    publish_keeping()
    now = coming_back(world.harbour.learner, at=AT)
    assert now.is_empty
    assert not now.has_session
    with pytest.raises(NotAllowed):
        begin_refresher(membership=world.harbour.learner, at=AT)


def test_two_days_after_the_module_its_tactics_are_due(course: World) -> None:
    person = course.harbour.learner
    before = coming_back(person, at=READY - timedelta(seconds=1))
    assert (before.tactics, before.due, before.next_at) == (len(TACTICS), 0, READY)
    now = coming_back(person, at=READY)
    assert (now.due, now.items, now.minutes, now.has_session) == (len(TACTICS), 6, 4, True)
    assert due_count(person, at=READY) == len(TACTICS)


def test_without_a_bank_nothing_is_promised(world: World) -> None:
    assert coming_back(world.harbour.learner, at=AT).is_empty


# --- a session ------------------------------------------------------------------------------------


def test_a_session_has_six_fresh_items_of_both_kinds(course: World) -> None:
    attempt = begin_refresher(membership=course.harbour.learner, at=READY)
    assert cards_in(attempt) == {"signal": 3, "noise": 3}
    assert set(items_of(attempt).values_list("exposure", flat=True)) == {1}


def test_beginning_again_goes_on_with_the_open_session(course: World) -> None:
    first = begin_refresher(membership=course.harbour.learner, at=READY)
    assert coming_back(course.harbour.learner, at=READY).resume == first.id
    again = begin_refresher(membership=course.harbour.learner, at=READY + 9 * DAY)
    assert again.id == first.id


def test_right_answers_send_cards_away_and_wrong_ones_keep_them_near(course: World) -> None:
    def half(item: Any) -> Any:
        return well(item) if item.vignette.kind == "signal" else badly(item)

    session(course, half, at=READY)
    cards = ReviewCard.objects.of_person(course.harbour.learner)
    due = {card.kind: (card.due_at - READY).days for card in cards}
    assert due == {"signal": 2, "noise": 1}
    assert set(
        Review.objects.of_person(course.harbour.learner).values_list("kind", "rating", "credit")
    ) == {("signal", "good", 1.0), ("noise", "again", 0.0)}


def test_one_session_a_day(course: World) -> None:
    session(course, at=READY)
    now = coming_back(course.harbour.learner, at=READY + timedelta(hours=1))
    assert now.done_today
    assert not now.has_session
    assert due_count(course.harbour.learner, at=READY + timedelta(hours=1)) == 0
    with pytest.raises(NotAllowed) as refused:
        begin_refresher(membership=course.harbour.learner, at=READY + timedelta(hours=1))
    assert refused.value.answer.when == now.next_at
    assert now.next_day == (READY + DAY).date()
    tomorrow = coming_back(course.harbour.learner, at=READY + DAY)
    assert tomorrow.has_session
    assert tomorrow.items == 2  # what did not fit into the first session; the rest is not due


def test_the_next_review_of_a_card_has_other_words(course: World) -> None:
    person = course.harbour.learner
    at = READY
    for _ in range(12):
        if coming_back(person, at=at).has_session:
            session(course, at=at)
        at += DAY
    rows = AttemptItem.objects.filter(
        organization_id=person.organization_id, membership_id=person.id
    )
    times = Counter(rows.values_list("item__key", flat=True))
    assert max(times.values()) == 1
    assert len(times) >= 2 * 2 * len(TACTICS)


def test_when_all_words_are_known_the_oldest_come_again(course: World) -> None:
    person, at = course.harbour.learner, READY
    for _ in range(25):
        if coming_back(person, at=at).has_session:
            session(course, badly, at=at)
        at += DAY
    rows = AttemptItem.objects.filter(
        organization_id=person.organization_id, membership_id=person.id
    )
    times = Counter(rows.values_list("item__key", flat=True))
    by_card: dict[str, list[int]] = defaultdict(list)
    for key, number in times.items():
        by_card[key[:-1]].append(number)
    assert all(max(card) - min(card) <= 1 and min(card) > 1 for card in by_card.values())


def test_a_skipped_or_open_item_costs_nothing_and_stays_due(course: World) -> None:
    session(course, lambda _item: None, at=READY)
    assert not Review.objects.of_person(course.harbour.learner).exists()
    assert coming_back(course.harbour.learner, at=READY + DAY).due == len(TACTICS)


def test_answers_of_a_session_are_evidence_and_count(course: World) -> None:
    session(course, at=READY)
    person = course.harbour.learner
    rows = Evidence.objects.of_person(person)
    assert rows.count() == 6
    assert set(rows.values_list("mode", "counts")) == {("refresher", True)}
    tally = Tally.objects.of_person(person)
    assert sum(row.hits for row in tally) == 3


def test_due_dates_do_not_depend_on_how_late_it_is_handed_in(course: World) -> None:
    """An answer of Monday is a review of Monday, whenever the session is closed."""
    attempt = begin_refresher(membership=course.harbour.learner, at=READY)
    for drawn in items_of(attempt):
        record_response(
            attempt=attempt,
            position=drawn.position,
            client_key=drawn.id,
            answer=well(item_version(drawn.item_version_id)),
            at=READY,
        )
    with TestCase.captureOnCommitCallbacks(execute=True):
        submit_attempt(attempt=attempt, at=READY + 5 * DAY)
    assert set(ReviewCard.objects.of_person(course.harbour.learner).values_list("last_at")) == {
        (READY,)
    }


# --- facts ----------------------------------------------------------------------------------------


def test_told_twice_the_schedule_moves_once(course: World) -> None:
    attempt = session(course, at=READY)
    assert record_reviews(attempt) == []
    assert Review.objects.of_person(course.harbour.learner).count() == 6
    assert set(ReviewCard.objects.of_person(course.harbour.learner).values_list("reviews")) == {
        (1,)
    }


def test_reviews_lost_in_a_crash_are_made_up(course: World) -> None:
    person = course.harbour.learner
    attempt = begin_refresher(membership=person, at=READY)
    answer_all(attempt, at=READY)  # nothing runs after the commit: the site died just then
    assert not Review.objects.of_person(person).exists()
    make_up_reviews(person)
    assert Review.objects.of_person(person).count() == 6
    assert set(Review.objects.of_person(person).values_list("at")) == {(READY,)}


def test_cards_are_only_their_last_reviews(course: World) -> None:
    for days in (0, 1, 2, 3):
        if coming_back(course.harbour.learner, at=READY + days * DAY).has_session:
            session(course, badly if days == 1 else well, at=READY + days * DAY)
    columns = ("tactic", "kind", "reviews", "last_at", "due_at")
    rows = ReviewCard.objects.of_person(course.harbour.learner).order_by("tactic", "kind")
    before = list(rows.values_list(*columns))
    assert max(row[2] for row in before) > 1
    rebuild_cards(course.harbour.learner)
    assert list(rows.values_list(*columns)) == before


def test_a_review_is_never_changed(course: World) -> None:
    session(course, at=READY)
    rows = Review.objects.of_person(course.harbour.learner)
    with pytest.raises(AppendOnlyError):
        rows.update(rating="good")
    with pytest.raises(AppendOnlyError):
        rows.first().save()
    with pytest.raises(AppendOnlyError):
        rows.delete()


def test_a_review_cannot_point_to_an_attempt_of_another_house(course: World) -> None:
    attempt = session(course, at=READY)
    other = course.lighthouse.learner
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.create(
            organization_id=other.organization_id,
            membership_id=other.id,
            tactic=TACTICS[0],
            kind="signal",
            attempt_id=attempt.id,
            position=1,
            rating="good",
            credit=1.0,
            at=AT,
            due_at=AT,
        )


# --- many people ----------------------------------------------------------------------------------


def test_what_is_due_for_many_costs_the_same_queries(course: World, queries: Any) -> None:
    def counted(people: list[Any]) -> int:
        coming_back_many(people, at=READY)
        with queries() as number:
            coming_back_many(people, at=READY)
        return int(number[0])

    house = course.harbour.organization
    many = [make_membership(house, make_user(f"many-{number}")) for number in range(30)]
    for person in many:
        complete(person, key=CONTROL_MODULE, at=AT)
    assert counted([course.harbour.learner]) == counted(many) <= 8
    found = due_counts([*many, course.lighthouse.learner], at=READY)
    assert set(found.values()) == {0, len(TACTICS)}
    assert found[course.lighthouse.learner.id] == 0


# --- check-ups ------------------------------------------------------------------------------------


@pytest.fixture
def finished(course: World) -> World:
    """The learner has taken pre-test and final, and completed the course on the day AT."""
    person = course.harbour.learner
    form = first_of(person)
    take(person, f"pre-{form}", at=AT)
    take(person, f"final-{other(form)}", at=AT)
    complete(person, at=AT)
    return course


def first_of(person: Any) -> str:
    return first_form(person.id)


def other(form: str) -> str:
    return "b" if form == "a" else "a"


def test_a_check_up_has_three_cases_never_seen(finished: World) -> None:
    person = finished.harbour.learner
    now = coming_back(person, at=AT + 30 * DAY)
    assert (now.check_up, now.has_check_up) == (30, True)
    attempt = begin_check_up(membership=person, at=AT + 30 * DAY)
    drawn = list(items_of(attempt).select_related("item"))
    assert [one.exposure for one in drawn] == [1, 1, 1]
    assert {one.item.stage for one in drawn} == {"acquisition", "movement", "control"}
    assert cards_in(attempt).keys() == {"signal", "noise"}
    assert not any(one.item.pool == "final-c" for one in drawn)  # kept for a second try


def test_a_check_up_is_a_fact_and_is_taken_once(finished: World) -> None:
    person = finished.harbour.learner
    attempt = begin_check_up(membership=person, at=AT + 31 * DAY)
    assert coming_back(person, at=AT + 31 * DAY).check_up_open == attempt.id
    assert begin_check_up(membership=person, at=AT + 32 * DAY).id == attempt.id
    answer_all(attempt, at=AT + 32 * DAY)
    fact = CheckUp.objects.of_person(person).get()
    assert (fact.days, fact.cycle, fact.base_at, fact.attempt_id) == (30, 1, AT, attempt.id)
    now = coming_back(person, at=AT + 33 * DAY)
    assert not now.has_check_up
    assert now.next_check_up == AT + 90 * DAY
    with pytest.raises(NotAllowed):
        begin_check_up(membership=person, at=AT + 33 * DAY)
    assert coming_back(person, at=AT + 90 * DAY).check_up == 90


def test_all_three_check_ups_have_other_cases(finished: World) -> None:
    person = finished.harbour.learner
    met: list[Any] = []
    for days in (30, 90, 180):
        attempt = begin_check_up(membership=person, at=AT + days * DAY)
        met += items_of(attempt).values_list("item_id", flat=True)
        answer_all(attempt, at=AT + days * DAY)
    assert len(set(met)) == 9


def test_a_check_up_handed_in_late_uses_up_the_later_one(finished: World) -> None:
    person = finished.harbour.learner
    attempt = begin_check_up(membership=person, at=AT + 80 * DAY)
    answer_all(attempt, at=AT + 95 * DAY)
    assert coming_back(person, at=AT + 96 * DAY).check_up is None
    assert coming_back(person, at=AT + 180 * DAY).check_up == 180


def test_without_a_completion_the_days_are_counted_from_the_final(course: World) -> None:
    person = course.harbour.learner
    take(person, f"final-{other(first_of(person))}", badly, at=AT + DAY)
    assert coming_back(person, at=AT + 30 * DAY).check_up is None
    assert coming_back(person, at=AT + 31 * DAY).check_up == 30


def test_nobody_is_asked_before_the_course_is_over(course: World) -> None:
    now = coming_back(course.harbour.learner, at=AT + 90 * DAY)
    assert (now.check_up, now.next_check_up) == (None, None)
    with pytest.raises(NotAllowed):
        begin_check_up(membership=course.harbour.learner, at=AT + 90 * DAY)


def test_a_new_round_has_check_ups_of_its_own(finished: World) -> None:
    person = finished.harbour.learner
    answer_all(begin_check_up(membership=person, at=AT + 30 * DAY), at=AT + 30 * DAY)
    complete(person, at=AT + 365 * DAY, cycle=2)
    attempt = begin_check_up(membership=person, at=AT + 395 * DAY)
    answer_all(attempt, at=AT + 395 * DAY)
    facts = CheckUp.objects.of_person(person).order_by("cycle")
    assert list(facts.values_list("cycle", "days")) == [(1, 30), (2, 30)]


def test_neither_quiz_is_begun_through_the_general_door(course: World) -> None:
    client = course.client("learner")
    for key in ("refresher", "check-up"):
        assert client.get(f"/quizzes/{key}/").status_code == 404
        assert client.post(f"/quizzes/{key}/start/").status_code == 404


def test_a_day_ends_at_midnight_where_people_work(course: World) -> None:
    """Not at midnight in London, which is eight in the morning in Malaysia."""
    person = course.harbour.learner
    evening = READY.replace(hour=15, minute=50)  # ten to midnight
    session(course, at=evening)
    assert coming_back(person, at=evening + timedelta(minutes=5)).done_today
    assert not coming_back(person, at=evening + timedelta(minutes=15)).done_today


def test_what_comes_back_is_not_among_the_attempts_a_trainer_reads(course: World) -> None:
    person, client = course.harbour.learner, course.client("trainer")
    attempt = session(course, at=READY)
    assert Attempt.objects.of_person(person).for_trainers().count() == 0
    address = f"/organisation/people/{person.id}/attempts/"
    assert "A few minutes" not in client.get(address).content.decode()
    assert client.get(f"{address}{attempt.id}/").status_code == 404
    assert client.post(f"{address}{attempt.id}/open/").status_code == 404


def test_nobody_is_stuck_in_a_session_left_open(course: World) -> None:
    place, later = course.harbour, READY + 20 * DAY
    begin_refresher(membership=place.learner, at=READY)
    trainer = Context(
        user=place.trainer.user,
        membership=place.trainer,
        organization=place.organization,
        language="en",
        at=later,
    )
    outline = current_outline()
    room = read_room(outline, trainer, place.first_cohort, language="en", at=later)
    assert room.stuck == ()
