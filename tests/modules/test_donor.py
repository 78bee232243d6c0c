"""The summary for funders: what it tells is true, names nobody, and gives nobody away."""

from __future__ import annotations

import io
import json
import random
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.http import Http404
from django.test import Client
from django.urls import reverse

from course.access import Context
from course.models import AuditEntry, Membership, User
from course.recent import note_proof
from modules.models import Completion
from modules.outline import Outline
from modules.published import current_outline
from modules.reports.donor import Donor, quarter_ends, read_donor
from modules.reports.donor_tables import Part, donor_table, headline
from modules.reports.exports.door import Format, write_table
from modules.suppression import MINIMUM
from quizzes.policy import first_form
from tests.modules import reading_pdf
from tests.modules.funding import (
    BEFORE_IT,
    EARLY,
    QUARTER,
    finish,
    furnish_offices,
    open_office,
    settle,
)
from tests.modules.keeping import badly, publish_keeping, well
from tests.modules.reading_pdf import PdfReader, squeezed
from tests.modules.test_gain import one_of
from tests.modules.test_report_learning import take
from tests.personas import ADMINISTRATOR, AT, OUTSIDER, TRAINER, Place, World

pytestmark = pytest.mark.django_db
PAGE = "/reports/donor/"
OFFICES = {"north": (21, 12), "south": (3, 9), "east": (30, 14), "west": (8, 16)}


def viewer(place: Place, member: Membership | None = None, *, at: datetime = AT) -> Context:
    """What somebody of this organisation may see; the administrator unless said otherwise."""
    one = member or place.administrator
    return Context(
        user=one.user, membership=one, organization=place.organization, language="en", at=at
    )


def read(place: Place, day: date = QUARTER, *, now: datetime = AT) -> Donor:
    return read_donor(current_outline(), viewer(place, at=now), day, now)


def proved(world: World, persona: str = ADMINISTRATOR) -> Client:
    """A browser whose passphrase was asked for a moment ago."""
    client = world.client(persona)
    session = client.session
    note_proof(session, at=datetime.now(UTC))
    session.save()
    return client


def waiting(place: Place, word: str) -> list[Membership]:
    """Those of an office who have not completed the course."""
    done = Completion.objects.in_organization(place.organization.pk).values("membership_id")
    people = Membership.objects.in_organization(place.organization.pk)
    return list(people.filter(user__username__contains=f"-{word}-").exclude(id__in=done))


def words_of(answer: Any) -> str:
    text = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return " ".join(text.split())


@pytest.fixture
def funded(world: World, small_course: Outline) -> World:
    """Harbour with four offices; only the south has fewer than five who completed."""
    furnish_offices(world.harbour, OFFICES)
    return world


# --- what is told ---------------------------------------------------------------------------------


def test_the_quarters_are_those_that_are_over() -> None:
    assert quarter_ends(date(2026, 11, 25))[:3] == [
        date(2026, 9, 30),
        date(2026, 6, 30),
        date(2026, 3, 31),
    ]
    assert quarter_ends(date(2027, 1, 1))[0] == date(2026, 12, 31)
    assert quarter_ends(date(2026, 12, 31))[0] == date(2026, 9, 30)
    assert len(set(quarter_ends(date(2024, 2, 29)))) == 8


def test_numbers_are_true_in_steps_and_the_small_one_takes_others_along(funded: World) -> None:
    found = read(funded.harbour)
    rows = {one.name.removeprefix("canaryharbour "): one for one in found.offices}
    assert (rows["north"].learners, rows["east"].completed, rows["east"].not_yet) == (30, 30, 10)
    assert rows["south"].completed is None
    assert rows["south"].not_yet is None
    assert rows["south"].learners == 10  # 12: how many there are is no secret, who completed is
    hidden = [name for name, one in rows.items() if one.completed is None]
    assert len(hidden) == 2  # and one other, or the total would give it away
    assert (found.learners, found.completed) == (110, 60)  # 113 and 62
    assert headline(found) == "60 of 110 learners completed the course (about 55 %)"
    assert [one.completed for one in found.modules] == [60, None]  # nobody completed the second


def test_the_tree_tells_an_office_with_those_below_it(world: World, small_course: Outline) -> None:
    place = world.harbour
    north = open_office(place, "north")
    finish(settle(place, north, 20, word="here")[:10])
    for name in ("coast", "hills"):
        office = open_office(place, name, north)
        finish(settle(place, office, 30, word=name)[:15])
    open_office(place, "nobody there")
    finish(settle(place, None, 12, word="without")[:6])
    rows = [(one.name[14:], one.depth, one.itself, one.learners) for one in read(place).offices]
    assert rows == [
        ("", -1, False, 90),
        ("north", 0, False, 80),
        ("north", 1, True, 20),
        ("coast", 1, False, 30),
        ("hills", 1, False, 30),
        ("", 0, False, 10),
    ]


