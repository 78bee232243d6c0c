"""Certificates without a page: issued once, withdrawn, replaced, renewed; nothing old changes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from course.models import AppendOnlyError, AuditEntry, Membership
from course.services import Refused
from modules.certificates import Choices, State, add_months, may_renew, state_at, still_solid
from modules.models import Certificate, Completion, Cycle, HolderName, LessonCompletion, Revocation
from modules.services.certifying import (
    forget_names,
    issue_certificate,
    issue_certificates,
    reissue_certificate,
    revoke_certificate,
    waiting_completions,
)
from modules.services.completing import current_cycle, current_round, read_standing
from modules.services.renewing import can_renew, renew_course
from quizzes.models import Attempt, AttemptItem, Evidence, Response
from quizzes.summary import TrialFact
from tests.modules.finishing import complete_course, publish_course, publish_framework, take
from tests.modules.making import publish_made_up
from tests.personas import AT, World, make_membership, make_user

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
CHOICES = Choices(name="Aisyah", public_name=True)


@pytest.fixture
def learner(world: World) -> Membership:
    return world.harbour.learner


@pytest.fixture
def real_framework(db: None) -> None:
    publish_framework()


def paper_of(membership: Membership, uuid: Any) -> Certificate:
    row: Certificate = Certificate.objects.of_person(membership).with_standing().get(uuid=uuid)
    return row


# --- pure -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        ((2026, 11, 24), 12, (2027, 11, 24)),
        ((2024, 2, 29), 12, (2025, 2, 28)),
        ((2026, 1, 31), 1, (2026, 2, 28)),
        ((2026, 12, 31), 2, (2027, 2, 28)),
        ((2026, 3, 31), -13, (2025, 2, 28)),
    ],
)
def test_months_later(day: tuple[int, ...], months: int, later: tuple[int, ...]) -> None:
    moved = add_months(datetime(*day, 9, tzinfo=UTC), months)  # type: ignore[misc,arg-type]
    assert (moved.year, moved.month, moved.day, moved.hour) == (*later, 9)


def test_states_and_when_renewal_opens() -> None:
    assert state_at(expires_at=AT, at=AT - DAY) == State.VALID
    assert state_at(expires_at=AT, at=AT) == State.EXPIRED
    assert state_at(expires_at=AT, at=AT + DAY, withdrawn=True) == State.REVOKED
    assert state_at(expires_at=AT, at=AT, withdrawn=True, replaced=True) == State.REPLACED
    assert not may_renew(expires_at=AT, at=AT - 90 * DAY - timedelta(seconds=1))
    assert may_renew(expires_at=AT, at=AT - 90 * DAY)
    assert may_renew(expires_at=AT, at=AT + 900 * DAY)


def trials(stage: str, *, signals: int, found: int, noise: int, alarms: int) -> list[TrialFact]:
    return [
        *(TrialFact("signal", stage, "t", n < found, None, False) for n in range(signals)),
        *(TrialFact("noise", stage, "t", n < alarms, None, False) for n in range(noise)),
    ]


def test_solid_is_every_stage_by_signs_and_by_lookalikes() -> None:
    good = trials("a", signals=15, found=14, noise=15, alarms=1)
    assert still_solid(good, ["a"])[0]
    assert not still_solid(good, ["a", "b"])[0]  # nothing recent about b
    assert not still_solid(good[:20], ["a"])[0]  # too few look-alikes
    everything = trials("a", signals=15, found=15, noise=15, alarms=15)
    assert not still_solid(everything, ["a"])[0]
    assert not still_solid(good, [])[0]


# --- issuing --------------------------------------------------------------------------------------


def test_no_certificate_before_the_course_is_complete(learner: Membership) -> None:
    publish_course()
    with pytest.raises(Refused, match="not complete"):
        issue_certificate(membership=learner, choices=CHOICES, at=AT)
    assert not Certificate.objects.of_person(learner).exists()


def test_a_certificate_is_a_snapshot_and_issued_once(learner: Membership) -> None:
    complete_course(learner, publish_course(), at=AT)
    paper = issue_certificate(membership=learner, choices=CHOICES, at=AT + DAY)
    again = issue_certificate(membership=learner, choices=Choices(name="B"), at=AT + 2 * DAY)
    assert again.uuid == paper.uuid
    kept = paper_of(learner, paper.uuid)
    assert (kept.name, kept.cycle, kept.number) == ("Aisyah", 1, 1)
    # It counts from the day the course was completed, not from the day somebody asked for it.
    assert kept.expires_at == datetime(2027, 11, 24, 9, tzinfo=UTC)
    document = kept.document
    assert document["public"] == {"name": True, "organization": False}
    assert document["organization"] == "canaryharbour house"
    assert document["texts"]["en"]["modules"] == ["Module 1", "Module 2"]
    assert document["texts"]["ms"]["modules"] == ["Module 1 (ms)", "Module 2 (ms)"]
    assert document["completion"]["rule"]["needs"] == ["modules", "final"]
    assert len(document["completion"]["release"]["digest"]) == 64
    assert "Aisyah" not in str(document)
    publish_made_up(modules=3)
    assert paper_of(learner, paper.uuid).document == document


def test_a_certificate_is_never_changed_or_removed(learner: Membership) -> None:
    complete_course(learner, publish_course(), at=AT)
    paper = issue_certificate(membership=learner, choices=CHOICES, at=AT)
    mine, names = Certificate.objects.of_person(learner), HolderName.objects.of_person(learner)
    for change in (
        paper.save,
        mine.delete,
        lambda: mine.update(cycle=2),
        lambda: names.update(name="X"),
        names.get().save,
    ):
        with pytest.raises(AppendOnlyError):
            change()
    double = Certificate(
        organization_id=learner.organization_id,
        membership_id=learner.id,
        completion_id=paper.completion_id,
        cycle=1,
        number=1,
        issued_at=AT,
        expires_at=AT + DAY,
        document={},
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        double.save(force_insert=True)


def test_what_is_older_than_its_validity_gets_no_paper(learner: Membership) -> None:
    complete_course(learner, publish_course(), at=AT)
    with pytest.raises(Refused, match="new round"):
        issue_certificate(membership=learner, choices=CHOICES, at=AT + 366 * DAY)
    assert can_renew(learner, at=AT + 366 * DAY)


def test_revoking_and_reissuing_link_back(world: World, learner: Membership) -> None:
    complete_course(learner, publish_course(), at=AT)
    admin = world.harbour.administrator
    first = issue_certificate(membership=learner, choices=CHOICES, at=AT)
    second = reissue_certificate(
        certificate=first, choices=Choices(), reason="Another name", actor=learner, at=AT + DAY
    )
    assert second.expires_at == first.expires_at
    old = paper_of(learner, first.uuid)
    assert old.name == "Aisyah"
    assert old.withdrawn is not None
    assert old.withdrawn.replacement_id == second.id
    assert paper_of(learner, second.uuid).replaces.get().certificate_id == first.id
    with pytest.raises(Refused, match="before"):
        revoke_certificate(certificate=old, reason="x", actor=admin, at=AT + DAY)
    revoke_certificate(certificate=second, reason="A mistake", actor=admin, at=AT + 2 * DAY)
    # The holder cannot undo what an administrator decided.
    with pytest.raises(Refused, match="administrator"):
        issue_certificate(membership=learner, choices=CHOICES, at=AT + 3 * DAY)
    entries = AuditEntry.objects.in_organization(admin.organization_id)
    told = list(entries.filter(action__startswith="certificate").values_list("action", "reason"))
    assert told == [("certificate.revoke", "A mistake")]
    assert Completion.objects.of_person(learner).filter(scope="course").count() == 1
    with pytest.raises(AppendOnlyError):
        Revocation.objects.of_person(learner).delete()


def test_services_refuse_people_of_another_organisation(world: World, learner: Membership) -> None:
    complete_course(learner, publish_course(), at=AT)
    paper = issue_certificate(membership=learner, choices=CHOICES, at=AT)
    stranger = world.lighthouse.administrator
    with pytest.raises(ValueError, match="organisations"):
        revoke_certificate(certificate=paper, reason="x", actor=stranger, at=AT)
    with pytest.raises(ValueError, match="organisations"):
        reissue_certificate(certificate=paper, choices=CHOICES, reason="x", actor=stranger, at=AT)


def test_names_go_when_a_person_is_erased(world: World, learner: Membership) -> None:
    complete_course(learner, publish_course(), at=AT)
    paper = issue_certificate(membership=learner, choices=CHOICES, at=AT)
    assert forget_names(world.harbour.stranger) == 0
    assert forget_names(learner) == 1
    assert paper_of(learner, paper.uuid).name == ""


# --- many at once ---------------------------------------------------------------------------------


def completed_people(world: World, number: int, *, at: datetime = AT) -> list[Membership]:
    """People with a granted course, made without taking it: only the papers are tested here."""
    publish_made_up()
    from course.framework.loading import current_release_id

    people = []
    for one in range(number):
        user = make_user(f"many-{number}-{one}", display_name=f"Alias {one}" if one % 2 else "")
        person = make_membership(world.harbour.organization, user)
        Completion.objects.create(
            organization_id=person.organization_id,
            membership_id=person.id,
            scope="course",
            completed_at=at,
            rule={"needs": ["modules", "final"]},
            facts={},
            release_id=current_release_id(),
        )
        people.append(person)
    return people


def test_issuing_to_many_costs_the_same_queries(world: World, queries: Any) -> None:
    admin = world.harbour.administrator
    for number in (2, 60):
        people = completed_people(world, number)
        with queries() as counted:
            assert issue_certificates(completions=None, actor=admin, at=AT + DAY) == number
        assert counted[0] <= 14
        if number == 2:
            few = counted[0]
    assert counted[0] == few
    paper = Certificate.objects.of_person(people[1]).with_standing().get()
    assert paper.name == "Alias 1"
    assert paper.document["public"] == {"name": False, "organization": False}
    assert issue_certificates(completions=None, actor=admin, at=AT + DAY) == 0


def test_only_the_chosen_and_only_in_the_own_house(world: World) -> None:
    people = completed_people(world, 3)
    admin, outsider = world.harbour.administrator, world.lighthouse.administrator
    waiting = list(waiting_completions(admin.organization_id, at=AT))
    ids = [fact.id for fact in waiting if fact.membership_id == people[0].id]
    assert issue_certificates(completions=ids, actor=outsider, at=AT) == 0
    assert issue_certificates(completions=ids, actor=admin, at=AT) == 1
    assert Certificate.objects.of_person(people[0]).count() == 1
    assert waiting_completions(admin.organization_id, at=AT).count() == 2
    assert not waiting_completions(admin.organization_id, at=AT + 400 * DAY).exists()


# --- rounds ---------------------------------------------------------------------------------------

KEPT = (Attempt, AttemptItem, Response, Evidence, LessonCompletion, Completion, Certificate)


def everything_of(membership: Membership) -> dict[str, dict[Any, Any]]:
    """Every row of what this person did, and what each certificate says."""
    found = {}
    for model in (*KEPT, Revocation, Cycle, HolderName):
        rows = model.objects.in_organization(membership.organization_id)
        found[model.__name__] = {row["id"]: row for row in rows.order_by("id").values()}
    return found


def assert_all_kept(before: dict[str, dict[Any, Any]], membership: Membership) -> None:
    now = everything_of(membership)
    for table, rows in before.items():
        assert {key: now[table].get(key) for key in rows} == rows, table


def test_three_rounds_touch_nothing_that_was_before(learner: Membership) -> None:
    course = publish_course()
    begin, snapshots = AT, []
    for number in (1, 2, 3):
        complete_course(learner, course, at=begin)
        issue_certificate(membership=learner, choices=CHOICES, at=begin)
        snapshots.append(everything_of(learner))
        assert not can_renew(learner, at=begin + 200 * DAY)
        begin += 300 * DAY
        cycle = renew_course(membership=learner, at=begin)
        assert (cycle.number, cycle.shortened) == (number + 1, False)
        assert read_standing(learner).course_fact is None
    for snapshot in snapshots:
        assert_all_kept(snapshot, learner)
    last = everything_of(learner)
    assert len(last["Certificate"]) == 3
    assert len(last["Attempt"]) == 6
    assert len(last["LessonCompletion"]) == 12
    assert [paper.cycle for paper in Certificate.objects.of_person(learner)] == [3, 2, 1]


def test_no_round_before_its_time_and_one_for_two_devices(learner: Membership) -> None:
    course = publish_course()
    with pytest.raises(Refused, match="90 days"):
        renew_course(membership=learner, at=AT)
    complete_course(learner, course, at=AT)
    issue_certificate(membership=learner, choices=CHOICES, at=AT)
    early = datetime(2027, 11, 24, 9, tzinfo=UTC) - 90 * DAY - timedelta(seconds=1)
    with pytest.raises(Refused, match="90 days"):
        renew_course(membership=learner, at=early)
    one = renew_course(membership=learner, at=early + timedelta(seconds=1))
    two = renew_course(membership=learner, at=early + DAY)
    assert (one.id, one.number) == (two.id, 2)
    assert Cycle.objects.of_person(learner).count() == 1


def solid_evidence(membership: Membership, at: datetime) -> None:
    """What refreshers leave: recent first exposures, nearly all right."""
    like: Any = Evidence.objects.of_person(membership).first()
    rows = []
    for stage in ("acquisition", "movement", "control"):
        for number in range(30):
            kind = "signal" if number % 2 else "noise"
            rows.append(
                Evidence(
                    organization_id=like.organization_id,
                    membership_id=membership.id,
                    attempt_id=like.attempt_id,
                    item_version_id=like.item_version_id,
                    position=900,
                    part=f"{stage}-{number}",
                    mode="refresher",
                    kind=kind,
                    stage=stage,
                    flagged=kind == "signal",
                    exposure=1,
                    counts=True,
                    at=at,
                )
            )
    Evidence.objects.bulk_create(rows)


@pytest.mark.parametrize(("days_ago", "shortened"), [(10, True), (181, False)])
def test_a_round_is_shorter_for_those_still_solid(
    learner: Membership, real_framework: None, days_ago: int, shortened: bool
) -> None:
    _outline, _short, final = course = publish_course()
    complete_course(learner, course, at=AT)
    issue_certificate(membership=learner, choices=CHOICES, at=AT)
    when = AT + 300 * DAY
    solid_evidence(learner, when - days_ago * DAY)
    cycle = renew_course(membership=learner, at=when)
    assert cycle.shortened is shortened
    assert set(cycle.facts["stages"]) == {"acquisition", "movement", "control"}
    assert current_round(learner).shortened is shortened
    take(learner, final, at=when + DAY)
    standing = read_standing(learner)
    assert (standing.course_fact is not None) is shortened
    if shortened:
        paper = issue_certificate(membership=learner, choices=CHOICES, at=when + DAY)
        assert paper.cycle == 2
        assert paper.document["completion"]["rule"]["needs"] == ["final"]
        assert "Every lesson" not in paper.document["texts"]["en"]["rule"]


def test_a_withdrawn_certificate_opens_a_whole_round(
    world: World, learner: Membership, real_framework: None
) -> None:
    complete_course(learner, publish_course(), at=AT)
    paper = issue_certificate(membership=learner, choices=CHOICES, at=AT)
    solid_evidence(learner, AT)
    admin = world.harbour.administrator
    revoke_certificate(certificate=paper, reason="Somebody else sat it", actor=admin, at=AT)
    assert not renew_course(membership=learner, at=AT + DAY).shortened
    assert current_cycle(learner) == 2
