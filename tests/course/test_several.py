"""One step for several people: cards, cohorts, places, managers."""

import re
from datetime import timedelta
from itertools import pairwise
from uuid import uuid4

import pytest
import segno
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from course.access import MOST_AT_ONCE
from course.models import AuditEntry, CohortMember, Membership, SignInLink
from course.roles import Role
from course.services import Refused
from course.services.cards import CARD_LIFETIME, create_cards
from course.services.codes import grouped
from course.services.several import move_people, set_manager, set_several_active
from course.services.sign_in_links import LinkIsOver, create_sign_in_link, use_sign_in_link
from course.services.throttle import Origin
from course.squares import square_code
from tests.personas import AT, Place, World, make_membership, make_user, put_into

pytestmark = pytest.mark.django_db


def entries(place: Place, action: str) -> list[AuditEntry]:
    rows = AuditEntry.objects.in_organization(place.organization).filter(action=action)
    return list(rows.order_by("sequence"))


def ids(*people: Membership) -> list[str]:
    return [str(one.id) for one in people]


# --- cards --------------------------------------------------------------------------------------


def test_a_card_lets_one_person_in_once_within_seven_days(world: World) -> None:
    place, origin = world.harbour, Origin(network="192.0.2.1")
    people = [place.learner, place.trainer]
    cards, left_out = create_cards(people=people, actor=place.administrator, at=AT)
    assert [card.person.id for card in cards] == [one.id for one in people]
    assert left_out == []
    first, second = (card.code for card in cards)
    soon = AT + CARD_LIFETIME - timedelta(minutes=1)
    assert use_sign_in_link(text=grouped(first), origin=origin, at=soon) == place.learner.user
    for text, at in ((first, soon), (second, AT + CARD_LIFETIME)):
        with pytest.raises(LinkIsOver):
            use_sign_in_link(text=text, origin=origin, at=at)
    subjects = {entry.subject for entry in entries(place, "sign_in_card.create")}
    assert subjects == {f"membership:{one.id}" for one in people}


def test_a_new_card_ends_the_older_ones_and_links(world: World) -> None:
    place, origin = world.harbour, Origin(network="192.0.2.1")
    link = create_sign_in_link(user=place.learner.user, at=AT)
    old, _ = create_cards(people=[place.learner], actor=place.administrator, at=AT)
    new, _ = create_cards(people=[place.learner], actor=place.administrator, at=AT)
    for text in (link, old[0].code):
        with pytest.raises(LinkIsOver):
            use_sign_in_link(text=text, origin=origin, at=AT)
    assert use_sign_in_link(text=new[0].code, origin=origin, at=AT) == place.learner.user


def test_no_card_under_a_borrowed_name(world: World) -> None:
    place = world.harbour
    both = Membership.objects.get(organization=place.organization, user=world.users["both"])
    paused = Membership.objects.get(organization=place.organization, user=world.users["suspended"])
    people = [place.administrator, both, paused, place.learner]
    cards, left_out = create_cards(people=people, actor=place.administrator, at=AT)
    assert [card.person.id for card in cards] == [place.learner.id]
    assert [one.id for one in left_out] == ids_of(people[:3])
    assert SignInLink.objects.count() == 1
    with pytest.raises(ValueError, match="organisations"):
        create_cards(people=[world.lighthouse.learner], actor=place.administrator, at=AT)


def ids_of(people: list[Membership]) -> list[object]:
    return [one.id for one in people]


def test_a_printed_sheet_holds_codes_that_work_and_nothing_about_the_course(world: World) -> None:
    place = world.harbour
    client = world.client("administrator")
    answer = client.post(reverse("course:cards"), {"person": ids(place.learner, place.trainer)})
    text = answer.content.decode()
    sheet = text.partition('<ul class="sheet">')[2].partition("</ul>")[0]
    codes = re.findall(r"\b(?:[2-9A-Z]{4}-){5}[2-9A-Z]{4}\b", sheet)
    assert len(codes) == 2
    assert "style=" not in sheet
    shown = re.sub(r"<[^>]+>", " ", sheet).lower()
    for word in ("kenali", "course", "traffick", "train", place.organization.name.lower()):
        assert word not in shown.replace("harbour-trainer", ""), word
    entered = Client().post(reverse("course:link", args=[codes[0]]))
    assert (entered.status_code, entered.url) == (303, "/")
    assert "no-store" in answer.headers["Cache-Control"]


