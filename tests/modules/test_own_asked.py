"""What was asked of somebody with their cohort is theirs, for the days it reached them."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from course.models import Cohort, Membership
from course.roles import Role
from course.services.members import add_to_cohort, change_role, create_cohort, remove_from_cohort
from modules.reports.own.packing import pack
from modules.reports.own.reading import tables_of
from quizzes.models import Assignment, Target
from quizzes.services.assigning import Ask, assign, withdraw
from tests.personas import AT, World

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
Queries = Callable[[], AbstractContextManager[list[int]]]


def ask(world: World, cohort: Cohort, word: str, *, at: datetime) -> Assignment:
    """One thing asked of a cohort, with words by which it is found again."""
    (row,) = assign(
        ask=Ask(target=Target.COURSE, message=word),
        cohorts=[cohort],
        actor=world.harbour.trainer,
        at=at,
    )
    return row


def asked_of(person: Membership) -> list[dict[str, Any]]:
    """What the file says was asked of somebody with their cohorts."""
    person = Membership.objects.in_organization(person.organization_id).get(id=person.id)
    found = {name: rows for name, _title, rows in tables_of(person)}
    return found.get("assignment_with_cohort", [])


def words_of(person: Membership) -> set[str]:
    return {row["message"] for row in asked_of(person)}


def test_it_is_there_for_the_days_in_the_cohort(world: World) -> None:
    """Before, during, after, and the two instants at the edges."""
    place = world.harbour
    person, actor = place.learner, place.administrator
    cohort = create_cohort(name="canaryharbour third", actor=actor, at=AT)
    over = ask(world, cohort, "over before", at=AT)
    withdraw(assignment=over, actor=actor, at=AT + 2 * DAY)
    edge = ask(world, cohort, "ended as I came", at=AT)
    standing = ask(world, cohort, "stood when I came", at=AT)
    add_to_cohort(cohort=cohort, membership=person, actor=actor, at=AT + 3 * DAY)
    withdraw(assignment=edge, actor=actor, at=AT + 3 * DAY)
    came = ask(world, cohort, "came while there", at=AT + 4 * DAY)
    withdraw(assignment=came, actor=actor, at=AT + 5 * DAY)
    remove_from_cohort(cohort=cohort, membership=person, actor=actor, at=AT + 6 * DAY)
    ask(world, cohort, "came as I left", at=AT + 6 * DAY)
    ask(world, cohort, "came later", at=AT + 7 * DAY)
    withdraw(assignment=standing, actor=actor, at=AT + 8 * DAY)
    rows = {row["message"]: row for row in asked_of(person)}
    assert rows.keys() == {"stood when I came", "came while there"}
    first, second = rows["stood when I came"], rows["came while there"]
    reach = ("reached_me_from", "reached_me_until", "withdrawn_at")
    assert [first[one] for one in reach] == [AT + 3 * DAY, AT + 6 * DAY, None]
    assert [second[one] for one in reach] == [AT + 4 * DAY, AT + 5 * DAY, AT + 5 * DAY]
    assert first["cohort"] == "canaryharbour third"
    assert first["assigned_by_id"] == "somebody else"
    assert words_of(place.stranger) == set()


def test_back_again_and_still_there(world: World) -> None:
    place = world.harbour
    person, actor = place.learner, place.administrator
    remove_from_cohort(cohort=place.first_cohort, membership=person, actor=actor, at=AT + DAY)
    ask(world, place.first_cohort, "meanwhile", at=AT + 2 * DAY)
    add_to_cohort(cohort=place.first_cohort, membership=person, actor=actor, at=AT + 3 * DAY)
    (row,) = asked_of(person)
    assert (row["reached_me_from"], row["reached_me_until"]) == (AT + 3 * DAY, None)


def test_only_learners_are_asked_with_a_cohort(world: World) -> None:
    """Who looks after a cohort gets no homework from it; who was a learner then did."""
    place = world.harbour
    ask(world, place.first_cohort, "homework", at=AT + DAY)
    assert words_of(place.learner) == {"homework"}
    assert words_of(place.trainer) == set()
    change_role(
        membership=place.learner,
        role=Role.TRAINER,
        actor=place.administrator,
        reason="",
        at=AT + 2 * DAY,
    )
    ask(world, place.first_cohort, "homework for the others", at=AT + 3 * DAY)
    (row,) = asked_of(place.learner)
    assert (row["message"], row["reached_me_until"]) == ("homework", AT + 2 * DAY)


def test_the_file_says_nothing_of_others(world: World) -> None:
    place = world.harbour
    ask(world, place.first_cohort, "for my cohort", at=AT + DAY)
    ask(world, place.second_cohort, "for another cohort", at=AT + DAY)
    person = Membership.objects.of_user(place.learner.user).get()
    with pack(person.user, at=timezone.now()) as spool, zipfile.ZipFile(spool) as archive:
        text = b"\n".join(archive.read(name) for name in archive.namelist()).decode()
        assert "harbour/assignment_with_cohort.csv" in archive.namelist()
    assert "for my cohort" in text
    assert "for another cohort" not in text
    for other in (place.trainer, place.administrator, place.stranger):
        assert str(other.id) not in text
        assert other.user.username not in text


def test_it_costs_the_same_for_many(world: World, queries: Queries) -> None:
    place, costs = world.harbour, []
    for number in (1, 20):
        for one in range(number):
            ask(world, place.first_cohort, f"thing {number} {one}", at=AT + DAY)
        with queries() as counted:
            assert len(asked_of(place.learner)) >= number
        costs += counted
    assert costs[0] == costs[1]
