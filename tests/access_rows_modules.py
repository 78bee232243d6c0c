"""The top floor's rows of the access table. Lessons are the same for every organisation."""

from modules.models import Notice, NoticeKind
from tests.access_table import Ids, Row, everybody, members, staff
from tests.modules.making import publish_made_up
from tests.personas import AT, LEARNER, World


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
    Row("modules:style", "GET", staff(200)),
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
