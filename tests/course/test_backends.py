"""The person of a session comes with their places, in one query, and only while they may act."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from course.backends import PersonBackend
from course.models import User
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
