"""Mastery: of one dimension, of a stage, and the certificate.

Section 8 of the measurement design. A verdict asks for signs found AND for ordinary things left
alone, so that flagging everything, or nothing, never masters a stage. Sources: Bloom 1968; Angoff
1971; Livingston & Zieky 1982; Novick & Lewis 1974; Wilcox 1976; Subkoviak 1988.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Final, TypedDict

from quizzes.measures import checks, limits, special
from quizzes.measures.moments import mean, ratio, sample_sd
from quizzes.measures.signal import Counts

INSUFFICIENT: Final = "insufficient"
MASTERED: Final = "mastered"
NOT_YET: Final = "not_yet"
KEEP_PRACTISING: Final = "keep_practising"


class Mastery(TypedDict):
    """`insufficient`, `mastered`, `not_yet` or `keep_practising`, and the posterior behind it."""

    state: str
    p_above_floor: float | None
    p_above_cut: float | None


class StageMastery(TypedDict):
    """The two dimensions of a stage and what they make together."""

    hits_state: str
    rejections_state: str
    state: str


class Certificate(TypedDict):
    """`pass`, `not_yet` (with reasons) or `insufficient`; pooled states None when insufficient."""

    result: str
    reasons: list[str]
    pooled_hits_state: str | None
    pooled_rejections_state: str | None


class PassProbability(TypedDict):
    """P(pass) for each true skill that was asked about."""

    p: list[float]


class Angoff(TypedDict):
    """A panel's cut, in marks and in percent, with its standard error between judges."""

    judge_totals: list[float]
    cut: float | None
    cut_percent: float | None
    se: float | None
    item_means: list[float]


def mastery_decision(
    *,
    successes: int,
    n: int,
    cut: float = limits.MASTERY_CUT,
    floor: float = limits.MASTERY_FLOOR,
    confidence: float = limits.MASTERY_CONFIDENCE,
    min_n: int = limits.MASTERY_MIN_N,
) -> Mastery:
    """Verdict on one skill from x of n, with a uniform prior: Beta(1 + x, 1 + n - x) (8.1).

    Checked in this order: too few trials; mastered (x/n at the cut and P(skill >= floor) at the
    confidence); not yet (P(skill >= cut) below 1 - confidence); keep practising. The probabilities
    are None when insufficient. ValueError for more successes than trials or a share outside 0 to 1.
    """
    successes, n = checks.part(successes, n, ("successes", "n"))
    cut, floor = checks.share(cut, "cut"), checks.share(floor, "floor")
    wanted = checks.share(confidence, "confidence")
    if n < max(1, checks.count(min_n, "min_n")):
        return Mastery(state=INSUFFICIENT, p_above_floor=None, p_above_cut=None)
    above_floor = special.beta_sf(floor, 1 + successes, 1 + n - successes)
    above_cut = special.beta_sf(cut, 1 + successes, 1 + n - successes)
    if successes / n >= cut and above_floor >= wanted:
        state = MASTERED
    elif above_cut < 1 - wanted:
        state = NOT_YET
    else:
        state = KEEP_PRACTISING
    return Mastery(state=state, p_above_floor=above_floor, p_above_cut=above_cut)


def mastery_stage(*, hits: int, n_signal: int, false_alarms: int, n_noise: int) -> StageMastery:
    """Verdict on a stage: hits and correct rejections each by `mastery_decision` (8.2).

    The weaker of the two decides. Errors as in `mastery_decision`.
    """
    false_alarms, n_noise = checks.part(false_alarms, n_noise, ("false_alarms", "n_noise"))
    found = mastery_decision(successes=hits, n=n_signal)["state"]
    left_alone = mastery_decision(successes=n_noise - false_alarms, n=n_noise)["state"]
    both = {found, left_alone}
    worst = next(s for s in (INSUFFICIENT, NOT_YET, KEEP_PRACTISING, MASTERED) if s in both)
    return StageMastery(hits_state=found, rejections_state=left_alone, state=worst)


def certificate_decision(*, stages: Mapping[str, Counts], critical_errors: int) -> Certificate:
    """Whether one final form earns the certificate (8.2).

    A stage with fewer than 12 trials of either kind (or no stage at all) is `insufficient`. Pass:
    hits and correct rejections pooled over the stages are mastered, no stage is not yet, at most
    one critical error. Reasons in this order: `hits`, `false_alarms`, `stage:<name>` in the order
    of `stages`, `critical_errors`. ValueError for impossible counts.
    """
    errors = checks.count(critical_errors, "critical_errors")
    verdicts = {
        name: mastery_stage(
            hits=stage["hits"],
            n_signal=stage["n_signal"],
            false_alarms=stage["false_alarms"],
            n_noise=stage["n_noise"],
        )["state"]
        for name, stage in stages.items()
    }
    if not verdicts or INSUFFICIENT in verdicts.values():
        return Certificate(
            result=INSUFFICIENT, reasons=[], pooled_hits_state=None, pooled_rejections_state=None
        )
    pooled = mastery_stage(
        hits=sum(stage["hits"] for stage in stages.values()),
        n_signal=sum(stage["n_signal"] for stage in stages.values()),
        false_alarms=sum(stage["false_alarms"] for stage in stages.values()),
        n_noise=sum(stage["n_noise"] for stage in stages.values()),
    )
    too_many = errors > limits.CERTIFICATE_MAX_CRITICAL_ERRORS
    reasons = [
        *(["hits"] if pooled["hits_state"] != MASTERED else []),
        *(["false_alarms"] if pooled["rejections_state"] != MASTERED else []),
        *(f"stage:{name}" for name, state in verdicts.items() if state == NOT_YET),
        *(["critical_errors"] if too_many else []),
    ]
    return Certificate(
        result=NOT_YET if reasons else "pass",
        reasons=reasons,
        pooled_hits_state=pooled["hits_state"],
        pooled_rejections_state=pooled["rejections_state"],
    )


def pass_probability(*, n: int, need: int, true: Sequence[float]) -> PassProbability:
    """P(at least `need` of `n` right) for each true skill: the error rates of a rule (8.3).

    More needed than there are gives 0, nothing needed gives 1. ValueError for a negative count or a
    skill outside 0 to 1.
    """
    n, need = checks.count(n, "n"), checks.count(need, "need")
    skills = [checks.share(value, "true") for value in true]
    if need > n:
        return PassProbability(p=[0.0 for _ in skills])
    if need == 0:
        return PassProbability(p=[1.0 for _ in skills])
    # The binomial tail is an incomplete beta function; no sum of n terms, no overflow.
    return PassProbability(p=[special.beta_cdf(p, need, n - need + 1) for p in skills])


def angoff_cut(*, ratings: Sequence[Sequence[float]]) -> Angoff:
    """A cut from judges' guesses of how a minimally competent worker does on each item (8.3).

    `ratings[judge][item]` is a probability. The error is SD(totals, n - 1)/√judges, None for one
    judge. Everything None or empty without ratings. ValueError outside 0 to 1 or for ragged rows.
    """
    rows = checks.table(ratings, "ratings")
    for value in (cell for row in rows for cell in row):
        checks.share(value, "a rating")
    totals = [math.fsum(row) for row in rows]
    items = len(rows[0]) if rows else 0
    cut, spread = mean(totals) if items else None, sample_sd(totals) if items else None
    return Angoff(
        judge_totals=totals,
        cut=cut,
        cut_percent=None if cut is None else ratio(100 * cut, items),
        se=None if spread is None else spread / math.sqrt(len(rows)),
        item_means=[math.fsum(row[i] for row in rows) / len(rows) for i in range(items)],
    )
