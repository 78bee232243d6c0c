"""Whole attempts a second: begin, every answer, hand in, as browsers would, at 1, 8 and 32 at once.

On SQLite always; on PostgreSQL when KENALI_TEST_POSTGRES_URL names a database that may be filled.
"""

from __future__ import annotations

import http.client
import os
import re
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from urllib.parse import urlencode
from uuid import uuid4

import pytest

from tests.benchmarks.serving import manage, serving, site_environment

AT_ONCE = (1, 8, 32)
PEOPLE = """
from importlib import import_module
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.utils import timezone
from course.models import Membership, Organization, User
from course.roles import Role
from quizzes.listing import entries_for
organization = Organization.objects.get(key="harbour")
at = timezone.now()
for number in range(%d):
    user, _ = User.objects.get_or_create(username=f"bench-{number}", defaults={"joined_at": at})
    person, _ = Membership.objects.get_or_create(
        organization_id=organization.pk, user_id=user.pk,
        defaults={"role": Role.LEARNER.value, "joined_at": at})
    person = Membership.objects.of_user(user).get()
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    final = next(e.quiz.key for e in entries_for(person, at=at) if e.quiz.kind == "final")
    print(f"{settings.SESSION_COOKIE_NAME}={store.session_key} {final}")
"""
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
FIELD = re.compile(r'name="(marked|concern|chosen|place-\w+|level-\w+|match-\w+|rating-\w+)"')
VALUE = re.compile(r'name="%s"[^>]*value="([^"]+)"')


@dataclass
class Walker:
    """One learner with a browser: cookies, the open connection, and what was asked so far."""

    port: int
    cookie: str
    requests: int = 0
    waits: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        self.token = ""

    def ask(
        self, method: str, path: str, fields: dict[str, object] | None = None
    ) -> tuple[str, str]:
        """One request; the body and where it leads. Raises AssertionError for an error page."""
        begun = time.perf_counter()
        body = urlencode(fields or {}, doseq=True) if method == "POST" else None
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        self.connection.request(method, path, body=body, headers=headers)
        answer = self.connection.getresponse()
        text = answer.read().decode()
        self.waits.append(time.perf_counter() - begun)
        self.requests += 1
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie" and value.startswith("csrf="):
                self.cookie += "; " + value.split(";")[0]
        if found := TOKEN.search(text):
            self.token = found.group(1)
        assert answer.status in {200, 302, 303}, f"{method} {path}: {answer.status} {text[:200]}"
        return text, answer.getheader("Location") or ""

    def post(self, path: str, fields: dict[str, object]) -> str:
        """A form, and where it leads."""
        return self.ask("POST", path, fields | {"csrfmiddlewaretoken": self.token})[1]

    def take(self, quiz: str) -> None:
        """A whole attempt."""
        self.ask("GET", f"/quizzes/{quiz}/")
        here = self.post(f"/quizzes/{quiz}/start/", {})
        while "results" not in here:
            _text, onward = (
                self.ask("GET", here) if not re.search(r"/\d+/$|overview", here) else ("", "")
            )
            here = onward or here
            text, _ = self.ask("GET", here)
            if here.endswith("overview/"):
                here = self.post(here.replace("overview", "submit"), {})
            else:
                here = self.post(here, answer_of(text))
        self.ask("GET", here)


def answer_of(page: str) -> dict[str, object]:
    """Some valid answer to whatever is asked: the first choice everywhere, places in order."""
    key = re.search(r'name="key" value="([^"]+)"', page)
    fields: dict[str, object] = {"key": key.group(1) if key else str(uuid4()), "wants": ""}
    places = 0
    for name in dict.fromkeys(FIELD.findall(page)):
        if name.startswith("place-"):
            places += 1
            fields[name] = places
        elif name.startswith("match-"):
            fields[name] = ""
        elif found := re.search(rf'name="{name}"[^>]*value="([^"]+)"', page):
            fields[name] = found.group(1)
    return fields


def run(port: int, people: list[tuple[str, str]]) -> tuple[float, int, float, float]:
    """All people at once: attempts per second, requests per attempt, median and p99 in ms."""
    walkers = [Walker(port, cookie) for cookie, _quiz in people]
    problems: list[BaseException] = []

    def walk(walker: Walker, quiz: str) -> None:
        try:
            walker.take(quiz)
        except BaseException as problem:  # noqa: BLE001 -- shown by the main thread
            problems.append(problem)
        finally:
            walker.connection.close()

    threads = [
        threading.Thread(target=walk, args=[walker, quiz])
        for walker, (_cookie, quiz) in zip(walkers, people, strict=True)
    ]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    taken = time.perf_counter() - begun
    assert not problems, problems[0]
    waits = sorted(wait for walker in walkers for wait in walker.waits)
    p99 = waits[min(len(waits) - 1, int(len(waits) * 0.99))]
    return len(people) / taken, walkers[0].requests, 1000 * median(waits), 1000 * p99


def databases(folder: Path) -> list[tuple[str, dict[str, str]]]:
    """SQLite, and PostgreSQL where one is lent."""
    sites = [("SQLite", site_environment(folder / "sqlite"))]
    if address := os.environ.get("KENALI_TEST_POSTGRES_URL"):
        postgres = site_environment(folder / "postgres") | {"DATABASE_URL": address}
        sites.append(("PostgreSQL", postgres))
    return sites


@pytest.mark.benchmark
def test_whole_attempts(tmp_path: Path) -> None:
    print("\ndatabase    at once  attempts/s  requests  p50 ms  p99 ms")
    for name, environment in databases(tmp_path):
        manage(environment, "up", "--no-serve")
        lines = manage(environment, "shell", "-v0", "-c", PEOPLE % sum(AT_ONCE)).split("\n")
        people = [(one.split()[0], one.split()[1]) for one in lines if one.strip()]
        with serving("course.wsgi", environment, path="/healthz") as port:
            for number in AT_ONCE:
                batch, people = people[:number], people[number:]
                rate, requests, p50, p99 = run(port, batch)
                print(f"{name:10} {number:8} {rate:11.2f} {requests:9} {p50:7.1f} {p99:7.1f}")
                assert requests > 2
        check = manage(environment, "rebuild_rollups", "--check")
        assert "0 differ" in check
