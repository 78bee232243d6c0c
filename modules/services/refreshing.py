"""Keeping the skill alive: what is due, and beginning it.

Every answer is kept by the attempt machinery of the middle floor; `modules.services.reviewing`
draws the reviews from it.
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from course.framework.loading import published_framework
from course.models import Membership
from modules.coming_back import (
    Card,
    Case,
    check_up_due,
    choose_cards,
    choose_cases,
    choose_item,
    due_tactics,
    living_cards,
    lot,
    minutes_for,
    next_check_up,
    slot_at,
    slots_by,
)
from modules.models import CheckUp, Completion, ReviewCard
from modules.published import current_outline
from modules.quiet import DEFAULT_ZONE, local_date, zone_of
from modules.services.reviewing import REFRESHER, make_up_reviews
from quizzes.models import Attempt, AttemptItem
from quizzes.policy import Reason, fits, no
from quizzes.published import PublishedBank, PublishedQuiz, current_bank
from quizzes.reading import model_of
from quizzes.services.attempting import NotAllowed, start_attempt, times_met

CHECK_UP = "check-up"
MOST_NAMED = 1000  # above, whole organisations are read: a database takes only so many parameters
FIRST_CYCLE = 1


# --- what is due ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ComingBack:
    """What comes back for one person now: counts and dates, never how well they do.

    `due` of `tactics` tactics; `items` short cases in today's session, about `minutes`; `resume` is
    the session that is open. `next_at` is when something is due again, if nothing is today.
    `check_up`: 30, 90 or 180 when that one can be taken now, `check_up_open` if it was begun.
    """

    tactics: int
    due: int
    items: int
    minutes: int
    resume: UUID | None
    done_today: bool
    next_at: datetime | None
    check_up: int | None
    check_up_open: UUID | None
    next_check_up: datetime | None

    @property
    def next_day(self) -> date | None:
        """The day of `next_at` where people work."""
        return local_date(self.next_at, DEFAULT_ZONE) if self.next_at else None

    @property
    def has_session(self) -> bool:
        """Whether there is a session to begin or to go on with."""
        return self.resume is not None or (self.items > 0 and not self.done_today)

    @property
    def has_check_up(self) -> bool:
        """Whether there is a check-up to begin or to go on with."""
        return self.check_up is not None or self.check_up_open is not None

    @property
    def is_waiting(self) -> bool:
        """Whether there is anything to do now."""
        return self.has_session or self.has_check_up

    @property
    def is_empty(self) -> bool:
        """Whether nothing ever came alive yet."""
        return not self.tactics and not self.has_check_up and self.next_check_up is None


@dataclass(slots=True)
class _State:
    """What the tables hold about one person."""

    reviewed: dict[tuple[str, str], datetime] = field(default_factory=dict)
    completed: dict[str, datetime] = field(default_factory=dict)  # by key of the module
    course_at: datetime | None = None
    cycle: int = FIRST_CYCLE
    attempts: list[Attempt] = field(default_factory=list)
    check_ups: list[CheckUp] = field(default_factory=list)

    def of_quiz(self, quiz_id: UUID | None) -> list[Attempt]:
        return [attempt for attempt in self.attempts if attempt.quiz_id == quiz_id]


def coming_back(membership: Membership, *, at: datetime) -> ComingBack:
    """What comes back for this person: the same few queries, whatever they did."""
    return coming_back_many([membership], at=at)[membership.id]


def due_count(membership: Membership, *, at: datetime) -> int:
    """How many tactics are due and can be refreshed today: 0 after today's session."""
    return due_counts([membership], at=at)[membership.id]


def due_counts(memberships: Sequence[Membership], *, at: datetime) -> dict[UUID, int]:
    """The same for many, by membership id: constant queries."""
    found = coming_back_many(memberships, at=at)
    return {key: one.due if one.has_session else 0 for key, one in found.items()}


def coming_back_many(memberships: Sequence[Membership], *, at: datetime) -> dict[UUID, ComingBack]:
    """What comes back for each of these people, by membership id: constant queries."""
    now = _Published()
    states = _read_states(memberships, now.bank)
    return {
        one.id: _coming_back(states[one.id], now.cards_of(states[one.id]), now.bank.quizzes, at)
        for one in memberships
    }


class _Published:
    """Bank, model and modules as they are now: read once for everybody."""

    def __init__(self) -> None:
        self.bank = current_bank()
        self.model = model_of(published_framework())
        self.stage_of = {one.key: one.stage for one in current_outline().modules if one.stage}
        self.items: dict[tuple[str, str], list[str]] = defaultdict(list)
        for key, item in self.bank.items.items():
            if item.candidate.kind == REFRESHER and item.card:
                self.items[item.card].append(key)

    def cards_of(self, state: _State) -> list[Card]:
        """The living cards for which there are items."""
        completed: dict[str, datetime] = {}
        for key, when in state.completed.items():
            if stage := self.stage_of.get(key):
                completed[stage] = min(when, completed.get(stage, when))
        cards = living_cards(self.model, completed, state.reviewed)
        return [card for card in cards if (card.tactic, card.kind) in self.items]


