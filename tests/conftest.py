"""What every test gets: all databases, compiled catalogues, and skips that say why."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.utils import translation

from course.catalogues import compile_catalogues

DATABASE_FIXTURES = {"db": False, "transactional_db": True, "live_server": True}
# Chosen by a make target; a plain `pytest` leaves them out.
CHOSEN = {"benchmark": "make bench", "browser": "make test-browser"}


def pytest_configure(config: pytest.Config) -> None:
    """Malay pages are tested too, and a fresh clone has no compiled catalogues."""
    compile_catalogues([Path(folder) for folder in settings.LOCALE_PATHS])


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Open all databases for database tests, and skip what does not fit this run."""
    for item in items:
        open_all_databases(item)
        for name, target in CHOSEN.items():
            if item.get_closest_marker(name) and name not in config.option.markexpr:
                item.add_marker(pytest.mark.skip(reason=f"run by `{target}`"))
        for vendor, name in (("postgresql", "postgres"), ("sqlite", "sqlite")):
            if item.get_closest_marker(name) and connection.vendor != vendor:
                item.add_marker(pytest.mark.skip(reason=f"only on {vendor}"))
    if connection.vendor == "postgresql" and "browser" in config.option.markexpr:
        leave_out_what_asks_no_database(config, items)


def leave_out_what_asks_no_database(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The suite has run on SQLite as well: a test without a database would say the same again."""
    asks = [one for one in items if one.get_closest_marker("django_db")]
    if len(asks) < len(items):
        config.hook.pytest_deselected(
            items=[one for one in items if not one.get_closest_marker("django_db")]
        )
        items[:] = asks


def open_all_databases(item: pytest.Item) -> None:
    """Sessions live in a second SQLite file, so a test of one database would be half a test."""
    fixtures = getattr(item, "fixturenames", ())
    marker = item.get_closest_marker("django_db")
    asked = [transactional for name, transactional in DATABASE_FIXTURES.items() if name in fixtures]
    if marker is None and not asked:
        return
    options = dict(marker.kwargs) if marker else {}
    options.setdefault("databases", "__all__")
    if any(asked):
        options["transaction"] = True
    item.add_marker(
        pytest.mark.django_db(*(marker.args if marker else ()), **options), append=False
    )


@pytest.fixture(autouse=True)
def own_language() -> Iterator[None]:
    """A request of somebody who reads Malay leaves the thread in Malay; every test begins anew."""
    yield
    translation.deactivate()


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The system's Chromium; the test is skipped, with a reason, where there is none."""
    candidates = (
        os.environ.get("KENALI_CHROMIUM", ""),
        "/usr/bin/chromium",
        "/usr/bin/google-chrome",
    )
    for candidate in candidates:
        if candidate and Path(candidate).exists():
            return candidate
    reason = "no Chromium: set KENALI_CHROMIUM to its path"
    if os.environ.get("KENALI_TEST_REQUIRE_ALL"):
        pytest.fail(reason)
    pytest.skip(reason)
