"""From the report to a file: the same cells, a fresh proof, a budget, an entry in the record."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import Any

import openpyxl
import pytest
import time_machine
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format

from course.models import AuditEntry, User
from course.recent import note_proof
from course.services.exporting import TooManyRowsTaken, reserve_rows, rows_left
from modules.outline import Outline
from modules.reports.exports import pdf_file
from modules.reports.exports.door import Asked, Format, export_response
from modules.reports.tables import Column, Kind, Table
from tests.modules.keeping import complete
from tests.modules.reading_pdf import PdfReader, squeezed
from tests.personas import (
    ADMINISTRATOR,
    AT,
    PASSPHRASE,
    TRAINER,
    World,
    make_membership,
    make_user,
    put_into,
)

pytestmark = pytest.mark.django_db
NAMES = ["=1+1", 'Zoë, the "second"', "  @SUM(A1)", "-5", "Nurul Aisyah binti Abdullah", "'x"]


def fresh(client: Client, *, at: datetime | None = None) -> Client:
    """The same browser, whose person has just proved who they are."""
    session = client.session
    note_proof(session, at=at or timezone.now())
    session.save()
    return client


@pytest.fixture
def still() -> Iterator[None]:
    """The clock stands, so that all files are of the same minute."""
    with time_machine.travel(timezone.now(), tick=False):
        yield


@pytest.fixture
def people(world: World, small_course: Outline) -> World:
    """Nine learners, with names that try things; three have completed, one of them long ago."""
    place = world.harbour
    for number, name in enumerate(NAMES):
        user = make_user(f"odd-{number}", display_name=name)
        put_into(place.first_cohort, make_membership(place.organization, user))
    complete(place.learner, at=AT)
    complete(place.stranger, at=AT - timedelta(days=300))
    complete(make_membership(place.organization, make_user("late")), at=AT - timedelta(days=500))
    return world


def body(answer: Any) -> bytes:
    """All of a download; at its end the test client closes it."""
    assert answer.streaming
    return b"".join(answer.streaming_content)


def take(client: Client, table: str, kind: str, query: str = "") -> bytes:
    answer = client.post(f"/reports/{table}/file/{kind}/?{query}")
    assert answer.status_code == 200, answer.content
    return body(answer)


def entries(world: World, action: str = "export.report") -> list[AuditEntry]:
    rows = AuditEntry.objects.in_organization(world.harbour.organization)
    return list(rows.filter(action=action).order_by("sequence"))


# --- the same cells everywhere --------------------------------------------------------------------


class _Cells(HTMLParser):
    """The cells of all tables of a page, row by row."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.inside = False

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag == "tr":
            self.rows.append([])
        if tag in {"td", "th"}:
            self.rows[-1].append("")
            self.inside = True

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th"}:
            self.inside = False
            self.rows[-1][-1] = self.rows[-1][-1].strip()

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.rows[-1][-1] += data


def on_screen(client: Client, address: str) -> list[list[str]]:
    reader = _Cells()
    reader.feed(client.get(address).content.decode())
    return reader.rows[1:]


def as_text(kind: str, value: Any) -> str:
    """A value of JSON as the other files write it."""
    if value is None:
        return ""
    if kind == "instant":
        return f"{datetime.fromisoformat(value):%Y-%m-%d %H:%M}"
    return str(value)


def from_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def from_xlsx(content: bytes) -> list[list[str]]:
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    return [
        [
            f"{one:%Y-%m-%d %H:%M}"
            if isinstance(one, datetime)
            else ""
            if one is None
            else str(one)
            for one in row
        ]
        for row in sheet.iter_rows(values_only=True)
    ]


def on_paper(kind: str, text: str) -> str:
    """A cell of the CSV as it stands on paper."""
    shown = f"{float(text) * 100:.1f} %" if kind == "share" and text else text
    return squeezed(shown)


@pytest.mark.usefixtures("still")
@pytest.mark.parametrize(
    ("table", "query"),
    [
        ("people", ""),
        ("people", "only=completed"),
        ("people", "only=expired"),
        ("people", "only=not_started"),
        ("people", "module=m1"),
        ("people", "as_of=2026-11-20"),
        ("people", "role=trainer"),
        ("people", "cohort=FIRST"),
        ("groups", ""),
        ("groups", "by=cohort"),
        ("groups", "by=module"),
        ("groups", "by=cohort&as_of=2026-11-20"),
    ],
)
def test_screen_and_all_files_have_the_same_cells(people: World, table: str, query: str) -> None:
    query = query.replace("FIRST", str(people.harbour.first_cohort.id))
    client = fresh(people.client(ADMINISTRATOR))
    read = json.loads(take(client, table, "json", query))
    kinds = [one["kind"] for one in read["columns"]]
    keys = [one["key"] for one in read["columns"]]
    told = [
        [as_text(kind, row[key]) for kind, key in zip(kinds, keys, strict=True)]
        for row in read["rows"]
    ]
    header, *rows = from_csv(take(client, table, "csv", query))
    assert header == [one["title"] for one in read["columns"]]
    assert [[_true(cell) for cell in row] for row in rows] == told
    assert from_xlsx(take(client, table, "xlsx", query)) == [header, *map(_loose, told)]
    paper = PdfReader(take(client, table, "pdf", query))
    expected = [
        [squeezed(title) for title in header],
        *[[on_paper(kind, cell) for kind, cell in zip(kinds, row, strict=True)] for row in told],
    ]
    assert paper.rows() == (expected if told else [])
    assert [one.whole() for one in paper.tree.find("P")][: len(read["about"])] == read["about"]
    screen = on_screen(client, f"/reports/{'people/' if table == 'people' else ''}?{query}")
    assert screen == (_people_screen(read) if table == "people" else _group_screen(read))
    assert len(read["rows"]) > 0 or "as_of" in query


