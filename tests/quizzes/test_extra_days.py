"""The history of extra days: what was late on a past day stays as it was told."""

from __future__ import annotations

import importlib
from datetime import timedelta

import pytest
from django.core.management import load_command_class
from django.db import IntegrityError, connection, transaction

from course.management.commands import self_check
from course.models import AppendOnlyError
from course.services.placing import differences
from quizzes.duties import duties_of, extra_days_on
from quizzes.models import Accommodation, ExtraDays
from quizzes.policy import NO_NEEDS, Needs
from quizzes.services.accommodating import set_accommodation
from tests.personas import AT, World
from tests.quizzes.test_duties import FRIDAY, asked

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
WEEK = Needs(extra_days=7)


def needs(world: World, wanted: Needs, at) -> None:
    place = world.harbour
    set_accommodation(membership=place.learner, actor=place.trainer, needs=wanted, at=at)


def days_on(world: World, at) -> int:
    found = extra_days_on(world.harbour.organization.pk, at)
    assert found == extra_days_on(world.harbour.organization.pk, at, [world.harbour.learner.id])
    assert extra_days_on(world.harbour.organization.pk, at, [world.harbour.stranger.id]) == {}
    assert extra_days_on(world.lighthouse.organization.pk, at) == {}
    return found.get(world.harbour.learner.id, 0)


def test_each_change_leaves_the_days_before_as_they_were(world: World) -> None:
    needs(world, WEEK, AT)
    needs(world, Needs(extra_days=7, extra_time=50), AT + DAY)  # no change of days
    needs(world, Needs(extra_days=2), AT + 3 * DAY)
    needs(world, NO_NEEDS, AT + 5 * DAY)
    assert [days_on(world, AT + n * DAY) for n in (-1, 0, 2, 3, 4, 5)] == [0, 7, 7, 2, 2, 0]
    assert ExtraDays.objects.of_person(world.harbour.learner).count() == 2


def test_what_is_due_is_told_by_the_days_of_then(world: World) -> None:
    place = world.harbour
    asked(place, place.learner)
    needs(world, WEEK, AT + 2 * DAY)
    dues = [duties_of(place.learner, at=AT + n * DAY)[0].due_at for n in (1, 2)]
    assert dues == [FRIDAY, FRIDAY + 7 * DAY]
    needs(world, NO_NEEDS, AT + 4 * DAY)
    dues = [duties_of(place.learner, at=AT + n * DAY)[0].due_at for n in (1, 2, 4)]
    assert dues == [FRIDAY, FRIDAY + 7 * DAY, FRIDAY]


def test_erasure_ends_it_and_takes_nothing_from_the_days_before(world: World) -> None:
    place = world.harbour
    needs(world, WEEK, AT)
    load_command_class("modules", "erase_person").erase(place.learner.user, "")
    assert not Accommodation.objects.of_person(place.learner).exists()
    row = ExtraDays.objects.of_person(place.learner).get()
    assert row.until is not None
    assert days_on(world, AT) == 7
    assert days_on(world, row.until) == 0


def test_the_check_finds_a_history_that_does_not_end_with_today(world: World) -> None:
    """Four faults that only a hand in the database makes, and what people do leaves none."""
    place, other = world.harbour, world.lighthouse
    needs(world, WEEK, AT)
    needs(world, Needs(extra_days=2), AT + DAY)
    set_accommodation(
        membership=place.stranger, actor=place.trainer, needs=Needs(extra_time=50), at=AT
    )
    assert differences(place.organization.pk) == []
    rows = Accommodation.objects.of_person(place.learner)
    history = ExtraDays.objects.of_person(place.learner)
    said = [f"extra days of {place.learner.id}"]

    rows.update(extra_days=9)  # other days than the history says
    assert differences(place.organization.pk) == said
    rows.update(extra_days=0)  # none, and the history says two
    assert differences(place.organization.pk) == said
    rows.update(extra_days=2)
    assert differences(place.organization.pk) == []
    history.lasting().end(AT + 2 * DAY)  # two, and the history says none
    assert differences(place.organization.pk) == said
    rows.delete()
    assert differences(place.organization.pk) == []
    with connection.cursor() as cursor:
        cursor.execute("UPDATE quizzes_extradays SET until = NULL WHERE days = 2")
    assert differences(place.organization.pk) == said
    assert differences(other.organization.pk) == []


def test_self_check_says_it_and_fails(world: World) -> None:
    needs(world, WEEK, AT)
    ours, theirs = self_check.places(AT)
    assert {ours.state, theirs.state} == {"fine"}
    Accommodation.objects.of_person(world.harbour.learner).update(extra_days=1)
    wrong = {one.sentence: one.state for one in self_check.places(AT)}
    ((sentence, state),) = [pair for pair in wrong.items() if "harbour" in pair[0]]
    assert state == "wrong"
    assert f"first about extra days of {world.harbour.learner.id}" in sentence


def test_the_database_refuses_two_that_last_and_nobody_rewrites_one(world: World) -> None:
    needs(world, WEEK, AT)
    row = ExtraDays.objects.of_person(world.harbour.learner).get()
    with pytest.raises(IntegrityError), transaction.atomic():
        ExtraDays.objects.create(
            organization_id=row.organization_id, membership_id=row.membership_id, days=1, since=AT
        )
    row.days = 9
    with pytest.raises(AppendOnlyError):
        row.save()


def test_the_upgrade_begins_with_the_rows_of_today(world: World) -> None:
    needs(world, WEEK, AT)
    place = world.harbour
    set_accommodation(
        membership=place.stranger, actor=place.trainer, needs=Needs(extra_time=50), at=AT
    )
    first = importlib.import_module("quizzes.migrations.0007_first_extra_days")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM quizzes_extradays")
        assert days_on(world, AT) == 0
        cursor.execute(first.DAYS)
    assert [days_on(world, AT + n * DAY) for n in (-1, 0, 9)] == [0, 7, 7]
    needs(world, NO_NEEDS, AT + DAY)  # and it goes on from there
    assert days_on(world, AT + DAY) == 0
