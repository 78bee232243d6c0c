"""Random and spoilt answers to every kind: refused and nothing written, or kept in normal form."""

from typing import Any

import pytest

from quizzes.models import Response
from tests.harness.fuzz_answers import Broken, fuzz, judge, prepare
from tests.quizzes.sampled import KIND_NAMES

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
POSTS = 2_040  # 170 of each kind


def test_no_post_breaks_anything(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("CRITICAL")
    client, attempts = prepare()
    tally = fuzz(posts=POSTS, seed=7, client=client, attempts=attempts)
    assert sum(tally.values()) == POSTS
    for kind in KIND_NAMES:
        refused = sum(n for name, n in tally.items() if name.startswith(f"{kind} refused"))
        assert refused > 40
        assert tally[f"{kind} taken"] > 10
    assert not any(Response.objects.of_attempt(one).exists() for one in attempts.values())


def test_the_judge_sees_what_is_wrong(db: None) -> None:
    class Answer:
        status_code = 422

    _client, attempts = prepare()
    attempt, post = attempts["verdict"], (b"{}", "application/json", None)
    item: Any = type("Item", (), {"kind": "verdict"})
    answer = Answer()
    assert judge(attempt, 1, item, answer, post, 0) == "refused 422"
    with pytest.raises(Broken):
        judge(attempt, 1, item, answer, post, -1)  # as if a row had been added
    for status in (500, 303):
        answer.status_code = status
        with pytest.raises(Broken):
            judge(attempt, 1, item, answer, post, 0)  # as if nothing had been kept
