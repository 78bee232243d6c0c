"""Reading the record of changes: which entries are wanted, and what they say in words.

Names are those of today and are looked up when the page is drawn; the record itself holds only
ids, so that somebody who was erased is nobody here too.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from course.audit_names import Names, names_for, shown_or_erased
from course.audit_words import Group, actions_of, field_title, title_of, value_title
from course.models import AuditEntry, Cohort, Membership
from course.models.base import Viewer

SERVER = "server"
IN_ONE_GO = 500


@dataclass(frozen=True)
class Wanted:
    """Which entries: each part narrows, an empty part does not.

    `who` and `about` are ids (or "server"); `first` and `last` are days in the zone of the site;
    `words` is looked for in the reasons. `below` and `above` are numbers of entries, for paging.
    """

    group: str = ""
    who: str = ""
    about: str = ""
    first: date | None = None
    last: date | None = None
    words: str = ""
    below: int | None = None
    above: int | None = None

    def query(self, **other: Any) -> str:
        """The same choice, or a changed one, as the query of an address."""
        one = replace(self, **other)
        parts = {
            "group": one.group,
            "who": one.who,
            "about": one.about,
            "first": one.first.isoformat() if one.first else "",
            "last": one.last.isoformat() if one.last else "",
            "words": one.words,
            "below": one.below or "",
            "above": one.above or "",
        }
        return urlencode({name: value for name, value in parts.items() if value})

    @property
    def narrowed(self) -> bool:
        """Whether anything is left out."""
        return bool(replace(self, below=None, above=None).query())


@dataclass(frozen=True, slots=True)
class Told:
    """One entry in words. `who_id` and `about_url` are None where nothing can be opened."""

    number: int
    at: datetime
    who: str
    who_id: UUID | None
    action: str
    what: str
    about: str
    about_url: str | None
    changes: tuple[tuple[str, str, str], ...]
    reason: str


# --- which entries ------------------------------------------------------------------------------


def entries(viewer: Viewer, wanted: Wanted) -> Any:
    """The entries of the own organisation that are wanted, the newest first. One query."""
    rows = AuditEntry.objects.visible_to(viewer)
    if wanted.group:
        rows = rows.filter(action__in=actions_of(Group(wanted.group)))
    if wanted.who == SERVER:
        rows = rows.filter(actor_id__isnull=True)
    elif wanted.who:
        rows = rows.filter(actor_id=UUID(wanted.who))
    if wanted.about:
        rows = rows.filter(naming(wanted.about))
    if wanted.first:
        rows = rows.filter(at__gte=_start_of(wanted.first))
    if wanted.last:
        rows = rows.filter(at__lt=_start_of(wanted.last + timedelta(days=1)))
    if wanted.words:
        rows = rows.filter(reason__icontains=wanted.words)
    return rows.for_audit_page()


def naming(thing: str | UUID) -> Q:
    """Entries in which a person or a thing is what it is about, or one of the two values."""
    kinds = Q(subject__endswith=f":{thing}")
    return kinds | Q(before__contains=f'"{thing}"') | Q(after__contains=f'"{thing}"')


def page_of(viewer: Viewer, wanted: Wanted, size: int) -> tuple[list[AuditEntry], bool, bool]:
    """(entries, whether newer ones exist, whether older ones exist), by number and not by count."""
    rows = entries(viewer, wanted)
    if wanted.above:
        found = list(rows.filter(sequence__gt=wanted.above).order_by("sequence")[: size + 1])
        return list(reversed(found[:size])), len(found) > size, True
    if wanted.below:
        rows = rows.filter(sequence__lt=wanted.below)
    found = list(rows[: size + 1])
    return found[:size], bool(wanted.below), len(found) > size


def wanted_from(data: QueryDict, viewer: Viewer) -> tuple[Wanted, dict[str, str]]:
    """What an address asks for, and what is wrong with it by field. A wrong part narrows nothing.

    `who` and `about` may be an id, or a name as people type it; two queries for names.
    """
    wrong: dict[str, str] = {}
    group = data.get("group", "")
    parts: dict[str, Any] = {
        "group": group if group in set(Group) else "",
        "who": _known(viewer, data.get("who", ""), "who", wrong),
        "about": _known(viewer, data.get("about", ""), "about", wrong),
        "first": _day(data.get("first", ""), "first", wrong),
        "last": _day(data.get("last", ""), "last", wrong),
        "words": data.get("words", "").replace("\0", "").strip()[:200],
        "below": _number(data.get("below", "")),
        "above": _number(data.get("above", "")),
    }
    return Wanted(**parts), wrong


def _known(viewer: Viewer, text: str, field: str, wrong: dict[str, str]) -> str:
    """The id of whoever or whatever is meant; "" and a sentence when there is nothing."""
    text = text.replace("\0", "").strip()[:120]
    if not text or (field == "who" and text.casefold() in {SERVER, _("Server").casefold()}):
        return SERVER if text else ""
    try:
        return str(UUID(text))  # an id that nothing has finds nothing, as it should
    except ValueError:
        pass
    people = Membership.objects.visible_to(viewer)
    person = Q(user__username=text.casefold()) | Q(user__display_name__iexact=text)
    found = list(people.filter(person).values_list("id", flat=True)[:2])
    if not found and field == "about":
        cohorts = Cohort.objects.visible_to(viewer).filter(name__iexact=text)
        found = list(cohorts.values_list("id", flat=True)[:2])
    if len(found) == 1:
        return str(found[0])
    wrong[field] = (
        _("Several people are called this. Please write the sign-in name.")
        if found
        else _("Nobody and nothing here is called this.")
    )
    return ""


def _day(text: str, field: str, wrong: dict[str, str]) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        wrong[field] = _("Write the day like this: 2026-11-25.")
        return None
    if not 1990 <= day.year <= 2200:
        wrong[field] = _("Choose a day in this century.")
        return None
    return day


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 16 else None


def _start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


# --- in words -----------------------------------------------------------------------------------


def tell(rows: Sequence[AuditEntry], viewer: Viewer) -> list[Told]:
    """The same entries in words. A query for each kind of thing, however many entries."""
    changes = {row.id: (json.loads(row.before), json.loads(row.after)) for row in rows}
    mappings = (one for pair in changes.values() for one in pair)
    names = names_for(viewer, (row.subject for row in rows), mappings)
    return [_told(row, *changes[row.id], names) for row in rows]


def tell_all(viewer: Viewer, wanted: Wanted) -> Iterator[Told]:
    """Every wanted entry, the newest first, in slices, so that memory stays flat."""
    last: int | None = None
    while True:
        rows = entries(viewer, replace(wanted, below=None, above=None))
        if last is not None:
            rows = rows.filter(sequence__lt=last)
        found = list(rows[:IN_ONE_GO])
        yield from tell(found, viewer)
        if len(found) < IN_ONE_GO:
            return
        last = found[-1].sequence


def _told(row: AuditEntry, before: dict[str, Any], after: dict[str, Any], names: Names) -> Told:
    about, url = _about(row, after, names)
    actor = row.actor.user if row.actor_id else None
    who = _("Server")
    if actor is not None:
        who = shown_or_erased(actor.shown_name, actor.username, is_active=actor.is_active)
    return Told(
        number=row.sequence,
        at=row.at,
        who=who,
        who_id=row.actor_id,
        action=row.action,
        what=title_of(row.action),
        about=about,
        about_url=url,
        changes=tuple(
            (field_title(field), names.value(field, before.get(field)), names.value(field, new))
            for field, new in (
                (one, after.get(one)) for one in sorted(before.keys() | after.keys())
            )
        ),
        reason=row.reason,
    )


def _about(row: AuditEntry, after: dict[str, Any], names: Names) -> tuple[str, str | None]:
    kind, _colon, key = row.subject.partition(":")
    found = names.of(kind, key)
    if kind == "attempt" and found is None and after.get("membership"):
        person = names.of("membership", after["membership"])
        return (person.words if person else _("a person"), None)
    return (found.words, found.address) if found else (_thing(kind, key), None)


def _thing(kind: str, key: str) -> str:
    """A word for what has no page; a key of the course is a word already."""
    words = {
        "membership": _("a person"),
        "cohort": _("a cohort"),
        "office": _("an office"),
        "invitation": _("an invitation"),
        "attempt": _("an attempt"),
        "assignment": _("an assignment"),
        "certificate": _("a certificate"),
        "schedule": _("a report by mail"),
        "token": _("a key for a program"),
        "organization": _("the organisation"),
    }
    titled = value_title(kind, key)  # such as tables that were taken out
    return words.get(kind) or (titled if titled != key else f"{kind} {key}")


__all__ = ["Told", "Wanted", "entries", "naming", "page_of", "tell", "tell_all", "wanted_from"]
