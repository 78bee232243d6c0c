"""Several threads that do the same thing at the same moment, each on its own connections."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from django.db import connections

T = TypeVar("T")
PATIENCE = 30.0  # seconds; a deadlock then fails the test instead of hanging it


def at_once(*calls: Callable[[], T], refusals: type[Exception]) -> list[T | Exception]:
    """What each call returned, or the refusal it raised; any other error is raised here."""
    start = Barrier(len(calls), timeout=PATIENCE)

    def run(call: Callable[[], T]) -> T | Exception:
        try:
            start.wait()
            return call()
        except refusals as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [one.result(PATIENCE) for one in [pool.submit(run, call) for call in calls]]
