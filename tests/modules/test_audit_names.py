"""The record of changes says what things are called today: no ids, no instants of machines."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from course.audit_words import known_fields, value_title
from course.models import AuditEntry, Membership, User
from course.roles import Role
from course.services.audit import record_event
from course.services.invitations import create_invitation
from course.services.privacy import erase_person
from course.services.several import set_office
from modules.audit_names import short_number
from modules.certificates import Choices
from modules.models import Certificate
from modules.reports.completion import BY
from modules.reports.states import State
from modules.rhythm import Often
from modules.scopes import Scope
from modules.services.certifying import issue_certificates, reissue_certificate, revoke_certificate
from modules.services.renewals import open_rounds
from modules.services.report_schedules import Plan, change_schedule, make_schedule
from modules.services.tokens import make_token
from quizzes.models import Assignment, Target
from quizzes.services.assigning import Ask, assign, reschedule, set_exception
from quizzes.services.commenting import add_comment
from tests.modules.finishing import publish_course, take
from tests.modules.keeping import complete
from tests.modules.test_export_door import body, fresh, from_csv
from tests.personas import ADMINISTRATOR, Place, World, make_membership, make_user, office_of

pytestmark = pytest.mark.django_db

NOW = timezone.now().replace(microsecond=0)
DAY = timedelta(days=1)
UUID_TEXT = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
MACHINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d")
# Long past midnight in Malaysia: the day is another than in UTC.
DUE = datetime(NOW.year + 1, 1, 31, 17, 30, tzinfo=UTC)


def record(client: Client) -> str:
    """What is read on the page: the text between the tags."""
    page = client.get(reverse("course:audit"))
    assert page.status_code == 200
    table = page.content.decode().partition("<table")[2].partition("</table>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", table)).split())


def ask(place: Place, *people: Membership) -> Assignment:
    made = assign(
        ask=Ask(target=Target.MODULE, key="m1", due_at=DUE),
        people=people or [place.learner],
        actor=place.administrator,
        at=NOW,
    )
    return made[0]


def certificates(place: Place, *people: Membership) -> list[Certificate]:
    for person in people:
        complete(person, at=NOW - 300 * DAY)
    issue_certificates(completions=None, actor=place.administrator, at=NOW)
    return [Certificate.objects.of_person(one)[0] for one in people]


@pytest.fixture
def lived(world: World) -> World:
    """Everything that writes an id or an instant into the record of harbour."""
    _outline, quiz, _final = publish_course()
    place = world.harbour
    boss = place.administrator
    office = office_of(place, "north")
    set_office(people=[place.stranger], office=office, actor=boss, at=NOW)
    paper, other = certificates(place, place.learner, place.stranger)
    reissue_certificate(
        certificate=paper,
        choices=Choices(name="", language="en"),
        reason="name",
        actor=boss,
        at=NOW,
    )
    revoke_certificate(certificate=other, reason="a mistake", actor=boss, at=NOW)
    row = ask(place)
    row = reschedule(
        assignment=row, ask=Ask(target=Target.MODULE, due_at=DUE + DAY), actor=boss, at=NOW
    )
    set_exception(
        assignment=row, membership=place.learner, due_at=DUE + 9 * DAY, actor=boss, at=NOW
    )
    attempt = take(place.learner, quiz, at=NOW)
    add_comment(attempt=attempt, position=None, author=boss, text="Well seen.", at=NOW)
    open_rounds(people=[place.learner], actor=boss, at=NOW + 300 * DAY)
    query = f"office={office.id}&cohort={place.first_cohort.id}&only=overdue"
    plan = Plan(name="Numbers", query=query, often=Often.WEEKLY, weekday=2, day=0, hour=8)
    schedule = make_schedule(actor=boss, plan=plan, people=[boss, place.trainer], at=NOW)
    change_schedule(
        schedule=schedule,
        actor=boss,
        plan=Plan(
            name="Numbers",
            query="office=none&cohort=none",
            often=Often.MONTHLY,
            weekday=2,
            day=0,
            hour=8,
            until=DUE.date(),
        ),
        people=[boss],
        at=NOW,
    )
    make_token(actor=boss, name="HR program", scopes=tuple(Scope), days=90, at=NOW)
    create_invitation(
        actor=boss, role=Role.LEARNER, cohort=place.first_cohort, max_uses=1, days=3, at=NOW
    )
    return world


# --- in words -------------------------------------------------------------------------------------


def test_no_id_and_no_instant_of_machines_is_read(lived: World) -> None:
    told = record(lived.client(ADMINISTRATOR))
    assert UUID_TEXT.findall(told) == []
    assert MACHINE.findall(told) == []
    rows = AuditEntry.objects.in_organization(lived.harbour.organization)
    kinds = {one.partition(":")[0] for one in rows.values_list("subject", flat=True)}
    assert kinds >= {"certificate", "assignment", "attempt", "schedule", "token", "invitation"}


def test_a_certificate_is_called_by_its_printed_number_and_its_holder(lived: World) -> None:
    place = lived.harbour
    new, old = Certificate.objects.of_person(place.learner).order_by("-number")
    (other,) = Certificate.objects.of_person(place.stranger)
    first, second = (f"{short_number(one.uuid)} (canaryharbour learner)" for one in (old, new))
    client = lived.client(ADMINISTRATOR)
    told = record(client)
    assert f"Certificate replaced {first} New certificate: {second}" in told
    assert f"Certificate withdrawn {short_number(other.uuid)} (canaryharbour stranger)" in told
    issued = re.search(r"Certificates issued [^:]*Certificates: ([^:]*\))", told)
    assert issued
    assert first in issued[1]
    assert f"{short_number(other.uuid)} (canaryharbour stranger)" in issued[1]
    page = client.get(reverse("course:audit")).content.decode()
    assert reverse("modules:one_certificate", args=[other.uuid]) in page
    paper = client.get(reverse("modules:one_certificate", args=[other.uuid])).content.decode()
    assert f"<code>{short_number(other.uuid)}" in paper, "the number on the paper begins so"


def test_dates_are_in_the_zone_of_the_site_and_the_language_of_whoever_reads(lived: World) -> None:
    told = record(lived.client(ADMINISTRATOR))
    assert f"Due: 1 February {DUE.year}, 01:30" in told, "it is the next day in Malaysia"
    assert f"Due: 1 February {DUE.year}, 01:30 → 2 February {DUE.year}, 01:30" in told
    assert f"Until: 31 January {DUE.year}" in told, "a day is not moved by the zone"
    User.objects.filter(pk=lived.users[ADMINISTRATOR].pk).update(language="ms")
    assert f"1 Feb {DUE.year}, 1:30 pagi" in record(lived.client(ADMINISTRATOR))


def test_what_was_asked_by_its_title_and_other_things_by_name(lived: World) -> None:
    place, told = lived.harbour, record(lived.client(ADMINISTRATOR))
    day = f"{timezone.localtime(NOW, timezone.get_default_timezone()):%Y}"
    title = re.search(r"Exception made (.+?), \d+ \w+ (\d{4})", told)
    assert title
    assert title[1] == "Module 1"
    assert title[2] == day
    assert "Note written on answers canaryharbour learner" in told
    assert "Next rounds begun for people the organisation People: canaryharbour learner" in told
    assert "Key for a program made HR program" in told
    assert f"Invitation made {place.first_cohort.name}, " in told
    assert "Report by mail set up Numbers" in told
    assert (
        f"Filter: Office: canaryharbour north; Cohort: {place.first_cohort.name}; State: Overdue"
        in told
    )
    assert "→ Office: No office said; Cohort: In no cohort" in told
    assert "How often: Every week → Every month" in told
    assert "Day of the week: Wednesday" in told


def test_the_file_says_it_like_the_page(lived: World) -> None:
    answer = fresh(lived.client(ADMINISTRATOR)).post(reverse("modules:record_file", args=["csv"]))
    text = "\n".join(",".join(row) for row in from_csv(body(answer)))
    assert UUID_TEXT.findall(text) == []
    assert MACHINE.findall(text) == []
    assert f"Due: 1 February {DUE.year}, 01:30" in text
    assert f"01:30 → 2 February {DUE.year}, 01:30" in text


# --- what is nobody's to read ---------------------------------------------------------------------


def test_an_erased_person_is_nobody_also_as_a_holder_and_behind_an_attempt(lived: World) -> None:
    for person in (lived.harbour.learner, lived.harbour.stranger):
        erase_person(user=person.user, at=NOW + DAY)
    told = record(lived.client(ADMINISTRATOR))
    (other,) = Certificate.objects.of_person(lived.harbour.stranger)
    assert f"{short_number(other.uuid)} (somebody who was erased)" in told
    assert "canaryharbour learner" not in told
    assert "canaryharbour stranger" not in told
    assert "erased-" not in told
    assert UUID_TEXT.findall(told) == []


def test_things_of_another_organisation_have_no_name_here(lived: World) -> None:
    """As if somebody had smuggled their ids into our record."""
    (paper,) = certificates(lived.lighthouse, lived.lighthouse.learner)
    row = ask(lived.lighthouse)
    with transaction.atomic():
        for kind, thing in (("certificate", paper), ("assignment", row)):
            record_event(
                organization=lived.harbour.organization,
                actor=lived.harbour.administrator,
                action="certificate.revoke",
                subject=f"{kind}:{thing.id}",
                after={"replacement": str(paper.id)},
                at=NOW,
            )
    told = record(lived.client(ADMINISTRATOR))
    assert "Certificate withdrawn a certificate New certificate: not there any more" in told
    assert "Certificate withdrawn an assignment" in told
    assert short_number(paper.uuid) not in told
    assert "canarylighthouse" not in told


# --- the price, and the words ---------------------------------------------------------------------


def test_names_cost_the_same_for_any_number_of_entries(
    lived: World, queries: Callable[[], AbstractContextManager[list[int]]]
) -> None:
    client, place = lived.client(ADMINISTRATOR), lived.harbour
    costs = []
    for number in (0, 6):
        for one in range(number):
            person = make_membership(place.organization, make_user(f"more-{one}"))
            (paper,) = certificates(place, person)
            revoke_certificate(certificate=paper, reason="x", actor=place.administrator, at=NOW)
            ask(place, person)
        record(client)
        with queries() as counted:
            record(client)
        costs += counted
    assert costs[0] == costs[1]
    assert costs[0] <= 16


def test_every_filter_of_a_report_that_comes_by_mail_has_words() -> None:
    assert {"office", "cohort", "role", "module", "round", "only", "by"} <= known_fields().keys()
    values = [("only", one.value) for one in State] + [("by", one) for one in BY]
    values += [("only", "overdue"), ("office", "none"), ("cohort", "none")]
    values += [("often", one.value) for one in Often]
    assert [pair for pair in values if value_title(*pair) == pair[1]] == []
