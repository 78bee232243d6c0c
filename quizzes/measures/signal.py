"""Signal detection: telling signs from ordinary things (d'), and the readiness to flag (c).

Section 1 of the measurement design. One trial is one scored segment or one yes/no vignette; its
kind comes from the experts' key. Percent correct mixes skill with willingness to flag, so every
number here comes from hits and false alarms together.

Sources: Green & Swets 1966; Macmillan & Creelman 2005; Hautus 1995 (the correction); Gourevitch &
Galanter 1967 (the variance); Stanislaw & Todorov 1999; Hanley & McNeil 1982; Kish 1965.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, TypedDict

from quizzes.measures import checks, limits, special
from quizzes.measures.moments import concordance

# The panel's words (9.1) and the item files' words for the same two kinds that count.
KINDS: Final[Mapping[str, str]] = {
    "signal": "signal",
    "key": "signal",
    "noise": "noise",
    "nonkey": "noise",
    # Shown and discussed, never scored.
    "neutral": "unscored",
    "context": "unscored",
    "insufficient_panel": "unscored",
}


class Counts(TypedDict):
    """What one learner, or one stage of a learner, did: the four numbers that d' needs."""

    hits: int
    n_signal: int
    false_alarms: int
    n_noise: int


class Sdt(Counts):
    """Counts, rates and signal-detection numbers. Rates are proportions; None is "no trials"."""

    misses: int
    correct_rejections: int
    hit_rate: float | None
    fa_rate: float | None
    hit_rate_adj: float | None
    fa_rate_adj: float | None
    dprime: float | None
    c: float | None
    ln_beta: float | None
    se_dprime: float | None
    se_c: float | None
    dprime_ci95: list[float] | None


class SdtRates(TypedDict):
    """Equal-variance numbers from rates alone."""

    dprime: float | None
    c: float | None
    beta: float | None
    auc_equal_variance: float | None
    pc_max: float | None


class SdtChange(TypedDict):
    """Two measurements of the same person and their difference."""

    pre_dprime: float | None
    post_dprime: float | None
    change: float | None
    se: float | None
    ci95: list[float] | None
    z: float | None
    c_change: float | None


class BiasLabel(TypedDict):
    """`too_cautious`, `flags_too_readily`, `balanced`, or None below the minimum count."""

    label: str | None


class Auc(TypedDict):
    """Area under the ROC curve, .5 is guessing; None when one kind of trial is missing."""

    auc: float | None


class TacticCounts(Counts):
    """Counts and raw rates of one tactic; too few trials for a d' of one person, ever (1.6)."""

    hit_rate: float | None
    fa_rate: float | None


class Trial(TypedDict):
    """One line of the log. `flagged` is None when there is no answer."""

    trial: int
    item: str
    stage: str | None
    tactic: str | None
    kind: str
    flagged: bool | None
    exposure: int
    hint_used: bool


class RatedTrial(TypedDict):
    """One yes/no answer with its confidence, 0 to 1; None where none was given."""

    signal: bool
    flagged: bool
    confidence: float | None


class SdtLog(TypedDict):
    """What a log of trials amounts to."""

    n_used: int
    n_excluded: int
    overall: Sdt
    by_stage: dict[str, Sdt]
    by_tactic: dict[str, TacticCounts]


class DesignEffect(TypedDict):
    """`deff` and the number of independent trials that `n` clustered ones are worth."""

    deff: float | None
    n_effective: float | None


def kind_of(word: str) -> str:
    """`signal`, `noise` or `unscored`; ValueError for a word that is no kind."""
    try:
        return KINDS[word]
    except KeyError:
        raise ValueError(f"{word!r} is no kind; there are {', '.join(KINDS)}") from None


