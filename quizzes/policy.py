"""May an attempt start, go on, be seen, be late? Pure: facts in, an answer with its reason out.

Times are aware UTC instants; the rules of a quiz are those of the version the attempt was begun on.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from quizzes.schema import Draw, Quiz


class Reason(StrEnum):
    """Why not. The page puts it into words."""

    OTHER_FORM = "other_form"  # the other form of this test is this person's
    NO_ATTEMPTS_LEFT = "no_attempts_left"
    WAIT = "wait"  # until `Answer.when`
    HANDED_IN = "handed_in"
    TIME_OVER = "time_over"
    WITHDRAWN = "withdrawn"  # the item was taken out of the bank
    ANSWERED = "answered"  # feedback was shown, so the answer stands
    NOT_YET_HANDED_IN = "not_yet_handed_in"
    EMPTY = "empty"  # the bank holds no item for it yet
    OPENS_LATER = "opens_later"  # an assignment says from when: `Answer.when`
    CLOSED = "closed"  # an assignment said until when, and takes nothing late


@dataclass(frozen=True, slots=True)
class Answer:
    """Truthy when allowed; otherwise `reason`, and `when` it will be allowed if that is known."""

    allowed: bool
    reason: Reason | None = None
    when: datetime | None = None

    def __bool__(self) -> bool:
        return self.allowed


YES = Answer(allowed=True)


def no(reason: Reason, when: datetime | None = None) -> Answer:
    """A refusal."""
    return Answer(allowed=False, reason=reason, when=when)


@dataclass(frozen=True, slots=True)
class Needs:
    """What a person needs in every quiz: `extra_time` in per cent of each limit.

    `extra_days` are added to every due date.
    """

    extra_time: int = 0
    no_time_limit: bool = False
    extra_days: int = 0


NO_NEEDS = Needs()


@dataclass(frozen=True, slots=True)
class Terms:
    """What an assignment adds to the rules of a quiz, for one person; each None adds nothing."""

    opens_at: datetime | None = None
    closes_at: datetime | None = None  # the last instant, where nothing is taken late
    attempts: int | None = None  # instead of the quiz's own number


NO_TERMS = Terms()


def assigned_as(quiz: Quiz) -> str:
    """The name under which a quiz is assigned: a test with forms has one name for all of them."""
    return quiz.kind if quiz.form else quiz.key


# --- time ---------------------------------------------------------------------------------------


def ends_at(quiz: Quiz, needs: Needs, started_at: datetime) -> datetime | None:
    """The end as it is shown: start plus limit, longer for who needs it; None without limit."""
    if quiz.time_limit is None or needs.no_time_limit:
        return None
    minutes = math.ceil(quiz.time_limit * (100 + needs.extra_time) / 100)
    return started_at + timedelta(minutes=minutes)


def closes_at(quiz: Quiz, needs: Needs, started_at: datetime) -> datetime | None:
    """The last instant at which an answer counts: the end plus the grace, which moves with it."""
    end = ends_at(quiz, needs, started_at)
    return None if end is None else end + timedelta(minutes=quiz.grace)


def sooner(one: datetime | None, other: datetime | None) -> datetime | None:
    """The earlier of two ends; None is no end."""
    ends = [end for end in (one, other) if end is not None]
    return min(ends) if ends else None


# --- starting and answering ---------------------------------------------------------------------


def may_start(
    quiz: Quiz,
    handed_in: Sequence[datetime],
    *,
    own_form: str | None,
    at: datetime,
    terms: Terms = NO_TERMS,
    all_forms: Sequence[datetime] = (),
) -> Answer:
    """May a new attempt begin? `handed_in`: when earlier ones were; `own_form` of this person.

    `all_forms`: when any form of the same test was handed in. The wait runs from the newest of
    them, or another form would be a way around it; an assignment's limit counts them together.
    """
    earlier = all_forms or handed_in
    if quiz.form is not None and own_form is not None and quiz.form != own_form:
        return no(Reason.OTHER_FORM)
    refusal = _refused_by(terms, len(earlier), at)
    if refusal is not None:  # a refusal is falsy itself
        return refusal
    if terms.attempts is None and quiz.attempts is not None and len(handed_in) >= quiz.attempts:
        return no(Reason.NO_ATTEMPTS_LEFT)
    if earlier and quiz.wait_hours:
        when = max(earlier) + timedelta(hours=quiz.wait_hours)
        if at < when:
            return no(Reason.WAIT, when)
    return YES


def may_take(
    quiz: Quiz,
    person: UUID,
    *,
    handed_in: Sequence[datetime],
    all_forms: Sequence[datetime],
    terms: Terms,
    at: datetime,
) -> Answer:
    """Whether this person may begin this quiz, in the form of the test that is theirs now.

    `handed_in`: when attempts at it were; `all_forms`: when any form of the same test was.
    """
    finals = len(all_forms) if quiz.kind == "final" else 0
    own = form_for(quiz.kind, person, finals_taken=finals) if quiz.form else None
    return may_start(quiz, handed_in, own_form=own, at=at, terms=terms, all_forms=all_forms)


def _refused_by(terms: Terms, counted: int, at: datetime) -> Answer | None:
    if terms.opens_at is not None and at < terms.opens_at:
        return no(Reason.OPENS_LATER, terms.opens_at)
    if terms.closes_at is not None and at > terms.closes_at:
        return no(Reason.CLOSED, terms.closes_at)
    if terms.attempts is not None and counted >= terms.attempts:
        return no(Reason.NO_ATTEMPTS_LEFT)
    return None


def may_answer(
    quiz: Quiz,
    *,
    submitted_at: datetime | None,
    closes: datetime | None,
    withdrawn: bool,
    is_final: bool,
    at: datetime,
) -> Answer:
    """May this answer be taken? `is_final`: the item has an answer whose feedback was shown."""
    if submitted_at is not None:
        return no(Reason.HANDED_IN)
    if closes is not None and at > closes:
        return no(Reason.TIME_OVER)
    if withdrawn:
        return no(Reason.WITHDRAWN)
    if is_final and quiz.feedback == "after-item":
        return no(Reason.ANSWERED)
    return YES


def may_see_results(quiz: Quiz, *, submitted_at: datetime | None) -> Answer:
    """May the attempt be looked at with key and feedback? A pre-test shows counts only."""
    del quiz  # every quiz shows its results only after it was handed in
    return YES if submitted_at is not None else no(Reason.NOT_YET_HANDED_IN)


def shows_feedback_now(quiz: Quiz) -> bool:
    """Whether feedback follows each answer."""
    return quiz.feedback == "after-item"


def shows_key_after(quiz: Quiz) -> bool:
    """Whether the handed-in attempt shows what was right. Pre-tests teach nothing."""
    return quiz.feedback != "never"


# --- which form, which items --------------------------------------------------------------------


def first_form(person: UUID) -> str:
    """Half of the people begin with form A, half with B; for ever the same for one person."""
    return "ab"[hashlib.sha256(f"form/{person}".encode()).digest()[0] % 2]


def form_for(kind: str, person: UUID, *, finals_taken: int) -> str | None:
    """The form of a test this person gets: pre-test one form, final the other, then form C.

    After form C the forms go round again; a final never repeats the form just taken.
    """
    if kind == "pre-test":
        return first_form(person)
    if kind == "final":
        other = "b" if first_form(person) == "a" else "a"
        return (other, "c", first_form(person))[finals_taken % 3]
    return None


@dataclass(frozen=True, slots=True)
class Candidate:
    """An item that a draw may choose: its key, and what the draw asks about it."""

    key: str
    kind: str
    pool: str
    stage: str
    twin: str = ""  # the key of the same scene with the other answer


def draw_items(
    draws: Sequence[Draw],
    candidates: Sequence[Candidate],
    seen: Mapping[str, int],
    *,
    seed: str,
    shuffle: bool,
    sensitive: Collection[str] = (),
) -> list[str]:
    """The keys of the items of one attempt, in the order they are asked.

    Items this person met least often come first, so that nobody meets one twice before they must;
    among equals the seed decides. `seen`: key -> times met. Never the same item twice, and never a
    case beside its twin, as the second would give away the first.
    """
    twins = {one.key: one.twin for one in candidates}
    chosen: list[str] = []
    for draw in draws:
        fitting = [one.key for one in candidates if fits(one, draw) and one.key not in chosen]
        fitting.sort(key=lambda key: (seen.get(key, 0), _lot(seed, key)))
        left = draw.take
        for key in fitting:
            if left and twins[key] not in chosen:
                chosen.append(key)
                left -= 1
    if shuffle:
        chosen.sort(key=lambda key: _lot(f"{seed}/order", key))
    return spread(chosen, sensitive)


def fits(candidate: Candidate, draw: Draw) -> bool:
    """Whether a draw may choose this item."""
    return (
        candidate.kind == draw.kind
        and candidate.pool in draw.pools
        and (draw.stage is None or candidate.stage == draw.stage)
    )


MOST_SENSITIVE_IN_A_ROW = 4  # items.md, section 6.10


def spread(keys: Sequence[str], sensitive: Collection[str]) -> list[str]:
    """The same keys, as far as light ones allow: at most four heavy in a row, a light one last."""
    light = [key for key in keys if key not in sensitive]
    if not light or len(light) == len(keys):
        return list(keys)
    last = light[-1]
    waiting = [key for key in keys if key != last]
    ordered: list[str] = []
    in_a_row = 0
    while waiting:
        key = _next_of(waiting, sensitive, in_a_row)
        waiting.remove(key)
        in_a_row = in_a_row + 1 if key in sensitive else 0
        ordered.append(key)
    return [*ordered, last]


def _next_of(waiting: Sequence[str], sensitive: Collection[str], in_a_row: int) -> str:
    """The first in line, unless that would make too many heavy ones in a row, now or later."""
    first_heavy = next((key for key in waiting if key in sensitive), None)
    first_light = next((key for key in waiting if key not in sensitive), None)
    if first_heavy is None or first_light is None:
        return waiting[0]
    if in_a_row >= MOST_SENSITIVE_IN_A_ROW:
        return first_light
    heavy_left = sum(key in sensitive for key in waiting)
    light_left = len(waiting) - heavy_left
    if heavy_left > MOST_SENSITIVE_IN_A_ROW * light_left:
        return first_heavy  # a light one spent now would be missing later
    return waiting[0]


def _lot(seed: str, key: str) -> bytes:
    return hashlib.sha256(f"{seed}/{key}".encode()).digest()
