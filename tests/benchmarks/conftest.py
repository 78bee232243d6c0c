"""One prepared site for all benchmarks of a run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.benchmarks.serving import manage, site_environment

SESSION = """
from importlib import import_module
from django.conf import settings
from course.models import User, Membership
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
user = User.objects.get(username="%s")
store = import_module(settings.SESSION_ENGINE).SessionStore()
store[SESSION_KEY] = str(user.pk)
store[BACKEND_SESSION_KEY] = "%s"
store[HASH_SESSION_KEY] = user.get_session_auth_hash()
store.create()
print(f"{settings.SESSION_COOKIE_NAME}={store.session_key}; {settings.CSRF_COOKIE_NAME}={'k' * 32}")
"""


@dataclass(frozen=True)
class Site:
    """A prepared data directory with the real course and the demo people."""

    environment: dict[str, str]

    def cookie_of(self, username: str, backend: str = "course.backends.PersonBackend") -> str:
        """The two cookies a browser of this person sends, as the value of a Cookie header."""
        out = manage(self.environment, "shell", "-v0", "-c", SESSION % (username, backend))
        return out.strip().splitlines()[-1]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Migrated, loaded, seeded, with compressed static files: what `make run` would serve."""
    data: Path = tmp_path_factory.mktemp("site")
    environment = site_environment(data)
    manage(environment, "up", "--no-serve")
    return Site(environment)
