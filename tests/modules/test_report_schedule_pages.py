"""The pages of regular reports: who sees what, what a form refuses, and what the list costs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client, override_settings
from django.urls import reverse

from course.models import Membership
from course.roles import Role
from modules.models import ReportRecipient, ReportSchedule
from modules.outline import Outline
from modules.rhythm import LAST_DAY, Often, latest_due
from modules.services import report_schedules
from modules.services.report_sending import report_address
from tests.modules.test_report_sending import make, with_mail
from tests.personas import AT, World, make_membership, make_user

pytestmark = pytest.mark.django_db

LIST = "/reports/schedules/"
NEW = "/reports/schedules/new/"


def filled(world: World, **changes: Any) -> dict[str, Any]:
    values = {
        "name": "Numbers",
        "often": "monthly",
        "weekday": "0",
        "day": "1",
        "hour": "8",
        "people": [str(world.harbour.administrator.id)],
        "until": "",
    }
    return values | changes


def only(world: World) -> ReportSchedule:
    found: ReportSchedule = ReportSchedule.objects.in_organization(world.harbour.organization).get()
    return found


def words(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_report_carries_its_filter_into_the_schedule(world: World, small_course: Outline) -> None:
    client = world.client("administrator")
    cohort = world.harbour.first_cohort
    page = words(client, f"/reports/?cohort={cohort.id}")
    way = f"{NEW}?cohort={cohort.id}"
    assert f'href="{way}"' in page
    assert cohort.name in words(client, way)
    answer = client.post(way, filled(world))
    schedule = only(world)
    assert answer.headers["Location"] == f"{LIST}{schedule.id}/"
    assert schedule.query == f"cohort={cohort.id}"
    assert schedule.owner_id == world.harbour.administrator.id
    page = words(client, answer.headers["Location"])
    assert cohort.name in page
    assert "On day 1 of every month at 08:00" in page
    assert "Numbers" in words(client, LIST)


def test_a_day_is_not_kept(world: World, small_course: Outline) -> None:
    client = world.client("administrator")
    client.post(f"{NEW}?as_of=2026-01-31&module=m1", filled(world))
    assert only(world).query == "module=m1"


def test_somebody_elses_cohort_is_nothing(world: World, small_course: Outline) -> None:
    client = world.client("administrator")
    way = f"{NEW}?cohort={world.lighthouse.first_cohort.id}"
    assert client.get(way).status_code == 404
    assert client.post(way, filled(world)).status_code == 404


@pytest.mark.parametrize(
    ("field", "value", "complaint"),
    [
        ("people", [], "required"),
        ("often", "daily", "valid choice"),
        ("day", "29", "valid choice"),
        ("hour", "24", "valid choice"),
        ("until", "2020-01-01", "has passed"),
        ("until", "soon", "valid date"),
        ("name", "", "required"),
        ("name", "x" * 81, "at most 80"),
    ],
)
def test_what_the_form_refuses(
    world: World, small_course: Outline, field: str, value: Any, complaint: str
) -> None:
    answer = world.client("administrator").post(NEW, filled(world, **{field: value}))
    assert answer.status_code == 422
    assert complaint in answer.content.decode()
    assert not ReportSchedule.objects.in_organization(world.harbour.organization).exists()


def test_nobody_of_elsewhere_and_no_learner_can_be_ticked(
    world: World, small_course: Outline
) -> None:
    client = world.client("administrator")
    for person in (world.lighthouse.trainer, world.harbour.learner):
        answer = client.post(NEW, filled(world, people=[str(person.id)]))
        assert answer.status_code == 422
    page = words(client, NEW)
    assert str(world.harbour.trainer.id) in page
    assert str(world.harbour.learner.id) not in page
    assert world.lighthouse.canary not in page


def test_a_trainer_sees_their_own_only(world: World, small_course: Outline) -> None:
    theirs = make(world)
    client = world.client("trainer")
    assert theirs.name not in words(client, LIST)
    for tail in ("", "pause/", "stop/", "test/"):
        send = client.get if not tail else client.post
        assert send(f"{LIST}{theirs.id}/{tail}").status_code == 404
    mine = filled(world, people=[str(world.harbour.trainer.id)], name="mine")
    assert client.post(NEW, mine).status_code == 303
    assert "mine" in words(client, LIST)
    assert "mine" in words(world.client("administrator"), LIST)
    # A trainer's colleagues of other cohorts are not theirs to see.
    assert str(world.harbour.administrator.id) not in words(client, NEW)


def test_pause_go_on_and_stop(world: World, small_course: Outline) -> None:
    schedule, client = make(world), world.client("administrator")
    here = f"{LIST}{schedule.id}/"
    client.post(f"{here}pause/", {"pause": "yes"})
    assert "Paused" in words(client, here)
    assert "Paused" in words(client, LIST)
    client.post(f"{here}pause/", {"resume": "yes"})
    assert "Go on" not in words(client, here)
    client.post(f"{here}stop/")
    assert "Stopped" in words(client, LIST)
    assert "stopped for good" in words(client, here)
    answer = client.post(here, filled(world), follow=False)
    assert answer.status_code == 422


def test_the_page_says_whether_there_is_mail(world: World, small_course: Outline) -> None:
    schedule, client = make(world), world.client("administrator")
    here = f"{LIST}{schedule.id}/"
    assert "No mail server is set up here" in words(client, LIST)
    answer = client.post(f"{here}test/", follow=True)
    assert "No mail server is set up here, so nothing can be sent yet" in answer.content.decode()
    assert mail.outbox == []
    with override_settings(KENALI_MAIL=True):
        assert "No mail server" not in words(client, here)
        answer = client.post(f"{here}test/", follow=True)
    assert "Sent to your own e-mail" in answer.content.decode()
    assert [one.to for one in mail.outbox] == [[world.harbour.administrator.user.email]]


def test_the_page_says_when_one_has_no_address(world: World, small_course: Outline) -> None:
    assert "You have given no e-mail" in words(world.client("administrator"), NEW)
    with_mail(world.harbour.administrator)
    assert "You have given no e-mail" not in words(world.client("administrator"), NEW)


def test_a_report_on_a_cohort_that_is_no_longer_mine(world: World, small_course: Outline) -> None:
    client = world.client("trainer")
    cohort = world.harbour.first_cohort
    mine = filled(world, people=[str(world.harbour.trainer.id)])
    client.post(f"{NEW}?cohort={cohort.id}", mine)
    cohort.members.filter(membership_id=world.harbour.trainer.id).delete()
    page = words(client, f"{LIST}{only(world).id}/")
    assert "cannot open this report any more" in page
    assert cohort.name not in page


def test_changing_by_another_administrator_keeps_the_owner(
    world: World, small_course: Outline
) -> None:
    schedule = make(world)
    client = world.client("administrator")
    both = [str(world.harbour.administrator.id), str(world.harbour.trainer.id)]
    answer = client.post(f"{LIST}{schedule.id}/", filled(world, often="weekly", people=both))
    assert answer.status_code == 303
    schedule.refresh_from_db()
    assert (schedule.often, schedule.owner_id) == ("weekly", world.harbour.administrator.id)
    rows = ReportRecipient.objects.in_organization(schedule.organization_id)
    assert {str(one.membership_id) for one in rows} == set(both)


def test_a_trainer_who_saves_keeps_those_they_cannot_see(
    world: World, small_course: Outline
) -> None:
    """An administrator added themselves and a colleague of another cohort; another stopped it."""
    place, client = world.harbour, world.client("trainer")
    colleague, demoted, stopped = (
        make_membership(place.organization, make_user(f"t-{word}"), Role.TRAINER)
        for word in ("two", "three", "four")
    )
    client.post(NEW, filled(world, people=[str(place.trainer.id)], name="mine"))
    here = f"{LIST}{only(world).id}/"
    everybody = [place.trainer, place.administrator, colleague, demoted, stopped]
    ticked = [str(one.id) for one in everybody]
    assert world.client("administrator").post(here, filled(world, people=ticked)).status_code == 303
    Membership.objects.filter(pk=demoted.pk).update(role=Role.LEARNER.value)
    ReportRecipient.objects.of_person(stopped).update(stopped_at=AT)
    assert "2 more people get it whom you do not see here" in words(client, here)
    assert "2 more, whom you do not see here" in words(client, LIST)
    for page in (here, LIST):
        for hidden in (place.administrator, colleague, stopped):
            assert hidden.user.shown_name not in words(client, page)
    answer = client.post(here, filled(world, people=[str(place.trainer.id)], hour="9"))
    assert answer.status_code == 303
    assert {one.membership_id for one in only(world).recipients.all()} == {
        one.id for one in everybody
    }
    # Whoever sees them takes them out, and is told of nobody else.
    mine = world.client("administrator")
    assert "whom you do not see here" not in words(mine, here)
    mine.post(here, filled(world, people=[str(place.trainer.id)]))
    assert {one.membership_id for one in only(world).recipients.all()} == {
        place.trainer.id,
        demoted.id,  # opens no reports, so gets nothing, whatever stands here
        stopped.id,
    }


def test_the_most_people_are_counted_with_those_not_seen(
    world: World, small_course: Outline, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, mine = world.client("trainer"), [str(world.harbour.trainer.id)]
    client.post(NEW, filled(world, people=mine))
    here = f"{LIST}{only(world).id}/"
    both = [*mine, str(world.harbour.administrator.id)]
    world.client("administrator").post(here, filled(world, people=both))
    monkeypatch.setattr(report_schedules, "MOST_RECIPIENTS", 1)
    answer = client.post(here, filled(world, people=mine, hour="9"))
    assert answer.status_code == 422
    assert only(world).hour == 8


def test_the_form_says_what_a_message_on_the_last_day_leaves_out(
    world: World, small_course: Outline
) -> None:
    """It goes out during that day, and what is told of a day is fixed when the day is over."""
    page = words(world.client("administrator"), NEW)
    assert "The last day (the message leaves that day out)" in page
    assert "choose 1 for whole months and quarters" in page
    schedule = make(world, often=Often.MONTHLY, day=LAST_DAY)
    due = latest_due(schedule.rhythm, datetime(2027, 2, 1, tzinfo=UTC))
    assert report_address(schedule, due).endswith("?as_of=2027-01-30")
    schedule.day = 1
    due = latest_due(schedule.rhythm, datetime(2027, 2, 1, tzinfo=UTC))
    assert report_address(schedule, due).endswith("?as_of=2027-01-31")


def test_the_list_costs_the_same_whatever_the_number(
    world: World, small_course: Outline, queries: Callable[..., Any]
) -> None:
    client = world.client("administrator")
    counted = []
    for number in (1, 9):
        for _each in range(number):
            make(world, world.harbour.administrator, world.harbour.trainer)
        client.get(LIST)
        with queries() as count:
            page = words(client, LIST)
        assert page.count("Every Monday") >= number
        counted += count
    assert counted[0] == counted[1]


def test_nothing_is_written_by_looking(world: World, small_course: Outline) -> None:
    schedule, client = make(world), world.client("administrator")
    before = (schedule.changed_at, ReportSchedule.objects.filter(pk=schedule.pk).count())
    for address in (LIST, NEW, f"{LIST}{schedule.id}/"):
        words(client, address)
    schedule.refresh_from_db()
    assert before == (schedule.changed_at, 1)
    assert schedule.made_at == AT < AT + timedelta(days=1)
    assert reverse("modules:report_schedules") == LIST
