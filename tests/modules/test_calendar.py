"""The private calendar: an address with a secret, and a file that a strict reader accepts."""

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from course.models import AuditEntry, Membership
from modules.ical import Day, calendar
from modules.models import CalendarFeed
from modules.outline import Outline
from quizzes.days import day_of, last_instant
from quizzes.duties import duties_of
from quizzes.models import Assignment, Late, Target
from quizzes.services.assigning import Ask, assign, reschedule
from quizzes.services.attempting import start_attempt
from quizzes.services.grading import submit_attempt
from tests.personas import AT, LEARNER, Place, World
from tests.quizzes.making import eight_verdicts, published, quiz

DAY = timedelta(days=1)
HERE = "/account/calendar/"

# --- a strict reader of RFC 5545 ------------------------------------------------------------------

# contentline = name *(";" param) ":" value (3.1); no control signs but the tab
LINE = re.compile(
    r'(?P<name>[A-Za-z0-9-]+)(?P<parameters>(;[A-Za-z0-9-]+=([^\x00-\x08\x0a-\x1f\x7f";:,]*|"[^"]*"))*)'
    r":(?P<value>[^\x00-\x08\x0a-\x1f\x7f]*)"
)
# TEXT (3.3.11): a backslash only before \ ; , n N; no bare semicolon or comma
TEXT = re.compile(r"(\\[\\;,nN]|[^\\;,])*")
UTC_TIME = re.compile(r"\d{8}T\d{6}Z")
ONCE = {"UID", "DTSTAMP", "DTSTART", "SUMMARY", "LAST-MODIFIED", "CLASS", "TRANSP", "DTEND"}


@dataclass
class Read:
    """What a strict reader found: properties of the calendar, and of each event."""

    properties: dict[str, str] = field(default_factory=dict)
    events: list[dict[str, str]] = field(default_factory=list)


def read_calendar(data: bytes) -> Read:
    """Read a calendar, and fail on everything the standard forbids."""
    assert data.endswith(b"\r\n")
    assert b"\n" not in data.replace(b"\r\n", b""), "a line ends with CR LF"
    assert b"\r" not in data.replace(b"\r\n", b"")
    raw = data[:-2].split(b"\r\n")
    assert all(len(line) <= 75 for line in raw), "a line has at most 75 bytes"
    assert not raw[0].startswith((b" ", b"\t"))
    for line in raw:
        line.decode()  # folding never cuts a sign in two, which the standard only recommends
    lines = data.replace(b"\r\n ", b"").replace(b"\r\n\t", b"").decode()[:-2].split("\r\n")
    assert (lines[0], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    found, event = Read(), None
    for line in lines[1:-1]:
        match = LINE.fullmatch(line)
        assert match, f"not a content line: {line!r}"
        name, value = match["name"].upper(), match["value"]
        if line == "BEGIN:VEVENT":
            assert event is None
            event = {}
        elif line == "END:VEVENT":
            assert event is not None
            found.events.append(checked(event))
            event = None
        else:
            into = found.properties if event is None else event
            assert name not in into, f"{name} stands twice"
            into[name] = value
            if name in {"DTSTART", "DTEND"}:
                assert match["parameters"] == ";VALUE=DATE"
    assert event is None
    assert found.properties["VERSION"] == "2.0"
    assert found.properties["PRODID"]
    return found


def checked(event: dict[str, str]) -> dict[str, str]:
    """Required, and of the right type (3.6.1)."""
    assert {"UID", "DTSTAMP", "DTSTART"} <= set(event) <= ONCE
    for name in ("DTSTAMP", "LAST-MODIFIED"):
        assert UTC_TIME.fullmatch(event[name])
        datetime.strptime(event[name], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    start, end = (
        datetime.strptime(event[name], "%Y%m%d").replace(tzinfo=UTC)
        for name in ("DTSTART", "DTEND")
    )
    assert end > start
    for name in ("SUMMARY", "UID"):
        assert TEXT.fullmatch(event[name]), event[name]
    return event


def plain(text: str) -> str:
    return re.sub(r"\\([\\;,nN])", lambda m: "\n" if m[1] in "nN" else m[1], text)


def test_the_reader_is_strict() -> None:
    good = calendar([Day("a@b", date(2026, 11, 27), "One thing", AT)], name="x", at=AT)
    assert len(read_calendar(good).events) == 1
    for bad in (
        good.replace(b"\r\n", b"\n"),
        good.replace(b"SUMMARY:One", b"SUMMARY:One,"),
        good.replace(b"SUMMARY:One", b"SUMMARY:One" + b"e" * 80),
        good.replace(b"DTSTAMP:", b"DTSTAMPS:"),
        good.replace(b"UID:a@b\r\n", b""),
        good.replace(b"T090000Z", b"T090000"),
        good.replace(b"END:VEVENT\r\n", b""),
    ):
        assert bad != good
        with pytest.raises((AssertionError, ValueError)):
            read_calendar(bad)


TITLES = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=120)


@given(TITLES, TITLES)
def test_every_text_survives_folding_and_escaping(title: str, name: str) -> None:
    lines = "".join(f"{one} " for one in (title, "語", ";,\\"))
    data = calendar([Day("a@b", date(2026, 2, 28), lines, AT)], name=name, at=AT)
    (event,) = read_calendar(data).events
    expected = "\n".join(lines.splitlines())
    assert plain(event["SUMMARY"]) == expected
    assert (event["DTSTART"], event["DTEND"]) == ("20260228", "20260301")


# --- the address ----------------------------------------------------------------------------------


@pytest.fixture
def place(world: World, small_course: Outline) -> Place:
    published(eight_verdicts(), quiz(), quiz("other"))
    return world.harbour


def give(place: Place, key: str, days: int, late: Late = Late.ACCEPT) -> Assignment:
    due = last_instant(day_of(timezone.now()) + days * DAY)
    (row,) = assign(
        ask=Ask(target=Target.QUIZ, key=key, due_at=due, late=late, message="Private words."),
        cohorts=[place.first_cohort],
        actor=place.trainer,
        at=timezone.now() - 60 * DAY,
    )
    return row


def address_in(response: Any) -> str:
    found = re.search(r"http://testserver(/feed/[A-Z0-9]+\.ics)", response.content.decode())
    assert found
    return found[1]


def events(address: str) -> list[dict[str, str]]:
    response = Client().get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    return read_calendar(response.content).events


@pytest.mark.django_db
def test_an_address_is_made_renewed_and_stopped(world: World, place: Place) -> None:
    client = world.client(LEARNER)
    assert "Make a private address" in client.get(HERE).content.decode()
    first = address_in(client.post(HERE, {"wants": "make"}))
    assert events(first) == []
    again = client.get(HERE).content.decode()
    assert "/feed/" not in again  # shown once
    assert "Make a new address" in again
    row = CalendarFeed.objects.in_organization(place.organization).get()
    assert first.split("/")[-1].removesuffix(".ics") not in str(vars(row))
    second = address_in(client.post(HERE, {"wants": "make"}))
    assert Client().get(first).status_code == 404
    assert events(second) == []
    assert events(second.lower().replace(".ics", "").replace("/feed/", "/feed/") + ".ics") == []
    client.post(HERE, {"wants": "stop"})
    assert Client().get(second).status_code == 404
    client.post(HERE, {"wants": "stop"})
    rows = AuditEntry.objects.in_organization(place.organization)
    actions = [one.action for one in rows.order_by("sequence") if "calendar" in one.action]
    assert actions == ["account.calendar", "account.calendar", "account.calendar_stop"]


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["X", "A" * 24, "0" * 500, "%00", "a/b"])
def test_a_wrong_code_opens_nothing(world: World, code: str) -> None:
    assert Client().get(f"/feed/{code}.ics").status_code == 404


