"""The record: only added to, one chain per organisation, and every kind of tampering shows."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.transaction import TransactionManagementError
from django.urls import reverse

from course.models import AppendOnlyError, AuditEntry, Organization, uuid7
from course.services.audit import REASON_LENGTH, first_digest, record_event, verify_chain
from tests.course.race import at_once
from tests.personas import AT, World, make_world

pytestmark = pytest.mark.django_db


def note(organization: Organization, *, number: int = 1, reason: str = "") -> AuditEntry:
    with transaction.atomic():
        return record_event(
            organization=organization,
            actor=None,
            action="test.note",
            subject=f"note:{number}",
            before={"n": number - 1},
            after={"n": number},
            reason=reason,
            at=AT,
        )


@pytest.fixture
def organization(world: World) -> Organization:
    """Harbour, with one entry of the set-up and three more."""
    for number in range(3):
        note(world.harbour.organization, number=number)
    return world.harbour.organization


def tamper(sql: str, *values: object) -> None:
    """As somebody with a hand on the database would: behind Django's back."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_an_untouched_chain_holds(organization: Organization) -> None:
    report = verify_chain(organization)
    last = AuditEntry.objects.in_organization(organization).latest("sequence")
    assert (report.sound, report.entries, report.digest) == (True, 4, last.digest)


def test_an_empty_chain_holds() -> None:
    empty = Organization.objects.create(key="empty", name="Empty", created_at=AT)
    report = verify_chain(empty)
    assert (report.sound, report.entries, report.digest) == (True, 0, first_digest(empty))


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("action", "test.other"),
        ("subject", "note:9"),
        ("before", "{}"),
        ("after", '{"n":9}'),
        ("reason", "another"),
        ("at", AT + timedelta(seconds=1)),
        ("digest", "0" * 64),
        ("id", uuid7()),
    ],
)
def test_a_changed_column_shows(column: str, value: object, organization: Organization) -> None:
    name = connection.ops.quote_name(column)
    field = AuditEntry._meta.get_field(column)
    stored = field.get_db_prep_value(value, connection)
    sql = f"UPDATE course_auditentry SET {name} = %s WHERE sequence = 3"  # noqa: S608 -- quoted
    tamper(sql, stored)
    report = verify_chain(organization)
    assert (report.entries, report.problem) == (2, "entry 3 was changed")


def test_a_changed_actor_shows(organization: Organization, world: World) -> None:
    field = AuditEntry._meta.get_field("actor_id")
    actor = field.get_db_prep_value(world.harbour.learner.id, connection)
    tamper("UPDATE course_auditentry SET actor_id = %s WHERE sequence = 3", actor)
    assert verify_chain(organization).problem == "entry 3 was changed"


def test_a_removed_entry_shows(organization: Organization) -> None:
    tamper("DELETE FROM course_auditentry WHERE sequence = 2")
    assert verify_chain(organization).problem == "entry 2 is missing"


def test_an_entry_put_in_place_of_another_shows(organization: Organization) -> None:
    """Its own digest is right, as a forger would make it; the one after it still points back."""
    entry = AuditEntry.objects.in_organization(organization).get(sequence=2)
    entry.subject = "note:forged"
    forged = entry.computed_digest()
    tamper(
        "UPDATE course_auditentry SET subject = %s, digest = %s WHERE sequence = 2",
        entry.subject,
        forged,
    )
    assert verify_chain(organization).problem == "entry 3 breaks the chain"


def test_taking_the_newest_away_shows_against_a_digest_kept_elsewhere(
    organization: Organization,
) -> None:
    kept = verify_chain(organization)
    tamper("DELETE FROM course_auditentry WHERE sequence = 4")
    now = verify_chain(organization)
    assert now.sound
    assert (now.entries, now.digest) != (kept.entries, kept.digest)


def test_chains_of_two_organisations_do_not_fit_each_other(world: World) -> None:
    here, there = world.harbour.organization, world.lighthouse.organization
    assert first_digest(here) != first_digest(there)
    assert verify_chain(there).sound


def test_two_entries_of_one_number_are_impossible(organization: Organization) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        tamper("UPDATE course_auditentry SET sequence = 2 WHERE sequence = 3")


def test_nothing_in_the_code_can_change_or_remove(organization: Organization) -> None:
    rows = AuditEntry.objects.in_organization(organization)
    entry = rows.latest("sequence")
    for attempt in (
        lambda: rows.update(reason="x"),
        rows.delete,
        lambda: rows._raw_delete(None),
        lambda: rows.bulk_update([entry], ["reason"]),
        lambda: rows.bulk_create([entry]),
        entry.delete,
        entry.save,
    ):
        with pytest.raises(AppendOnlyError):
            attempt()
    assert verify_chain(organization).entries == 4


def test_the_record_and_the_change_are_one_transaction(world: World) -> None:
    organization = world.harbour.organization
    with transaction.atomic():
        note(organization)
        transaction.set_rollback(True)
    assert verify_chain(organization).entries == 1


@pytest.mark.django_db(transaction=True)
def test_no_entry_outside_a_transaction() -> None:
    organization = make_world().harbour.organization
    with pytest.raises(TransactionManagementError, match="one transaction"):
        record_event(organization=organization, actor=None, action="x.y", subject="a:b", at=AT)


def test_an_actor_of_another_organisation_is_a_programming_error(world: World) -> None:
    with pytest.raises(ValueError, match="different organisations"), transaction.atomic():
        record_event(
            organization=world.harbour.organization,
            actor=world.lighthouse.administrator,
            action="x.y",
            subject="a:b",
            at=AT,
        )


def test_a_long_reason_is_cut(organization: Organization) -> None:
    assert len(note(organization, reason="x" * 1000).reason) == REASON_LENGTH
    assert verify_chain(organization).sound


@pytest.mark.django_db(transaction=True)
def test_simultaneous_entries_queue_up() -> None:
    organization = make_world().harbour.organization
    calls = [lambda number=number: note(organization, number=number) for number in range(6)]
    at_once(*calls, refusals=AppendOnlyError)
    report = verify_chain(organization)
    assert (report.sound, report.entries) == (True, 7)


def test_the_page_shows_the_newest_first_and_who_it_was(world: World) -> None:
    note(world.harbour.organization, number=7, reason="because of the rain")
    page = world.client("administrator").get(reverse("course:audit")).content.decode()
    assert page.index("because of the rain") < page.index("test.begin")
    assert world.harbour.administrator.user.shown_name in page
    assert "Server" in page


def test_a_page_of_nonsense_is_the_first_page(world: World) -> None:
    client = world.client("administrator")
    first = client.get(reverse("course:audit")).content
    for text in ("x", "-1", "9" * 5000, "1e3", "٣", ""):
        assert client.get(reverse("course:audit"), {"page": text}).status_code == 200
    assert b"test.begin" in first
