"""The brake: the figures, bursts, spraying, a victim on a known device, forged headers."""

import ast
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from threading import Barrier, BoundedSemaphore, Event

import pytest
from django.conf import settings
from django.db import connections
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django import Settings

from course.management.commands.up import THREADS
from course.models import ThrottleCounter, User
from course.services import throttle
from course.services.accounts import WrongNameOrPassphrase, check_passphrase
from course.services.codes import SIGN_IN_LENGTH
from course.services.sign_in_links import create_sign_in_link, use_sign_in_link
from course.services.throttle import (
    DEVICE_COOKIE,
    HASHES_IN_LINE,
    Origin,
    TooBusy,
    TooManyGuesses,
    client_address,
    forgive_guess,
    hash_place,
    known_device,
    network_of,
    purge_counters,
    remember_device,
    reserve_guess,
)
from tests.personas import AT, PASSPHRASE, World, make_user

pytestmark = pytest.mark.django_db


def passed(number: int, guess: Callable[[int], object]) -> int:
    """How many of so many guesses were let through."""
    through = 0
    for one in range(number):
        try:
            guess(one)
        except TooManyGuesses:
            continue
        through += 1
    return through


def from_network(number: int) -> Origin:
    return Origin(network=f"10.0.{number // 250}.{number % 250}")


def test_ten_an_hour_for_one_account_from_one_network() -> None:
    origin = from_network(1)
    assert passed(30, lambda _n: reserve_guess(origin=origin, account="mel", at=AT)) == 10


def test_a_hundred_an_hour_from_one_network_however_many_names() -> None:
    origin = from_network(1)
    assert passed(400, lambda n: reserve_guess(origin=origin, account=f"a{n}", at=AT)) == 100


def test_fifty_an_hour_for_one_account_however_many_networks() -> None:
    assert passed(120, lambda n: reserve_guess(origin=from_network(n), account="mel", at=AT)) == 50


def test_codes_and_links_share_the_budget_of_the_network() -> None:
    origin = from_network(1)
    assert passed(60, lambda n: reserve_guess(origin=origin, account=f"a{n}", at=AT)) == 60
    assert passed(60, lambda _n: reserve_guess(origin=origin, at=AT)) == 40


def test_there_is_an_overall_limit_for_passphrases_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """A botnet that uses it up must not close the door for people with a card."""
    monkeypatch.setattr(throttle, "OVERALL", 20)
    assert passed(40, lambda n: reserve_guess(origin=from_network(n), account=f"a{n}", at=AT)) == 20
    assert passed(40, lambda n: reserve_guess(origin=from_network(n), at=AT)) == 40


def test_a_one_time_link_opens_whatever_an_attacker_has_used_up(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "OVERALL", 20)
    user, office = world.users["learner"], from_network(1)
    code = create_sign_in_link(user=user, at=AT)
    passed(200, lambda n: reserve_guess(origin=office, account=f"a{n % 30}", at=AT))
    passed(200, lambda _n: reserve_guess(origin=office, at=AT))
    with pytest.raises(TooManyGuesses):
        use_sign_in_link(text="A" * SIGN_IN_LENGTH, origin=office, at=AT)
    assert use_sign_in_link(text=code, origin=office, at=AT) == user


def test_no_stretch_of_an_hour_holds_more_and_no_lock_outlives_it() -> None:
    origin = from_network(1)

    def guesses(at: datetime) -> int:
        return passed(11, lambda _n: reserve_guess(origin=origin, account="mel", at=at))

    start = AT + timedelta(minutes=9, seconds=59)
    assert guesses(start) == 10
    for minutes in (1, 20, 50, 60):
        assert guesses(start + timedelta(minutes=minutes)) == 0, minutes
    # Refused guesses were not counted, so hammering does not prolong the wait.
    assert guesses(start + timedelta(minutes=71)) == 10


def test_right_answers_are_given_back() -> None:
    """A class of forty signs in behind one address, twice, and nobody is slowed down."""
    origin = from_network(1)
    for number in range(240):
        forgive_guess(guess=reserve_guess(origin=origin, account=f"a{number % 40}", at=AT))
    assert passed(11, lambda _n: reserve_guess(origin=origin, account="a1", at=AT)) == 10


