"""Credit for the other item types: next step, rated actions, order, match, triage.

Section 6 of the measurement design. Sources: Bergman et al. 2006; Weng et al. 2018; Whetzel,
Sullivan & McCloy 2020; Kendall 1938 (tau); Cohen 1968 (weighted kappa).
"""

import math
import statistics
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import TypedDict

from quizzes.measures import checks, limits
from quizzes.measures.moments import mean, ratio


class ChooseBest(TypedDict):
    """Credit 0 to 1, None when the panel gave no vote; critical errors are never averaged away."""

    credit: float | None
    critical_error: bool


class RateActions(TypedDict):
    """`dichotomous_consensus` is the score; `distance` is for research only."""

    dichotomous_consensus: float | None
    distance: float | None


class SequenceScore(TypedDict):
    """Pairs of events in the right and in the wrong order; tau and credit None without pairs."""

    concordant: int
    discordant: int
    pairs: int
    tau: float | None
    credit: float | None


class MatchScore(TypedDict):
    """`confusions` are [right tactic, chosen tactic], one for each wrong answer that was given."""

    correct: int
    n: int
    proportion: float | None
    confusions: list[list[str]]


class TriageScore(TypedDict):
    """Costs are points, `under`, `over` and `missed_urgent` count reports; None without reports."""

    cost: int
    baseline_cost: int
    score: float | None
    under: int
    over: int
    missed_urgent: int
    qwk: float | None


def sjt_choose_best(
    *, panel_votes: Mapping[str, int], choice: str | None, harmful: Sequence[str] = ()
) -> ChooseBest:
    """Credit for the best next step: votes for the choice by votes for the favourite (6.1).

    A harmful choice earns 0 and is a critical error, whatever the panel voted. No choice, or one
    without votes, earns 0. ValueError for a negative vote.
    """
    votes = {option: checks.count(n, "a vote") for option, n in panel_votes.items()}
    if choice is not None and choice in harmful:
        return ChooseBest(credit=0.0, critical_error=True)
    most = max(votes.values(), default=0)
    chosen = votes.get(choice, 0) if choice is not None else 0
    return ChooseBest(credit=ratio(chosen, most), critical_error=False)


def _side(value: float, midpoint: float) -> int:
    """-1 below, 0 on, 1 above the midpoint."""
    return (value > midpoint) - (value < midpoint)


def _panel_side(votes: Sequence[float], midpoint: float) -> int | None:
    """Side of the panel's most frequent rating; None when tied ratings lie on different sides."""
    sides = {_side(mode, midpoint) for mode in statistics.multimode(votes)}
    return sides.pop() if len(sides) == 1 else None


def _closeness(rating: float | None, votes: Sequence[float], low: float, high: float) -> float:
    """1 at the panel's mean, 0 as far away as the scale allows, 0 for no answer."""
    centre = math.fsum(votes) / len(votes)
    farthest = max(centre - low, high - centre)
    return 0.0 if rating is None else 1 - abs(rating - centre) / farthest


def sjt_rate_actions(
    *,
    ratings: Mapping[str, int | None],
    panel: Mapping[str, Sequence[int]],
    scale: Sequence[int] = (1, 5),
) -> RateActions:
    """Agreement with the panel about actions rated on a scale (6.2).

    `scale` holds at least its lowest and highest value. An action without a rating counts as not
    agreeing. An action whose panel is empty is left out, and from the consensus also one on whose
    side the panel is split evenly. None when no action is left. ValueError for a rating outside the
    scale, an action the panel never saw, or a scale of one value.
    """
    low, high = min(scale), max(scale)
    if low == high:
        raise ValueError("a scale needs two different values")
    unknown = sorted(set(ratings) - set(panel))
    if unknown:
        raise ValueError(f"the panel never rated {', '.join(unknown)}")
    midpoint = (low + high) / 2
    agreements, closeness = [], []
    for action, votes in panel.items():
        rating = ratings.get(action)
        for value in (*votes, *([] if rating is None else [rating])):
            checks.between(value, low, high, f"a rating of {action}")
        if not votes:
            continue
        closeness.append(_closeness(rating, votes, low, high))
        side = _panel_side(votes, midpoint)
        if side is not None:
            agreements.append(float(rating is not None and _side(rating, midpoint) == side))
    return RateActions(dichotomous_consensus=mean(agreements), distance=mean(closeness))


