"""Input for property tests, and the settings that make every run the same."""

from __future__ import annotations

import json
import random
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

# The same examples in every run and on every machine, however slow it is.
same_every_time = settings(derandomize=True, deadline=None, max_examples=80, database=None)


def plain(answer: Any) -> None:
    """No NaN, no infinity, nothing that JSON cannot carry."""
    json.dumps(answer, allow_nan=False)


def shuffled(values: list[Any]) -> list[Any]:
    """The same values in another order, always the same one."""
    return random.Random(1).sample(values, len(values))  # noqa: S311 -- no secret


shares = st.floats(0, 1)
marks = st.floats(-1e9, 1e9)
percents = st.floats(0, 100)
kinds = st.sampled_from(["signal", "noise", "neutral"])


def parts(largest: int = 10**9) -> st.SearchStrategy[tuple[int, int]]:
    """Some out of a number, both whole."""
    return st.integers(0, largest).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def counts(largest: int = 10**9) -> st.SearchStrategy[dict[str, int]]:
    return st.builds(
        lambda signals, noise: {
            "hits": signals[0],
            "n_signal": signals[1],
            "false_alarms": noise[0],
            "n_noise": noise[1],
        },
        parts(largest),
        parts(largest),
    )


def grids(values: st.SearchStrategy[Any]) -> st.SearchStrategy[list[list[Any]]]:
    """A rectangle: people by items, either may be missing."""
    return st.integers(0, 5).flatmap(
        lambda width: st.lists(st.lists(values, min_size=width, max_size=width), max_size=12)
    )


binary = grids(st.integers(0, 1))
trials = st.lists(
    st.fixed_dictionaries(
        {
            "trial": st.integers(1, 99),
            "item": st.just("i"),
            "stage": st.sampled_from(["acquisition", "movement", "control"]),
            "tactic": st.sampled_from(["debt", "isolation"]),
            "kind": kinds,
            "flagged": st.sampled_from([True, False, None]),
            "exposure": st.integers(1, 2),
            "hint_used": st.booleans(),
        }
    ),
    max_size=40,
)
rated = st.lists(
    st.fixed_dictionaries(
        {
            "signal": st.booleans(),
            "flagged": st.booleans(),
            "confidence": st.sampled_from([0.5, 0.65, 0.8, 0.95, None]),
        }
    ),
    max_size=30,
)
judged = st.lists(st.tuples(shares, st.integers(0, 1)), max_size=40)
selections = st.lists(st.tuples(st.integers(-3, 45), st.integers(-3, 45)).map(list), max_size=6)
segmented = st.lists(st.tuples(st.integers(1, 9), kinds), min_size=1, max_size=6).map(
    lambda pieces: [
        {
            "id": str(i),
            "start": sum(p[0] for p in pieces[:i]),
            "end": sum(p[0] for p in pieces[: i + 1]),
            "kind": kind,
        }
        for i, (_, kind) in enumerate(pieces)
    ]
)
lifetimes = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 1)), max_size=30)
