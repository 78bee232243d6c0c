"""What stayed: one's own curve, the cohort's, and the pages of what comes back."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from modules.gain import Says
from modules.models import CheckUp
from modules.published import current_outline
from modules.reports.retention import curve_of_cohort, my_curve
from modules.retention import Person, cohort_curve, own_curve
from modules.services.progress import finish_lesson
from modules.services.refreshing import begin_check_up, since_course_many
from quizzes.policy import first_form
from quizzes.services.attempting import items_of
from quizzes.summary import Counts
from tests.modules.keeping import (
    CONTROL_MODULE,
    DAY,
    answer_all,
    badly,
    complete,
    publish_keeping,
    take,
    well,
)
from tests.personas import ADMINISTRATOR, AT, LEARNER, TRAINER, World

# --- pure -----------------------------------------------------------------------------------------

GOOD, FAIR, POOR = Counts(2, 2, 1, 0), Counts(2, 1, 1, 0), Counts(2, 0, 1, 1)
FINAL = Counts(15, 12, 15, 3)


def test_ones_own_curve_has_a_point_for_each_sitting_with_its_range() -> None:
    points = own_curve({"30": FAIR, "before": Counts(9, 5, 9, 4), "after": FINAL})
    assert [one.place for one in points] == ["before", "after", "30"]
    assert [(one.right, one.days) for one in points] == [(10, 0), (24, 0), (2, 30)]
    later, final = points[2], points[1]
    assert later.high - later.low > final.high - final.low
    assert all(0 <= one.low <= one.share <= one.high <= 1 for one in points)


def test_what_was_left_open_is_no_point() -> None:
    assert own_curve({"after": Counts(), "90": GOOD})[0].place == "90"
    assert own_curve({}) == []


def people(number: int, counts: Counts, *, days: int = 30) -> list[Person]:
    """So many people with this check-up."""
    return [Person(FINAL, {days: counts}, frozenset({30})) for _ in range(number)]


def test_below_the_gate_a_cohort_has_counts_only() -> None:
    curve = cohort_curve(people(9, POOR))
    later = curve.later[0]
    assert (later.taken, later.came, later.says) == (9, 9, Says.TOO_FEW)
    assert (later.then, later.now, later.percent, later.mean) == (None, None, None, None)
    assert curve.end is None


def test_a_drop_is_said_when_it_is_clear() -> None:
    assert cohort_curve(people(10, POOR)).later[0].says == Says.CLEAR_LOSS
    mixed = [*people(5, GOOD), *people(5, FAIR)]
    assert cohort_curve(mixed).later[0].says == Says.NO_CLEAR_GAIN


def test_the_same_people_are_compared_and_the_missing_are_counted() -> None:
    absent = [Person(Counts(15, 0, 15, 15), {}, frozenset({30})) for _ in range(4)]
    early = [Person(FINAL, {}, frozenset()), Person(None, {}, frozenset())]
    later = cohort_curve([*people(10, FAIR), *absent, *early]).later[0]
    assert (later.came, later.taken, later.missing) == (14, 10, 4)
    assert later.percent is not None
    assert later.percent["mean_pre"] == pytest.approx(80.0)  # without the four who are missing
    assert later.now == Counts(20, 10, 10, 0)


# --- from facts -----------------------------------------------------------------------------------


def other(form: str) -> str:
    return "b" if form == "a" else "a"


def live(person: Any, *, check_ups: tuple[int, ...] = (), start: Any = AT) -> None:
    """Pre-test badly, final well, the course completed, then these check-ups, each badly."""
    form = first_form(person.id)
    take(person, f"pre-{form}", badly, at=start)
    take(person, f"final-{other(form)}", well, at=start + DAY)
    complete(person, at=start + DAY)
    for days in check_ups:
        at = start + (days + 1) * DAY
        answer_all(begin_check_up(membership=person, at=at), badly, at=at)


@pytest.mark.django_db
def test_the_points_are_those_of_the_facts(world: World, queries: Any) -> None:
    publish_keeping()
    person = world.harbour.learner
    live(person, check_ups=(30, 95))
    points = my_curve(person, at=AT + 100 * DAY)
    assert [(one.place, one.right, one.counts.trials) for one in points] == [
        ("before", 0, 12),
        ("after", 24, 24),
        ("30", 0, 3),
        ("90", 0, 3),
    ]
    since = since_course_many([person], at=AT + 100 * DAY)[person.id]
    assert since.due == {30, 90}


@pytest.mark.django_db
def test_the_curve_of_a_cohort_costs_the_same_queries(world: World, queries: Any) -> None:
    from tests.modules.test_gain import _context, cohort_of

    publish_keeping(tests=1)
    (first,) = cohort_of(world, 1)
    live(first, check_ups=(30,))
    context, cohort = _context(world), world.harbour.first_cohort
    curve_of_cohort(context, cohort, at=AT + 60 * DAY)
    with queries() as few:
        curve = curve_of_cohort(context, cohort, at=AT + 60 * DAY)
    assert (curve.people, curve.finished) == (2, 1)
    assert (curve.later[0].came, curve.later[0].taken) == (1, 1)
    live(world.harbour.learner)
    with queries() as many:
        again = curve_of_cohort(context, cohort, at=AT + 60 * DAY)
    assert (again.later[0].came, again.later[0].taken, again.later[0].missing) == (2, 1, 1)
    assert few == many


# --- pages ----------------------------------------------------------------------------------------


def text_of(answer: Any) -> str:
    """The words of the page on one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


