"""Many days from one reading say what the report says about each, and cost the same queries."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from modules.outline import Outline
from modules.reports.asking import Question, instant
from modules.reports.completion import read_summary
from modules.reports.past import count_days
from modules.reports.population import Staff
from modules.reports.states import State
from quizzes.models import Target
from quizzes.services.assigning import Ask, assign
from tests.modules.finishing import publish_course
from tests.modules.keeping import complete
from tests.modules.living import Life
from tests.personas import AT, World, make_membership, make_user

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
FACTS, A_DAY = 6, 6  # queries


def told(outline: Outline, life: Life, day: date, module: str) -> tuple[int, ...]:
    question = Question(as_of=day, module=module)
    found = read_summary(outline, Staff(life.organization), question, instant(question, life.at))
    return (found.population, *(found.counts[state] for state in State), found.overdue)


@pytest.mark.parametrize("seed", [3, 11])
def test_each_day_is_what_the_report_says_about_it(world: World, seed: int) -> None:
    outline, quiz, _final = publish_course()
    life = Life(seed, world.harbour, outline, quiz, AT)
    for _ in range(40):
        life.live()
    step = (life.at - AT) / 8
    days = [(AT + number * step).date() for number in (7, 0, 3, 5, 8)]  # in any order
    found = {
        (day, module): n for day, module, n in count_days(outline, life.organization, days, life.at)
    }
    keys = ["", *(one.key for one in outline.modules)]
    assert list(found) == [(day, key) for day in days for key in keys]
    assert found == {(day, key): told(outline, life, day, key) for day, key in found}
    assert len({n for (_day, key), n in found.items() if not key}) > 2  # something happened


def test_a_day_more_costs_few_queries_and_a_person_none(world: World) -> None:
    outline, _quiz, _final = publish_course()
    place, house = world.harbour, world.harbour.organization
    ask = Ask(target=Target.COURSE, key="", due_at=AT + DAY)
    assign(ask=ask, actor=place.administrator, at=AT, cohorts=[place.first_cohort])
    newest = (AT + 5 * DAY).date()

    def queries(days: int) -> int:
        wanted = [newest - number * DAY for number in range(days)]
        with CaptureQueriesContext(connection) as found:
            list(count_days(outline, house.pk, wanted, AT + 9 * DAY))
        return len(found)

    few = queries(1), queries(3)
    assert few[0] <= FACTS + A_DAY
    assert few[1] - few[0] <= 2 * A_DAY
    for number in range(6):
        person = make_membership(house, make_user(f"more-{number}"))
        complete(person, at=AT)
    assert (queries(1), queries(3)) == few


def test_no_days_cost_nothing(world: World, django_assert_num_queries: Any) -> None:
    outline, _quiz, _final = publish_course()
    with django_assert_num_queries(0):
        assert list(count_days(outline, world.harbour.organization.pk, [], AT)) == []
