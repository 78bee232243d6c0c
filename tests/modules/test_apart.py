"""No two pages side by side tell what a few people answered (measurement design 11)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from course.models import Cohort
from course.recent import note_proof
from modules.outline import Outline
from modules.reports.asking import Question
from modules.reports.completion import Staff
from modules.reports.learning import read_learning
from tests.modules.classes import learners, publish_form, take_all
from tests.modules.funding import open_office, settle
from tests.personas import ADMINISTRATOR, AT, World, put_into

pytestmark = pytest.mark.django_db
NOW = AT + timedelta(days=1)
HELD_BACK = "would give away what a few people answered"


def everybody_but(world: World, few: int) -> tuple[Cohort, Cohort]:
    """Twenty took a form: all but `few` in one cohort, those in another."""
    place, form = world.harbour, publish_form()
    take_all(learners(place, 20 - few), form)
    if few:
        others = settle(place, None, few, word="few")
        for person in others:
            put_into(place.second_cohort, person)
        take_all(others, form, seed=2)
    return place.first_cohort, place.second_cohort


@pytest.mark.parametrize(("few", "told"), [(0, True), (1, False), (4, False), (5, True)])
def test_a_cohort_beside_everybody(world: World, few: int, told: bool) -> None:
    most, _others = everybody_but(world, few)
    client = world.client(ADMINISTRATOR)
    session = client.session
    note_proof(session, at=AT)
    session.save()
    for address in ("items/", "items/pp-v3/1/", "items/mixed/"):
        page = client.get(f"/reports/{address}?cohort={most.id}").content.decode()
        assert (HELD_BACK in page) is not told, address
        assert HELD_BACK not in client.get(f"/reports/{address}").content.decode()
    listed = client.get(f"/reports/items/?cohort={most.id}").content.decode()
    assert ("item-row__label" in listed) is told
    one = client.get(f"/reports/items/pp-v3/1/?cohort={most.id}").content.decode()
    assert ("got it right" in one) is told


def test_the_file_is_not_there_either(world: World) -> None:
    most, _others = everybody_but(world, 1)
    client = world.client(ADMINISTRATOR)
    answer = client.post(f"/reports/items/file/csv/?cohort={most.id}")
    assert answer.status_code == 404


def test_filters_are_taken_off_one_by_one(world: World, small_course: Outline) -> None:
    """The office has 14, its part of a cohort 13; of all both leave out more than five."""
    place, viewer = world.harbour, Staff(world.harbour.organization.pk)
    office = open_office(place, "north")
    people = settle(place, office, 14, word="north")
    settle(place, None, 9, word="else")
    for person in people[:13]:
        put_into(place.first_cohort, person)
    narrow = Question(office=office.id, cohort=place.first_cohort.id)
    found = read_learning(small_course, viewer, narrow, NOW)
    assert not found.too_few_left
    assert found.gives_away
    alone = read_learning(small_course, viewer, Question(office=office.id), NOW)
    assert not alone.gives_away
    assert not read_learning(small_course, viewer, Question(), NOW).gives_away


def test_parts_that_leave_a_few_together_are_not_told(world: World, small_course: Outline) -> None:
    """Seven, six and two: beside the first two the last would be what is left of the whole."""
    place, viewer = world.harbour, Staff(world.harbour.organization.pk)
    above = open_office(place, "all")
    parts = [open_office(place, name, above) for name in ("seven", "six", "two")]
    for office, number in zip(parts, (7, 6, 2), strict=True):
        settle(place, office, number, word=office.name)
    settle(place, None, 9, word="else")
    told = [
        not read_learning(small_course, viewer, Question(office=one.id), NOW).gives_away
        for one in [above, *parts[:2]]
    ]
    assert told[0]
    assert told[1:] == [True, False] or told[1:] == [False, True]
