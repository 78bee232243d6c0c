"""A proof that is minutes old: kept at each way in, asked for once it is stale."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import reverse
from django.utils import timezone

from course.access import build_context
from course.models import Membership, User
from course.recent import PROVED, is_recent, note_proof
from course.services.sign_in_links import create_sign_in_link
from course.services.throttle import PER_ACCOUNT_AND_NETWORK
from course.views.proof import PROOF, ask_for_proof
from tests.personas import AT, PASSPHRASE, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(world: World) -> User:
    user = world.users["administrator"]
    User.objects.filter(pk=user.pk).update(password=make_password(PASSPHRASE))
    user.refresh_from_db()
    return user


def ask(user: User, session: SessionBase, **posted: Any) -> HttpResponse | None:
    """What a view that takes POST gets back from the guard."""
    request: Any = RequestFactory().post("/somewhere/?office=1", posted)
    request.session, request.user = session, user
    request.COOKIES = {"sid": "x"}
    request.kenali = build_context(request, at=timezone.now())
    return ask_for_proof(request, back="/account/")


def test_a_proof_is_fresh_for_five_minutes_and_not_a_second_longer() -> None:
    session = SessionBase()
    assert not is_recent(session, at=AT)
    note_proof(session, at=AT)
    assert is_recent(session, at=AT)
    assert is_recent(session, at=AT + timedelta(minutes=4, seconds=59))
    assert not is_recent(session, at=AT + timedelta(minutes=5))
    with override_settings(KENALI_RECENT_SIGN_IN=timedelta(minutes=1)):
        assert not is_recent(session, at=AT + timedelta(minutes=1))


def test_a_clock_that_was_put_back_and_a_broken_mark_make_nothing_fresh() -> None:
    session = SessionBase()
    note_proof(session, at=AT + timedelta(hours=1))
    assert not is_recent(session, at=AT)
    session[PROVED] = "yes"
    assert not is_recent(session, at=AT)


def test_every_way_in_is_a_proof(client: Client, administrator: User) -> None:
    data = {"username": administrator.username, "passphrase": PASSPHRASE}
    assert client.post(reverse("course:sign_in"), data).status_code == 303
    assert is_recent(client.session, at=timezone.now())
    code = create_sign_in_link(user=administrator, at=timezone.now())
    other = Client()
    assert other.post(reverse("course:link", args=[code]), {"sent": "1"}).status_code == 303
    assert is_recent(other.session, at=timezone.now())


def test_a_session_alone_is_no_proof(world: World) -> None:
    assert PROVED not in world.client("administrator").session


def test_the_right_passphrase_lets_one_go_on_and_keeps_what_was_posted(
    administrator: User, client: Client
) -> None:
    session = client.session
    page = ask(administrator, session, wants="csv", several=["a", "b"])
    assert page is not None
    assert page.status_code == 403
    body = page.content.decode()
    assert '<input type="hidden" name="wants" value="csv">' in body
    assert body.count('name="several"') == 2
    assert 'href="/account/"' in body
    assert ask(administrator, session, **{PROOF: PASSPHRASE}) is None
    assert ask(administrator, session) is None  # and for the next minutes


def test_a_wrong_passphrase_does_not_and_is_never_shown_again(
    administrator: User, client: Client
) -> None:
    page = ask(administrator, client.session, **{PROOF: "not the right words"})
    assert page is not None
    assert page.status_code == 422
    assert "not the right words" not in page.content.decode()
    assert not is_recent(client.session, at=timezone.now())
    empty = ask(administrator, client.session, **{PROOF: ""})
    assert empty is not None
    assert empty.status_code == 422


def test_guesses_are_counted_with_those_of_the_sign_in_page(
    administrator: User, client: Client
) -> None:
    for _number in range(PER_ACCOUNT_AND_NETWORK):
        page = ask(administrator, client.session, **{PROOF: "not the right words"})
        assert page is not None
        assert page.status_code == 422
    page = ask(administrator, client.session, **{PROOF: PASSPHRASE})
    assert page is not None
    assert page.status_code == 429
    data = {"username": administrator.username, "passphrase": PASSPHRASE}
    answer = client.post(reverse("course:sign_in"), data, REMOTE_ADDR="127.0.0.1")
    assert answer.status_code == 429


def test_somebody_without_a_passphrase_is_told_the_way(world: World, client: Client) -> None:
    page = ask(world.users["administrator"], client.session)
    assert page is not None
    assert page.status_code == 403
    body = page.content.decode()
    assert "new sign-in link" in body
    assert f'name="{PROOF}"' not in body
    unusable = ask(world.users["administrator"], client.session, **{PROOF: "anything at all"})
    assert unusable is not None
    assert unusable.status_code == 422


def test_an_old_session_cannot_give_itself_a_passphrase_to_prove_with(world: World) -> None:
    """Else whoever finds an open screen makes the proof instead of having it."""
    client = world.client("administrator")
    data = {"new": "quite another phrase of words"}
    assert client.post(reverse("course:account_passphrase"), data).status_code == 403
    user = User.objects.get(pk=world.users["administrator"].pk)
    assert not user.has_usable_password()
    code = create_sign_in_link(user=user, at=timezone.now())
    fresh = Client()
    fresh.post(reverse("course:link", args=[code]), {"sent": "1"})
    assert fresh.post(reverse("course:account_passphrase"), data).status_code == 303


def test_a_learner_may_choose_a_first_passphrase_at_any_time(world: World) -> None:
    client = world.client("learner")
    data = {"new": "quite another phrase of words"}
    assert client.post(reverse("course:account_passphrase"), data).status_code == 303


def test_five_minutes_after_signing_in_the_proof_is_asked(
    client: Client, administrator: User
) -> None:
    at = datetime.now(UTC)
    data = {"username": administrator.username, "passphrase": PASSPHRASE}
    client.post(reverse("course:sign_in"), data)
    with time_machine.travel(at + timedelta(minutes=6), tick=False):
        page = ask(administrator, client.session)
        assert page is not None
        assert "more than 5 minutes old" in page.content.decode()
    assert Membership.objects.of_user(administrator.pk).count() == 1
