"""One ZIP of everything about a person: a page to read, a table each, and all of it as JSON.

Made in memory and handed over; nothing is kept on the server.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from course.models import User
from course.spreadsheets import write_csv
from modules.reports.own.reading import (
    LEFT_OUT_OF_ACCOUNT,
    Row,
    account_of,
    links_of,
    places_of,
    tables_of,
)
from modules.reports.own.tables import ABOUT_NOBODY, OWN, WITH_COHORTS

IN_MEMORY = 16 * 1024 * 1024  # bytes; beyond it the spool is an unnamed file that dies with it


@dataclass(frozen=True)
class Part:
    """One table of one organisation: where its file is, what it is, and its rows."""

    file: str
    name: str
    title: Any
    rows: list[Row]


def pack(user: User, *, at: datetime) -> IO[bytes]:
    """The file, open at its beginning. Whoever calls closes it."""
    spool: IO[bytes] = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 -- handed over
    houses = []
    with zipfile.ZipFile(spool, "w", zipfile.ZIP_DEFLATED) as archive:
        for place in places_of(user):
            folder = place.organization.key
            parts = [
                Part(f"{folder}/{name}.csv", name, title, rows)
                for name, title, rows in tables_of(place)
            ]
            for part in parts:
                _write(archive, part.file, _table(part.rows), at)
            houses.append((place.organization, parts))
        _write(archive, "everything.json", _document(user, houses, at), at)
        _write(archive, "read-me.html", _page(user, houses, at), at)
    spool.seek(0)
    return spool


def _write(archive: zipfile.ZipFile, name: str, content: bytes, at: datetime) -> None:
    local = timezone.localtime(at)
    entry = zipfile.ZipInfo(name, date_time=local.timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, content)


def _table(rows: list[Row]) -> bytes:
    return write_csv(list(rows[0]), ([_cell(value) for value in row.values()] for row in rows))


def _cell(value: Any) -> str | int | float | None:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, dict | list):
        return _json(value).decode()
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _json(value: Any, *, indent: int | None = None) -> bytes:
    text = json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False, indent=indent)
    return text.encode()


def _document(user: User, houses: Iterable[tuple[Any, list[Part]]], at: datetime) -> bytes:
    left_out = {
        own.name: dict(own.without) for own in (*OWN, *WITH_COHORTS) if own.without
    }  # what is missing, and why, in the file itself
    document = {
        "made_at": at,
        "account": account_of(user),
        "links": links_of(user),
        "places": [
            {
                "organisation": {"key": house.key, "name": house.name},
                "tables": {part.name: part.rows for part in parts},
            }
            for house, parts in houses
        ],
        "left_out": {
            "account": LEFT_OUT_OF_ACCOUNT,
            "columns": left_out,
            "tables": dict(ABOUT_NOBODY),
        },
    }
    return _json(document, indent=1)


def _page(user: User, houses: list[tuple[Any, list[Part]]], at: datetime) -> bytes:
    page = {
        "user": user,
        "at": at,
        "houses": [{"name": house.name, "parts": parts} for house, parts in houses],
        "language_name": user.get_language_display(),
        "passphrase": _("yes") if user.has_usable_password() else _("no"),
        "links": links_of(user),
    }
    return render_to_string("modules/my_data_page.html", page).encode()
