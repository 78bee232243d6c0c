"""The rows of the pages about offices."""

from tests.access_table import Ids, Row, administrators, own_administrators
from tests.personas import OUTSIDER, World, office_of


def furnish(world: World) -> None:
    """An office in each organisation, and one below it."""
    for place in (world.harbour, world.lighthouse):
        office = office_of(place, "office")
        place.ids["office"] = office.id
        place.ids["part"] = office_of(place, "part", parent=office).id


def _office(ids: Ids) -> dict[str, object]:
    return {"office_id": ids["office"]}


def _person(ids: Ids) -> dict[str, object]:
    return {"person_id": ids["person"]}


ROWS = [
    Row("course:offices", "GET", administrators(200)),
    Row("course:offices", "POST", administrators(303), body=lambda _ids: {"name": "Fresh"}),
    Row(
        "course:offices",
        "POST",
        administrators(303) | {OUTSIDER: 422},
        body=lambda ids: {"name": "Fresh", "parent": ids["office"]},
        note="office of harbour in the body",
    ),
    Row("course:office", "GET", own_administrators(200), path=_office),
    Row(
        "course:office_name",
        "POST",
        own_administrators(303),
        path=_office,
        body=lambda _ids: {"name": "Other"},
    ),
    Row("course:office_name", "POST", own_administrators(422), path=_office, note="empty"),
    Row("course:office_move", "POST", own_administrators(303), path=_office),
    Row(
        "course:office_move",
        "POST",
        own_administrators(422),
        path=_office,
        body=lambda ids: {"parent": ids["part"]},
        note="below itself",
    ),
    Row(
        "course:office_open",
        "POST",
        own_administrators(303),
        path=_office,
        body=lambda _ids: {"active": "no"},
    ),
    Row("course:person_team", "GET", own_administrators(200), path=_person),
    Row("course:person_team", "POST", own_administrators(404), path=_person, note="no step"),
    Row(
        "course:person_team",
        "POST",
        own_administrators(303),
        path=_person,
        body=lambda ids: {"do": "add", "cohort": ids["second_cohort"]},
    ),
    Row(
        "course:several",
        "POST",
        administrators(303) | {OUTSIDER: 404},
        body=lambda ids: {"do": "office", "person": ids["person"], "office": ids["office"]},
        note="office and person of harbour in the body",
    ),
]
