"""Bulk data for measuring: whole people who fit into every table, only on one's own machine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Count

from course.models import Membership, Organization, User
from course.services.placing import differences
from modules.models import Completion, LessonCompletion
from modules.services import scale
from quizzes.models import Attempt, Evidence, Response, Tally

pytestmark = pytest.mark.django_db


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Two lived-through people instead of 24, so that the test takes seconds."""
    monkeypatch.setattr(scale, "ORIGINALS", 2)
    yield
    connection.check_constraints()


def seed(*words: str) -> None:
    call_command("seed_scale", *words, verbosity=0)


@pytest.mark.usefixtures("real_course", "few")
def test_everybody_has_lessons_and_two_long_attempts_with_evidence() -> None:
    seed("--learners", "9", "--organisations", "2")
    assert _people("scale-0001") == 5
    assert _people("scale-0002") == 4
    for key in ("scale-0001", "scale-0002"):
        house = Organization.objects.get(key=key)
        for person in Membership.objects.in_organization(house).filter(role="learner"):
            assert LessonCompletion.objects.of_person(person).exists()
            assert _long_attempts(person) >= 2
            assert Evidence.objects.of_person(person).exists()
        assert differences(house.pk) == []  # the history of places is told as well
    call_command("rebuild_rollups", "--check", verbosity=0)  # raises when sums and facts differ


@pytest.mark.usefixtures("real_course", "few")
def test_again_writes_nothing_and_more_goes_on_where_it_stopped() -> None:
    seed("--learners", "3")
    before = [table.objects.unscoped("test").count() for table in (Completion, Attempt, Tally)]
    seed("--learners", "3")
    again = [table.objects.unscoped("test").count() for table in (Completion, Attempt, Tally)]
    assert before == again
    seed("--learners", "5")
    assert _people("scale-0001") == 5
    assert User.objects.filter(username__startswith="scale-0001-0").count() == 5


@pytest.mark.usefixtures("real_course", "few")
def test_the_log_of_sqlite_is_looked_at_after_each_group(monkeypatch: pytest.MonkeyPatch) -> None:
    tidied: list[int] = []
    monkeypatch.setattr(scale, "IN_ONE_GO", 2)
    monkeypatch.setattr(scale, "tidy_up", lambda: tidied.append(_people("scale-0001")))
    seed("--learners", "5")
    assert tidied == [2, 4, 5]


@pytest.mark.usefixtures("real_course", "few")
def test_light_leaves_answers_out_but_for_one_of_fifty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scale, "LIGHT", 3)
    seed("--learners", "4", "--light")
    house = Organization.objects.get(key="scale-0001")
    assert Attempt.objects.in_organization(house).values("membership_id").distinct().count() == 1
    finished = LessonCompletion.objects.in_organization(house)
    assert finished.values("membership_id").distinct().count() == 4


def test_numbers_that_do_not_fit_and_a_site_that_others_reach_are_refused(settings: Any) -> None:
    with pytest.raises(CommandError, match="at least one learner"):
        seed("--learners", "1", "--organisations", "2")
    settings.KENALI_SITE_URL = "https://course.example.org"
    with pytest.raises(CommandError, match="never made on a site that others can reach"):
        seed("--learners", "1")
    assert not Organization.objects.filter(key__startswith="scale").exists()


def _people(key: str) -> int:
    house = Organization.objects.get(key=key)
    return int(Membership.objects.in_organization(house).filter(role="learner").count())


def _long_attempts(person: Membership) -> int:
    mine = Response.objects.in_organization(person.organization_id)
    rows = mine.filter(attempt__membership_id=person.id, attempt__submitted_at__isnull=False)
    counted = rows.order_by().values("attempt_id").annotate(n=Count("position", distinct=True))
    return int(counted.filter(n__gte=20).count())
