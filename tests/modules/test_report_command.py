"""`manage.py report`: the same rows as the page, noted in the record."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from course.models import AuditEntry
from modules.outline import Outline
from tests.modules.keeping import complete
from tests.personas import World

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
