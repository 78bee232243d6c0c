"""The page of renewals in the access table."""

from tests.access_table import Row, administrators
from tests.personas import OUTSIDER

ROWS = [
    Row("modules:report_renewals", "GET", administrators(200)),
    Row("modules:report_renewals", "POST", administrators(404), note="no step"),
    Row(
        "modules:report_renewals",
        "POST",
        administrators(303) | {OUTSIDER: 404},
        body=lambda ids: {"do": "remind", "person": ids["person"]},
        note="person of harbour in the body",
    ),
    Row(
        "modules:report_renewals",
        "POST",
        administrators(303) | {OUTSIDER: 404},
        body=lambda ids: {"do": "open", "person": ids["person"]},
        note="round of a person of harbour",
    ),
    # Nobody has shown a secret yet, so whoever may take the file is asked for it first.
    Row(
        "modules:report_renewals_file",
        "POST",
        administrators(403),
        path=lambda _ids: {"kind": "csv"},
    ),
    Row(
        "modules:report_renewals_file",
        "POST",
        administrators(404),
        path=lambda _ids: {"kind": "exe"},
        note="unknown",
    ),
]
