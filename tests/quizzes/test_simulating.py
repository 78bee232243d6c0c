"""Made-up learners answer every kind, and show the rates they were made with."""

from __future__ import annotations

import random
from itertools import product

import pytest

from quizzes import kinds
from quizzes.kinds import InvalidResponse
from quizzes.simulating import SimulatedLearner
from tests.quizzes.sampled import KIND_NAMES, items_of_kind


def learner(*, hits: float, alarms: float, skill: float = 0.5, seed: int = 3) -> SimulatedLearner:
    return SimulatedLearner(hits, alarms, skill, random.Random(seed))  # noqa: S311 -- a game


@pytest.mark.parametrize("kind", KIND_NAMES)
@pytest.mark.parametrize("skill", [0.0, 0.5, 1.0])
def test_every_kind_takes_the_answers_of_a_made_up_learner(kind: str, skill: float) -> None:
    for item, seed in product(items_of_kind(kind), range(20)):
        who = learner(hits=skill, alarms=1 - skill, skill=skill, seed=seed)
        kept = kinds.validate(item, who.answer(item))
        assert not isinstance(kept, InvalidResponse)
        credit = kinds.score(item, kept).credit
        assert credit is not None
        if skill == 1.0:
            assert credit == 1.0


def test_the_rates_show_in_what_is_marked() -> None:
    who = learner(hits=0.9, alarms=0.2)
    found = {"signal": [0, 0], "noise": [0, 0]}
    for _ in range(150):
        for item in items_of_kind("highlight"):
            marked = set(who.answer(item)["marked"])
            for name, part in item.scored():  # type: ignore[attr-defined]
                found[part.kind][0] += 1
                found[part.kind][1] += name in marked
    hits, alarms = (found[kind][1] / found[kind][0] for kind in ("signal", "noise"))
    assert 0.85 < hits < 0.95
    assert 0.15 < alarms < 0.25


def test_the_same_seed_is_the_same_person() -> None:
    item = items_of_kind("highlight")[0]
    answers = [learner(hits=0.5, alarms=0.5).answer(item) for _ in range(2)]
    assert answers[0] == answers[1]