def _coming_back(
    state: _State, cards: list[Card], quizzes: Mapping[str, PublishedQuiz], at: datetime
) -> ComingBack:
    sessions = state.of_quiz(_id_of(quizzes, REFRESHER))
    check_ups = state.of_quiz(_id_of(quizzes, CHECK_UP))
    today = local_date(at, DEFAULT_ZONE)
    done_today = any(
        one.submitted_at is not None and local_date(one.submitted_at, DEFAULT_ZONE) == today
        for one in sessions
    )
    items = len(choose_cards(cards, at)) if REFRESHER in quizzes else 0
    base = _base(state, quizzes)
    taken = _taken(state, base)
    return ComingBack(
        tactics=len({card.tactic for card in cards}),
        due=len(due_tactics(cards, at)),
        items=items,
        minutes=minutes_for(items),
        resume=_open_id(sessions),
        done_today=done_today,
        next_at=_next_at(cards, at, done_today=done_today),
        check_up=check_up_due(base, taken, at) if base and CHECK_UP in quizzes else None,
        check_up_open=_open_id(check_ups),
        next_check_up=next_check_up(base, at) if base and CHECK_UP in quizzes else None,
    )


def _id_of(quizzes: Mapping[str, PublishedQuiz], key: str) -> UUID | None:
    return quizzes[key].id if key in quizzes else None


def _open_id(attempts: Iterable[Attempt]) -> UUID | None:
    return next((one.id for one in attempts if one.submitted_at is None), None)


def _next_at(cards: Sequence[Card], at: datetime, *, done_today: bool) -> datetime | None:
    """When the next session can be: not before tomorrow once today's is done."""
    if not cards:
        return None
    soonest = min(card.due_at for card in cards)
    if not done_today:
        return soonest if soonest > at else None
    here = at.astimezone(zone_of(DEFAULT_ZONE))
    midnight = here.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return max(soonest, midnight.astimezone(UTC))


def _base(state: _State, quizzes: Mapping[str, PublishedQuiz]) -> datetime | None:
    """The day check-ups are counted from: the newest completion, or else the newest final."""
    if state.course_at is not None:
        return state.course_at
    finals = {one.id for one in quizzes.values() if one.quiz.kind == "final"}
    ends = [one.submitted_at for one in state.attempts if one.quiz_id in finals]
    return max((end for end in ends if end is not None), default=None)


def _taken(state: _State, base: datetime | None) -> set[int]:
    """Slots of this round that are used, also by an earlier check-up that was handed in late."""
    ends = {one.id: one.submitted_at for one in state.attempts}
    mine = [one for one in state.check_ups if one.cycle == state.cycle]
    used = {one.days for one in mine}
    for one in mine:
        end = ends.get(one.attempt_id)
        late = slot_at(base, end) if base and end else None
        used |= {late} if late else set()
    return used


# --- since the course -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SinceCourse:
    """The sittings of one person around and after the course, by attempt id.

    `base` is the day the check-ups are counted from, `due` those whose time has come by now.
    """

    base: datetime | None
    before: UUID | None
    after: UUID | None
    later: Mapping[int, UUID]
    due: frozenset[int]


def since_course_many(
    memberships: Sequence[Membership], *, at: datetime
) -> dict[UUID, SinceCourse]:
    """For each of these people, by membership id: constant queries."""
    bank = current_bank()
    states = _read_states(memberships, bank)
    kind_of = {one.id: one.quiz.kind for one in bank.quizzes.values()}
    return {
        one.id: _since_course(states[one.id], _base(states[one.id], bank.quizzes), kind_of, at)
        for one in memberships
    }


def _since_course(
    state: _State, base: datetime | None, kind_of: Mapping[UUID, str], at: datetime
) -> SinceCourse:
    handed_in = [
        (kind_of.get(one.quiz_id, ""), one.submitted_at, one.id)
        for one in state.attempts
        if one.submitted_at is not None
    ]
    before = [(end, key) for kind, end, key in handed_in if kind == "pre-test"]
    after = [(end, key) for kind, end, key in handed_in if kind == "final" and base and end <= base]
    ends = {key: end for _kind, end, key in handed_in}
    later: dict[int, UUID] = {}
    for one in sorted(state.check_ups, key=lambda one: one.begun_at):
        end = ends.get(one.attempt_id)
        if one.cycle == state.cycle and end is not None:
            later[slot_at(one.base_at, end) or one.days] = one.attempt_id
    return SinceCourse(
        base=base,
        before=min(before)[1] if before else None,
        after=max(after)[1] if after else None,
        later=later,
        due=slots_by(base, at) if base else frozenset(),
    )


# --- reading --------------------------------------------------------------------------------------


