"""Whose completion ends soon as a table for files: the rows and columns of the page of renewals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from course.models.base import Viewer
from modules.reports.columns import instant_words
from modules.reports.renewals import Ending, Group, Row, rows_of
from modules.reports.tables import Column, Kind, Table

SLICE: Final = 500  # people whose names are read at once
GROUP_WORDS: Final[Mapping[Group, Promise]] = {
    Group.OVER: gettext_lazy("Over"),
    Group.DAYS_30: gettext_lazy("Within 30 days"),
    Group.DAYS_60: gettext_lazy("31 to 60 days"),
    Group.DAYS_90: gettext_lazy("61 to 90 days"),
}
RULE: Final = gettext_lazy(
    "What people completed counts for a time. Here is whose time ends within 90 days, or is over. "
    "Only people with an active place are listed."
)


def _begun(row: Row) -> str:
    return _("Has begun") if row.ending.has_begun else _("Not yet")


COLUMNS: Final[tuple[Column, ...]] = (
    Column("name", gettext_lazy("Person"), Kind.TEXT, lambda row: row.person.user.shown_name),
    Column(
        "office",
        gettext_lazy("Office"),
        Kind.TEXT,
        lambda row: row.person.office.name if row.person.office else "",
    ),
    Column("ends", gettext_lazy("Ends"), Kind.INSTANT, lambda row: row.ending.ends_at),
    Column("next", gettext_lazy("Next round"), Kind.TEXT, _begun),
    Column("told", gettext_lazy("Last reminder"), Kind.INSTANT, lambda row: row.told_at),
)


def renewal_table(endings: Sequence[Ending], viewer: Viewer, group: Group, at: datetime) -> Table:
    """Everybody of one group, the first to end first."""
    mine = [one for one in endings if one.group(at) == group]
    only = _("Only: %(state)s.") % {"state": GROUP_WORDS[group]}
    return Table(
        key="renewals",
        title=gettext_lazy("Renewals"),
        about=(str(RULE), only, instant_words(at, past=False)),
        columns=COLUMNS,
        rows=_rows(mine, viewer),
    )


def _rows(endings: Sequence[Ending], viewer: Viewer) -> Iterator[Row]:
    for start in range(0, len(endings), SLICE):
        yield from rows_of(list(endings[start : start + SLICE]), viewer)


__all__ = ["COLUMNS", "GROUP_WORDS", "renewal_table"]
