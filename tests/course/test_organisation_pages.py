"""The administrator's pages on people and cohorts, and the little a trainer sees of them."""

import pytest
from django.db import connection
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from course.models import Cohort, CohortMember, Membership
from course.roles import Role
from tests.personas import World, make_membership, make_user, put_into

pytestmark = pytest.mark.django_db


def address(name: str, **ids: object) -> str:
    return reverse(f"course:{name}", kwargs=ids)


# --- people -------------------------------------------------------------------------------------


def test_the_list_of_people_has_pages_and_a_fixed_price(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(60):
        member = make_membership(world.harbour.organization, make_user(f"one-{number:02}"))
        put_into(world.harbour.first_cohort, member)
    client = world.client("administrator")
    page = client.get(address("people"))
    assert "one-00" in page.content.decode()
    assert 'rel="next"' in page.content.decode()
    # user, place, count, rows, places in cohorts, cohorts; PostgreSQL has the session there too
    with django_assert_num_queries(5 if connection.vendor == "sqlite" else 6):
        page = client.get(address("people"))
    assert len(page.context["page"]) == 50
    second = client.get(address("people"), {"page": "2"})
    assert "one-59" in second.content.decode()
    assert client.get(address("people"), {"page": "99"}).status_code == 200


def test_a_page_of_one_person_leads_to_everything(world: World) -> None:
    learner = world.harbour.learner
    page = world.client("administrator").get(address("person", person_id=learner.id))
    text = page.content.decode()
    for name in ("person_role", "person_active", "person_link"):
        assert address(name, person_id=learner.id) in text
    assert world.harbour.first_cohort.name in text


def test_a_role_is_changed_with_a_reason(world: World) -> None:
    learner = world.harbour.learner
    client = world.client("administrator")
    data = {"role": "trainer", "reason": "runs the evening group"}
    answer = client.post(address("person_role", person_id=learner.id), data, follow=True)
    assert "Saved" in answer.content.decode()
    assert Membership.objects.get(pk=learner.pk).role == "trainer"
    record = client.get(address("audit")).content.decode()
    assert "runs the evening group" in record


def test_a_place_is_paused_and_given_back(world: World) -> None:
    learner = world.harbour.learner
    client, theirs = world.client("administrator"), world.client("learner")
    client.post(address("person_active", person_id=learner.id), {"active": "no"})
    assert theirs.get(address("account")).status_code == 302
    assert "Paused" in client.get(address("people")).content.decode()
    client.post(address("person_active", person_id=learner.id), {"active": "yes"})
    assert Membership.objects.get(pk=learner.pk).is_active


def test_what_is_refused_is_explained_on_the_page(world: World) -> None:
    me = world.harbour.administrator
    client = world.client("administrator")
    for name, data in (("person_role", {"role": "learner"}), ("person_active", {"active": "no"})):
        answer = client.post(address(name, person_id=me.id), data)
        assert answer.status_code == 422
        assert "your own place" in answer.content.decode()
    answer = client.post(address("person_link", person_id=me.id), follow=True)
    assert "people who run the server" in answer.content.decode()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("person_role", {"role": "owner"}),
        ("person_role", {"role": "learner", "reason": "x" * 201}),
        ("person_active", {"active": "perhaps"}),
        ("person_active", {}),
    ],
)
def test_nonsense_changes_nobody(name: str, data: dict[str, str], world: World) -> None:
    learner = world.harbour.learner
    answer = world.client("administrator").post(address(name, person_id=learner.id), data)
    assert answer.status_code == 422
    same = Membership.objects.get(pk=learner.pk)
    assert (same.role, same.is_active) == ("learner", True)


def test_a_link_for_a_paused_person_is_refused(world: World) -> None:
    paused = make_membership(
        world.harbour.organization, make_user("paused"), Role.LEARNER, is_active=False
    )
    client = world.client("administrator")
    answer = client.post(address("person_link", person_id=paused.id), follow=True)
    assert "Let this person in again first" in answer.content.decode()


# --- cohorts ------------------------------------------------------------------------------------


def test_a_cohort_from_nothing_to_two_people_and_back_to_one(world: World) -> None:
    place, client = world.harbour, world.client("administrator")
    made = client.post(address("cohorts"), {"name": "Tuesday"})
    cohort = Cohort.objects.get(organization=place.organization, name="Tuesday")
    assert made["Location"] == address("cohort", cohort_id=cohort.id)
    assert "Nobody is in this cohort yet" in client.get(made["Location"]).content.decode()
    for person in (place.learner, place.stranger):
        client.post(address("cohort_add", cohort_id=cohort.id), {"person": person.id})
    client.post(address("cohort_remove", cohort_id=cohort.id), {"person": place.learner.id})
    members = CohortMember.objects.filter(cohort=cohort)
    assert [one.membership_id for one in members] == [place.stranger.id]
    text = client.get(made["Location"]).content.decode()
    assert place.stranger.user.shown_name in text


def test_a_cohort_is_renamed(world: World) -> None:
    client, cohort = world.client("administrator"), world.harbour.first_cohort
    answer = client.post(address("cohort_name", cohort_id=cohort.id), {"name": "Friday"})
    assert answer.status_code == 303
    assert "Friday" in client.get(address("cohorts")).content.decode()


@pytest.mark.parametrize("name", ["", " ", "x" * 81, "a\u202eb"])
def test_a_name_that_will_not_do(name: str, world: World) -> None:
    client, cohort = world.client("administrator"), world.harbour.first_cohort
    assert client.post(address("cohorts"), {"name": name}).status_code == 422
    answer = client.post(address("cohort_name", cohort_id=cohort.id), {"name": name})
    assert answer.status_code == 422
    assert Cohort.objects.get(pk=cohort.pk).name == cohort.name


def test_a_name_that_is_taken_is_explained(world: World) -> None:
    place, client = world.harbour, world.client("administrator")
    taken = {"name": place.second_cohort.name}
    for target in (
        address("cohorts"),
        address("cohort_name", cohort_id=place.first_cohort.id),
    ):
        answer = client.post(target, taken)
        assert answer.status_code == 422
        assert "with this name already" in answer.content.decode()


@pytest.mark.parametrize("name", ["cohort_add", "cohort_remove"])
def test_people_of_another_organisation_are_no_choice(name: str, world: World) -> None:
    client, cohort = world.client("administrator"), world.harbour.first_cohort
    before = CohortMember.objects.filter(cohort=cohort).count()
    for person in (world.lighthouse.learner.id, "nonsense", ""):
        answer = client.post(address(name, cohort_id=cohort.id), {"person": person})
        assert answer.status_code == 422
    assert CohortMember.objects.filter(cohort=cohort).count() == before
    text = client.get(address("cohort", cohort_id=cohort.id)).content.decode()
    assert world.lighthouse.canary not in text


def test_a_trainer_sees_the_own_cohorts_and_how_many_are_in_them(world: World) -> None:
    page = world.client("trainer").get(address("organisation")).content.decode()
    assert world.harbour.first_cohort.name in page
    assert world.harbour.second_cohort.name not in page
    assert address("people") not in page


def test_the_number_of_people_counts_active_ones(world: World) -> None:
    paused = make_membership(world.harbour.organization, make_user("gone"), is_active=False)
    put_into(world.harbour.first_cohort, paused)
    rows = Cohort.objects.in_organization(world.harbour.organization).with_member_count()
    assert rows.get(id=world.harbour.first_cohort.id).member_count == 2
