"""Asking, asking otherwise, taking back, exceptions; and the look at whom it reaches before."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from course.access import Context
from course.models import AuditEntry, CohortMember, Membership, User
from course.roles import Role
from course.services import Refused
from quizzes.asking import MOST_NAMES, preview
from quizzes.duties import duties_of, duties_of_many
from quizzes.models import Assignment, Late, Target
from quizzes.services.assigning import Ask, assign, reschedule, set_exception, withdraw
from tests.personas import AT, Place, World, make_membership, make_user, put_into
from tests.quizzes.test_duties import DAY, newcomer

pytestmark = pytest.mark.django_db
DUE = AT + 7 * DAY
QUIZ = Ask(target=Target.QUIZ, key="short", due_at=DUE)
LATER = AT + timedelta(hours=1)


@pytest.fixture
def place(world: World) -> Place:
    return world.harbour


def ask_first(place: Place, ask: Ask = QUIZ, at: Any = AT) -> Assignment:
    (row,) = assign(ask=ask, cohorts=[place.first_cohort], actor=place.trainer, at=at)
    return row


def viewer(membership: Membership) -> Context:
    return Context(
        user=membership.user,
        membership=membership,
        organization=membership.organization,
        language="en",
        at=AT,
    )


def actions(place: Place) -> list[str]:
    rows = AuditEntry.objects.in_organization(place.organization).order_by("sequence")
    return [row.action for row in rows if row.action.startswith("assignment.")]


def crowd(place: Place, number: int, start: int = 0) -> list[Membership]:
    names = range(start, start + number)
    users = User.objects.bulk_create(
        User(username=f"crowd-{n}", password="!", joined_at=AT) for n in names
    )
    people = Membership.objects.bulk_create(
        Membership(
            organization=place.organization, user=user, role=Role.LEARNER.value, joined_at=AT
        )
        for user in users
    )
    CohortMember.objects.bulk_create(
        CohortMember(
            organization=place.organization,
            cohort_id=place.first_cohort.id,
            membership_id=person.id,
            joined_at=AT,
        )
        for person in people
    )
    with connection.cursor() as cursor:
        # What this transaction adds no other process can count, so PostgreSQL would plan for the
        # handful of rows it last saw; anywhere else its own housekeeping does this in a minute.
        cursor.execute("ANALYZE")
    return list(people)


def test_it_is_asked_once_and_recorded_without_the_words(place: Place) -> None:
    ask = Ask(target=Target.QUIZ, key="short", due_at=DUE, attempts=2, message="See you Friday.")
    assert ask_first(place, ask).assigned_by_id == place.trainer.id
    again = assign(ask=ask, cohorts=[place.first_cohort], actor=place.trainer, at=LATER)
    assert again == []  # the button was pressed twice
    assert actions(place) == ["assignment.create"]
    entry = AuditEntry.objects.in_organization(place.organization).order_by("sequence").last()
    assert "See you" not in str(entry.after)
    (duty,) = duties_of(place.learner, at=AT)
    assert (duty.message, duty.attempts, duty.due_at) == ("See you Friday.", 2, DUE)


def test_who_looks_after_a_cohort_gets_no_homework_unless_by_name(place: Place) -> None:
    ask_first(place)
    assert duties_of(place.trainer, at=AT) == []
    both = duties_of_many([place.trainer, place.learner], at=AT)
    assert [len(both[one.id]) for one in (place.trainer, place.learner)] == [0, 1]
    assign(ask=QUIZ, people=[place.trainer], actor=place.administrator, at=AT)
    assert len(duties_of(place.trainer, at=AT)) == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"due_at": AT}, "due"),
        ({"opens_at": DUE}, "opens"),
        ({"attempts": 0}, "attempts"),
        ({"attempts": 21}, "attempts"),
        ({"message": "x" * 301}, "message"),
        ({"due_at": None, "late": Late.CLOSE}, "due"),
        ({"target": Target.COURSE, "key": "", "late": Late.CLOSE}, "late"),
        ({"target": Target.MODULE, "key": "m1", "attempts": 1}, "late"),
    ],
)
def test_a_rule_that_cannot_hold_is_refused(
    place: Place, changes: dict[str, Any], field: str
) -> None:
    fields: dict[str, Any] = {"target": Target.QUIZ, "key": "short", "due_at": DUE, **changes}
    with pytest.raises(Refused) as refused:
        ask_first(place, Ask(**fields))
    assert refused.value.field == field
    assert not Assignment.objects.in_organization(place.organization).exists()


def test_nobody_is_asked_across_houses(world: World) -> None:
    with pytest.raises(ValueError, match="organisations"):
        assign(
            ask=QUIZ,
            cohorts=[world.lighthouse.first_cohort],
            actor=world.harbour.administrator,
            at=AT,
        )


def test_asked_otherwise_keeps_the_past_and_the_exceptions(place: Place) -> None:
    old = ask_first(place)
    other = newcomer(place)
    set_exception(
        assignment=old, membership=place.learner, excused=True, actor=place.trainer, at=AT
    )
    set_exception(
        assignment=old, membership=other, due_at=DUE + 9 * DAY, actor=place.trainer, at=AT
    )
    change = Ask(target=Target.COURSE, due_at=DUE + 2 * DAY)  # the target is not changed by it
    new = reschedule(assignment=old, ask=change, actor=place.trainer, at=LATER)
    assert (new.replaces_id, new.target_key) == (old.id, "short")
    assert [one.due_at for one in duties_of(newcomer(place), at=AT)] == [DUE]
    assert [one.due_at for one in duties_of(newcomer(place), at=LATER)] == [DUE + 2 * DAY]
    (mine,) = duties_of(place.learner, at=LATER)
    assert (mine.assignment_id, mine.excused) == (new.id, True)
    assert duties_of(other, at=LATER)[0].due_at == DUE + 9 * DAY
    with pytest.raises(Refused):  # another tab still shows the old one
        reschedule(assignment=old, ask=change, actor=place.trainer, at=LATER)
    with pytest.raises(Refused):
        withdraw(assignment=old, actor=place.trainer, at=LATER)
    withdraw(assignment=new, actor=place.trainer, at=LATER + DAY)
    assert duties_of(place.learner, at=LATER + DAY) == []
    assert actions(place)[-2:] == ["assignment.reschedule", "assignment.withdraw"]


def test_an_exception_only_gives_more_and_only_to_whom_it_reaches(place: Place) -> None:
    row = ask_first(place, Ask(target=Target.QUIZ, key="short", due_at=DUE, attempts=2))

    def give(person: Membership = place.learner, **rule: Any) -> None:
        set_exception(assignment=row, membership=person, actor=place.trainer, at=AT, **rule)

    for person, rule in (
        (place.learner, {"due_at": DUE - DAY}),
        (place.learner, {"attempts": 1}),
        (place.stranger, {"excused": True}),
        (place.trainer, {"excused": True}),
    ):
        with pytest.raises(Refused):
            give(person, **rule)
    give(due_at=DUE + DAY, attempts=3)
    (mine,) = duties_of(place.learner, at=AT)
    assert (mine.due_at, mine.attempts) == (DUE + DAY, 3)
    assert actions(place) == ["assignment.create", "assignment.exception"]


# --- the look before ------------------------------------------------------------------------------


def test_the_look_before_names_who_gets_it_and_what_they_have(place: Place) -> None:
    shared = make_membership(place.organization, make_user("in-both", display_name="Both"))
    for cohort in (place.first_cohort, place.second_cohort):
        put_into(cohort, shared)
    put_into(
        place.first_cohort,
        make_membership(place.organization, make_user("paused"), is_active=False),
    )
    mine = ask_first(place)
    assign(ask=QUIZ, cohorts=[place.second_cohort], actor=place.administrator, at=AT)
    assign(ask=Ask(target=Target.COURSE), cohorts=[place.first_cohort], actor=place.trainer, at=AT)
    seen = preview(
        place.first_cohort,
        target=Target.QUIZ,
        key="short",
        viewer=viewer(place.trainer),
        at=AT,
    )
    assert (seen.people, list(seen.names)) == (2, ["canaryharbour learner", "Both"])
    assert [(one.row and one.row.id, one.people, one.due_at) for one in seen.overlaps] == [
        (mine.id, 2, DUE),
        (None, 1, DUE),  # of a cohort the trainer is not in: that it overlaps, not whose it is
    ]
    everything = preview(
        place.first_cohort,
        target=Target.QUIZ,
        key="short",
        viewer=viewer(place.administrator),
        at=AT,
    )
    assert all(one.row for one in everything.overlaps)
    for person, expected in ((place.learner, 1), (place.trainer, 0), (shared, 2)):
        got = preview(
            person, target=Target.QUIZ, key="short", viewer=viewer(place.administrator), at=AT
        )
        assert (got.people, len(got.overlaps)) == (1, expected)


def queries(work: Any) -> int:
    with CaptureQueriesContext(connection) as captured:
        work()
    return len(captured)


def test_asking_a_cohort_costs_the_same_for_three_and_for_five_thousand(place: Place) -> None:
    def look() -> Any:
        return preview(
            place.first_cohort,
            target=Target.QUIZ,
            key="short",
            viewer=viewer(place.trainer),
            at=AT,
        )

    def work(key: str) -> tuple[int, int]:
        ask = Ask(target=Target.QUIZ, key=key, due_at=DUE)
        return queries(lambda: ask_first(place, ask)), queries(look)

    crowd(place, MOST_NAMES)
    ask_first(place)
    few = work("one")
    people = crowd(place, 5000, start=MOST_NAMES)
    assert work("two") == few
    seen = look()
    assert (seen.people, len(seen.names), seen.unnamed) == (5101, MOST_NAMES, 5001)
    assert seen.overlaps[0].people == 5101
    counted = queries(lambda: duties_of_many(people, at=AT))
    assert counted == 4
    assert {len(one) for one in duties_of_many(people, at=AT).values()} == {3}