def test_a_victim_on_a_known_device_is_never_locked_out(world: World) -> None:
    user = world.users["learner"]
    cookie = device_cookie(user)
    office = from_network(7)
    for number in range(400):  # an attacker, from the same office and from everywhere
        origin = office if number < 200 else from_network(number)
        with pytest.raises((WrongNameOrPassphrase, TooManyGuesses)):
            check_passphrase(username=user.username, passphrase="wrong words", origin=origin, at=AT)
    with pytest.raises(TooManyGuesses):
        reserve_guess(origin=office, account=user.username, user=user, at=AT)
    known = Origin(network=office.network, device_cookie=cookie)
    assert (
        passed(12, lambda _n: reserve_guess(origin=known, account=user.username, user=user, at=AT))
        == 10
    )  # the device has a limit too, its own


def device_cookie(user: User) -> str:
    response = HttpResponse()
    remember_device(RequestFactory().get("/"), response, user)
    return response.cookies[DEVICE_COOKIE].value


def test_a_known_device_knows_only_its_people(world: World) -> None:
    learner, trainer = world.users["learner"], world.users["trainer"]
    cookie = device_cookie(learner)
    assert known_device(cookie, learner)
    assert not known_device(cookie, trainer)
    assert not known_device(cookie[:-1] + ("A" if cookie[-1] != "A" else "B"), learner)
    assert not known_device("", learner)
    assert str(learner.pk) not in cookie
    assert learner.username not in cookie
    learner.set_password("another set of words")
    assert not known_device(cookie, learner), "a new passphrase forgets old devices"


def test_one_cookie_knows_five_people() -> None:
    people = [make_user(f"p{number}") for number in range(6)]
    request, cookie = RequestFactory().get("/"), ""
    for user in people:
        request.COOKIES[DEVICE_COOKIE] = cookie
        response = HttpResponse()
        remember_device(request, response, user)
        cookie = response.cookies[DEVICE_COOKIE].value
    assert [bool(known_device(cookie, user)) for user in people] == [False] + [True] * 5


def test_an_empty_name_counts_for_nobody() -> None:
    for _ in range(200):
        with pytest.raises(WrongNameOrPassphrase):
            check_passphrase(username="  ", passphrase="x", origin=from_network(1), at=AT)
    assert ThrottleCounter.objects.count() == 0


def test_forwarding_headers_are_ignored_without_a_proxy(settings: Settings) -> None:
    request = RequestFactory().get(
        "/", REMOTE_ADDR="10.1.1.1", HTTP_X_FORWARDED_FOR="1.2.3.4, 5.6.7.8"
    )
    settings.KENALI_PROXY_COUNT = 0
    assert client_address(request) == "10.1.1.1"
    settings.KENALI_PROXY_COUNT = 1
    assert client_address(request) == "5.6.7.8"
    settings.KENALI_PROXY_COUNT = 2
    assert client_address(request) == "1.2.3.4"
    settings.KENALI_PROXY_COUNT = 3
    assert client_address(request) == "10.1.1.1", "fewer entries than proxies: the peer"


def test_a_forged_header_buys_no_budget(world: World, settings: Settings) -> None:
    settings.KENALI_PROXY_COUNT = 0
    statuses = []
    for number in range(14):
        answer = Client().post(
            reverse("course:sign_in"),
            {"username": world.users["learner"].username, "passphrase": "wrong words here"},
            HTTP_X_FORWARDED_FOR=f"203.0.113.{number}",
        )
        statuses.append(answer.status_code)
    assert statuses == [422] * 10 + [429] * 4


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2ff:3::1", "2001:db8:1:200::/56"),
        ("fe80::1%eth0", "fe80::/56"),
        ("", "unknown"),
        ("<script>", "unknown"),
    ],
)
def test_networks(address: str, network: str) -> None:
    assert network_of(address) == network


