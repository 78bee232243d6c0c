"""Pages about certificates: the holder's, the public one, and the administrators'."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core.management import get_commands, load_command_class
from django.test import Client
from django.urls import reverse

from course.models import AuditEntry, Membership
from course.roles import Role
from modules.certificates import Choices
from modules.models import Certificate, Cycle, HolderName, Revocation
from modules.services.certifying import (
    issue_certificate,
    reissue_certificate,
    revoke_certificate,
)
from modules.services.erasing import erase_somebody
from modules.services.renewing import renew_course
from tests.modules.finishing import (
    complete_course,
    finish_lessons,
    flag_everything,
    publish_course,
    publish_framework,
    take,
)
from tests.modules.test_certificates import completed_people
from tests.modules.test_interop import ask_node
from tests.personas import ADMINISTRATOR, ANONYMOUS, AT, LEARNER, TRAINER, World

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
CHOICES = Choices(name="Aisyah & Co", public_name=True, public_organization=True)


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def learner(world: World) -> Membership:
    return world.harbour.learner


@pytest.fixture(autouse=True)
def _own_keys(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


@pytest.fixture
def paper(learner: Membership) -> Certificate:
    complete_course(learner, publish_course(), at=AT)
    return issue_certificate(membership=learner, choices=CHOICES, at=AT)


def text_of(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return html.unescape(re.sub(r"\s+", " ", answer.content.decode()))


def go(moment: datetime) -> Any:
    return time_machine.travel(moment, tick=False)


# --- the holder -----------------------------------------------------------------------------------


def test_the_page_says_what_is_missing_in_words(world: World, learner: Membership) -> None:
    publish_framework()
    outline, short, final = publish_course()
    client = world.client(LEARNER)
    page = text_of(client, "/certificate/")
    assert "2 of 2 lessons are still to do." in page
    assert "The quiz of this module is not handed in yet." in page
    assert "The final is not handed in yet." in page
    assert "Get the certificate" not in page
    finish_lessons(learner, outline, at=AT)
    take(learner, short, at=AT)
    take(learner, final, at=AT, answer=flag_everything)
    page = text_of(client, "/certificate/")
    assert "still to do" not in page
    assert "too many ordinary things were marked as signs" in page
    assert "one part is not firm yet: Getting in" in page or "one part is not firm yet:" in page
    assert "acquisition" not in page  # a name, not a key


def test_from_complete_to_paper(world: World, learner: Membership) -> None:
    complete_course(learner, publish_course(), at=AT)
    client = world.client(LEARNER)
    assert "Get the certificate" in text_of(client, "/certificate/")
    fields = {"name": "Aisyah & Co", "public_name": "on"}
    answer = client.post("/certificate/issue/", fields)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/certificate/")
    page = text_of(client, "/certificate/")
    assert "Aisyah & Co" in page
    assert "24 November 2027" in page
    assert "Get the certificate" not in page
    number = Certificate.objects.of_person(learner).get().uuid
    for language in ("en", "ms"):
        got = client.get(f"/certificate/{number}/{language}.pdf")
        assert got.status_code == 200
        assert got.headers["Content-Type"] == "application/pdf"
        assert got.content == client.get(f"/certificate/{number}/{language}.pdf").content
    assert client.get(f"/certificate/{number}/xx.pdf").status_code == 404
    printed = text_of(client, f"/certificate/{number}/")
    assert f"http://127.0.0.1:8000/verify/{number}/" in printed
    assert "<svg" in printed
    assert not re.search(r"<[^>]+ style=", printed)


def test_a_name_with_an_invisible_sign_is_sent_back(world: World, learner: Membership) -> None:
    complete_course(learner, publish_course(), at=AT)
    client = world.client(LEARNER)
    answer = client.post("/certificate/issue/", {"name": "a\u202eb"})
    assert answer.status_code == 422
    assert "cannot be shown" in answer.content.decode()
    assert not Certificate.objects.of_person(learner).exists()


def test_a_name_without_a_font_gives_the_page_and_never_an_error(
    world: World, learner: Membership
) -> None:
    complete_course(learner, publish_course(), at=AT)
    choices = Choices(name="a\U0003ff00b")
    made = issue_certificate(membership=learner, choices=choices, at=AT)
    page = text_of(world.client(LEARNER), f"/certificate/{made.uuid}/en.pdf", 422)
    assert "no font here for some letters" in page


def test_changing_what_it_shows_makes_another_paper(
    world: World, learner: Membership, paper: Certificate
) -> None:
    client = world.client(LEARNER)
    answer = client.post(f"/certificate/{paper.uuid}/change/", {"name": "A."})
    assert answer.status_code == 303
    newest = Certificate.objects.of_person(learner).with_standing().standing().get()
    assert (newest.name, newest.document["public"]) == (
        "A.",
        {"name": False, "organization": False},
    )
    page = text_of(client, "/certificate/")
    assert "Earlier certificates" in page
    assert client.get(f"/certificate/{paper.uuid}/en.pdf").status_code == 404
    assert "no longer counts" in text_of(client, f"/certificate/{paper.uuid}/")
    again = client.post(f"/certificate/{paper.uuid}/change/", {"name": "B."})
    assert again.status_code == 422


def test_nobody_else_opens_my_paper(world: World, paper: Certificate) -> None:
    for persona in (TRAINER, ADMINISTRATOR, "outsider", "both"):
        client = world.client(persona)
        for rest in ("", "en.pdf", "credential/"):
            assert client.get(f"/certificate/{paper.uuid}/{rest}").status_code == 404


def test_reading_writes_nothing(world: World, learner: Membership, paper: Certificate) -> None:
    client = world.client(LEARNER)
    before = Certificate.objects.of_person(learner).count()
    for address in (
        "/certificate/",
        f"/certificate/{paper.uuid}/",
        f"/certificate/{paper.uuid}/en.pdf",
        f"/verify/{paper.uuid}/",
    ):
        assert client.get(address).status_code == 200
        assert client.get(address.replace("/certificate/", "/certificate/")).status_code == 200
    assert Certificate.objects.of_person(learner).count() == before
    assert client.get("/certificate/issue/").status_code == 405
    assert client.get("/certificate/renew/").status_code == 405


def test_the_credential_checks_out_with_the_published_keys(
    world: World, paper: Certificate
) -> None:
    answer = world.client(LEARNER).get(f"/certificate/{paper.uuid}/credential/")
    assert answer.headers["Content-Type"] == "application/vc+jwt"
    keys = json.loads(Client().get("/verify/keys.json").content)["keys"]
    told = ask_node(answer.content.decode(), keys)
    assert told.returncode == 0, told.stderr
    assert json.loads(told.stdout)["id"] == f"http://127.0.0.1:8000/verify/{paper.uuid}/"


def test_a_round_from_the_page(world: World, learner: Membership, paper: Certificate) -> None:
    with go(AT + 30 * DAY):
        client = world.client(LEARNER)
        assert "You can renew it from" in text_of(client, "/certificate/")
        assert client.post("/certificate/renew/").status_code == 422
    with go(AT + 300 * DAY):
        client = world.client(LEARNER)
        assert "Begin the new round" in text_of(client, "/certificate/")
        assert client.post("/certificate/renew/").status_code == 303
        page = text_of(client, "/certificate/")
        assert "This is a new round" in page
        assert "2 of 2 lessons are still to do." in page
        assert "PDF, English" in page  # the old one counts until its end
        home = text_of(client, "/")
        assert "Lesson 1.1" in home  # the way begins again
    assert Cycle.objects.of_person(learner).get().number == 2


def test_home_in_a_short_round_leads_to_the_final(world: World, learner: Membership) -> None:
    complete_course(learner, publish_course(), at=AT)
    when = AT + 300 * DAY
    cycle = renew_course(membership=learner, at=when)
    # Made short by hand: what makes it so is tested beside the service.
    Cycle.objects.of_person(learner)._raw_delete("default")
    cycle.shortened = True
    cycle._state.adding = True
    cycle.save(force_insert=True)
    with go(when + DAY):
        home = text_of(world.client(LEARNER), "/")
        page = text_of(world.client(LEARNER), "/certificate/")
    assert "The whole course in new cases." in home
    assert "only the final" in page
    assert "lessons are still to do" not in page


# --- the public page ------------------------------------------------------------------------------


def test_strangers_read_what_the_holder_allows(paper: Certificate) -> None:
    client = Client()
    answer = client.get(f"/verify/{paper.uuid}/")
    page = html.unescape(answer.content.decode())
    assert "This certificate is valid" in page
    assert "Aisyah & Co" in page
    assert "canaryharbour house" in page
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert '<meta name="robots" content="noindex">' in page
    assert not answer.cookies


def test_strangers_read_nothing_that_the_holder_hides(
    learner: Membership, paper: Certificate
) -> None:
    hidden = reissue_certificate(
        certificate=paper,
        choices=Choices(name="Aisyah & Co"),
        reason="x",
        actor=learner,
        at=AT,
    )
    page = text_of(Client(), f"/verify/{hidden.uuid}/")
    assert "This certificate is valid" in page
    for word in ("Aisyah", "canary", learner.user.username, str(learner.id), "Module 1"):
        assert word not in page


def test_run_out_withdrawn_replaced_and_unknown(
    world: World, learner: Membership, paper: Certificate
) -> None:
    address, client = f"/verify/{paper.uuid}/", Client()
    with go(AT + 366 * DAY):
        assert "This certificate has run out" in text_of(client, address)
    other = reissue_certificate(
        certificate=paper, choices=Choices(name="B."), reason="secret", actor=learner, at=AT
    )
    page = text_of(client, address)
    assert "This certificate was replaced" in page
    assert str(other.uuid) not in page  # from the old name nobody is led to the new one
    for word in ("Aisyah", "canary", "secret"):
        assert word not in page
    same = reissue_certificate(
        certificate=other, choices=Choices(name="B."), reason="x", actor=learner, at=AT
    )
    assert f"/verify/{same.uuid}/" in text_of(client, f"/verify/{other.uuid}/")
    admin = world.harbour.administrator
    revoke_certificate(certificate=same, reason="secret", actor=admin, at=AT)
    page = text_of(client, f"/verify/{same.uuid}/")
    assert "This certificate was withdrawn" in page
    assert "secret" not in page
    for nothing in (uuid4(), "nonsense"):
        assert client.get(f"/verify/{nothing}/").status_code == 404


def test_an_erased_person_has_no_name_here(learner: Membership, paper: Certificate) -> None:
    # Exactly what the command runs before it empties SQLite's log, which no test can do.
    assert get_commands()["erase_person"] == "modules"
    load_command_class("modules", "erase_person").erase(learner.user, "")
    page = text_of(Client(), f"/verify/{paper.uuid}/")
    assert "This certificate is valid" in page
    assert "Aisyah" not in page


def test_checking_costs_few_queries(paper: Certificate, queries: Any) -> None:
    client = Client()
    with queries() as counted:
        client.get(f"/verify/{paper.uuid}/")
    assert counted == [3]  # the certificate, its name, its withdrawal


# --- administrators -------------------------------------------------------------------------------


def test_the_list_issues_to_all_and_shows_what_ends(world: World) -> None:
    people = completed_people(world, 3)
    client = world.client(ADMINISTRATOR)
    page = text_of(client, "/organisation/certificates/")
    assert "3 people have completed the course and have no certificate" in page
    fact = Certificate.objects.in_organization(world.harbour.organization)
    assert not fact.exists()
    answer = client.post("/organisation/certificates/issue/", {"who": "all"}, follow=True)
    assert "3 certificates were issued." in answer.content.decode()
    assert fact.count() == 3
    with go(AT + 300 * DAY):
        client = world.client(ADMINISTRATOR)
        assert "No certificate ends in this time." in text_of(
            client, "/organisation/certificates/?days=30"
        )
        page = text_of(client, "/organisation/certificates/?days=90")
        assert "3 certificates" in page
        assert people[1].user.shown_name in page
        assert "3 certificates" in text_of(client, "/organisation/certificates/?days=nonsense")


def test_only_the_ticked_get_one(world: World) -> None:
    completed_people(world, 3)
    client = world.client(ADMINISTRATOR)
    page = text_of(client, "/organisation/certificates/")
    boxes = re.findall(r'name="chosen" value="([0-9a-f-]+)"', page)
    assert len(boxes) == 3
    client.post("/organisation/certificates/issue/", {"who": "chosen", "chosen": boxes[:2]})
    rows = Certificate.objects.in_organization(world.harbour.organization)
    assert rows.count() == 2
    stale = client.post(
        "/organisation/certificates/issue/",
        {"who": "chosen", "chosen": [str(uuid4())]},
        follow=True,
    )
    assert "The list has changed meanwhile" in stale.content.decode()
    assert rows.count() == 2


def test_the_list_costs_the_same_queries(world: World, queries: Any) -> None:
    client = world.client(ADMINISTRATOR)
    counts = []
    for number in (2, 40):
        completed_people(world, number)
        client.post("/organisation/certificates/issue/", {"who": "all"})
        completed_people(world, number + 1)
        client.get("/organisation/certificates/")
        with queries() as counted:
            client.get("/organisation/certificates/")
        counts += counted
    assert counts[0] == counts[1] <= 10


def test_a_reason_outlives_the_holder_as_the_form_says(
    world: World, learner: Membership, paper: Certificate
) -> None:
    """The record of changes has the same words and cannot give them up; the name is gone."""
    client, said = world.client(ADMINISTRATOR), "A wrong date"
    address = f"/organisation/certificates/{paper.uuid}/"
    client.post(address + "withdraw/", {"reason": said})
    erase_somebody(membership=learner, actor=world.harbour.administrator, at=AT)
    assert Revocation.objects.of_person(learner).get().reason == said
    entries = AuditEntry.objects.in_organization(learner.organization_id)
    assert entries.get(action="certificate.revoke").reason == said
    assert not HolderName.objects.of_person(learner).exists()


def test_withdrawing_asks_for_a_reason_and_never_shows_the_name(
    world: World, learner: Membership, paper: Certificate
) -> None:
    client = world.client(ADMINISTRATOR)
    address = f"/organisation/certificates/{paper.uuid}/"
    assert "Aisyah" not in text_of(client, address)
    assert "Aisyah" not in text_of(client, "/organisation/certificates/")
    assert "also when the holder is erased; no names here" in text_of(client, address)
    assert client.post(address + "withdraw/", {}).status_code == 422
    again = {"reason": "A wrong date", "again": "yes"}
    answer = client.post(address + "withdraw/", again)
    newest = Certificate.objects.of_person(learner).with_standing().standing().get()
    assert answer.headers["Location"] == reverse("modules:one_certificate", args=[newest.uuid])
    assert newest.name == "Aisyah & Co"
    assert newest.document["public"] == paper.document["public"]
    assert "It replaces the one of" in text_of(client, answer.headers["Location"])
    client.post(f"{answer.headers['Location']}withdraw/", {"reason": "Not theirs"})
    told = text_of(world.client(LEARNER), "/certificate/")
    assert "Your certificate was withdrawn" in told
    assert "Not theirs" in told
    assert "Begin the new round" in told
    twice = client.post(f"{answer.headers['Location']}withdraw/", {"reason": "Again"})
    assert twice.status_code == 422
    entries = AuditEntry.objects.in_organization(world.harbour.organization)
    actions = entries.filter(action__startswith="certificate").order_by("sequence")
    assert list(actions.values_list("action", flat=True)) == [
        "certificate.replace",
        "certificate.revoke",
    ]
    assert not any("Aisyah" in entry.after for entry in actions)


def test_an_administrator_who_learns_has_a_page_of_their_own(world: World) -> None:
    assert world.harbour.administrator.role == Role.ADMINISTRATOR
    publish_course()
    assert "What is still missing" in text_of(world.client(ADMINISTRATOR), "/certificate/")
    assert world.client(ANONYMOUS).get("/certificate/").status_code == 302
