"""The sums equal the facts; a checker that finds every planted difference."""

from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command

from course.models import Membership
from quizzes.models import Tally
from quizzes.published import item_version
from quizzes.services.attempting import items_of, record_response, start_attempt
from quizzes.services.grading import submit_attempt
from quizzes.services.rollups import differences
from tests.personas import AT, World
from tests.quizzes.making import (
    eight_verdicts,
    flag_everything,
    full_form,
    full_quiz,
    published,
    quiz,
    right_answer,
)

pytestmark = pytest.mark.django_db


def live_through(membership: Membership, published_quiz: Any, how: Any) -> None:
    attempt = start_attempt(membership=membership, quiz=published_quiz, at=AT)
    for drawn in items_of(attempt):
        record_response(
            attempt=attempt,
            position=drawn.position,
            client_key=uuid4(),
            answer=how(item_version(drawn.item_version_id)),
            at=AT,
        )
    submit_attempt(attempt=attempt, at=AT)


@pytest.fixture
def lived(world: World) -> World:
    """Several people of both organisations with several attempts."""
    whole, short = published([*full_form(), *eight_verdicts()], full_quiz(), quiz())
    for place in (world.harbour, world.lighthouse):
        live_through(place.learner, whole, right_answer)
        live_through(place.learner, short, flag_everything)
        live_through(place.stranger, short, right_answer)
        live_through(place.stranger, short, flag_everything)
    return world


def check() -> str:
    out = StringIO()
    call_command("rebuild_rollups", check=True, stdout=out)
    return out.getvalue()


def test_after_real_attempts_nothing_differs(lived: World) -> None:
    assert check() == "Sums: 0 differ.\n"
    assert Tally.objects.in_organization(lived.harbour.organization).count() >= 5


@pytest.mark.parametrize(
    "spoil",
    [
        lambda rows: rows.filter(mode="final").delete(),
        lambda rows: rows.filter(mode="module").update(n_noise=99),
        lambda rows: rows.filter(mode="final", stage="control").update(hits=0),
        lambda rows: rows.filter(mode="final", stage="movement").update(tactic="another"),
    ],
    ids=["a sum is gone", "too many", "a hit is gone", "wrong tactic"],
)
def test_a_planted_difference_is_found_and_put_right(lived: World, spoil: Any) -> None:
    spoil(Tally.objects.in_organization(lived.harbour.organization))
    assert list(differences(lived.harbour.organization))
    assert not list(differences(lived.lighthouse.organization))
    with pytest.raises(CommandError, match="differ from the facts"):
        check()
    out = StringIO()
    call_command("rebuild_rollups", stdout=out)
    assert "harbour: " in out.getvalue()
    assert check() == "Sums: 0 differ.\n"
