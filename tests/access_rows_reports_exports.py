"""Files of the report: administrators only, and not on the strength of an old session.

The personas are signed in without having shown a secret, so whoever may take a file is asked for
the passphrase first (403 with a form). What follows is in tests/modules/test_export_door.py.
"""

from tests.access_table import Ids, Row, administrators


def _people(_ids: Ids) -> dict[str, object]:
    return {"table_key": "people", "kind": "csv"}


def _groups(_ids: Ids) -> dict[str, object]:
    return {"table_key": "groups", "kind": "pdf"}


def _unknown(_ids: Ids) -> dict[str, object]:
    return {"table_key": "people", "kind": "exe"}


ROWS = [
    Row("modules:report_file", "POST", administrators(403), path=_people, note="people"),
    Row("modules:report_file", "POST", administrators(403), path=_groups, note="groups"),
    Row("modules:report_file", "POST", administrators(404), path=_unknown, note="unknown"),
]
