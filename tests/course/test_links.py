"""One-time links: safe against previews, good for one caller, dead after a day."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from django.test import Client
from django.utils import timezone

from course.models import AuditEntry, SignInLink
from course.services import Refused
from course.services.codes import ALPHABET, SIGN_IN_LENGTH, grouped, new_code, normalized
from course.services.sign_in_links import (
    LinkIsOver,
    create_link_for_member,
    create_sign_in_link,
    use_sign_in_link,
)
from course.services.throttle import Origin, TooManyGuesses
from tests.personas import AT, World, make_membership, make_world

pytestmark = pytest.mark.django_db
HERE = Origin(network="10.0.0.1")


def test_codes_have_no_look_alikes_and_are_read_generously() -> None:
    assert not set("01OILU") & set(ALPHABET)
    code = new_code(SIGN_IN_LENGTH)
    assert normalized(grouped(code).lower()) == code
    assert normalized(f"  {grouped(code).replace('-', ' – ')} ") == code
    for wrong in ("", "O0O0", "AB\0C", "A" * 101, "é", "\ud800"):
        assert normalized(wrong) == ""


def test_opening_a_link_changes_nothing(world: World, django_assert_num_queries: object) -> None:
    code = create_sign_in_link(user=world.users["learner"], at=timezone.now())
    client = Client()
    for _ in range(5):  # a preview, a scanner, a second preview, ...
        with django_assert_num_queries(0):  # type: ignore[operator]
            assert client.get(f"/link/{grouped(code)}/").status_code == 200
        assert client.head(f"/link/{grouped(code)}/").status_code == 200
    assert SignInLink.objects.get().used_at is None
    answer = client.post(f"/link/{grouped(code)}/", {"own_device": "on"})
    assert answer.status_code == 303
    assert client.get("/account/").status_code == 200
    assert client.session["own_device"] is True


def test_the_page_looks_the_same_for_every_code(world: World) -> None:
    code = create_sign_in_link(user=world.users["learner"], at=timezone.now())
    right, wrong = Client().get(f"/link/{code}/"), Client().get(f"/link/{'A' * 24}/")
    assert len(right.content) == len(wrong.content)


def test_a_link_works_once(world: World) -> None:
    code = create_sign_in_link(user=world.users["learner"], at=timezone.now())
    assert Client().post(f"/link/{code}/").status_code == 303
    again = Client().post(f"/link/{code}/")
    assert again.status_code == 422
    assert "does not work any more" in again.content.decode()


def test_only_the_hash_is_stored(world: World) -> None:
    code = create_sign_in_link(user=world.users["learner"], at=AT)
    assert code not in str(SignInLink.objects.values().get())


def test_a_link_dies_after_a_day_and_when_a_new_one_is_made(world: World) -> None:
    user = world.users["learner"]
    first = create_sign_in_link(user=user, at=AT)
    second = create_sign_in_link(user=user, at=AT)
    with pytest.raises(LinkIsOver):
        use_sign_in_link(text=first, origin=HERE, at=AT)
    with pytest.raises(LinkIsOver):
        use_sign_in_link(text=second, origin=HERE, at=AT + timedelta(hours=24))
    assert use_sign_in_link(text=second, origin=HERE, at=AT + timedelta(hours=23)) == user


def test_guessing_links_is_braked() -> None:
    for number in range(100):
        with pytest.raises(LinkIsOver):
            use_sign_in_link(text=f"A{number}", origin=HERE, at=AT)
    with pytest.raises(TooManyGuesses):
        use_sign_in_link(text="A", origin=HERE, at=AT)


def test_a_closed_account_has_no_way_in(world: World) -> None:
    user = world.users["learner"]
    code = create_sign_in_link(user=user, at=AT)
    user.is_active = False
    user.save()
    with pytest.raises(LinkIsOver):
        use_sign_in_link(text=code, origin=HERE, at=AT)


def test_a_sign_in_code_can_be_typed_where_codes_are_typed(world: World) -> None:
    code = create_sign_in_link(user=world.users["learner"], at=timezone.now())
    client = Client()
    assert client.post("/join/", {"code": grouped(code).lower()}).status_code == 303
    assert client.get("/account/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_two_callers_at_once_share_no_link() -> None:
    world = make_world()
    code = create_sign_in_link(user=world.users["learner"], at=AT)

    def use(_number: int) -> bool:
        try:
            use_sign_in_link(text=code, origin=HERE, at=AT)
        except LinkIsOver:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(use, range(8))) == 1


# --- made by an administrator ------------------------------------------------------------------


def test_an_administrator_makes_a_link_and_it_is_on_record(world: World) -> None:
    place = world.harbour
    answer = world.client("administrator").post(f"/organisation/people/{place.learner.id}/link/")
    assert answer.status_code == 200
    assert Client().post(f"/link/{answer.context['code']}/").status_code == 303
    actions = [one.action for one in AuditEntry.objects.in_organization(place.organization)]
    assert "sign_in_link.create" in actions


def test_no_link_into_another_organisation_or_to_an_administrator(world: World) -> None:
    place = world.harbour
    place.learner.user.refresh_from_db()
    make_membership(world.lighthouse.organization, place.learner.user)
    reasons = set()
    for membership in (place.learner, place.administrator):
        with pytest.raises(Refused) as refusal:
            create_link_for_member(membership=membership, actor=place.administrator, at=AT)
        reasons.add(str(refusal.value))
    assert len(reasons) == 1, "the reason must not tell who belongs elsewhere"
    with pytest.raises(ValueError, match="different organisations"):
        create_link_for_member(
            membership=world.lighthouse.learner, actor=place.administrator, at=AT
        )
    assert SignInLink.objects.count() == 0


# --- the command -------------------------------------------------------------------------------


def test_the_command_prints_an_address_that_works(world: World) -> None:
    out = StringIO()
    call_command("sign_in_link", world.users["learner"].username.upper(), stdout=out)
    address = out.getvalue().strip()
    path = "/link/" + address.partition("/link/")[2]
    assert address.startswith("http")
    assert Client().post(path).status_code == 303


def test_the_command_says_why_not(world: World) -> None:
    with pytest.raises(CommandError, match="nobody"):
        call_command("sign_in_link", "nobody-here")
    with pytest.raises(CommandError, match="no active place"):
        call_command("sign_in_link", world.users["suspended"].username)
