"""Pictures of recognition as plain numbers for an SVG; the template draws, this counts. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from quizzes import measures
from quizzes.summary import Counts

SIDE = 200  # of the square, in SVG units
MARGIN = 24


@dataclass(frozen=True, slots=True)
class Plot:
    """A point in the square of hits (up) and false alarms (right), with its Wilson intervals.

    All in SVG units, y from the top. `diagonal` is where guessing lies.
    """

    x: float
    y: float
    left: float
    right: float
    top: float
    bottom: float
    side: int = SIDE
    margin: int = MARGIN


def hit_alarm_plot(counts: Counts) -> Plot | None:
    """The point of one person; None while one of the two kinds has no trial."""
    if not counts.n_signal or not counts.n_noise:
        return None
    hits = measures.wilson_interval(successes=counts.hits, n=counts.n_signal, confidence=0.95)
    alarms = measures.wilson_interval(
        successes=counts.false_alarms, n=counts.n_noise, confidence=0.95
    )
    return Plot(
        x=_across(alarms["p"]),
        y=_up(hits["p"]),
        left=_across(alarms["low"]),
        right=_across(alarms["high"]),
        top=_up(hits["high"]),
        bottom=_up(hits["low"]),
    )


def _across(rate: float | None) -> float:
    return round(MARGIN + SIDE * (rate or 0.0), 1)


def _up(rate: float | None) -> float:
    return round(MARGIN + SIDE * (1 - (rate or 0.0)), 1)
