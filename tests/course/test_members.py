"""Roles, places and cohorts: what administrators may do, and what stays impossible."""

from itertools import pairwise

import pytest

from course.models import AuditEntry, Cohort, CohortMember, Invitation, Membership, User, uuid7
from course.roles import Role
from course.services import Refused, require_one_organization
from course.services.members import (
    add_to_cohort,
    change_role,
    create_cohort,
    create_membership,
    create_organization,
    remove_from_cohort,
    rename_cohort,
    set_active,
)
from tests.course.race import at_once
from tests.personas import AT, Place, World, make_membership, make_user, make_world

pytestmark = pytest.mark.django_db


def fresh(membership: Membership) -> Membership:
    found: Membership = Membership.objects.get(pk=membership.pk)
    return found


def actions(place: Place) -> list[str]:
    rows = AuditEntry.objects.in_organization(place.organization).order_by("sequence")
    return [entry.action for entry in rows][1:]  # without the one of the set-up


def second_administrator(place: Place) -> Membership:
    return make_membership(place.organization, make_user("second"), Role.ADMINISTRATOR)


# --- organisations ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "name"),
    [("Not a key", "x"), ("", "x"), ("k" * 41, "x"), ("key", ""), ("key", "x" * 81)],
)
def test_an_organisation_needs_a_key_and_a_name(key: str, name: str) -> None:
    with pytest.raises(Refused):
        create_organization(key=key, name=name, at=AT)


def test_keys_of_organisations_are_taken_once() -> None:
    create_organization(key="harbour", name="One", at=AT)
    with pytest.raises(Refused, match="exists already"):
        create_organization(key="harbour", name="Two", at=AT)


def test_a_place_from_the_console_is_on_record(world: World) -> None:
    place, user = world.harbour, make_user("newcomer")
    membership = create_membership(
        organization=place.organization, user=user, role=Role.TRAINER, at=AT
    )
    assert membership.role == "trainer"
    entry = AuditEntry.objects.in_organization(place.organization).latest("sequence")
    assert (entry.action, entry.actor_id) == ("membership.create", None)


# --- roles and places ---------------------------------------------------------------------------


def test_another_role_ends_sessions_and_is_on_record(world: World) -> None:
    place = world.harbour
    seed = place.learner.user.session_seed
    change_role(
        membership=place.learner,
        role=Role.TRAINER,
        actor=place.administrator,
        reason="asked for it",
        at=AT,
    )
    assert fresh(place.learner).role == "trainer"
    assert User.objects.get(pk=place.learner.user_id).session_seed != seed
    entry = AuditEntry.objects.in_organization(place.organization).latest("sequence")
    assert entry.changes() == [("role", "learner", "trainer")]
    assert entry.reason == "asked for it"


def test_the_same_role_again_changes_and_records_nothing(world: World) -> None:
    place = world.harbour
    change_role(membership=place.learner, role=Role.LEARNER, actor=place.administrator, at=AT)
    set_active(membership=place.learner, active=True, actor=place.administrator, at=AT)
    assert actions(place) == []


def test_nobody_changes_their_own_place(world: World) -> None:
    me = world.harbour.administrator
    second_administrator(world.harbour)
    with pytest.raises(Refused, match="your own place"):
        change_role(membership=me, role=Role.LEARNER, actor=me, at=AT)
    with pytest.raises(Refused, match="your own place"):
        set_active(membership=me, active=False, actor=me, at=AT)


def test_the_last_administrator_stays(world: World) -> None:
    place = world.harbour
    second = second_administrator(place)
    set_active(membership=second, active=False, actor=place.administrator, at=AT)
    with pytest.raises(Refused, match="last administrator"):
        change_role(membership=place.administrator, role=Role.LEARNER, actor=second, at=AT)
    with pytest.raises(Refused, match="last administrator"):
        set_active(membership=place.administrator, active=False, actor=second, at=AT)


def test_a_paused_administrator_may_lose_the_role(world: World) -> None:
    place = world.harbour
    second = second_administrator(place)
    set_active(membership=second, active=False, actor=place.administrator, at=AT)
    change_role(membership=second, role=Role.LEARNER, actor=place.administrator, at=AT)
    assert fresh(second).role == "learner"


