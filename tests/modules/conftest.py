"""Courses for tests of the top floor: a small made-up one, and the real one."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager

import pytest
from django.conf import settings
from django.db import connections
from django.test.utils import CaptureQueriesContext

from modules.outline import Outline
from modules.published import current_outline
from modules.services.loading import load_course
from tests.modules.making import publish_made_up
from tests.personas import AT, World, make_world


@pytest.fixture
def world(db: None) -> World:
    """Both organisations and the seven personas."""
    return make_world()


@pytest.fixture
def small_course(db: None) -> Outline:
    """Two modules of two lessons of three steps."""
    return publish_made_up()


@pytest.fixture
def real_course(db: None) -> Outline:
    """What is shipped. Takes seconds: ask for it only where the real words matter."""
    load_course(root=settings.BASE_DIR, at=AT)
    return current_outline()


@pytest.fixture
def queries() -> Callable[[], AbstractContextManager[list[int]]]:
    """A context that counts on all databases together; its list then holds the one number."""

    @contextmanager
    def counting() -> Iterator[list[int]]:
        counted: list[int] = []
        with ExitStack() as stack:
            captured = [
                stack.enter_context(CaptureQueriesContext(connections[alias]))
                for alias in connections
            ]
            yield counted
            counted.append(sum(len(one) for one in captured))

    return counting
