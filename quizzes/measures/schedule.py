"""Refreshers: when a tactic comes back, by FSRS.

Section 10.2 of the measurement design. A card is a tactic and a kind (sign or lure), not a text.
The memory model is the `fsrs` library, pinned exactly: other versions differ by a day. Intervals
are reproducible only with `enable_fuzzing` off; switched on (as a site does, so that not everything
falls due on one day) the library draws a random number for each due date, but never for stability
and difficulty. Sources: FSRS-6; Latimier et al. 2021; Kang et al. 2014.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Final, TypedDict

from fsrs import Card, Rating, Scheduler, State

from quizzes.measures import checks, limits

RATINGS: Final[Mapping[str, Rating]] = MappingProxyType(
    {"again": Rating.Again, "hard": Rating.Hard, "good": Rating.Good, "easy": Rating.Easy}
)
STATES: Final[Mapping[State, str]] = MappingProxyType(
    {State.Learning: "learning", State.Review: "review", State.Relearning: "relearning"}
)
DEFAULT_PARAMETERS: Final = "FSRS-6 defaults"


class FsrsConfig(TypedDict, total=False):
    """How cards are scheduled; what is left out is as in `REFRESHER_CONFIG`.

    `parameters` is a label of the library's defaults or 21 numbers.
    """

    desired_retention: float
    learning_steps_seconds: Sequence[float]
    relearning_steps_seconds: Sequence[float]
    maximum_interval: int
    enable_fuzzing: bool
    parameters: str | Sequence[float]


REFRESHER_CONFIG: Final[FsrsConfig] = {
    "desired_retention": limits.FSRS_RETENTION,
    "learning_steps_seconds": (),
    "relearning_steps_seconds": (),
    "maximum_interval": limits.FSRS_MAX_INTERVAL_DAYS,
    "enable_fuzzing": False,
    "parameters": DEFAULT_PARAMETERS,
}


class Review(TypedDict):
    """One review and what it led to. Dates are ISO 8601 in UTC; stability is in days."""

    rating: str
    reviewed: str
    due: str
    interval_days: int
    state: str
    stability: float
    difficulty: float


class FsrsSchedule(TypedDict):
    """All reviews of a card in order."""

    reviews: list[Review]


class MemoryState(TypedDict):
    """Stability in days and difficulty 1 to 10; None before the first review."""

    stability: float | None
    difficulty: float | None


class Retrievability(TypedDict):
    """Probability that the category is still recognised; None before the first review."""

    retrievability: float | None


class RefresherRating(TypedDict):
    """`again`, `hard` or `good`."""

    rating: str


class PastReview(TypedDict):
    """One review as it is stored: the rating and when it really happened."""

    rating: str
    reviewed: str | datetime


def _moment(value: str | datetime, name: str) -> datetime:
    """An aware date and time, in UTC as the library demands."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    if moment.tzinfo is None:
        raise ValueError(f"{name} must carry its offset from UTC, not {value!r}")
    return moment.astimezone(UTC)


def _steps(seconds: Sequence[float], name: str) -> tuple[timedelta, ...]:
    return tuple(timedelta(seconds=checks.between(s, 1, 86_400, name)) for s in seconds)


def _scheduler(config: FsrsConfig | None) -> Scheduler:
    """The library's scheduler as the config wants it; ValueError for what it cannot mean."""
    unknown = sorted(set(config or {}) - set(REFRESHER_CONFIG))
    if unknown:
        raise ValueError(f"the schedule has no setting {', '.join(unknown)}")
    wanted: FsrsConfig = {**REFRESHER_CONFIG, **(config or {})}
    return Scheduler(
        desired_retention=checks.between(
            wanted["desired_retention"], 0.01, 0.999, "desired_retention"
        ),
        learning_steps=_steps(wanted["learning_steps_seconds"], "learning_steps_seconds"),
        relearning_steps=_steps(wanted["relearning_steps_seconds"], "relearning_steps_seconds"),
        maximum_interval=int(
            checks.between(wanted["maximum_interval"], 1, 36_500, "maximum_interval")
        ),
        enable_fuzzing=wanted["enable_fuzzing"],
        **_weights(wanted["parameters"]),
    )


def _weights(parameters: str | Sequence[float]) -> dict[str, Sequence[float]]:
    """Nothing for a label of the library's own numbers, else the numbers that were given."""
    if not isinstance(parameters, str):
        return {"parameters": parameters}
    version = re.search(r"fsrs[ -]?(\d)", parameters, re.IGNORECASE)
    if version and version[1] != "6":
        raise ValueError(f"only the FSRS-6 defaults are built in, not {parameters!r}")
    return {}


def _rating(word: str) -> Rating:
    if word not in RATINGS:
        raise ValueError(f"{word!r} is no rating; there are {', '.join(RATINGS)}")
    return RATINGS[word]


