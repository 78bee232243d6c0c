"""Renewals: who is listed, who is reminded, whose next round begins, and what stays as it was."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from course.access import Context
from course.models import AuditEntry, Membership
from course.services.several import set_office
from modules.certificates import Choices, add_months
from modules.models import Cycle, Notice
from modules.outline import Outline
from modules.reports.renewals import Group, counted, read_endings
from modules.services.certifying import issue_certificate, revoke_certificate
from modules.services.noticing import Wishes, save_wishes
from modules.services.planning import plan_notices
from modules.services.renewals import Due, open_rounds, remind_people
from modules.services.renewing import renew_course
from tests.modules.keeping import complete
from tests.modules.test_certificates import assert_all_kept, everything_of
from tests.personas import World, make_membership, make_user, office_of

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
NOW = timezone.now()
ADDRESS = "modules:report_renewals"
CHOICES = Choices(name="", language="en")


def ends_in(days: int):
    """When somebody completed the course whose end is so many days away."""
    return add_months(NOW + days * DAY, -settings.KENALI_CERTIFICATE_MONTHS)


def viewer_of(world: World) -> Context:
    admin = world.harbour.administrator
    return Context(
        user=admin.user,
        membership=admin,
        organization=admin.organization,
        language="en",
        at=NOW,
    )


def newcomer(world: World, name: str, days: int) -> Membership:
    person = make_membership(world.harbour.organization, make_user(name))
    complete(person, at=ends_in(days))
    return person


@pytest.fixture
def people(world: World, small_course: Outline) -> dict[str, Membership]:
    """One in each group, one who has time, one of the other house."""
    complete(world.lighthouse.learner, at=ends_in(10))
    far = {"over": -5, "30": 20, "60": 45, "90": 80, "later": 200}
    return {name: newcomer(world, f"ends-{name}", days) for name, days in far.items()}


def listed(world: World, outline: Outline) -> dict[object, Group]:
    found = read_endings(outline, viewer_of(world), NOW)
    return {one.person: one.group(NOW) for one in found}


def test_everybody_is_in_one_group_and_who_has_time_in_none(
    world: World, small_course: Outline, people: dict[str, Membership]
) -> None:
    expected = {people[name].id: Group(name) for name in ("over", "30", "60", "90")}
    assert listed(world, small_course) == expected
    numbers = counted(read_endings(small_course, viewer_of(world), NOW), NOW)
    assert list(numbers.values()) == [1, 1, 1, 1]


def test_paused_people_are_not_listed_and_a_renewed_one_is_gone(
    world: World, small_course: Outline, people: dict[str, Membership]
) -> None:
    Membership.objects.filter(pk=people["30"].pk).update(is_active=False)
    renew_course(membership=people["60"], at=NOW - DAY)
    begun = {one.person: one.has_begun for one in read_endings(small_course, viewer_of(world), NOW)}
    assert begun == {people["over"].id: False, people["60"].id: True, people["90"].id: False}
    complete(people["60"], at=NOW, cycle=2)
    assert people["60"].id not in listed(world, small_course)


def test_a_withdrawn_certificate_ends_on_that_day(
    world: World, small_course: Outline, people: dict[str, Membership]
) -> None:
    person = people["later"]
    paper = issue_certificate(membership=person, choices=CHOICES, at=NOW - 2 * DAY)
    assert person.id not in listed(world, small_course)
    revoke_certificate(
        certificate=paper, reason="A mistake", actor=world.harbour.administrator, at=NOW - DAY
    )
    assert listed(world, small_course)[person.id] == Group.OVER


def due_of(world: World, outline: Outline) -> list[Due]:
    people = {one.id: one for one in Membership.objects.in_organization(world.harbour.organization)}
    return [
        Due(person=people[one.person], ends_at=one.ends_at, has_begun=one.has_begun)
        for one in read_endings(outline, viewer_of(world), NOW)
    ]


def test_a_reminder_is_made_once_and_the_nightly_run_lets_it_be(
    world: World, small_course: Outline, people: dict[str, Membership]
) -> None:
    actor = world.harbour.administrator
    renew_course(membership=people["90"], at=NOW)
    save_wishes(membership=people["60"], wishes=Wishes(paused_until=(NOW + 9 * DAY).date()), at=NOW)
    done = remind_people(due=due_of(world, small_course), actor=actor, at=NOW)
    assert {one.id for one in done.told} == {people["over"].id, people["30"].id}
    assert [one.id for one in done.begun] == [people["90"].id]
    assert [one.id for one in done.resting] == [people["60"].id]
    for later in (NOW, NOW + DAY):
        again = remind_people(due=due_of(world, small_course), actor=actor, at=later)
        assert again.told == []
        assert {one.id for one in again.told_before} == {people["over"].id, people["30"].id}
    plan_notices(at=NOW + DAY)
    assert Notice.objects.of_person(people["over"]).get().closed_at is None
    assert not Notice.objects.of_person(people["later"]).exists()
    soon = NOW + 15 * DAY
    assert remind_people(due=due_of(world, small_course), actor=actor, at=soon).told != []
    entry = AuditEntry.objects.in_organization(actor.organization_id).filter(
        action="renewal.remind"
    )
    assert entry.count() == 2
    assert "ends-30" not in entry.first().after  # ids, no names


def test_the_reminder_is_on_the_first_page_and_goes_when_the_round_begins(
    world: World, small_course: Outline, people: dict[str, Membership]
) -> None:
    actor, person = world.harbour.administrator, people["30"]
    remind_people(due=due_of(world, small_course), actor=actor, at=NOW)
    client = Client()
    client.force_login(person.user)
    words = "A new round is open for you."
    assert words in client.get(reverse("modules:home")).content.decode()
    open_rounds(people=[person], actor=actor, at=NOW)
    renew_course(membership=people["60"], at=NOW)  # by themselves
    assert not Notice.objects.of_person(people["60"]).open()
    assert words not in client.get(reverse("modules:home")).content.decode()


def test_rounds_are_begun_or_refused_and_nothing_before_is_touched(
    world: World, small_course: Outline, people: dict[str, Membership]
) -> None:
    actor, nobody = world.harbour.administrator, world.harbour.learner
    issue_certificate(membership=people["30"], choices=CHOICES, at=ends_in(20) + DAY)
    before = {name: everything_of(one) for name, one in people.items()}
    chosen = [people["over"], people["30"], people["later"], nobody]
    done = open_rounds(people=chosen, actor=actor, at=NOW)
    assert {one.id for one in done.begun} == {people["over"].id, people["30"].id}
    ((reason, left),) = done.refused.items()
    assert "90 days" in reason
    assert {one.id for one in left} == {people["later"].id, nobody.id}
    for name, snapshot in before.items():
        assert_all_kept(snapshot, people[name])
    numbers = {name: Cycle.objects.of_person(one).count() for name, one in people.items()}
    assert numbers == {"over": 1, "30": 1, "60": 0, "90": 0, "later": 0}
    again = open_rounds(people=[people["30"]], actor=actor, at=NOW + DAY)  # a second click
    assert [one.id for one in again.begun] == [people["30"].id]
    assert Cycle.objects.of_person(people["30"]).count() == 1


# --- the page -----------------------------------------------------------------------------------


def test_the_page_reminds_and_begins_rounds_in_a_click_each(
    world: World, small_course: Outline, people: dict[str, Membership]
) -> None:
    office = office_of(world.harbour, "office")
    set_office(
        people=[people["30"]], office=office, actor=world.harbour.administrator, at=timezone.now()
    )
    client = world.client("administrator")
    assert reverse(ADDRESS) in client.get(reverse("modules:report")).content.decode()
    page = client.get(reverse(ADDRESS)).content.decode()  # the nearest group with somebody
    assert "ends-30" in page
    assert office.name in page
    assert "ends-60" not in page
    assert "canarylighthouse" not in page
    ids = [str(people[name].id) for name in ("30", "later")]
    sent = client.post(reverse(ADDRESS), {"do": "remind", "person": ids}, follow=True)
    text = sent.content.decode()
    assert "1 person was reminded." in text
    assert "Nothing of them ends soon: ends-later" in text
    text = client.post(
        reverse(ADDRESS), {"do": "open", "person": ids, "within": "30"}, follow=True
    ).content.decode()
    assert "The next round of 1 person is open." in text
    assert "90 days before your certificate runs out. ends-later" in text
    assert "Has begun" in text
    assert client.post(reverse(ADDRESS), {"do": "open"}).status_code == 303


def test_the_page_asks_as_often_for_many_as_for_few(
    world: World,
    small_course: Outline,
    people: dict[str, Membership],
    queries: Callable[[], AbstractContextManager[list[int]]],
) -> None:
    client = world.client("administrator")

    def asked() -> int:
        with queries() as number:
            assert client.get(reverse(ADDRESS)).status_code == 200
        return number[0]

    asked()
    few = asked()
    for index in range(12):
        person = newcomer(world, f"more-{index}", 10 + index)
        issue_certificate(membership=person, choices=CHOICES, at=NOW - DAY)
    assert asked() == few
