"""What is asked of one person, sorted for their home page: due, and done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from course.models import Membership
from modules.next_step import Asked, MyQuiz
from modules.services.finished import finished_by
from modules.targets import Titles
from quizzes.duties import Duty, governing
from quizzes.models import Late, Target

NEAR: Final = timedelta(days=7)
MOST_DONE: Final = 5


class State(StrEnum):
    """How a thing stands for this person today."""

    OPEN = "open"
    LATE = "late"  # past its date, and still welcome
    OPENS = "opens"  # cannot be begun yet
    CLOSED = "closed"  # past its date, and nothing is taken any more
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Todo:
    """One thing asked. `quiz` is the key of the quiz to open, `module` that of the module."""

    duty: Duty
    title: str
    state: State
    module: str = ""
    quiz: str = ""
    done_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Today:
    """The lists of the home page, and what the one next thing may be chosen from."""

    due: Sequence[Todo] = ()
    done: Sequence[Todo] = ()
    asked: Sequence[Asked] = ()


def read_today(
    membership: Membership,
    duties: Sequence[Duty],
    quizzes: Sequence[MyQuiz],
    titles: Titles,
    *,
    at: datetime,
) -> Today:
    """Sort what is asked: three queries, and none when nothing is."""
    rules = list(rules_of(duties))
    if not rules:
        return Today()
    finished = finished_by([membership])
    todos = []
    for rule in rules:
        done = finished.since(membership, rule)
        todos.append(
            Todo(
                duty=rule,
                title=titles.of(rule.target, rule.key),
                state=State.DONE if done else state_of(rule, at),
                module=rule.key if rule.target == Target.MODULE else "",
                quiz=_quiz_for(rule, quizzes),
                done_at=finished.done[membership.id, rule.target, rule.key] if done else None,
            )
        )
    done_ones = [one for one in todos if one.done_at is not None]
    done_ones.sort(key=lambda one: one.done_at or at, reverse=True)
    due = [one for one in todos if one.state != State.DONE]
    return Today(due, done_ones[:MOST_DONE], [_asked(one.duty, at) for one in due if _can(one)])


def rules_of(duties: Sequence[Duty]) -> list[Duty]:
    """One rule for each thing, the soonest due first; what one is excused from is left out."""
    names = dict.fromkeys((one.target, one.key) for one in duties if not one.excused)
    rules = [rule for name in names if (rule := governing(duties, *name)) is not None]
    return sorted(rules, key=lambda one: one.order)


def state_of(rule: Duty, at: datetime) -> State:
    """How something that is not done stands."""
    if rule.opens_at is not None and at < rule.opens_at:
        return State.OPENS
    if rule.due_at is None or at <= rule.due_at:
        return State.OPEN
    return State.CLOSED if rule.late == Late.CLOSE else State.LATE


def _can(todo: Todo) -> bool:
    return todo.state in {State.OPEN, State.LATE}


def _asked(rule: Duty, at: datetime) -> Asked:
    near = rule.due_at is not None and rule.due_at - at <= NEAR
    return Asked(rule.target.value, rule.key, rule.due_at, near)


def _quiz_for(rule: Duty, quizzes: Sequence[MyQuiz]) -> str:
    """The form of the asked test that is this person's: begun, or to begin, or the last one."""
    if rule.target != Target.QUIZ:
        return ""
    same = [quiz for quiz in quizzes if quiz.asked_as == rule.key]
    same.sort(key=lambda quiz: (quiz.attempt_id is None, not quiz.can_begin))
    return same[0].key if same else ""