def test_too_few_learners_tell_nothing_at_all(world: World, small_course: Outline) -> None:
    finish(settle(world.harbour, None, 4, word="few"))
    found = read(world.harbour)
    assert found.learners is None
    assert [(one.completed, one.not_yet) for one in found.offices] == [(None, None)] * 2
    assert all(one.completed is None for one in found.modules)
    assert (found.started, found.practised) == (None, None)
    answer = world.client(ADMINISTRATOR).get(PAGE)
    assert "Too few learners to tell anything" in words_of(answer)


def test_what_happened_later_does_not_change_a_quarter(funded: World) -> None:
    before = read(funded.harbour)
    later = EARLY + timedelta(days=100)
    people = settle(funded.harbour, None, 40, word="later", at=later)
    finish(people, at=later)
    finish(waiting(funded.harbour, "north"), at=later)
    assert read(funded.harbour) == before


def test_only_quarters_and_only_whoever_sees_everybody(funded: World) -> None:
    place = funded.harbour
    for day in (QUARTER - timedelta(days=1), AT.date(), date(2026, 12, 31), date(1999, 12, 31)):
        with pytest.raises(Http404):
            read(place, day)
    with pytest.raises(Http404):
        read_donor(current_outline(), viewer(place, place.trainer), QUARTER, AT)


def test_the_size_of_the_smallest_cell_is_the_operator_s(funded: World, settings: Any) -> None:
    settings.KENALI_MINIMUM_CELL = 3
    found = read(funded.harbour)
    rows = {one.name.removeprefix("canaryharbour "): one for one in found.offices}
    assert (rows["south"].completed, rows["south"].not_yet) == (3, 9)


# --- what was learned -----------------------------------------------------------------------------


def learned(place: Place, number: int, *, word: str = "tested") -> list[Membership]:
    people = settle(place, None, number, word=word)
    for person in people:
        form = first_form(person.id)
        take(person, f"pre-{form}", one_of(3), at=EARLY)
        take(person, f"final-{'b' if form == 'a' else 'a'}", one_of(9), at=EARLY)
    return people


def test_hits_and_false_alarms_come_together_from_ten_pairs_on(world: World) -> None:
    publish_keeping(tests=6)
    learned(world.harbour, 9)
    few = read(world.harbour)
    assert {(one.people, one.hits, one.alarms) for one in few.tests} == {(None, None, None)}
    text = " ".join(donor_table(few, Part.TESTS, language="en").about)
    assert "fewer than 10 people took both" in text
    learned(world.harbour, 3, word="more")
    found = read(world.harbour)
    before, after = found.tests
    assert before.people == after.people == 10  # 12
    assert all(
        one is not None and one % 5 == 0
        for row in (before, after)
        for one in (row.hits, row.alarms)
    )
    assert (after.hits or 0) > (before.hits or 0)
    text = " ".join(donor_table(found, Part.TESTS, language="en").about)
    assert re.search(r"signs, about \d+ were spotted .* scenes, about \d+ raised a false", text)
    assert "provisional" in " ".join(
        map(str, donor_table(found, Part.TESTS, language="en").cells())
    )


def test_one_more_person_does_not_show_in_what_was_learned(world: World) -> None:
    """From the means of ten and of eleven, that one's own result would follow."""
    publish_keeping(tests=6)
    learned(world.harbour, 12)
    one = read(world.harbour)
    person = settle(world.harbour, None, 1, word="worst")[0]
    form = first_form(person.id)
    take(person, f"pre-{form}", well, at=EARLY)
    take(person, f"final-{'b' if form == 'a' else 'a'}", badly, at=EARLY)
    two = read(world.harbour)
    assert [row.people for row in two.tests] == [row.people for row in one.tests]
    for first, second in zip(one.tests, two.tests, strict=True):
        # What such a reader can compute of the new one's share is as wide as all shares there are.
        low = 13 * ((second.hits or 0) - 2.5) - 12 * ((first.hits or 0) + 2.5)
        high = 13 * ((second.hits or 0) + 2.5) - 12 * ((first.hits or 0) - 2.5)
        assert high - low > 100


