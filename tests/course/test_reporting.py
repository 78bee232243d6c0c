"""Who reports to one person: a whole office or cohort at once, from today, and no further."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from course.models import Membership, Placement
from course.services.placing import differences
from course.services.several import set_manager, set_office
from tests.personas import World, make_membership, make_user, office_of, put_into

pytestmark = pytest.mark.django_db


def team(person: Membership) -> set[str]:
    return set(Membership.objects.reporting_to(person).values_list("user__username", flat=True))


def address(person: Membership) -> str:
    return reverse("course:person_team", args=[person.id])


def test_an_office_a_cohort_and_names_in_one_step(world: World) -> None:
    place, client = world.harbour, world.client("administrator")
    office = office_of(place, "office")
    people = [make_membership(place.organization, make_user(f"p{n}")) for n in range(4)]
    set_office(people=people[:2], office=office, actor=place.administrator, at=timezone.now())
    put_into(place.second_cohort, people[2])
    paused = make_membership(place.organization, make_user("resting"), is_active=False)
    put_into(place.second_cohort, paused)
    page = client.get(reverse("course:person", args=[place.trainer.id])).content.decode()
    assert address(place.trainer) in page
    done = client.post(
        address(place.trainer),
        {
            "do": "add",
            "office": str(office.id),
            "cohort": str(place.second_cohort.id),
            "names": "P3, p2",
        },
        follow=True,
    )
    assert "5 people report to" in done.content.decode()
    assert team(place.trainer) == {"p0", "p1", "p2", "p3", "harbour-stranger"}
    assert Placement.objects.of_person(people[0]).lasting().get().manager_id == place.trainer.id
    client.post(address(place.trainer), {"do": "remove", "person": str(people[0].id)})
    assert team(place.trainer) == {"p1", "p2", "p3", "harbour-stranger"}
    assert differences(place.organization.pk) == []


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({}, "at least one person"),
        ({"names": "nobody-here"}, "nobody-here"),
        ({"names": "lighthouse-learner"}, "lighthouse-learner"),
        ({"names": "harbour-trainer"}, "harbour-trainer"),  # nobody is their own manager
        ({"cohort": "0190b6a0-0000-7000-8000-000000000000"}, "Select a valid choice"),
    ],
)
def test_what_will_not_do_is_said_and_nothing_changes(
    world: World, sent: dict[str, str], words: str
) -> None:
    client, place = world.client("administrator"), world.harbour
    answer = client.post(address(place.trainer), {"do": "add", **sent})
    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert team(place.trainer) == set()


def test_no_circle_and_no_manager_whose_place_is_paused(world: World) -> None:
    client, place = world.client("administrator"), world.harbour
    set_manager(
        people=[place.trainer],
        manager=place.learner,
        actor=place.administrator,
        at=timezone.now(),
    )
    answer = client.post(address(place.trainer), {"do": "add", "names": "harbour-learner"})
    assert "would report to themselves" in answer.content.decode()
    paused = Membership.objects.get(organization=place.organization, user=world.users["suspended"])
    answer = client.post(address(paused), {"do": "add", "names": "harbour-stranger"})
    assert "paused" in answer.content.decode()
    assert team(place.trainer) == team(paused) == set()


def test_whom_another_manager_got_meanwhile_stays_there(world: World) -> None:
    client, place = world.client("administrator"), world.harbour
    set_manager(
        people=[place.stranger], manager=place.learner, actor=place.administrator, at=timezone.now()
    )
    client.post(address(place.trainer), {"do": "remove", "person": str(place.stranger.id)})
    assert team(place.learner) == {"harbour-stranger"}


def test_a_new_manager_sees_the_own_team_from_today_and_nothing_else(world: World) -> None:
    """A learner becomes a manager: completion of two people, no answers, no other pages."""
    place = world.harbour
    world.client("administrator").post(
        address(place.learner), {"do": "add", "cohort": str(place.second_cohort.id)}
    )
    manager = Client()
    manager.force_login(place.learner.user)
    page = manager.get(reverse("modules:team"))
    assert place.stranger.user.shown_name in page.content.decode()
    assert place.trainer.user.shown_name not in page.content.decode()
    assert manager.get(reverse("modules:report")).status_code == 403
    assert manager.get(reverse("course:person", args=[place.stranger.id])).status_code == 403


def test_the_page_asks_as_often_for_a_large_team_as_for_a_small_one(world: World) -> None:
    place, client = world.harbour, world.client("administrator")

    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(address(place.trainer)).status_code == 200
        return len(found)

    def give(*people: Membership) -> None:
        set_manager(
            people=people, manager=place.trainer, actor=place.administrator, at=timezone.now()
        )

    give(place.stranger)
    asked()
    few = asked()
    give(*(make_membership(place.organization, make_user(f"many-{n}")) for n in range(12)))
    assert asked() == few
