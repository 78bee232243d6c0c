"""When a number may be shown, and completion for administrators.

Sections 11 and 12 of the measurement design. Sources: Kaplan & Meier 1958; Wilson 1927.
"""

from collections.abc import Sequence
from typing import Final, TypedDict

from quizzes.measures import checks, limits
from quizzes.measures.intervals import wilson_interval

HIDE: Final = "hide"
PROVISIONAL: Final = "provisional"
SHOW: Final = "show"
# "Half had finished" must hold when the product of fractions is .5 but for rounding.
_ROUNDING: Final = 1e-12


class GateState(TypedDict):
    """`hide`, `provisional` or `show`."""

    state: str


class Completion(TypedDict):
    """Completed by enrolled with Wilson's 95 % interval; None while hidden."""

    state: str
    rate: float | None
    low: float | None
    high: float | None


class TimeToCompletion(TypedDict):
    """Kaplan and Meier's curve: at each time somebody finished, the share that had not yet."""

    times: list[int]
    not_yet: list[float]
    median: int | None


def display_gate(
    *,
    metric: str,
    n: int | None = None,
    n_signal: int | None = None,
    n_noise: int | None = None,
    n_persons: int | None = None,
    n_items: int | None = None,
    n_pairs: int | None = None,
) -> GateState:
    """Whether there is enough behind a number to show it (12); every count must reach a level.

    Give the counts that the metric's line in `limits.GATES` names; others are ignored. ValueError
    for an unknown metric, a missing count or a negative one.
    """
    if metric not in limits.GATES:
        raise ValueError(f"{metric!r} has no gate; there are {', '.join(limits.GATES)}")
    gate = limits.GATES[metric]
    given = {
        "n": n,
        "n_signal": n_signal,
        "n_noise": n_noise,
        "n_persons": n_persons,
        "n_items": n_items,
        "n_pairs": n_pairs,
    }
    counts = []
    for name in gate.counts:
        value = given[name]
        if value is None:
            raise ValueError(f"the gate of {metric} needs {name}")
        counts.append(checks.count(value, name))
    if _reaches(counts, gate.show):
        return GateState(state=SHOW)
    return GateState(state=PROVISIONAL if _reaches(counts, gate.provisional) else HIDE)


def _reaches(counts: Sequence[int], bounds: Sequence[int] | None) -> bool:
    """Every count is at its bound or above; never, where there are no bounds."""
    if bounds is None:
        return False
    return all(count >= bound for count, bound in zip(counts, bounds, strict=True))


def completion_stat(*, completed: int, enrolled: int, remainder: int | None = None) -> Completion:
    """Completion of a group (11). Fewer than five people: hidden.

    With a filter, `remainder` is how many people the filter left out: one to four of them could be
    told by subtraction, so the group is hidden too. ValueError for more completed than enrolled.
    """
    completed, enrolled = checks.part(completed, enrolled, ("completed", "enrolled"))
    left_out = 0 if remainder is None else checks.count(remainder, "remainder")
    state = display_gate(metric="completion_rate", n=enrolled)["state"]
    if state == HIDE or 0 < left_out < limits.SMALL_GROUP_BELOW:
        return Completion(state=HIDE, rate=None, low=None, high=None)
    interval = wilson_interval(successes=completed, n=enrolled)
    return Completion(state=state, rate=interval["p"], low=interval["low"], high=interval["high"])


def time_to_completion(*, time: Sequence[int], completed: Sequence[int]) -> TimeToCompletion:
    """Kaplan and Meier's estimate of "not finished yet" (11).

    `time[i]` is the day person i finished (`completed[i]` = 1) or was last seen on the course (0);
    who was last seen on a day counts as still there when others finish that day. `median` is the
    first day by which half had finished, None if they never do. ValueError for lists of different
    length, a negative time, or a `completed` other than 0 and 1.
    """
    checks.same_length(time, completed, "time and completed")
    days = [checks.count(value, "time") for value in time]
    finished = checks.zeros_and_ones(completed, "completed")
    tally: dict[int, list[int]] = {}
    for day, done in zip(days, finished, strict=True):
        tally.setdefault(day, [0, 0])[1 - done] += 1
    at_risk, share, median = len(days), 1.0, None
    times, not_yet = [], []
    for day in sorted(tally):
        done, censored = tally[day]
        if done:
            share *= (at_risk - done) / at_risk
            times.append(day)
            not_yet.append(share)
            if median is None and share <= 0.5 + _ROUNDING:
                median = day
        at_risk -= done + censored
    return TimeToCompletion(times=times, not_yet=not_yet, median=median)