def test_counters_hold_neither_names_nor_addresses_and_die(world: World) -> None:
    reserve_guess(origin=Origin(network="192.0.2.7"), account="mel", at=AT)
    stored = str(list(ThrottleCounter.objects.values()))
    assert "192.0.2.7" not in stored
    assert "mel" not in stored
    assert purge_counters(at=AT + timedelta(hours=23)) == 0
    reserve_guess(origin=Origin(network="192.0.2.8"), account="jo", at=AT + timedelta(hours=25))
    assert ThrottleCounter.objects.filter(slice_start__lt=AT + timedelta(hours=1)).count() == 0


def calls_of(*wanted: str) -> set[tuple[str, str]]:
    """(file, function called) for every call of one of these names in the product."""
    found = set()
    for floor in ("course", "quizzes", "modules"):
        for file in (Path(settings.BASE_DIR) / floor).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                called = node.func if isinstance(node, ast.Call) else None
                name = getattr(called, "id", getattr(called, "attr", ""))
                if name in wanted:
                    found.add((str(file.relative_to(settings.BASE_DIR)), name))
    return found


def test_there_is_one_door_and_it_is_braked() -> None:
    """A second place that signs people in, or compares a secret, would be a way around."""
    assert calls_of("login", "alogin", "authenticate", "aauthenticate", "force_login") == {
        ("course/views/door.py", "login")
    }
    assert calls_of("check_password", "acheck_password") == {
        ("course/services/accounts.py", "check_password")
    }
    assert calls_of("with_code_hash") == {
        ("course/services/invitations.py", "with_code_hash"),
        # A calendar address: nobody types its 24 signs, and it says only that something is due.
        ("modules/access.py", "with_code_hash"),
    }
    views = {name for file, name in calls_of("LoginView", "AuthenticationForm")}
    assert views == set()


@pytest.mark.django_db(transaction=True)
def test_a_burst_gets_no_more_than_the_budget() -> None:
    origin = from_network(1)

    def guess(_number: int) -> bool:
        try:
            reserve_guess(origin=origin, account="mel", at=AT)
        except TooManyGuesses:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(8) as pool:
        through = sum(pool.map(guess, range(60)))
    # Refusals of a burst may take each other's place for a moment, but never add one.
    assert 1 <= through <= 10
    rows = ThrottleCounter.objects.values_list("count", flat=True)
    assert all(count == through for count in rows)


def test_slow_hashes_are_capped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "HASH_WAIT_SECONDS", 0.01)
    with hash_place(), hash_place(), pytest.raises(TooBusy), hash_place():
        pass
    with hash_place(), hash_place():  # every place was given back
        pass


def test_signing_in_never_takes_every_thread() -> None:
    """One thread of each process always stays free to store answers."""
    assert HASHES_IN_LINE < THREADS
    busy, go = Barrier(HASHES_IN_LINE + 1, timeout=20), Event()

    def sign_in() -> None:
        with hash_place():
            busy.wait()
            go.wait(20)

    monkeypatch = pytest.MonkeyPatch()
    monkeypatch.setattr(throttle, "_places", BoundedSemaphore(HASHES_IN_LINE))
    with ThreadPoolExecutor(HASHES_IN_LINE) as pool:
        waiting = [pool.submit(sign_in) for _ in range(HASHES_IN_LINE)]
        busy.wait()
        started = time.perf_counter()
        with pytest.raises(TooBusy), hash_place():
            pass
        assert time.perf_counter() - started < 1.0, "the one too many does not wait"
        go.set()
        assert [one.result(20) for one in waiting] == [None] * HASHES_IN_LINE
    monkeypatch.undo()


def test_a_busy_server_says_so_and_loses_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "HASH_WAIT_SECONDS", 0.01)
    with hash_place(), hash_place():
        answer = Client().post(
            reverse("course:sign_in"), {"username": "jo-with-long-name", "passphrase": PASSPHRASE}
        )
    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"
    assert "jo-with-long-name" in answer.content.decode()
    assert PASSPHRASE not in answer.content.decode()
