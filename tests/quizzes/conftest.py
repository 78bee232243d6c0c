"""What tests of the middle floor share."""

import pytest

from tests.personas import World, make_world


@pytest.fixture
def world(db: None) -> World:
    """Both organisations and the seven personas."""
    return make_world()
