"""A quiz on paper: what is printed, what is typed in, and that it is an ordinary attempt."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from course.models import AppendOnlyError, AuditEntry
from course.services import Refused
from quizzes import kinds
from quizzes.models import Attempt, AttemptItem, Evidence, PaperEntry, PaperSheet, Response
from quizzes.paper import ON_PAPER, Unreadable, key_line, read_line
from quizzes.published import current_bank
from quizzes.services.attempting import NotAllowed, start_attempt
from quizzes.services.papering import BadLines, enter_sheet, make_sheet, questions_of
from quizzes.services.rollups import differences
from tests.course.race import at_once
from tests.personas import AT, TRAINER, World, make_world
from tests.quizzes.making import (
    bank_of,
    eight_verdicts,
    highlight,
    next_step,
    publish,
    published,
    quiz,
    verdict,
)
from tests.quizzes.sampled import items_of_kind

DRAWS = [
    {"kind": "verdict", "pools": ["pp"], "take": 8},
    {"kind": "highlight", "pools": ["pp"], "take": 1},
    {"kind": "next_step", "pools": ["pp"], "take": 1},
    {"kind": "dialogue", "pools": ["pp"], "take": 1},
]


def bank() -> Any:
    items = [
        *eight_verdicts(),
        highlight("pp-h1", "pp", "control", signals=2, noise=2),
        next_step("pp-n1", "pp", "control"),
    ]
    final = quiz("final", kind="final", module=None)
    return published(items, quiz(draws=DRAWS), final)


@pytest.fixture
def whole(world: World) -> Any:
    del world
    return bank()[0]


def made(world: World, whole: Any) -> PaperSheet:
    place = world.harbour
    return make_sheet(cohort=place.first_cohort, quiz=whole, actor=place.trainer, at=AT)


def keys_of(sheet: PaperSheet) -> dict[int, str]:
    return {one.number: key_line(one.item, one.shown) for one in questions_of(sheet, "en")}


def entered(world: World, whole: Any, sheet: PaperSheet, lines: Any, **more: Any) -> Attempt:
    place = world.harbour
    who: dict[str, Any] = {"person": place.learner, "actor": place.trainer} | more
    return enter_sheet(sheet=sheet, quiz=whole, lines=lines, at=AT, **who)


# --- the pure room ------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ON_PAPER)
def test_the_key_typed_in_earns_everything(kind: str) -> None:
    for item in items_of_kind(kind):
        for seed in ("one", "two"):
            shown = kinds.shown(item, "en", seed=seed)
            answer = read_line(item, shown, key_line(item, shown).lower())
            assert answer is not None
            assert kinds.score(item, answer).credit == 1.0


@pytest.mark.parametrize("kind", ON_PAPER)
@settings(deadline=None)  # the samples are read from their files the first time
@given(typed=st.text(max_size=30))
def test_whatever_is_typed_is_an_answer_or_refused(kind: str, typed: str) -> None:
    item = items_of_kind(kind)[0]
    shown = kinds.shown(item, "en", seed="s")
    try:
        answer = read_line(item, shown, typed)
    except Unreadable:
        return
    assert answer is None or kinds.validate(item, answer) == answer


@pytest.mark.parametrize(
    ("typed", "marked"),
    [("1 4", ["p1", "p4"]), ("4,1", ["p1", "p4"]), ("0", []), ("1;2;3", ["p1", "p2", "p3"])],
)
def test_lines_are_numbers(typed: str, marked: list[str]) -> None:
    item = highlight("h-1", "pp", "control", signals=2, noise=2)
    assert read_line(item, kinds.shown(item, "en"), typed) == {"marked": marked}


@pytest.mark.parametrize("typed", ["5", "a", "1 0", "?", "1 4 99"])
def test_what_is_no_line_is_refused(typed: str) -> None:
    item = highlight("h-1", "pp", "control", signals=2, noise=2)
    with pytest.raises(Unreadable):
        read_line(item, kinds.shown(item, "en"), typed)


def test_yes_and_no_in_both_languages() -> None:
    item = verdict("v-1", "pp", "control", signal=True)
    shown = kinds.shown(item, "en")
    said = {typed: read_line(item, shown, typed) for typed in ("Y", "n", "T", " ")}
    assert [said["Y"], said["n"], said["T"]] == [
        {"concern": yes, "confidence": None} for yes in (True, False, False)
    ]
    assert said[" "] is None


# --- typing in ----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_sheet_typed_in_is_an_ordinary_attempt_marked_as_from_paper(
    world: World, whole: Any
) -> None:
    sheet = made(world, whole)
    attempt = entered(world, whole, sheet, keys_of(sheet))
    assert attempt.submitted_at == AT
    rows = Evidence.objects.of_person(world.harbour.learner)
    assert rows.filter(kind="signal").count() == rows.filter(kind="signal", flagged=True).count()
    assert not rows.filter(kind="noise", flagged=True).exists()
    assert rows.counted().count() == 12
    assert list(differences(world.harbour.organization)) == []
    entry = PaperEntry.objects.in_organization(world.harbour.organization).get()
    assert (entry.attempt_id, entry.entered_by_id) == (attempt.id, world.harbour.trainer.id)
    recorded = AuditEntry.objects.in_organization(world.harbour.organization).latest("sequence")
    assert recorded.action == "attempt.paper"
    with pytest.raises(AppendOnlyError):
        entry.save()


@pytest.mark.django_db
def test_an_empty_line_is_no_answer(world: World, whole: Any) -> None:
    sheet = made(world, whole)
    lines = keys_of(sheet) | {1: "", 2: "  "}
    attempt = entered(world, whole, sheet, lines)
    assert Response.objects.of_attempt(attempt).count() == len(lines) - 2
    with pytest.raises(Refused, match="Nothing was typed"):
        entered(world, whole, sheet, {}, person=world.harbour.stranger)


@pytest.mark.django_db
def test_what_cannot_be_read_keeps_nothing(world: World, whole: Any) -> None:
    sheet = made(world, whole)
    with pytest.raises(BadLines) as caught:
        entered(world, whole, sheet, keys_of(sheet) | {1: "?", 3: "7777"})
    assert caught.value.numbers == [1, 3]
    assert not Attempt.objects.of_person(world.harbour.learner).exists()


@pytest.mark.django_db
def test_the_same_sheet_of_one_person_is_one_attempt(world: World, whole: Any) -> None:
    sheet = made(world, whole)
    first = entered(world, whole, sheet, keys_of(sheet))
    assert entered(world, whole, sheet, keys_of(sheet)).pk == first.pk
    entered(world, whole, sheet, keys_of(sheet), person=world.harbour.stranger)
    assert Attempt.objects.in_organization(world.harbour.organization).count() == 2


@pytest.mark.django_db
def test_somebody_in_the_middle_of_it_finishes_first(world: World, whole: Any) -> None:
    sheet = made(world, whole)
    start_attempt(membership=world.harbour.learner, quiz=whole, at=AT)
    with pytest.raises(Refused, match="begun this quiz on the screen"):
        entered(world, whole, sheet, keys_of(sheet))


@pytest.mark.django_db
def test_the_rules_of_the_quiz_hold_on_paper(world: World) -> None:
    [once] = published(eight_verdicts(), quiz(draws=DRAWS, attempts=1))
    one, two = made(world, once), made(world, once)
    entered(world, once, one, keys_of(one))
    with pytest.raises(NotAllowed, match="no_attempts_left"):
        entered(world, once, two, keys_of(two))


@pytest.mark.django_db
def test_a_sheet_keeps_the_texts_it_was_printed_with(world: World, whole: Any) -> None:
    sheet = made(world, whole)
    keys = keys_of(sheet)
    turned = [verdict(f"pp-v{n}", "pp", "control", signal=not n % 2) for n in range(1, 8)]
    publish(bank_of(turned, quiz(draws=DRAWS)))  # keys turned round, three items gone
    now = current_bank().quizzes[whole.quiz.key]
    attempt = entered(world, now, sheet, keys)
    drawn = AttemptItem.objects.in_organization(attempt.organization_id).filter(
        attempt_id=attempt.id
    )
    assert {str(one.item_version_id) for one in drawn} <= set(sheet.versions)
    assert drawn.count() == 7
    rows = Evidence.objects.of_person(world.harbour.learner)
    assert not rows.filter(kind="noise", flagged=True).exists()
    assert not rows.filter(kind="signal", flagged=False).exists()


@pytest.mark.django_db
def test_tests_and_talks_stay_on_the_screen(world: World) -> None:
    whole, final = bank()
    sheet = made(world, whole)
    assert {one.item.kind for one in questions_of(sheet, "en")} == {
        "verdict",
        "highlight",
        "next_step",
    }
    with pytest.raises(Refused, match="cannot be taken on paper"):
        made(world, final)


@pytest.mark.django_db(transaction=True)
def test_two_who_type_the_same_sheet_make_one_attempt() -> None:
    world = make_world()
    whole = bank()[0]
    sheet = made(world, whole)
    lines = keys_of(sheet)
    one, other = at_once(
        lambda: entered(world, whole, sheet, lines),
        lambda: entered(world, whole, sheet, lines, actor=world.harbour.administrator),
        refusals=Refused,
    )
    assert isinstance(one, Attempt)
    assert isinstance(other, Attempt)
    assert one.pk == other.pk


# --- the pages ----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_from_the_cohort_to_a_typed_sheet(world: World, whole: Any) -> None:
    client, cohort = world.client(TRAINER), world.harbour.first_cohort.id
    listed = reverse("quizzes:papers", args=[cohort])
    assert 'value="final"' not in client.get(listed).content.decode()
    printed = client.post(listed, {"quiz": whole.quiz.key}, follow=True)
    sheet = PaperSheet.objects.in_organization(world.harbour.organization).get()
    text = printed.content.decode()
    assert sheet.code in text
    assert "Segment 1 of pp-h1." in text
    assert "Key to sheet" in text
    malay = client.get(reverse("quizzes:paper", args=[cohort, sheet.id]), {"language": "ms"})
    assert "Segment 1 of pp-h1. (ms)" in malay.content.decode()
    address = reverse("quizzes:paper_enter", args=[cohort, sheet.id])
    fields = {f"line_{number}": key for number, key in keys_of(sheet).items()}
    fields["person"] = str(world.harbour.learner.id)
    refused = client.post(address, fields)
    assert "Ask the person first." in refused.content.decode()
    wrong = client.post(address, fields | {"agreed": "on", "line_1": "??"})
    assert wrong.status_code == 422
    assert "This is no answer to this question." in wrong.content.decode()
    assert client.post(address, fields | {"agreed": "on"}).status_code == 303
    attempt = Attempt.objects.of_person(world.harbour.learner).get()
    mine = world.client("learner").get(reverse("quizzes:results", args=[attempt.id]))
    assert mine.status_code == 200
    assert "typed in by" in mine.content.decode()


@pytest.mark.django_db
def test_only_learners_of_the_cohort_can_be_chosen(world: World, whole: Any) -> None:
    sheet = made(world, whole)
    address = reverse("quizzes:paper_enter", args=[world.harbour.first_cohort.id, sheet.id])
    client = world.client(TRAINER)
    form = client.get(address).context["form"]
    assert {UUID(key) for key in form.people} == {world.harbour.learner.id}
    sent = client.post(
        address, {"person": world.harbour.stranger.id, "agreed": "on", "line_1": "Y"}
    )
    assert sent.status_code == 422
    other = reverse("quizzes:paper", args=[world.harbour.second_cohort.id, sheet.id])
    assert world.client("administrator").get(other).status_code == 404