@pytest.mark.django_db
def test_the_page_offers_one_session_and_says_what_is_due(world: World) -> None:
    publish_keeping()
    client, person = world.client(LEARNER), world.harbour.learner
    assert "Nothing yet." in text_of(client.get("/refresh/"))
    complete(person, key=CONTROL_MODULE, at=timezone.now() - timedelta(days=3))
    words = text_of(client.get("/refresh/"))
    assert "4 of 4 tactics are due. 6 short cases in new words." in words
    assert "Start (4 minutes)" in words
    assert "streak" not in words
    started = client.post("/refresh/start/")
    assert started.status_code == 303
    item = client.get(started["Location"], follow=True)
    assert item.status_code == 200
    assert "Go on" in text_of(client.get("/refresh/"))
    attempt_page = started["Location"]
    assert client.post("/refresh/start/")["Location"] == attempt_page


@pytest.mark.django_db
def test_when_it_is_done_the_page_says_when_it_goes_on(world: World) -> None:
    publish_keeping()
    client, person = world.client(LEARNER), world.harbour.learner
    complete(person, key=CONTROL_MODULE, at=timezone.now() - timedelta(days=3))
    attempt_id = client.post("/refresh/start/")["Location"].split("/")[-2]
    client.post(f"/quizzes/attempt/{attempt_id}/submit/")
    words = text_of(client.get("/refresh/"))
    assert "Done for today. Thank you. The next cases come from" in words
    assert client.post("/refresh/start/")["Location"] == "/refresh/"


@pytest.mark.django_db
def test_three_cases_are_offered_begun_and_drawn(world: World) -> None:
    publish_keeping()
    client, person = world.client(LEARNER), world.harbour.learner
    assert "Nothing yet." in text_of(client.get("/refresh/stayed/"))
    live(person, start=timezone.now() - timedelta(days=40))
    assert "Three cases show you what stayed." in text_of(client.get("/refresh/"))
    started = client.post("/refresh/cases/")
    check_up = CheckUp.objects.of_person(person).get()
    assert started["Location"] == f"/quizzes/attempt/{check_up.attempt_id}/"
    assert items_of(check_up.attempt).count() == 3
    answer_all(check_up.attempt, well, at=timezone.now())
    page = client.get("/refresh/stayed/")
    assert "30 days 3 of 3" in text_of(page)
    assert page.content.decode().count('class="keeping__point"') == 3
    assert client.post("/refresh/cases/")["Location"] == "/refresh/"


@pytest.mark.django_db
def test_the_page_of_a_cohort_hides_what_few_people_did(world: World) -> None:
    publish_keeping(tests=1)
    live(world.harbour.learner, check_ups=(30,), start=timezone.now() - timedelta(days=50))
    address = f"/organisation/cohorts/{world.harbour.first_cohort.id}/later/"
    for who in (TRAINER, ADMINISTRATOR):
        words = text_of(world.client(who).get(address))
        assert "1 of 1 for whom the time has come took it." in words
        assert "No result is shown for fewer than 10 people." in words
        assert "of 100, the same people" not in words
    second = f"/organisation/cohorts/{world.harbour.second_cohort.id}/later/"
    assert world.client(TRAINER).get(second).status_code == 404
    assert world.client(LEARNER).get(address).status_code == 403


@pytest.mark.django_db
def test_after_the_course_what_comes_back_is_the_next_thing_at_home(world: World) -> None:
    publish_keeping()
    client, person = world.client(LEARNER), world.harbour.learner
    now = timezone.now()
    lessons = list(current_outline().lessons())
    finish_lesson(membership=person, lesson=lessons[0], at=now)
    complete(person, key=CONTROL_MODULE, at=now - timedelta(days=3))
    on_the_way = client.get("/").content.decode()
    assert on_the_way.count("button--large") == 1
    assert "6 short cases" in on_the_way
    for lesson in lessons[1:]:
        finish_lesson(membership=person, lesson=lesson, at=now)
    form = first_form(person.id)
    take(person, f"pre-{form}", at=now)
    take(person, f"final-{other(form)}", at=now)
    afterwards = client.get("/").content.decode()
    assert afterwards.count("button--large") == 1
    assert afterwards.count("6 short cases") == 1
    assert "Look again" not in afterwards