@pytest.mark.django_db(transaction=True)
def test_two_administrators_cannot_remove_each_other() -> None:
    place = make_world().harbour
    second = second_administrator(place)

    def remove(other: Membership, actor: Membership) -> bool:
        set_active(membership=other, active=False, actor=actor, at=AT)
        return True

    done = at_once(
        lambda: remove(second, place.administrator),
        lambda: remove(place.administrator, second),
        refusals=Refused,
    )
    assert [isinstance(one, Refused) for one in done].count(True) == 1, done
    rows = Membership.objects.in_organization(place.organization).active()
    assert rows.filter(role="administrator").count() == 1


@pytest.mark.parametrize("way", ["role", "place"])
def test_the_cards_of_a_former_administrator_end(way: str, world: World) -> None:
    """Otherwise they could come back through an invitation they made for themselves before."""
    place = world.harbour
    second = second_administrator(place)
    if way == "role":
        change_role(membership=place.administrator, role=Role.TRAINER, actor=second, at=AT)
    else:
        set_active(membership=place.administrator, active=False, actor=second, at=AT)
    assert Invitation.objects.get(pk=place.invitation.pk).revoked_at == AT
    assert "invitation.revoke" in actions(place)
    other = Invitation.objects.get(pk=world.lighthouse.invitation.pk)
    assert other.revoked_at is None


def test_rows_of_two_organisations_are_a_programming_error(world: World) -> None:
    here, there = world.harbour, world.lighthouse
    foreign = {"membership": there.learner, "actor": here.administrator, "at": AT}
    for call in (
        lambda: change_role(role=Role.TRAINER, **foreign),
        lambda: set_active(active=False, **foreign),
        lambda: add_to_cohort(cohort=here.first_cohort, **foreign),
        lambda: remove_from_cohort(cohort=here.first_cohort, **foreign),
        lambda: rename_cohort(cohort=there.first_cohort, name="x", actor=here.administrator, at=AT),
    ):
        with pytest.raises(ValueError, match="different organisations"):
            call()
    one, two = uuid7(), uuid7()
    require_one_organization(one, one)
    with pytest.raises(ValueError, match="different organisations"):
        require_one_organization(one, two)


# --- cohorts ------------------------------------------------------------------------------------


def test_a_cohort_is_made_named_filled_and_emptied(world: World) -> None:
    place = world.harbour
    actor = place.administrator
    cohort = create_cohort(name="Tuesday", actor=actor, at=AT)
    rename_cohort(cohort=cohort, name="Wednesday", actor=actor, at=AT)
    rename_cohort(cohort=cohort, name="Wednesday", actor=actor, at=AT)
    for _twice in range(2):
        add_to_cohort(cohort=cohort, membership=place.learner, actor=actor, at=AT)
    assert Cohort.objects.get(pk=cohort.pk).name == "Wednesday"
    assert CohortMember.objects.filter(cohort=cohort).count() == 1
    for _twice in range(2):
        remove_from_cohort(cohort=cohort, membership=place.learner, actor=actor, at=AT)
    assert CohortMember.objects.filter(cohort=cohort).count() == 0
    assert actions(place) == ["cohort.create", "cohort.rename", "cohort.add", "cohort.remove"]


def test_two_cohorts_never_share_a_name(world: World) -> None:
    place = world.harbour
    actor, name = place.administrator, place.first_cohort.name
    with pytest.raises(Refused, match="already") as refusal:
        create_cohort(name=name, actor=actor, at=AT)
    assert refusal.value.field == "name"
    with pytest.raises(Refused, match="already"):
        rename_cohort(cohort=place.second_cohort, name=name, actor=actor, at=AT)
    assert actions(place) == []
    create_cohort(name=name, actor=world.lighthouse.administrator, at=AT)  # another house


def test_the_numbers_of_the_record_have_no_gap(world: World) -> None:
    place = world.harbour
    for number in range(3):
        create_cohort(name=f"c{number}", actor=place.administrator, at=AT)
    rows = AuditEntry.objects.in_organization(place.organization).order_by("sequence")
    numbers = [entry.sequence for entry in rows]
    assert all(second - first == 1 for first, second in pairwise(numbers))
