"""Correcting a key: the right people, the right numbers, once, and back again exactly."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.urls import reverse

from course.models import AppendOnlyError, AuditEntry, Membership
from course.roles import Role
from course.services import Refused
from quizzes.models import Amendment, Attempt, Evidence, ItemVersion, KeyCorrection, Tally
from quizzes.published import current_bank
from quizzes.reading import facts_of_attempt, facts_of_person
from quizzes.rekeying import Change, Standing
from quizzes.services.attempting import items_of, record_response, start_attempt
from quizzes.services.correcting import correct_key, effects_of, undo_correction
from quizzes.services.grading import submit_attempt
from quizzes.summary import count
from tests.course.race import at_once
from tests.personas import AT, World, make_membership, make_user
from tests.quizzes.making import eight_verdicts, next_step, published, quiz

pytestmark = pytest.mark.django_db
ALL_EIGHT = [
    {"kind": "verdict", "pools": ["pp"], "take": 8},
    {"kind": "next_step", "pools": ["pp"], "take": 1},
]
ORDINARY = Standing("case", Change.NOISE)


def take(person: Membership, whole: Any, *, concern: bool, chosen: str = "d") -> Attempt:
    """Say the same everywhere, and hand in."""
    attempt = start_attempt(membership=person, quiz=whole, at=AT)
    for drawn in items_of(attempt).select_related("item"):
        answer: dict[str, Any] = {"concern": concern, "confidence": 80}
        if drawn.item.kind == "next_step":
            answer = {"chosen": chosen}
        record_response(
            attempt=attempt,
            position=drawn.position,
            client_key=uuid4(),
            answer=answer,
            at=AT,
        )
    return submit_attempt(attempt=attempt, at=AT)


def version_of(key: str) -> ItemVersion:
    found: ItemVersion = ItemVersion.objects.get(pk=current_bank().items[key].version_id)
    return found


@pytest.fixture
def whole(world: World) -> Any:
    """A quiz that everybody takes alike: odd cases are signs."""
    del world
    [one] = published([*eight_verdicts(), next_step("pp-n", "pp")], quiz(draws=ALL_EIGHT))
    return one


@pytest.fixture
def lived(world: World, whole: Any) -> World:
    """The learner flags everything, the stranger nothing; the same in the other house."""
    for place in (world.harbour, world.lighthouse):
        take(place.learner, whole, concern=True)
        take(place.stranger, whole, concern=False)
    return world


def correct(
    actor: Membership,
    key: str = "pp-v1",
    standing: Standing = ORDINARY,
    *,
    lower: bool = False,
    client_key: Any = None,
) -> KeyCorrection:
    return correct_key(
        actor=actor,
        version=version_of(key),
        standing=standing,
        reason="The text allows both.",
        lower=lower,
        client_key=client_key or uuid4(),
        at=AT,
    )


def tallies(organization: Any) -> list[tuple[Any, ...]]:
    rows = Tally.objects.in_organization(organization).order_by("membership_id", "stage", "tactic")
    columns = ("membership_id", "mode", "stage", "tactic", "n_signal", "hits", "n_noise")
    return list(rows.values_list(*columns, "false_alarms"))


def check() -> str:
    out = StringIO()
    call_command("rebuild_rollups", check=True, stdout=out)
    return out.getvalue()


def results(person: Membership) -> tuple[int, int, int, int]:
    counts = count(facts_of_person(person))
    attempt = Attempt.objects.of_person(person).get()
    assert counts == count(facts_of_attempt(attempt))
    return counts.n_signal, counts.hits, counts.n_noise, counts.false_alarms


def test_the_preview_says_who_changes_and_by_how_much(lived: World) -> None:
    place = lived.harbour
    effects = effects_of(place.organization.pk, version_of("pp-v1").pk, ORDINARY)
    by_person = {one.membership_id: one for one in effects}
    up, down = by_person[place.stranger.id], by_person[place.learner.id]
    assert (up.before.points, up.after.points, up.before.of, up.after.of) == (4, 5, 9, 9)
    assert (down.before.points, down.after.points) == (4, 3)
    assert (up.rises, up.falls, down.rises, down.falls) == (True, False, False, True)
    assert tallies(place.organization)
    assert not Amendment.objects.in_organization(place.organization).exists()


def test_nobody_falls_unasked_and_the_sums_still_equal_the_facts(lived: World) -> None:
    place = lived.harbour
    correct(place.trainer)
    assert results(place.stranger) == (3, 0, 5, 0)
    assert results(place.learner) == (4, 4, 4, 4)
    assert check() == "Sums: 0 differ.\n"


def test_the_box_lets_results_fall(lived: World) -> None:
    place = lived.harbour
    correct(place.trainer, lower=True)
    assert results(place.learner) == (3, 3, 5, 5)
    assert check() == "Sums: 0 differ.\n"


def test_undo_gives_every_number_back(lived: World) -> None:
    place = lived.harbour
    before = tallies(place.organization), results(place.learner), results(place.stranger)
    made = correct(place.trainer, lower=True)
    assert tallies(place.organization) != before[0]
    for _twice in range(2):
        undo_correction(actor=place.administrator, correction=made, at=AT + timedelta(hours=1))
    after = tallies(place.organization), results(place.learner), results(place.stranger)
    assert after == before
    assert check() == "Sums: 0 differ.\n"
    correct(place.trainer)
    assert results(place.stranger) == (3, 0, 5, 0)


def test_what_counts_for_nobody_leaves_both_sides(lived: World) -> None:
    place = lived.harbour
    correct(place.trainer, standing=Standing("case", Change.DROP), lower=True)
    assert results(place.learner) == (3, 3, 4, 4)
    assert results(place.stranger) == (3, 0, 4, 0)
    assert check() == "Sums: 0 differ.\n"


def test_an_accepted_step_is_no_critical_error_any_more(lived: World) -> None:
    place = lived.harbour
    attempt = Attempt.objects.of_person(place.learner).get()
    assert sum(fact.critical_error for fact in facts_of_attempt(attempt)) == 1
    made = correct(place.trainer, "pp-n", Standing("answer", Change.ACCEPT, "d"))
    assert sum(fact.critical_error for fact in facts_of_attempt(attempt)) == 0
    rows = Evidence.objects.of_person(place.learner).corrected().filter(part="answer")
    assert [row.marked_credit for row in rows] == [1.0]
    undo_correction(actor=place.trainer, correction=made, at=AT)
    assert sum(fact.critical_error for fact in facts_of_attempt(attempt)) == 1


def test_the_other_organisation_is_not_touched(lived: World) -> None:
    there = lived.lighthouse
    before = tallies(there.organization), results(there.learner), results(there.stranger)
    correct(lived.harbour.trainer, lower=True)
    after = tallies(there.organization), results(there.learner), results(there.stranger)
    assert after == before
    with pytest.raises(ValueError, match="different organisations"):
        undo_correction(
            actor=there.administrator,
            correction=KeyCorrection.objects.in_organization(lived.harbour.organization).get(),
            at=AT,
        )


def test_sending_twice_is_once_and_a_part_has_one_correction(lived: World) -> None:
    place, key = lived.harbour, uuid4()
    first = correct(place.trainer, client_key=key)
    before = tallies(place.organization)
    assert correct(place.trainer, client_key=key).pk == first.pk
    assert tallies(place.organization) == before
    with pytest.raises(Refused, match="corrected before"):
        correct(place.trainer)


def test_what_makes_no_sense_is_refused(lived: World) -> None:
    place = lived.harbour
    for standing in (
        Standing("case", Change.SIGNAL),
        Standing("case", Change.ACCEPT, "a"),
        Standing("nothing", Change.DROP),
    ):
        with pytest.raises(Refused, match="cannot be marked"):
            correct(place.trainer, standing=standing)


def test_attempts_handed_in_later_are_marked_by_the_corrected_key(world: World, whole: Any) -> None:
    place = world.harbour
    made = correct(place.trainer)
    take(place.learner, whole, concern=True)
    assert results(place.learner) == (3, 3, 5, 5)
    assert check() == "Sums: 0 differ.\n"
    undo_correction(actor=place.trainer, correction=made, at=AT)
    assert results(place.learner) == (4, 4, 4, 4)
    assert check() == "Sums: 0 differ.\n"


def test_the_facts_stay_and_the_record_says_who(lived: World) -> None:
    place = lived.harbour
    kept = list(Evidence.objects.in_organization(place.organization).order_by("id").values())
    made = correct(place.trainer, lower=True)
    assert list(Evidence.objects.in_organization(place.organization).order_by("id").values()) == (
        kept
    )
    entry = AuditEntry.objects.in_organization(place.organization).latest("sequence")
    assert (entry.action, entry.subject) == ("key.correct", "item:pp-v1")
    assert entry.actor_id == place.trainer.id
    made.reason = "another"
    with pytest.raises(AppendOnlyError):
        made.save()
    with pytest.raises(AppendOnlyError):
        KeyCorrection.objects.in_organization(place.organization).update(reason="x")
    with pytest.raises(AppendOnlyError):
        Amendment.objects.in_organization(place.organization).delete()


def test_the_same_queries_for_two_people_and_for_ten(
    world: World, whole: Any, django_assert_num_queries: Any
) -> None:
    place = world.harbour
    for number in range(2):
        person = make_user(f"more-{number}")
        take(make_membership(place.organization, person, Role.LEARNER), whole, concern=False)
    version = version_of("pp-v1").pk
    with django_assert_num_queries(2):
        assert len(effects_of(place.organization.pk, version, ORDINARY)) == 2
    for number in range(2, 10):
        person = make_user(f"more-{number}")
        take(make_membership(place.organization, person, Role.LEARNER), whole, concern=False)
    with django_assert_num_queries(2):
        assert len(effects_of(place.organization.pk, version, ORDINARY)) == 10


@pytest.mark.django_db(transaction=True)
def test_two_who_correct_at_once_correct_once() -> None:
    """Both wait for the same lock, and the second finds what the first wrote."""
    from tests.personas import make_world

    world = make_world()
    [whole] = published([*eight_verdicts(), next_step("pp-n", "pp")], quiz(draws=ALL_EIGHT))
    place = world.harbour
    take(place.stranger, whole, concern=False)
    outcomes = at_once(
        lambda: correct(place.trainer), lambda: correct(place.administrator), refusals=Refused
    )
    assert sorted(type(one).__name__ for one in outcomes) == ["KeyCorrection", "Refused"]
    assert results(place.stranger) == (3, 0, 5, 0)
    assert check() == "Sums: 0 differ.\n"


def test_the_learner_reads_what_was_corrected(lived: World) -> None:
    place = lived.harbour
    attempt = Attempt.objects.of_person(place.learner).get()
    address = reverse("quizzes:results", args=[attempt.id])
    client = lived.client("learner")
    before = client.get(address).content.decode()
    assert "corrected this case" not in before
    made = correct(place.trainer, "pp-n", Standing("answer", Change.ACCEPT, "d"))
    text = client.get(address).content.decode()
    assert "Your organisation corrected this case for you:" in text
    assert "The text allows both." in text
    assert "was not safe" in before
    assert "was not safe" not in text
    trainers = lived.client("trainer")
    opened = reverse("quizzes:open_answers", args=[place.learner.id, attempt.id])
    assert "corrected this case" in trainers.post(opened, follow=True).content.decode()
    undo_correction(actor=place.trainer, correction=made, at=AT)
    assert "corrected this case" not in client.get(address).content.decode()