def sequence_score(*, key_rank: Mapping[str, int], answer: Sequence[str]) -> SequenceScore:
    """How well events were put in order (6.3): tau over pairs whose ranks differ.

    Events that the answer leaves out put all their pairs in the wrong order, so that a short answer
    never pays. tau and credit are None without such pairs. ValueError for an event that is unknown
    or named twice.
    """
    places = {event: place for place, event in enumerate(answer)}
    if len(places) != len(answer) or not places.keys() <= key_rank.keys():
        raise ValueError("an answer names known events, each once")
    concordant = discordant = 0
    for first, second in combinations(sorted(key_rank, key=lambda e: key_rank[e]), 2):
        if key_rank[first] == key_rank[second]:
            continue
        placed = first in places and second in places
        right = placed and places[first] < places[second]
        concordant += right
        discordant += not right
    pairs = concordant + discordant
    tau = ratio(concordant - discordant, pairs)
    return SequenceScore(
        concordant=concordant,
        discordant=discordant,
        pairs=pairs,
        tau=tau,
        credit=None if tau is None else max(0.0, tau),
    )


def match_score(*, key: Mapping[str, str], answer: Mapping[str, str | None]) -> MatchScore:
    """Signs matched to tactics (6.4); a sign without an answer is wrong but no confusion.

    ValueError for an answer to a sign that is not in the key.
    """
    unknown = sorted(set(answer) - set(key))
    if unknown:
        raise ValueError(f"no such sign: {', '.join(unknown)}")
    given = {sign: answer.get(sign) for sign in key}
    correct = sum(given[sign] == tactic for sign, tactic in key.items())
    confusions = [
        [tactic, chosen]
        for sign, tactic in key.items()
        if (chosen := given[sign]) is not None and chosen != tactic
    ]
    return MatchScore(
        correct=correct, n=len(key), proportion=ratio(correct, len(key)), confusions=confusions
    )


def _triage_cost(truth: int, response: int) -> int:
    """Squared distance, twice as dear when the report was put too low."""
    distance = (truth - response) ** 2
    return limits.TRIAGE_UNDER_WEIGHT * distance if response < truth else distance


def quadratic_kappa(truth: Sequence[int], response: Sequence[int]) -> float | None:
    """Kappa with quadratic weights; None when truth and answer together hold one level."""
    n = len(truth)
    observed = sum((t - r) ** 2 for t, r in zip(truth, response, strict=True)) * n
    by_chance = sum((t - r) ** 2 for t in truth for r in response)
    return None if by_chance == 0 else 1 - observed / by_chance


def triage_score(
    *, truth: Sequence[int], response: Sequence[int], top: int = limits.TRIAGE_TOP
) -> TriageScore:
    """Reports sorted by urgency, 0 to `top` (6.5).

    The score compares the cost with the cheapest way to give every report the same answer.
    `missed_urgent` counts reports of the top level that were put two or more levels too low. Score
    and kappa are None without reports, and kappa when there is one level only. ValueError for lists
    of different length or a level outside 0 to `top`.
    """
    checks.same_length(truth, response, "truth and response")
    for level in (*truth, *response):
        checks.part(level, top, ("a level", "the top level"))
    pairs = list(zip(truth, response, strict=True))
    cost = sum(_triage_cost(t, r) for t, r in pairs)
    baseline = min(sum(_triage_cost(t, fixed) for t in truth) for fixed in range(top + 1))
    score = max(0.0, 1 - cost / baseline) if baseline else float(cost == 0)
    return TriageScore(
        cost=cost,
        baseline_cost=baseline,
        score=score if pairs else None,
        under=sum(r < t for t, r in pairs),
        over=sum(r > t for t, r in pairs),
        missed_urgent=sum(t == top and r < top - 1 for t, r in pairs),
        qwk=quadratic_kappa(truth, response),
    )
