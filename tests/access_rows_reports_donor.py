"""Rows of the summary for funders: administrators only, and no object to point to."""

from tests.access_table import Ids, Row, administrators


def _file(_ids: Ids) -> dict[str, object]:
    return {"part": "offices", "kind": "csv"}


ROWS = [
    Row("modules:report_donor", "GET", administrators(200)),
    # Without the end of a quarter in the address there is nothing to take out.
    Row("modules:report_donor_file", "POST", administrators(404), path=_file),
]
