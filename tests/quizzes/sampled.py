"""The sample items of the bank in a test database, and answers to any item, also as form fields."""

from __future__ import annotations

import shutil
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from course.framework.loading import framework_shelf
from course.framework.schema import Framework, read_framework
from course.services.publishing import apply_changes, plan_shelves
from quizzes.kinds import KINDS, Item
from quizzes.published import PublishedQuiz, current_bank
from quizzes.schema import FRAMEWORK_FOLDER, Bank, Quiz, read_bank
from quizzes.services.publishing import bank_shelves
from tests.personas import AT
from tests.quizzes.making import quiz

Json = dict[str, Any]
POOLS = ["practice", "taster", "refresher"]
KIND_NAMES = tuple(KINDS)


@lru_cache(maxsize=1)
def samples() -> tuple[Framework, Bank]:
    """The real framework and the sample items of the real bank, read from a copy."""
    source = settings.BASE_DIR
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        shutil.copytree(source / FRAMEWORK_FOLDER, root / FRAMEWORK_FOLDER)
        bank = root / "quizzes" / "bank"
        shutil.copytree(source / "quizzes/bank/items/samples", bank / "items" / "samples")
        for name in ("bank.yaml", "quizzes.yaml"):
            shutil.copy(source / "quizzes/bank" / name, bank / name)
        framework, _ = read_framework(root / FRAMEWORK_FOLDER, root=root)
        read, problems = read_bank(root, framework)
    assert problems == []
    return framework, read


def items_of_kind(kind: str) -> list[Item]:
    """Every sample item of a kind."""
    return [item for item in samples()[1].items.values() if item.kind == kind]


def kind_quiz(kind: str, when: str) -> Quiz:
    """All sample items of one kind; `when` is the feedback: after-item, after-form or never."""
    return quiz(
        f"{kind.replace('_', '-')}-{when}",
        feedback=when,
        shuffle=False,
        draws=[{"kind": kind, "pools": POOLS, "take": 9}],
    )


def publish_samples(*quizzes: Quiz) -> dict[str, PublishedQuiz]:
    """Publish framework and samples with these quizzes and the taster of the real bank."""
    framework, read = samples()
    bank = Bank()
    bank.items.update(read.items)
    bank.quizzes.update({one.key: one for one in (*quizzes, read.quizzes["taster"])})
    with transaction.atomic():
        shelves = [framework_shelf(framework), *bank_shelves(bank)]
        apply_changes(plan_shelves(shelves), at=AT)
    return dict(current_bank().quizzes)


# --- answers to any item ------------------------------------------------------------------------


def answer_to(item: Any, *, right: bool) -> Json:
    """A perfect answer, or one that gets everything wrong."""
    return _ANSWERS[item.kind](item, right)


def _is_signal(part: Any) -> bool:
    return bool(part.kind == "signal")


def _verdict(item: Any, right: bool) -> Json:
    return {"concern": _is_signal(item.vignette) == right, "confidence": 80}


def _highlight(item: Any, right: bool) -> Json:
    return {"marked": [name for name, part in item.scored() if _is_signal(part) == right]}


def _evidence(item: Any, right: bool) -> Json:
    concern = _is_signal(item.verdict) == right
    cited = [name for name, part in item.lines() if _is_signal(part) == right]
    return {"concern": concern, "cited": cited if concern else [], "confidence": None}


def _pair(item: Any, right: bool) -> Json:
    halves = item.vignettes
    return {
        "answers": {
            half.id: {"concern": _is_signal(half) == right, "confidence": 65} for half in halves
        }
    }


def _choice(item: Any, right: bool) -> Json:
    fitting = [option.id for option in item.options if option.right == right]
    return {"chosen": fitting[:1] if item.choose == "one" else fitting}


def _next_step(item: Any, right: bool) -> Json:
    grade = "best" if right else "harmful"
    return {"chosen": next(option.id for option in item.options if option.grade == grade)}


def _ratings(item: Any, right: bool) -> Json:
    return {"ratings": {one.id: one.rating if right else 6 - one.rating for one in item.actions}}


def _order(item: Any, right: bool) -> Json:
    ordered = sorted(item.events, key=lambda event: event.rank, reverse=not right)
    return {"order": [event.id for event in ordered]}


def _matches(item: Any, right: bool) -> Json:
    targets = [target.id for target in item.targets]
    other = {name: targets[place - 1] for place, name in enumerate(targets)}
    return {"matches": {one.id: one.target if right else other[one.target] for one in item.signs}}


def _levels(item: Any, right: bool) -> Json:
    wrong = {"none": "urgent", "note": "refer", "refer": "none", "urgent": "note"}
    return {"levels": {one.id: one.level if right else wrong[one.level] for one in item.reports}}


def _path(item: Any, right: bool) -> Json:
    """The best way through; or first every harmful reply there is, then the best."""
    path, at = [], item.nodes[0].id
    while at != "end":
        node = item.node(at)
        if not right:
            harmful = [reply for reply in node.replies if reply.grade == "harmful"]
            path += [{"node": at, "reply": reply.id} for reply in harmful]
        best = next(reply for reply in node.replies if reply.grade == "best")
        path.append({"node": at, "reply": best.id})
        at = best.next
    return {"path": path}


_ANSWERS: dict[str, Any] = {
    "verdict": _verdict,
    "refresher": _verdict,
    "highlight": _highlight,
    "evidence": _evidence,
    "contrast_pair": _pair,
    "choice": _choice,
    "next_step": _next_step,
    "rate_actions": _ratings,
    "sequence": _order,
    "match": _matches,
    "triage": _levels,
    "dialogue": _path,
}


def fields_of(answer: Json) -> Json:
    """The form fields a page sends for an answer. Of a conversation only the newest reply."""
    fields: Json = {}
    for name in ("marked", "cited", "chosen"):
        if answer.get(name):
            fields[name] = answer[name]
    fields |= _judged(answer, "")
    for half, judged in answer.get("answers", {}).items():
        fields |= _judged(judged, f"-{half}")
    for name, prefix in (("ratings", "rating"), ("matches", "match"), ("levels", "level")):
        given = answer.get(name, {})
        fields |= {f"{prefix}-{part}": said for part, said in given.items() if said is not None}
    for place, event in enumerate(answer.get("order", ()), 1):
        fields[f"place-{event}"] = place
    for step in answer.get("path", ())[-1:]:
        fields["reply"] = f"{step['node']}/{step['reply']}"
    return fields


def _judged(answer: Json, suffix: str) -> Json:
    fields: Json = {}
    if answer.get("concern") is not None:
        fields[f"concern{suffix}"] = "yes" if answer["concern"] else "no"
    if answer.get("confidence") is not None:
        fields[f"confidence{suffix}"] = answer["confidence"]
    return fields
