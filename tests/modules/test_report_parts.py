"""By role and by round: a row says what the report says when it is asked for that row."""

from __future__ import annotations

from datetime import datetime, timedelta
from html import unescape
from typing import Any

import pytest

from course.roles import Role
from modules.models import Cycle
from modules.outline import Outline
from modules.reports.asking import Question
from modules.reports.completion import Staff, read_people, read_summary
from tests.modules.finishing import publish_course
from tests.modules.keeping import complete
from tests.modules.living import Life
from tests.personas import ADMINISTRATOR, AT, Place, World, make_membership, make_user, put_into

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
PARTS: dict[str, Any] = {"role": Role, "round": str}


def check_rows(outline: Outline, viewer: Staff, question: Question, at: datetime) -> list[int]:
    """Every row of both tables is the report of that row, and its overdue list as long as said."""
    people = []
    for by, kind in PARTS.items():
        for row in read_summary(outline, viewer, question, at, by=by).groups:
            into = question.but(**{by: kind(row.key)})
            whole = read_summary(outline, viewer, into, at)
            assert (row.population, row.completed, row.overdue, row.rate) == (
                whole.population,
                whole.completed,
                whole.overdue,
                whole.rate,
            ), (by, row)
            _teller, late = read_people(outline, viewer, into.but(overdue=True), at)
            assert len(late) == row.overdue
            people.append(row.population)
    return people


@pytest.mark.parametrize("seed", [3, 4])
def test_a_row_is_the_report_of_that_row(world: World, seed: int) -> None:
    outline, short, _final = publish_course()
    place = world.harbour
    life = Life(seed, place, outline, short, AT + DAY)
    everybody = Staff(place.organization.pk)
    trainer = Staff(place.organization.pk, place.trainer.id, Role.TRAINER)
    cohort = place.first_cohort.id
    asked = [
        (everybody, Question()),
        (trainer, Question()),
        (everybody, Question(module="m1")),
        (trainer, Question(cohort=cohort)),
        (everybody, Question(cohort=cohort, round="2")),
        (everybody, Question(role=Role.TRAINER)),
    ]
    for _step in range(60):
        life.live()
    for viewer, question in asked * 2:
        life.renew()
        life.live()
        check_rows(outline, viewer, question, life.at)
    assert len(check_rows(outline, everybody, Question(), life.at)) >= 5, "no second round"


def second_round(place: Place, *, at: datetime = AT + 300 * DAY) -> None:
    complete(place.learner, at=at - 300 * DAY)
    Cycle.objects.create(
        organization=place.organization,
        membership=place.learner,
        number=2,
        opened_at=at,
    )


def test_rounds_and_roles_are_counted_each_by_itself(world: World, small_course: Outline) -> None:
    place, viewer = world.harbour, Staff(world.harbour.organization.pk)
    second_round(place)
    rows = read_summary(small_course, viewer, Question(), AT + 310 * DAY, by="round").groups
    assert [(one.key, one.name, one.population, one.completed) for one in rows] == [
        ("1", "Round 1", 3, 1),
        ("2", "Round 2", 1, 0),
    ]
    rows = read_summary(small_course, viewer, Question(), AT + 299 * DAY, by="round").groups
    assert [one.key for one in rows] == ["1"], "the second round had not been begun"
    rows = read_summary(small_course, viewer, Question(), AT + DAY, by="role").groups
    assert [(one.key, one.population) for one in rows] == [
        ("learner", 3),
        ("trainer", 1),
        ("administrator", 1),
    ]
    one_role = Question(role=Role.TRAINER)
    rows = read_summary(small_course, viewer, one_role, AT + DAY, by="role").groups
    assert [one.key for one in rows] == ["trainer"]


def test_more_rounds_cost_no_more_queries(
    world: World, small_course: Outline, queries: Any
) -> None:
    place, viewer, costs = world.harbour, Staff(world.harbour.organization.pk), []
    read_summary(small_course, viewer, Question(), AT + DAY)
    for most in (2, 6):
        for number in range(3):
            person = make_membership(place.organization, make_user(f"round-{most}-{number}"))
            put_into(place.first_cohort, person)
            for each in range(2, most + 1):
                Cycle.objects.create(
                    organization=place.organization,
                    membership=person,
                    number=each,
                    opened_at=AT + each * DAY,
                )
        with queries() as counted:
            summary = read_summary(small_course, viewer, Question(), AT + 9 * DAY, by="round")
        assert len(summary.groups) == most
        costs.append(counted[0])
    assert costs[0] == costs[1] <= 20


@pytest.mark.parametrize(("by", "words"), [("role", "By role"), ("round", "By round")])
def test_the_page_shows_them_and_leads_to_the_report_of_each(
    world: World, small_course: Outline, by: str, words: str
) -> None:
    second_round(world.harbour, at=AT - DAY)
    client = world.client(ADMINISTRATOR)
    page = unescape(client.get(f"/reports/?by={by}").content.decode())
    assert f'aria-current="page">{words}</a>' in page
    link = {"role": "/reports/?role=trainer", "round": "/reports/?round=2"}[by]
    assert f'href="{link}"' in page, "a row goes on by office"
    assert client.get(link).status_code == 200