@pytest.mark.django_db
def test_it_says_that_something_is_due_and_never_what(world: World, place: Place) -> None:
    address = address_in(world.client(LEARNER).post(HERE))
    row = give(place, "short", 3)
    give(place, "other", 9)
    give(place, "gone", -31)
    body = Client().get(address).content.decode()
    for word in ("Short", "quiz", "Private", "canary", place.learner.user.username):
        assert word not in body
    found = events(address)
    days = [day_of(timezone.now()) + n * DAY for n in (3, 9)]
    assert [one["DTSTART"] for one in found] == [f"{day:%Y%m%d}" for day in days]
    assert {one["SUMMARY"] for one in found} == {"Kenali: one thing is due"}
    assert len({one["UID"] for one in found}) == 2
    moved = Ask(target=Target.QUIZ, key="short", due_at=row.due_at + DAY)
    reschedule(assignment=row, ask=moved, actor=place.trainer, at=timezone.now())
    after = events(address)
    assert [one["UID"] for one in after] == [one["UID"] for one in found]
    assert after[0]["DTSTART"] == f"{days[0] + DAY:%Y%m%d}"


@pytest.mark.django_db
def test_what_is_done_leaves_the_calendar(world: World, place: Place) -> None:
    from quizzes.published import current_bank

    address = address_in(world.client(LEARNER).post(HERE))
    give(place, "short", 3)
    assert len(events(address)) == 1
    assert len(duties_of(place.learner, at=timezone.now())) == 1
    mine = current_bank().quizzes["short"]
    attempt = start_attempt(membership=place.learner, quiz=mine, at=timezone.now())
    submit_attempt(attempt=attempt, at=timezone.now())
    assert events(address) == []


@pytest.mark.django_db
def test_a_paused_place_shows_nothing(world: World, place: Place) -> None:
    address = address_in(world.client(LEARNER).post(HERE))
    Membership.objects.filter(pk=place.learner.pk).update(is_active=False)
    assert Client().get(address).status_code == 404


@pytest.mark.django_db
def test_reading_it_writes_nothing_and_is_kept_nowhere(world: World, place: Place) -> None:
    address = address_in(world.client(LEARNER).post(HERE))
    before = AuditEntry.objects.in_organization(place.organization).count()
    response = Client().get(address)
    assert response["Cache-Control"] == "private, no-store"
    assert not response.cookies
    assert AuditEntry.objects.in_organization(place.organization).count() == before
    assert reverse("modules:feed", args=["X"]) == "/feed/X.ics"
