"""The two organisations, for every test of the ground floor that asks for `world`."""

import pytest

from tests.personas import World, make_world


@pytest.fixture
def world(db: None) -> World:
    """Both organisations and the seven personas."""
    return make_world()
