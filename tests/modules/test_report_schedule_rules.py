"""Who gets a regular report when its filter, owner, name or people changed; a test that broke."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import override_settings

from modules.models import Mail
from modules.reports.asking import Nowhere
from modules.services import report_sending
from modules.services.report_planning import IN_NONE, KEEP, remove_old_sendings
from modules.services.report_sending import LEASE, send_test, waiting_reports
from tests.modules.test_report_sending import MONDAY, mails, make, rows, run, with_mail
from tests.personas import AT, World

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


# --- a test -------------------------------------------------------------------------------------


class Killed(BaseException):
    """The machine goes off between the mail and the word that it went."""


def test_a_test_that_broke_off_is_never_taken_up(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    schedule, owner = make(world), world.harbour.administrator

    def die(*_args: object, **_changes: object) -> bool:
        raise Killed

    monkeypatch.setattr(report_sending, "_end", die)
    with override_settings(KENALI_MAIL=True), pytest.raises(Killed):
        send_test(schedule=schedule, membership=owner, at=AT)
    monkeypatch.undo()
    assert len(mails()) == 1
    (left,) = rows(schedule)
    assert (left.mail, left.is_test) == (Mail.WAITING, True)
    later = AT + 2 * LEASE
    assert waiting_reports(at=later) == 0
    outcome = run(later)
    assert (outcome.sent, outcome.dropped, outcome.given_up, len(mails())) == (0, 0, 0, 1)
    # It waits for nothing, so it is forgotten with those that went.
    assert remove_old_sendings(at=AT + KEEP + timedelta(days=1)) == 1
