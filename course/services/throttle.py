"""One brake for everything that can be guessed: passphrases, sign-in codes, invitation codes.

How it counts
- In the database, in slices of ten minutes. A limit of an hour looks at the running slice and the
  six before it, so that no stretch of 60 minutes ever holds more than the limit.
- A guess is reserved before the secret is compared (a burst cannot slip through), and given back
  when the secret was right or when the guess was refused. So only wrong guesses stay, a class that
  signs in behind one address is not slowed down, and no lock outlives its hour.
- A device that has signed in before has a budget of its own. Nobody else's guesses touch it, so an
  attacker cannot lock its owner out.
- A one-time link is compared first and counted only when it was wrong: 117 random bits cannot be
  guessed, so it is the way in that no attacker can close (services/sign_in_links.py).

Figures: per account and network 10 an hour, per network 100, per account 50, all passphrases
together 3000. Counters hold keyed hashes, never an address or a name, and are removed after a day.
"""

import ipaddress
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import BoundedSemaphore
from typing import Final

from django.conf import settings
from django.core import signing
from django.db.models import F, Sum
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, get_random_string, salted_hmac
from django.utils.translation import gettext_lazy as _

from course.models import ThrottleCounter, User
from course.services import Refused

PER_ACCOUNT_AND_NETWORK: Final = 10
PER_DEVICE: Final = 10
PER_NETWORK: Final = 100
PER_ACCOUNT: Final = 50
OVERALL: Final = 3000

SLICE: Final = timedelta(minutes=10)
WINDOW: Final = timedelta(hours=1)
KEEP: Final = timedelta(hours=24)

DEVICE_COOKIE: Final = f"{settings.KENALI_COOKIE_PREFIX}known"
DEVICE_SECONDS: Final = 180 * 24 * 3600
DEVICE_PEOPLE: Final = 5  # a shared phone may know a few people, not a whole town
DEVICE_SALT: Final = "kenali.device"

# Per process. One thread of the four that `up` starts is never taken by signing in, so that a flood
# of sign-ins cannot keep answers from being stored.
HASHES_AT_ONCE: Final = 2
HASHES_IN_LINE: Final = 3  # those at work and those that wait
HASH_WAIT_SECONDS: Final = 5.0

security_log = logging.getLogger("kenali.security")


class TooManyGuesses(Refused):
    """The budget of this hour is used up. Says the same whoever is meant."""

    def __init__(self) -> None:
        super().__init__(
            _("Too many tries. Wait an hour and try again, or ask for a one-time link.")
        )


class TooBusy(Refused):
    """All places for slow hashes are taken. The request may simply be repeated."""

    def __init__(self) -> None:
        super().__init__(_("Many people are signing in at this moment. Please try again."))


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where a guess comes from: a network, and perhaps a device known to the account."""

    network: str
    device_cookie: str = ""


@dataclass(frozen=True)
class Budget:
    """One counter and how far it may go within an hour."""

    key: str
    limit: int


@dataclass(frozen=True, kw_only=True)
class Guess:
    """A reserved guess; hand it to `forgive_guess` when the secret was right."""

    budgets: tuple[Budget, ...]
    slice_start: datetime


# --- where a request comes from -----------------------------------------------------------------


def origin_of(request: HttpRequest) -> Origin:
    """The origin of a request. Forwarding headers count only behind that many known proxies."""
    return Origin(
        network=network_of(client_address(request)),
        device_cookie=request.COOKIES.get(DEVICE_COOKIE, ""),
    )


def client_address(request: HttpRequest) -> str:
    """The peer's address, or, behind n proxies, the n-th entry from the right of the header."""
    peer = str(request.META.get("REMOTE_ADDR", ""))
    proxies = int(getattr(settings, "KENALI_PROXY_COUNT", 0))
    if proxies < 1:
        return peer
    entries = [one.strip() for one in request.headers.get("X-Forwarded-For", "").split(",")]
    entries = [one for one in entries if one]
    return entries[-proxies] if len(entries) >= proxies else peer


