"""The completion report at 1,000 and 10,000 learners on SQLite, and up to a million on PostgreSQL.

Printed: p50 and p95 of the report page, seconds and peak memory of the file with all people,
seconds of the roll-ups of 25 days, and milliseconds of the look at all organisations. On PostgreSQL
one organisation keeps its size (2,000 people) while the others grow, so that its page ought to cost
the same at every size.

KENALI_TEST_HOUSE lists other sizes for SQLite ("1000,10000,100000").
PostgreSQL needs KENALI_TEST_POSTGRES_URL; sizes are 1,000 and 10,000 unless KENALI_TEST_LEARNERS
lists others ("1000,10000,100000,1000000"; from 100,000 on they are seeded with `--light`).
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import pytest

from tests.benchmarks.conftest import Site
from tests.benchmarks.serving import ROOT, manage, measure_once, serving, site_environment

HOUSE = "scale-0001"
PEOPLE_A_HOUSE = 2_000
LIGHT_FROM = 100_000
LOOKS = 20
PAGES = {"report": "/reports/", "people": "/reports/people/?only=overdue"}


@dataclass(frozen=True)
class Size:
    """One size, and what it cost. Times in seconds but for pages, which are milliseconds."""

    learners: int
    seeding: float
    pages: dict[str, tuple[float, float]]  # p50, p95
    file_seconds: float
    file_megabytes: float
    rolling: float
    everywhere: float


def prepare(environment: dict[str, str], *databases: str) -> None:
    """What `manage.py up` does first, without its demo organisation."""
    for name in databases:
        manage(environment, "migrate", "-v0", "--database", name)
    manage(environment, "load_content")
    manage(environment, "collectstatic", "--noinput", "-v0")


def measured(environment: dict[str, str], learners: int, houses: int) -> Size:
    """Seed up to this size and look."""
    words = ["seed_scale", "--learners", str(learners), "--organisations", str(houses)]
    begun = time.monotonic()
    manage(environment, *words, *(["--light"] if learners >= LIGHT_FROM else []))
    seeding = time.monotonic() - begun
    cookie = Site(environment).cookie_of(f"{HOUSE}-administrator")
    with serving("course.wsgi", environment, path="/healthz") as port:
        pages = {name: _looked(port, path, cookie) for name, path in PAGES.items()}
    seconds, megabytes = _file(environment, learners)
    # What was kept of fewer people would be left as it is: a closed day is written once.
    manage(environment, "shell", "-v0", "-c", FORGET)
    begun = time.monotonic()
    manage(environment, "roll_up")
    rolling = time.monotonic() - begun
    return Size(learners, seeding, pages, seconds, megabytes, rolling, _everywhere(environment))


def _looked(port: int, path: str, cookie: str) -> tuple[float, float]:
    measure_once(port, path, cookie)  # warm
    times = sorted(measure_once(port, path, cookie) for _ in range(LOOKS))
    return median(times) * 1000, times[int(LOOKS * 0.95) - 1] * 1000


def _file(environment: dict[str, str], learners: int) -> tuple[float, float]:
    """Seconds and peak memory of a process that writes the CSV of everybody of one house."""
    target = Path(environment["KENALI_DATA_DIR"]) / f"people-{learners}.csv"
    command = [sys.executable, "manage.py", "report", "completion", "--organisation", HOUSE]
    command += ["--format", "csv", "--output", str(target)]
    begun = time.monotonic()
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL) as one:
        _pid, status, used = os.wait4(one.pid, 0)
        one.returncode = os.waitstatus_to_exitcode(status)
    assert one.returncode == 0
    assert isinstance(used, resource.struct_rusage)
    return time.monotonic() - begun, used.ru_maxrss / 1024


FORGET = """
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("DELETE FROM modules_daycount")
"""
EVERYWHERE = """
import time
from modules.reports.days import read_everywhere
read_everywhere()
begun = time.perf_counter()
read_everywhere()
print(time.perf_counter() - begun)
"""


def _everywhere(environment: dict[str, str]) -> float:
    out = manage(environment, "shell", "-v0", "-c", EVERYWHERE)
    return float(out.strip().splitlines()[-1])


def show(name: str, sizes: list[Size]) -> None:
    """One line a size."""
    print(
        f"\n{name:10} {'learners':>9} {'seed s':>8} {'report p50/p95 ms':>18} "
        f"{'people p50/p95 ms':>18} {'CSV s':>7} {'MB':>5} {'roll s':>7} {'all ms':>7}"
    )
    for one in sizes:
        report, people = (f"{p50:.0f} / {p95:.0f}" for p50, p95 in one.pages.values())
        print(
            f"{'':10} {one.learners:9} {one.seeding:8.0f} {report:>18} {people:>18} "
            f"{one.file_seconds:7.1f} {one.file_megabytes:5.0f} {one.rolling:7.1f} "
            f"{one.everywhere * 1000:7.1f}"
        )


@pytest.mark.benchmark
def test_reports_of_one_house_on_sqlite(tmp_path: Path) -> None:
    environment = site_environment(tmp_path)
    prepare(environment, "default", "transient")
    listed = os.environ.get("KENALI_TEST_HOUSE", "1000,10000")
    sizes = [measured(environment, learners, 1) for learners in map(int, listed.split(","))]
    show("SQLite", sizes)
    for one in sizes:
        if one.learners <= 10_000:
            assert one.pages["report"][1] < 2_000, f"{one.learners} people take over 2 s"
    growth = sizes[-1].file_megabytes / sizes[0].file_megabytes
    print(f"the file with all people: {growth:.2f} of the memory of the smallest")
    assert growth < 1.5, "the file is gathered in memory"
    assert sizes[-1].everywhere < 1


@pytest.mark.benchmark
def test_reports_on_postgresql_while_others_grow(tmp_path: Path) -> None:
    url = os.environ.get("KENALI_TEST_POSTGRES_URL", "")
    if not url:
        pytest.skip("KENALI_TEST_POSTGRES_URL is not set")
    listed = os.environ.get("KENALI_TEST_LEARNERS", "1000,10000")
    environment = site_environment(tmp_path) | {"DATABASE_URL": url}
    prepare(environment, "default")
    sizes = [
        measured(environment, learners, max(1, learners // PEOPLE_A_HOUSE))
        for learners in map(int, listed.split(","))
    ]
    show("PostgreSQL", sizes)
    same = [one for one in sizes if one.learners >= PEOPLE_A_HOUSE]  # the house has its size there
    if len(same) > 1:
        growth = same[-1].pages["report"][0] / same[0].pages["report"][0]
        print(f"the page of one house of {PEOPLE_A_HOUSE}: {growth:.2f} of its time at the start")
        assert growth < 1.5, "the page of one organisation grows with the others"
    assert sizes[-1].everywhere < 1
