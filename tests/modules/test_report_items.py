"""How the questions work: rows, gates, corrections, privacy and the price of the pages."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from io import StringIO
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from course.access import Context
from course.models import AuditEntry, Membership
from course.recent import note_proof
from modules.reports.item_words import item_table
from modules.reports.items import FormReport, attempts_for, form_report, forms_for
from quizzes import form_answers, form_table, kinds
from quizzes.models import Attempt, Evidence, ItemVersion, Response
from quizzes.published import current_bank, item_version
from quizzes.rekeying import Change, Standing
from quizzes.services.attempting import start_attempt
from quizzes.services.correcting import correct_key
from quizzes.services.grading import submit_attempt
from tests.modules.classes import learners, publish_form, take_all
from tests.modules.finishing import answer_all, take
from tests.modules.funding import settle
from tests.personas import ADMINISTRATOR, AT, TRAINER, World, put_into
from tests.quizzes.making import bank_of, both, next_step, publish

Queries = Callable[[], AbstractContextManager[list[int]]]


def context_of(membership: Membership) -> Context:
    return Context(
        user=membership.user,
        membership=membership,
        organization=membership.organization,
        language="en",
        at=AT,
    )


def report(world: World, viewer: Membership | None = None, cohort: Any = None) -> FormReport:
    context = context_of(viewer or world.harbour.administrator)
    form = forms_for(context, cohort)[0]
    found = form_report(context, cohort, form, language="en")
    assert found is not None
    return found


def credits_of(found: FormReport, key: str) -> list[float | None]:
    line = next(one for one in found.lines if one.key == key)
    return found.answers.columns[found.answers.place_of(line.version_id)]


def test_credits_are_those_of_the_marking(world: World) -> None:
    form = publish_form()
    people = learners(world.harbour, 3)
    take_all(people, form)
    take(people[0], form, at=AT)  # a second go, all right
    found = report(world)
    assert found.answers.people == 3
    assert len(found.lines) == 12
    rows = Evidence.objects.in_organization(world.harbour.organization).filter(
        attempt__number=1, item_version__thing__key="pp-n1"
    )
    assert sorted(credits_of(found, "pp-n1")) == sorted(row.credit for row in rows)
    texts = credits_of(found, "pp-h1")
    assert all(cell is not None and 0 <= cell <= 1 for cell in texts)


def test_open_answers_are_wrong_and_skips_are_in_nothing(world: World) -> None:
    form = publish_form()
    people = learners(world.harbour, 2)
    take(people[0], form, at=AT, only=11)
    attempt = start_attempt(membership=people[1], quiz=form, at=AT)
    answer_all(attempt, at=AT)
    skipped = Response(
        organization_id=attempt.organization_id,
        attempt_id=attempt.id,
        position=1,
        sequence=99,
        client_key=uuid4(),
        skipped=True,
        answered_at=AT,
    )
    Response.objects.bulk_create([skipped])
    submit_attempt(attempt=attempt, at=AT)
    found = report(world)
    cells = [cell for column in found.answers.columns for cell in column]
    assert (cells.count(0.0), cells.count(None), cells.count(1.0)) == (1, 1, 22)
    assert found.numbers.n == 1


def test_a_trainer_has_the_own_cohort_and_an_administrator_all(world: World) -> None:
    form, place = publish_form(), world.harbour
    take_all(learners(place, 6), form)
    others = settle(place, None, 5, word="other")
    for person in others:
        put_into(place.second_cohort, person)
    take_all(others, form)
    take_all(learners(world.lighthouse, 4, word="x"), form)
    assert report(world).answers.people == 11
    assert report(world, place.trainer).answers.people == 6
    assert report(world, cohort=place.second_cohort).answers.people == 5
    assert report(world, world.lighthouse.administrator).answers.people == 4
    assert attempts_for(context_of(place.learner)).count() == 0


def test_other_wordings_are_left_out_and_told(world: World) -> None:
    form = publish_form()
    people = learners(world.harbour, 5)
    take_all(people[:3], form)
    old = ItemVersion.objects.get(thing__key="pp-n1")
    _republish(next_step("pp-n1", "pp", "control"), question=both("What next?"))
    take_all(people[3:], form)
    found = report(world)
    assert (found.answers.people, found.answers.left_out) == (2, 3)
    context = context_of(world.harbour.administrator)
    line = forms_for(context)[0]
    before = form_report(context, None, line, language="en", item=old.pk)
    assert before is not None
    assert (before.answers.people, before.answers.left_out) == (3, 2)


def _republish(item: Any, **changes: Any) -> None:
    bank = current_bank()
    items = {key: item_version(one.version_id) for key, one in bank.items.items()}
    document = item.model_dump(mode="json") | changes
    items[item.key] = kinds.parse(document)
    publish(bank_of(items.values(), *(one.quiz for one in bank.quizzes.values())))


@pytest.fixture
def taken(world: World) -> World:
    """Forty learners of harbour, and eleven of lighthouse who answer otherwise."""
    form = publish_form()
    take_all(learners(world.harbour, 40), form, backwards="pp-v3")
    take_all(learners(world.lighthouse, 11, word="x"), form, seed=2)
    return world


def test_the_list_tells_what_to_look_at_and_names_nobody(taken: World) -> None:
    for persona in (ADMINISTRATOR, TRAINER):
        page = taken.client(persona).get(reverse("modules:report_items"))
        text = page.content.decode()
        assert page.status_code == 200
        assert "of 40 got it right" in text
        assert "check the key" in text
        assert "canaryharbour l" not in text
        assert "canarylighthouse" not in text


def test_one_item_tells_options_curve_and_what_it_separates(taken: World) -> None:
    client = taken.client(ADMINISTRATOR)
    address = reverse("modules:report_item", args=["pp-n1", 1])
    text = client.get(address).content.decode()
    assert "Nobody picks “Do c.”: replace it." in text
    assert "Best 27 %" in text
    backwards = client.get(reverse("modules:report_item", args=["pp-v3", 1])).content.decode()
    assert "Those who do well elsewhere do worse here" in backwards
    assert "the wrong way round" in backwards
    marked = client.get(reverse("modules:report_item", args=["pp-h1", 1])).content.decode()
    assert "Segment 1 of pp-h1." in marked
    assert "canaryharbour l" not in text + backwards + marked


def test_where_all_did_the_same_nothing_is_said_of_who_knows(world: World) -> None:
    take_all(learners(world.harbour, 30), publish_form(), nobody="pp-v3")
    page = world.client(TRAINER).get(reverse("modules:report_item", args=["pp-v3", 1]))
    text = page.content.decode()
    assert "0 of 30 got it right" in text
    assert "all did the same here" in text
    assert "It is told from 30 people on" not in text


@pytest.mark.parametrize(("people", "shown"), [(9, False), (10, True)])
def test_nothing_below_ten_people(world: World, people: int, shown: bool) -> None:
    take_all(learners(world.harbour, people), publish_form())
    client = world.client(ADMINISTRATOR)
    listed = client.get(reverse("modules:report_items")).content.decode()
    one = client.get(reverse("modules:report_item", args=["pp-n1", 1])).content.decode()
    mixed = client.get(reverse("modules:report_mixed")).content.decode()
    assert ("got it right" in listed) is shown
    assert ("What they chose" in one) is shown
    assert ("Do d." in mixed) is shown
    assert "It separates" not in one


def test_a_wrong_address_says_so_and_a_foreign_cohort_does_not_exist(taken: World) -> None:
    client, page = taken.client(TRAINER), reverse("modules:report_items")
    assert "Nobody here took the form" in client.get(page, {"quiz": "x' OR 1=1"}).content.decode()
    assert client.get(page, {"cohort": "nonsense"}).status_code == 404
    for hidden in (taken.lighthouse.first_cohort, taken.harbour.second_cohort):
        assert client.get(page, {"cohort": str(hidden.id)}).status_code == 404
    assert client.get(page, {"cohort": str(taken.harbour.first_cohort.id)}).status_code == 200
    nobody = client.get(reverse("modules:report_item", args=["pp-v8", 7]))
    assert nobody.status_code == 404


def test_the_file_has_the_rows_of_the_page(taken: World) -> None:
    client = taken.client(TRAINER)
    address = reverse("modules:report_items_file", args=["csv"])
    assert client.post(reverse("modules:report_items_file", args=["exe"])).status_code == 404
    asked = client.post(address, {"proof": "not it"})
    assert asked.status_code in {403, 422}  # an old sign-in proves nothing
    session = client.session
    note_proof(session, at=timezone.now())
    session.save()
    answer = client.post(address)
    assert answer.status_code == 200
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    found = report(taken, taken.harbour.trainer)
    table = item_table(found, "", "")
    for line, cells in zip(found.lines, table.cells(), strict=True):
        assert line.key in text
        assert cells[5] == line.numbers.facility.n == 40
    assert "canaryharbour l" not in text
    events = AuditEntry.objects.in_organization(taken.harbour.organization)
    assert events.filter(action="export.report", subject="table:items").count() == 1


def test_the_console_pools_organisations_and_names_none(taken: World) -> None:
    out = StringIO()
    call_command("item_statistics", form="short", format="json", stdout=out)
    found = json.loads(out.getvalue())
    assert (found["people"], found["organisations"]) == (51, 2)
    assert {one["people"] for one in found["items"]} == {51}
    assert "canary" not in out.getvalue()
    assert "house" not in out.getvalue()
    rows = StringIO()
    call_command("item_statistics", form="short", stdout=rows)
    assert len(rows.getvalue().splitlines()) == 13
    with pytest.raises(CommandError, match="no quiz"):
        call_command("item_statistics", form="nothing")


def test_the_console_says_nothing_about_nine_people(world: World) -> None:
    form = publish_form()
    take_all(learners(world.harbour, 5), form)
    take_all(learners(world.lighthouse, 4, word="x"), form)
    with pytest.raises(CommandError, match="ten people"):
        call_command("item_statistics", form="short")


def test_moodle_numbers_come_on_request(taken: World) -> None:
    client, page = taken.client(TRAINER), reverse("modules:report_items")
    assert "Discrimination index" not in client.get(page).content.decode()
    assert "Discrimination index" in client.get(page, {"moodle": "1"}).content.decode()


def test_the_pages_ask_as_often_for_many_people_as_for_few(world: World, queries: Queries) -> None:
    form = publish_form()
    take_all(learners(world.harbour, 12), form)
    client = world.client(ADMINISTRATOR)
    pages = [
        reverse("modules:report_items"),
        reverse("modules:report_item", args=["pp-n1", 1]),
        reverse("modules:report_mixed"),
    ]
    counts = []
    for number in (0, 24):
        take_all(learners(world.harbour, number, word="more"), form, seed=3)
        for page in pages:
            client.get(page)
            with queries() as counted:
                client.get(page)
            counts += counted
    assert counts[:3] == counts[3:]
    assert max(counts) <= 26


def test_a_correction_changes_the_numbers_and_a_dropped_item_leaves(world: World) -> None:
    form = publish_form()
    people = learners(world.harbour, 12)
    take_all(people, form, backwards="pp-v3")
    before = report(world)
    correct(world, "pp-v3", Change.NOISE)
    after = report(world)
    flipped = [1.0 - (cell or 0.0) for cell in credits_of(before, "pp-v3")]
    assert credits_of(after, "pp-v3") == flipped
    correct(world, "pp-v4", Change.DROP)
    gone = report(world)
    assert "pp-v4" not in {one.key for one in gone.lines}
    assert gone.numbers.n == 12


def correct(world: World, key: str, change: Change, part: str = "case", option: str = "") -> None:
    correct_key(
        actor=world.harbour.administrator,
        version=ItemVersion.objects.get(thing__key=key),
        standing=Standing(part, change, option),
        reason="The panel said so.",
        lower=True,
        client_key=uuid4(),
        at=AT,
    )


def test_options_are_told_the_same_from_counts_and_from_rows(world: World) -> None:
    take_all(learners(world.harbour, 12), publish_form())
    before = report(world)
    line = next(one for one in before.lines if one.key == "pp-n1")
    counted = before.answers.choices[line.version_id]
    rows = Evidence.objects.in_organization(world.harbour.organization)
    rows = rows.filter(item_version_id=line.version_id, part="answer")
    places = before.answers.places
    assert {places[row.attempt_id]: row.chosen for row in rows} == dict(enumerate(counted.chosen))
    assert counted.rights == {"a"}
    correct(world, "pp-n1", Change.ACCEPT, part="answer", option="b")  # from here on row by row
    after = report(world).answers.choices[line.version_id]
    assert after.chosen == counted.chosen
    assert "b" in after.chosen
    assert after.rights == {"a", "b"}


def test_only_the_newest_are_read_and_the_page_says_so(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = publish_form()
    people = learners(world.harbour, 12)
    take_all(people[:6], form, seed=1)
    take_all(people[6:], form, seed=2)
    whole = report(world).answers
    monkeypatch.setattr(form_answers, "MOST_ATTEMPTS", 5)
    monkeypatch.setattr(form_answers, "WINDOW", 7)
    cut = report(world).answers
    assert (cut.people, cut.is_cut, cut.left_out) == (5, True, 0)
    assert [*cut.places] == [*whole.places][:5]
    assert cut.columns == tuple(column[:5] for column in whole.columns)


@pytest.mark.parametrize(("old", "expected"), [(7, (5, True, 0)), (4, (4, False, 8))])
def test_behind_many_other_wordings_the_older_ones_are_found(
    world: World, monkeypatch: pytest.MonkeyPatch, old: int, expected: tuple[int, bool, int]
) -> None:
    form = publish_form()
    people = learners(world.harbour, 12)
    take_all(people[:old], form)
    wording = ItemVersion.objects.get(thing__key="pp-n1")
    _republish(next_step("pp-n1", "pp", "control"), question=both("What next?"))
    take_all(people[old:], form)
    monkeypatch.setattr(form_answers, "MOST_ATTEMPTS", 5)
    monkeypatch.setattr(form_answers, "WINDOW", 5)
    context = context_of(world.harbour.administrator)
    line = forms_for(context)[0]
    found = form_report(context, None, line, language="en", item=wording.pk)
    assert found is not None
    answers = found.answers
    assert (answers.people, answers.is_cut, answers.left_out) == expected
    mine = {one.id for one in people[:old]}
    taken = Attempt.objects.in_organization(world.harbour.organization).filter(
        id__in=answers.places
    )
    assert set(taken.values_list("membership_id", flat=True)) <= mine


def test_who_is_new_is_read_and_nobody_twice(
    world: World, django_assert_max_num_queries: Any
) -> None:
    form = publish_form()
    people = learners(world.harbour, 12)
    take_all(people[:10], form)
    known = [*report(world).answers.places]
    take_all(people[10:], form, seed=2)
    with django_assert_max_num_queries(50) as asked:
        together = report(world).answers
    assert together.people == 12
    facts = [one["sql"] for one in asked.captured_queries if "quizzes_evidence" in one["sql"]]
    assert facts
    assert not any(key.hex in sql or str(key) in sql for sql in facts for key in known)
    form_table.LINES.forget()
    form_answers.WHOLE.forget()
    assert report(world).answers == together


def test_memory_has_an_end() -> None:
    kept: form_table.Kept[int] = form_table.Kept()
    asked: list[int] = []

    def read(new: Any) -> dict[UUID, int]:
        asked.append(len(new))
        return {one: one.int for one in new}

    many = [UUID(int=place) for place in range(kept.MOST_ATTEMPTS)]
    more = [UUID(int=place) for place in range(kept.MOST_ATTEMPTS, kept.MOST_ATTEMPTS + 2)]
    assert kept.read("a", many, read)[many[1]] == 1
    assert set(kept.read("a", more, read)) == set(more)  # the others had to go
    kept.read("a", [*more, many[0]], read)
    for number in range(kept.MOST_KEYS - 1):
        kept.read(number, many[:1], read)
    kept.read("a", more, read)  # still known: it was asked for lately
    kept.read("new", many[:1], read)
    kept.read("a", more, read)
    kept.read(0, many[:1], read)  # forgotten
    ones = [1] * (kept.MOST_KEYS - 1)
    assert asked == [kept.MOST_ATTEMPTS, 2, 1, *ones, 1, 1]