def _rate(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _adjusted(part: int, whole: int) -> float | None:
    """The corrected rate: (part + .5)/(whole + 1) (1.2)."""
    if not whole:
        return None
    return (part + limits.CORRECTION) / (whole + limits.CORRECTION_TRIALS)


def _z_of(part: int, whole: int) -> float:
    """Z of the corrected rate, taken from the smaller tail so that it is exact at both ends."""
    if 2 * part <= whole:
        return special.normal_quantile(_adjusted(part, whole) or 0.0)
    return -special.normal_quantile(_adjusted(whole - part, whole) or 0.0)


def _rate_variance(z: float, part: int, whole: int) -> float:
    """Variance of z of a corrected rate: H'(1-H') / (n φ(z)²) (Gourevitch & Galanter)."""
    rate, rest = _adjusted(part, whole) or 0.0, _adjusted(whole - part, whole) or 0.0
    return rate * rest / (whole * special.normal_density(z) ** 2)


def sdt_from_counts(*, hits: int, n_signal: int, false_alarms: int, n_noise: int) -> Sdt:
    """d', c and their precision from counts (1.2).

    The log-linear correction is applied to every case, with denominators n + 1. Without signals or
    without noise the numbers that need both are None, and so are the rates of the missing kind.
    d' may be negative. ValueError for a negative count or more hits than signals.
    """
    hits, n_signal = checks.part(hits, n_signal, ("hits", "n_signal"))
    false_alarms, n_noise = checks.part(false_alarms, n_noise, ("false_alarms", "n_noise"))
    result = Sdt(
        hits=hits,
        n_signal=n_signal,
        false_alarms=false_alarms,
        n_noise=n_noise,
        misses=n_signal - hits,
        correct_rejections=n_noise - false_alarms,
        hit_rate=_rate(hits, n_signal),
        fa_rate=_rate(false_alarms, n_noise),
        hit_rate_adj=_adjusted(hits, n_signal),
        fa_rate_adj=_adjusted(false_alarms, n_noise),
        dprime=None,
        c=None,
        ln_beta=None,
        se_dprime=None,
        se_c=None,
        dprime_ci95=None,
    )
    if not n_signal or not n_noise:
        return result
    z_hit, z_fa = _z_of(hits, n_signal), _z_of(false_alarms, n_noise)
    dprime, c = z_hit - z_fa, -(z_hit + z_fa) / 2
    variance = _rate_variance(z_hit, hits, n_signal) + _rate_variance(z_fa, false_alarms, n_noise)
    error = math.sqrt(variance)
    result["dprime"], result["c"], result["ln_beta"] = dprime, c, c * dprime
    result["se_dprime"], result["se_c"] = error, error / 2
    result["dprime_ci95"] = [dprime - limits.Z95 * error, dprime + limits.Z95 * error]
    return result


def sdt_from_rates(*, hit_rate: float | None, fa_rate: float | None) -> SdtRates:
    """Equal-variance numbers from published rates, without correction (1.2).

    `pc_max` is the best possible proportion correct, `auc_equal_variance` the area under the ROC.
    All None when a rate is missing, 0 or 1, and `beta` alone when it is too large for a float.
    ValueError outside 0 to 1.
    """
    nothing = SdtRates(dprime=None, c=None, beta=None, auc_equal_variance=None, pc_max=None)
    if hit_rate is None or fa_rate is None:
        return nothing
    rates = checks.share(hit_rate, "hit_rate"), checks.share(fa_rate, "fa_rate")
    if not all(0.0 < rate < 1.0 for rate in rates):
        return nothing
    z_hit, z_fa = (special.normal_quantile(rate) for rate in rates)
    dprime, c = z_hit - z_fa, -(z_hit + z_fa) / 2
    try:
        beta = math.exp(c * dprime)
    except OverflowError:
        beta = None
    return SdtRates(
        dprime=dprime,
        c=c,
        beta=beta,
        auc_equal_variance=special.normal_cdf(dprime / math.sqrt(2.0)),
        pc_max=special.normal_cdf(dprime / 2.0),
    )


def _sdt_of(counts: Counts) -> Sdt:
    return sdt_from_counts(
        hits=counts["hits"],
        n_signal=counts["n_signal"],
        false_alarms=counts["false_alarms"],
        n_noise=counts["n_noise"],
    )


def sdt_change(*, pre: Counts, post: Counts) -> SdtChange:
    """Change of d' with its 95 % interval (1.3); "improved" only when that excludes 0.

    What one of the two measurements cannot give is None. Errors as in `sdt_from_counts`.
    """
    first, second = _sdt_of(pre), _sdt_of(post)
    result = SdtChange(
        pre_dprime=first["dprime"],
        post_dprime=second["dprime"],
        change=None,
        se=None,
        ci95=None,
        z=None,
        c_change=None,
    )
    if first["dprime"] is None or second["dprime"] is None:
        return result
    change = second["dprime"] - first["dprime"]
    error = math.hypot(first["se_dprime"] or 0.0, second["se_dprime"] or 0.0)
    result["change"], result["se"], result["z"] = change, error, change / error
    result["ci95"] = [change - limits.Z95 * error, change + limits.Z95 * error]
    result["c_change"] = (second["c"] or 0.0) - (first["c"] or 0.0)
    return result


def sdt_bias_label(*, hits: int, n_signal: int, false_alarms: int, n_noise: int) -> BiasLabel:
    """Whether somebody flags too readily or waits too long (1.4), by the 90 % interval of c.

    None below 20 trials of either kind. Errors as in `sdt_from_counts`.
    """
    sdt = sdt_from_counts(hits=hits, n_signal=n_signal, false_alarms=false_alarms, n_noise=n_noise)
    enough = min(sdt["n_signal"], sdt["n_noise"]) >= limits.BIAS_MIN_TRIALS
    if not enough or sdt["c"] is None or sdt["se_c"] is None:
        return BiasLabel(label=None)
    half = limits.Z90 * sdt["se_c"]
    if sdt["c"] - half > 0:
        return BiasLabel(label="too_cautious")
    return BiasLabel(label="flags_too_readily" if sdt["c"] + half < 0 else "balanced")


def auc_from_confidence(*, trials: Sequence[RatedTrial]) -> Auc:
    """How often a signal is rated above a noise trial, ties one half (1.5).

    A flagged trial is rated +confidence, an unflagged one -confidence. Trials without a confidence
    are left out. None when one kind is missing; ValueError for a confidence outside 0 to 1.
    """
    ratings: dict[bool, list[float]] = {True: [], False: []}
    for trial in trials:
        if trial["confidence"] is not None:
            confidence = checks.share(trial["confidence"], "confidence")
            ratings[bool(trial["signal"])].append(confidence if trial["flagged"] else -confidence)
    return Auc(auc=concordance(ratings[True], ratings[False]))


def _counts_of(trials: Iterable[Trial]) -> Counts:
    """Hits and false alarms of trials that count."""
    tally = {"signal": [0, 0], "noise": [0, 0]}
    for trial in trials:
        cell = tally[kind_of(trial["kind"])]
        cell[0] += 1
        cell[1] += bool(trial["flagged"])
    (n_signal, hits), (n_noise, false_alarms) = tally["signal"], tally["noise"]
    return Counts(hits=hits, n_signal=n_signal, false_alarms=false_alarms, n_noise=n_noise)


def _counts_trial(trial: Trial) -> bool:
    """Scored kind, an answer, first exposure, no hint (1.1)."""
    answered_alone = trial["flagged"] is not None and not trial["hint_used"]
    first = checks.count(trial["exposure"], "exposure") == 1
    return kind_of(trial["kind"]) != "unscored" and answered_alone and first


def _grouped(trials: Iterable[Trial], key: Callable[[Trial], str | None]) -> dict[str, list[Trial]]:
    groups: dict[str, list[Trial]] = {}
    for trial in trials:
        name = key(trial)
        if name:
            groups.setdefault(name, []).append(trial)
    return groups


def _tactic_row(trials: Iterable[Trial]) -> TacticCounts:
    counts = _counts_of(trials)
    return TacticCounts(
        **counts,
        hit_rate=_rate(counts["hits"], counts["n_signal"]),
        fa_rate=_rate(counts["false_alarms"], counts["n_noise"]),
    )


def sdt_from_log(*, trials: Sequence[Trial]) -> SdtLog:
    """One learner's log: numbers overall and per stage, counts per tactic (1.1, 1.6).

    Trials that do not count (neutral, repeated, helped, unanswered) only add to `n_excluded`.
    Counts are pooled and then computed. A noise trial carries the stage and tactic it imitates;
    stages and tactics in which nothing counts are left out. ValueError for an unknown kind.
    """
    used = [trial for trial in trials if _counts_trial(trial)]
    stages = _grouped(used, lambda trial: trial["stage"])
    tactics = _grouped(used, lambda trial: trial["tactic"])
    return SdtLog(
        n_used=len(used),
        n_excluded=len(trials) - len(used),
        overall=_sdt_of(_counts_of(used)),
        by_stage={name: _sdt_of(_counts_of(group)) for name, group in stages.items()},
        by_tactic={name: _tactic_row(group) for name, group in tactics.items()},
    )


def design_effect(*, per_text: float, icc: float, n: int) -> DesignEffect:
    """What `n` trials are worth when each text holds `per_text` of them (1.6).

    `icc` is the intraclass correlation within a text, -1 to 1. deff = 1 + (m-1)·ICC; both None when
    that is not above 0. ValueError for fewer than one trial per text.
    """
    size = checks.finite(per_text, "per_text")
    if size < 1:
        raise ValueError(f"per_text must be at least 1, not {per_text!r}")
    deff = 1 + (size - 1) * checks.between(icc, -1, 1, "icc")
    trials = checks.count(n, "n")
    if deff <= 0:
        return DesignEffect(deff=None, n_effective=None)
    return DesignEffect(deff=deff, n_effective=trials / deff)
