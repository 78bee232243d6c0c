"""What the ids and instants in the record of changes are called today, for people who read it.

The record itself holds only ids. Names are looked up when it is read, one query for each kind of
thing (and 500 of them), so that somebody who was erased is nobody here too. The upper
floors say how their things are called when they start (`register_names`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from urllib.parse import parse_qsl
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from course.audit_words import field_title, value_title
from course.models import Cohort, Invitation, Membership, Office
from course.models.base import Viewer
from course.models.people import is_erased_name

Pairs = Iterator[tuple[str, object]]
QUERY: Final = "query"  # a word of a change that holds the filters of an address
IN_ONE_GO: Final = 500  # ids in one query; SQLite allows about 1,000 variables in old versions
INSTANTS: Final = frozenset({"opens_at", "due_at", "until"})


@dataclass(frozen=True, slots=True)
class Named:
    """What something is called today, and its page if it has one."""

    words: str
    address: str | None = None


Reader = Callable[[Viewer, Collection[UUID]], Mapping[UUID, Named]]
_readers: dict[str, Reader] = {}
_kinds: dict[str, str] = {}


def register_names(kind: str, read: Reader, *, fields: Iterable[str] = ()) -> None:
    """Say how things of a kind are called: one query for all of them, within the viewer's reach.

    `kind` is the word before the id in a subject; `fields` are words of a change that hold such
    ids, one or a list.
    """
    _readers[kind] = read
    _kinds.update(dict.fromkeys(fields, kind))


class Names:
    """The names of everything that some entries mention."""

    def __init__(self, viewer: Viewer, wanted: Mapping[str, Iterable[object]]) -> None:
        self._found: dict[str, Mapping[UUID, Named]] = {}
        for kind, texts in wanted.items():
            ids = sorted({key for text in texts if (key := _uuid(text))})
            if kind in _readers:
                self._found[kind] = {
                    key: named
                    for start in range(0, len(ids), IN_ONE_GO)
                    for key, named in _readers[kind](viewer, ids[start : start + IN_ONE_GO]).items()
                }

    def of(self, kind: str, text: object) -> Named | None:
        """What this is called; None when it is not there any more, or out of reach."""
        key = _uuid(text)
        return self._found.get(kind, {}).get(key) if key else None

    def value(self, field: str, value: object) -> str:
        """A value of a change in words."""
        if field == QUERY:
            parts = [(name, self.value(name, part)) for name, part in _parts(value)]
            return "; ".join(f"{field_title(name)}: {words}" for name, words in parts)
        if field in INSTANTS and isinstance(value, str):
            return moment_words(value)
        kind = _kinds.get(field)
        values = value if isinstance(value, list) else [value]
        if not kind or not any(_uuid(one) for one in values):
            return value_title(field, value)  # a number of things, or none of them
        gone = _("not there any more")
        known = [self.of(kind, one) for one in values]
        return ", ".join(one.words if one else gone for one in known)


def names_for(
    viewer: Viewer, subjects: Iterable[str], changes: Iterable[Mapping[str, object]]
) -> Names:
    """The names of what these subjects and changes mention: one query for each kind."""
    wanted: dict[str, set[object]] = defaultdict(set)
    for subject in subjects:
        kind, _colon, key = subject.partition(":")
        wanted[kind].add(key)
    for mapping in changes:
        for field, value in (pair for one in mapping.items() for pair in _flat(*one)):
            if kind := _kinds.get(field, ""):
                wanted[kind].update(value if isinstance(value, list) else [value])
    return Names(viewer, wanted)


def _flat(field: str, value: object) -> Pairs:
    yield from _parts(value) if field == QUERY else iter([(field, value)])


def _parts(query: object) -> Pairs:
    yield from parse_qsl(query) if isinstance(query, str) else ()


def _uuid(text: object) -> UUID | None:
    """The id in a text; None for everything else."""
    if not isinstance(text, str) or len(text) != len(str(UUID(int=0))):
        return None
    try:
        return UUID(text)
    except ValueError:
        return None


def moment_words(text: str) -> str:
    """A day, or an instant in the zone of the site, as the reader's language writes it."""
    try:
        if "T" in text:
            local = datetime.fromisoformat(text).astimezone(ZoneInfo(settings.KENALI_TIME_ZONE))
            return str(date_format(local, "DATETIME_FORMAT"))
        return day_words(date.fromisoformat(text)) if text else ""
    except ValueError:
        return text


def day_words(at: date | datetime) -> str:
    """The day of an instant in the zone of the site, in the reader's language."""
    if isinstance(at, datetime):
        at = at.astimezone(ZoneInfo(settings.KENALI_TIME_ZONE))
    return str(date_format(at, "DATE_FORMAT"))


# --- how the things of this floor are called ------------------------------------------------------


def name_of(viewer: Viewer, thing: str) -> str:
    """The name of today of a person or a cohort, for a form; "" when it has none."""
    names = Names(viewer, {"membership": [thing], "cohort": [thing]})
    found = names.of("membership", thing) or names.of("cohort", thing)
    return found.words if found else ""


def shown_or_erased(shown: str, username: str, *, is_active: bool) -> str:
    """The name, or words for somebody who has none any more."""
    erased = not is_active and is_erased_name(username)
    return _("somebody who was erased") if erased else shown


def _people(viewer: Viewer, ids: Collection[UUID]) -> Mapping[UUID, Named]:
    rows = Membership.objects.visible_to(viewer).filter(id__in=ids)
    found = rows.values_list("id", "user__display_name", "user__username", "user__is_active")
    return {
        key: Named(
            shown_or_erased(alias or name, name, is_active=active),
            reverse("course:person", args=[key]),
        )
        for key, alias, name, active in found
    }


def _cohorts(viewer: Viewer, ids: Collection[UUID]) -> Mapping[UUID, Named]:
    return {
        key: Named(name, reverse("course:cohort", args=[key]))
        for key, name in _id_and_name(Cohort, viewer, ids)
    }


def _offices(viewer: Viewer, ids: Collection[UUID]) -> Mapping[UUID, Named]:
    return {key: Named(name) for key, name in _id_and_name(Office, viewer, ids)}


def _id_and_name(table: Any, viewer: Viewer, ids: Collection[UUID]) -> Iterable[tuple[UUID, str]]:
    return list(table.objects.visible_to(viewer).filter(id__in=ids).values_list("id", "name"))


def _invitations(viewer: Viewer, ids: Collection[UUID]) -> Mapping[UUID, Named]:
    """Their cohort and day: an invitation has no name, and its code is not kept."""
    rows = Invitation.objects.visible_to(viewer).filter(id__in=ids)
    return {
        key: Named(f"{cohort}, {day_words(at)}" if cohort else day_words(at))
        for key, cohort, at in rows.values_list("id", "cohort__name", "created_at")
    }


register_names(
    "membership",
    _people,
    fields=("membership", "manager", "owner", "recipient", "recipients", "people"),
)
register_names("cohort", _cohorts, fields=("cohort",))
register_names("office", _offices, fields=("office", "above"))
register_names("invitation", _invitations, fields=("invitation",))


__all__ = [
    "Named",
    "Names",
    "day_words",
    "moment_words",
    "name_of",
    "names_for",
    "register_names",
    "shown_or_erased",
]
