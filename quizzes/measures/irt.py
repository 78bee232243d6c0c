"""Item response theory: Rasch and 2PL by marginal maximum likelihood.

Section 13 of the measurement design: optional, for linking forms and for choosing refreshers near a
learner's level, never a person's headline; see the gates `rasch` and `two_pl`. Ability is standard
normal, logit P(right) = a(θ - b). Estimated by the EM algorithm over 61 fixed abilities from -6 to
6. Plain Python: seconds for a few hundred people and twenty items, minutes for thousands, so run it
in a command and not in a request. Sources: Bock & Lieberman 1970; Bock & Aitkin 1981.
"""

import math
from collections import Counter
from collections.abc import Sequence
from typing import Final, NamedTuple, TypedDict

from quizzes.measures import checks, special
from quizzes.measures.moments import is_constant

_ABILITIES: Final = [node / 5 for node in range(-30, 31)]
_PRIOR: Final = [math.log(special.normal_density(theta) / 5) for theta in _ABILITIES]
_CONVERGED: Final = 1e-7  # largest change of a slope or intercept in one round
MAX_ROUNDS: Final = 2_000
_NEWTON_STEPS: Final = 2
_LEAST_SLOPE: Final = 1e-3  # below it the item says nothing and its difficulty is noise


class Rasch(TypedDict):
    """Common slope and one difficulty per item; all None when there is no maximum."""

    loglik: float | None
    discrimination: float | None
    difficulty: list[float] | None


class TwoPl(TypedDict):
    """A slope and a difficulty per item; all None when there is no maximum."""

    loglik: float | None
    discrimination: list[float] | None
    difficulty: list[float] | None


class _Model(NamedTuple):
    """Slope and intercept of each item: logit = slope·θ + intercept."""

    slopes: list[float]
    intercepts: list[float]


class _Expected(NamedTuple):
    """What the E step knows: people at each ability, and of them right on each item."""

    loglik: float
    people: list[float]
    right: list[list[float]]


Patterns = Counter[tuple[int, ...]]


def _chance(logit: float) -> float:
    return 0.5 * (1.0 + math.tanh(0.5 * logit))


def _log_not(logit: float) -> float:
    """log(1 - P), for any logit."""
    return -max(logit, 0.0) - math.log1p(math.exp(-abs(logit)))


def _expect(patterns: Patterns, model: _Model) -> _Expected:
    """Where on the ability scale people with each pattern of answers are likely to be."""
    logits = [
        [slope * theta + intercept for theta in _ABILITIES]
        for slope, intercept in zip(*model, strict=True)
    ]
    wrong = [math.fsum(map(_log_not, at)) for at in zip(*logits, strict=True)]
    start = [prior + none for prior, none in zip(_PRIOR, wrong, strict=True)]
    loglik, people = 0.0, [0.0] * len(_ABILITIES)
    right = [[0.0] * len(_ABILITIES) for _ in logits]
    for pattern, n in patterns.items():
        answered = [i for i, mark in enumerate(pattern) if mark]
        logs = [sum((logits[i][q] for i in answered), start[q]) for q in range(len(start))]
        highest = max(logs)
        weights = [math.exp(value - highest) for value in logs]
        whole = math.fsum(weights)
        loglik += n * (highest + math.log(whole))
        for q, weight in enumerate(weights):
            share = n * weight / whole
            people[q] += share
            for i in answered:
                right[i][q] += share
    return _Expected(loglik, people, right)


