"""The completion report in the access table: numbers, people, and questions that are kept."""

from modules.models import ReportView
from tests.access_table import Ids, Row, staff
from tests.personas import AT, OUTSIDER, TRAINER, World


def furnish(world: World) -> None:
    """A kept question of the administrator of each organisation."""
    for place in (world.harbour, world.lighthouse):
        view = ReportView.objects.create(
            organization_id=place.organization.pk,
            membership_id=place.administrator.id,
            name=f"{place.canary} question",
            query="role=trainer",
            saved_at=AT,
        )
        place.ids["report_view"] = view.id


def _view(ids: Ids) -> dict[str, object]:
    return {"view_id": ids["report_view"]}


# Whose it is decides, not the role: a trainer does not see the administrator's.
OWN = {TRAINER: 404, OUTSIDER: 404}

ROWS = [
    Row("modules:report", "GET", staff(200)),
    Row("modules:report_people", "GET", staff(200)),
    Row("modules:report_keep", "POST", staff(303), body=lambda _ids: {"name": "Mine"}),
    Row("modules:report_keep", "POST", staff(422), note="without a name"),
    Row("modules:report_view", "GET", staff(200) | OWN, path=_view),
    Row(
        "modules:report_view", "POST", staff(303) | OWN, path=_view, body=lambda _ids: {"name": "N"}
    ),
    Row("modules:report_view_remove", "POST", staff(303) | OWN, path=_view),
]
