"""`manage.py report`: the same rows as the page, noted in the record."""

from __future__ import annotations

import errno
import json
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from course.models import AuditEntry
from modules.outline import Outline
from modules.reports.exports import pdf_file
from tests.modules.keeping import complete
from tests.modules.reminded import assign
from tests.modules.test_export_door import body, fresh
from tests.personas import ADMINISTRATOR, AT, World

pytestmark = pytest.mark.django_db


def write(target: Path, **more: str) -> None:
    call_command(
        "report", "completion", organisation="harbour", output=target, stdout=StringIO(), **more
    )


def test_the_file_holds_who_the_page_shows_and_is_noted(
    world: World, small_course: Outline, tmp_path: Path
) -> None:
    complete(world.harbour.learner, at=timezone.now())
    target = tmp_path / "report.json"
    write(target, format="json", filter="only=completed")
    text = target.read_text()
    assert json.loads(text)
    assert "canaryharbour learner" in text
    assert "canaryharbour stranger" not in text
    assert "canarylighthouse" not in text
    assert target.stat().st_mode & 0o077 == 0
    entries = AuditEntry.objects.in_organization(world.harbour.organization)
    entry = entries.get(action="export.report")
    assert json.loads(entry.after)["rows"] == 1
    with pytest.raises(CommandError, match="exists"):
        write(target, format="json")


def test_what_is_wrong_is_said_and_nothing_is_written(
    world: World, small_course: Outline, tmp_path: Path
) -> None:
    target = tmp_path / "report.csv"
    with pytest.raises(CommandError, match="today or a day before"):
        write(target, as_of="2999-01-01")
    foreign = world.lighthouse.first_cohort.id
    with pytest.raises(CommandError, match="no such office or cohort"):
        write(target, filter=f"cohort={foreign}")
    assert not target.exists()


# --- one thing with the page ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        "",
        "only=overdue",
        "only=completed",
        "only=not_started&module=m1",
        "role=trainer",
        "as_of=2026-11-23&only=completed",
        "office=none&cohort=FIRST",
    ],
)
def test_the_file_of_the_page_and_of_the_console_are_one(
    world: World, small_course: Outline, tmp_path: Path, query: str
) -> None:
    place = world.harbour
    assign(world, due_at=AT - timedelta(hours=2))
    complete(place.learner, at=AT - timedelta(days=3))
    query = query.replace("FIRST", str(place.first_cohort.id))
    target = tmp_path / "report.json"
    with time_machine.travel(AT, tick=False):
        answer = fresh(world.client(ADMINISTRATOR), at=AT).post(
            f"/reports/people/file/json/?{query}"
        )
        page = json.loads(body(answer))
        write(target, format="json", filter=query)
    console = json.loads(target.read_text())
    assert console.pop("taken_out")["by"] == "server"
    assert page.pop("taken_out")["by"] != "server"
    assert console == page
    rows = AuditEntry.objects.in_organization(place.organization).filter(action="export.report")
    first, second = (json.loads(one.after) for one in rows.order_by("sequence"))
    assert first == second
    if query == "only=overdue":
        assert page["rows"]
        assert any(one.startswith("Only: Overdue.") for one in console["about"])


def test_a_file_without_sentences_takes_no_look_at_everybody_at_once(
    world: World, small_course: Outline, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gathered(*_: Any, **__: Any) -> None:
        pytest.fail("everybody at once")

    with monkeypatch.context() as patch:
        patch.setattr("modules.reports.exports.completion.read_summary", gathered)
        write(tmp_path / "report.csv", format="csv", filter="only=not_started")
        with pytest.raises(pytest.fail.Exception):
            write(tmp_path / "report.json", format="json")
    assert "canaryharbour learner" in (tmp_path / "report.csv").read_text()


# --- what fails leaves nothing --------------------------------------------------------------------


def test_too_many_rows_are_said_and_the_next_try_is_free(
    world: World, small_course: Outline, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "report"
    with monkeypatch.context() as patch:
        patch.setattr(pdf_file, "MOST_ROWS", 1)
        with pytest.raises(CommandError, match=r"pdf holds 1 rows at most.*--format"):
            write(target, format="pdf")
    assert list(tmp_path.iterdir()) == []
    entries = AuditEntry.objects.in_organization(world.harbour.organization)
    assert not entries.filter(action="export.report").exists()
    write(target, format="csv")
    assert target.stat().st_size > 0


def test_a_disk_that_is_full_leaves_no_half_a_file(
    world: World, small_course: Outline, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "report.csv"

    def full(content: Any, file: Any) -> None:
        file.write(content.read(10))
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("modules.management.commands.report.copyfileobj", full)
        with pytest.raises(CommandError, match="No space left"):
            write(target)
    assert not target.exists()
    write(target)
    with pytest.raises(CommandError, match="exists"):
        write(target)
    assert target.exists(), "the file of before stays"
    with pytest.raises(CommandError, match="No such file"):
        write(tmp_path / "nowhere" / "report.csv")