def test_the_square_holds_the_address() -> None:
    address = "https://example.org/link/ABCD/"
    code = segno.make(address, error="m", micro=False, boost_error=False)
    side, path = square_code(address)
    drawn = {
        (int(row), int(start) + dot)
        for start, row, length in re.findall(r"M(\d+) (\d+)\.5h(\d+)", path)
        for dot in range(int(length))
    }
    wanted = {
        (row + 4, column + 4)
        for row, dots in enumerate(code.matrix)
        for column, dot in enumerate(dots)
        if dot
    }
    assert drawn == wanted
    assert side == len(code.matrix) + 8


def test_the_list_for_cards_is_ticked_for_a_cohort(world: World) -> None:
    client, place = world.client("administrator"), world.harbour
    page = client.get(reverse("course:cards"), {"cohort": str(place.first_cohort.id)})
    text = page.content.decode()
    assert text.count(" checked") == 2  # trainer and learner
    assert str(place.stranger.id) not in text
    everybody = client.get(reverse("course:cards")).content.decode()
    assert " checked" not in everybody
    assert str(place.administrator.id) not in everybody
    other = str(world.lighthouse.first_cohort.id)
    assert client.get(reverse("course:cards"), {"cohort": other}).status_code == 404
    person = {"person": ids(world.lighthouse.learner), "look": "yes"}
    assert client.post(reverse("course:cards"), person).status_code == 404
    looked = client.post(reverse("course:cards"), {"person": ids(place.stranger), "look": "yes"})
    assert looked.content.decode().count(" checked") == 1
    assert not SignInLink.objects.exists()


def test_the_lists_cost_the_same_for_many_people(world: World) -> None:
    client, place = world.client("administrator"), world.harbour
    client.get(reverse("course:cards"))  # what a process reads once is read
    numbers = []
    for more in (1, 20):
        for number in range(more):
            member = make_membership(place.organization, make_user(f"m{more}-{number}"))
            put_into(place.first_cohort, member)
        people = Membership.objects.in_organization(place.organization).filter(role="learner")
        query = {"do": "move", "person": ids(*people)}
        with CaptureQueriesContext(connection) as caught:
            client.get(reverse("course:cards"))
            client.get(reverse("course:several"), query)
        numbers.append(len(caught))
    assert numbers[0] == numbers[1]


# --- cohorts ------------------------------------------------------------------------------------


def test_people_move_with_what_they_did(world: World) -> None:
    place = world.harbour
    move_people(
        people=[place.learner, place.trainer],
        out_of=place.first_cohort,
        into=place.second_cohort,
        actor=place.administrator,
        reason="new office",
        at=AT,
    )
    assert not CohortMember.objects.filter(cohort=place.first_cohort).exists()
    assert CohortMember.objects.filter(cohort=place.second_cohort).count() == 3
    reasons = {one.reason for one in entries(place, "cohort.add") + entries(place, "cohort.remove")}
    assert reasons == {"new office"}
    assert len(entries(place, "cohort.add")) == 2


def test_a_move_to_nowhere_or_to_the_same_is_refused(world: World) -> None:
    place = world.harbour
    for out_of, into in ((None, None), (place.first_cohort, place.first_cohort)):
        with pytest.raises(Refused):
            move_people(
                people=[place.learner],
                out_of=out_of,
                into=into,
                actor=place.administrator,
                at=AT,
            )
    with pytest.raises(ValueError, match="organisations"):
        move_people(
            people=[place.learner, world.lighthouse.learner],
            out_of=None,
            into=place.second_cohort,
            actor=place.administrator,
            at=AT,
        )
    assert CohortMember.objects.filter(cohort=place.second_cohort).count() == 1


def test_the_page_shows_who_moves_before_they_do(world: World) -> None:
    client, place = world.client("administrator"), world.harbour
    step = {"do": "move", "person": ids(place.learner), "out_of": str(place.first_cohort.id)}
    text = client.get(reverse("course:several"), step).content.decode()
    assert "canaryharbour learner" in text
    assert f'value="{place.first_cohort.id}" selected' in text
    looked = client.post(reverse("course:several"), {**step, "look": "yes", "into": "x"})
    assert "canaryharbour learner" in looked.content.decode()
    assert CohortMember.objects.filter(cohort=place.first_cohort).count() == 2
    sent = {**step, "into": str(place.second_cohort.id), "reason": "asked"}
    answer = client.post(reverse("course:several"), sent)
    assert answer.url == reverse("course:person", args=[place.learner.id])
    assert CohortMember.objects.filter(cohort=place.second_cohort).count() == 2
    elsewhere = {**sent, "into": str(world.lighthouse.first_cohort.id)}
    assert client.post(reverse("course:several"), elsewhere).status_code == 422


