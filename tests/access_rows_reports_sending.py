"""Rows of regular reports, and of keys: no persona has one (tests/modules/test_api.py has)."""

from datetime import timedelta

from modules.models import ApiToken, ReportSchedule
from modules.rhythm import Often
from modules.scopes import Scope
from tests.access_table import Ids, Row, administrators, everybody, own_administrators, staff
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
        token = ApiToken.objects.create(
            organization=place.organization,
            name=f"{place.canary} program",
            token_hash=f"hash of {place.canary}",
            scopes=Scope.SUMMARY.value,
            made_by_id=place.administrator.id,
            made_at=AT,
            expires_at=AT + timedelta(days=300),
        )
        place.ids["token"] = token.id


def _schedule(ids: Ids) -> dict[str, object]:
    return {"schedule_id": ids["schedule"]}


def _token(ids: Ids) -> dict[str, object]:
    return {"token_id": ids["token"]}


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
    Row("modules:tokens", "GET", administrators(200)),
    Row("modules:tokens", "POST", administrators(422)),
    Row("modules:token_help", "GET", administrators(200)),
    Row("modules:token_revoke", "POST", own_administrators(303), path=_token),
    # Being signed in opens none of these.
    Row("modules:api_completions", "GET", everybody(401)),
    Row("modules:api_summary", "GET", everybody(401)),
    Row("modules:api_nothing", "GET", everybody(401), path=lambda _ids: {"rest": "v1/people"}),
    Row("modules:api_description", "GET", everybody(200)),
]
