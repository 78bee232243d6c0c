"""Offices: a tree that stays a tree, its history, and its pages."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from course.models import AuditEntry, Membership, Office, OfficeStay, Placement
from course.services import Refused
from course.services.offices import (
    MOST_LEVELS,
    create_office,
    move_office,
    office_choices,
    office_tree,
    rename_office,
    set_office_open,
)
from course.services.placing import differences
from course.services.several import set_office
from tests.personas import AT, Place, World, make_membership, make_user, office_of

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def place(world: World) -> Place:
    return world.harbour


def new(place: Place, name: str, parent: Office | None = None, at=AT) -> Office:
    return create_office(name=name, parent=parent, actor=place.administrator, at=at)


def move(place: Place, office: Office, parent: Office | None, at=AT) -> None:
    move_office(office=office, parent=parent, actor=place.administrator, at=at)


def parent_on(office: Office, at) -> object:
    rows = OfficeStay.objects.in_organization(office.organization_id).filter(office_id=office.id)
    return rows.on(at).get().parent_id


def test_a_tree_counts_who_is_there_and_below(place: Place) -> None:
    north = new(place, "North")
    kedah, perlis = new(place, "Kedah", north), new(place, "Perlis", north)
    for number, office in enumerate((north, kedah, kedah, perlis)):
        person = make_membership(place.organization, make_user(f"p{number}"))
        set_office(people=[person], office=office, actor=place.administrator, at=AT)
    paused = make_membership(place.organization, make_user("rest"), is_active=False)
    set_office(people=[paused], office=perlis, actor=place.administrator, at=AT)
    (top,), branches = office_tree(place.organization.pk)
    assert (top.office.name, top.people, top.all_people, top.levels) == ("North", 1, 4, 2)
    assert [part.office.name for part in top.parts] == ["Kedah", "Perlis"]
    assert [branches[one.id].all_people for one in (kedah, perlis)] == [2, 1]
    assert differences(place.organization.pk) == []


def test_the_tree_of_a_past_day_stays(place: Place) -> None:
    north, south, kedah = new(place, "North"), new(place, "South"), None
    kedah = new(place, "Kedah", north, AT + DAY)
    move(place, kedah, south, AT + 3 * DAY)
    assert parent_on(kedah, AT + 2 * DAY) == north.id
    assert parent_on(kedah, AT + 3 * DAY) == south.id
    move(place, kedah, None, AT + 4 * DAY)
    assert parent_on(kedah, AT + 4 * DAY) is None
    assert not OfficeStay.objects.filter(
        organization_id=place.organization.pk, office_id=kedah.id
    ).on(AT)
    assert differences(place.organization.pk) == []


def test_no_office_is_below_itself(place: Place) -> None:
    north = new(place, "North")
    kedah = new(place, "Kedah", north)
    alor = new(place, "Alor Setar", kedah)
    for below in (north, kedah, alor):
        with pytest.raises(Refused, match="below itself"):
            move(place, north, below)
    assert Office.objects.get(pk=north.pk).parent_id is None
    offered = office_choices(place.organization.pk, without=kedah.id)
    assert [one.name for one, _depth in offered] == ["North"]


def test_a_name_is_taken_however_it_is_typed(place: Place, world: World) -> None:
    north, south = new(place, "North Office"), new(place, "South")
    for typed in ("North Office", "north  office", "NORTH OFFICE"):
        with pytest.raises(Refused, match="name already"):
            new(place, typed)
        with pytest.raises(Refused, match="name already"):
            rename_office(office=south, name=typed, actor=place.administrator, at=AT)
    rename_office(office=north, name="NORTH office", actor=place.administrator, at=AT)
    new(world.lighthouse, "South")  # the other house may have its own


def test_a_tree_has_an_end(place: Place) -> None:
    above = None
    for level in range(MOST_LEVELS):
        above = new(place, f"Level {level}", above)
    with pytest.raises(Refused, match="levels deep"):
        new(place, "One more", above)
    assert not Office.objects.filter(organization=place.organization, name="One more")
    pair = new(place, "Pair")
    new(place, "Half", pair)
    with pytest.raises(Refused, match="levels deep"):
        move(place, pair, Office.objects.get(pk=above.pk).parent)
    assert Office.objects.get(pk=pair.pk).parent_id is None


def test_a_closed_office_takes_nobody_new(place: Place) -> None:
    north = new(place, "North")
    who = {"actor": place.administrator, "at": AT}
    set_office(people=[place.learner], office=north, **who)
    set_office_open(office=north, is_open=False, **who)
    with pytest.raises(Refused, match="closed"):
        set_office(people=[place.learner, place.stranger], office=north, **who)
    with pytest.raises(Refused, match="closed"):
        new(place, "Below", north)
    assert Membership.objects.get(pk=place.learner.pk).office_id == north.id
    assert office_choices(place.organization.pk) == []
    assert [one.id for one, _ in office_choices(place.organization.pk, keep=north.id)] == [north.id]
    set_office_open(office=north, is_open=True, **who)
    set_office(people=[place.stranger], office=north, **who)
    assert differences(place.organization.pk) == []


def test_where_people_worked_on_a_day_is_kept(place: Place) -> None:
    north, south = new(place, "North"), new(place, "South")
    who = {"people": [place.learner], "actor": place.administrator}
    set_office(office=north, at=AT + DAY, **who)
    set_office(office=south, at=AT + 2 * DAY, **who)
    set_office(office=None, at=AT + 3 * DAY, **who)
    kept = Placement.objects.of_person(place.learner)
    offices = [kept.on(AT + n * DAY).get().office_id for n in range(4)]
    assert offices == [None, north.id, south.id, None]


def test_every_change_is_in_the_record(place: Place) -> None:
    north, south = new(place, "North"), new(place, "South")
    move(place, north, south)
    rename_office(office=north, name="Northern", actor=place.administrator, at=AT)
    for is_open in (False, False, True):  # the second time nothing happens
        set_office_open(office=north, is_open=is_open, actor=place.administrator, at=AT)
    set_office(people=[place.learner], office=north, actor=place.administrator, at=AT)
    rows = AuditEntry.objects.in_organization(place.organization).order_by("sequence")
    told = [(row.action, row.subject) for row in rows if "office" in row.action]
    mine = f"office:{north.id}"
    assert told == [
        ("office.create", mine),
        ("office.create", f"office:{south.id}"),
        ("office.move", mine),
        ("office.rename", mine),
        ("office.close", mine),
        ("office.open", mine),
        ("membership.office", f"membership:{place.learner.id}"),
    ]


def test_two_houses_in_one_step_are_a_mistake(world: World) -> None:
    theirs = office_of(world.lighthouse, "office")
    ours = office_of(world.harbour, "office")
    who = {"actor": world.harbour.administrator, "at": AT}
    with pytest.raises(ValueError, match="organisations"):
        set_office(people=[world.harbour.learner], office=theirs, **who)
    with pytest.raises(ValueError, match="organisations"):
        move_office(office=ours, parent=theirs, **who)
    with pytest.raises(ValueError, match="organisations"):
        create_office(name="New", parent=theirs, **who)


# --- pages --------------------------------------------------------------------------------------


def test_from_no_office_to_people_in_one(world: World) -> None:
    client, place = world.client("administrator"), world.harbour
    empty = client.get(reverse("course:offices")).content.decode()
    assert "There is no office here yet" in empty
    made = client.post(reverse("course:offices"), {"name": "North"}, follow=True)
    assert "Nobody is in this office" in made.content.decode()
    north = Office.objects.get(organization=place.organization, name="North")
    taken = client.post(reverse("course:offices"), {"name": "north"})
    assert (taken.status_code, "name already" in taken.content.decode()) == (422, True)
    client.post(reverse("course:offices"), {"name": "Kedah", "parent": str(north.id)})
    step = {"do": "office", "person": str(place.learner.id)}
    assert "North" in client.get(reverse("course:several"), step).content.decode()
    person = client.post(reverse("course:several"), step | {"office": str(north.id)}, follow=True)
    assert reverse("course:office", args=[north.id]) in person.content.decode()
    again = client.get(reverse("course:several"), step).content.decode()
    assert f'value="{north.id}" selected' in again  # Save alone takes nobody out
    page = client.get(reverse("course:office", args=[north.id])).content.decode()
    assert "1 person with an active place works here." in page
    assert "With the offices below: 1." in page
    assert place.learner.user.shown_name in page
    tree = client.get(reverse("course:offices")).content.decode()
    assert "2 offices." in tree
    shut = client.post(
        reverse("course:office_open", args=[north.id]), {"active": "no"}, follow=True
    )
    assert "Open again" in shut.content.decode()
    refused = client.post(
        reverse("course:several"),
        {"do": "office", "person": str(place.stranger.id), "office": str(north.id)},
    )
    assert refused.status_code == 422


def queries_of(world: World, address: str) -> int:
    client = world.client("administrator")
    client.get(address)
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)


def test_pages_ask_as_often_for_many_offices_as_for_few(world: World) -> None:
    place = world.harbour
    north = new(place, "North")
    new(place, "Kedah", north)
    set_office(people=[place.learner], office=north, actor=place.administrator, at=AT)
    addresses = [reverse("course:offices"), reverse("course:office", args=[north.id])]
    few = [queries_of(world, address) for address in addresses]
    for number in range(12):
        office = new(place, f"Branch {number}", north if number % 2 else None)
        person = make_membership(place.organization, make_user(f"many-{number}"))
        set_office(
            people=[person],
            office=office if number % 3 else north,
            actor=place.administrator,
            at=AT,
        )
    assert [queries_of(world, address) for address in addresses] == few