def _true(cell: str) -> str:
    """Without the apostrophe that keeps a spreadsheet from running it."""
    return cell[1:] if cell[:1] == "'" and cell[1:] in {"=1+1", "  @SUM(A1)", "-5"} else cell


def _loose(row: list[str]) -> list[str]:
    """Excel keeps 1.0 as 1."""
    return ["1" if cell == "1.0" else "0" if cell == "0.0" else cell for cell in row]


def _people_screen(read: Any) -> list[list[str]]:
    def day(value: str | None) -> str:
        return date_format(datetime.fromisoformat(value), "DATE_FORMAT") if value else "–"

    return [
        [
            row["name"].strip(),
            row["state"],
            str(row["overdue"]),
            day(row["last"]),
            day(row["completed"]),
            day(row["expires"]),
            row["office"] or "–",
            row["manager"] or "–",
        ]
        for row in read["rows"]
    ]


def _group_screen(read: Any) -> list[list[str]]:
    def share(value: float) -> str:
        whole = round(value * 100)
        return f"{min(99, max(1, whole)) if 0 < value < 1 else whole} %"

    rows = []
    for row in read["rows"]:
        rate = "fewer than five people"
        if row["share"] is not None:
            low, high = share(row["low"]), share(row["high"])
            rate = f"{share(row['share'])}; likely between {low} and {high}; provisional"
        done = f"{row['completed']} of {row['people']}"
        rows.append([row["name"], done, rate, str(row["overdue"])])
    return rows


def test_no_file_holds_a_word_of_another_organisation(people: World) -> None:
    client = fresh(people.client(ADMINISTRATOR))
    for table in ("people", "groups"):
        for kind in ("csv", "json"):
            content = take(client, table, kind)
            assert b"canaryharbour" in content or table == "groups"
            assert b"canarylighthouse" not in content
        assert "canarylighthouse" not in PdfReader(take(client, table, "pdf")).tree.whole()
    theirs = people.lighthouse.first_cohort.id
    for table in ("people", "groups"):
        address = f"/reports/{table}/file/csv/?cohort={theirs}"
        assert client.post(address).status_code == 404
    assert client.post("/reports/nothing/file/csv/").status_code == 404


# --- a fresh proof --------------------------------------------------------------------------------


@pytest.fixture
def administrator(people: World) -> User:
    user = people.users[ADMINISTRATOR]
    User.objects.filter(pk=user.pk).update(password=make_password(PASSPHRASE))
    user.refresh_from_db()
    return user


def test_an_old_session_is_asked_and_then_goes_on_with_its_filter(
    people: World, administrator: User
) -> None:
    client = people.client(ADMINISTRATOR)
    address = "/reports/people/file/csv/?only=completed"
    page = client.post(address)
    assert page.status_code == 403
    text = page.content.decode()
    assert 'href="/reports/people/?only=completed"' in text
    assert '<form method="post" class' in text  # no action: to this very address
    assert entries(people) == []
    wrong = client.post(address, {"proof": "not the right words"})
    assert wrong.status_code == 422
    assert entries(people) == []
    answer = client.post(address, {"proof": PASSPHRASE})
    rows = from_csv(body(answer))[1:]
    assert sorted(row[0] for row in rows) == ["canaryharbour learner", "canaryharbour stranger"]
    assert len(entries(people)) == 1
    assert body(client.post(address))  # for the next minutes
    assert client.get(address).status_code == 405


def test_a_trainer_takes_no_report(people: World) -> None:
    answer = fresh(people.client(TRAINER)).post("/reports/people/file/csv/")
    assert answer.status_code == 403
    assert "for administrators" in answer.content.decode()


# --- the record -----------------------------------------------------------------------------------