def network_of(address: str) -> str:
    """One IPv4 address, or the /56 that one IPv6 customer gets; "unknown" for anything else."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 56), strict=False))
    return str(parsed)


# --- counting -----------------------------------------------------------------------------------


def reserve_guess(
    *, origin: Origin, account: str = "", user: User | None = None, at: datetime
) -> Guess:
    """Count one guess before the secret is looked at. Raises TooManyGuesses, having taken it back.

    `account` is the normalised sign-in name that was typed, whether it exists or not; empty for
    secrets that name no account (codes and links). `user` is that account if it exists.
    """
    budgets = _budgets(origin, account, user)
    guess = Guess(budgets=budgets, slice_start=_slice_of(at))
    for budget in budgets:
        _add(budget.key, guess.slice_start, 1)
    if any(_counted(budget.key, guess.slice_start) > budget.limit for budget in budgets):
        forgive_guess(guess=guess)
        security_log.warning("guesses refused: a budget of this hour is used up")
        raise TooManyGuesses
    return guess


def forgive_guess(*, guess: Guess) -> None:
    """Take a reserved guess back: the secret was right, or was never looked at."""
    for budget in guess.budgets:
        _add(budget.key, guess.slice_start, -1)


def spend(*, purpose: str, account: str, number: int, limit: int, at: datetime) -> bool:
    """Take a number from what an account may use within an hour; False, and nothing, if it is over.

    For what is counted but not guessed. Of two at once both may be refused, never both let through.
    """
    key, start = _key(purpose, account), _slice_of(at)
    _add(key, start, number)
    if _counted(key, start) <= limit:
        return True
    _add(key, start, -number)
    return False


def read_slices(*, purpose: str, account: str, at: datetime) -> dict[datetime, int]:
    """What was spent within the hour: start of the slice -> number."""
    rows = ThrottleCounter.objects.filter(
        key=_key(purpose, account), slice_start__gte=_slice_of(at) - WINDOW
    )
    return dict(rows.values_list("slice_start", "count"))


def purge_counters(*, at: datetime) -> int:
    """Remove counters older than a day; returns how many rows went."""
    deleted, _kinds = ThrottleCounter.objects.filter(slice_start__lt=at - KEEP).delete()
    return deleted


def _budgets(origin: Origin, account: str, user: User | None) -> tuple[Budget, ...]:
    if user is not None and (device := known_device(origin.device_cookie, user)):
        return (Budget(_key("device", account, device), PER_DEVICE),)
    budgets = [Budget(_key("network", origin.network), PER_NETWORK)]
    if account:
        # Codes and links have no overall budget: they are too long to be guessed by many together,
        # and must still open when an attacker has used up the budget of the passphrases.
        budgets += [
            Budget(_key("overall"), OVERALL),
            Budget(_key("account+network", account, origin.network), PER_ACCOUNT_AND_NETWORK),
            Budget(_key("account", account), PER_ACCOUNT),
        ]
    return tuple(budgets)


def _key(*parts: str) -> str:
    return salted_hmac("kenali.throttle", "\0".join(parts), algorithm="sha256").hexdigest()


def _slice_of(at: datetime) -> datetime:
    seconds = int(SLICE.total_seconds())
    return at.replace(microsecond=0) - timedelta(seconds=int(at.timestamp()) % seconds)


def _add(key: str, slice_start: datetime, number: int) -> None:
    """One atomic addition; the row is made when it is missing. Two processes never lose a count."""
    rows = ThrottleCounter.objects.filter(key=key, slice_start=slice_start)
    if rows.update(count=F("count") + number):
        return
    ThrottleCounter.objects.bulk_create(
        [ThrottleCounter(key=key, slice_start=slice_start, count=0)], ignore_conflicts=True
    )
    rows.update(count=F("count") + number)
    purge_counters(at=slice_start)  # one index look-up, once for each new counter


def _counted(key: str, slice_start: datetime) -> int:
    rows = ThrottleCounter.objects.filter(key=key, slice_start__gte=slice_start - WINDOW)
    return rows.aggregate(total=Sum("count"))["total"] or 0


# --- known devices ------------------------------------------------------------------------------


def known_device(cookie: str, user: User) -> str:
    """The device's id when this cookie was given after a sign-in of this person, else "".

    A new passphrase makes the devices of the old one strangers.
    """
    device, tags = _read_device(cookie)
    mark = _mark(device, user)
    return device if any(constant_time_compare(mark, tag) for tag in tags) else ""


def remember_device(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Give the browser a cookie that keeps the person's own budget. It names nobody."""
    device, tags = _read_device(request.COOKIES.get(DEVICE_COOKIE, ""))
    device = device or get_random_string(22)
    mark = _mark(device, user)
    tags = [mark, *(tag for tag in tags if tag != mark)][:DEVICE_PEOPLE]
    response.set_cookie(
        DEVICE_COOKIE,
        signing.Signer(salt=DEVICE_SALT).sign(".".join([device, *tags])),
        max_age=DEVICE_SECONDS,
        secure=bool(settings.SESSION_COOKIE_SECURE),
        httponly=True,
        samesite="Lax",
    )


def _read_device(cookie: str) -> tuple[str, Sequence[str]]:
    try:
        device, *tags = signing.Signer(salt=DEVICE_SALT).unsign(cookie).split(".")
    except signing.BadSignature:
        return "", ()
    return device, tags


def _mark(device: str, user: User) -> str:
    text = f"{device}|{user.pk}|{user.password}"
    return salted_hmac(DEVICE_SALT, text, algorithm="sha256").hexdigest()[:32]


# --- slow hashes --------------------------------------------------------------------------------

_line = BoundedSemaphore(HASHES_IN_LINE)
_places = BoundedSemaphore(HASHES_AT_ONCE)


@contextmanager
def hash_place() -> Iterator[None]:
    """A place for one slow hash. Raises TooBusy when the line is full or does not move.

    Each hash takes 19 MiB and a core for a moment: without a cap a flood of sign-ins would starve
    everybody who is answering questions.
    """
    if not _line.acquire(blocking=False):
        raise TooBusy
    try:
        if not _places.acquire(timeout=HASH_WAIT_SECONDS):
            raise TooBusy
        try:
            yield
        finally:
            _places.release()
    finally:
        _line.release()


def hash_secret(secret: str, *, purpose: str) -> str:
    """Keyed hash under which a random secret is stored. Fast on purpose: it cannot be guessed."""
    return salted_hmac(f"kenali.{purpose}", secret, algorithm="sha256").hexdigest()
