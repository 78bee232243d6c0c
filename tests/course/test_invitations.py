"""Invitations: a card for one or many, used no more often than printed for, and gone when over."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from course.models import AuditEntry, CohortMember, Invitation, Membership, User
from course.roles import Role
from course.services import Refused
from course.services.accounts import create_person
from course.services.codes import INVITATION_LENGTH, grouped, normalized
from course.services.invitations import (
    LONGEST_DAYS,
    MOST_USES,
    InvitationIsOver,
    accept_as_existing_person,
    accept_as_new_person,
    create_invitation,
    find_invitation,
    revoke_invitation,
)
from course.services.throttle import Origin, TooManyGuesses
from tests.course.race import at_once
from tests.personas import AT, PASSPHRASE, Place, World, make_world

pytestmark = pytest.mark.django_db
HERE = Origin(network="10.0.0.1")


def card(place: Place, **changes: object) -> tuple[Invitation, str]:
    wanted = {"role": Role.LEARNER, "cohort": place.first_cohort, "max_uses": 2, "days": 3}
    return create_invitation(actor=place.administrator, at=AT, **(wanted | changes))  # type: ignore[arg-type]


def accept(invitation: Invitation, username: str) -> Membership:
    return accept_as_new_person(
        invitation=invitation,
        username=username,
        display_name="",
        language="en",
        password="!",
        at=AT,
    )


# --- made and found -----------------------------------------------------------------------------


def test_a_card_is_made_recorded_and_found_by_its_code(world: World) -> None:
    place = world.harbour
    invitation, code = card(place)
    assert len(code) == INVITATION_LENGTH
    assert code not in str(Invitation.objects.filter(pk=invitation.pk).values().get())
    entry = AuditEntry.objects.in_organization(place.organization).latest("sequence")
    assert (entry.action, code in entry.after) == ("invitation.create", False)
    assert find_invitation(text=f" {grouped(code).lower()} ", origin=HERE, at=AT) == invitation


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"max_uses": 0}, "out of range"),
        ({"max_uses": MOST_USES + 1}, "out of range"),
        ({"days": 0}, "out of range"),
        ({"days": LONGEST_DAYS + 1}, "out of range"),
        ({"role": Role.TRAINER}, "one person only"),
        ({"role": Role.ADMINISTRATOR}, "one person only"),
    ],
)
def test_what_no_card_may_be(changes: dict[str, object], reason: str, world: World) -> None:
    with pytest.raises(Refused, match=reason):
        card(world.harbour, **changes)


def test_a_card_never_leads_into_a_cohort_elsewhere(world: World) -> None:
    with pytest.raises(ValueError, match="different organisations"):
        card(world.harbour, cohort=world.lighthouse.first_cohort)


def test_unknown_used_up_withdrawn_and_expired_get_one_answer(world: World) -> None:
    place = world.harbour
    used, used_code = card(place, max_uses=1)
    accept(used, "first")
    withdrawn, withdrawn_code = card(place)
    for _twice in range(2):
        revoke_invitation(invitation=withdrawn, actor=place.administrator, at=AT)
    _late, late_code = card(place, days=1)
    later = AT + timedelta(days=1)
    reasons = set()
    for text, at in (
        ("AAAA-BBBB-CCCC", AT),
        ("", AT),
        ("A", AT),
        (used_code, AT),
        (withdrawn_code, AT),
        (late_code, later),
    ):
        with pytest.raises(InvitationIsOver) as refusal:
            find_invitation(text=text, origin=HERE, at=at)
        reasons.add(str(refusal.value))
    assert len(reasons) == 1
    records = AuditEntry.objects.in_organization(place.organization)
    assert records.filter(action="invitation.revoke").count() == 1


def test_codes_are_guessed_a_hundred_times_an_hour_and_no_more(world: World) -> None:
    for number in range(100):
        with pytest.raises(InvitationIsOver):
            find_invitation(text=f"A{number}", origin=HERE, at=AT)
    with pytest.raises(TooManyGuesses):
        find_invitation(text=world.harbour.code, origin=HERE, at=AT)
    elsewhere = Origin(network="10.0.0.2")
    assert find_invitation(text=world.harbour.code, origin=elsewhere, at=AT)


# --- used ---------------------------------------------------------------------------------------


def test_a_new_person_gets_account_place_and_cohort(world: World) -> None:
    place = world.harbour
    invitation, _code = card(place)
    membership = accept(invitation, "fresh-person")
    assert (membership.role, membership.organization_id) == ("learner", place.organization.pk)
    assert CohortMember.objects.filter(
        cohort=place.first_cohort, membership_id=membership.id
    ).exists()
    entry = AuditEntry.objects.in_organization(place.organization).latest("sequence")
    assert (entry.action, entry.actor_id) == ("membership.create", membership.id)


def test_a_card_without_a_cohort_leads_into_none(world: World) -> None:
    invitation, _code = card(world.harbour, cohort=None)
    membership = accept(invitation, "fresh-person")
    assert not CohortMember.objects.filter(membership=membership).exists()


def test_a_taken_name_costs_no_use_and_leaves_no_account(world: World) -> None:
    invitation, _code = card(world.harbour)
    before = User.objects.count()
    for name in ("harbour-learner", "not a name", "ÄÖÜ", " Erased-Maps"):
        with pytest.raises(Refused) as refusal:
            accept(invitation, name)
        assert refusal.value.field == "username"
    assert Invitation.objects.get(pk=invitation.pk).used_count == 0
    assert User.objects.count() == before


def test_a_person_with_an_account_gets_a_second_place(world: World) -> None:
    invitation, _code = card(world.lighthouse)
    user = world.users["learner"]
    accept_as_existing_person(invitation=invitation, user=user, at=AT)
    assert Membership.objects.of_user(user).count() == 2
    with pytest.raises(Refused, match="already have a place"):
        accept_as_existing_person(invitation=invitation, user=user, at=AT)
    assert Invitation.objects.get(pk=invitation.pk).used_count == 1, "no use is lost on a refusal"


def test_a_card_withdrawn_in_between_lets_nobody_in(world: World) -> None:
    invitation, _code = card(world.harbour)
    revoke_invitation(invitation=invitation, actor=world.harbour.administrator, at=AT)
    with pytest.raises(InvitationIsOver):
        accept(invitation, "too-late")
    assert not User.objects.filter(username="too-late").exists()


@pytest.mark.django_db(transaction=True)
def test_the_last_use_goes_to_one_of_two() -> None:
    place = make_world().harbour
    invitation, _code = card(place, max_uses=1)
    done = at_once(
        *(lambda name=f"racer-{number}": accept(invitation, name) for number in range(4)),
        refusals=InvitationIsOver,
    )
    assert sum(isinstance(one, Membership) for one in done) == 1, done
    assert Invitation.objects.get(pk=invitation.pk).used_count == 1
    assert User.objects.filter(username__startswith="racer-").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_people_cannot_take_one_name() -> None:
    def take() -> User:
        return create_person(username="wanted", display_name="", language="en", password="!", at=AT)

    done = at_once(take, take, take, refusals=Refused)
    assert sum(isinstance(one, User) for one in done) == 1, done


# --- the pages ----------------------------------------------------------------------------------


def test_an_administrator_prints_a_card_that_lets_somebody_in(world: World) -> None:
    maker = world.client("administrator")
    data = {"role": "learner", "cohort": world.harbour.ids["cohort"], "max_uses": "2", "days": "3"}
    made = maker.post("/organisation/invitations/", data)
    assert made.status_code == 303
    page = maker.get(made["Location"])
    code = page.context["code"]
    assert normalized(code)
    assert code in page.content.decode()
    assert f"/join/{code}/" in page.content.decode()
    assert code not in maker.get("/organisation/invitations/").content.decode()
    # Another administrator's session does not know the code.
    other = world.client("administrator")
    assert code not in other.get(made["Location"]).content.decode()


def test_an_invitation_for_several_trainers_is_explained(world: World) -> None:
    data = {"role": "trainer", "cohort": "", "max_uses": "5", "days": "3"}
    answer = world.client("administrator").post("/organisation/invitations/", data)
    assert answer.status_code == 422
    assert "works for one person only" in answer.content.decode()


def test_only_the_last_few_codes_stay_in_the_session(world: World) -> None:
    maker = world.client("administrator")
    data = {"role": "learner", "cohort": "", "max_uses": "1", "days": "3"}
    cards = [maker.post("/organisation/invitations/", data)["Location"] for _ in range(7)]
    known = [bool(maker.get(address).context["code"]) for address in cards]
    assert known == [False, False, True, True, True, True, True]


def test_a_withdrawn_card_is_over_at_once(world: World) -> None:
    place = world.harbour
    address = f"/organisation/invitations/{place.invitation.id}/revoke/"
    assert world.client("administrator").post(address).status_code == 303
    assert Client().post("/join/", {"code": place.code}).status_code == 422


def test_opening_an_invitation_link_touches_nothing(world: World) -> None:
    client = Client()
    page = client.get(f"/join/{grouped(world.harbour.code)}/")
    assert grouped(world.harbour.code) in page.content.decode()
    assert "sid" not in client.cookies
    assert "<evil>" not in client.get("/join/<evil>/").content.decode()


def welcomed(world: World) -> Client:
    """A browser that has just given the right code."""
    client = Client()
    answer = client.post("/join/", {"code": grouped(world.harbour.code)})
    assert (answer.status_code, answer["Location"]) == (303, "/welcome/")
    return client


ANSWERS = {"username": "fresh-person", "display_name": "Jo", "language": "ms"}


def test_a_new_person_comes_in_with_a_passphrase(world: World) -> None:
    client = welcomed(world)
    assert client.get("/welcome/").status_code == 200
    answer = client.post("/welcome/", {**ANSWERS, "passphrase": PASSPHRASE})
    assert (answer.status_code, answer["Location"]) == (303, "/")
    assert client.get("/account/").status_code == 200
    user = User.objects.get(username="fresh-person")
    assert user.check_password(PASSPHRASE)
    assert (user.display_name, user.language, user.email) == ("Jo", "ms", "")
    assert client.get("/welcome/").status_code == 303, "the code is used up for this session"


def test_a_new_person_comes_in_without_one(world: World) -> None:
    client = welcomed(world)
    answer = client.post("/welcome/", {**ANSWERS, "passphrase": "ignored", "no_passphrase": "on"})
    assert answer.status_code == 303
    assert not User.objects.get(username="fresh-person").has_usable_password()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "Write a passphrase"),
        ({"passphrase": "qz7!kp"}, "Use at least 12 signs."),
        ({"passphrase": "my fresh-person words"}, "Leave your sign-in name out"),
        ({"passphrase": "aaaaaaaaaaaaaa"}, "different signs"),
        ({"passphrase": "password1234"}, "too common"),
        ({"passphrase": PASSPHRASE, "username": "harbour-learner"}, "is taken"),
        ({"passphrase": PASSPHRASE, "username": "no spaces"}, "Use letters a to z"),
        ({"passphrase": PASSPHRASE, "username": "Erased-maps"}, "may not begin with “erased-”"),
        ({"passphrase": PASSPHRASE, "display_name": "a\u202eb"}, "cannot be shown"),
        ({"passphrase": PASSPHRASE, "language": "xx"}, "xx"),
    ],
)
def test_what_a_new_person_has_to_mend(changes: dict[str, str], words: str, world: World) -> None:
    client = welcomed(world)
    answer = client.post("/welcome/", {**ANSWERS, **changes})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert changes.get("passphrase", PASSPHRASE) not in answer.content.decode()
    assert "sid" in client.cookies
    assert client.get("/account/").status_code == 302


def test_asking_for_taken_names_is_braked(world: World) -> None:
    client = welcomed(world)
    taken = {**ANSWERS, "username": "harbour-learner", "no_passphrase": "on"}
    statuses = {client.post("/welcome/", taken).status_code for _ in range(100)}
    assert statuses == {422}
    assert client.post("/welcome/", taken).status_code == 429


def test_somebody_signed_in_joins_with_one_button(world: World) -> None:
    client = world.client("outsider")
    client.post("/join/", {"code": world.harbour.code})
    page = client.get("/welcome/")
    assert world.harbour.organization.name in page.content.decode()
    before = client.cookies["sid"].value
    assert client.post("/welcome/").status_code == 303
    assert client.cookies["sid"].value != before, "other rights, another key"
    assert client.session["organization_id"] == str(world.harbour.organization.pk)
    client.post("/join/", {"code": world.harbour.code})
    assert "already have a place" in client.post("/welcome/").content.decode()


def test_a_code_that_ends_while_somebody_types_leads_back(world: World) -> None:
    client = welcomed(world)
    rows = Invitation.objects.filter(pk=world.harbour.invitation.pk)
    rows.update(expires_at=timezone.now() - timedelta(seconds=1))
    answer = client.post("/welcome/", {**ANSWERS, "no_passphrase": "on"})
    assert (answer.status_code, answer["Location"]) == (303, "/join/")
    assert not User.objects.filter(username="fresh-person").exists()


def test_a_claim_lost_at_the_last_moment_is_told(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from course.views import door

    def too_late(**_: object) -> None:
        raise InvitationIsOver

    client = welcomed(world)
    monkeypatch.setattr(door, "accept_as_new_person", too_late)
    answer = client.post("/welcome/", {**ANSWERS, "no_passphrase": "on"})
    assert answer.status_code == 422
    assert "does not work" in answer.content.decode()


def test_uses_left_never_goes_below_nothing() -> None:
    assert Invitation(max_uses=3, used_count=1).uses_left == 2
    assert Invitation(max_uses=1, used_count=1).uses_left == 0


def test_people_of_the_place_see_the_new_person(world: World) -> None:
    accept(world.harbour.invitation, "fresh-person")
    page = world.client("administrator").get("/organisation/people/").content.decode()
    assert "fresh-person" in page
