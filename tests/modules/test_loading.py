"""Loading the real course: twice, rehearsed, broken, killed half way, and by two at once."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, connections

from course.framework.loading import published_framework
from course.framework.problems import BrokenContent
from course.models import ContentRelease, FrameworkEntry
from modules.compiling import compile_lesson
from modules.models import Lesson, LessonVersion
from modules.reading import FRAMEWORK_FOLDER, MODULES_FOLDER, read_course
from modules.services.loading import load_course
from quizzes.schema import BANK_FOLDER
from tests.personas import AT

ROOT = Path(settings.BASE_DIR)
LESSON_FILE = MODULES_FOLDER / "01-foundations" / "lessons" / "01-what-it-is.en.md"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The shipped content in a folder of its own, free to be spoilt."""
    for folder in (FRAMEWORK_FOLDER, MODULES_FOLDER, BANK_FOLDER):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    return tmp_path


def counts() -> tuple[int, int, int]:
    return (
        ContentRelease.objects.count(),
        FrameworkEntry.objects.count(),
        LessonVersion.objects.count(),
    )


@pytest.mark.django_db
def test_loading_twice_does_the_work_once() -> None:
    first, second = StringIO(), StringIO()
    call_command("load_content", stdout=first)
    before = counts()
    call_command("load_content", stdout=second)
    assert "release 1" in first.getvalue()
    assert second.getvalue() == "Content: nothing to do.\n"
    assert counts() == before
    assert before[0] == 1
    assert before[2] >= 25


@pytest.mark.django_db
def test_a_rehearsal_prints_the_plan_and_writes_nothing() -> None:
    out = StringIO()
    call_command("load_content", dry_run=True, stdout=out)
    assert "add      lessons foundations/what-it-is (version 1)" in out.getvalue()
    assert "nothing was written" in out.getvalue()
    assert counts() == (0, 0, 0)


@pytest.mark.django_db
def test_a_broken_file_stops_everything_and_the_running_course_stays(copy: Path) -> None:
    load_course(root=copy, at=AT)
    before = counts()
    lesson = copy / LESSON_FILE
    lesson.write_text(lesson.read_text().replace("[@ilo-11-2012]", "[@no-such-work]"))
    with pytest.raises(BrokenContent) as caught:
        load_course(root=copy, at=AT)
    problem = caught.value.problems[0]
    assert problem.file == LESSON_FILE.as_posix()
    assert problem.rule == "unknown-source"
    assert problem.line > 1
    assert problem.fix
    assert counts() == before


@pytest.mark.django_db
def test_the_command_says_where_and_how_to_mend(
    copy: Path, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    (copy / LESSON_FILE).write_text("nothing of a lesson")
    settings.BASE_DIR = copy
    with pytest.raises(CommandError, match="Nothing was loaded"):
        call_command("load_content")
    assert f"{LESSON_FILE.as_posix()}:1: [front-matter]" in capsys.readouterr().err


@pytest.mark.django_db
def test_a_changed_contact_makes_new_versions_of_just_the_lessons_that_show_it(copy: Path) -> None:
    load_course(root=copy, at=AT)
    contacts = copy / FRAMEWORK_FOLDER / "contacts.yaml"
    contacts.write_text(
        contacts.read_text().replace(
            'hours:\n      en: "24 hours"', 'hours:\n      en: "Day and night"', 1
        )
    )
    loaded = load_course(root=copy, at=AT)
    changed = {change.key for change in loaded.changes}
    assert "contacts/emergency-999" in changed
    course = read_course(copy, AT.date())
    for content in course.modules:
        for key, texts in content.lessons.items():
            shows = "emergency-999" in str(compile_lesson(course.framework, texts))
            assert (f"{content.module.key}/{key}" in changed) == shows


@pytest.mark.django_db
def test_the_published_framework_reads_back_as_it_was_written() -> None:
    load_course(root=ROOT, at=AT)
    course = read_course(ROOT, AT.date())
    published = published_framework()
    assert published.indicators == course.framework.indicators
    assert published.contacts == course.framework.contacts
    assert list(published.tactics) == list(course.framework.tactics)


@pytest.mark.django_db
def test_every_published_lesson_names_only_sources_it_carries() -> None:
    load_course(root=ROOT, at=AT)
    for lesson in Lesson.objects.in_place():
        for text in lesson.current.document["texts"].values():
            carried = {source["key"] for source in text["sources"]}
            for step in text["steps"]:
                for block in step["blocks"]:
                    assert set(sources_in(block)) <= carried


def sources_in(value: Any) -> Any:
    """Every key under "sources", at any depth."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == "sources":
                yield from inner
            else:
                yield from sources_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from sources_in(inner)


@pytest.mark.slow
@pytest.mark.sqlite
def test_killed_half_way_the_old_release_is_whole(tmp_path: Path) -> None:
    """A real process with its own file is killed while it writes; nothing of its work may show."""
    environment = os.environ | {
        "KENALI_DATA_DIR": str(tmp_path / "data"),
        "DJANGO_SETTINGS_MODULE": "course.settings",
        "KENALI_NO_BOOTSTRAP": "1",
    }
    environment.pop("DATABASE_URL", None)
    run = [sys.executable, "manage.py"]

    def manage(*words: str) -> str:
        done = subprocess.run(
            [*run, *words], cwd=ROOT, env=environment, check=True, capture_output=True, text=True
        )
        return done.stdout

    manage("migrate", "-v0")
    half_way = tmp_path / "half-way"
    script = (
        "import django, pathlib, time; django.setup()\n"
        "from course.services import publishing\n"
        "write = publishing._versions_for\n"
        "def slowly(*args):\n"
        "    made = write(*args)\n"
        f"    pathlib.Path({str(half_way)!r}).touch(); time.sleep(60)\n"
        "    return made\n"
        "publishing._versions_for = slowly\n"
        "from django.core.management import call_command; call_command('load_content')\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, env=environment) as loader:
        deadline = time.monotonic() + 40
        while not half_way.exists():
            assert loader.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.05)
        loader.send_signal(signal.SIGKILL)
    count = (
        "from course.models import *; print(ContentRelease.objects.count(), "
        "FrameworkEntry.objects.count(), FrameworkVersion.objects.count())"
    )
    assert manage("shell", "-v0", "-c", count).split() == ["0", "0", "0"]
    assert "release 1" in manage("load_content")


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_loaders_at_once_do_the_work_once() -> None:
    outcomes: list[Any] = []

    def load() -> None:
        try:
            outcomes.append(load_course(root=ROOT, at=AT).release)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=load) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(outcomes) == 2
    assert sum(release is None for release in outcomes) == 1
    assert ContentRelease.objects.count() == 1
    assert connection.vendor in {"sqlite", "postgresql"}
