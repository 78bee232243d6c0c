"""The sums of closed days equal the facts, and the checker finds what was spoilt."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from course.models import Organization
from modules.models import DayCount
from modules.outline import Outline
from modules.reports.asking import Question, instant
from modules.reports.completion import read_summary
from modules.reports.days import check_days, last_closed, read_everywhere, roll_up, wanted_days
from modules.reports.population import Staff
from tests.modules.finishing import publish_course
from tests.modules.keeping import complete
from tests.modules.living import Life
from tests.personas import AT, World, make_membership, make_user

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def lived(world: World) -> tuple[Outline, Life]:
    """Harbour has a past of thirty things that happened; lighthouse has none."""
    outline, quiz, _final = publish_course()
    life = Life(7, world.harbour, outline, quiz, AT)
    for _ in range(30):
        life.live()
    return outline, life


def written(outline: Outline, life: Life) -> list[tuple[str, int]]:
    return list(roll_up(outline, at=life.at))


def test_a_lived_year_is_rolled_up_and_every_sum_is_found_again_in_the_facts(
    lived: tuple[Outline, Life],
) -> None:
    outline, life = lived
    assert dict(written(outline, life))["harbour"] > 3  # month ends, and yesterday
    rows = DayCount.objects.in_organization(life.organization)
    assert len({row.completed for row in rows}) > 1  # something happened
    for row in rows:
        question = Question(as_of=row.day, module=row.module)
        at = instant(question, life.at)
        found = read_summary(outline, Staff(life.organization), question, at)
        assert (row.population, row.completed + row.expiring, row.overdue) == (
            found.population,
            found.completed,
            found.overdue,
        )
    looked, differences = check_days(outline, points=10_000, at=life.at)
    assert looked == DayCount.objects.unscoped("test").count()
    assert differences == []


def test_what_happens_later_changes_no_closed_day(lived: tuple[Outline, Life]) -> None:
    outline, life = lived
    written(outline, life)
    for _ in range(15):
        life.live()
    assert check_days(outline, points=10_000, at=life.at)[1] == []
    assert dict(written(outline, life))["harbour"] >= 1  # only the days since


def test_a_second_run_writes_nothing(lived: tuple[Outline, Life]) -> None:
    outline, life = lived
    written(outline, life)
    assert written(outline, life) == []


@pytest.mark.parametrize("spoilt", ["sum", "fact", "place", "gone"])
def test_planted_faults_are_found(lived: tuple[Outline, Life], spoilt: str) -> None:
    outline, life = lived
    make_membership(
        Organization.objects.get(pk=life.organization), make_user("one-more")
    )  # so that there is a learner whatever the year was like
    life.at += DAY
    written(outline, life)
    house = life.organization
    house = house.hex if connection.vendor == "sqlite" else house
    statement = {
        "sum": "UPDATE modules_daycount SET population = population + 1, started = started + 1 "
        "WHERE organization_id = %s",
        "fact": "DELETE FROM modules_lessonplace WHERE organization_id = %s",
        "place": "UPDATE course_placement SET is_active = NOT is_active WHERE organization_id = %s",
        "gone": "DELETE FROM modules_daycount WHERE organization_id = %s AND module = '' AND "
        "day = (SELECT MAX(day) FROM modules_daycount)",
    }[spoilt]
    with connection.cursor() as cursor:
        cursor.execute(statement, [house])
        assert cursor.rowcount > 0
    # Every sum of harbour is wrong then, so that some points are enough, as at night; but not every
    # day knows a lesson that was begun.
    points = 10_000 if spoilt == "fact" else 40
    looked, differences = check_days(outline, points=points, at=life.at)
    assert looked > 0
    assert {one.organization for one in differences} == {"harbour"}
    assert any(one.kept != one.counted or not one.kept for one in differences)
    if spoilt == "gone":  # the command asks the same checker, which needs no fact for this one
        with pytest.raises(CommandError, match="differences"):
            call_command("roll_up", "--check", "--points", "1", stderr=_Nowhere())


def test_days_are_the_end_of_months_and_yesterday_since_the_organisation_exists(
    world: World,
) -> None:
    house = world.harbour.organization
    house.created_at = AT - 70 * DAY  # AT is 24 November 2026
    days = wanted_days(house, AT)
    assert [str(day) for day in days] == ["2026-09-30", "2026-10-31", "2026-11-23"]
    house.created_at = AT
    assert wanted_days(house, AT) == []
    house.created_at = AT - 4000 * DAY
    assert len(wanted_days(house, AT)) == 25
    assert str(last_closed(AT)) == "2026-11-23"


@pytest.mark.parametrize(
    ("now", "newest"),
    [
        ("2026-11-24T16:00:05+00:00", "2026-11-23"),  # five seconds after midnight of the 24th
        ("2026-11-24T16:59:59+00:00", "2026-11-23"),
        ("2026-11-24T17:00:00+00:00", "2026-11-24"),
    ],
)
def test_a_day_is_closed_an_hour_after_its_end(now: str, newest: str) -> None:
    assert str(last_closed(datetime.fromisoformat(now))) == newest


def test_what_is_stored_a_moment_after_midnight_is_in_the_sums_of_its_day(world: World) -> None:
    outline, _quiz, _final = publish_course()
    house, midnight = world.harbour.organization, AT.replace(hour=16)
    question, day = Question(as_of=AT.date()), AT.date()
    list(roll_up(outline, at=midnight + timedelta(seconds=5)))
    assert not DayCount.objects.in_organization(house).filter(day=day).exists()
    complete(world.harbour.learner, at=midnight - timedelta(seconds=1))  # begun before, stored now
    after = midnight + timedelta(hours=1)
    list(roll_up(outline, at=after))
    row = DayCount.objects.in_organization(house).get(day=day, module="")
    found = read_summary(outline, Staff(house.pk), question, instant(question, after))
    assert row.completed + row.expiring == found.completed == 1
    assert check_days(outline, points=10_000, at=after)[1] == []


def test_the_sums_of_all_organisations(lived: tuple[Outline, Life], world: World) -> None:
    outline, life = lived
    assert read_everywhere() is None
    with pytest.raises(CommandError, match="No day is kept yet"):
        call_command("roll_up", "--show")
    written(outline, life)
    found = read_everywhere()
    assert found is not None
    assert found.organizations == 2
    question = Question(as_of=last_closed(life.at))
    both = [
        read_summary(outline, Staff(place.organization.pk), question, instant(question, life.at))
        for place in (world.harbour, world.lighthouse)
    ]
    assert found.population == sum(one.population for one in both)
    assert found.completed == sum(one.completed for one in both)
    assert found.overdue == sum(one.overdue for one in both)
    call_command("roll_up", "--show", stdout=_Nowhere())


def test_the_look_at_all_takes_one_statement_more_or_fewer_organisations(
    lived: tuple[Outline, Life], django_assert_num_queries: Any
) -> None:
    outline, life = lived
    written(outline, life)
    with django_assert_num_queries(2):
        read_everywhere()
    for number in range(5):
        Organization.objects.create(key=f"more-{number}", name=f"More {number}", created_at=AT)
    written(outline, life)
    with django_assert_num_queries(2):
        found = read_everywhere()
    assert found is not None
    assert found.organizations == 7


def test_sums_that_do_not_add_up_are_refused_by_the_database(world: World) -> None:
    numbers = {"not_started": 1, "started": 0, "completed": 0, "expiring": 0, "expired": 0}
    with pytest.raises(IntegrityError), transaction.atomic():
        DayCount.objects.create(
            organization=world.harbour.organization,
            day=AT.date(),
            population=2,
            overdue=0,
            **numbers,
        )


class _Nowhere:
    """A place to write to."""

    def write(self, *_: Any) -> None:
        """Forget it."""

    def flush(self) -> None:
        """Nothing to do."""
