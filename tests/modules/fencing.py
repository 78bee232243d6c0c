"""What knocks at the fence of the reports: addresses, names that are read, answers and their cost.

The addresses are taken from the site itself. The parameters are those that a page was seen to read
(`seen_to_read`) and those that its code names (`parameters`), so that a page or a filter of
tomorrow is knocked at without a change here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from itertools import islice, product
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.db import connections, transaction
from django.db.backends.utils import CursorWrapper
from django.http import QueryDict
from django.test import Client
from django.urls import URLPattern, reverse

from course.recent import note_proof
from quizzes.published import current_bank
from tests.access_table import furnish
from tests.course.test_access_table import routes
from tests.modules.finishing import publish_course, take
from tests.modules.funding import QUARTER, finish, furnish_offices, settle
from tests.personas import AT, Place, World

FOLDERS: Final = ("modules/views/reports", "modules/reports", "modules/report_forms.py")
ROOMS: Final = ("modules.views.reports", "modules.views.api")
READS: Final = re.compile(
    r"""(?:GET|POST|data|params|query)(?:\.get\(|\.getlist\(|\[)\s*["']([a-z_]+)["']"""
)
# What is read off an address today; the code and the pages are searched for more.
KNOWN: Final = frozenset(
    {"as_of", "office", "cohort", "role", "module", "round", "only", "by", "page"}
)
WORDS: Final = ("people", "groups", "offices", "modules", "tests", "csv", "xlsx", "pdf", "json")
REFUSALS: Final = frozenset({302, 303, 400, 401, 403, 404, 405, 406, 409, 410, 415, 422, 429})
NESTED: Final = "query"  # holds a whole question, as an address does
# Forms that look at an id only when the rest of them is right.
SCHEDULE: Final = {"name": "x", "often": "weekly", "weekday": "0", "day": "1", "hour": "8"}
COMPANIONS: Final[Mapping[str, Mapping[str, str]]] = {
    "modules:report_donor_file": {"as_of": QUARTER.isoformat()},
    "modules:report_keep": {"name": "x"},
    "modules:report_renewals": {"do": "remind"},
    "modules:report_schedule": SCHEDULE,
    "modules:report_schedule_new": SCHEDULE,
    "modules:report_view": {"name": "x"},
    "modules:tokens": {"name": "x", "scopes": "summary:read", "days": "90"},
}


# --- the world ------------------------------------------------------------------------------------


def furnish_both(world: World) -> World:
    """Everything that addresses may point to, learners in offices, answers to a quiz; twice."""
    _outline, quiz, _final = publish_course()
    furnish(world)
    for place, counts in (
        (world.harbour, {"north": (9, 8)}),
        (world.lighthouse, {"south": (13, 6)}),
    ):
        for name, office in furnish_offices(place, counts).items():
            place.ids[f"office {name}"] = office
        for person in (place.learner, place.stranger):
            take(person, quiz, at=AT)
    return world


# --- what there is to knock at --------------------------------------------------------------------


def report_routes() -> list[tuple[str, URLPattern]]:
    """Every page, file and door of the reports."""
    found = []
    for name, pattern in routes():
        room = str(getattr(pattern.callback, "__module__", ""))
        address = str(pattern.pattern)
        here = address.startswith(("reports/", "api/", "stop/report/")) or ":report" in name
        if here or room.startswith(ROOMS):
            found.append((name, pattern))
    return found


@cache
def parameters() -> frozenset[str]:
    """The names of everything that the code of the reports reads off an address or a form."""
    names = set(KNOWN)
    for folder in FOLDERS:
        path = Path(settings.BASE_DIR) / folder
        for file in path.rglob("*.py") if path.is_dir() else [path]:
            names |= set(READS.findall(file.read_text()))
    return frozenset(names)


def methods_of(pattern: URLPattern) -> tuple[str, ...]:
    """Which methods a view answers."""
    rule = getattr(pattern.callback, "kenali_rule", None)
    return tuple(rule.methods) if rule else ("GET",)


def addresses(name: str, pattern: URLPattern, ids: Sequence[UUID], most: int = 40) -> list[str]:
    """The route with these ids in it; words of all kinds where it takes words."""
    choices: list[list[Any]] = []
    for converter in pattern.pattern.converters.values():
        kind = type(converter).__name__
        if kind == "UUIDConverter":
            choices.append(list(ids))
        elif kind == "IntConverter":
            choices.append([1, 999_999])
        else:
            choices.append([*WORDS, *sorted(current_bank().items)[:1], "m1", str(ids[0])])
    keys = list(pattern.pattern.converters)
    return [
        reverse(name, kwargs=dict(zip(keys, values, strict=True)))
        for values in islice(product(*choices), most)
    ]


def disguises(one: UUID) -> list[str]:
    """The id as somebody might write it who looks for a hole."""
    text = str(one)
    wide = text.translate({ord(sign): ord(sign) + 0xFEE0 for sign in "0123456789abcdef"})
    return [
        text,
        text.upper(),
        one.hex,
        f"{{{text}}}",
        f"urn:uuid:{text}",
        wide,  # full-width digits and letters
        f" {text}\t",
        f"{text}\u200b",
        f"{text}\x00",
        f"{text}' OR 1=1 --",
        f'["{text}"]',
        f"{text},{text}",
    ]


DAYS: Final = (
    "0001-01-01",
    "1999-12-31",
    "9999-12-31",
    "2026-09-30T23:59:59+14:00",
    "２０２６-09-30",
    "2026-W40-3",
    "20260930",
    "-1",
    "NaN",
    "",
)


# --- who knocks -----------------------------------------------------------------------------------


@contextmanager
def nothing_kept() -> Iterator[None]:
    """Take back what is written meanwhile, in every database.

    Sessions have a file of their own on SQLite: a message or a sign of life that stayed in it would
    make the next answer differ from this one for a reason that has nothing to do with the fence.
    """
    with ExitStack() as stack:
        for alias in connections:
            stack.enter_context(transaction.atomic(using=alias))
        yield
        for alias in connections:
            transaction.set_rollback(True, using=alias)


@dataclass(frozen=True)
class Answer:
    """What came back, and the statements that it took: their text without any value."""

    status: int
    text: str
    statements: tuple[str, ...]

    def plain(self, *ids: UUID) -> tuple[int, str, tuple[str, ...]]:
        """All of it, without what differs at each answer and without the ids that were asked."""
        return self.status, without_noise(self.text, ids), self.statements


@dataclass(frozen=True)
class Visitor:
    """A browser of somebody, or a program with a key."""

    client: Client
    headers: Mapping[str, str]

    def knock(self, method: str, address: str, data: Any = None) -> Answer:
        """The answer with its headers as text; whatever was written is taken back."""
        cookies = deepcopy(self.client.cookies)  # a message must not show on the next page
        with nothing_kept(), statements() as asked:
            if method == "GET":
                answer: Any = self.client.get(address, data, headers=dict(self.headers))
            else:
                # Filters of a file stand in its address, those of a form in its body.
                mark = "&" if "?" in address else "?"
                query = f"{address}{mark}{urlencode(data or {}, doseq=True)}"
                answer = self.client.post(query, data or {}, headers=dict(self.headers))
            text = body_of(answer).decode("latin-1") + str(answer.headers)
        self.client.cookies = cookies
        return Answer(answer.status_code, text, tuple(asked))


def proved(world: World, persona: str) -> Visitor:
    """Somebody who showed their passphrase a moment ago: files come out without a question."""
    client = world.client(persona)
    session = client.session
    note_proof(session, at=datetime.now(UTC))
    session.save()
    return Visitor(client, {})


def body_of(answer: Any) -> bytes:
    """The whole body, also of a file that is sent in parts."""
    if getattr(answer, "streaming", False):
        return b"".join(answer.streaming_content)
    return bytes(answer.content)


def canaries(place: Place) -> list[str]:
    """The word of an organisation, as it could come out."""
    return [place.canary, place.canary.upper(), place.canary.encode().hex()]


def other_ids(place: Place) -> list[UUID]:
    """Everything of an organisation that an address may point to."""
    return sorted(set(place.ids.values()), key=str)


def without_noise(text: str, ids: Sequence[UUID]) -> str:
    """Without what differs at each answer: secrets, the id that was asked, times and lengths."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", text)
    # A key that was made for this answer, and the address to revoke it.
    text = re.sub(r'value="kenali_[\w-]+"|tokens/[\w-]{36}/revoke', "", text)
    text = re.sub(r'<div class="messages".*?</div>', "", text, flags=re.DOTALL)
    text = re.sub(r"'(?:Content-Length|Server-Timing|X-Request-Id|Set-Cookie)': '[^']*'", "", text)
    text = re.sub(r"\b\d\d:\d\d(?::\d\d(?:\.\d+)?)?\b", "TIME", text)
    for one in ids:
        text = text.replace(str(one), "ID").replace(one.hex, "ID")
    return text


def own_addresses(visitor: Visitor, place: Place) -> Iterator[tuple[str, str, str]]:
    """(route, method, address) of every page of the reports: one that opens, where there is one."""
    for name, pattern in report_routes():
        for method in methods_of(pattern):
            found = addresses(name, pattern, other_ids(place), most=200)
            rest = COMPANIONS.get(name, {})
            opening = (one for one in found if visitor.knock(method, one, rest).status != 404)
            yield name, method, found[0] if len(found) == 1 else next(opening, found[0])


# --- what a page reads ----------------------------------------------------------------------------


@contextmanager
def names_read() -> Iterator[set[str]]:
    """The names that are looked up in addresses and forms meanwhile."""
    names: set[str] = set()
    with ExitStack() as stack:
        for method in ("get", "getlist", "__getitem__", "__contains__"):
            stack.enter_context(_noting(method, names))
        yield names


@contextmanager
def _noting(method: str, names: set[str]) -> Iterator[None]:
    own = QueryDict.__dict__.get(method)
    plain = getattr(QueryDict, method)

    def noting(self: QueryDict, key: Any, *args: Any, **kwargs: Any) -> Any:
        if not self._mutable:  # while it is made it looks up its own names
            names.add(str(key))
        return plain(self, key, *args, **kwargs)

    setattr(QueryDict, method, noting)
    try:
        yield
    finally:
        if own is None:
            delattr(QueryDict, method)
        else:
            setattr(QueryDict, method, own)


def seen_to_read(visitor: Visitor, name: str, method: str, address: str) -> frozenset[str]:
    """The parameters that a page looks up: with nothing, and with what it needs."""
    with names_read() as names:
        visitor.knock(method, address)
        visitor.knock(method, address, {NESTED: "by=office", **COMPANIONS.get(name, {})})
    return frozenset(names)


def questions(
    read: frozenset[str], value: Any, *, nested: frozenset[str] = KNOWN
) -> Iterator[dict[str, Any]]:
    """An id (or several) at each parameter that a page reads, and at all others together.

    What a page never looks up can't open anything, alone or with others: one knock shows it.
    """
    for name in sorted(read):
        yield {name: value}
    values = value if isinstance(value, list) else [value]
    if NESTED in read:
        for name in sorted(nested):
            yield {NESTED: urlencode({name: values}, doseq=True)}
    unread = sorted(parameters() - read)
    yield dict.fromkeys(unread, value) | {f"{name}[]": value for name in sorted(read)}


# --- what it costs --------------------------------------------------------------------------------


@contextmanager
def statements() -> Iterator[list[str]]:
    """The text of every statement, on all databases, with places instead of values."""
    found: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: Any, context: Any) -> Any:
        found.append(re.sub(r"s\d+_x\d+", "point", sql))
        return execute(sql, params, many, context)

    with ExitStack() as stack:
        for alias in connections:
            stack.enter_context(connections[alias].execute_wrapper(note))
        yield found


@contextmanager
def rows_read() -> Iterator[Counter[str]]:
    """Counts the rows that come out of the database, by whatever way they are fetched."""
    counted: Counter[str] = Counter()
    plain = CursorWrapper.__getattr__

    def counting(self: CursorWrapper, name: str) -> Any:
        found = plain(self, name)
        if name not in {"fetchone", "fetchmany", "fetchall"}:
            return found

        def fetch(*args: Any, **kwargs: Any) -> Any:
            rows = found(*args, **kwargs)
            counted["rows"] += (rows is not None) if name == "fetchone" else len(rows)
            return rows

        return fetch

    CursorWrapper.__getattr__ = counting  # type: ignore[method-assign]
    try:
        yield counted
    finally:
        CursorWrapper.__getattr__ = plain  # type: ignore[method-assign]


def grow(other: Place) -> None:
    """Ten times the people, with what they finished, in their offices."""
    for number in range(10):
        people = settle(other, None, 20, word=f"grown{number}")
        finish(people[:11], keys=("m1",))
    furnish_offices(other, {f"grown {number}": (7, 7) for number in range(5)})


def cost_of(
    visitor: Visitor, address: str, data: Mapping[str, str] | None = None
) -> tuple[int, tuple[str, ...], int, str]:
    """(status, statements, rows, words) of one look at a page, on a past day if not said."""
    with rows_read() as rows:
        answer = visitor.knock("GET", address, data or {"as_of": QUARTER.isoformat()})
    return answer.status, answer.statements, rows["rows"], without_noise(answer.text, [])