def test_every_file_is_one_entry_written_before_its_first_byte(people: World) -> None:
    client = fresh(people.client(ADMINISTRATOR))
    taken = 0
    for table in ("people", "groups"):
        for kind in ("csv", "xlsx", "pdf", "json"):
            answer = client.post(f"/reports/{table}/file/{kind}/?only=completed&by=cohort")
            taken += 1
            assert len(entries(people)) == taken  # nothing of the answer has been read
            name = answer["Content-Disposition"]
            assert name.startswith('attachment; filename="completion')
            assert name.endswith(f'.{kind}"')
            body(answer)
    first, *_rest, last = entries(people)
    assert first.subject == "table:completion"
    assert first.actor_id == people.harbour.administrator.id
    assert json.loads(first.after) == {"rows": 2, "format": "csv", "filter": "Completed"}
    assert last.subject == "table:completion-by-cohort"
    assert json.loads(last.after)["format"] == "json"


def test_files_say_who_took_them_and_when(people: World) -> None:
    client = fresh(people.client(ADMINISTRATOR))
    place = people.harbour.administrator
    who = f"{place.user.username} ({place.id})"
    assert json.loads(take(client, "people", "json"))["taken_out"]["by"] == who
    about = openpyxl.load_workbook(io.BytesIO(take(client, "people", "xlsx"))).worksheets[1]
    assert any(who in str(cell.value) for (cell,) in about.iter_rows())


def test_a_file_that_fails_on_the_way_leaves_nothing_behind(people: World) -> None:
    def rows() -> Iterator[int]:
        yield 1
        raise RuntimeError("the database went away")

    actor = people.harbour.administrator
    column = Column("n", "N", Kind.NUMBER, lambda row: row)
    for kind in Format:
        table = Table("x", "X", (), (column,), rows())
        with pytest.raises(RuntimeError):
            export_response(
                Asked(table=table, format=kind, filter="", actor=actor, at=timezone.now())
            )
    assert entries(people) == []
    assert rows_left(actor=actor, at=timezone.now()) == 50_000


# --- the budget -----------------------------------------------------------------------------------


def test_what_goes_beyond_the_budget_is_refused_noted_and_possible_again(
    people: World, settings: Any
) -> None:
    settings.KENALI_EXPORT_ROWS_PER_HOUR = 15
    at = datetime.now(UTC).replace(minute=5)
    with time_machine.travel(at, tick=False) as clock:
        client = fresh(people.client(ADMINISTRATOR))
        assert len(from_csv(take(client, "people", "csv"))) == 11  # ten learners
        answer = client.post("/reports/people/file/csv/")
        assert answer.status_code == 429
        text = answer.content.decode()
        assert "One account may take out 15 rows within an hour." in text
        again = at.replace(minute=0, second=0, microsecond=0) + timedelta(minutes=70)
        assert f"{timezone.localtime(again, timezone.get_default_timezone()):%M}" in text
        assert int(answer["Retry-After"]) == int((again - at).total_seconds())
        (refused,) = entries(people, "export.refused")
        assert json.loads(refused.after)["rows"] == 10
        assert len(entries(people)) == 1
        take(client, "groups", "csv")  # a smaller one still fits
        clock.move_to(again - timedelta(minutes=1))
        client = fresh(people.client(ADMINISTRATOR))  # the old session has ended meanwhile
        assert client.post("/reports/people/file/csv/").status_code == 429
        clock.move_to(again + timedelta(minutes=1))
        assert len(take(fresh(client), "people", "csv")) > 0


def test_a_table_larger_than_the_budget_is_never_possible_and_says_so(
    people: World, settings: Any
) -> None:
    settings.KENALI_EXPORT_ROWS_PER_HOUR = 5
    client = fresh(people.client(ADMINISTRATOR))
    for kind in ("csv", "xlsx", "pdf", "json"):
        answer = client.post(f"/reports/people/file/{kind}/")
        assert answer.status_code == 429
        assert "This table has more rows than that." in answer.content.decode()
        assert not answer.has_header("Retry-After")
    assert entries(people) == []
    assert len(entries(people, "export.refused")) == 4


def test_two_at_once_do_not_share_one_budget(people: World, settings: Any) -> None:
    """Both were written while there was room; only the first may leave."""
    settings.KENALI_EXPORT_ROWS_PER_HOUR = 15
    actor, at = people.harbour.administrator, timezone.now()
    reserve_rows(actor=actor, rows=10, at=at)
    with pytest.raises(TooManyRowsTaken):
        reserve_rows(actor=actor, rows=10, at=at)
    assert rows_left(actor=actor, at=at) == 5  # what was refused was not taken
    assert rows_left(actor=people.harbour.trainer, at=at) == 15
    reserve_rows(actor=actor, rows=5, at=at)


def test_a_report_too_long_for_paper_is_told_so(
    people: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf_file, "MOST_ROWS", 3)
    client = fresh(people.client(ADMINISTRATOR))
    answer = client.post("/reports/people/file/pdf/")
    assert answer.status_code == 422
    assert "This kind of file holds 3 rows at most." in answer.content.decode()
    assert entries(people) == []
    assert rows_left(actor=people.harbour.administrator, at=timezone.now()) == 50_000
