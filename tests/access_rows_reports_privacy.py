"""The rows of the access table about own data, erasing, what is kept, and the record as a file."""

from tests.access_table import Ids, Row, administrators, everybody, members, own_administrators
from tests.personas import ADMINISTRATOR


def _person(ids: Ids) -> dict[str, object]:
    return {"person_id": ids["person"]}


ROWS = [
    Row("modules:my_data", "GET", members(200)),
    # The session of the test proved nothing: the passphrase is asked for first.
    Row("modules:my_data_file", "POST", members(403)),
    Row("modules:my_data_delete", "POST", members(422), note="without the name"),
    Row("modules:erase", "GET", own_administrators(200), path=_person),
    Row("modules:erase", "POST", own_administrators(422), path=_person, note="without a reason"),
    Row(
        "modules:erase",
        "POST",
        own_administrators(403),
        path=_person,
        body=lambda _ids: {"reason": "asked for it"},
        note="without a fresh proof",
        proof=(ADMINISTRATOR,),
    ),
    Row("modules:record_file", "POST", administrators(403), path=lambda _ids: {"kind": "csv"}),
    Row(
        "modules:record_file",
        "POST",
        administrators(404),
        path=lambda _ids: {"kind": "exe"},
        note="no kind of file",
    ),
    Row("modules:kept", "GET", everybody(200)),
]
