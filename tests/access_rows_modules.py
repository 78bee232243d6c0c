"""The top floor's rows of the access table. Lessons are the same for every organisation."""

from datetime import timedelta

from modules.models import Notice, NoticeKind
from quizzes.models import Assignment, Target
from quizzes.services.assigning import Ask, assign
from tests.access_table import Ids, Row, everybody, members, staff
from tests.modules.making import publish_made_up
from tests.personas import AT, LEARNER, OUTSIDER, Place, World


def furnish(world: World) -> None:
    """A published course, so that the addresses below have something behind them."""
    publish_made_up()
    for place in (world.harbour, world.lighthouse):
        notice = Notice.objects.create(
            organization=place.organization,
            membership_id=place.learner.id,
            kind=NoticeKind.REFRESHER.value,
            dedupe="made up",
            made_at=AT,
        )
        place.ids["notice"] = notice.id
        place.ids["assignment"] = _assignment_of(place).id


def _assignment_of(place: Place) -> Assignment:
    ask = Ask(target=Target.MODULE, key="m1", due_at=AT + timedelta(days=9000))
    rows = assign(ask=ask, cohorts=[place.first_cohort], actor=place.trainer, at=AT)
    return rows[0]


def _cohort(ids: Ids) -> dict[str, object]:
    return {"cohort_id": ids["cohort"]}


def _person(ids: Ids) -> dict[str, object]:
    return {"person_id": ids["person"]}


def _assignment(ids: Ids) -> dict[str, object]:
    return {"assignment_id": ids["assignment"]}


def own_staff(status: int) -> dict[str, int | str]:
    """A page on something of a cohort: the outsider is staff, but of another organisation."""
    return staff(status) | {OUTSIDER: 404}


def _rule(_ids: Ids) -> dict[str, object]:
    return {"due": "2059-01-01"}


def _module(_ids: Ids) -> dict[str, object]:
    return {"module_key": "m1"}


def _lesson(_ids: Ids) -> dict[str, object]:
    return {"module_key": "m1", "lesson_key": "l1"}


def _step(_ids: Ids) -> dict[str, object]:
    return {**_lesson(_ids), "number": 1}


ROWS = [
    Row("modules:home", "GET", everybody(200)),
    Row("modules:module", "GET", members(200), path=_module),
    Row("modules:lesson", "GET", members(302), path=_lesson),
    Row("modules:step", "GET", members(200), path=_step),
    Row("modules:step", "POST", members(303), path=_step),
    # Nobody has finished the lesson, so its last page leads back to it.
    Row("modules:done", "GET", members(302), path=_lesson),
    # The lesson for visitors is a real one, which the small course of the tests does not have.
    Row("modules:taste", "GET", everybody(404), path=lambda _ids: {"number": 1}),
    Row("modules:handout", "GET", members(200), path=_lesson),
    Row("modules:reference", "GET", members(200)),
    Row("modules:shelf", "GET", members(200), path=lambda _ids: {"kind": "signs"}),
    Row("modules:progress", "GET", staff(200)),
    # Nobody reports to anybody here; tests/modules/test_team.py has managers.
    Row("modules:team", "GET", members(403)),
    Row("modules:calendar", "GET", members(200)),
    Row("modules:calendar", "POST", members(200)),
    Row("modules:calendar", "POST", members(303), body=lambda _ids: {"wants": "stop"}, note="stop"),
    # The right code opens it for everybody (tests/modules/test_calendar.py).
    Row("modules:feed", "GET", everybody(404), path=lambda _ids: {"code": "x"}),
    Row("modules:assign_cohort", "GET", own_staff(200), path=_cohort),
    Row(
        "modules:assign_cohort",
        "POST",
        own_staff(303),
        path=_cohort,
        body=lambda _ids: {"what": "module:m1", "late": "accept", "wants": "confirm"},
    ),
    Row("modules:assign_person", "GET", own_staff(200), path=_person),
    Row("modules:assign_person", "POST", own_staff(422), path=_person),
    Row("modules:assignments", "GET", own_staff(200), path=_cohort),
    Row("modules:person_assignments", "GET", own_staff(200), path=_person),
    Row("modules:assignment", "GET", own_staff(200), path=_assignment),
    Row("modules:assignment", "POST", own_staff(303), path=_assignment, body=_rule),
    Row("modules:assignment_withdraw", "POST", own_staff(303), path=_assignment),
    Row(
        "modules:assignment_exception",
        "GET",
        own_staff(200),
        path=lambda ids: {**_assignment(ids), **_person(ids)},
    ),
    Row(
        "modules:assignment_exception",
        "POST",
        own_staff(303),
        path=lambda ids: {**_assignment(ids), **_person(ids)},
        body=_rule,
    ),
    Row("modules:style", "GET", staff(200)),
    Row("modules:refresh", "GET", members(200)),
    # The small bank of the tests has nothing that comes back, so both lead to the page again.
    Row("modules:refresh_start", "POST", members(303)),
    Row("modules:check_up_start", "POST", members(303)),
    Row("modules:stayed", "GET", members(200)),
    Row(
        "modules:later",
        "GET",
        staff(200) | {OUTSIDER: 404},
        path=lambda ids: {"cohort_id": ids["cohort"]},
    ),
    Row(
        "modules:gain",
        "GET",
        staff(200) | {OUTSIDER: 404},
        path=lambda ids: {"cohort_id": ids["cohort"]},
    ),
    Row("modules:reminders", "GET", members(200)),
    Row("modules:reminders", "POST", members(422)),
    Row(
        "modules:notice_seen",
        "POST",
        members(404) | {LEARNER: 303},
        path=lambda ids: {"notice_id": ids["notice"]},
    ),
    # The right address is signed for one person and stops their mails only.
    Row("modules:stop", "GET", everybody(404), path=lambda _ids: {"token": "x"}),
    Row("modules:stop", "POST", everybody(404), path=lambda _ids: {"token": "x"}),
]
