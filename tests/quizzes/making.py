"""A made-up bank of any size, published the real way but without files."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from course.services.publishing import apply_changes, plan_shelves
from quizzes import kinds
from quizzes.kinds import Item
from quizzes.published import PublishedQuiz, current_bank
from quizzes.schema import Bank, Quiz
from quizzes.services.publishing import bank_shelves
from tests.personas import AT

Json = dict[str, Any]
STAGES = ("acquisition", "movement", "control")
SIGN = {"acquisition": "job-lie", "movement": "papers-gone", "control": "debt-grows"}
TACTIC = {"acquisition": "false-job", "movement": "moved-often", "control": "debt"}


def both(text: str) -> Json:
    """The text in both languages."""
    return {"en": text, "ms": f"{text} (ms)"}


def _head(key: str, kind: str, pool: str, stage: str | None, **more: Any) -> Json:
    return {
        "key": key,
        "kind": kind,
        "pool": pool,
        "stage": stage,
        "setting": "outreach",
        "exploitation": "none",
        "sources": ["a-report"],
        "places": {SIGN[one]: {"stage": one, "tactic": TACTIC[one]} for one in STAGES},
        **more,
    }


def _scored(signal: bool, stage: str, text: str) -> Json:
    if signal:
        feedback = {"hit": both("Found."), "miss": both("Missed.")}
        return {
            "kind": "signal",
            "text": both(text),
            "indicator": SIGN[stage],
            "feedback": feedback,
        }
    return {
        "kind": "noise",
        "text": both(text),
        "imitates": SIGN[stage],
        "lure": "ordinary-practice",
        "feedback": {"false_alarm": both("Ordinary.")},
    }


def verdict(key: str, pool: str, stage: str, *, signal: bool, **more: Any) -> Item:
    """A yes/no case."""
    vignette = _scored(signal, stage, f"Case {key}.")
    return kinds.parse(_head(key, "verdict", pool, stage, vignette=vignette, **more))


def highlight(key: str, pool: str, stage: str, *, signals: int, noise: int) -> Item:
    """A text of segments; the signals come first."""
    segments = [
        {"id": f"p{n}", **_scored(n <= signals, stage, f"Segment {n} of {key}.")}
        for n in range(1, signals + noise + 1)
    ]
    document = _head(key, "highlight", pool, stage, material="note", segments=segments)
    return kinds.parse(document)


def next_step(key: str, pool: str, stage: str | None = None) -> Item:
    """A question with a best and a harmful option."""
    grades = {"a": "best", "b": "acceptable", "c": "poor", "d": "harmful"}
    options = [
        {"id": name, "text": both(f"Do {name}."), "grade": grade, "why": both(f"{grade}.")}
        for name, grade in grades.items()
    ]
    return kinds.parse(
        _head(
            key,
            "next_step",
            pool,
            stage,
            situation=both("Somebody asks for help."),
            question=both("What first?"),
            options=options,
        )
    )


def quiz(key: str = "short", **changes: Any) -> Quiz:
    """A quiz of four verdicts from pool "pp", told at the end; `changes` replaces its fields."""
    document: Json = {
        "key": key,
        "kind": "module",
        "module": "m1",
        "title": both("Short quiz"),
        "summary": both("A few cases."),
        "minutes": 5,
        "feedback": "after-form",
        "time_limit": None,
        "grace": 0,
        "attempts": None,
        "wait_hours": 0,
        "confidence": True,
        "shuffle": True,
        "counts": True,
        "draws": [{"kind": "verdict", "pools": ["pp"], "take": 4}],
    }
    return Quiz.model_validate(document | changes)


def bank_of(items: Iterable[Item], *quizzes: Quiz) -> Bank:
    """A bank of these."""
    bank = Bank()
    bank.items.update({item.key: item for item in items})
    bank.quizzes.update({one.key: one for one in quizzes})
    return bank


def publish(bank: Bank, *, at: datetime = AT) -> None:
    """Plan and apply, as the loader does."""
    with transaction.atomic():
        apply_changes(plan_shelves(bank_shelves(bank)), at=at)


def published(items: Iterable[Item], *quizzes: Quiz) -> list[PublishedQuiz]:
    """Publish a bank; its quizzes as the site sees them, in the order given."""
    publish(bank_of(items, *quizzes))
    return [current_bank().quizzes[one.key] for one in quizzes]


def eight_verdicts(pool: str = "pp") -> list[Item]:
    """Eight control cases, signals and look-alikes in turn."""
    return [verdict(f"{pool}-v{n}", pool, "control", signal=bool(n % 2)) for n in range(1, 9)]


def full_form(pool: str = "ff") -> list[Item]:
    """A whole final: per stage 20 signals and 25 look-alikes, and two next steps."""
    items: list[Item] = []
    for stage in STAGES:
        items += [
            highlight(f"{pool}-{stage}-h{n}", pool, stage, signals=3, noise=4) for n in range(1, 6)
        ]
        items += [verdict(f"{pool}-{stage}-v{n}", pool, stage, signal=n <= 5) for n in range(1, 11)]
        items += [next_step(f"{pool}-{stage}-n{n}", pool, stage) for n in (1, 2)]
    return items


def full_quiz(pool: str = "ff", **changes: Any) -> Quiz:
    """The final that draws a full form."""
    draws = [
        {"kind": kind, "pools": [pool], "stage": stage, "take": take}
        for stage in STAGES
        for kind, take in (("highlight", 5), ("verdict", 10), ("next_step", 2))
    ]
    return quiz("final", kind="final", module=None, draws=draws, **changes)


def right_answer(item: Item) -> Json:
    """A perfect answer."""
    if item.kind == "verdict":
        part = dict(item.scored())["case"]
        return {"concern": part.kind == "signal", "confidence": 80}
    if item.kind == "highlight":
        return {"marked": [name for name, part in item.scored() if part.kind == "signal"]}
    return {"chosen": "a"}


def flag_everything(item: Item) -> Json:
    """Whoever sees a concern everywhere."""
    if item.kind == "verdict":
        return {"concern": True, "confidence": None}
    if item.kind == "highlight":
        return {"marked": [name for name, _part in item.scored()]}
    return {"chosen": "a"}


def flag_nothing(item: Item) -> Json:
    """Whoever sees a concern nowhere."""
    if item.kind == "verdict":
        return {"concern": False, "confidence": None}
    return {"marked": []} if item.kind == "highlight" else {"chosen": "a"}