def _maximise(expected: _Expected, items: Sequence[int], model: _Model) -> _Model:
    """Better values for `items`, which share one slope, by Newton's method (arrow Hessian)."""
    slope, intercepts = model.slopes[items[0]], {i: model.intercepts[i] for i in items}
    for _ in range(_NEWTON_STEPS):
        pull = curve = 0.0
        arrows: dict[int, tuple[float, float, float]] = {}
        for i in items:
            chances = [_chance(slope * theta + intercepts[i]) for theta in _ABILITIES]
            misses = [
                r - n * p
                for r, n, p in zip(expected.right[i], expected.people, chances, strict=True)
            ]
            spreads = [n * p * (1 - p) for n, p in zip(expected.people, chances, strict=True)]
            pull += sum(m * theta for m, theta in zip(misses, _ABILITIES, strict=True))
            curve += sum(s * theta * theta for s, theta in zip(spreads, _ABILITIES, strict=True))
            tilt = sum(s * theta for s, theta in zip(spreads, _ABILITIES, strict=True))
            arrows[i] = sum(misses), tilt, sum(spreads)
        for gradient, tilt, spread in arrows.values():
            pull -= tilt * gradient / spread
            curve -= tilt * tilt / spread
        step = pull / curve
        slope += step
        for i, (gradient, tilt, spread) in arrows.items():
            intercepts[i] += (gradient - tilt * step) / spread
    slopes = [slope if i in intercepts else old for i, old in enumerate(model.slopes)]
    return _Model(slopes, [intercepts.get(i, old) for i, old in enumerate(model.intercepts)])


def _fit(patterns: Patterns, groups: Sequence[Sequence[int]], model: _Model) -> _Model | None:
    """The maximum, items of one group sharing a slope; None when it is not reached in time."""
    for _ in range(MAX_ROUNDS):
        expected, before = _expect(patterns, model), model
        for items in groups:
            try:
                model = _maximise(expected, items, model)
            except (OverflowError, ZeroDivisionError):
                return None
        steps = (
            abs(new - old)
            for now, then in zip(model, before, strict=True)
            for new, old in zip(now, then, strict=True)
        )
        if max(steps) < _CONVERGED:
            return model
    return None


def _start(matrix: Sequence[Sequence[int]], min_items: int) -> tuple[Patterns, _Model] | None:
    """Answer patterns with their frequency and first guesses; None where no maximum can be."""
    rows = [tuple(map(int, row)) for row in checks.binary_table(matrix, "matrix")]
    columns = list(zip(*rows, strict=True))
    if len(columns) < min_items or any(is_constant(column) for column in columns):
        return None
    shares = [sum(column) / len(rows) for column in columns]
    logits = [math.log(share / (1 - share)) for share in shares]
    return Counter(rows), _Model([1.0] * len(columns), logits)


def _result(patterns: Patterns, model: _Model | None) -> TwoPl:
    if model is None or min(map(abs, model.slopes)) < _LEAST_SLOPE:
        return TwoPl(loglik=None, discrimination=None, difficulty=None)
    return TwoPl(
        loglik=_expect(patterns, model).loglik,
        discrimination=list(model.slopes),
        difficulty=[-d / a for a, d in zip(*model, strict=True)],
    )


def irt_rasch_mml(*, matrix: Sequence[Sequence[int]]) -> Rasch:
    """Rasch model with N(0, 1) ability and one common slope (13).

    `matrix` has a row of 0 and 1 per person. None: fewer than two items, an item that all or nobody
    got right, or no maximum. ValueError for other marks or ragged rows.
    """
    started = _start(matrix, min_items=2)
    if started is None:
        return Rasch(loglik=None, discrimination=None, difficulty=None)
    patterns, model = started
    found = _result(patterns, _fit(patterns, [range(len(model.slopes))], model))
    slopes = found["discrimination"]
    return Rasch(
        loglik=found["loglik"],
        discrimination=slopes[0] if slopes else None,
        difficulty=found["difficulty"],
    )


def irt_2pl_mml(*, matrix: Sequence[Sequence[int]]) -> TwoPl:
    """Two-parameter logistic model with N(0, 1) ability, a slope per item (13).

    None: fewer than three items, otherwise as `irt_rasch_mml`; errors as there.
    """
    started = _start(matrix, min_items=3)
    if started is None:
        return TwoPl(loglik=None, discrimination=None, difficulty=None)
    patterns, model = started
    return _result(patterns, _fit(patterns, [[i] for i in range(len(model.slopes))], model))
