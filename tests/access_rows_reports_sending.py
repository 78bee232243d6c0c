"""Rows of regular reports."""

from modules.models import ReportSchedule
from modules.rhythm import Often
from tests.access_table import Ids, Row, everybody, own_administrators, staff
from tests.personas import AT, World


def furnish(world: World) -> None:
    """A regular report of the administrator in both organisations."""
    for place in (world.harbour, world.lighthouse):
        schedule = ReportSchedule.objects.create(
            organization=place.organization,
            owner_id=place.administrator.id,
            name=f"{place.canary} regularly",
            often=Often.MONTHLY.value,
            made_at=AT,
            changed_at=AT,
        )
        place.ids["schedule"] = schedule.id


def _schedule(ids: Ids) -> dict[str, object]:
    return {"schedule_id": ids["schedule"]}


def owner(status: int) -> dict[str, int | str]:
    """A page on the administrator's own: a trainer may open reports, but not this one."""
    return own_administrators(status) | {"trainer": 404}


ROWS = [
    Row("modules:report_schedules", "GET", staff(200)),
    Row("modules:report_schedule_new", "GET", staff(200)),
    Row("modules:report_schedule_new", "POST", staff(422)),
    Row("modules:report_schedule", "GET", owner(200), path=_schedule),
    Row("modules:report_schedule", "POST", owner(422), path=_schedule),
    Row("modules:report_schedule_pause", "POST", owner(303), path=_schedule),
    Row("modules:report_schedule_stop", "POST", owner(303), path=_schedule),
    Row("modules:report_schedule_test", "POST", owner(303), path=_schedule),
    # The right address is signed for one person and one report.
    Row("modules:report_stop", "GET", everybody(404), path=lambda _ids: {"token": "x"}),
    Row("modules:report_stop", "POST", everybody(404), path=lambda _ids: {"token": "x"}),
]
