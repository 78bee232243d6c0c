"""The table by module is the report about each module by itself, whatever people lived through."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db.models import Max, TextField

from modules.models import Completion
from modules.outline import Outline
from modules.reports.asking import Question
from modules.reports.completion import Group, read_summary
from modules.reports.facts import Rounds, Shown
from modules.reports.module_table import _Judge
from modules.reports.population import Staff
from modules.reports.quick import as_id, as_moment, raw
from modules.reports.states import Held
from tests.modules.finishing import publish_course
from tests.modules.keeping import complete
from tests.modules.living import Life
from tests.personas import AT, World

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def table(outline: Outline, life: Life, question: Question, at: datetime) -> tuple[Group, ...]:
    return read_summary(outline, Staff(life.organization), question, at, by="module").groups


@pytest.mark.parametrize("seed", [2, 5, 13])
def test_each_row_is_the_report_about_that_module(world: World, seed: int) -> None:
    outline, quiz, _final = publish_course()
    life = Life(seed, world.harbour, outline, quiz, AT)
    seen = set()
    for _ in range(8):
        for _ in range(8):
            life.live()
        for number in ("present", "1", "2"):
            question = Question(round=number)
            for row in table(outline, life, question, life.at):
                alone = question.but(module=str(row.key))
                found = read_summary(outline, Staff(life.organization), alone, life.at)
                assert (row.population, row.completed, row.overdue) == (
                    found.population,
                    found.completed,
                    found.overdue,
                )
                assert table(outline, life, alone, life.at) == (row,)
                seen.add((row.completed > 0, 0 < row.completed < row.population))
    assert (True, True) in seen  # some had completed it, others not


@pytest.mark.parametrize("hours", range(-60, 61, 5))
def test_what_ends_within_days_of_the_report_is_decided_one_by_one(hours: int) -> None:
    """On 28 and 29 February ends are not in the order of the completions."""
    person = uuid4()
    marks = [
        datetime(2028, 2, 28, 23, 30, tzinfo=UTC),
        None,
        datetime(2028, 2, 29, 1, 0, tzinfo=UTC),
        datetime(2028, 2, 29, 22, 0, tzinfo=UTC),
        datetime(2028, 3, 1, 0, 5, tzinfo=UTC),
    ]
    at = datetime(2029, 3, 1, tzinfo=UTC) + timedelta(hours=hours)
    judge = _Judge(Shown(Rounds({}), {}, at))
    assert judge.in_one_round(person, 1, marks) == judge.in_any(person, {1: marks})
    judge = _Judge(Shown(Rounds({}), {person: {1: Held(AT, at + DAY)}}, at))
    assert judge.in_one_round(person, 1, marks) == (True, False, True, True, True)


def test_quick_values_are_those_of_django(world: World) -> None:
    publish_course()
    for number, at in enumerate((AT, AT + timedelta(microseconds=7))):
        complete(world.harbour.learner, at=at, cycle=number + 1)
    rows = Completion.objects.in_organization(world.harbour.organization).order_by("cycle")
    usual = list(rows.values_list("membership_id", "completed_at"))
    quick = rows.values_list(raw("membership_id"), raw("completed_at"))
    assert [(as_id(mine), as_moment(at)) for mine, at in quick] == usual
    assert [at.utcoffset() for _mine, at in usual] == [timedelta(0)] * 2
    newest = rows.order_by().aggregate(at=Max("completed_at", output_field=TextField()))
    assert as_moment(newest["at"]) == usual[-1][1]
