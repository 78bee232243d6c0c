"""The page on what a group learned, in the access table."""

from tests.access_table import Row, staff

ROWS = [
    Row("modules:report_learning", "GET", staff(200)),
]