# --- places -------------------------------------------------------------------------------------


def test_several_places_are_paused_or_none(world: World) -> None:
    place = world.harbour
    people = [place.learner, place.trainer, place.administrator]
    with pytest.raises(Refused):
        set_several_active(people=people, active=False, actor=place.administrator, at=AT)
    rows = Membership.objects.in_organization(place.organization)
    assert rows.get(pk=place.learner.pk).is_active
    client = world.client("administrator")
    step = {"do": "pause", "person": ids(*people[:2]), "reason": "left"}
    assert client.post(reverse("course:several"), step).status_code == 303
    assert not rows.filter(id__in=[one.id for one in people[:2]], is_active=True).exists()
    assert client.post(reverse("course:several"), {**step, "do": "let_in"}).status_code == 303
    assert rows.filter(id__in=[one.id for one in people[:2]], is_active=True).count() == 2
    assert len(entries(place, "membership.activate")) == 2


def test_nobody_ticked_and_unknown_steps(world: World) -> None:
    client = world.client("administrator")
    answer = client.get(reverse("course:several"), {"do": "pause"})
    assert answer.url == reverse("course:people")
    crowd = [str(uuid4()) for _ in range(MOST_AT_ONCE + 1)]
    for address in (reverse("course:several"), reverse("course:cards")):
        answer = client.post(address, {"do": "pause", "person": crowd}, follow=True)
        assert f"at most {MOST_AT_ONCE}" in answer.content.decode()
    wrong = {"do": "erase", "person": ids(world.harbour.learner)}
    assert client.post(reverse("course:several"), wrong).status_code == 404
    assert client.get(reverse("course:several"), {"do": "pause", "person": "x"}).status_code == 404


# --- managers -----------------------------------------------------------------------------------


def test_a_manager_is_named_and_taken_away(world: World) -> None:
    place = world.harbour
    client = world.client("administrator")
    step = {"do": "manager", "person": ids(place.learner, place.stranger)}
    sent = {**step, "manager": "Harbour-Trainer", "reason": "new team"}
    assert client.post(reverse("course:several"), sent).status_code == 303
    team = Membership.objects.reporting_to(place.trainer)
    assert {one.id for one in team} == {place.learner.id, place.stranger.id}
    assert [entry.reason for entry in entries(place, "membership.manager")] == ["new team"] * 2
    page = client.get(reverse("course:person", args=[place.learner.id])).content.decode()
    assert "canaryharbour trainer" in page
    client.post(reverse("course:several"), {**step, "manager": ""})
    assert not Membership.objects.reporting_to(place.trainer).exists()


def test_circles_of_managers_are_refused(world: World) -> None:
    place = world.harbour
    chain = [place.learner, place.stranger, place.trainer]
    for below, above in pairwise(chain):
        set_manager(people=[below], manager=above, actor=place.administrator, at=AT)
    for people in ([place.trainer], [place.learner]):
        with pytest.raises(Refused, match="themselves"):
            set_manager(people=people, manager=place.learner, actor=place.administrator, at=AT)
    assert Membership.objects.get(pk=place.trainer.pk).manager_id is None


def test_a_manager_is_here_and_active(world: World) -> None:
    place = world.harbour
    client = world.client("administrator")
    for name in ("lighthouse-trainer", "nobody", "paused-person", "harbour-learner"):
        step = {"do": "manager", "person": ids(place.learner), "manager": name}
        assert client.post(reverse("course:several"), step).status_code == 422, name
    with pytest.raises(ValueError, match="organisations"):
        set_manager(
            people=[place.learner],
            manager=world.lighthouse.trainer,
            actor=place.administrator,
            at=AT,
        )


def test_who_leads_is_read_with_the_person(world: World) -> None:
    place = world.harbour
    rows = Membership.objects.in_organization(place.organization).with_leads()
    assert not rows.get(pk=place.trainer.pk).leads
    set_manager(people=[place.learner], manager=place.trainer, actor=place.administrator, at=AT)
    assert rows.get(pk=place.trainer.pk).leads
    Membership.objects.filter(pk=place.learner.pk).update(is_active=False)
    assert not rows.get(pk=place.trainer.pk).leads
    assert Role(place.trainer.role) == Role.TRAINER
