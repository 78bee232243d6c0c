"""One handed-in attempt in numbers, each behind its gate. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from quizzes import measures


@dataclass(frozen=True, slots=True)
class TrialFact:
    """One trial as evidence keeps it. `flagged` None: not answered."""

    kind: str
    stage: str
    tactic: str
    flagged: bool | None
    confidence: float | None
    critical_error: bool


@dataclass(frozen=True, slots=True)
class Counts:
    """Signals and hits, noise and false alarms, and how many were left unanswered."""

    n_signal: int = 0
    hits: int = 0
    n_noise: int = 0
    false_alarms: int = 0
    unanswered: int = 0

    def as_measure(self) -> dict[str, int]:
        """The arguments that the measures take."""
        return {
            "hits": self.hits,
            "n_signal": self.n_signal,
            "false_alarms": self.false_alarms,
            "n_noise": self.n_noise,
        }

    @property
    def trials(self) -> int:
        """How many were answered."""
        return self.n_signal + self.n_noise

    @property
    def spots(self) -> Mapping[str, Any]:
        """Signs spotted, in everyday numbers."""
        return measures.lay_rate(k=self.hits, n=self.n_signal)

    @property
    def alarms(self) -> Mapping[str, Any]:
        """False alarms, in everyday numbers."""
        return measures.lay_rate(k=self.false_alarms, n=self.n_noise)

    @property
    def balance(self) -> str:
        """`too_cautious`, `flags_too_readily`, `balanced`, or "" while there are too few trials."""
        return measures.sdt_bias_label(**self.as_measure())["label"] or ""


@dataclass(frozen=True, slots=True)
class Summary:
    """What a result page says. `gate`: hide, provisional or show, for `telling_apart`.

    `telling_apart` is d' with its interval; `word` names its band. `stages` are in the order given.
    """

    overall: Counts
    stages: tuple[tuple[str, Counts], ...]
    gate: str
    telling_apart: Mapping[str, Any]
    word: str
    critical_errors: int
    calibration_gate: str
    calibration: Mapping[str, Any]


def count(trials: Iterable[TrialFact]) -> Counts:
    """Count signal and noise trials; decisions are not counted, unanswered ones apart."""
    n_signal = hits = n_noise = false_alarms = unanswered = 0
    for trial in trials:
        if trial.kind not in {"signal", "noise"}:
            continue
        if trial.flagged is None:
            unanswered += 1
        elif trial.kind == "signal":
            n_signal += 1
            hits += trial.flagged
        else:
            n_noise += 1
            false_alarms += trial.flagged
    return Counts(n_signal, hits, n_noise, false_alarms, unanswered)


def summarise(trials: Iterable[TrialFact], stages: Iterable[str]) -> Summary:
    """Everything a learner may read about one attempt. `stages`: keys in the order of the model."""
    facts = list(trials)
    by_stage = defaultdict(list)
    for fact in facts:
        by_stage[fact.stage].append(fact)
    overall = count(facts)
    telling_apart = measures.sdt_from_counts(**overall.as_measure())
    rated = [
        (fact.confidence, int(fact.flagged == (fact.kind == "signal")))
        for fact in facts
        if fact.confidence is not None and fact.flagged is not None
    ]
    return Summary(
        overall=overall,
        stages=tuple((stage, count(by_stage[stage])) for stage in stages if by_stage[stage]),
        gate=measures.display_gate(
            metric="person_stage_dprime", n_signal=overall.n_signal, n_noise=overall.n_noise
        )["state"],
        telling_apart=telling_apart,
        word=measures.dprime_word(dprime=telling_apart["dprime"])["word"] or "",
        critical_errors=sum(fact.critical_error for fact in facts),
        calibration_gate=measures.display_gate(metric="person_calibration", n=len(rated))["state"],
        calibration=measures.confidence_calibration(
            confidence=[confidence for confidence, _right in rated],
            correct=[right for _confidence, right in rated],
        ),
    )