def _new_card(start: datetime) -> Card:
    # Without an id the library sleeps a millisecond to mint one, and without a due date it asks
    # the clock.
    return Card(card_id=0, due=start)


def _reviewed(
    scheduler: Scheduler, card: Card, rating: str, moment: datetime
) -> tuple[Card, Review]:
    """The card after one review, and the line that says so."""
    if card.last_review is not None and moment < card.last_review:
        raise ValueError("a review cannot be before the one that preceded it")
    after, _ = scheduler.review_card(card, _rating(rating), moment)
    review = Review(
        rating=rating,
        reviewed=moment.isoformat(),
        due=after.due.isoformat(),
        interval_days=(after.due - moment).days,
        state=STATES[after.state],
        stability=after.stability or 0.0,
        difficulty=after.difficulty or 0.0,
    )
    return after, review


def fsrs_replay(*, config: FsrsConfig | None = None, reviews: Sequence[PastReview]) -> FsrsSchedule:
    """What stored reviews amount to: give the log and the new review, read the last line.

    ValueError for an unknown rating, a date without offset, or reviews out of order.
    """
    scheduler = _scheduler(config)
    lines: list[Review] = []
    card: Card | None = None
    for past in reviews:
        moment = _moment(past["reviewed"], "reviewed")
        card, line = _reviewed(scheduler, card or _new_card(moment), past["rating"], moment)
        lines.append(line)
    return FsrsSchedule(reviews=lines)


def fsrs_schedule(
    *,
    config: FsrsConfig | None = None,
    start: str | datetime,
    ratings: Sequence[str],
    days_late: Sequence[int] = (),
) -> FsrsSchedule:
    """The path of a card that is reviewed when due, or `days_late[i]` days later.

    The first review is due at `start`. `days_late` has one number per rating, or none (all on
    time); a negative one is a review before the due date. ValueError for an unknown rating or
    setting, a date without offset, or lists of different length.
    """
    scheduler, card = _scheduler(config), _new_card(_moment(start, "start"))
    delays = list(days_late) or [0] * len(ratings)
    checks.same_length(ratings, delays, "ratings and days_late")
    lines = []
    for rating, delay in zip(ratings, delays, strict=True):
        late = timedelta(days=checks.between(delay, -36_500, 36_500, "days_late"))
        card, line = _reviewed(scheduler, card, rating, card.due + late)
        lines.append(line)
    return FsrsSchedule(reviews=lines)


def fsrs_memory_state(
    *, ratings: Sequence[str], gap_days_before: Sequence[int], start: str | datetime
) -> MemoryState:
    """Stability and difficulty after reviews with the given gaps; the first counts from `start`.

    Does not depend on steps or intervals. ValueError for an unknown rating, a negative gap, or
    lists of different length.
    """
    checks.same_length(ratings, gap_days_before, "ratings and gap_days_before")
    scheduler, moment = _scheduler(None), _moment(start, "start")
    card = _new_card(moment)
    for rating, gap in zip(ratings, gap_days_before, strict=True):
        moment += timedelta(days=checks.between(gap, 0, 36_500, "gap_days_before"))
        card, _ = _reviewed(scheduler, card, rating, moment)
    return MemoryState(stability=card.stability, difficulty=card.difficulty)


def fsrs_retrievability(
    *,
    config: FsrsConfig | None = None,
    start: str | datetime,
    ratings: Sequence[str],
    days_after_last_review: int,
) -> Retrievability:
    """Probability of still recognising the category some days after the last of timely reviews.

    None without a review. ValueError for a negative number of days, else as in `fsrs_schedule`.
    """
    days = checks.between(days_after_last_review, 0, 36_500, "days_after_last_review")
    scheduler, card = _scheduler(config), _new_card(_moment(start, "start"))
    for rating in ratings:
        card, _ = _reviewed(scheduler, card, rating, card.due)
    if card.last_review is None:
        return Retrievability(retrievability=None)
    later = card.last_review + timedelta(days=days)
    return Retrievability(retrievability=scheduler.get_card_retrievability(card, later))


def refresher_rating(*, credit: float, confidence: float | None = None) -> RefresherRating:
    """What an answer says to the schedule.

    `easy` is never produced: an overconfident click must not send a tactic away for months.
    ValueError for a credit or confidence outside 0 to 1.
    """
    earned = checks.share(credit, "credit")
    sure = confidence is None or checks.share(confidence, "confidence") >= limits.RATING_SURE_FROM
    if earned < limits.RATING_AGAIN_BELOW:
        return RefresherRating(rating="again")
    fluent = earned >= limits.RATING_HARD_BELOW and sure
    return RefresherRating(rating="good" if fluent else "hard")
