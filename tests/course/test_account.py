"""A person's own account: what can be changed, what it ends, and what nobody learns from it."""

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client, override_settings
from django.urls import reverse

from course.models import AuditEntry, SignInLink, User
from course.services import Refused, accounts, throttle
from course.services.accounts import (
    WrongNameOrPassphrase,
    change_passphrase,
    check_passphrase,
    create_person,
    hashed,
)
from course.services.sign_in_links import create_sign_in_link
from course.services.throttle import Origin, TooBusy, TooManyGuesses, known_device
from tests.personas import AT, PASSPHRASE, World

pytestmark = pytest.mark.django_db
HERE = Origin(network="10.0.0.1")
NEW = "another handful of words"


@pytest.fixture
def learner(world: World) -> User:
    user = world.users["learner"]
    user.password = make_password(PASSPHRASE)
    user.save()
    return user


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def post(client: Client, name: str, **data: str) -> object:
    return client.post(reverse(f"course:account_{name}"), data)


# --- the page -----------------------------------------------------------------------------------


def test_everything_is_on_one_page(world: World) -> None:
    page = world.client("both").get(reverse("course:account")).content.decode()
    assert "both-sides" in page
    assert world.lighthouse.organization.name in page, "the other place, to switch to"
    alone = world.client("learner").get(reverse("course:account")).content.decode()
    assert reverse("course:account_switch") not in alone


def test_alias_and_e_mail_are_kept_and_stay_out_of_the_record(learner: User, world: World) -> None:
    answer = post(signed_in(learner), "details", display_name=" Jo ", email="jo@example.org")
    assert answer.status_code == 303
    learner.refresh_from_db()
    assert (learner.display_name, learner.email) == ("Jo", "jo@example.org")
    entry = AuditEntry.objects.in_organization(world.harbour.organization).latest("sequence")
    assert entry.action == "account.details"
    assert not {"Jo", "jo@example.org"} & set(str(entry.changes()).split("'"))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"display_name": "a\u200bb"}, "cannot be shown"),
        ({"display_name": "x" * 61}, "60"),
        ({"email": "nonsense"}, "e-mail"),
    ],
)
def test_mistakes_come_back_with_what_was_typed(
    data: dict[str, str], words: str, learner: User
) -> None:
    answer = post(signed_in(learner), "details", **data)
    assert answer.status_code == 422
    assert words in answer.content.decode().lower()


def test_names_are_kept_in_one_spelling(learner: User) -> None:
    post(signed_in(learner), "details", display_name="Jose\u0301")
    learner.refresh_from_db()
    assert learner.display_name == "Jos\u00e9"


# --- the passphrase -----------------------------------------------------------------------------


def test_a_new_passphrase_ends_every_other_way_in(learner: User) -> None:
    here, elsewhere = signed_in(learner), signed_in(learner)
    code = create_sign_in_link(user=learner, at=AT)
    answer = post(here, "passphrase", old=PASSPHRASE, new=NEW)
    assert answer.status_code == 303
    assert here.get(reverse("course:account")).status_code == 200
    assert elsewhere.get(reverse("course:account")).status_code == 302
    assert Client().post(f"/link/{code}/").status_code == 422
    learner.refresh_from_db()
    assert learner.check_password(NEW)
    assert known_device(here.cookies[throttle.DEVICE_COOKIE].value, learner)


def test_the_old_passphrase_is_asked_and_guesses_are_braked(learner: User) -> None:
    client = signed_in(learner)
    for _ in range(10):
        answer = post(client, "passphrase", old="not the right words", new=NEW)
        assert (answer.status_code, "of today" in answer.content.decode()) == (422, True)
    answer = post(client, "passphrase", old=PASSPHRASE, new=NEW)
    assert answer.status_code == 429, "the right one is not tried any more either"
    learner.refresh_from_db()
    assert learner.check_password(PASSPHRASE)


def test_guesses_at_the_door_and_on_the_page_share_one_budget(learner: User) -> None:
    for _ in range(6):
        Client().post("/sign-in/", {"username": learner.username, "passphrase": "wrong words"})
    client = signed_in(learner)
    statuses = [
        post(client, "passphrase", old="wrong words", new=NEW).status_code for _ in range(6)
    ]
    assert statuses == [422] * 4 + [429] * 2


