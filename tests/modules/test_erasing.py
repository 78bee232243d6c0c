"""Erasing on the pages: by an administrator, by the person, and by itself when the time is over."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from course.models import AuditEntry, CohortStay, Invitation, Membership, Placement, User
from course.recent import note_proof
from course.roles import Role
from course.services import Refused
from course.services.audit import verify_chain
from course.services.members import set_active
from course.services.placing import differences, note_places
from course.services.privacy import Decided, erase_place, is_erased
from course.services.retention import purge_expired
from modules.outline import Outline
from modules.reports.asking import Question
from modules.reports.completion import Reason, Staff, read_summary
from modules.services.leaving import forget_people_who_left, people_who_left
from quizzes.models import Attempt, Comment, Response
from quizzes.services.commenting import add_comment, mark_comments_read
from tests.modules.finishing import publish_course, take
from tests.modules.keeping import complete
from tests.modules.reminded import assign
from tests.personas import AT, BOTH, World, make_membership, make_user, make_world, put_into

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def proved(client: Client) -> Client:
    """As if this browser had signed in a moment ago."""
    session = client.session
    note_proof(session, at=timezone.now())
    session.save()
    return client


def erase(world: World, person: Membership, reason: str = "asked for it") -> object:
    address = reverse("modules:erase", args=[person.id])
    return proved(world.client("administrator")).post(address, {"reason": reason}, follow=True)


def test_only_what_was_written_to_the_person_goes(world: World) -> None:
    place = world.harbour
    words = {"message": "See you on Friday."}
    for_all = assign(world, due_at=None, **words)
    for_one = assign(
        world, due_at=None, cohort_id=None, membership_id=place.learner.id, target_key="m2", **words
    )
    erase(world, place.learner)
    for_all.refresh_from_db()
    for_one.refresh_from_db()
    assert (for_all.message, for_one.message) == (words["message"], "")


# --- by an administrator ------------------------------------------------------------------------


def test_the_page_says_what_goes_and_what_stays_before(world: World) -> None:
    _outline, short, _final = publish_course()
    learner, trainer = world.harbour.learner, world.harbour.trainer
    attempt = take(learner, short, at=AT)
    add_comment(attempt=attempt, position=None, author=trainer, text="Well seen.", at=AT)
    client = world.client("administrator")
    person = client.get(reverse("course:person", args=[learner.id])).content.decode()
    address = reverse("modules:erase", args=[learner.id])
    assert f'href="{address}"' in person
    page = client.get(address)
    goes = {str(one.title): one.number for one in page.context["goes"]}
    stays = {str(one.title): one.number for one in page.context["stays"]}
    answers = Response.objects.in_organization(learner.organization_id).count()
    assert goes == {"Notes that trainers wrote to the person": 1}
    assert (stays["Quizzes taken"], stays["Answers"]) == (1, answers)
    assert answers > 1
    said = page.content.decode()
    assert "There is no way back" in said
    assert "and so do reasons as they were written, such as why a certificate was withdrawn" in said


def test_an_erased_person_is_nobody_and_the_record_says_who_decided(world: World) -> None:
    _outline, short, _final = publish_course()
    learner = world.harbour.learner
    attempt = take(learner, short, at=AT)
    note = add_comment(
        attempt=attempt, position=None, author=world.harbour.trainer, text="Well done.", at=AT
    )
    mark_comments_read(attempt=attempt, at=AT)
    theirs = world.client("learner")
    erase(world, learner)
    kept = Membership.objects.get(pk=learner.pk)
    assert is_erased(User.objects.get(pk=kept.user_id))
    assert not kept.is_active
    assert theirs.get(reverse("course:account")).status_code == 302
    assert not Comment.objects.filter(pk=note.pk).exists()
    assert Attempt.objects.of_person(learner).count() == 1
    entry = AuditEntry.objects.in_organization(learner.organization_id).latest("sequence")
    assert entry.action == "person.erase"
    assert entry.actor_id == world.harbour.administrator.id
    assert entry.reason == "asked for it"
    assert '"decided":"administrator"' in entry.after
    assert verify_chain(world.harbour.organization).sound
    assert differences(learner.organization_id) == []
    client = world.client("administrator")
    for name in ("course:people", "course:audit"):
        assert "canaryharbour learner" not in client.get(reverse(name)).content.decode()
    page = client.get(reverse("modules:erase", args=[learner.id])).content.decode()
    assert "This person was erased" in page


def test_a_reason_and_a_fresh_proof_are_needed(world: World) -> None:
    learner = world.harbour.learner
    address = reverse("modules:erase", args=[learner.id])
    client = world.client("administrator")
    assert client.post(address, {"reason": "asked for it"}).status_code == 403
    assert proved(client).post(address, {"reason": ""}).status_code == 422
    assert not is_erased(User.objects.get(pk=learner.user_id))


def test_nobody_erases_themselves_here_nor_twice_nor_the_last_administrator(world: World) -> None:
    place = world.harbour
    address = reverse("modules:erase", args=[place.administrator.id])
    answer = proved(world.client("administrator")).post(address, {"reason": "x"})
    assert answer.status_code == 422
    erase(world, place.learner)
    with pytest.raises(Refused, match="already"):
        erase_place(
            membership=place.learner,
            actor=place.administrator,
            decided=Decided.ADMINISTRATOR,
            at=AT,
        )
    other = make_membership(place.organization, make_user("second"), Role.ADMINISTRATOR)
    erase_place(membership=place.administrator, actor=other, decided=Decided.ADMINISTRATOR, at=AT)
    open_ones = Invitation.objects.in_organization(place.organization).open_at(AT)
    assert not open_ones.filter(created_by_id=place.administrator.id).exists()
    with pytest.raises(Refused, match="last administrator"):
        erase_place(membership=other, actor=place.trainer, decided=Decided.ADMINISTRATOR, at=AT)


def test_somebody_who_also_belongs_elsewhere_keeps_that_and_nothing_tells(world: World) -> None:
    user = world.users[BOTH]
    here = Membership.objects.get(organization=world.harbour.organization, user=user)
    there = Membership.objects.get(organization=world.lighthouse.organization, user=user)
    only = make_membership(world.harbour.organization, make_user("only-here"))
    answers = [erase(world, here), erase(world, only)]
    user.refresh_from_db()
    assert (user.username, user.is_active) == ("both-sides", True)
    assert Membership.objects.get(pk=there.pk).is_active
    left = Membership.objects.get(pk=here.pk)
    assert left.user_id != user.pk
    assert is_erased(User.objects.get(pk=left.user_id))
    # the same words and the same entry, whether or not there is a place elsewhere
    texts = {one.context["messages"]._loaded_data[0].message for one in answers}  # type: ignore[attr-defined]
    assert len(texts) == 1
    rows = AuditEntry.objects.in_organization(world.harbour.organization)
    told = {(one.after, one.reason) for one in rows.filter(action="person.erase")}
    assert len(told) == 1
    assert Membership.objects.of_user(user).count() == 1


def test_an_operators_account_is_closed_by_no_organisation(world: World) -> None:
    user = world.users["learner"]
    User.objects.filter(pk=user.pk).update(is_operator=True)
    erase(world, world.harbour.learner)
    user.refresh_from_db()
    assert (user.username, user.is_operator) == ("harbour-learner", True)


def test_totals_of_past_days_stay_and_todays_drop_by_one(
    world: World, small_course: Outline
) -> None:
    place = world.harbour
    complete(place.learner, at=AT)
    put_into(place.first_cohort, make_membership(place.organization, make_user("another")))
    viewer = Staff(place.organization.pk)
    now = timezone.now()

    def past() -> list[object]:
        return [
            read_summary(small_course, viewer, Question(), AT + HOUR, by=by)
            for by in ("office", "cohort", "module")
        ]

    assert now > AT + HOUR
    before, today = past(), read_summary(small_course, viewer, Question(), now)
    with transaction.atomic():
        erase_place(
            membership=place.learner,
            actor=place.administrator,
            decided=Decided.ADMINISTRATOR,
            at=now - timedelta(seconds=1),
        )
    assert past() == before
    after = read_summary(small_course, viewer, Question(), now)
    assert after.population == today.population - 1
    assert after.left_out[Reason.ERASED] == 1


# --- by the person ------------------------------------------------------------------------------


def test_somebody_deletes_their_own_account_everywhere(world: World) -> None:
    client = proved(world.client(BOTH))
    page = client.get(reverse("modules:my_data"))
    assert "It holds for all organisations" in page.content.decode()
    make_membership(world.lighthouse.organization, make_user("next"), Role.ADMINISTRATOR)
    answer = client.post(reverse("modules:my_data_delete"), {"name": " Both-Sides "})
    assert answer.status_code == 200
    assert "Your account is deleted" in answer.content.decode()
    user = world.users[BOTH]
    user.refresh_from_db()
    assert is_erased(user)
    assert not Membership.objects.of_user(user).active().exists()
    for place in (world.harbour, world.lighthouse):
        entry = AuditEntry.objects.in_organization(place.organization).latest("sequence")
        mine = Membership.objects.get(organization=place.organization, user=user)
        assert (entry.action, entry.actor_id) == ("person.erase", mine.id)
        assert '"decided":"self"' in entry.after
    assert client.get(reverse("course:account")).status_code == 302


def test_the_name_must_be_typed_and_the_proof_fresh(world: World) -> None:
    client, address = world.client("learner"), reverse("modules:my_data_delete")
    assert client.post(address, {"name": "harbour-learner"}).status_code == 403
    assert proved(client).post(address, {"name": "harbour-trainer"}).status_code == 422
    answer = proved(world.client("administrator")).post(address, {"name": "harbour-administrator"})
    assert answer.status_code == 422
    assert "last administrator" in answer.content.decode()
    assert not User.objects.filter(username__startswith="erased-").exists()


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_no_byte_is_left_in_the_files_after_the_page(client: Client) -> None:
    """S27: name, alias, mail, certificate name and a note, by the web path, in file and log."""
    words = ["canary-web-name", "Canary Web Alias", "canary-web@example.org", "Canary web note"]
    world = make_world()
    _outline, short, _final = publish_course()
    user = make_user(words[0], display_name=words[1])
    User.objects.filter(pk=user.pk).update(email=words[2])
    person = make_membership(world.harbour.organization, user)
    attempt = take(person, short, at=AT)
    add_comment(attempt=attempt, position=None, author=world.harbour.trainer, text=words[3], at=AT)
    database = Path(str(connection.settings_dict["NAME"]))

    def left() -> list[str]:
        files = [database, Path(f"{database}-wal")]
        held = b"".join(path.read_bytes() for path in files if path.exists())
        return [word for word in words if word.encode() in held]

    assert left() == words, "the search must be able to find them"
    erase(world, person)
    assert left() == []


# --- by itself ----------------------------------------------------------------------------------


@pytest.fixture
def busy(world: World) -> World:
    """Nobody is paused yet."""
    for place in Membership.objects.of_user(world.users["suspended"]):
        set_active(membership=place, active=True, actor=world.harbour.administrator, at=AT)
    return world


def leave(world: World, person: Membership, at: datetime) -> None:
    set_active(membership=person, active=False, actor=world.harbour.administrator, reason="", at=at)


def test_people_who_left_are_forgotten_when_the_period_is_over(busy: World) -> None:
    place, now = busy.harbour, AT + timedelta(days=2000)
    leave(busy, place.learner, now - timedelta(days=740))
    leave(busy, place.stranger, now - timedelta(days=720))
    assert [one.id for one in people_who_left(at=now)] == [place.learner.id]
    with override_settings(KENALI_FORGET_LEFT_MONTHS=0):
        assert list(people_who_left(at=now)) == []
        assert forget_people_who_left(at=now) == 0
    assert purge_expired(at=now)["people"] == 1
    assert is_erased(User.objects.get(pk=place.learner.user_id))
    assert not is_erased(User.objects.get(pk=place.stranger.user_id))
    entry = AuditEntry.objects.in_organization(place.organization).latest("sequence")
    assert (entry.action, entry.actor_id) == ("person.erase", None)
    assert '"decided":"time"' in entry.after
    assert purge_expired(at=now)["people"] == 0


def test_whoever_was_let_in_again_is_not_forgotten(busy: World) -> None:
    place, now = busy.harbour, AT + timedelta(days=2000)
    leave(busy, place.learner, AT + DAY)
    set_active(
        membership=place.learner,
        active=True,
        actor=place.administrator,
        at=now - timedelta(days=800),
    )
    leave(busy, place.learner, now - timedelta(days=700))
    assert list(people_who_left(at=now)) == []


def test_the_record_is_believed_where_the_history_began_with_an_upgrade(busy: World) -> None:
    """For who was paused by then the history says since when they are here, not since when not."""
    place, now = busy.harbour, AT + timedelta(days=2000)
    leave(busy, place.learner, now - timedelta(days=30))
    for table in (Placement, CohortStay):
        rows = table.objects.in_organization(place.organization)
        rows.filter(membership_id=place.learner.id)._raw_delete("default")
    note_places(organization_id=place.organization.pk, people=[place.learner.id], at=AT)
    assert list(people_who_left(at=now)) == []
    assert [one.id for one in people_who_left(at=now + timedelta(days=720))] == [place.learner.id]


def test_a_paused_place_of_somebody_active_elsewhere_is_forgotten_here_only(busy: World) -> None:
    user = busy.users[BOTH]
    here = Membership.objects.get(organization=busy.harbour.organization, user=user)
    leave(busy, here, AT + DAY)
    assert forget_people_who_left(at=AT + timedelta(days=2000)) == 1
    user.refresh_from_db()
    assert user.username == "both-sides"
    assert Membership.objects.of_user(user).count() == 1


@pytest.mark.django_db(transaction=True)
def test_tidy_says_first_how_many_and_then_does_it(capsys: pytest.CaptureFixture[str]) -> None:
    world = make_world()
    leave(world, world.harbour.learner, timezone.now() - timedelta(days=1000))
    call_command("tidy", "--dry-run")
    assert "people: 1 would be erased; nothing was done" in capsys.readouterr().out
    assert not is_erased(User.objects.get(pk=world.harbour.learner.user_id))
    call_command("tidy")
    assert "people who left: 1 erased" in capsys.readouterr().out
    assert is_erased(User.objects.get(pk=world.harbour.learner.user_id))
