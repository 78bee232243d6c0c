"""The person of a session comes with their places, in one query, and only while they may act."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from course.backends import _PLACES, PersonBackend
from course.models import Membership, User
from tests.personas import World


@pytest.fixture
def backend() -> PersonBackend:
    return PersonBackend()


def test_a_person_comes_with_active_places_in_one_query(
    world: World, backend: PersonBackend, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(1):
        user = backend.get_user(world.harbour.learner.user_id)
        assert user is not None
        places = user.active_places or []
        assert [one.organization.name for one in places] == [world.harbour.organization.name]
        assert all(one.user is user for one in places)


def test_a_place_that_was_closed_is_not_among_them(world: World, backend: PersonBackend) -> None:
    learner = world.harbour.learner
    learner.is_active = False
    learner.save()
    user = backend.get_user(learner.user_id)
    assert user is not None  # the person exists, and has nowhere to act
    assert not user.active_places


def test_who_is_switched_off_or_unknown_is_nobody(world: World, backend: PersonBackend) -> None:
    User.objects.filter(pk=world.harbour.learner.user_id).update(is_active=False)
    assert backend.get_user(world.harbour.learner.user_id) is None
    assert backend.get_user(uuid4()) is None


def test_the_statement_that_is_put_together_once_reads_what_the_queryset_reads(
    world: World,
) -> None:
    place = world.harbour
    Membership.objects.filter(pk=place.learner.pk).update(manager_id=place.trainer.id)

    def told(one: Membership) -> list[Any]:
        parts: list[Any] = [one, one.user, one.organization]
        values = [
            [getattr(part, field.attname) for field in part._meta.concrete_fields] for part in parts
        ]
        return [*values, one.leads, one._state.db, one._state.adding]

    for person in (place.learner, place.trainer, place.administrator, world.lighthouse.learner):
        usual = Membership.objects.of_user(person.user_id).with_leads()
        found = _PLACES.rows(person.user_id)
        assert [told(one) for one in found] == [told(one) for one in usual.order_by()]
        assert [one.leads for one in found] == [person.id == place.trainer.id]
    assert _PLACES.rows(uuid4()) == []