def _read_states(memberships: Sequence[Membership], bank: PublishedBank) -> dict[UUID, _State]:
    """Four queries, whatever the number of people."""
    states: dict[UUID, _State] = defaultdict(_State)
    fence = _fence(memberships)
    for card in ReviewCard.objects.filter(**fence):
        states[card.membership_id].reviewed[card.tactic, card.kind] = card.due_at
    for fact in Completion.objects.filter(**fence).order_by("cycle"):
        state = states[fact.membership_id]
        if fact.scope == "course":
            state.course_at, state.cycle = fact.completed_at, fact.cycle
        else:
            state.completed.setdefault(fact.key, fact.completed_at)
    kinds = (REFRESHER, CHECK_UP, "pre-test", "final")
    wanted = [one.id for one in bank.quizzes.values() if one.quiz.kind in kinds]
    for attempt in Attempt.objects.filter(**fence, quiz_id__in=wanted).order_by("number"):
        states[attempt.membership_id].attempts.append(attempt)
    for check_up in CheckUp.objects.filter(**fence):
        states[check_up.membership_id].check_ups.append(check_up)
    return states


def _fence(memberships: Sequence[Membership]) -> dict[str, Any]:
    fence: dict[str, Any] = {
        "organization_id__in": list({one.organization_id for one in memberships})
    }
    if len(memberships) <= MOST_NAMED:
        fence["membership_id__in"] = [one.id for one in memberships]
    return fence


# --- beginning ------------------------------------------------------------------------------------


def begin_refresher(*, membership: Membership, at: datetime) -> Attempt:
    """Begin today's session, or go on with the one that is open. Raises NotAllowed."""
    make_up_reviews(membership)
    now = coming_back(membership, at=at)
    quiz = current_bank().quizzes.get(REFRESHER)
    if quiz is None or not now.has_session:
        raise NotAllowed(no(Reason.WAIT, now.next_at) if now.tactics else no(Reason.EMPTY))
    chosen = [] if now.resume else _items_for(membership, at)
    return start_attempt(membership=membership, quiz=quiz, at=at, chosen=chosen)


def _items_for(membership: Membership, at: datetime) -> list[str]:
    """Fresh words for each card of the session, in an order that tells nothing."""
    now = _Published()
    cards = now.cards_of(_read_states([membership], now.bank)[membership.id])
    last_met, seed = _last_met(membership), secrets.token_hex(8)
    chosen: list[str] = []
    for card in choose_cards(cards, at):
        key = choose_item(now.items[card.tactic, card.kind], last_met, chosen, seed=seed)
        chosen += [key] if key else []
    return sorted(chosen, key=lambda key: lot(f"{seed}/order", key))


def _last_met(membership: Membership) -> dict[str, datetime]:
    """Key of an item -> when it last came up in an attempt of this person: one query."""
    rows = AttemptItem.objects.in_organization(membership.organization_id)
    mine = rows.filter(membership_id=membership.id, item__kind=REFRESHER)
    return dict(mine.values_list("item__key").order_by().annotate(last=Max("attempt__started_at")))


def begin_check_up(*, membership: Membership, at: datetime) -> Attempt:
    """Begin the check-up whose time it is, or go on with the open one. Raises NotAllowed."""
    bank = current_bank()
    state, quizzes = _read_states([membership], bank)[membership.id], bank.quizzes
    quiz = quizzes.get(CHECK_UP)
    if quiz is None:
        raise NotAllowed(no(Reason.EMPTY))
    if _open_id(state.of_quiz(quiz.id)):
        return start_attempt(membership=membership, quiz=quiz, at=at, chosen=[])
    base = _base(state, quizzes)
    slot = check_up_due(base, _taken(state, base), at) if base else None
    if base is None or slot is None:
        raise NotAllowed(no(Reason.WAIT, next_check_up(base, at) if base else None))
    with transaction.atomic():
        chosen = _unmet_cases(membership, quiz)
        attempt = start_attempt(membership=membership, quiz=quiz, at=at, chosen=chosen)
        CheckUp.objects.get_or_create(
            organization_id=membership.organization_id,
            membership_id=membership.id,
            cycle=state.cycle,
            days=slot,
            defaults={"base_at": base, "attempt_id": attempt.id, "begun_at": at},
        )
    return attempt


def _unmet_cases(membership: Membership, quiz: PublishedQuiz) -> list[str]:
    """Three cases that this person never met."""
    bank, met = current_bank(), times_met(membership)
    cases = [
        Case(key, item.candidate.stage, item.card[1], draw.pools.index(item.candidate.pool))
        for draw in quiz.quiz.draws
        for key, item in bank.items.items()
        if fits(item.candidate, draw) and item.card and not met.get(item.id)
    ]
    stages = [draw.stage or "" for draw in quiz.quiz.draws]
    return choose_cases(cases, stages, seed=secrets.token_hex(8))
