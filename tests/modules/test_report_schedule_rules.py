"""Who gets a regular report after something changed: the filter, the owner, the name, the people."""

from __future__ import annotations

import pytest

from modules.reports.asking import Nowhere
from modules.services.report_planning import IN_NONE
from tests.modules.test_report_sending import MONDAY, mails, make, run, with_mail
from tests.personas import World

pytestmark = pytest.mark.django_db


# --- what it shows ------------------------------------------------------------------------------


@pytest.mark.parametrize("query", ["cohort=none", "office=none", "cohort=none&office=none"])
def test_those_in_none_are_told_of_to_who_sees_everybody(world: World, query: str) -> None:
    make(world, query=query)
    assert run(MONDAY).sent == 1
    assert query in mails()[0].body


def test_those_in_no_cohort_are_nothing_to_a_trainer(world: World) -> None:
    """Their report would be empty for good, as trainers see those of their cohorts."""
    trainer = with_mail(world.harbour.trainer)
    make(world, trainer, world.harbour.administrator, query="cohort=none")
    assert run(MONDAY).sent == 1
    assert mails()[0].to == [world.harbour.administrator.user.email]


def test_the_word_for_none_is_that_of_the_report() -> None:
    assert IN_NONE == Nowhere.NONE
