"""Pages on questions in the access table."""

from tests.access_table import Ids, Row, staff


def _item(_ids: Ids) -> dict[str, object]:
    return {"item_key": "pp-v1", "number": 1}


# The addresses hold no id of an organisation; a cohort in the query is tested with the pages.
ROWS = [
    Row("modules:report_items", "GET", staff(200)),
    Row("modules:report_mixed", "GET", staff(200)),
    # Nobody took a whole form there, so that there is nothing to save; a learner hears 403 first.
    Row("modules:report_items_file", "POST", staff(404), path=lambda _ids: {"kind": "csv"}),
    Row("modules:report_item", "GET", staff(200), path=_item),
]