def test_somebody_without_a_passphrase_sets_one_without_an_old_one(world: World) -> None:
    user = world.users["learner"]
    assert post(signed_in(user), "passphrase", new=NEW).status_code == 303
    user.refresh_from_db()
    assert user.check_password(NEW)


@pytest.mark.parametrize("new", ["short", "harbour-learner-words", "password1234", "aaaabbbbaaaa"])
def test_a_weak_passphrase_is_refused(new: str, learner: User) -> None:
    answer = post(signed_in(learner), "passphrase", old=PASSPHRASE, new=new)
    assert answer.status_code == 422
    learner.refresh_from_db()
    assert learner.check_password(PASSPHRASE)


def test_one_passphrase_from_every_keyboard(world: World) -> None:
    """Full-width letters of one keyboard are the plain letters of another."""
    user = world.users["learner"]
    post(signed_in(user), "passphrase", new="\uff57\uff4f\uff52\uff44\uff53 of a keyboard")
    data = {"username": user.username, "passphrase": "words of a keyboard"}
    assert Client().post("/sign-in/", data).status_code == 303


# --- other devices and the language -------------------------------------------------------------


def test_signing_out_everywhere_else(learner: User) -> None:
    here, elsewhere = signed_in(learner), signed_in(learner)
    assert post(here, "other_devices").status_code == 303
    assert here.get(reverse("course:account")).status_code == 200
    assert elsewhere.get(reverse("course:account")).status_code == 302


# --- the services below -------------------------------------------------------------------------


def test_a_name_that_will_not_do_is_refused() -> None:
    for name in ("", "Two Words", "-x", "x" * 41, "mel\0"):
        with pytest.raises(Refused) as refusal:
            create_person(username=name, display_name="", language="en", password="!", at=AT)
        assert refusal.value.field == "username"


def test_no_passphrase_is_an_unusable_one() -> None:
    assert hashed("").startswith("!")
    assert not hashed(PASSPHRASE).startswith("!")


OURS = "course.hashers.ModestArgon2PasswordHasher"


def test_an_old_hash_is_renewed_when_the_passphrase_is_right(learner: User) -> None:
    learner.password = make_password(PASSPHRASE, hasher="default")
    learner.save()
    with override_settings(
        PASSWORD_HASHERS=[OURS, "django.contrib.auth.hashers.MD5PasswordHasher"]
    ):
        with pytest.raises(WrongNameOrPassphrase):
            check_passphrase(username=learner.username, passphrase="wrong", origin=HERE, at=AT)
        learner.refresh_from_db()
        assert learner.password.startswith("md5$")
        check_passphrase(username=learner.username, passphrase=PASSPHRASE, origin=HERE, at=AT)
        learner.refresh_from_db()
        assert learner.password.startswith("argon2$argon2id$")
        assert "m=19456,t=2,p=1" in learner.password


def test_a_busy_server_costs_nobody_a_guess(learner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise a flood of sign-ins would lock people out without one wrong passphrase."""

    def busy() -> None:
        raise TooBusy

    monkeypatch.setattr(accounts, "hash_place", busy)
    for _ in range(30):
        with pytest.raises(TooBusy):
            check_passphrase(username=learner.username, passphrase=PASSPHRASE, origin=HERE, at=AT)
    monkeypatch.undo()
    found = check_passphrase(username=learner.username, passphrase=PASSPHRASE, origin=HERE, at=AT)
    assert found == learner


def test_a_closed_account_is_no_oracle(learner: User) -> None:
    """The right passphrase of a closed account is counted like a wrong one."""
    learner.is_active = False
    learner.save()
    for _ in range(10):
        with pytest.raises(WrongNameOrPassphrase):
            check_passphrase(username=learner.username, passphrase=PASSPHRASE, origin=HERE, at=AT)
    with pytest.raises(TooManyGuesses):
        check_passphrase(username=learner.username, passphrase=PASSPHRASE, origin=HERE, at=AT)


def test_a_refused_change_leaves_links_and_sessions_alone(learner: User, world: World) -> None:
    create_sign_in_link(user=learner, at=AT)
    seed = learner.session_seed
    with pytest.raises(Refused, match="of today"):
        change_passphrase(
            user=learner,
            membership=world.harbour.learner,
            old="not it",
            new=NEW,
            origin=HERE,
            at=AT,
        )
    learner.refresh_from_db()
    assert learner.session_seed == seed
    assert SignInLink.objects.filter(user=learner).exists()