# --- an attacker ----------------------------------------------------------------------------------


def told_numbers(found: Donor) -> dict[tuple[str, str], int | None]:
    rows = {}
    for row in found.offices:
        for name in ("learners", "completed", "not_yet"):
            rows[f"{row.name}/{row.depth}", name] = getattr(row, name)
    return rows


@pytest.mark.slow
def test_two_summaries_give_no_small_number_and_no_single_step_away(
    world: World, small_course: Outline
) -> None:
    """Real reports of two quarters between which one person finished, one left, one came."""
    place = world.harbour
    dice = random.Random(11)  # noqa: S311 -- repeatable, no secret
    counts = {f"o{one}": (dice.randint(0, 12), dice.randint(0, 12)) for one in range(9)}
    furnish_offices(place, counts)
    first = read(place)
    later = EARLY + timedelta(days=120)
    finish(waiting(place, "o1")[:1], at=later)
    settle(place, None, 1, word="new", at=later)
    second = read(place, date(2026, 12, 31), now=datetime(2027, 1, 9, tzinfo=UTC))
    for one in (first, second):
        assert all(
            number is None or (number >= MINIMUM and number % MINIMUM == 0)
            for number in told_numbers(one).values()
        )
    before, after = told_numbers(first), told_numbers(second)
    for cell, number in before.items():
        if number is not None and after.get(cell) is not None:
            change = (after[cell] or 0) - number
            assert change % MINIMUM == 0  # never "one more"


# --- nobody in it ---------------------------------------------------------------------------------


def person_words(world: World) -> set[str]:
    """Whatever belongs to a person: names, sign-in names, ids of all kinds."""
    words: set[str] = set()
    for user in User.objects.all():
        words |= {user.username, str(user.pk)} | ({user.display_name} - {""})
    for place in (world.harbour, world.lighthouse):
        for person in Membership.objects.in_organization(place.organization.pk):
            words |= {str(person.id), person.id.hex}
    return {word for word in words if len(word) > 5}


def drawn_on(file: PdfReader) -> str:
    """Every letter on every page, also those of heads and feet, without blanks."""
    letters = []
    for body in file.objects.values():
        if b"/Type/Page/" not in body:
            continue
        fonts = file._fonts(reading_pdf._number(body, rb"/Resources (\d+)"))
        font = b""
        content = file._stream(reading_pdf._number(body, rb"/Contents (\d+)"))
        for token in reading_pdf._TOKEN.finditer(content):
            font = token["font"] or font
            if token["show"]:
                letters.append(reading_pdf._letters(token["show"], fonts[font]))
    return squeezed("".join(letters))


def file_text(content: bytes, kind: Format) -> str:
    """Everything in a file, taken apart as far as it goes."""
    if kind is Format.XLSX:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            return "\n".join(parts.read(one).decode() for one in parts.namelist())
    if kind is Format.PDF:
        return content.decode("latin-1") + drawn_on(PdfReader(content))
    return content.decode()


def all_files(client: Client, *, query: str = f"?as_of={QUARTER}") -> Iterator[tuple[Format, str]]:
    for part in Part:
        for kind in Format:
            address = reverse("modules:report_donor_file", args=[part.value, kind.value])
            answer = client.post(address + query)
            assert answer.status_code == 200, address
            yield kind, file_text(b"".join(answer.streaming_content), kind)


def test_no_word_of_a_person_is_in_the_page_or_in_any_file(funded: World) -> None:
    client = proved(funded)
    cohorts = {funded.harbour.first_cohort.name, funded.harbour.second_cohort.name}
    never = person_words(funded) | cohorts
    page = client.get(PAGE).content.decode()
    own = {funded.harbour.administrator.user.display_name, ADMINISTRATOR}
    main = page[page.index("<main") : page.index("</main>")]
    assert "canaryharbour north" in main
    assert [word for word in never if word in main] == []
    assert own & never  # whoever is signed in is among the words that are looked for
    seen = 0
    for kind, text in all_files(client):
        assert [word for word in never if word in text or squeezed(word) in text] == [], kind
        # The organisation may be named. CSV has nothing but the table.
        assert kind is Format.CSV or "canaryharbourhouse" in squeezed(text)
        seen += 1
    assert seen == 12


