"""The history of places: what held on which day."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from course.models import AppendOnlyError, CohortMember, CohortStay, Membership, Office, Placement
from course.roles import Role
from course.services.members import (
    add_to_cohort,
    change_role,
    create_membership,
    remove_from_cohort,
    set_active,
)
from course.services.placing import differences, note_places, note_stays
from course.services.privacy import erase_person
from course.services.several import set_manager
from tests.personas import AT, World, make_user

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def role_on(person: Membership, at):
    row = Placement.objects.of_person(person).on(at).get()
    return row.role, row.is_active


def test_a_change_of_role_and_a_pause_leave_the_days_before_as_they_were(world: World) -> None:
    place, now = world.harbour, AT + 9 * DAY
    change_role(membership=place.learner, role=Role.TRAINER, actor=place.administrator, at=now)
    set_active(membership=place.learner, active=False, actor=place.administrator, at=now + DAY)
    assert role_on(place.learner, AT) == ("learner", True)
    assert role_on(place.learner, now - DAY) == ("learner", True)
    assert role_on(place.learner, now) == ("trainer", True)  # from the instant on
    assert role_on(place.learner, now + DAY) == ("trainer", False)
    assert differences(place.organization.pk) == []


def test_before_somebody_joined_they_had_no_place(world: World) -> None:
    now = timezone.now()
    place = world.harbour.organization
    person = create_membership(
        organization=place, user=make_user("late-comer"), role=Role.LEARNER, at=now
    )
    assert not Placement.objects.of_person(person).on(now - DAY).exists()
    assert role_on(person, now) == ("learner", True)


def test_a_stay_in_a_cohort_begins_and_ends(world: World) -> None:
    place, now = world.harbour, AT + 9 * DAY
    who = {"cohort": place.second_cohort, "membership": place.learner}
    add_to_cohort(**who, actor=place.administrator, at=now)
    remove_from_cohort(**who, actor=place.administrator, at=now + DAY)
    add_to_cohort(**who, actor=place.administrator, at=now + 3 * DAY)

    def cohorts(at):
        return set(CohortStay.objects.of_person(place.learner).on(at).values_list("cohort_id"))

    first, second = (place.first_cohort.id,), (place.second_cohort.id,)
    assert cohorts(now - DAY) == {first}
    assert cohorts(now) == {first, second}
    assert cohorts(now + 2 * DAY) == {first}
    assert cohorts(now + 4 * DAY) == {first, second}
    assert differences(place.organization.pk) == []


def test_managers_and_erasure_are_kept_too(world: World) -> None:
    place, now = world.harbour, AT + 9 * DAY
    set_manager(people=[place.learner], manager=place.trainer, actor=place.administrator, at=now)
    erase_person(user=place.learner.user, at=now + DAY)
    kept = Placement.objects.of_person(place.learner)
    assert kept.on(now).get().manager_id == place.trainer.id
    assert kept.on(now + DAY).get().is_active is False
    assert kept.on(AT).get().is_active is True  # a past report keeps counting them
    assert differences(place.organization.pk) == []


def test_noting_twice_writes_once_and_a_clock_set_back_does_no_harm(world: World) -> None:
    place, now = world.harbour, AT + 9 * DAY
    for _ in range(2):
        note_places(organization_id=place.organization.pk, people=[place.learner.id], at=now)
        note_stays(organization_id=place.organization.pk, people=[place.learner.id], at=now)
    assert Placement.objects.of_person(place.learner).count() == 1
    change_role(membership=place.learner, role=Role.TRAINER, actor=place.administrator, at=AT - DAY)
    rows = list(Placement.objects.of_person(place.learner).order_by("since", "until"))
    assert [row.role for row in rows if row.until is None] == ["trainer"]
    assert all(row.until is None or row.until >= row.since for row in rows)


def test_two_lasting_places_are_refused_by_the_database(world: World) -> None:
    person = world.harbour.learner
    with pytest.raises(IntegrityError), transaction.atomic():
        Placement.objects.create(
            organization_id=person.organization_id,
            membership_id=person.id,
            role="trainer",
            is_active=True,
            since=AT,
        )


def test_a_stretch_is_never_rewritten(world: World) -> None:
    mine = Placement.objects.of_person(world.harbour.learner)
    row = mine.get()
    row.role = "trainer"
    for spoil in (
        row.save,
        row.delete,
        mine.delete,
        lambda: mine.update(role="trainer"),
    ):
        with pytest.raises(AppendOnlyError):
            spoil()
    assert mine.get().role == "learner"
    ended = AT + DAY
    assert mine.end(ended) == 1
    assert mine.end(ended + DAY) == 0  # once
    assert mine.get().until == ended


def test_the_checker_finds_what_was_changed_behind_its_back(world: World) -> None:
    place = world.harbour
    Membership.objects.filter(pk=place.learner.pk).update(role="trainer")
    CohortMember.objects.in_organization(place.organization).filter(
        membership_id=place.trainer.id
    ).delete()
    found = differences(place.organization.pk)
    assert [one.split(" ")[0] for one in found].count("place") == 2  # as it is, and as it is told
    assert any(str(place.trainer.id) in one for one in found)
    assert differences(world.lighthouse.organization.pk) == []


def test_an_office_of_another_organisation_is_refused_by_the_database(world: World) -> None:
    office = Office.objects.create(
        organization=world.lighthouse.organization, name="North", created_at=AT
    )
    mine = Membership.objects.filter(pk=world.harbour.learner.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        mine.update(office_id=office.id)
