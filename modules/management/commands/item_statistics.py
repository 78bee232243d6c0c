"""`manage.py item_statistics --form KEY`: the questions of a form over all organisations."""

from __future__ import annotations

import csv
import json
from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from course.framework.schema import LANGUAGES
from modules.reports.item_words import ITEM_COLUMNS
from modules.reports.items import FormReport, report_of
from modules.services.pooling import Pool, pool_form, versions_of
from quizzes.form_answers import FormLine
from quizzes.form_table import MIXED
from quizzes.item_statistics import HIDE, FormNumbers


class Command(BaseCommand):
    """For authors. Counts only: neither an organisation nor a person is named."""

    help = "Print how the questions of a form work, over all organisations together."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which form, and how it is printed."""
        parser.add_argument("--form", required=True, help="key of the quiz, such as pre-a")
        parser.add_argument("--wording", dest="number", type=int, help="default: the newest taken")
        parser.add_argument("--format", choices=("csv", "json"), default="csv")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Raises CommandError for a form that is not there or that too few people took."""
        line, pool = self._found(options["form"], options["number"])
        report = report_of(line, pool.answers, language="en")
        if report.numbers.people and all(one.numbers.facility.gate == HIDE for one in report.lines):
            raise CommandError("Fewer than ten people took this form: nothing can be said yet.")
        write = self._json if options["format"] == "json" else self._csv
        write(report, pool)

    def _found(self, form: str, number: int | None) -> tuple[FormLine, Pool]:
        versions = versions_of(form)
        if not versions:
            raise CommandError(f"There is no quiz “{form}”.")
        for version in versions:
            if number in {None, version.number} and (pool := pool_form(version.pk)):
                return FormLine(form, version.pk, version.number, pool.answers.people), pool
        raise CommandError(f"Nobody has handed in “{form}” in this version.")

    def _csv(self, report: FormReport, _pool: Pool) -> None:
        writer = csv.writer(self.stdout, lineterminator="\n")
        writer.writerow([column.key for column in ITEM_COLUMNS])
        for line in report.lines:
            writer.writerow([column.value(line) for column in ITEM_COLUMNS])

    def _json(self, report: FormReport, pool: Pool) -> None:
        found = {
            "form": report.line.key,
            "version": report.line.number,
            "people": report.answers.people,
            "organisations": pool.organisations,
            "left_out": report.answers.left_out,
            "cut": report.answers.is_cut,
            "languages": _languages(report),
            "reliability": _reliability(report.numbers),
            "items": [
                {column.key: column.value(line) for column in ITEM_COLUMNS} for line in report.lines
            ],
        }
        self.stdout.write(json.dumps(found, ensure_ascii=False, indent=1))


def _languages(report: FormReport) -> dict[str, int]:
    """How many answered in each language; only those of one known language are compared."""
    found = Counter(one or "unknown" for one in report.answers.languages)
    return {one: found[one] for one in (*LANGUAGES, MIXED, "unknown")}


def _reliability(numbers: FormNumbers) -> dict[str, float | None] | None:
    """Alpha with its interval; None below its gate."""
    if numbers.gate == HIDE:
        return None
    return {
        "alpha": numbers.alpha,
        "low": numbers.alpha_low,
        "high": numbers.alpha_high,
        "sem": numbers.sem,
    }
