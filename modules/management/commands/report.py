"""`manage.py report completion --organisation KEY --output FILE`: a report as a file."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from shutil import copyfileobj
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.http import Http404, QueryDict
from django.utils import timezone

from course.models import Organization
from course.services.audit import record_event
from modules.published import current_outline
from modules.reports.asking import Question, question_from
from modules.reports.completion import BY, Staff
from modules.reports.exports.completion import people_told
from modules.reports.exports.door import Format, write_table
from modules.reports.exports.values import Stamp
from modules.reports.exports.xlsx_file import TooManyRows
from modules.reports.tables import Table


class Command(BaseCommand):
    """What the page shows an administrator, written where whoever runs the server says."""

    help = (
        "Write the completion report of one organisation into a file, person by person, as of now "
        "or of the end of a past day. The file holds names. Kept in the record of changes."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Which report, of whom, as what, where to."""
        parser.add_argument("report", choices=["completion"])
        parser.add_argument("--organisation", required=True, metavar="KEY")
        kinds = [one.value for one in Format]
        parser.add_argument("--format", choices=kinds, default=Format.CSV.value)
        parser.add_argument("--output", required=True, type=Path, metavar="FILE")
        parser.add_argument("--as-of", default="", metavar="YYYY-MM-DD")
        parser.add_argument(
            "--filter",
            default="",
            metavar="QUERY",
            help="what stands after ? in the address",
        )

    def handle(self, *_: Any, **options: Any) -> None:
        """Raises CommandError for what does not exist, a file that does, and too many rows."""
        now, output = timezone.now(), options["output"]
        organization = Organization.objects.filter(key=options["organisation"]).first()
        if organization is None:
            raise CommandError(f"There is no organisation with the key {options['organisation']}.")
        viewer = Staff(organization.pk)
        question = _question(options["filter"], options["as_of"], viewer)
        # The teller of the page: the same rows under the same sentences.
        told = people_told(viewer, current_outline(), question, BY[0], now=now, language="en")
        rows, kind = _Counted(told.table.rows), Format(options["format"])
        stamp = Stamp(organization=organization.name, by="server", at=now)
        with _written(replace(told.table, rows=rows), kind, stamp) as content, _new(output) as file:
            with transaction.atomic():
                record_event(
                    organization=organization,
                    actor=None,
                    action="export.report",
                    subject=f"table:{told.table.key}",
                    after={"rows": rows.number, "format": kind.value, "filter": told.filter},
                    at=now,
                )
            copyfileobj(content, file)
        self.stdout.write(f"{rows.number} people in {output}")


def _written(table: Table, kind: Format, stamp: Stamp) -> IO[bytes]:
    """The whole content, before anything is made under the name that was asked for."""
    try:
        return write_table(table, kind, stamp=stamp)
    except TooManyRows as refused:
        raise CommandError(
            f"A file of the kind {kind.value} holds {refused.most} rows at most. "
            "Choose another --format, or fewer people with --filter."
        ) from None


@contextmanager
def _new(path: Path) -> Iterator[IO[bytes]]:
    """A new file for the account of the server alone; gone again when it can't be finished."""
    try:
        target = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}.") from None
    try:
        with os.fdopen(target, "wb") as file:
            yield file
    except BaseException as error:
        path.unlink(missing_ok=True)  # half a file would look like a report, and bar the next try
        if isinstance(error, OSError):
            raise CommandError(f"{path}: {error.strerror}.") from None
        raise


def _question(query: str, as_of: str, viewer: Staff) -> Question:
    asked = QueryDict(query.lstrip("?"), mutable=True)
    if as_of:
        asked["as_of"] = as_of
    try:
        question = question_from(asked, viewer)
    except Http404:
        raise CommandError("The organisation has no such office or cohort.") from None
    if question.problems:
        raise CommandError(" ".join(question.problems))
    return question


class _Counted:
    """Rows that count themselves."""

    def __init__(self, rows: Iterable[Any]) -> None:
        self.rows, self.number = rows, 0

    def __iter__(self) -> Iterator[Any]:
        for row in self.rows:
            self.number += 1
            yield row
