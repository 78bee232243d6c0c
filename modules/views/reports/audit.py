"""The record of changes as a file: the same rows as the page, in the same words."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from course.access import KenaliRequest, requires
from course.audit_reading import Told, Wanted, tell_all, wanted_from
from course.roles import Ability
from course.views.organisation import acting
from course.views.proof import ask_for_proof
from modules.reports.exports.door import Asked, Format
from modules.reports.tables import Column, Kind, Table
from modules.views.reports.files import file_answer


def _changes(entry: Told) -> str:
    """As on the page: the word, what was, what is."""
    parts = (
        f"{word}: {before} → {after or '–'}" if before else f"{word}: {after or '–'}"
        for word, before, after in entry.changes
    )
    return "; ".join(parts)


SEARCHED: Final = "searched"  # in the place of words, in an entry of the record
COLUMNS = (
    Column("number", gettext_lazy("Number"), Kind.NUMBER, lambda entry: entry.number),
    Column("at", gettext_lazy("When"), Kind.INSTANT, lambda entry: entry.at),
    Column("who", gettext_lazy("Who"), Kind.TEXT, lambda entry: entry.who),
    Column("what", gettext_lazy("What"), Kind.TEXT, lambda entry: entry.what),
    Column("action", gettext_lazy("Kind of entry"), Kind.TEXT, lambda entry: entry.action),
    Column("about", gettext_lazy("About"), Kind.TEXT, lambda entry: entry.about),
    Column("changes", gettext_lazy("Before → after"), Kind.TEXT, _changes),
    Column("reason", gettext_lazy("Reason"), Kind.TEXT, lambda entry: entry.reason),
)


@requires(Ability.READ_AUDIT, methods=("POST",))
def record_file(request: KenaliRequest, kind: str) -> HttpResponse:
    """All entries that the filter in the address wants, after a fresh proof."""
    if kind not in set(Format):
        raise Http404
    wanted, _wrong = wanted_from(request.GET, request.kenali)
    query = wanted.query(below=None, above=None)
    back = reverse("course:audit") + (f"?{query}" if query else "")
    reason = _("The file leaves the protection of this site.")
    if page := ask_for_proof(request, back=back, reason=reason):
        return page
    asked = Asked(
        table=_table(request, wanted),
        format=Format(kind),
        filter=_kept(wanted),
        actor=acting(request),
        at=request.kenali.at,
    )
    return file_answer(request, asked=asked, back=back)


def _kept(wanted: Wanted) -> str:
    """The filter as the record keeps it, for ever: never the words, which may name somebody."""
    words = SEARCHED if wanted.words else ""
    return replace(wanted, words=words, below=None, above=None).query() or "all"


def _table(request: KenaliRequest, wanted: Wanted) -> Table:
    about = [_("Newest first. Names are those of today; whoever was erased has none.")]
    if wanted.narrowed:
        about.append(_("Only what was searched for."))
    return Table(
        key="record",
        title=_("Record of changes"),
        about=tuple(about),
        columns=COLUMNS,
        rows=tell_all(request.kenali, wanted),
    )
