"""Completion over time reads the facts once: every period is still the report of its end."""

from __future__ import annotations

from typing import Any

import pytest

from course.services.members import set_active
from modules.certificates import Choices
from modules.models import Cycle
from modules.published import current_outline
from modules.reports import learning_time
from modules.reports.asking import Question
from modules.reports.completion import read_summary
from modules.reports.learning_time import read_over_time
from modules.reports.population import Scene
from modules.services.certifying import issue_certificate, revoke_certificate
from tests.modules.keeping import DAY, complete, publish_keeping
from tests.modules.test_gain import cohort_of, cohort_of_more
from tests.modules.test_report_learning import NOW, viewer
from tests.personas import AT, World

LATER = AT + 900 * DAY  # what was completed has run out, with and without a certificate


@pytest.fixture
def busy(world: World) -> World:
    """Completions, a withdrawn certificate, second rounds, a pause, and one who came later."""
    publish_keeping(tests=2)
    people = cohort_of(world, 9)
    manager = world.harbour.administrator
    for number, person in enumerate(people[:5]):
        complete(person, key="m1", at=AT + (5 + 20 * number) * DAY)
        complete(person, at=AT + (10 + 20 * number) * DAY)
    complete(people[5], key="m1", at=AT + 30 * DAY)
    for person in people[:2]:
        paper = issue_certificate(membership=person, choices=Choices(), at=AT + 60 * DAY)
    revoke_certificate(certificate=paper, reason="A slip.", actor=manager, at=AT + 100 * DAY)
    for person in people[2:4]:
        Cycle.objects.create(
            organization_id=person.organization_id,
            membership_id=person.id,
            number=2,
            opened_at=AT + 120 * DAY,
            shortened=False,
            facts={},
        )
    complete(people[2], cycle=2, at=AT + 150 * DAY)
    complete(people[2], key="m1", cycle=2, at=AT + 140 * DAY)
    set_active(membership=people[0], active=False, actor=manager, at=AT + 130 * DAY)
    return world


@pytest.mark.django_db
@pytest.mark.parametrize("named", [True, False], ids=["named", "all"])
def test_every_period_is_the_report_of_its_end(
    busy: World, monkeypatch: pytest.MonkeyPatch, named: bool
) -> None:
    monkeypatch.setattr(learning_time, "MOST_NAMED", 500 if named else 0)
    outline, place = current_outline(), busy.harbour
    seen = set()
    for changes in _QUESTIONS:
        question = Question(**changes)
        for at in (AT + 80 * DAY, NOW, LATER):
            told = read_over_time(Scene(outline, viewer(place), question, at))
            for period in told.periods:
                summary = read_summary(outline, viewer(place), question, period.at)
                counted = (summary.population, summary.completed, summary.rate)
                assert (period.people, period.completed, period.rate) == counted
                seen.add((period.people, period.completed))
    assert len(seen) > 8  # it was not the same everywhere


_QUESTIONS: tuple[dict[str, Any], ...] = (
    {},
    {"module": "m1"},
    {"round": "1"},
    {"round": "2"},
    {"round": "2", "module": "m1"},
)


@pytest.mark.django_db
def test_one_query_for_each_period_and_few_for_the_facts(busy: World, queries: Any) -> None:
    scene = Scene(current_outline(), viewer(busy.harbour), Question(), NOW)
    with queries() as few:
        periods = read_over_time(scene).periods
    cohort_of_more(busy, 12)
    again = Scene(current_outline(), viewer(busy.harbour), Question(), NOW)
    with queries() as many:
        assert read_over_time(again).periods[-1].people > periods[-1].people
    assert few == many
    assert few[0] <= len(periods) + 4