def test_the_search_for_persons_finds_them_in_a_file_that_names_them(funded: World) -> None:
    """The guard of the test above: a file that says who took it out would fail it."""
    from modules.reports.exports.door import stamp_of

    stamp = stamp_of(funded.harbour.administrator, AT)
    for kind in (Format.JSON, Format.XLSX, Format.PDF):
        table = donor_table(read(funded.harbour), Part.OFFICES, language="en")
        with write_table(table, kind, stamp=stamp) as out:
            text = file_text(out.read(), kind)
        assert [word for word in person_words(funded) if squeezed(word) in squeezed(text)] != []


def test_screen_and_files_have_the_same_rows(funded: World) -> None:
    client = proved(funded)
    address = reverse("modules:report_donor_file", args=["offices", "json"])
    answer = client.post(f"{address}?as_of={QUARTER}")
    rows = json.loads(b"".join(answer.streaming_content))["rows"]
    assert rows[0]["office"] == "All offices"
    page = client.get(PAGE)
    shown = page.context["page"].sections[0]
    for row, cells in zip(rows, shown.rows, strict=True):
        assert [row["office"], str(row["learners"]), str(row["completed"])] == [
            words for _head, words in cells[:3]
        ]
    assert "hidden" in {row["completed"] for row in rows}
    text = words_of(page)
    assert "Numbers of people are rounded down to steps of 5" in text
    assert "“Hidden” stands for a number below 5" in text


# --- the page -------------------------------------------------------------------------------------


def test_an_unknown_day_is_said_to_be_unknown(funded: World) -> None:
    client = funded.client(ADMINISTRATOR)
    newest = client.get(PAGE)
    assert "There is no summary for that day" not in words_of(newest)
    for day in ("2026-10-01", "2026-09-29", "nonsense", "9999-12-31", "2026-09-30 "):
        answer = client.get(PAGE, {"as_of": day})
        assert answer.status_code == 200
        assert "There is no summary for that day" in words_of(answer)
        assert answer.context["page"].found == newest.context["page"].found
    assert client.get(PAGE, {"as_of": BEFORE_IT.isoformat()}).context["page"].is_empty


def test_no_filter_narrows_it(funded: World) -> None:
    client = funded.client(ADMINISTRATOR)
    plain = client.get(PAGE).context["page"].found
    office = str(funded.harbour.administrator.office_id or "")
    for query in (
        {"office": office},
        {"cohort": str(funded.harbour.first_cohort.id)},
        {"role": "trainer"},
        {"module": "m1"},
        {"only": "overdue", "round": "2"},
    ):
        assert client.get(PAGE, query).context["page"].found == plain


def exports_of(world: World) -> Any:
    rows = AuditEntry.objects.in_organization(world.harbour.organization.pk)
    return rows.filter(action__startswith="export")


def test_a_file_needs_a_fresh_proof_and_is_kept_in_the_record(funded: World) -> None:
    address = reverse("modules:report_donor_file", args=["offices", "csv"]) + f"?as_of={QUARTER}"
    stale = funded.client(ADMINISTRATOR)
    assert stale.post(address).status_code == 403
    assert not exports_of(funded).exists()
    answer = proved(funded).post(address)
    assert b"".join(answer.streaming_content)
    entry = exports_of(funded).get(action="export.report")
    assert entry.actor_id == funded.harbour.administrator.id
    assert proved(funded, TRAINER).post(address).status_code == 403


@pytest.mark.parametrize("query", ["", "?as_of=", "?as_of=2026-10-01", "?as_of=2026-09-29"])
def test_a_file_of_another_day_does_not_exist(funded: World, query: str) -> None:
    address = reverse("modules:report_donor_file", args=["offices", "csv"]) + query
    assert proved(funded).post(address).status_code == 404
    for part, kind in (("people", "csv"), ("offices", "exe")):
        address = reverse("modules:report_donor_file", args=[part, kind]) + f"?as_of={QUARTER}"
        assert proved(funded).post(address).status_code == 404


def test_another_organisation_has_its_own(funded: World) -> None:
    answer = funded.client(OUTSIDER).get(PAGE)
    assert answer.context["page"].is_empty
    assert funded.harbour.canary not in answer.content.decode()


def test_the_page_costs_the_same_for_many_people(
    world: World,
    small_course: Outline,
    queries: Callable[[], AbstractContextManager[list[int]]],
) -> None:
    furnish_offices(world.harbour, {"north": (6, 6)})
    client = world.client(ADMINISTRATOR)
    client.get(PAGE)
    with queries() as few:
        assert client.get(PAGE).status_code == 200
    furnish_offices(world.harbour, {f"o{one}": (12, 9) for one in range(6)})
    with queries() as many:
        assert client.get(PAGE).context["page"].found.learners == 130  # 138
    assert few == many
