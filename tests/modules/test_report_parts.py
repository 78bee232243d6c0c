"""By role and by round: each row by itself. That it is the report behind it: test_report_rows."""

from __future__ import annotations

from datetime import datetime, timedelta
from html import unescape
from typing import Any

import pytest

from course.roles import Role
from modules.models import Cycle
from modules.outline import Outline
from modules.reports.asking import Question
from modules.reports.completion import Staff, read_summary
from tests.modules.keeping import complete
from tests.personas import ADMINISTRATOR, AT, Place, World, make_membership, make_user, put_into

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


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
