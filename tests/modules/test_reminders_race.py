"""Real processes that send at the same time, a real database server, counted deliveries."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection

from course.models import CohortMember, Membership, User
from modules.models import Mail, Notice, NoticePreference
from modules.services.planning import plan_notices
from modules.services.reminding import BATCH
from quizzes.models import Assignment, Late, Target
from tests.harness.smtp_sink import Sink, smtp_sink
from tests.personas import World, make_world

pytestmark = [pytest.mark.postgres, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

DUE_ROWS = 10_000
PATIENCE = 1200.0  # seconds; a machine that does other work too is slow
COMMAND = "from django.core.management import call_command; call_command('send_reminders')"
SETUP = (
    "import django; django.setup(); from modules.services import reminding; "
    # The first sender waits for the second at the sink's door, however slow the machine is.
    "reminding.settings.EMAIL_TIMEOUT = 120; "
)
# The same sender without its claim: it reads what is due and writes no lease.
WITHOUT_CLAIM = (
    "reminding.claim_batch = lambda organization, *, at: list("
    "reminding.Notice.objects.in_organization(organization).to_send(at)"
    ".select_related('membership__user')[:reminding.BATCH]); "
    "reminding._latest_start = lambda notice: reminding.timezone.now() + reminding.LEASE; "
)


@pytest.fixture
def world() -> World:
    return make_world()


def make_due(world: World, number: int, *, things: int = 1) -> None:
    """So many learners of one cohort who asked for mail at any hour, with a date in two days."""
    place, now = world.harbour, datetime.now(UTC)
    users = User.objects.bulk_create(
        User(username=f"p{one}", email=f"p{one}@example.org", joined_at=now, password="!")
        for one in range(number)
    )
    common: dict[str, Any] = {"organization": place.organization}
    people = Membership.objects.bulk_create(
        Membership(**common, user=user, role="learner", joined_at=now) for user in users
    )
    CohortMember.objects.bulk_create(
        CohortMember(**common, cohort_id=place.first_cohort.id, membership_id=one.id, joined_at=now)
        for one in people
    )
    any_time = clock_time(0)
    NoticePreference.objects.bulk_create(
        NoticePreference(
            **common, membership_id=one.id, mail=True, quiet_from=any_time, quiet_to=any_time
        )
        for one in people
    )
    for thing in range(1, things + 1):
        Assignment.objects.create(
            **common,
            target_kind=Target.MODULE.value,
            target_key=f"m{thing}",
            cohort_id=place.first_cohort.id,
            due_at=now + timedelta(days=2),
            late=Late.ACCEPT.value,
            assigned_by_id=place.trainer.id,
            assigned_at=now - timedelta(days=1),
        )
    planned = plan_notices(at=now)
    assert planned.mails == number * things
    assert planned.made == (number + 1) * things  # the learner of the cohort who asked for no mail


def start(sink: Sink, data_dir: Path, program: str) -> subprocess.Popen[str]:
    """Another process on the database of this test, with the product's own settings."""
    parts = connection.settings_dict
    port = f":{parts['PORT']}" if parts["PORT"] else ""
    who = f"{quote(parts['USER'])}:{quote(parts['PASSWORD'])}@".replace(":@", "@")
    database = f"postgresql://{who}{parts['HOST']}{port}/{parts['NAME']}"
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "course.settings",
        "DATABASE_URL": database,
        "KENALI_DATA_DIR": str(data_dir),
        "KENALI_MAIL_URL": f"smtp://127.0.0.1:{sink.address[1]}",
        "KENALI_SECRET_KEY": settings.SECRET_KEY,
    }
    return subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=settings.BASE_DIR,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process: subprocess.Popen[str]) -> str:
    said, complaint = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, complaint
    return said


def states() -> Counter[str]:
    rows = Notice.objects.all().unscoped("the test counts all of them")
    return Counter(rows.values_list("mail", flat=True))


def sent_by(said: str) -> int:
    return int(said.partition("e-mails: ")[2].split()[0])


def test_two_machines_send_each_of_10000_mails_once(world: World, tmp_path: Path) -> None:
    make_due(world, DUE_ROWS)
    with smtp_sink(together=2) as sink:
        processes = [start(sink, tmp_path / name, SETUP + COMMAND) for name in ("one", "two")]
        said = [finish(process) for process in processes]
        delivered = Counter(sink.recipients())
    assert len(delivered) == DUE_ROWS
    assert set(delivered.values()) == {1}
    assert len({message_id for _recipient, message_id in sink.delivered}) == DUE_ROWS
    shares = [sent_by(one) for one in said]
    assert sum(shares) == DUE_ROWS
    assert min(shares) >= BATCH, "both took part"
    assert states() == {Mail.SENT.value: DUE_ROWS, Mail.NONE.value: 1}


def test_two_machines_send_one_mail_to_who_has_three_things(world: World, tmp_path: Path) -> None:
    """More rows than a batch, so that one person's rows come into the hands of both."""
    number, things = 8 * BATCH, 3
    make_due(world, number, things=things)
    with smtp_sink(together=2) as sink:
        processes = [start(sink, tmp_path / name, SETUP + COMMAND) for name in ("one", "two")]
        for process in processes:
            finish(process)
        delivered = Counter(sink.recipients())
    assert len(delivered) == number
    assert set(delivered.values()) == {1}
    assert states() == {Mail.SENT.value: number * things, Mail.NONE.value: things}


def test_without_the_claim_mails_go_out_twice(world: World, tmp_path: Path) -> None:
    """The proof that the test above can fail: the same, but nobody writes a lease."""
    number = 4 * BATCH
    make_due(world, number)
    with smtp_sink(together=2) as sink:
        program = SETUP + WITHOUT_CLAIM + COMMAND
        processes = [start(sink, tmp_path / name, program) for name in ("one", "two")]
        for process in processes:
            finish(process)
        delivered = Counter(sink.recipients())
    assert len(delivered) == number
    assert max(delivered.values()) == 2
    assert sum(delivered.values()) >= number + BATCH


def test_a_killed_sender_costs_one_repetition_at_most(world: World, tmp_path: Path) -> None:
    number = 20 * BATCH
    make_due(world, number)
    with smtp_sink() as sink:
        process = start(sink, tmp_path / "one", SETUP + COMMAND)
        deadline = time.monotonic() + PATIENCE
        while len(sink.recipients()) < 2 * BATCH + 7 and time.monotonic() < deadline:
            time.sleep(0.005)
        process.kill()
        process.communicate(timeout=PATIENCE)
        before = len(sink.recipients())
        assert 2 * BATCH < before < number, "killed in the middle"
        left = Notice.objects.in_organization(world.harbour.organization)
        assert 0 < left.filter(leased_until__isnull=False).count() <= BATCH
        finish(start(sink, tmp_path / "two", SETUP + COMMAND))
        assert states()[Mail.WAITING.value] <= BATCH, "what is leased is left alone"
        left.filter(leased_until__isnull=False).update(leased_until=datetime.now(UTC))
        finish(start(sink, tmp_path / "three", SETUP + COMMAND))
        delivered = Counter(sink.recipients())
    assert len(delivered) == number, "nobody is forgotten"
    assert sum(delivered.values()) - number <= 1
    assert states() == {Mail.SENT.value: number, Mail.NONE.value: 1}
